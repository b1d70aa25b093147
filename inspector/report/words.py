"""The words and numbers of a report in one language."""

from __future__ import annotations

import math
from dataclasses import dataclass

from inspector.errors import Note, Parameter, shown, worded
from inspector.plain import bound_text
from inspector.report_results import BREAK, RAISED
from inspector.results import Comparison, ComponentFinding, Measured

NONE = "—"


@dataclass(frozen=True, slots=True)
class Words:
    """One language: "en" or "ko"."""

    language: str

    def __call__(self, code: str, /, **params: Parameter) -> str:
        """Return the words of a message."""
        return worded(Note(code, params), self.language)

    def note(self, note: Note) -> str:
        """Return a message in words."""
        return worded(note, self.language)

    def named(self, area: str, name: str) -> str:
        """Return the words for a name that the engine gives; one that has none stands as it is."""
        try:
            return self(f"{area}.{name}")
        except KeyError:
            return shown(name)

    def component(self, finding: ComponentFinding, every: tuple[ComponentFinding, ...]) -> str:
        """Return a component by its kind, with its name where several are of that kind."""
        kind = self(f"report.kind.{finding.kind}")
        alone = sum(other.kind == finding.kind for other in every) == 1
        return kind if alone else f"{kind} ({shown(finding.name.partition(':')[2] or finding.name)})"

    def overall(self, note: Note, comparison: Comparison) -> str:
        """Word a sentence about the whole candidate, with the components by their kinds."""
        titles = {finding.name: self.component(finding, comparison.components) for finding in comparison.components}
        told = str(note.params.get("components", "")).split(", ")
        names = ", ".join(titles.get(name, name) for name in told)
        # Longer than one parameter may be: put in after the sentence is worded, so that no component is cut away.
        text = self.note(Note(note.code, {**note.params, "components": "\x01"}))
        return text.replace("\\x01", names)


def number(value: float | None, digits: int = 4) -> str:
    """Return a number, `NONE` where it is undefined.

    >>> number(-0.00001), number(0.9959), number(None), number(float("nan"))
    ('0.0000', '0.9959', '—', '—')
    """
    if value is None or not math.isfinite(value):
        return NONE
    text = f"{value:,.{digits}f}"
    return text.replace("-", "−") if float(text.replace(",", "")) else text.lstrip("-")


def share(value: float | None) -> str:
    """Return a percentage that reads as 100 only when it is all, and as 0 only when it is nothing.

    >>> share(0.99999), share(1.0), share(0.00001), share(0.0)
    ('> 99.9 %', '100.0 %', '< 0.1 %', '0.0 %')
    """
    if value is None or not math.isfinite(value):
        return NONE
    text = f"{100 * value:.1f} %"
    if text == "100.0 %" and value < 1:
        return "> 99.9 %"
    return "< 0.1 %" if text == "0.0 %" and value > 0 else text


def bound(log10_p: float | None) -> str:
    """Return a proven bound on p with its power of ten raised, `NONE` where there is none."""
    text = bound_text(log10_p)
    if not text:
        return NONE
    start, power, exponent = text.partition("10^")
    if not power:
        return text
    return f"{start}10{RAISED}{exponent.replace('-', '−')}{RAISED}"


def breakable(name: str) -> str:
    """Return a name that may be broken after its dots, slashes and underscores."""
    text = name
    for sign in "._/":
        text = text.replace(sign, sign + BREAK)
    return text


def with_null(measured: Measured | None) -> tuple[str, str]:
    """Return a measure and its shuffled baseline."""
    if measured is None:
        return NONE, NONE
    null = measured.null
    spread = "" if null is None or null.sd is None else f" ± {number(null.sd)}"
    return number(measured.value), NONE if null is None else f"{number(null.mean)}{spread}"
