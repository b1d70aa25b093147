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
        references = list(dict.fromkeys(map(_references, own)))
        # An accusation names who was taken from whom; what was not found is said of all at once.
        groups = [[reference] for reference in references] if verdict in DEPENDENT else [references]
        for group in groups if own else []:
            names = ", ".join(finding.name for finding in own if _references(finding) in group)
            notes.append(Note(f"evidence.overall.{code}", {"components": names, "references": ", ".join(group)}))
    if any(finding.verdict is not None for finding in findings):
        notes.append(Note("evidence.overall.limits"))
    return tuple(notes)


def _references(finding: ComponentFinding) -> str:
    """Return who was taken from: the reference that explains a component best, of a merge all that are in it."""
    evidence = finding.best.evidence if finding.best is not None else None
    what = evidence.nature if evidence is not None else None
    if what is None or what.kind != "merged" or not what.weights:
        return finding.best_reference or ""
    return ", ".join(item.reference for item in what.weights)
