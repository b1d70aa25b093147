"""What fingerprints find and miss beside the full weights, and what they cost.

    python -m benchmarks.fingerprints --folder ZOO [--checkpoints DIR] [--encoders DIR] [--only ...] [--write]

Every pair of the zoo of `benchmarks.zoo.train` and of a folder of public checkpoints with known relations is judged
twice, from the weights and from fingerprints of one seed. Then one fingerprint of an encoder of full size is made and
timed. Prints the tables; with --write they go into docs/fingerprints.md. --only public judges the public pairs alone
and leaves what the page says of other families as it is.
"""

from __future__ import annotations

import argparse
import math
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path
from statistics import median

import torch

from benchmarks.encoders import write_encoder
from benchmarks.fingerprint_cost import cost
from benchmarks.fingerprint_pairs import Both, judged_pairs, public_pairs, rotated_pair, zoo_pairs
from benchmarks.marked import block, fill
from benchmarks.zoo.recipes import UNRELATED
from benchmarks.zoo.shelf import Zoo
from inspector.evidence_results import DEPENDENT, Evidence

PAGE = Path(__file__).parent.parent / "docs" / "fingerprints.md"
CHECKPOINTS = Path(__file__).resolve().parents[2] / "shared" / "checkpoints"
LEAST_R = 0.1  # mean correlation from which a dependent pair must stay in sight


def found(item: Both) -> bool:
    """Tell whether the fingerprints show a dependence. Where it came from they need not know."""
    return item.projected is not None and item.projected.verdict in DEPENDENT


def lost(items: Iterable[Both]) -> list[Both]:
    """Return pairs that depend by their weights, at a mean correlation that counts, and not by their fingerprints."""
    return [
        item
        for item in items
        if item.full.verdict in DEPENDENT and not found(item)
        if item.correlation is None or item.correlation >= LEAST_R
    ]


def gained(items: Iterable[Both]) -> list[Both]:
    """Return pairs that depend by their fingerprints and not by their weights."""
    return [item for item in items if item.full.verdict not in DEPENDENT and found(item)]


def wrong(items: Iterable[Both]) -> list[Both]:
    """Return pairs without a weight in common that the fingerprints accuse."""
    return [item for item in items if item.relation in UNRELATED and found(item)]


def table(items: Sequence[Both]) -> str:
    """Return one row a pair."""
    lines = [
        "| family | relation | candidate | reference | r | weights | fingerprints | log10 p | limit r |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for item in items:
        cells = [
            item.family, item.relation, item.candidate, item.reference, _number(item.correlation, 3),
            _verdict(item.full), _verdict(item.projected), _two(item, _bound), _two(item, _limit),
        ]  # fmt: skip
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def summary(items: Sequence[Both]) -> str:
    """Return one row a family and relation."""
    lines = [
        "| family | relation | pairs | weights | fingerprints | lost | gained | limit r, median |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for family, relation in sorted({(item.family, item.relation) for item in items}):
        own = [item for item in items if (item.family, item.relation) == (family, relation)]
        limits = ", ".join(_middle(_limit(side) for side in sides) for sides in _sides(own))
        cells = [
            family, relation, str(len(own)), _counts(_verdict(item.full) for item in own),
            _counts(_verdict(item.projected) for item in own), str(len(lost(own))), str(len(gained(own))), limits,
        ]  # fmt: skip
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _sides(items: Sequence[Both]) -> tuple[list[Evidence | None], list[Evidence | None]]:
    return [item.full for item in items], [item.projected for item in items]


def _middle(values: Iterable[float | None]) -> str:
    known = [value for value in values if value is not None]
    return _number(median(known) if known else None, 3)


def _two(item: Both, of: Callable[[Evidence | None], float | None]) -> str:
    return ", ".join(_number(of(side), 3 if of is _limit else 1) for side in (item.full, item.projected))


def _bound(evidence: Evidence | None) -> float | None:
    return None if evidence is None else evidence.log10_p


def _limit(evidence: Evidence | None) -> float | None:
    limit = None if evidence is None else evidence.detection_limit
    return None if limit is None else limit.r


def _verdict(evidence: Evidence | None) -> str:
    return "nothing comparable" if evidence is None else evidence.verdict


def _number(value: float | None, digits: int) -> str:
    return "-" if value is None or not math.isfinite(value) else f"{value:.{digits}f}"


def _counts(words: Iterable[str]) -> str:
    return ", ".join(f"{word} {count}" for word, count in Counter(words).most_common())


def _listed(items: Sequence[Both]) -> str:
    if not items:
        return "None."
    return "\n".join(
        f"- {item.candidate} against {item.reference} ({item.relation}): {_verdict(item.full)} becomes "
        f"{_verdict(item.projected)} ({item.projected.reason.code if item.projected else '-'}), "
        f"r {_number(item.correlation, 3)}, log10 p {_two(item, _bound)}"
        for item in items
    )


def renewed(old: str, new: str, items: Sequence[Both]) -> str:
    """Return the old block of a page, what it says of the families or pairs of `items` replaced by the new one's."""
    marks = tuple({f"| {item.family} |" for item in items} | {f"- {item.candidate} against " for item in items})
    lines = old.splitlines()
    place = next((number for number, line in enumerate(lines) if line.startswith(marks)), len(lines))
    fresh = [line for line in new.splitlines() if line.startswith(marks)]
    kept = [line for line in lines[place:] if not line.startswith(marks)]
    whole = [line for line in (*lines[:place], *fresh, *kept) if line != "None."]
    return "\n".join(whole) or "None."


def report(items: Sequence[Both]) -> dict[str, str]:
    """Return the blocks of the page that the pairs fill."""
    return {
        "fingerprints-summary": summary(items),
        "fingerprints-lost": _listed(lost(items)),
        "fingerprints-gained": _listed(gained(items)),
        "fingerprints-pairs": table(items),
    }


def main() -> int:
    """Judge every pair twice; 1 if fingerprints accuse models that are independent."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, required=True, help="the zoo")
    parser.add_argument("--checkpoints", type=Path, default=CHECKPOINTS, help="public checkpoints with pairs.json")
    parser.add_argument("--encoders", type=Path, default=Path(tempfile.gettempdir()) / "assayer-benchmark")
    parser.add_argument("--only", choices=("pairs", "public", "cost"), help="a part of it")
    parser.add_argument("--write", action="store_true", help="write docs/fingerprints.md")
    options = parser.parse_args()
    blocks: dict[str, str] = {}
    accused: list[Both] = []
    if options.only != "cost":
        work = [] if options.only == "public" else [*zoo_pairs(Zoo.open(options.folder))]
        if (options.checkpoints / "pairs.json").is_file():
            work += public_pairs(options.checkpoints)
        else:
            print(f"skipped: no public checkpoints in {options.checkpoints.name}")
        with tempfile.TemporaryDirectory() as folder:
            rotated = [] if options.only == "public" else [rotated_pair(Path(folder))]
            items = list(judged_pairs([*work, *rotated]))
        blocks |= report(items)
        if options.only == "public":
            blocks = {name: renewed(block(PAGE, name), text, items) for name, text in blocks.items()}
        accused = wrong(items)
    if options.only in (None, "cost"):
        blocks["fingerprints-cost"] = cost(write_encoder(options.encoders / "encoder-1.safetensors", 1))
    state = f"{date.today().isoformat()}, {len(os.sched_getaffinity(0))} cores, load {os.getloadavg()[0]:.1f}"
    measured = f"easured on {state}, torch {torch.__version__}."
    before = block(PAGE, "fingerprints-state").partition(" Public pairs:")[0]
    blocks["fingerprints-state"] = f"{before} Public pairs: m{measured}" if options.only == "public" else f"M{measured}"
    for name, text in blocks.items():
        print(f"\n{name}\n\n{text}")
        if options.write:
            fill(PAGE, name, text)
    for item in accused:
        print(f"wrong: {item.candidate} against {item.reference}")
    return 1 if accused else 0


if __name__ == "__main__":
    sys.exit(main())
