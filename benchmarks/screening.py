"""How long screening takes over libraries of growing size, and what of what was planted it finds.

    python -m benchmarks.screening [--folder DIR] [--zoo ZOO] [--only speed|planted|zoo]

The library holds fingerprints of random encoders (32 blocks, width 320, hidden 855), made into DIR unless they are
there (3.5 GB for 300). Times are those after the candidate's own fingerprint; every size runs in a process of its own,
whose peak memory is printed. Planted candidates are derived from one of 300 encoders of fewer blocks, ten in a file:
each is a component and is screened as if alone. With --zoo every model of the trained zoo is screened against all
others of its family that it does not consist of.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path

import numpy as np
import torch

from benchmarks.fingerprint_pairs import KINDS, opened
from benchmarks.screening_library import PLANTINGS, Weights, candidate, fingerprint, library, planted, weights
from benchmarks.similarity import peak
from benchmarks.zoo.recipes import SCRATCH, UNRELATED, Entry, name_of
from benchmarks.zoo.shelf import Zoo
from inspector.evidence_results import DEPENDENT
from inspector.job import QUIET
from inspector.references.screening import Reference, screen_components
from inspector.results import ComponentFinding

SIZES = (30, 100, 300)
PLANTED_BLOCKS = 8
IN_A_FILE = 10
OWN_HOSTS = 20_000  # from this number on, encoders that are in no library and take something over
KIND = "vision_encoder"


def timed(folder: Path, size: int) -> dict[str, float]:
    """Screen a fine-tune of one reference, and return seconds, processor seconds, and peak memory in GiB."""
    references = library(folder, size)
    parent, other = weights(folder, 3), weights(folder, 7)
    made = fingerprint([planted(1, parent, other, other, torch.Generator().manual_seed(size))[1]], folder)
    del parent, other
    idle, start, before = peak(), time.perf_counter(), time.process_time()
    findings = screen_components(candidate(made), references, None, QUIET, 20260101)
    seconds, busy = time.perf_counter() - start, time.process_time() - before
    first = next(finding for finding in findings if finding.kind == KIND)
    assert first.screened is not None
    assert first.screened.table.references[0] == "encoder-003"
    return {"size": size, "seconds": seconds, "busy": busy, "peak": peak() / 2**20, "before": idle / 2**20}


def speed(folder: Path) -> str:
    """Return one row a size, and a straight line through them."""
    library(folder, max(SIZES))
    rows = []
    for size in SIZES:
        command = [sys.executable, "-m", "benchmarks.screening", "--folder", str(folder), "--one", str(size)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        rows.append(json.loads(done.stdout.splitlines()[-1]))
    lines = ["| references | seconds | processor seconds | peak memory, GiB (before) |", "|---|---|---|---|"]
    lines += [
        f"| {row['size']:.0f} | {row['seconds']:.1f} | {row['busy']:.1f} | {row['peak']:.2f} ({row['before']:.2f}) |"
        for row in rows
    ]
    sizes, times = np.array(SIZES, float), np.array([row["busy"] for row in rows])
    slope, start = np.polyfit(sizes, times, 1)
    power = np.polyfit(np.log(sizes), np.log(np.maximum(times - start, 1e-3)), 1)[0]
    lines.append(
        f"\nProcessor seconds: {start:.1f} + {slope:.3f} a reference; growth of what depends on the library as its "
        f"size to the power {power:.2f}."
    )
    return "\n".join(lines)


def planted_table(folder: Path, references: int, count: int) -> tuple[str, int]:
    """Screen planted and independent encoders; return a table and how many went wrong."""
    shelf = library(folder, references, PLANTED_BLOCKS)
    generator = torch.Generator().manual_seed(20260101)
    parents = torch.randperm(references, generator=generator)[: 2 * count].reshape(2, -1).tolist()
    ways: dict[str, list[int]] = {}
    missed: list[str] = []
    for start in range(0, count, IN_A_FILE):
        wanted, made = [], []
        for number in range(start, min(start + IN_A_FILE, count)):
            pair = [weights(folder, parents[side][number], PLANTED_BLOCKS) for side in (0, 1)]
            host = weights(folder, OWN_HOSTS + number, PLANTED_BLOCKS)
            how, derived = planted(number % PLANTINGS, pair[0], pair[1], host, generator)
            wanted.append((how, f"encoder-{parents[0][number]:03}"))
            made.append(derived)
        for (how, parent), finding in zip(wanted, screened(made, shelf, folder), strict=True):
            hit = finding.verdict in DEPENDENT and is_first(finding, parent)
            ways.setdefault(how, []).append(hit)
            if not hit:
                missed.append(f"{how}: {finding.verdict}, first {finding.best_reference}, planted {parent}")
    false = []
    for start in range(0, count, IN_A_FILE):
        numbers = range(10_000 + start, 10_000 + min(start + IN_A_FILE, count))
        for finding in screened([weights(folder, number, PLANTED_BLOCKS) for number in numbers], shelf, folder):
            if finding.verdict in DEPENDENT:
                false.append(f"independent: {finding.verdict}, {finding.best_reference}")
    lines = ["| planted | found first |", "|---|---|"]
    lines += [f"| {how} | {sum(hits)} / {len(hits)} |" for how, hits in ways.items()]
    hits = sum(sum(own) for own in ways.values())
    lines += [f"| all | {hits} / {count} |", f"| independent: accused | {len(false)} / {count} |", "", *missed, *false]
    return "\n".join(lines), len(missed) + len(false)


def is_first(finding: ComponentFinding, *names: str) -> bool:
    """Tell whether a finding names one of some references as the best."""
    return finding.best_reference in names


def screened(encoders: Sequence[Weights], shelf: Sequence[Reference], folder: Path) -> list[ComponentFinding]:
    """Screen encoders in one file against a library, in their order."""
    made = candidate(fingerprint(encoders, folder))
    return screen_components(made, shelf, KIND, QUIET, 20260101)


def zoo_table(zoo: Zoo) -> tuple[str, int]:
    """Screen every model of the zoo against its family; return a table and how many went wrong."""
    lines = [
        "| family | derived: parent first of the models trained from scratch | relative first of all models "
        "| independent: accused |",
        "|---|---|---|---|",
    ]
    wrong: list[str] = []
    for family in sorted({entry.family for entry in zoo.models}):
        own = [entry for entry in zoo.models if entry.family == family]
        derived = [entry for entry in own if origins(entry)]
        hits = [
            sum(_first(zoo, entry, [other for other in own if wanted(other)], wrong) for entry in derived)
            for wanted in (lambda other: other.kind == SCRATCH, lambda other: True)
        ]
        strangers = [entry for entry in own if not origins(entry)]
        accused = sum(_accused(zoo, entry, own, wrong) for entry in strangers)
        lines.append(
            f"| {family} | {' | '.join(f'{n} / {len(derived)}' for n in hits)} | {accused} / {len(strangers)} |"
        )
    return "\n".join([*lines, "", *wrong]), len(wrong)


def origins(entry: Entry) -> set[str]:
    """Return the models trained from scratch that a model has weights or a start in common with; none of its own."""
    if entry.kind == SCRATCH or entry.relation in UNRELATED:
        return set()
    return {name_of(entry.family, entry.seed, SCRATCH)} | ({entry.host} if entry.host else set())


def _first(zoo: Zoo, entry: Entry, shelf: Sequence[Entry], wrong: list[str]) -> bool:
    """Tell whether what comes first shares an origin with the candidate."""
    others = [other for other in shelf if other.name != entry.name]
    finding = _of_zoo(zoo, entry, others)
    best = next((other for other in others if finding.best_reference == _shown(other)), None)
    related = best is not None and bool((origins(best) or {best.name}) & origins(entry))
    if not (related and finding.verdict in DEPENDENT):
        wrong.append(f"{entry.name}: {finding.verdict}, first {finding.best_reference}")
    return related and finding.verdict in DEPENDENT


def _accused(zoo: Zoo, entry: Entry, shelf: Sequence[Entry], wrong: list[str]) -> bool:
    """Tell whether a model of its own is said to depend on one that it has nothing in common with."""
    others = [other for other in shelf if other.name != entry.name and entry.name not in origins(other)]
    finding = _of_zoo(zoo, entry, others)
    if finding.verdict in DEPENDENT:
        wrong.append(f"{entry.name}: {finding.verdict} on {finding.best_reference}")
    return finding.verdict in DEPENDENT


def _of_zoo(zoo: Zoo, entry: Entry, shelf: Sequence[Entry]) -> ComponentFinding:
    references = [reference_of(zoo.path(other)) for other in shelf]
    found = screen_components(opened(zoo.path(entry)), references, None, QUIET, 20260101)
    return next(item for item in found if item.kind in KINDS)


def _shown(entry: Entry) -> str:
    return "/".join(entry.name.split("/")[-2:])


def reference_of(path: Path) -> Reference:
    """Return a model of the zoo as a reference."""
    kept = opened(path)
    return Reference(kept.name, lambda: nullcontext(kept))


def main() -> int:
    """Run the benchmark; 1 if something planted was missed or somebody accused."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "assayer-benchmark" / "library")
    parser.add_argument("--zoo", type=Path, help="folder of the trained zoo")
    parser.add_argument("--only", choices=("speed", "planted", "zoo"))
    parser.add_argument("--planted", type=int, default=50, help="derived candidates, and as many independent ones")
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(timed(options.folder, options.one)))
        return 0
    wrong = 0
    if options.only in (None, "speed"):
        print(speed(options.folder))
    if options.only in (None, "planted"):
        text, count = planted_table(options.folder / "planted", max(SIZES), options.planted)
        print(text)
        wrong += count
    if options.zoo is not None and options.only in (None, "zoo"):
        text, count = zoo_table(Zoo.open(options.zoo))
        print(text)
        wrong += count
    print(f"{len(os.sched_getaffinity(0))} cores, load {os.getloadavg()[0]:.1f}, torch {torch.__version__}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
