"""The page docs/rivals.md, written from results: what was compared, the two tables, and what the figures say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from statistics import median

from benchmarks.rivals.cases import DEPENDENT, Label
from benchmarks.rivals.counting import Count, area, count, false_positives
from benchmarks.rivals.methods import ASSAYER, METHODS, Rule
from benchmarks.rivals.running import Result
from benchmarks.rivals.words import NEEDS_OF_ASSAYER, TEXT

OWN = Rule("its verdict", float("inf"))
Row = tuple[str, Rule, str, list[Result]]  # title, rule, what is needed, all results of the method


def page(results: Sequence[Result]) -> str:
    """The whole page."""
    rows = list(_rows(results))
    families = sorted({result.family for result in results})
    return TEXT.format(
        date=date.today().isoformat(), families=", ".join(families), pairs=len({item.case for item in results}),
        summary=summary(rows), kinds=by_kind(rows), reading=reading(rows),
    )  # fmt: skip


def _rows(results: Sequence[Result]) -> Iterator[Row]:
    own = [item for item in results if item.method == ASSAYER]
    if own:
        yield "**Assayer**", OWN, NEEDS_OF_ASSAYER, own
    for method in METHODS:
        its = [item for item in results if item.method == method.key]
        for rule in method.rules if its else ():
            yield method.title, rule, method.needs, its


def _labelled(results: Sequence[Result], *labels: Label) -> list[Result]:
    return [item for item in results if item.label in labels]


def summary(rows: Sequence[Row]) -> str:
    """One row a method and rule."""
    head = ("method", "says derived when", "derived", "disguised", "independent: accused", "distilled: accused",
            "AUC derived", "AUC disguised", "seconds a pair", "needs")  # fmt: skip
    lines = ["| " + " | ".join(head) + " |", "|---" * len(head) + "|"]
    for title, rule, needs, its in rows:
        stranger = _labelled(its, "independent")
        counts = [str(count(its, rule, _labelled(its, label))) for label in DEPENDENT]
        accused = [str(false_positives(its, rule)), str(count(its, rule, _labelled(its, "distilled")))]
        areas = [_figure(area(_labelled(its, label), stranger)) for label in DEPENDENT]
        cells = [title, rule.name, *counts, *accused, *areas, f"{median(item.seconds for item in its):.2f}", needs]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _figure(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def by_kind(rows: Sequence[Row]) -> str:
    """One row a kind of pair, one column a method and rule."""
    kinds: dict[str, list[str]] = {label: [] for label in ("derived", "disguised", "same start")}
    for _, _, _, its in rows:
        for item in its:
            if item.label in kinds and item.kind not in kinds[item.label]:
                kinds[item.label].append(item.kind)
    heads = [f"{title}, {rule.name}" for title, rule, _, _ in rows]
    lines = ["| what was done | " + " | ".join(heads) + " |", "|---" * (len(heads) + 1) + "|"]
    for label, names in kinds.items():
        for kind in names:
            cells = [_cell(its, rule, label, kind) for _, rule, _, its in rows]
            lines.append(f"| {kind} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _cell(its: Sequence[Result], rule: Rule, label: str, kind: str) -> str:
    chosen = [item for item in its if (item.label, item.kind) == (label, kind)]
    silent = sum(item.score is None and not item.verdict for item in chosen)
    return f"{count(its, rule, chosen)}" + (f" ({silent} not comparable)" if silent else "")


def reading(rows: Sequence[Row]) -> str:
    """A sentence a row, from its counts: what it misses, and whom it accuses."""
    return "\n".join(f"- {title}, {rule.name}: {_said(its, rule)}" for title, rule, _, its in rows)


def _said(its: Sequence[Result], rule: Rule) -> str:
    dependent = _labelled(its, *DEPENDENT)
    kinds = list(dict.fromkeys((item.label, item.kind) for item in dependent))
    counted = {kind: _of_kind(its, rule, *kind) for kind in kinds}
    never = [kind for (_, kind), got in counted.items() if got.found == 0]
    partly = [f"{kind} ({got})" for (_, kind), got in counted.items() if 0 < got.found < got.of]
    parts = [f"finds {count(its, rule, dependent)} dependent pairs"]
    if never:
        parts.append("never " + ", ".join(never))
    if partly:
        parts.append("only partly " + ", ".join(partly))
    accused = false_positives(its, rule)
    parts.append(f"accuses {accused.found} of {accused.of} independent pairs" if accused.found else "accuses nobody")
    return "; ".join(parts) + "."


def _of_kind(its: Sequence[Result], rule: Rule, label: Label, kind: str) -> Count:
    return count(its, rule, [item for item in its if (item.label, item.kind) == (label, kind)])
