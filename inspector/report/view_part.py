"""One component as a page shows it: the finding, its pictures, every test, what was left out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable

from inspector.errors import Note, shown
from inspector.evidence_results import DEPENDENT, Evidence
from inspector.layer_diff import layer_diff, span_text
from inspector.plain import (
    component_architecture,
    component_notes,
    deciding_test,
    disguises,
    nature_note,
    proven_log10_p,
    screening_notes,
)
from inspector.report.view_tests import rows_of_tests
from inspector.report.words import NONE, Words, bound, breakable, number, share, with_null
from inspector.report_results import CutRows, DecisionRow, HeatmapFigure, NullFigure, ReportPart
from inspector.results import ALL_ROLES, Against, Comparison, ComponentFinding, PairTable
from inspector.undone_map import AS_IS_OF, UNDONE_MEASURE, undone_text

TONES = {
    "identical": ("found", "●"),
    "derived": ("found", "◆"),
    "shared_initialisation": ("apart", "▲"),
    "no_dependence_found": ("clear", "○"),
    "inconclusive": ("muted", "?"),
}
UNTESTED = ("muted", "–")
MAX_LAYERS, MAX_PAIRS, MAX_OTHERS, MAX_NAMED = 64, 40, 40, 4
_PICTURES = ("centred_correlation", UNDONE_MEASURE)
_LONGEST_NAME = 80

Command = Callable[..., str]  # steps below the finding -> the command that computes that figure again


def part(
    finding: ComponentFinding,
    comparison: Comparison,
    words: Words,
    command: Command,
    decisions: tuple[DecisionRow, ...],
) -> ReportPart:
    """Return one component; `command` words the command of a figure from its place below the finding."""
    tone, mark = TONES.get(finding.verdict or "", UNTESTED)
    best = finding.best
    evidence = best.evidence if best is not None else None
    number_ = comparison.components.index(finding) + 1
    at = next((n for n, against in enumerate(finding.against) if against is best), 0)
    common = {
        "id": f"{words.language}-part-{number_}",
        "title": f"{number_}. {words.component(finding, comparison.components)}",
        "name": shown(finding.name, _LONGEST_NAME),
        "verdict": verdict_text(finding, words),
        "tone": tone,
        "mark": mark,
        "meaning": words(f"evidence.meaning.{finding.verdict}") if finding.verdict else "",
        "reference": shown(finding.best_reference or "", _LONGEST_NAME),
        "sentences": sentences(finding, words),
    }
    if best is None:
        return ReportPart(**common, decisions=decisions, command=command())  # type: ignore[arg-type]
    against_steps = ("against", at)
    return ReportPart(
        **common,  # type: ignore[arg-type]
        numbers=three_numbers(best, words),
        facts=_facts(finding, best, comparison, words),
        figures=tuple(_figures(best, words, command, against_steps, number_)),
        nulls=tuple(_nulls(evidence, words, number_)) if evidence is not None else (),
        tests=rows_of_tests(evidence, words) if evidence is not None else (),
        tests_command=command(*against_steps, "tests"),
        test_notes=_test_notes(evidence, words),
        disguises=_disguises(evidence, words),
        diff=_diff(finding, best, comparison, words),
        left_out=_left_out(best, words),
        layers=_layers(best, words),
        pairs=_pairs(best.pairs, words),
        others=_others(finding, words),
        notes=tuple(words.note(note) for note in (*(evidence.notes if evidence else ()), *best.warnings)),
        command=command(),
        decisions=decisions,
    )


def verdict_text(finding: ComponentFinding, words: Words) -> str:
    """Return the verdict in words, or that there is none."""
    if finding.verdict:
        return words(f"evidence.verdict.{finding.verdict}")
    return words("report.not_judged" if finding.against else "report.not_tested")


def sentences(finding: ComponentFinding, words: Words) -> tuple[str, ...]:
    """Return the finding in plain words."""
    told = tuple(words.note(note) for note in (*component_notes(finding), *screening_notes(finding)))
    return told or (words("report.nothing_to_compare"),)


def three_numbers(best: Against, words: Words) -> tuple[tuple[str, str, str], ...]:
    """Return the three numbers of a finding: the cosine, how sure it is, and how much there is or would have shown."""
    cosine, null = with_null(best.similarity.get("cosine"))
    first: tuple[str, str, str] = (words("report.number.cosine"), cosine, words("report.number.shuffled", null=null))
    evidence = best.evidence
    if evidence is None:
        return (first,)
    return first, _certainty(evidence, words), _extent(evidence, words)


def _certainty(evidence: Evidence, words: Words) -> tuple[str, str, str]:
    z = number(evidence.z, 1)
    proven = proven_log10_p(evidence)
    test = deciding_test(evidence)
    if proven is not None and evidence.exact and test is not None:
        told = words("report.number.undone", test=words.named("evidence.test", test.test), z=z)
        return words("report.number.p"), bound(proven), told
    if proven is not None:
        code = "report.number.proven" if evidence.exact else "report.number.proven_only"
        return words("report.number.p"), bound(proven), words(code, z=z)
    if test is not None:
        control = number(test.controls.max_z, 1)
        told = words("report.number.control", test=words.named("evidence.test", test.test), control=control)
        return words("report.number.z"), number(test.z, 1), told
    return words("report.number.z"), z, words("report.number.calibrated" if evidence.exact is False else "report.none")


def _extent(evidence: Evidence, words: Words) -> tuple[str, str, str]:
    examined = words("report.number.examined", share=share(evidence.coverage))
    if evidence.verdict in DEPENDENT and evidence.inherited_fraction is None:
        return words("report.number.inherited"), NONE, words("report.number.not_counted")
    if evidence.verdict in DEPENDENT:
        return words("report.number.inherited"), share(evidence.inherited_fraction), examined
    limit = evidence.detection_limit
    if limit is None or (limit.r is None and limit.units is None):
        return words("report.number.limit"), NONE, words("report.number.no_limit")
    return words("report.number.limit"), limit_text(evidence, words), examined


def limit_text(evidence: Evidence, words: Words) -> str:
    """Return the detection limit, "" where there is none."""
    limit = evidence.detection_limit
    if limit is None:
        return ""
    r = "" if limit.r is None else f"r {limit.r:.3g}"
    units = "" if limit.units is None else words("report.number.units", share=share(limit.units))
    return words("report.or").join(item for item in (r, units) if item)


def _facts(
    finding: ComponentFinding, best: Against, comparison: Comparison, words: Words
) -> tuple[tuple[str, str], ...]:
    evidence = best.evidence
    fact = next((fact for fact in comparison.candidate.components if fact.name == finding.name), None)
    architecture = component_architecture(fact) if fact is not None else None
    rows: list[tuple[str, str]] = [
        (words("report.fact.against"), f"{shown(best.reference)}: {shown(best.reference_component)}"),
        (words("report.fact.compared"), words("report.fact.compared_share", share=share(best.coverage))),
    ]
    if evidence is not None:
        rows.append((words("report.fact.reason"), words.note(evidence.reason)))
        rows.append(
            (words("report.fact.examined"), words("report.fact.examined_share", share=share(evidence.coverage)))
        )
        if evidence.nature is not None:
            origin = words(f"evidence.origin_short.{evidence.nature.origin}")
            rows.append((words("report.fact.nature"), f"{words.note(nature_note(evidence.nature))} · {origin}"))
        limit = limit_text(evidence, words)
        told = words("report.fact.limit_text", limit=limit) if limit else words("report.fact.no_limit")
        rows.append((words("report.fact.limit"), told))
    for measure in ("centred_correlation", "bit_identity", "relative_l2"):
        value, null = with_null(best.similarity.get(measure))
        rows.append((words(f"report.measure.{measure}"), words("report.fact.beside", value=value, null=null)))
    if architecture is not None:
        rows.append((words("report.fact.architecture"), words.note(architecture)))
    return tuple(rows)


def _figures(
    best: Against, words: Words, command: Command, steps: tuple[str | int, ...], part_number: int
) -> Iterable[HeatmapFigure]:
    aligned = tuple((score.candidate, score.reference) for score in best.layers)
    matrices = [matrix for measure in _PICTURES if (matrix := best.matrix(ALL_ROLES, measure)) is not None]
    for place, matrix in enumerate(matrices, 1):
        name = f"{part_number}.{place}"
        as_is = AS_IS_OF.get(matrix.measure)
        measure = words(f"report.measure.{as_is or matrix.measure}")
        null = number(matrix.null.mean, 3) if matrix.null is not None else NONE
        code = "report.caption.undone" if as_is else "report.caption.as_is"
        caption = words(code, measure=measure, reference=best.reference, null=null)
        again = command(*steps, "layer_matrices", matrix.role, matrix.measure)
        yield HeatmapFigure(name, matrix, aligned, caption, again)


def _nulls(evidence: Evidence, words: Words, part_number: int) -> Iterable[NullFigure]:
    for place, test in enumerate(evidence.tests):
        if test.curve is not None and len(test.curve.counts):
            title = words.named("evidence.test", test.test)
            yield NullFigure(f"{part_number}.{chr(97 + place)}", test.curve, test.z, title)


def _test_notes(evidence: Evidence | None, words: Words) -> tuple[str, ...]:
    tests = evidence.tests if evidence is not None else ()
    kinds = dict.fromkeys(test.controls.kind for test in tests if test.controls.max_z is not None)
    return tuple(words(f"report.controls.{kind}") for kind in kinds) + tuple(
        f"{words.named('evidence.test', test.test)}: {words.note(note)}" for test in tests for note in test.notes
    )


def _disguises(evidence: Evidence | None, words: Words) -> tuple[str, ...]:
    if evidence is None:
        return ()
    names = [words.named("evidence.disguise", name) for name in disguises(evidence)]
    undone = undone_text(evidence.undone, words.note) if evidence.undone is not None else ""
    return (*names, *([undone] if undone else []))


def _diff(
    finding: ComponentFinding, best: Against, comparison: Comparison, words: Words
) -> tuple[tuple[str, str, str, str], ...]:
    ours = next((fact.blocks for fact in comparison.candidate.components if fact.name == finding.name), 0)
    theirs = next(
        (
            fact.blocks
            for reference in comparison.references
            if reference.name == best.reference
            for fact in reference.inspection.components
            if fact.name == best.reference_component
        ),
        0,
    )
    rows = []
    for line in layer_diff(best, (ours, theirs)):
        reference, candidate = span_text(line.reference, line.count), span_text(line.candidate, line.count)
        told = words({"-": "report.diff.missing", "~": "report.diff.moved", "+": "report.diff.own",
                      "=": "report.diff.same"}[line.sign])  # fmt: skip
        if line.sign == "+" and reference:
            told, reference = words("report.diff.repeats", layers=reference), ""
        rows.append((line.sign.replace("-", "−"), reference, candidate, told))
    return tuple(rows)


def _left_out(best: Against, words: Words) -> tuple[tuple[str, str, str], ...]:
    """Return what was left out, by reason: how many, and the first few names."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for item in best.excluded:
        found[words.note(Note(item.reason.code, item.reason.params))].append(item.tensor)
    for left in best.evidence.left_out if best.evidence is not None else ():
        found[words.note(Note(left.reason.code, left.reason.params))].append(left.what)
    return tuple((reason, f"{len(names):,}", some(names, words)) for reason, names in found.items())


def some(names: list[str], words: Words) -> str:
    """Return the first few names, and how many more there are."""
    told = ", ".join(breakable(shown(name, _LONGEST_NAME)) for name in names[:MAX_NAMED])
    more = len(names) - MAX_NAMED
    return told if more <= 0 else told + " " + words("report.and_more", count=more)


def _layers(best: Against, words: Words) -> CutRows:
    rows = tuple(
        (str(score.candidate), str(score.reference), number(score.cosine), number(score.z, 1))
        for score in best.layers[:MAX_LAYERS]
    )
    return CutRows(rows, cut_note(len(best.layers), MAX_LAYERS, "layers.csv", words))


def _pairs(pairs: PairTable, words: Words) -> CutRows:
    """Return the pairs of the largest tensors: those that weigh most in every mean."""
    order = sorted(range(len(pairs.candidates)), key=lambda row: (-int(pairs.parameters[row]), row))[:MAX_PAIRS]
    blank = [float("nan")] * len(pairs.candidates)
    cosine, null = pairs.columns.get("cosine", blank), pairs.columns.get("cosine.null_mean", blank)
    rows = tuple(
        (
            breakable(shown(pairs.candidates[row], _LONGEST_NAME)),
            breakable(shown(pairs.references[row], _LONGEST_NAME)),
            breakable(shown(pairs.roles[row], _LONGEST_NAME)),
            f"{int(pairs.parameters[row]):,}",
            number(float(cosine[row])),
            number(float(null[row])),
        )
        for row in order
    )
    return CutRows(rows, cut_note(len(pairs.candidates), MAX_PAIRS, "pairs.csv", words))


def cut_note(count: int, kept: int, file: str, words: Words) -> str:
    """Return the sentence under a table that was cut, "" where it is whole."""
    return words("report.cut", kept=kept, count=count, file=file) if count > kept else ""


def _others(finding: ComponentFinding, words: Words) -> tuple[tuple[str, ...], ...]:
    """Return the references besides the best one."""
    rest = [against for against in finding.against if against is not finding.best][:MAX_OTHERS]
    return tuple(
        (
            shown(against.reference, _LONGEST_NAME),
            words(f"evidence.verdict.{against.verdict}") if against.verdict else NONE,
            *with_null(against.similarity.get("cosine")),
            number(against.evidence.z, 1) if against.evidence is not None else NONE,
            bound(proven_log10_p(against.evidence)) if against.evidence is not None else NONE,
        )
        for against in rest
    )
