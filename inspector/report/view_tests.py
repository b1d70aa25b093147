"""Every test of a component as a row of the evidence table."""

from __future__ import annotations

from inspector.evidence_results import Evidence, EvidenceTest
from inspector.plain import test_kind
from inspector.report.words import NONE, Words, number


def rows_of_tests(evidence: Evidence, words: Words) -> tuple[tuple[str, ...], ...]:
    """Return name, whether it rejects, statistic, null, z, log10 p, kind, units, control: a row each."""
    return tuple(_row(test, words) for test in evidence.tests)


def _row(test: EvidenceTest, words: Words) -> tuple[str, ...]:
    null = test.null
    spread = "" if null is None or null.sd is None else f" ± {number(null.sd)}"
    statistic = words.named("evidence.statistic", test.test)
    return (
        words.named("evidence.test", test.test),
        words("report.yes" if test.rejects else "report.no"),
        _short(test.statistic),
        NONE if null is None else f"{number(null.mean)}{spread}",
        number(test.z, 1),
        number(test.log10_p, 1),
        words(f"report.kind_of_test.{test_kind(test)}"),
        f"{test.n:,}",
        _controls(test, words),
        statistic,
    )


def _short(value: float | None) -> str:
    text = number(value)
    return text.rstrip("0").rstrip(".") if "." in text else text


def _controls(test: EvidenceTest, words: Words) -> str:
    controls = test.controls
    if controls.max_z is None:
        return NONE
    return words("report.control", z=number(controls.max_z, 1), n=controls.n)
