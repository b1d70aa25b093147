"""The outcomes as lines and as the page docs/attacks.md."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.attacks.judging import Outcome
from benchmarks.attacks.registry import FAMILIES

TEXT = """# Attacks

Written by `python -m benchmarks.attacks.table --folder FOLDER --results FILE --write` on {date}. Every manipulation of
`benchmarks/attacks` is applied to a really trained model of each family of the zoo, written as a checkpoint, and
compared with the model it was made from. The engine is told nothing.

A cell says: the verdict (**bold** where it says that the weights are not independent); log10 p, with "exact" where
it is a proven bound and "calibrated" where it is not; the disguises named, ~~struck~~ where one is missing, with
"?" where one is named that is not there; layers matched to the right layer of the reference, of those that come from
it; the tests that reject. "–" is an attack that the family cannot have, explained below the table.

`kept`: the answers of the model are those of the original within float error (a forward pass before and after; the
largest relative change found is in the column). `near`, `changed`: they moved, by as much as the column says.

{tables}
"""
SHORT = {
    "identity": "identity", "permutation_z": "z", "coincidence": "coincidence", "gram": "gram", "heads": "heads",
    "two_view": "two-view", "anchored": "anchored", "surgery": "surgery",
}  # fmt: skip


def line(outcome: Outcome) -> str:
    """Return one outcome as a line for the terminal."""
    head = f"{outcome.attack:<24} {outcome.family:<14}"
    if outcome.impossible:
        return f"{head} not possible: {outcome.impossible}"
    moved = "" if outcome.moved is None else f"{outcome.moved:.1e}"
    return f"{head} {outcome.function} {moved:<8} {cell(outcome)}  {outcome.seconds:.1f} s"


def cell(outcome: Outcome) -> str:
    """Return one outcome as a cell of the table."""
    if outcome.impossible:
        return "–"
    verdict = f"**{outcome.verdict}**" if outcome.found else f"{outcome.verdict} ({outcome.reason})"
    p = ""
    if outcome.log10_p is not None:
        p = f"{outcome.log10_p:.0f} {'exact' if outcome.exact else 'calibrated'}"
    named = [f"{name}?" if name in outcome.wrong else name for name in outcome.disguises]
    named += [f"~~{name}~~" for name in outcome.missing]
    layers = f"layers {outcome.layers_right}/{outcome.layers}" if outcome.found and outcome.layers else ""
    tests = " ".join(SHORT.get(test, test) for test in outcome.rejects)
    return "; ".join(part for part in (verdict, p, ", ".join(named), layers, tests) if part)


def table(outcomes: Sequence[Outcome]) -> str:
    """Return attack × family as a table, and under it why families lack an attack."""
    families = [family for family in FAMILIES if any(item.family == family for item in outcomes)]
    lines = [f"| attack | function | {' | '.join(families)} |", f"|---|---|{'---|' * len(families)}"]
    reasons: dict[str, list[str]] = {}
    for name in dict.fromkeys(item.attack for item in outcomes):
        own = {item.family: item for item in outcomes if item.attack == name}
        moved = [item.moved for item in own.values() if item.moved is not None]
        functions = dict.fromkeys(item.function for item in own.values() if not item.impossible)
        function = " ".join([*functions, *([f"{max(moved):.1e}"] if moved else [])])
        cells = [cell(own[family]) if family in own else "" for family in families]
        lines.append(f"| {name} | {function} | {' | '.join(cells)} |")
        for item in own.values():
            if item.impossible:
                reasons.setdefault(f"{name}: {item.impossible}", []).append(item.family)
    notes = [f"- {', '.join(families)}, {reason}." for reason, families in reasons.items()]
    return "\n".join([*lines, "", *notes])


def summary(outcomes: Sequence[Outcome]) -> str:
    """Return the counts of a set of outcomes in one sentence."""
    judged = [item for item in outcomes if not item.impossible]
    found = [item for item in judged if item.found]
    proven = [item for item in found if item.exact and item.log10_p is not None and item.log10_p < -12]
    named = [item for item in found if not item.missing and not item.wrong]
    return (
        f"{len(judged)} cells: {len(found)} found not independent, {len(proven)} of them by a proven bound below "
        f"10^-12; the disguises named exactly as expected in {len(named)}."
    )


def text(outcomes: Sequence[Outcome], date: str) -> str:
    """Return the whole page."""
    parts = []
    titles = {False: "Derived models, disguised", True: "Independent models, disguised the same way"}
    for independent, title in titles.items():
        own = [item for item in outcomes if item.independent == independent]
        if own:
            parts.append(f"## {title}\n\n{summary(own)}\n\n{table(own)}")
    return TEXT.format(date=date, tables="\n\n".join(parts))
