"""What the engine does about two reviews, proofs and keys, asked as the window asks."""

from __future__ import annotations

import dataclasses
import stat
from pathlib import Path
from typing import Any

import pytest

from inspector.decisions import Subject
from inspector.errors import InputError
from inspector.job import QUIET
from inspector.protocol import Event, Request, decode, encode
from inspector.review_file import review_of, save
from inspector.service_reviews import REVIEW_HANDLERS
from inspector.verify_results import Check, signing
from tests.inspector.review_file import made

SECRET = "길 위의 열쇠"


class Told:
    """A job that keeps what was handed out."""

    def __init__(self) -> None:
        self.parts: list[Any] = []

    def progress(self, done: int, total: int) -> None: ...

    def message(self, code: str, **params: str | int | float) -> None: ...

    def partial(self, result: Any) -> None:
        self.parts.append(result)

    def raise_if_cancelled(self) -> None: ...


def ask(kind: str, job: Any = QUIET, **params: Any) -> Any:
    """Serve a request, and send the answer through the protocol."""
    event = decode(encode(Event(1, "result", payload=REVIEW_HANDLERS[kind](params, job))))
    assert isinstance(event, Event)
    return event.payload


@pytest.fixture
def file(tmp_path: Path) -> Path:
    save(tmp_path / "a.assay", made.review())
    return tmp_path / "a.assay"


def verified(file: Path, **params: Any) -> dict[str, Check]:
    rest = {"inputs": None, "in_place": False, "replay": None, "shelf": str(file.parent / "library")}
    job = Told()
    found = ask("review_verify", job, path=str(file), **{**rest, **params})
    assert job.parts == list(found.checks)
    return {check.note.code: check for check in found.checks}


def signed(file: Path) -> str:
    key = file.with_name("key.pem")
    made_key = ask("key_make", output=str(key), passphrase=SECRET)
    signature = ask("review_sign", path=str(file), key=str(key), output=f"{file}.sig", passphrase=SECRET, sha256="")
    assert signature.key == made_key.key
    return str(signature.key)


def test_a_key_that_is_made_signs_and_only_its_owner_reads_it(file: Path) -> None:
    assert ask("review_proofs", path=str(file)).checks == ()
    key = signed(file)
    assert stat.S_IMODE(file.with_name("key.pem").stat().st_mode) == 0o600
    assert b"ENCRYPTED" in file.with_name("key.pem").read_bytes()
    opened = ask("review_open", path=str(file))
    assert dataclasses.astuple(signing(opened.proofs)) == ("signed", key, "")
    assert "differs" not in {check.outcome for check in verified(file).values()}


@pytest.mark.parametrize("passphrase", ["", "another"])
def test_another_passphrase_signs_nothing(file: Path, passphrase: str) -> None:
    ask("key_make", output=str(file.with_name("key.pem")), passphrase=SECRET)
    with pytest.raises(InputError) as raised:
        ask(
            "review_sign",
            path=str(file),
            key=str(file.with_name("key.pem")),
            output=f"{file}.sig",
            passphrase=passphrase,
            sha256="",
        )
    code = "references.key_passphrase" if passphrase else "references.key_locked"
    assert raised.value.note.code == code
    assert not Path(f"{file}.sig").exists()


def test_what_was_put_in_the_place_of_the_file_that_was_read_is_not_signed(file: Path) -> None:
    key = str(file.with_name("key.pem"))
    ask("key_make", output=key, passphrase=SECRET)
    read = ask("review_open", path=str(file)).sha256
    kept = file.read_bytes()
    save(file, made.review(made.sample()))
    params = {"path": str(file), "key": key, "output": f"{file}.sig", "passphrase": SECRET, "sha256": read}
    with pytest.raises(InputError) as raised:
        ask("review_sign", **params)
    assert raised.value.note.code == "verify.sign_other"
    assert raised.value.note.params["wanted"] == read
    assert not Path(f"{file}.sig").exists()
    file.write_bytes(kept)
    ask("review_sign", **params)
    assert signing(ask("review_open", path=str(file)).proofs).state == "signed"


def test_a_key_without_a_passphrase_is_not_made(file: Path) -> None:
    with pytest.raises(InputError):
        ask("key_make", output=str(file.with_name("key.pem")), passphrase="")
    assert not file.with_name("key.pem").exists()


def test_opening_says_that_the_signature_is_of_another_file(file: Path) -> None:
    key = signed(file)
    save(file, made.review(made.sample()))
    assert signing(ask("review_open", path=str(file)).proofs) == signing(ask("review_proofs", path=str(file)).checks)
    assert dataclasses.astuple(signing(ask("review_open", path=str(file)).proofs)) == ("differs", key, "")
    Path(f"{file}.sig").write_bytes(b"{}")
    assert signing(ask("review_open", path=str(file)).proofs).state == "differs"


def test_a_signature_that_cannot_be_read_keeps_no_review_from_opening(file: Path) -> None:
    Path(f"{file}.sig").mkdir()
    opened = ask("review_open", path=str(file))
    assert [check.outcome for check in opened.proofs] == ["differs"]


def test_inputs_are_found_where_the_review_says_that_they_lie(tmp_path: Path) -> None:
    file = tmp_path / "s.assay"
    save(file, review_of(made.sample(), made.DEMO / "candidate", made.REFERENCES, confined="none"))
    found = verified(file, in_place=True, replay="sample")
    assert found["verify.sampled"].outcome == "holds"
    assert "verify.input" in found
    gone = review_of(made.sample(), tmp_path / "nowhere", made.REFERENCES, confined="none")
    save(file, gone)
    found = verified(file, in_place=True, replay="full")
    assert found["verify.input_missing"].outcome == "differs"
    assert "verify.replay_impossible" in found


def test_another_review_is_compared_with_what_is_open(file: Path, tmp_path: Path) -> None:
    mine = made.review()
    first = mine.comparison
    assert first is not None
    changed = dataclasses.replace(first.components[0], verdict="inconclusive")
    other = dataclasses.replace(
        mine,
        comparison=dataclasses.replace(first, components=(changed, *first.components[1:])),
        decisions=mine.decisions.added("reject", Subject("part1"), text="아니다"),
    )
    save(tmp_path / "b.assay", other)
    found = ask("review_diff", review=mine, path=str(tmp_path / "b.assay"))
    assert found.notes == ()
    assert found.diff.components[0].changes[0].after == "inconclusive"
    decision = found.diff.decisions[0]
    assert (decision.what, decision.component, decision.before) == ("reject", "part1", "아니다")
    assert ask("review_diff", review=mine, path=str(file)).diff.same


def test_a_setting_of_any_form_can_be_told(tmp_path: Path) -> None:
    mine = made.review()
    assert mine.comparison is not None
    settings = {**mine.comparison.settings, "quick": [1, 2], "odd": None}
    save(
        tmp_path / "b.assay",
        dataclasses.replace(mine, comparison=dataclasses.replace(mine.comparison, settings=settings)),
    )
    found = ask("review_diff", review=mine, path=str(tmp_path / "b.assay"))
    assert [change.after for change in found.diff.settings] == ["(1, 2)"]


def test_a_request_is_kept_without_its_passphrase() -> None:
    request = Request(3, "key_make", {"output": "key.pem", "passphrase": SECRET})
    assert request.confidential
    assert request.told == Request(3, "key_make", {"output": "key.pem"})
    other = Request(4, "review_proofs", {"path": "a"})
    assert not other.confidential
    assert other.told is other
