"""The verdict on every pair of the zoo: calibration on independent pairs, power on derived ones.

    python -m benchmarks.verdicts --folder FOLDER [--family NAME ...]

FOLDER holds the zoo of `benchmarks.zoo.train`. Prints the table and writes it to docs/verdicts.md (with --write). The
Kolmogorov-Smirnov test pools the z of Permutation z over all independent pairs, as registered here before the zoo was
trained; pairs that reuse a model are only pairwise independent. Students and their teachers are independent in weights:
they are counted so, and stand in rows and tests of their own.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import median

import numpy as np
from scipy.stats import kstest

from benchmarks.zoo.measure import likeness
from benchmarks.zoo.recipes import DISTILLED, IMITATED, SCRATCH, UNRELATED
from benchmarks.zoo.shelf import Pair, Zoo
from benchmarks.zoo.teaching import TEMPERATURE
from inspector.evidence_results import DEPENDENT, Evidence, EvidenceTest
from inspector.review import compare

PAGE = Path(__file__).parent.parent / "docs" / "verdicts.md"
LEVELS = (0.1, 0.01, 0.001)
KINDS = ("vision_encoder", "audio_encoder", "language_model")  # the component that was trained
TEXT = """# Verdicts on the zoo

Written by `python -m benchmarks.verdicts --folder FOLDER --write` on {date}: every pair of the zoo of small models that
`python -m benchmarks.zoo.train` really trains (random matrices alone prove nothing). Each row is one relation in one
family: how many pairs, their verdicts, what was said to have been done to the weights and what was shared, and the
range of z and of log10 p (the proven bound).

{table}

## Distilled students

Students start from random weights of their own and see no label, only a teacher: `distilled` learn its outputs (at
temperature {temperature:g}), `imitated` also its residual stream after every block, dimension by dimension, by mean
squared error. A test of weights must not accuse them: they inherit function, not weights, and `no_dependence_found`
says only that. Imitation fixes which residual dimension is which, so the residual group (norm gains) has no exact null
for these students; it counts towards no `derived`. MLP units, V/O dimensions and heads stay free. Unlikeness is the
squared error of the stream over the teacher's variance, median over models and blocks (0: the teacher's features; two
models trained apart are near 2). Two-view counts the units that match on both sides, one number a student; its held-out
z (of the writing side, over the units matched on the reading side) is not a test of weights:
{held_out}.

{students}

## Calibration

{calibration}

Pairs that reuse a model are only pairwise independent, so the Kolmogorov-Smirnov p-value is a guide, not exact.
"""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One judged pair."""

    pair: Pair
    evidence: Evidence


def outcomes(zoo: Zoo, families: Sequence[str]) -> Iterable[Outcome]:
    """Judge every pair of the families, in the zoo's order."""
    for pair in zoo.pairs():
        if pair.candidate.family not in families or pair.candidate.name == pair.reference.name:
            continue
        comparison = compare(zoo.path(pair.candidate), [zoo.path(pair.reference)], hashes=False)
        for finding in comparison.components:
            if finding.kind in KINDS and finding.best is not None and finding.best.evidence is not None:
                yield Outcome(pair, finding.best.evidence)


def table(judged: Sequence[Outcome]) -> str:
    """Return one row a family and relation."""
    lines = [
        "| family | relation | pairs | verdicts | nature | origin | z | log10 p |",
        "|---|---|---|---|---|---|---|---|",
    ]
    keys = sorted({(item.pair.candidate.family, _relation(item)) for item in judged})
    for family, relation in keys:
        own = [item for item in judged if (item.pair.candidate.family, _relation(item)) == (family, relation)]
        evidence = [item.evidence for item in own]
        natures = [e.nature for e in evidence if e.nature is not None]
        cells = [
            family, relation, str(len(own)), _counts(e.verdict for e in evidence),
            _counts(nature.kind for nature in natures), _counts(nature.origin for nature in natures),
            _range([e.z for e in evidence]), _range([e.log10_p for e in evidence]),
        ]  # fmt: skip
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _relation(item: Outcome) -> str:
    kind = item.pair.candidate.kind
    return "independent" if item.pair.relation == "independent" else f"{item.pair.relation} ({kind})"


def _counts(words: Iterable[str]) -> str:
    return ", ".join(f"{word} {count}" for word, count in Counter(words).most_common()) or "-"


def _range(values: Sequence[float | None]) -> str:
    known = [value for value in values if value is not None]
    return f"{min(known):.1f} to {max(known):.1f}" if known else "-"


def students(zoo: Zoo, judged: Sequence[Outcome]) -> str:
    """Return one row a family and kind of student: how well it learnt, how near it came, what the tests gave."""
    titles = (
        "family", "student", "pairs", "accuracy (teacher)", "answers shared", "unlikeness", "verdicts", "z",
        "residual group z", "Gram z (largest control)", "Two-view units", "Two-view z (largest control)", "held-out z",
    )  # fmt: skip
    lines = [f"| {' | '.join(titles)} |", "|" + "---|" * len(titles)]
    for family in sorted({item.pair.candidate.family for item in judged}):
        for kind in (DISTILLED, IMITATED):
            own = [item for item in taught(judged, kind) if item.pair.candidate.family == family]
            if own:
                lines.append(f"| {family} | {kind} | {len(own)} | " + " | ".join(_student_cells(zoo, own)) + " |")
    return "\n".join(lines)


def _student_cells(zoo: Zoo, own: Sequence[Outcome]) -> list[str]:
    ours, theirs = (
        median(entry.accuracy or 0.0 for entry in side) for side in zip(*(item.pair[:2] for item in own), strict=True)
    )
    alike = [likeness(zoo, item.pair) for item in own]
    gram, two_view = (
        [test for item in own for test in item.evidence.tests if test.test == name] for name in ("gram", "two_view")
    )
    return [
        f"{ours:.3f} ({theirs:.3f})",
        f"{median(share for share, _ in alike):.3f}",
        f"{median(value for _, unlike in alike for value in unlike):.2f}",
        _counts(item.evidence.verdict for item in own),
        _range([item.evidence.z for item in own]),
        _range(_group_z(own, "residual")),
        _beside_controls(gram),
        ", ".join(f"{test.statistic:.0f}" for test in two_view) + f" of {two_view[0].n}" if two_view else "-",
        _beside_controls(two_view),
        _held_out(own),
    ]


def held_out(judged: Sequence[Outcome]) -> str:
    """Return the held-out z of Two-view for models trained apart and for each kind of student."""
    kinds = {"of models trained apart": [i for i in judged if _is_apart(i)]}
    kinds |= {f"of {kind} students": taught(judged, kind) for kind in (DISTILLED, IMITATED)}
    return ", ".join(f"{name} {_held_out(items)}" for name, items in kinds.items())


def _held_out(judged: Sequence[Outcome]) -> str:
    tests = [test for item in judged for test in item.evidence.tests if test.test == "two_view"]
    return _range([test.variants["held_out"] for test in tests])


def _is_apart(item: Outcome) -> bool:
    """Tell whether both models were trained from random starts, without a teacher."""
    return item.pair.relation == "independent" and item.pair.candidate.kind == SCRATCH


def _beside_controls(tests: Sequence[EvidenceTest]) -> str:
    """Return the range of z and the largest control."""
    controls = [test.controls.max_z for test in tests if test.controls.max_z is not None]
    return f"{_range([test.z for test in tests])} ({max(controls):.1f})" if controls else "-"


def _group_z(judged: Sequence[Outcome], name: str) -> list[float]:
    tables = [item.evidence.groups for item in judged]
    return [float(z) for own in tables for group, z in zip(own.groups, own.z, strict=True) if group == name]


def calibration(judged: Sequence[Outcome]) -> str:
    """Return the pooled test of z, and how often each bound falls below a level, over independent pairs."""
    own = [item for item in judged if item.pair.relation in UNRELATED]
    kinds = {
        "pairs trained apart": [item for item in own if _is_apart(item)],
        **{f"students against their teacher ({kind})": taught(own, kind) for kind in (DISTILLED, IMITATED)},
    }
    lines = [_normality(name, items) for name, items in kinds.items() if items]
    lines.append(
        f"- verdicts on all {len(own)} independent pairs (descendants of a stranger, and students, too): "
        f"{_counts(item.evidence.verdict for item in own)}."
    )
    for test in ("permutation_z", "coincidence", "heads"):
        bounds = [t.log10_p for item in own for t in item.evidence.tests if t.test == test and t.log10_p is not None]
        if not bounds:
            continue
        shares = ", ".join(f"{np.mean(10.0 ** np.array(bounds) <= level):.4f} at {level}" for level in LEVELS)
        lines.append(f"- bound of {test}: share of pairs at or below each level: {shares} ({len(bounds)} pairs).")
    for test in ("gram", "two_view", "anchored", "head_order"):
        found = [t for item in own for t in item.evidence.tests if t.test == test]
        if found:
            lines.append(f"- calibrated, {test}: {_controlled(found)} ({len(found)} pairs).")
    groups = np.concatenate([item.evidence.groups.log10_p for item in own])
    shares = ", ".join(f"{np.mean(10.0**groups <= level):.5f} at {level}" for level in LEVELS)
    lines.append(f"- bounds of single groups: {shares} ({len(groups)} groups).")
    return "\n".join(lines)


def _controlled(tests: Sequence[EvidenceTest]) -> str:
    """Return how far a calibrated test came, beside what its shuffled controls gave and what the rule asks for."""
    ratios = [(test.z or 0.0) / max(test.controls.max_z or 1.0, 1.0) for test in tests]
    text = (
        f"z {_beside_controls(tests)}, at most {max(ratios):.1f} times its own largest control (the rule asks for 10)"
    )
    if tests[0].test == "gram":
        return text
    return f"{text}; at most {max((test.statistic or 0.0) / test.n for test in tests):.1%} of the units agree"


def _normality(name: str, judged: Sequence[Outcome]) -> str:
    z = np.array([item.evidence.z for item in judged])
    ks = kstest(z, "norm")
    return (
        f"- {len(z)} {name}: z from {z.min():.2f} to {z.max():.2f}, mean {z.mean():.3f}, "
        f"sd {z.std():.3f}; Kolmogorov-Smirnov against the standard normal: D {ks.statistic:.3f}, p {ks.pvalue:.3f}."
    )


def taught(judged: Iterable[Outcome], kind: str) -> list[Outcome]:
    """The students of a kind, each against its teacher."""
    return [item for item in judged if item.pair.relation == "distilled" and item.pair.candidate.kind == kind]


def main() -> int:
    """Judge the zoo; 1 if an independent pair is accused or a derived one missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--family", nargs="*", default=None)
    parser.add_argument("--write", action="store_true", help="write docs/verdicts.md")
    options = parser.parse_args()
    zoo = Zoo.open(options.folder)
    families = options.family or sorted({entry.family for entry in zoo.models})
    judged = list(outcomes(zoo, families))
    page = TEXT.format(
        date=date.today().isoformat(),
        table=table(judged),
        students=students(zoo, judged),
        held_out=held_out(judged),
        temperature=TEMPERATURE,
        calibration=calibration(judged),
    )
    print(page)
    if options.write:
        PAGE.write_text(page, encoding="utf-8")
    wrong = [item for item in judged if is_wrong(item)]
    for item in wrong:
        print(f"wrong: {item.pair.candidate.name} against {item.pair.reference.name}: {item.evidence.verdict}")
    return 1 if wrong else 0


def is_wrong(item: Outcome) -> bool:
    """Tell whether models without a weight in common are accused, or models with one cleared."""
    found = item.evidence.verdict in DEPENDENT
    return found == (item.pair.relation in UNRELATED)


if __name__ == "__main__":
    sys.exit(main())
