"""What a review bears while its work runs: `python -m benchmarks.review_faults` prints the table.

A forked process compares the sample, which was really trained, with three references and is killed (SIGKILL) at a
random moment of the time that this takes; every third one is taken up again and killed once more. Each time the review
must be there and open, or not be there yet; every comparison and finding in it must be that of the whole work, to the
last bit; it must show no verdict of a component that is not done; and when the work goes on, the canonical JSON must be
byte for byte that of the whole work, with nothing else left beside the review.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import torch

import resources
from benchmarks.library_faults import Tally, fork
from benchmarks.marked import fill
from inspector.errors import InputError
from inspector.kept import Judged
from inspector.report.document import comparison_document, to_json
from inspector.results import Comparison, ComponentFinding
from inspector.review import compare
from inspector.review_file import open_review
from inspector.review_file.begun import started
from inspector.review_file.journal import Journal
from inspector.review_file.tree import Writer

CANDIDATE = "candidate"
REFERENCES = ("reference_vision", "reference_audio", "honest")
AGAIN = 3  # every third is killed a second time
LATEST = 1.05  # of the time that the whole work takes: some are done before they are killed


def demo(name: str) -> Path:
    """Return the folder of a model of the sample."""
    return resources.path(f"demo/{name}")


class Recorder(Journal):
    """A journal that remembers everything it was given: what the whole work comes to."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.units: dict[tuple[str, str, str], str] = {}
        self.findings: dict[str, str] = {}

    def keep(self, item: Judged) -> None:
        """Take a comparison that has just been judged."""
        self.units[_key(item)] = image(item)
        super().keep(item)

    def keep_finding(self, finding: ComponentFinding) -> None:
        """Take the finding of a component."""
        self.findings[finding.name] = image(finding)
        super().keep_finding(finding)


def _key(item: Judged) -> tuple[str, str, str]:
    return item.component, item.against.reference, item.against.reference_component


def image(item: object) -> str:
    """Return a result as text that differs where a bit of it does."""
    writer = Writer()
    tree = writer.value(item, "")
    arrays = {
        name: [str(array.dtype), list(array.shape), array.tobytes().hex()] for name, array in writer.arrays.items()
    }
    return json.dumps([tree, arrays], sort_keys=True)


@dataclass(slots=True)
class Truth:
    """What the work comes to when nothing stops it, and how long it takes."""

    candidate: Path
    references: Sequence[Path]
    document: str = ""
    units: dict[tuple[str, str, str], str] = field(default_factory=dict)
    findings: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0

    @classmethod
    def of(cls, candidate: Path, references: Sequence[Path], folder: Path) -> Truth:
        """Do the whole work once to warm up, and once to time it."""
        found = cls(candidate, references)
        for name in ("warm", "timed"):
            recorder = Recorder(folder / f"{name}.assay")
            began = time.perf_counter()
            comparison = compare(candidate, references, journal=recorder)
            found.seconds = time.perf_counter() - began
            recorder.target.unlink()
        plain = document_of(compare(candidate, references))
        if plain != document_of(comparison):
            raise AssertionError("a journal changes the result")
        found.document, found.units, found.findings = plain, recorder.units, recorder.findings
        return found

    def work(self, path: Path) -> Comparison:
        """Do the work, or what is left of it."""
        return compare(self.candidate, self.references, journal=Journal(path))


def document_of(comparison: Comparison) -> str:
    """Return the canonical JSON."""
    return to_json(comparison_document(comparison, "none"))


def wrong_now(path: Path, truth: Truth) -> str:
    """Say what is wrong with a review whose work was killed, "" for nothing."""
    if not path.exists():
        return ""
    try:
        review = open_review(path)
    except InputError as error:
        return f"does not open: {error}"
    if review.comparison is None:
        return "opens without results"
    if review.unfinished is None:
        return "" if document_of(review.comparison) == truth.document else "the whole is another"
    if [note.code for note in review.notes] != ["review_file.unfinished"]:
        return f"says {[note.code for note in review.notes]}"
    before = started(path)
    if before is None or not before.intact:
        return "holds nothing to go on with"
    if any(truth.units.get(_key(unit)) != image(unit) for unit in before.units):
        return "a comparison is another"
    if any(truth.findings.get(finding.name) != image(finding) for finding in before.findings):
        return "a finding is another"
    done = {finding.name for finding in before.findings}
    if review.comparison.overall or any(
        item.verdict and item.name not in done for item in review.comparison.components
    ):
        return "a verdict of what is not done"
    return ""


def killed(work: Callable[[], object], seconds: float) -> bool:
    """Start some work, kill it after so many seconds, and say whether it was still at it."""
    child = fork(work)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


@dataclass(slots=True)
class Kills(Tally):
    """What came of the kills.

    Attributes:
        absent: there was no review yet. parts: how often so many comparisons were done. resumed: went on from a part.
        twice: were killed a second time.
    """

    absent: int = 0
    parts: dict[int, int] = field(default_factory=dict)
    resumed: int = 0
    twice: int = 0

    def look(self, path: Path, truth: Truth) -> None:
        """Look at a review after a kill."""
        wrong = wrong_now(path, truth)
        if wrong:
            self.faults.append(wrong)
        before = started(path)
        if not path.exists():
            self.absent += 1
        elif before is not None:
            done = open_review(path).unfinished
            self.parts[done.done if done else -1] = self.parts.get(done.done if done else -1, 0) + 1


def kill_at_random(truth: Truth, folder: Path, times: int, chance: random.Random) -> Kills:
    """Kill the work at random moments, look at the review, and go on."""
    tally = Kills()
    path = folder / "finding.assay"
    for number in range(times):
        tally.times += 1
        tally.stopped += killed(lambda: truth.work(path), chance.uniform(0, LATEST * truth.seconds))
        tally.look(path, truth)
        if number % AGAIN == 0 and started(path) is not None:
            tally.twice += killed(lambda: truth.work(path), chance.uniform(0, truth.seconds))
            tally.look(path, truth)
        journal = Journal(path)
        began = time.perf_counter()
        found = compare(truth.candidate, truth.references, journal=journal)
        tally.slowest = max(tally.slowest, time.perf_counter() - began)
        tally.resumed += journal.resumed is not None and journal.resumed.done > 0
        if document_of(found) != truth.document:
            tally.faults.append("gone on, the result is another")
        if journal.notes:
            tally.faults.append(f"went on with {journal.notes[0].code}")
        opened = open_review(path).comparison
        if opened is None or document_of(opened) != truth.document:
            tally.faults.append("gone on, the review is another")
        left = [item.name for item in folder.iterdir() if item != path]
        if left:
            tally.faults.append(f"left {left}")
        path.unlink()
    return tally


def table(tally: Kills, truth: Truth) -> str:
    """Return what came of it as text for the page."""
    total = len(truth.units)
    counts = ", ".join(f"{done} in {times}" for done, times in sorted(tally.parts.items()))
    rows: list[tuple[str, Any]] = [
        ("kills at random moments of the work", tally.times),
        ("of them before the work was done", tally.stopped),
        ("taken up again and killed a second time", tally.twice),
        ("no review there yet", tally.absent),
        (f"unfinished reviews that opened, by how many of {total} comparisons were done", counts),
        ("went on from a part", tally.resumed),
        ("did not open, wrong or lost result, other JSON at the end, or anything left over", len(tally.faults)),
    ]
    return "\n".join(["| | |", "|---|---:|", *(f"| {what} | {count} |" for what, count in rows)])


def main() -> int:
    """Print the table, and write it into a page; 1 where there was a fault."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=9)
    parser.add_argument("--write", type=Path, help="the page whose block review_faults is filled")
    arguments = parser.parse_args()
    torch.set_num_threads(1)  # a fork of a process with a pool of threads waits for them for ever
    with TemporaryDirectory() as place:
        truth = Truth.of(demo(CANDIDATE), [demo(name) for name in REFERENCES], Path(place))
        tally = kill_at_random(truth, Path(place), arguments.kills, random.Random(arguments.seed))
    text = table(tally, truth)
    print(f"{text}\n\nthe work takes {truth.seconds:.2f} s, going on at most {tally.slowest:.2f} s")
    if arguments.write is not None:
        fill(arguments.write, "review_faults", text)
    for fault in tally.faults[:20]:
        print(fault, file=sys.stderr)
    return 1 if tally.faults else 0


if __name__ == "__main__":
    sys.exit(main())
