"""The outcomes as lines and as the page docs/attacks.md."""

from __future__ import annotations

from collections.abc import Sequence
from typing import get_args

from benchmarks.attacks.attacks import ATTACKS
from benchmarks.attacks.judging import Outcome
from benchmarks.attacks.registry import FAMILIES, Group

TUNED = "+tuned"
PROVEN = -12.0  # log10 p that an exact bound should be below
TEXT = """# Attacks

Written by `python -m benchmarks.attacks.table --folder FOLDER --results FILE --write` on {date}. Every manipulation of
`benchmarks/attacks` is applied to a really trained model of each family of the zoo, written as a checkpoint, and
compared with the model it was made from. The engine is told nothing. A row that ends in `+tuned` is the attack above it
followed by a short fine-tune on another task.

A cell says: the verdict (**bold** where it says that the weights are not independent); log10 p where a proven bound
decided ("exact"), "calibrated" where only controls did; the disguises named, ~~struck~~ where one is missing, with
"?" where one is named that is not there; layers told right, of those that come from the reference; the tests that
reject. "–" is an attack that the family cannot have, explained below the table; nothing is a cell that was not judged.
Outcomes are kept in FILE; of several runs the last of each cell is shown.

`kept`: the answers of the model are those of the original within float error (a forward pass before and after; the
largest change found, relative to how far the answers vary, is in the column). `near`, `changed`: they moved by that.

{parts}
"""
SHORT = {"permutation_z": "z", "two_view": "two-view"}
TITLES = {False: "Derived models, disguised", True: "Independent models, disguised the same way"}


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
        p = f"{outcome.log10_p:.0f} exact" if outcome.exact else "calibrated" if outcome.found else ""
    missing = () if outcome.independent else outcome.missing
    wrong = outcome.disguises if outcome.independent else outcome.wrong
    named = [f"{name}?" if name in wrong else name for name in outcome.disguises]
    named += [f"~~{name}~~" for name in missing]
    layers = ""
    if outcome.found and outcome.layers and not outcome.independent:
        layers = f"layers {outcome.layers_right}/{outcome.layers}"
    tests = " ".join(SHORT.get(test, test) for test in outcome.rejects)
    return "; ".join(part for part in (verdict, p, ", ".join(named), layers, tests) if part)


def table(outcomes: Sequence[Outcome]) -> str:
    """Return attack × family as a table, and under it why families lack an attack."""
    families = [family for family in FAMILIES if any(item.family == family for item in outcomes)]
    rows = [_row(name, outcomes, families) for name in dict.fromkeys(item.attack for item in outcomes)]
    head = [f"| attack | function | {' | '.join(families)} |", f"|---|---|{'---|' * len(families)}"]
    return "\n".join([*head, *rows, *_reasons(outcomes)])


def _row(name: str, outcomes: Sequence[Outcome], families: Sequence[str]) -> str:
    own = {item.family: item for item in outcomes if item.attack == name}
    moved = [item.moved for item in own.values() if item.moved is not None]
    functions = dict.fromkeys(item.function for item in own.values() if not item.impossible)
    function = " ".join([*functions, *([f"{max(moved):.1e}"] if moved else [])])
    says = ATTACKS[name].says if name in ATTACKS and ATTACKS[name].group != "chains" else ""
    cells = [cell(own[family]) if family in own else "" for family in families]
    return f"| `{name}`{'<br>' if says else ''}{says} | {function} | {' | '.join(cells)} |"


def _reasons(outcomes: Sequence[Outcome]) -> list[str]:
    found: dict[tuple[str, str], dict[str, None]] = {}
    for item in outcomes:
        if item.impossible and not item.attack.endswith(TUNED):
            found.setdefault((item.impossible, item.family), {})[f"`{item.attack}`"] = None
    by_attacks: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for (reason, family), attacks in found.items():
        by_attacks.setdefault((reason, tuple(attacks)), []).append(family)
    return ["", *(f"- {', '.join(who)}: no {', '.join(what)}. {why}." for (why, what), who in by_attacks.items())]


def summary(outcomes: Sequence[Outcome]) -> str:
    """Return the counts of a set of outcomes of derived models, and what was missed."""
    judged = [item for item in outcomes if not item.impossible]
    found = [item for item in judged if item.found]
    proven = [item for item in found if item.exact and item.log10_p is not None and item.log10_p < PROVEN]
    named = [item for item in found if not item.missing and not item.wrong]
    right, layers = sum(item.layers_right for item in found), sum(item.layers for item in found)
    lines = [
        f"{len(judged)} cells: {len(found)} found not independent, {len(proven)} of them by a proven bound below "
        f"10^{PROVEN:.0f}; every expected disguise named and no other in {len(named)}; of the layers of those found, "
        f"{right} of {layers} matched to the right one.",
        *_list("Not found", [item for item in judged if not item.found]),
    ]
    return "\n\n".join(lines)


def accused(outcomes: Sequence[Outcome]) -> str:
    """Return the counts of a set of outcomes of independent models, and who was accused."""
    judged = [item for item in outcomes if not item.impossible]
    found = [item for item in judged if item.found]
    known = [item.log10_p for item in judged if item.log10_p is not None]
    smallest = f" The smallest log10 p: {min(known):.1f}." if known else ""
    lines = [f"{len(judged)} cells: {len(found)} accused.{smallest}", *_list("Accused", found)]
    return "\n\n".join(lines)


def _list(title: str, outcomes: Sequence[Outcome]) -> list[str]:
    by_attack: dict[str, list[str]] = {}
    for item in outcomes:
        by_attack.setdefault(item.attack, []).append(item.family)
    words = [f"`{name}` ({', '.join(families)})" for name, families in by_attack.items()]
    return [f"{title}: {'; '.join(words)}."] if words else []


def text(outcomes: Sequence[Outcome], date: str) -> str:
    """Return the whole page."""
    parts = []
    for independent, title in TITLES.items():
        own = [item for item in outcomes if item.independent == independent and _base(item) in ATTACKS]
        own.sort(key=lambda item: (list(ATTACKS).index(_base(item)), item.attack.endswith(TUNED)))
        if not own:
            continue
        parts += [f"## {title}", accused(own) if independent else summary(own)]
        for group in get_args(Group):
            inside = [item for item in own if ATTACKS[_base(item)].group == group]
            parts += [f"### {group.capitalize()}", table(inside)] if inside else []
    return TEXT.format(date=date, parts="\n\n".join(parts))


def _base(outcome: Outcome) -> str:
    """The name in the table of attacks: a chain may itself end in a fine-tune."""
    return outcome.attack if outcome.attack in ATTACKS else outcome.attack.removesuffix(TUNED)
