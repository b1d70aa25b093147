"""What the evidence tests found, as text for a terminal."""

from __future__ import annotations

from rich.table import Table
from rich.text import Text

from inspector.errors import Note, worded
from inspector.evidence_results import Evidence, EvidenceTest
from inspector.layer_diff import DiffLine, span_text
from inspector.plain import bound_text, deciding_test, disguises, nature_note, proven_log10_p, test_kind
from inspector.undone_map import undone_text

_NONE = "-"
_SIGN_STYLES = {"-": "red", "+": "green", "~": "yellow", "=": ""}


def evidence_lines(evidence: Evidence | None) -> tuple[str, ...]:
    """Return the verdict's numbers, its reason and what was undone, () where no test has run."""
    if evidence is None:
        return ()
    verdict = worded(Note(f"evidence.verdict.{evidence.verdict}"))
    limit = _limit(evidence)
    bound = bound_text(proven_log10_p(evidence))
    first = ", ".join(
        part
        for part in (
            f"  {verdict}: {_z(evidence)}",
            f"{bound} ({'proven bound' if evidence.exact else 'proven bound, did not decide'})" if bound else "",
            limit,
        )
        if part
    )
    undone = undone_text(evidence.undone, worded) if evidence.undone is not None else ""
    named = ", ".join(worded(Note(f"evidence.disguise.{name}")) for name in disguises(evidence))
    more = [f"  disguise: {named}" if named else "", f"  {undone}" if undone else ""]
    return first, _facts(evidence), f"  reason: {worded(evidence.reason)}", *(line for line in more if line)


def diff_lines(diff: tuple[DiffLine, ...]) -> tuple[Text, ...]:
    """Return the alignment of the layers as a text diff from the reference to the candidate, () where it is empty."""
    if not diff:
        return ()
    spans = [(span_text(line.reference, line.count), span_text(line.candidate, line.count)) for line in diff]
    titles = "reference", "candidate"
    wide = [max(len(title), *map(len, column)) for title, column in zip(titles, zip(*spans, strict=True), strict=True)]
    out = [Text(f"layers  {titles[0]:<{wide[0]}}  {titles[1]:<{wide[1]}}", style="bold")]
    for line, (theirs, ours) in zip(diff, spans, strict=True):
        told = {"-": "missing", "~": "moved", "+": "own", "=": ""}[line.sign]
        if line.sign == "+" and theirs:
            told, theirs = f"repeats {theirs}", ""
        text = f"     {line.sign}  {theirs:<{wide[0]}}  {ours:<{wide[1]}}  {told}"
        out.append(Text(text.rstrip(), style=_SIGN_STYLES[line.sign]))
    return tuple(out)


def tests_table(evidence: Evidence) -> Table:
    """Return every test as a row of a table."""
    table = Table(box=None, padding=(0, 1, 0, 0), header_style="bold")
    for title in ("  test", "rejects", "statistic", "z", "log10 p", "kind", "units", "control z"):
        left = title in ("  test", "rejects", "kind")
        table.add_column(title, justify="left" if left else "right", no_wrap=True)
    for test in evidence.tests:
        table.add_row(*(Text(cell) for cell in _row(test)))
    return table


def _z(evidence: Evidence) -> str:
    """Return Permutation z, or the z of the test that saw through a disguise with it in brackets."""
    test = deciding_test(evidence)
    if test is None:
        return f"z {_signed(evidence.z)}"
    named = worded(Note(f"evidence.test.{test.test}"))
    control = "" if test.controls.max_z is None else f", largest control {_signed(test.controls.max_z)}"
    decided = "" if evidence.exact else ", decided by controls"
    return f"{named} z {_signed(test.z)} (as is {_signed(evidence.z)}{control}){decided}"


def _row(test: EvidenceTest) -> tuple[str, ...]:
    return (
        f"  {worded(Note(f'evidence.test.{test.test}'))}",
        "yes" if test.rejects else "no",
        _NONE if test.statistic is None else f"{test.statistic:.4f}".rstrip("0").rstrip("."),
        _signed(test.z),
        _signed(test.log10_p),
        test_kind(test).replace("_", " "),
        f"{test.n:,}",
        _signed(test.controls.max_z),
    )


def _facts(evidence: Evidence) -> str:
    parts = [f"examined {_share(evidence.coverage)}"]
    if evidence.inherited_fraction is not None:
        parts.insert(0, f"inherited {_share(evidence.inherited_fraction)}")
    if evidence.nature is not None:
        if evidence.nature.kind != "unknown" or not evidence.disguises:
            parts.append(worded(nature_note(evidence.nature)))
        parts.append(worded(Note(f"evidence.origin_short.{evidence.nature.origin}")))
    return f"  {', '.join(parts)}"


def _limit(evidence: Evidence) -> str:
    limit = evidence.detection_limit
    if limit is None or (limit.r is None and limit.units is None):
        return ""
    r = "" if limit.r is None else f"r {limit.r:.3g}"
    units = "" if limit.units is None else f"{limit.units:.1%} of the units"
    return f"detection limit {' or '.join(part for part in (r, units) if part)}"


def _signed(value: float | None) -> str:
    return _NONE if value is None else f"{value:.1f}".replace("-0.0", "0.0")


def _share(share: float) -> str:
    """Return a percentage that reads as 100 only when it is all."""
    text = f"{100 * share:.1f} %"
    return ">99.9 %" if share < 1 and text == "100.0 %" else text
