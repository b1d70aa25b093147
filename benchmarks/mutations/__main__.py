"""Open mutants of small files of every format, and print what came of them.

    python -m benchmarks.mutations [--format FORMAT] [--random 10000] [--write]

Each byte set to 0, 1, 0x7F and 0xFF, each shorter length, and random changes (the same in every run). A mutant is
refused with a sentence that names the file, opened with a warning, or opened with other tensors; where none of these
holds it has the tensors of the file itself ("same tensors"): the changed byte was not weights, and the hash of the
file tells. Anything else is a fault. `--write` puts the table into docs/security.md.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from benchmarks.marked import fill
from benchmarks.mutations.mutants import systematic
from benchmarks.mutations.running import Tally, run
from benchmarks.mutations.seeds import SEEDS

PAGE = Path(__file__).parents[2] / "docs" / "security.md"
OUTCOMES = ("refused", "warned", "changed", "unnoticed")


def table(tallies: Mapping[str, Tally]) -> str:
    """Return the Markdown table: mutants, what came of them, faults, the slowest."""
    lines = [
        "| format | mutants | refused | warned | other tensors | same tensors | faults | slowest |",
        "|---|" + "---:|" * 7,
    ]
    for name, tally in tallies.items():
        total = sum(tally.outcomes.values()) + len(tally.faults)
        counts = " | ".join(f"{tally.outcomes[outcome]:,}" for outcome in OUTCOMES)
        lines.append(f"| {name} | {total:,} | {counts} | {len(tally.faults)} | {tally.seconds:.2f} s |")
    return "\n".join(lines)


def main() -> int:
    """Run the mutants; return 1 where there is a fault."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--format", choices=SEEDS)
    parser.add_argument("--random", type=int, default=10_000, help="random mutants of each format")
    parser.add_argument("--write", action="store_true", help="write the table into docs/security.md")
    given = parser.parse_args()
    started = time.monotonic()
    tallies = {}
    for name, build in SEEDS.items():
        if given.format in (None, name):
            tallies[name] = run(build, lambda size: range(systematic(size) + given.random))
    print(table(tallies))
    for name, tally in tallies.items():
        for number, fault in list(tally.faults.items())[:10]:
            print(f"{name}, mutant {number}: {fault}")
    print(f"{time.monotonic() - started:.0f} s")
    if given.write:
        fill(PAGE, "mutations", f"{given.random:,} random mutants a format, {date.today()}:\n\n{table(tallies)}")
    return int(any(tally.faults for tally in tallies.values()))


if __name__ == "__main__":
    sys.exit(main())
