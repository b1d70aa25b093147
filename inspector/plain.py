"""What the window, the terminal and the report say alike: findings as messages, a bound on p as text."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal

from inspector.errors import Note, shown
from inspector.evidence_results import DEPENDENT, Evidence, EvidenceTest, MergeWeight, Nature
from inspector.results import ArchitectureFact, ComponentFact, ComponentFinding, Inspection

# What the nature of a finding says already, with its number.
_SAID_BY_NATURE = {
    "low_rank": "low_rank_update",
    "quantised": "quantised",
    "pruned": "pruned",
    "merged": "merged",
    "partial": "partial_transplant",
}
_SMALLEST_WRITTEN_OUT = -4.0  # log10; below, powers of ten are easier to read
_ALPHA_LOG10 = -6.0  # the level of METHODS: a bound above it decides nothing
_LONGEST_TEXT, _SHORTEST_NAME = 200, 10  # a parameter of a message is cut beyond: no number may be lost


def bound_text(log10_p: float | None) -> str:
    """Return a proven bound on p, never rounded down and never 0; "" where there is none.

    >>> bound_text(-312.4), bound_text(-5.0), bound_text(-1.7), bound_text(0.0)
    ('p < 10^-312', 'p ≤ 10^-5', 'p ≤ 0.02', 'p ≤ 1')
    """
    if log10_p is None or not math.isfinite(log10_p):
        return ""
    if log10_p > _SMALLEST_WRITTEN_OUT:
        digits = 1 - math.floor(min(log10_p, 0.0))
        return f"p ≤ {math.ceil(10 ** min(log10_p, 0.0) * 10**digits - 1e-9) / 10**digits:g}"
    power = math.ceil(log10_p)
    return f"p {'<' if log10_p < power else '≤'} 10^{power}"


def finding_notes(evidence: Evidence) -> tuple[Note, ...]:
    """Return the finding in plain words; of a common origin also what is not settled about it."""
    if evidence.nature is None or evidence.verdict not in ("derived", "identical"):
        return (evidence.sentence,)
    origin = evidence.nature.origin if evidence.verdict == "derived" else "identical"
    return evidence.sentence, Note(f"evidence.origin.{origin}")


def nature_note(nature: Nature) -> Note:
    """Return what was done to the weights, in a few words, with the number that goes with it where it is known."""
    if nature.kind == "low_rank" and nature.rank is not None:
        return Note("evidence.nature.low_rank_of", {"rank": nature.rank})
    if nature.kind == "quantised" and nature.levels is not None:
        return Note("evidence.nature.quantised_to", {"levels": nature.levels})
    if nature.kind == "pruned" and nature.zeros is not None:
        return Note("evidence.nature.pruned_by", {"zeros": nature.zeros})
    if nature.kind == "merged" and nature.weights:
        return Note("evidence.nature.merged_of", {"mixture": mixture_text(nature.weights)})
    return Note(f"evidence.nature.{nature.kind}")


def disguises(evidence: Evidence) -> tuple[str, ...]:
    """Return the names of the disguises that the nature of the finding does not say already."""
    said = _SAID_BY_NATURE.get(evidence.nature.kind) if evidence.nature is not None else None
    return tuple(name for name in evidence.disguises if name != said)


def mixture_text(weights: Sequence[MergeWeight]) -> str:
    """Return the references of a mixture with their weights; a standard error is rounded up, and never to 0.

    >>> mixture_text((MergeWeight("a", 0.7012, 0.0021), MergeWeight("b", 0.2989, 1e-9)))
    'a 0.70 ± 0.01, b 0.30 ± 0.01'
    """
    longest = max(_SHORTEST_NAME, _LONGEST_TEXT // max(len(weights), 1) - len(" 0.00 ± 0.00, "))
    return ", ".join(
        f"{shown(item.reference, longest)} {item.weight:.2f} ± {max(1, math.ceil(100 * item.standard_error)) / 100:.2f}"
        for item in weights
    )


def deciding_test(evidence: Evidence) -> EvidenceTest | None:
    """Return the test that saw through the disguise: of those that reject, the one of the largest z.

    None where nothing was found, and where Permutation z of the weights as they are rejects too: then its z says it.
    """
    if evidence.verdict not in DEPENDENT or any(t.test == "permutation_z" and t.rejects for t in evidence.tests):
        return None
    rejecting = [(test.z, test) for test in evidence.tests if test.rejects and test.z is not None]
    return max(rejecting, key=lambda pair: pair[0])[1] if rejecting else None


def proven_log10_p(evidence: Evidence) -> float | None:
    """Return the bound that stands beside the verdict, None where a dependence was decided without one.

    Its bound is then near 1, which would read as if the finding were chance.
    """
    return None if evidence.verdict in DEPENDENT and not evidence.exact else evidence.log10_p


def test_kind(test: EvidenceTest) -> Literal["not_run", "direct", "exact", "calibrated"]:
    """Return how a test's answer is known; equal numbers in other places are seen directly, whatever the bound."""
    if not test.n:
        return "not_run"
    if test.test == "identity" and not (test.exact and (not test.rejects or (test.log10_p or 0.0) <= _ALPHA_LOG10)):
        return "direct"
    return "exact" if test.exact else "calibrated"


def component_notes(finding: ComponentFinding) -> tuple[Note, ...]:
    """Return the finding for a component in plain words, () until the tests have run."""
    evidence = finding.best.evidence if finding.best is not None else None
    if evidence is None or evidence.verdict != finding.verdict:
        return (finding.sentence,) if finding.sentence is not None else ()
    return finding_notes(evidence)


def architecture_note(entries: Sequence[ArchitectureFact], in_library: bool | None = None, named: bool = True) -> Note:
    """Return whose architecture a component has: the earliest encoder by name, the others as a number.

    Args:
        entries: at least one, the earliest first.
        in_library: whether a reference of this architecture is at hand; None says nothing of it.
        named: whether the component's family is known; else its shapes alone speak.
    """
    first = entries[0]
    code = f"references.{'architecture' if named else 'shapes'}.{'one' if len(entries) == 1 else 'several'}"
    origin = ", ".join(part for part in (first.publisher, first.licence) if part)
    absent = "_absent" if in_library is False else ""
    return Note(code + absent, {"name": first.name, "origin": origin, "others": len(entries) - 1})


def component_architecture(fact: ComponentFact, references: Sequence[Inspection] = ()) -> Note | None:
    """Return the sentence of a component, None where its architecture is in no catalogue.

    With references it says where none of them has a component of this architecture.
    """
    if not fact.architecture:
        return None
    ids = {item.id for item in fact.architecture}
    theirs = {item.id for each in references for component in each.components for item in component.architecture}
    return architecture_note(fact.architecture, bool(ids & theirs) if references else None, bool(fact.family))


def screening_notes(finding: ComponentFinding) -> tuple[Note, ...]:
    """Return what screening says beside the finding: how many references, which stands out and how far; () without."""
    if finding.screened is None:
        return ()
    screened = finding.screened
    notes: list[Note] = []
    table = screened.table
    compared = {name for name, groups in zip(table.references, table.groups.tolist(), strict=True) if groups}
    counts = {"count": len(set(table.references)), "compared": len(compared)}
    if not compared:
        return (Note("references.screened_none"),)
    every = counts["compared"] == counts["count"]
    notes.append(Note("references.screened_all" if every else "references.screened", counts))
    if finding.best_reference is not None:
        found = finding.verdict in DEPENDENT
        code = "references.screened_best" if found else "references.screened_closest"
        notes.append(Note(code, {"reference": finding.best_reference}))
        if found and screened.margin is not None and screened.margin >= 1:
            notes.append(Note("references.screened_margin", {"margin": f"{screened.margin:,.1f}"}))
    if screened.family:
        notes.append(Note("references.screened_family", {"references": ", ".join(screened.family)}))
    if screened.left:
        notes.append(Note("references.screened_left", {"count": screened.left}))
    return tuple(notes)
