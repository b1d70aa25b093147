"""What an index needs of a review: its findings, each with the best comparison alone and without arrays."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from inspector.batch_results import RowSummary
from inspector.evidence_results import Evidence, GroupTable
from inspector.results import Against, Comparison, ComponentFinding, PairTable
from inspector.review_results import Review

_NONE, _NO_VALUES = np.zeros(0, np.int64), np.zeros(0)
_NO_PAIRS = PairTable((), (), (), _NONE, _NONE, _NONE, {})
_NO_GROUPS = GroupTable(
    (), *(_NONE, _NONE, _NONE, _NONE), *(_NO_VALUES, _NO_VALUES, _NO_VALUES, _NO_VALUES, _NO_VALUES),
    _NONE, _NONE, _NO_VALUES, _NONE, np.zeros(0, np.bool_),
)  # fmt: skip


def summary_of(review: Review, comparison: Comparison) -> RowSummary:
    """Return the summary of a review; `comparison` is its results."""
    return RowSummary(
        comparison.candidate.path,
        tuple(fact.name for fact in comparison.references),
        tuple(map(_finding, comparison.components)),
        sum(_compared(finding) for finding in comparison.components),
        len(review.decisions.standing),
    )


def _compared(finding: ComponentFinding) -> int:
    """Return with how many references a component was compared, by screening alone too."""
    screened = finding.screened
    if screened is None:
        return len(finding.against)
    return len({name for name, count in zip(screened.table.references, screened.table.groups, strict=True) if count})


def _finding(finding: ComponentFinding) -> ComponentFinding:
    best = finding.best
    return replace(finding, against=() if best is None else (_against(best),), screened=None)


def _against(against: Against) -> Against:
    evidence = None if against.evidence is None else _evidence(against.evidence)
    return replace(against, layers=(), matrices=(), pairs=_NO_PAIRS, excluded=(), warnings=(), evidence=evidence)


def _evidence(evidence: Evidence) -> Evidence:
    tests = tuple(replace(test, curve=None, variants={}, notes=()) for test in evidence.tests)
    return replace(evidence, tests=tests, groups=_NO_GROUPS, units=(), undone=None, left_out=(), notes=())
