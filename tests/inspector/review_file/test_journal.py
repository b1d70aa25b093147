"""A comparison that keeps its review while it runs: stopped anywhere, it opens, and goes on to the same result."""

from __future__ import annotations

import os
import random
import shutil
import threading
from collections import Counter
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from benchmarks.review_faults import Truth, document_of, kill_at_random
from inspector.errors import Cancelled, InputError
from inspector.job import QuietJob
from inspector.output import OutputError
from inspector.results import Comparison
from inspector.review import compare
from inspector.review_file import journal, journal_key, open_review, review_bytes, review_of, save
from inspector.review_file.begun import started
from inspector.review_file.journal import Journal
from tests.inspector.review_file.made import DEMO, REFERENCES, frame, sample

CANDIDATE = DEMO / "candidate"


class StopAt(QuietJob):
    """Cancels when the n-th comparison is to be judged; counts what is said."""

    def __init__(self, at: int = -1) -> None:
        self.said: Counter[str] = Counter()
        self._at = at

    def message(self, code: str, **params: str | int | float) -> None:
        self.said[code] += 1
        if self.said["review.judging"] == self._at:
            raise Cancelled


@pytest.fixture(autouse=True)
def _write_every_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """However long writing takes on this machine: what is done is written at once, and the disk is not waited for."""
    monkeypatch.setattr(journal, "_SHARE", 0.0)
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)


@cache
def whole() -> str:
    return document_of(sample())


def stopped(path: Path, at: int = 3, candidate: Path = CANDIDATE, references: Sequence[Path] = REFERENCES) -> None:
    """Leave an unfinished review: the work was cancelled at its `at`-th comparison."""
    with pytest.raises(Cancelled):
        compare(candidate, references, journal=Journal(path), job=StopAt(at))


def gone_on(path: Path, candidate: Path = CANDIDATE, **options: Any) -> tuple[Comparison, Journal, StopAt]:
    log, job = Journal(path), StopAt()
    return compare(candidate, options.pop("references", REFERENCES), journal=log, job=job, **options), log, job


def copied(folder: Path) -> Path:
    return Path(shutil.copytree(CANDIDATE, folder / "candidate"))


def flip_last_bit(path: Path) -> None:
    """Change a value of the last tensor of a safetensors file; its size and header stay."""
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)


def weights(folder: Path) -> Path:
    return next(folder.glob("*.safetensors"))


def test_a_journal_changes_nothing_and_leaves_the_whole_review(tmp_path: Path) -> None:
    found, log, job = gone_on(tmp_path / "a.assay")
    assert document_of(found) == whole()
    assert not log.kept
    assert not log.notes
    assert log.resumed is None
    assert [item.name for item in tmp_path.iterdir()] == ["a.assay"]
    review = open_review(tmp_path / "a.assay")
    assert review.comparison is not None
    assert document_of(review.comparison) == whole()
    assert not review.notes
    assert not review.partial
    assert review.unfinished is None
    assert job.said["review.judging"] == 3
    expected = review_of(sample(), CANDIDATE, REFERENCES)
    assert (tmp_path / "a.assay").read_bytes() == review_bytes(expected, tmp_path)


@pytest.mark.parametrize("at", [1, 2, 3])
def test_work_goes_on_where_it_was_stopped(tmp_path: Path, at: int) -> None:
    path = tmp_path / "a.assay"
    stopped(path, at)
    found, log, job = gone_on(path)
    assert document_of(found) == whole()
    assert log.resumed is not None
    assert (log.resumed.done, log.resumed.total) == (at - 1, 3)
    assert job.said["review.judging"] == 3 - (at - 1)
    assert not log.notes
    assert [item.name for item in tmp_path.iterdir()] == ["a.assay"]


def test_what_is_not_written_yet_is_written_when_the_work_ends_early(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "_SHARE", 1e9)
    path = tmp_path / "a.assay"
    stopped(path)
    found, log, _ = gone_on(path)
    assert log.resumed is not None
    assert log.resumed.done == 2
    assert document_of(found) == whole()


def test_work_goes_on_from_another_review_that_stays_as_it_is(tmp_path: Path) -> None:
    path, other = tmp_path / "a.assay", tmp_path / "b.assay"
    stopped(path)
    before = path.read_bytes()
    stopped(other, references=REFERENCES[::-1])
    log = Journal(other, path)
    found = compare(CANDIDATE, REFERENCES, journal=log)
    assert log.resumed is not None
    assert log.resumed.done == 2
    assert document_of(found) == whole()
    assert path.read_bytes() == before


def test_a_process_that_is_about_to_stop_is_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "a.assay"
    held = Journal(path).held()
    held.__enter__()
    threading.Timer(0.5, lambda: held.__exit__(None, None, None)).start()
    log = Journal(path, patience=20.0)
    with log.held():
        pass
    assert list(tmp_path.iterdir()) == []


def test_what_was_done_opens_and_never_looks_finished(tmp_path: Path) -> None:
    path = tmp_path / "a.assay"
    stopped(path)
    review = open_review(path)
    assert review.partial
    assert review.unfinished is not None
    assert [note.code for note in review.notes] == ["review_file.unfinished"]
    assert review.notes[0].params == {"done": 2, "total": 3}
    found = review.comparison
    assert found is not None
    assert found.overall == ()
    done = {finding.name: finding for finding in sample().components}
    assert found.components
    assert all(frame(finding) == frame(done[finding.name]) for finding in found.components if finding.verdict)
    before = started(path)
    assert before is not None
    names = {finding.name for finding in before.findings}
    for finding in found.components:
        if finding.name not in names:
            assert finding.verdict is None
            assert finding.sentence is None
            assert all(against.evidence is None for against in finding.against)
    with pytest.raises(ValueError, match="without all its results"):
        review_bytes(review, tmp_path)


def test_a_component_with_a_reference_to_come_shows_its_similarity_without_a_verdict(tmp_path: Path) -> None:
    path = tmp_path / "a.assay"
    references = [DEMO / "reference_vision", DEMO / "honest"]
    stopped(path, 2, references=references)
    before = started(path)
    assert before is not None
    assert len(before.units) == 1
    assert not before.findings
    found = open_review(path).comparison
    assert found is not None
    (finding,) = found.components
    assert finding.verdict is None
    assert finding.best_reference == finding.against[0].reference
    truth = next(item for item in compare(CANDIDATE, references).components if item.name == finding.name)
    pair = next(item for item in truth.against if item.reference == finding.best_reference)
    assert finding.against[0].similarity == pair.similarity
    assert finding.against[0].evidence is None


def test_a_finished_review_stays_until_the_work_is_done(tmp_path: Path) -> None:
    path, beside = tmp_path / "a.assay", tmp_path / "a.unfinished.assay"
    save(path, review_of(sample(), CANDIDATE, REFERENCES))
    before = path.read_bytes()
    stopped(path)
    assert path.read_bytes() == before
    assert open_review(beside).unfinished is not None
    found, log, _ = gone_on(path, references=REFERENCES)
    assert log.place == beside
    assert log.resumed is not None
    assert document_of(found) == whole()
    assert [item.name for item in tmp_path.iterdir()] == ["a.assay"]


def test_another_file_at_either_place_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "a.assay").write_text("mine")
    (tmp_path / "a.unfinished.assay").write_text("mine too")
    stopped(tmp_path / "a.assay")
    assert (tmp_path / "a.assay").read_text() == "mine"
    assert open_review(tmp_path / "a.unfinished-2.assay").unfinished is not None
    gone_on(tmp_path / "a.assay")
    assert open_review(tmp_path / "a.assay").unfinished is None
    assert {item.name for item in tmp_path.iterdir()} == {"a.assay", "a.unfinished.assay"}


def test_a_part_of_other_bytes_is_never_used(tmp_path: Path) -> None:
    """Names and sizes are the same: the digests at the end tell, and everything is computed anew."""
    path, candidate = tmp_path / "a.assay", copied(tmp_path)
    stopped(path, candidate=candidate)
    for file in candidate.glob("*.safetensors"):
        flip_last_bit(file)
    found, log, _ = gone_on(path, candidate)
    assert [note.code for note in log.notes] == ["review_file.journal_other_bytes"]
    assert log.notes[0].params == {"input": "candidate"}
    assert document_of(found) == document_of(compare(candidate, REFERENCES))


def test_bytes_that_changed_and_came_back_are_found_out(tmp_path: Path) -> None:
    """The second part was computed from other bytes than the first and the last."""
    path, candidate = tmp_path / "a.assay", copied(tmp_path)
    right = {file: file.read_bytes() for file in candidate.glob("*.safetensors")}
    stopped(path, 2, candidate)
    for file in right:
        flip_last_bit(file)
    with pytest.raises(Cancelled):
        compare(candidate, REFERENCES, journal=Journal(path), job=StopAt(2))
    for file, content in right.items():
        file.write_bytes(content)
    found, _, _ = gone_on(path, candidate)
    assert document_of(found) == document_of(compare(candidate, REFERENCES))


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({"quick": True}, "settings"),
        ({"seed": 5}, "settings"),
        ({"component": "audio_encoder"}, "settings"),
        ({"references": [*REFERENCES, DEMO / "honest"]}, "inputs"),
        ({"references": REFERENCES[::-1]}, "inputs"),
        ({"names": ["candidate", "another", "reference_audio"]}, "inputs"),
        ({"candidate": DEMO / "honest"}, "inputs"),
    ],
)
def test_other_work_starts_over_and_says_why(tmp_path: Path, options: dict[str, Any], why: str) -> None:
    path = tmp_path / "a.assay"
    stopped(path)
    found, log, _ = gone_on(path, **options)
    assert [note.code for note in log.notes] == [f"review_file.journal_other_{why}"]
    again = {"candidate": CANDIDATE, "references": REFERENCES} | options
    assert document_of(found) == document_of(compare(**again))


def test_other_versions_start_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stopped(tmp_path / "a.assay")
    monkeypatch.setattr("torch.backends.cpu.get_cpu_capability", lambda: "another")
    _, log, _ = gone_on(tmp_path / "a.assay")
    assert [note.code for note in log.notes] == ["review_file.journal_other_versions"]


@pytest.mark.parametrize("at", [0.1, 0.5, 0.9])
def test_of_a_damaged_part_nothing_is_used(tmp_path: Path, at: float) -> None:
    path = tmp_path / "a.assay"
    stopped(path)
    content = bytearray(path.read_bytes())
    content[int(at * len(content))] ^= 1
    path.write_bytes(content)
    found, log, _ = gone_on(path)
    assert document_of(found) == whole()
    assert log.resumed is None
    assert open_review(path).unfinished is None


def test_without_hashes_the_files_must_be_the_very_same(tmp_path: Path) -> None:
    path, candidate = tmp_path / "a.assay", copied(tmp_path)
    with pytest.raises(Cancelled):
        compare(candidate, REFERENCES, hashes=False, journal=Journal(path), job=StopAt(3))
    kept = path.read_bytes()
    _, log, _ = gone_on(path, candidate, hashes=False)
    assert log.resumed is not None
    assert log.resumed.done == 2
    path.write_bytes(kept)
    weights(candidate).touch()
    _, log, _ = gone_on(path, candidate, hashes=False)
    assert [note.code for note in log.notes] == ["review_file.journal_other_inputs"]


def test_only_one_process_works_on_a_review(tmp_path: Path) -> None:
    path = tmp_path / "a.assay"
    with Journal(path).held(), pytest.raises(InputError) as caught:
        compare(CANDIDATE, REFERENCES, journal=Journal(path))
    assert caught.value.note.code == "review_file.journal_busy"
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_process_left_is_cleared(tmp_path: Path) -> None:
    (tmp_path / ".a.assay.lock").touch()
    (tmp_path / ".a.assay.tmp").write_bytes(b"half")
    gone_on(tmp_path / "a.assay")
    assert [item.name for item in tmp_path.iterdir()] == ["a.assay"]


def test_a_full_disk_stops_the_journal_and_not_the_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> Path:
        raise OutputError("a.assay", OSError(28, "No space left on device"))

    monkeypatch.setattr(journal, "aside", full)
    job, log = StopAt(), Journal(tmp_path / "a.assay")
    with pytest.raises(OutputError):
        compare(CANDIDATE, REFERENCES, journal=log, job=job)
    assert [note.code for note in log.notes] == ["review_file.journal_unwritten"]
    assert job.said["review.judging"] == 3
    assert job.said["review.hashing"] == 1


def test_an_optional_journal_stops_no_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nowhere = Journal(tmp_path / "none" / "a.assay", optional=True)
    assert document_of(compare(CANDIDATE, REFERENCES, journal=nowhere)) == whole()

    def full(*_: object) -> Path:
        raise OutputError("a.assay", OSError(28, "No space left on device"))

    monkeypatch.setattr(journal, "aside", full)
    log = Journal(tmp_path / "a.assay", optional=True)
    assert document_of(compare(CANDIDATE, REFERENCES, journal=log)) == whole()
    assert [note.code for note in log.notes] == ["review_file.journal_unwritten"]
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_told_before_anything_is_computed(tmp_path: Path) -> None:
    job = StopAt()
    with pytest.raises(OutputError):
        compare(CANDIDATE, REFERENCES, journal=Journal(tmp_path / "none" / "a.assay"), job=job)
    assert not job.said


def test_what_somebody_else_wrote_is_not_gone_on_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.assay"
    with monkeypatch.context() as patch:
        patch.setattr(journal_key, "own_key", lambda: bytes(32))
        stopped(path)
    found, log, job = gone_on(path)
    assert [note.code for note in log.notes] == ["review_file.journal_not_own"]
    assert log.resumed is None
    assert job.said["review.judging"] == 3
    assert document_of(found) == whole()


def test_without_a_key_work_is_kept_and_none_is_gone_on_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal_key, "own_key", lambda: None)
    path = tmp_path / "a.assay"
    stopped(path)
    assert open_review(path).unfinished is not None
    _, log, _ = gone_on(path)
    assert [note.code for note in log.notes] == ["review_file.journal_not_own"]


def test_other_work_leaves_what_was_done_of_the_first(tmp_path: Path) -> None:
    path = tmp_path / "a.assay"
    stopped(path)
    before = path.read_bytes()
    for other in (REFERENCES[:1], REFERENCES[::-1]):
        stopped(path, 1, references=other)
        assert path.read_bytes() == before
    assert len(list(tmp_path.iterdir())) == 3
    _, log, _ = gone_on(path, references=REFERENCES[::-1])
    assert log.resumed is not None, "each goes on from its own"
    (tmp_path / "a.assay").write_bytes(before)
    _, log, job = gone_on(path)
    assert log.resumed is not None
    assert job.said["review.judging"] == 1


def test_killed_at_random_moments_nothing_is_lost_or_wrong(tmp_path: Path) -> None:
    truth = Truth.of(CANDIDATE, REFERENCES, tmp_path)
    tally = kill_at_random(truth, tmp_path, 6, random.Random(2))
    assert tally.faults == []
    assert tally.times == 6
