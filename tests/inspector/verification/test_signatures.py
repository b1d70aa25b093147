"""Proofs beside a file: what they prove, whose they are, and that one changed byte of anything is noticed."""

from __future__ import annotations

import hashlib
import json
import random
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from inspector.errors import AssayerError, worded
from inspector.references.signing import fingerprint, make_key, read_private, read_public
from inspector.report.document import comparison_document, inspection_document, to_json
from inspector.review_file import save
from inspector.verification import sign, verify, write_sum
from inspector.verify_results import Check
from tests.inspector.review_file import made


@pytest.fixture
def report(tmp_path: Path) -> Path:
    path = tmp_path / "report.json"
    path.write_bytes(to_json(comparison_document(made.awkward(), "none")).encode())
    return path


@pytest.fixture
def key(tmp_path: Path) -> Path:
    make_key(tmp_path / "key")
    return tmp_path / "key"


def outcome(path: Path, **options: object) -> dict[str, str]:
    """Return code -> outcome of every check; each has words in both languages."""
    checks: list[Check] = list(verify(path, **options))  # type: ignore[arg-type]
    assert all(worded(check.note, language) for check in checks for language in ("en", "ko"))
    return {check.note.code.removeprefix("verify."): check.outcome for check in checks}


def test_a_report_alone_is_proven_by_nothing(report: Path) -> None:
    assert outcome(report) == {"no_proof": "differs", "canonical": "holds", "inputs_unchecked": "remark"}


def test_a_signature_tells_who_signed(report: Path, key: Path) -> None:
    before = report.read_bytes()
    mine = sign(report, read_private(key))
    assert report.read_bytes() == before
    assert mine == fingerprint(read_public(f"{key}.pub"))
    assert outcome(report)["signature_unknown"] == "holds"
    assert outcome(report, owners={mine: "Kim"})["signature"] == "holds"
    assert outcome(report, signer=mine)["signature_wanted_key"] == "holds"
    assert "no_proof" not in outcome(report)


def test_another_key_or_none_is_not_the_one_that_must_have_signed(report: Path, key: Path, tmp_path: Path) -> None:
    other = make_key(tmp_path / "other")
    assert outcome(report, signer=other)["signature_wanted"] == "differs"
    sign(report, read_private(key))
    assert outcome(report, signer=other)["signature_other"] == "differs"


def test_the_signature_of_another_file_is_none_of_this_one(report: Path, key: Path) -> None:
    sign(report, read_private(key))
    before = hashlib.sha256(report.read_bytes()).hexdigest()
    assert next(verify(report)).note.params["sha256"] == before
    report.write_bytes(report.read_bytes() + b"\n")
    assert outcome(report)["signature_differs"] == "differs"
    assert outcome(report)["not_canonical"] == "differs"
    told = next(verify(report)).note.params
    assert (told["signed"], told["sha256"]) == (before, hashlib.sha256(report.read_bytes()).hexdigest())


def test_a_signature_of_something_else_does_not_pass(report: Path, key: Path) -> None:
    """The bytes themselves, or their digest, signed by another program with the same key."""
    private = read_private(key)
    sign(report, private)
    place = report.with_name("report.json.sig")
    good = json.loads(place.read_bytes())
    for content in (report.read_bytes(), hashlib.sha256(report.read_bytes()).digest()):
        text = json.dumps({**good, "signature": private.sign(content).hex()}, indent=1, sort_keys=True) + "\n"
        place.write_text(text)
        assert outcome(report)["signature_damaged"] == "differs"


def test_sha256sum_reads_the_checksum(report: Path) -> None:
    assert write_sum(report) == hashlib.sha256(report.read_bytes()).hexdigest()
    done = subprocess.run(
        ["sha256sum", "-c", "report.json.sha256"], cwd=report.parent, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert outcome(report)["sum"] == "holds"
    report.write_bytes(report.read_bytes().replace(b"derived", b"derivee", 1))
    assert outcome(report)["sum_differs"] == "differs"


def test_a_report_of_another_sort_can_be_signed(tmp_path: Path, key: Path) -> None:
    """There is nothing to compute again in what a checkpoint holds."""
    path = tmp_path / "inspection.json"
    path.write_text(to_json(inspection_document(made.awkward().candidate)))
    sign(path, read_private(key))
    assert set(outcome(path).values()) == {"holds", "remark"}


def test_any_other_file_can_be_signed(tmp_path: Path, key: Path) -> None:
    page = tmp_path / "report.html"
    page.write_text("<html>")
    assert outcome(page) == {"no_proof": "differs"}
    sign(page, read_private(key))
    assert outcome(page) == {"signature_unknown": "holds"}


def is_noticed(path: Path) -> bool:
    try:
        return any(check.outcome == "differs" for check in verify(path))
    except AssayerError:
        return True


def test_500_changed_bytes_are_all_noticed(report: Path, key: Path, tmp_path: Path) -> None:
    """Of a review with its seal alone, of a signed report, of its signature, and of a checksum."""
    review, summed = tmp_path / "a.assay", tmp_path / "summed.json"
    save(review, made.review())
    summed.write_bytes(report.read_bytes())
    write_sum(summed)
    sign(report, read_private(key))
    targets = [
        (review, review),
        (report, report),
        (report, report.with_name("report.json.sig")),
        (summed, summed),
        (summed, summed.with_name("summed.json.sha256")),
    ]
    assert all(not is_noticed(verified) for verified, _ in targets)
    dice, seen = random.Random(99), Counter[str]()
    for number in range(500):
        verified, changed = targets[number % len(targets)]
        content = changed.read_bytes()
        at = dice.randrange(len(content))
        changed.write_bytes(content[:at] + bytes([content[at] ^ dice.randrange(1, 256)]) + content[at + 1 :])
        assert is_noticed(verified), (changed.name, at)
        changed.write_bytes(content)
        seen[changed.name] += 1
    assert set(seen.values()) == {100}
    assert all(not is_noticed(verified) for verified, _ in targets)
