"""What may be said of a candidate as a whole: one message a verdict that occurs, put together from its components."""

from __future__ import annotations

from collections.abc import Sequence

from inspector.errors import Note
from inspector.evidence_results import DEPENDENT, Verdict
from inspector.results import ComponentFinding

_CODES: dict[Verdict | None, str] = {
    "identical": "identical",
    "derived": "derived",
    "shared_initialisation": "shared_initialisation",
    "inconclusive": "cannot_tell",
    "no_dependence_found": "none_found",
    None: "not_tested",
}


def overall(findings: Sequence[ComponentFinding]) -> tuple[Note, ...]:
    """Return the overall messages, strongest verdict first, then what was not tested and what weights cannot show."""
    notes = []
    for verdict, code in _CODES.items():
        own = [finding for finding in findings if finding.verdict == verdict]
        references = list(dict.fromkeys(finding.best_reference or "" for finding in own))
        # An accusation names who was taken from whom; what was not found is said of all at once.
        groups = [[reference] for reference in references] if verdict in DEPENDENT else [references]
        for group in groups if own else []:
            names = ", ".join(finding.name for finding in own if (finding.best_reference or "") in group)
            notes.append(Note(f"evidence.overall.{code}", {"components": names, "references": ", ".join(group)}))
    if any(finding.verdict is not None for finding in findings):
        notes.append(Note("evidence.overall.limits"))
    return tuple(notes)
