"""A batch as a whole: what it writes, what it keeps when it is run again, and what it never loses."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from inspector.batch import Outcome
from inspector.decisions import DecisionLog, Subject
from inspector.errors import InputError
from inspector.references.lock import locked
from inspector.review_file import open_review, save
from tests.data.arrays import save as save_checkpoint
from tests.data.arrays import vision_tower
from tests.inspector.batch.made import checkpoints, run, write_list

ROWS = ["팀 가,a,b,yes", "Lost,nowhere,b,", "=two,b,c,yes"]
GOOD = [ROWS[0], ROWS[2]]


@pytest.fixture(scope="module")
def first_run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, tuple[Outcome, ...]]:
    folder = tmp_path_factory.mktemp("batch")
    checkpoints(folder, "a", "b", "c")
    (folder / "a" / "config.json").write_text('{"num_attention_heads": 2}', "utf-8")
    return folder, run(folder, write_list(folder, ROWS))


@pytest.fixture
def done(first_run: tuple[Path, tuple[Outcome, ...]], tmp_path: Path) -> Path:
    """A folder whose list has run, less the row that fails; a copy, so that every input looks as if it were new."""
    folder = Path(shutil.copytree(first_run[0], tmp_path / "batch"))
    write_list(folder, GOOD)
    return folder


def kept(outcomes: tuple[Outcome, ...]) -> list[bool]:
    return [outcome.kept for outcome in outcomes]


def again(outcome: Outcome) -> str:
    return outcome.again.code if outcome.again is not None else ""


def test_a_row_that_fails_stops_no_other(first_run: tuple[Path, tuple[Outcome, ...]]) -> None:
    folder, outcomes = first_run
    assert [outcome.state for outcome in outcomes] == ["done", "failed", "done"]
    names = {path.name for path in (folder / "out").iterdir()}
    own = {f"{stem}.{kind}" for stem in ("팀 가", "_two") for kind in ("assay", "html")}
    assert names == own | {"index.html", "index.json", "index.csv", ".assayer-lock", ".assayer-made"}
    document = json.loads((folder / "out" / "index.json").read_text("utf-8"))
    assert document["schema"] == "assayer.batch/1"
    assert [row["state"] for row in document["rows"]] == ["done", "failed", "done"]
    assert document["rows"][1]["error"]["code"] == "checkpoint.missing"
    assert str(folder) not in json.dumps(document)
    review = open_review(folder / "out" / "팀 가.assay")
    assert review.notes == ()
    assert [Path(item.path).name for item in review.inputs] == ["a", "b"]
    assert all(Path(item.path).exists() for item in review.inputs)


def test_the_same_again_keeps_what_is_there_also_in_a_moved_folder(done: Path) -> None:
    def written() -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in (done / "out").iterdir()}

    write_list(done, ROWS)
    before = written()
    assert kept(run(done, done / "list.csv")) == [True, False, True]
    after = written()
    assert after.keys() == before.keys()
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {"팀 가.html", "_two.html"}  # a report names where its inputs lie
    assert kept(run(done, done / "list.csv", hashes=True)) == [True, False, True]
    assert written() == after


def of_the_same_size(done: Path) -> None:
    """Other weights under the same name, size and date."""
    path = done / "a" / "model.safetensors"
    old = path.stat()
    save_checkpoint(path, vision_tower(9, blocks=1))
    assert path.stat().st_size == old.st_size
    os.utime(path, ns=(old.st_atime_ns, old.st_mtime_ns))


def before_a_copy(done: Path) -> None:
    """The same, and then a copy of the whole folder, or a save, gives the review a later date."""
    of_the_same_size(done)
    later = time.time_ns() + 10**9
    os.utime(done / "out" / "팀 가.assay", ns=(later, later))


def with_other_heads(done: Path) -> None:
    """Another hint beside the weights, of the same size and date."""
    path = done / "a" / "config.json"
    old = path.stat()
    path.write_text('{"num_attention_heads": 4}', "utf-8")
    os.utime(path, ns=(old.st_atime_ns, old.st_mtime_ns))


def without_a_record(done: Path) -> None:
    """Made by a batch elsewhere; of the other row it is known."""
    path = done / "out" / ".assayer-made"
    document = json.loads(path.read_bytes())
    del document["reviews"]["팀 가.assay"]
    path.write_text(json.dumps(document), "utf-8")


def told_of(done: Path) -> None:
    (done / "a" / "README.md").write_text("fine-tuned from another model", "utf-8")


def one_more_file(done: Path) -> None:
    save_checkpoint(done / "a" / "more.safetensors", {"extra": np.ones(4, np.float32)})


def cut(done: Path) -> None:
    path = done / "out" / "팀 가.assay"
    path.write_bytes(path.read_bytes()[:-100])


def of_other_settings(done: Path) -> None:
    write_list(done, [ROWS[0].replace("yes", "no"), GOOD[1]])


def of_another_reference(done: Path) -> None:
    shutil.copytree(done / "b", done / "d")
    write_list(done, ["팀 가,a,d,yes", GOOD[1]])


def no_review(done: Path) -> None:
    (done / "out" / "팀 가.assay").unlink()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (of_the_same_size, "batch.again.inputs"),
        (before_a_copy, "batch.again.inputs"),
        (with_other_heads, "batch.again.inputs"),
        (without_a_record, "batch.again.unknown"),
        (told_of, "batch.again.texts"),
        (one_more_file, "batch.again.inputs"),
        (cut, "review_file.changed"),
        (of_other_settings, "batch.again.settings"),
        (of_another_reference, "batch.again.paths"),
        (no_review, ""),
    ],
)
def test_a_row_whose_inputs_or_review_changed_runs_again_and_no_other(
    done: Path, change: Callable[[Path], None], code: str
) -> None:
    change(done)
    outcomes = run(done, done / "list.csv", hashes=change is with_other_heads)
    assert kept(outcomes) == [False, True]
    assert outcomes[0].state == "done"
    found = again(outcomes[0])
    assert found == code or (code.startswith("review_file") and found.startswith(("review_file", "checkpoint")))
    assert open_review(done / "out" / "팀 가.assay").notes == ()
    assert kept(run(done, done / "list.csv")) == [True, True]


def test_another_version_runs_everything_again(done: Path) -> None:
    review = open_review(done / "out" / "팀 가.assay")
    save(done / "out" / "팀 가.assay", replace(review, versions={**review.versions, "numpy": "1.0"}))
    outcomes = run(done, done / "list.csv")
    assert kept(outcomes) == [False, True]
    assert again(outcomes[0]) == "batch.again.version"


def test_a_review_with_decisions_is_kept_and_never_overwritten(done: Path) -> None:
    path = done / "out" / "팀 가.assay"
    log = DecisionLog().added("note", Subject("vision_encoder"), text="읽음", who="ㄱ")
    save(path, replace(open_review(path), decisions=log))
    outcomes = run(done, done / "list.csv")
    assert kept(outcomes) == [True, True]
    assert "읽음" in (done / "out" / "팀 가.html").read_text("utf-8")
    outcomes = run(done, done / "list.csv", fresh=True)
    assert kept(outcomes) == [False, False]
    assert outcomes[0].aside == "팀 가.before-1.assay"
    assert open_review(done / "out" / outcomes[0].aside).decisions == log
    assert open_review(path).decisions == DecisionLog()
    assert not list((done / "out").glob("_two.before*"))


def test_a_report_that_is_gone_or_in_another_language_is_written_again(done: Path) -> None:
    (done / "out" / "팀 가.html").unlink()
    outcomes = run(done, done / "list.csv", languages=("ko",))
    assert kept(outcomes) == [True, True]
    for stem in ("팀 가", "_two", "index"):
        assert '<html lang="ko">' in (done / "out" / f"{stem}.html").read_text("utf-8")


def test_two_batches_do_not_work_in_one_folder(done: Path) -> None:
    with locked(done / "out" / ".assayer-lock"), pytest.raises(InputError, match="Another batch"):
        run(done, done / "list.csv")
