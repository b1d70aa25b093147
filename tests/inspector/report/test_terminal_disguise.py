"""The terminal says of a disguise what the window says."""

from __future__ import annotations

from dataclasses import replace

import pytest

from inspector.report.evidence import evidence_fields
from inspector.report.terminal_evidence import evidence_lines
from tests.gui import canned_evidence
from tests.inspector.test_plain import seen_through


@pytest.mark.parametrize(
    ("exact", "end"),
    [(True, "largest control 3.7), p ≤ 10^-22 (proven bound)"), (False, "largest control 3.7), decided by controls")],
)
def test_the_test_that_saw_through_stands_beside_the_verdict(exact: bool, end: str) -> None:
    first = evidence_lines(seen_through(exact=exact))[0]
    assert first.startswith("  Derived (common origin): Anchored z 122.3 (as is -3.0, ")
    assert first.endswith(end)


def test_the_json_says_what_was_undone() -> None:
    fields = evidence_fields(replace(seen_through(exact=True), undone=canned_evidence.undone()))
    codes = [item["code"] for item in fields["undone"]]
    assert codes
    assert all(code.startswith("evidence.undone.") for code in codes)
    assert evidence_fields(seen_through(exact=True))["undone"] == []
    assert evidence_fields(None)["undone"] == []
