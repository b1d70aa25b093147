"""What the evidence tests found, as text for a terminal."""

from __future__ import annotations

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from inspector.errors import Note, worded
from inspector.evidence_results import Controls, Evidence, EvidenceTest
from inspector.plain import bound_text, nature_note

_NONE = "-"


def evidence_lines(evidence: Evidence | None) -> tuple[str, ...]:
    """Return the verdict's numbers and its reason, () where no test has run."""
    if evidence is None:
        return ()
    verdict = worded(Note(f"evidence.verdict.{evidence.verdict}"))
    limit = _limit(evidence)
    bound = bound_text(evidence.log10_p)
    first = ", ".join(
        part
        for part in (
            f"  {verdict}: z {_signed(evidence.z)}",
            f"{bound} ({'proven bound' if evidence.exact else 'proven bound, did not decide'})" if bound else "",
            limit,
        )
        if part
    )
    return first, _facts(evidence), f"  reason: {worded(evidence.reason)}"


def tests_table(evidence: Evidence) -> Table:
    """Return every test as a row of a table."""
    table = Table(box=SIMPLE_HEAD, pad_edge=True)
    for title in ("test", "statistic", "z", "log10 p", "n", "groups", "kind", "rejects", "controls"):
        table.add_column(title, justify="left" if title in ("test", "kind", "rejects", "controls") else "right")
    for test in evidence.tests:
        table.add_row(*(Text(cell) for cell in _row(test)))
    return table


def _row(test: EvidenceTest) -> tuple[str, ...]:
    return (
        worded(Note(f"evidence.test.{test.test}")),
        _NONE if test.statistic is None else f"{test.statistic:.4g}",
        _signed(test.z),
        _signed(test.log10_p),
        f"{test.n:,}",
        str(test.groups),
        _kind(test),
        "yes" if test.rejects else "no",
        _controls(test.controls),
    )


def _controls(controls: Controls) -> str:
    if controls.max_z is None or controls.kind == "none":
        return _NONE
    return f"{controls.kind}, {controls.n:,}, largest z {_signed(controls.max_z)}"


def _facts(evidence: Evidence) -> str:
    parts = [f"examined {_share(evidence.coverage)}"]
    if evidence.inherited_fraction is not None:
        parts.insert(0, f"inherited {_share(evidence.inherited_fraction)}")
    if evidence.nature is not None:
        parts.append(worded(nature_note(evidence.nature)))
        parts.append(worded(Note(f"evidence.origin_short.{evidence.nature.origin}")))
    parts += [worded(Note(f"evidence.disguise.{name}")) for name in evidence.disguises]
    return f"  {', '.join(parts)}"


def _limit(evidence: Evidence) -> str:
    limit = evidence.detection_limit
    if limit is None or (limit.r is None and limit.units is None):
        return ""
    r = "" if limit.r is None else f"r {limit.r:.3g}"
    units = "" if limit.units is None else f"{limit.units:.2%} of the units"
    return f"detection limit {' or '.join(part for part in (r, units) if part)}"


def _signed(value: float | None) -> str:
    return _NONE if value is None else f"{value:.1f}".replace("-0.0", "0.0")


def _kind(test: EvidenceTest) -> str:
    if not test.n:
        return "not run"
    return "exact" if test.exact else "direct" if test.test == "identity" else "calibrated"


def _share(share: float) -> str:
    """Return a percentage that reads as 100 only when it is all."""
    text = f"{100 * share:.1f} %"
    return ">99.9 %" if share < 1 and text == "100.0 %" else text
