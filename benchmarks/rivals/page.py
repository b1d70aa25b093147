"""The page docs/rivals.md, written from results: what was compared, the two tables, and what the figures say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from statistics import median
from typing import NamedTuple

from benchmarks.rivals.cases import DEPENDENT, Label
from benchmarks.rivals.counting import Count, area, count, strangers
from benchmarks.rivals.methods import ASSAYER, METHODS, Rule
from benchmarks.rivals.running import Result
from benchmarks.rivals.words import NEEDS_OF_ASSAYER, TEXT

OWN = Rule("its verdict", float("inf"))
LISTED = 8  # kinds that one sentence names; the table has all
KINDS: dict[Label, str] = {
    "derived": "derived: found",
    "disguised": "disguised: found",
    "same start": "same random start, trained apart: found",
    "distilled": "distilled students: accused",
    "independent": "strangers: accused",
}


class Row(NamedTuple):
    """One method under one rule, with all its results."""

    title: str
    short: str
    rule: Rule
    needs: str
    results: list[Result]

    def labelled(self, *labels: Label) -> list[Result]:
        """Results of these labels."""
        return [item for item in self.results if item.label in labels]

    def fair(self, label: Label) -> list[Result]:
        """Results of a label without those that set the rule's own threshold."""
        return strangers(self.results, self.rule) if label == "independent" else self.labelled(label)

    def found(self, chosen: Iterable[Result]) -> Count:
        """Count what the rule says "derived" of."""
        return count(self.results, self.rule, chosen)


def page(results: Sequence[Result]) -> str:
    """The whole page."""
    rows = list(_rows(results))
    families = sorted({result.family for result in results})
    return TEXT.format(
        date=date.today().isoformat(), families=", ".join(families), pairs=len({item.case for item in results}),
        summary=summary(rows), kinds=by_kind(rows), ranking=ranking(rows), reading=reading(rows),
    )  # fmt: skip


def _rows(results: Sequence[Result]) -> Iterator[Row]:
    own = [item for item in results if item.method == ASSAYER]
    if own:
        yield Row("**Assayer**", "**Assayer**", OWN, NEEDS_OF_ASSAYER, own)
    for method in METHODS:
        its = [item for item in results if item.method == method.key]
        for rule in method.rules if its else ():
            yield Row(method.title, method.short, rule, method.needs, its)


def summary(rows: Sequence[Row]) -> str:
    """One row a method and rule."""
    head = ("method", "says derived when", "derived: found", "disguised: found", "strangers: accused",
            "distilled: accused", "AUC derived", "AUC disguised", "seconds a pair", "needs")  # fmt: skip
    lines = [_line(head), "|---" * len(head) + "|"]
    for row in rows:
        counts = [str(row.found(row.fair(label))) for label in ("derived", "disguised", "independent", "distilled")]
        against = row.labelled("independent")
        areas = [_figure(area(row.labelled(label), against)) for label in DEPENDENT]
        seconds = f"{median(item.seconds for item in row.results):.2f}"
        lines.append(_line([row.title, row.rule.name, *counts, *areas, seconds, row.needs]))
    return "\n".join(lines)


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _figure(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def by_kind(rows: Sequence[Row]) -> str:
    """One row a kind of pair, one column a method and rule."""
    lines = [_line(["", *(f"{row.short} {row.rule.name}" for row in rows)]), "|---" * (len(rows) + 1) + "|"]
    for label, title in KINDS.items():
        kinds = dict.fromkeys(item.kind for row in rows for item in row.labelled(label))
        if kinds:
            lines.append(_line([f"**{title}**", *("" for _ in rows)]))
        lines += [_line([kind, *(_cell(row, label, kind) for row in rows)]) for kind in kinds]
    return "\n".join(lines)


def _cell(row: Row, label: Label, kind: str) -> str:
    chosen = [item for item in row.fair(label) if item.kind == kind]
    silent = sum(item.score is None and not item.verdict for item in chosen)
    return f"{row.found(chosen)}" + (f" ({silent} not comparable)" if silent else "")


def ranking(rows: Sequence[Row]) -> str:
    """The rules that accuse no stranger and no student, by what they find; and those that accuse."""
    innocent, accusers = [], []
    for row in sorted(rows, key=lambda row: -row.found(row.labelled(*DEPENDENT)).found):
        accused = row.found([*row.fair("independent"), *row.fair("distilled")])
        found = f"{row.short} {row.rule.name} finds {row.found(row.labelled(*DEPENDENT))}"
        if accused.found:
            accusers.append(f"{found} and accuses {accused}")
        else:
            innocent.append(found)
    return f"Without accusing anybody: {'; '.join(innocent) or 'none'}. The others: {'; '.join(accusers) or 'none'}."


def reading(rows: Sequence[Row]) -> str:
    """A sentence a row, from its counts: what it misses, and whom it accuses."""
    return "\n".join(f"- {row.title}, {row.rule.name}: {_said(row)}" for row in rows)


def _said(row: Row) -> str:
    parts = [f"{row.found(row.labelled(label))} {label} pairs found" for label in DEPENDENT if row.labelled(label)]
    counts = {
        kind: row.found(item for item in row.labelled(*DEPENDENT) if item.kind == kind)
        for kind in dict.fromkeys(item.kind for item in row.labelled(*DEPENDENT))
    }
    never = [kind for kind, got in counts.items() if got.found == 0]
    partly = [f"{kind} ({got})" for kind, got in counts.items() if 0 < got.found < got.of]
    if never:
        parts.append(f"never {_first(never)}")
    if partly:
        parts.append(f"only partly {_first(partly)}")
    accused = [f"{row.found(row.fair(label))} {name}" for label, name in _ACCUSED if row.fair(label)]
    return "; ".join([*parts, "accuses " + " and ".join(accused)]) + "."


def _first(names: Sequence[str]) -> str:
    more = len(names) - LISTED
    return ", ".join(names[:LISTED]) + (f" and {more} more" if more > 0 else "")


_ACCUSED: tuple[tuple[Label, str], ...] = (("independent", "strangers"), ("distilled", "distilled students"))
