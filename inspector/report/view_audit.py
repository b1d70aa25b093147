"""The independence audit: what the weights, the catalogue and the folder's own texts say, component by component.

Read along three lines: technical (own weights, own architecture), policy (what the licence of the reused part leaves
in other hands), ethical (is the reuse disclosed). Facts and findings only: nothing is added up to a score.
"""

from __future__ import annotations

from collections.abc import Mapping

from inspector.errors import shown
from inspector.evidence_results import DEPENDENT
from inspector.report.origins import Licence, Origin, by_name, is_named
from inspector.report.view_part import TONES, UNTESTED
from inspector.report.words import NONE, Words, breakable
from inspector.report_results import AuditRow
from inspector.results import ArchitectureFact, Comparison, ComponentFact, ComponentFinding, Disclosure

MAX_NAMED = 3


def audit_rows(comparison: Comparison, origins: Mapping[str, Origin], words: Words) -> tuple[AuditRow, ...]:
    """Return the table; `origins` holds what the catalogue says, by encoder id."""
    return tuple(_row(finding, comparison, origins, words) for finding in comparison.components)


def best_part(finding: ComponentFinding, comparison: Comparison) -> ComponentFact | None:
    """Return the component of the reference that explains a finding best, None where there is none."""
    best = finding.best
    if best is None:
        return None
    for reference in comparison.references:
        if reference.name == best.reference:
            parts = reference.inspection.components
            return next((fact for fact in parts if fact.name == best.reference_component), None)
    return None


def licence_terms(licence: Licence, words: Words) -> tuple[str, ...]:
    """Return what a licence asks for or leaves in the hands of others, a sentence each."""
    if not licence.read:
        return (words("report.licence.not_read"),)
    return tuple(words(f"report.licence.{term.code}", **term.params) for term in licence.terms)


def _row(
    finding: ComponentFinding,
    comparison: Comparison,
    origins: Mapping[str, Origin],
    words: Words,
) -> AuditRow:
    tone, mark = TONES.get(finding.verdict or "", UNTESTED)
    reference = shown(finding.best_reference or "", 80)
    name = finding.best_reference or ""
    fact = next((fact for fact in comparison.candidate.components if fact.name == finding.name), None)
    part = best_part(finding, comparison)
    reused = finding.verdict in DEPENDENT
    found = by_name(part, name) if part is not None and reused else ()
    sure = part is not None and is_named(part, name, found)
    known = [origins[item.id] for item in found if item.id in origins]
    code = f"report.weights.{finding.verdict}" if finding.verdict else "report.weights.none"
    return AuditRow(
        breakable(words.component(finding, comparison.components)),
        tone,
        mark,
        words(code, reference=reference or NONE),
        _architecture(fact, words),
        reference if reused else "",
        _origin(known, sure, words) if reused else (),
        _licences(known, words) if reused else (),
        _control(known, words) if reused else (),
        _disclosed(comparison.disclosure, name, words) if reused else (),
    )


def _architecture(fact: ComponentFact | None, words: Words) -> tuple[str, ...]:
    if fact is None:
        return (NONE,)
    if not fact.architecture:
        layout = words("report.architecture.layout", family=fact.family) if fact.family else ""
        return tuple(text for text in (words("report.architecture.unknown"), layout) if text)
    first = fact.architecture[0]
    told = words("report.architecture.of", name=first.name, publisher=first.publisher, country=first.country)
    more = len(fact.architecture) - 1
    return (told, words("report.architecture.more", count=more)) if more else (told,)


def _origin(known: list[Origin], sure: bool, words: Words) -> tuple[str, ...]:
    """Return publisher and country of the reference, as far as the catalogue tells which encoder it is."""
    if not known:
        return (words("report.origin.unknown"),)
    told = [_named(origin.fact, words) for origin in known[:MAX_NAMED]]
    head = words("report.origin.by_name" if sure else "report.origin.by_shape", count=len(known))
    more = len(known) - MAX_NAMED
    return (*told, *([words("report.and_more", count=more)] if more > 0 else []), head)


def _named(fact: ArchitectureFact, words: Words) -> str:
    return words("report.origin.named", name=fact.name, publisher=fact.publisher, country=fact.country)


def _licences(known: list[Origin], words: Words) -> tuple[str, ...]:
    if not known:
        return (words("report.origin.unknown"),)
    out: list[str] = []
    for origin in known:
        if origin.licence is None:
            out.append(words("report.licence.unverified"))
        elif origin.repository_only:
            out.append(words("report.licence.of_repository", name=origin.licence.name))
        else:
            out.append(origin.licence.name)
    return tuple(dict.fromkeys(out))


def _control(known: list[Origin], words: Words) -> tuple[str, ...]:
    licences = {origin.licence.name: origin.licence for origin in known if origin.licence is not None}
    if not licences:
        return (words("report.licence.nothing_known"),)
    if len(licences) > 1 or any(origin.licence is None for origin in known):
        return (words("report.licence.depends"),)
    return tuple(term for licence in licences.values() for term in licence_terms(licence, words))


def _disclosed(found: Disclosure | None, reference: str, words: Words) -> tuple[str, ...]:
    """Return whether the texts beside the candidate's weights name the reference, and where."""
    if found is None:
        return (words("report.disclosed.not_looked"),)
    if not (found.files or found.left):
        return (words("report.disclosed.no_texts"),)
    left = (words("report.disclosed.left", files=", ".join(found.left)),) if found.left else ()
    if reference not in found.searched:
        return (words("report.disclosed.no_name"), *left)
    named = [item for item in found.mentions if item.reference == reference]
    if not named:
        return (words("report.disclosed.nowhere", files=", ".join(found.files) or NONE), *left)
    places = ", ".join(words("report.disclosed.line", file=item.file, line=item.line) for item in named[:MAX_NAMED])
    more = (words("report.and_more", count=len(named) - MAX_NAMED),) if len(named) > MAX_NAMED else ()
    return (words("report.disclosed.named", name=named[0].name, places=places), *more, words("report.disclosed.read"))


def origin_rows(comparison: Comparison, origins: Mapping[str, Origin], words: Words) -> tuple[tuple[str, ...], ...]:
    """Return licence and origin of every encoder that a matched reference may be, with the sources."""
    ids: dict[str, str] = {}
    for finding in comparison.components:
        part = best_part(finding, comparison)
        for item in by_name(part, finding.best_reference or "") if part is not None else ():
            ids.setdefault(item.id, shown(finding.best_reference or "", 80))
    return tuple(_origin_row(origins[name], reference, words) for name, reference in ids.items() if name in origins)


def _origin_row(origin: Origin, reference: str, words: Words) -> tuple[str, ...]:
    fact = origin.fact
    parents = ", ".join(f"{name} ({words(f'report.relation.{relation}')})" for name, relation in origin.parents)
    seat = fact.country if origin.country_sourced else words("report.origin.unsourced", country=fact.country)
    return (
        reference,
        fact.name,
        f"{fact.publisher}, {seat}",
        " ".join(_licences([origin], words)),
        fact.published or NONE,
        parents or NONE,
        "; ".join(f"{name}{f' <{address}>' if address else ''}" for name, address in origin.sources),
    )
