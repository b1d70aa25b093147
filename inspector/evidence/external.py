"""External controls: what the other references give against the one that a finding names (METHODS section 4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from inspector.errors import Note
from inspector.evidence_results import Controls, Evidence, EvidenceTest

_INTERNAL_ONLY = "evidence.note.internal_only"


def with_external(evidence: Evidence, controls: Sequence[float], family: Sequence[str]) -> Evidence:
    """Return the evidence with external controls beside Permutation z, and what is said of related references.

    Args:
        evidence: of one reference. controls: z of unrelated references against it. family: names of references that
            reject against it.
    """
    notes = evidence.notes
    if controls:
        notes = tuple(note for note in notes if note.code != _INTERNAL_ONLY)
    if family:
        notes = (*notes, Note("evidence.note.common_ancestor", {"references": ", ".join(family)}))
    tests = tuple(_with(test, controls) if test.test == "permutation_z" else test for test in evidence.tests)
    return replace(evidence, tests=tests, notes=notes)


def _with(test: EvidenceTest, controls: Sequence[float]) -> EvidenceTest:
    if not controls:
        return test
    own = test.controls
    largest = max([*controls, *([own.max_z] if own.max_z is not None else [])])
    return replace(test, controls=Controls("external", largest, own.n + len(controls)))
