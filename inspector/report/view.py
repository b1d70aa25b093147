"""The whole report in one language, as text and pictures that a template only has to lay out."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from inspector.decisions import Decision, DecisionLog
from inspector.errors import Note, shown
from inspector.recompute import Work, figure_command, line, work_command
from inspector.report.origins import Origin
from inspector.report.view_audit import audit_rows, licence_terms, origin_rows
from inspector.report.view_part import cut_note, part, some
from inspector.report.words import NONE, Words, breakable
from inspector.report_results import CutRows, DecisionRow, ReportInput, ReportPart, ReportView
from inspector.results import Comparison
from inspector.review_results import Review, ReviewInput
from inspector.safety import safety_findings, severity

MAX_ON_COVER, MAX_FILES, MAX_WARNINGS = 3, 60, 40
_METHODS = ("order", "z", "coincidence", "identity", "calibrated", "undone", "limit", "verdict")
_LIMITS = ("direction", "distillation", "long_training", "disguises", "assumptions", "weights_only")
_SOURCES = (
    "Zhu, S., Ahmed, A., Kuditipudi, R., Liang, P. (2025). Independence tests for language models. ICML 2025. "
    "arXiv:2502.12292.",
    "Hemerik, J., Goeman, J. (2018). Exact testing with random permutations. TEST 27, 811–825.",
    "Lehmann, E. L., Romano, J. P. (2005). Testing Statistical Hypotheses, 3rd edition. Springer.",
    "Chatterjee, S. (2007). Stein’s method for concentration inequalities. Probab. Theory Relat. Fields 138, 305–321.",
    "Holm, S. (1979). A simple sequentially rejective multiple test procedure. Scand. J. Statist. 6, 65–70.",
    "Benjamini, Y., Hochberg, Y. (1995). Controlling the false discovery rate. J. R. Stat. Soc. B 57, 289–300.",
    "Mantel, N. (1967). The detection of disease clustering and a generalized regression approach. Cancer Research 27, "
    "209–220.",
    "Schönemann, P. H. (1966). A generalized solution of the orthogonal Procrustes problem. Psychometrika 31, 1–10.",
)


def view(
    review: Review, comparison: Comparison, origins: Mapping[str, Origin], words: Words, digest: str = ""
) -> ReportView:
    """Return the report of a review in one language.

    Args:
        origins: what the catalogue says, by encoder id. digest: SHA-256 of the review's file, "" for none.
    """
    work = _work(review, comparison)
    kinds = [finding.kind for finding in comparison.components]
    rows = [(entry, _decision(entry, review.decisions, words)) for entry in review.decisions.entries]

    def of_part(place: int) -> ReportPart:
        finding = comparison.components[place]
        own = tuple(row for entry, row in rows if entry.subject.component == finding.name)

        def command(*steps: str | int) -> str:
            return _line(figure_command(work, kinds, place, *steps))

        return part(finding, comparison, words, command, own)

    return ReportView(
        words.language,
        shown(Path(comparison.candidate.path).name or comparison.candidate.path),
        shown(comparison.version),
        digest,
        _facts(review, comparison, digest, words),
        tuple(words.overall(note, comparison) for note in comparison.overall),
        tuple(_input(item, comparison, words) for item in review.inputs),
        tuple(of_part(place) for place in range(len(kinds))),
        audit_rows(comparison, origins, words),
        _safety(comparison, words),
        _warnings(comparison, words),
        _set_apart(comparison, words),
        origin_rows(comparison, origins, words),
        _licences(origins, words),
        tuple(row for _, row in rows),
        tuple(words(f"report.method.{name}") for name in _METHODS),
        tuple(words(f"report.limit.{name}") for name in _LIMITS),
        _SOURCES,
        _line(work_command(work)),
    )


def _work(review: Review, comparison: Comparison) -> Work:
    """Return what was computed: paths where they are known, else the names that stood for them."""
    candidate = next((item for item in review.inputs if item.role == "candidate"), None)
    library = next((item for item in review.inputs if item.role == "library"), None)
    references = tuple(Path(item.path or item.name) for item in review.inputs if item.role == "reference")
    screened = comparison.settings.get("library") is not None and library is not None
    return Work(
        Path(candidate.path if candidate is not None else comparison.candidate.path),
        references,
        Path(library.path) if screened and library is not None else None,
        bool(comparison.settings.get("quick")),
    )


def _line(arguments: list[str]) -> str:
    return shown(line(["assayer", *arguments], windows=False), 4000)


def _facts(review: Review, comparison: Comparison, digest: str, words: Words) -> tuple[tuple[str, str], ...]:
    versions = ", ".join(f"{shown(name)} {shown(value)}" for name, value in review.versions.items() if value)
    settings = ", ".join(f"{name} = {_setting(value)}" for name, value in comparison.settings.items())
    rows = [
        (words("report.cover.tool"), f"Assayer {shown(comparison.version)}"),
        (words("report.cover.versions"), versions),
        (words("report.cover.settings"), f"{settings}, seed = {comparison.seed}"),
        (words("report.cover.isolation"), shown(review.isolation)),
        (words("report.cover.catalogue"), shown(review.catalogue)),
        (words("report.cover.review"), digest or words("report.cover.not_saved")),
    ]
    return tuple((label, value) for label, value in rows if value)


def _setting(value: object) -> str:
    return "—" if value is None else shown(str(value)).lower() if isinstance(value, bool) else shown(str(value))


def _input(item: ReviewInput, comparison: Comparison, words: Words) -> ReportInput:
    inspections = {fact.name: fact.inspection for fact in comparison.references}
    inspection = comparison.candidate if item.role == "candidate" else inspections.get(item.name)
    facts = ""
    if inspection is not None:
        count, parameters = len(inspection.tensors.names), inspection.parameters
        facts = words("report.cover.holds", format=inspection.format, tensors=count, parameters=parameters)
    rows = tuple(
        (breakable(shown(fact.name)), f"{fact.bytes:,}", fact.sha256 or NONE) for fact in item.files[:MAX_FILES]
    )
    left = cut_note(len(item.files), MAX_FILES, "files.csv", words)
    path = shown(item.path, 400) if item.path else words("report.cover.from_library")
    more = len(item.files) - MAX_ON_COVER
    short = CutRows(rows[:MAX_ON_COVER], words("report.cover.more_files", count=more) if more > 0 else "")
    return ReportInput(words(f"report.role.{item.role}"), shown(item.name), path, facts, short, CutRows(rows, left))


def _decision(entry: Decision, log: DecisionLog, words: Words) -> DecisionRow:
    subject = entry.subject
    about = [shown(text) for text in (subject.component, subject.reference, subject.candidate) if text]
    what = words(f"report.act.{entry.kind}", number=entry.undoes)
    by = [shown(text) if text else NONE for text in (entry.who, entry.when)]
    stands = entry in log.standing
    cells = (str(entry.number), what, breakable(" · ".join(about)), shown(entry.text, 2000), *by)
    return DecisionRow(cells, entry.kind != "undo" and not stands, stands)


def _safety(comparison: Comparison, words: Words) -> tuple[tuple[str, str], ...]:
    found = safety_findings(_notes(comparison))
    return tuple((words(f"report.severity.{severity(note)}"), words.note(note)) for note in found)


def _warnings(comparison: Comparison, words: Words) -> CutRows:
    told = list(dict.fromkeys(words.note(note) for note in _notes(comparison) if severity(note) is None))
    return CutRows(tuple((text,) for text in told[:MAX_WARNINGS]), cut_note(len(told), MAX_WARNINGS, "JSON", words))


def _notes(comparison: Comparison) -> list[Note]:
    inspected = [comparison.candidate, *(fact.inspection for fact in comparison.references)]
    return [note for each in inspected for note in each.warnings] + list(comparison.warnings)


def _set_apart(comparison: Comparison, words: Words) -> tuple[tuple[str, str, str, str], ...]:
    """Return what was set apart before any comparison, by component and reason."""
    found: dict[tuple[str, str], list[str]] = {}
    for fact in comparison.candidate.components:
        for item in fact.excluded:
            reason = words.note(Note(item.reason.code, item.reason.params))
            found.setdefault((shown(fact.name, 80), reason), []).append(item.tensor)
    return tuple((*key, f"{len(names):,}", some(names, words)) for key, names in found.items())


def _licences(origins: Mapping[str, Origin], words: Words) -> tuple[tuple[str, tuple[str, ...], str], ...]:
    named = {origin.licence.name: origin.licence for origin in origins.values() if origin.licence is not None}
    return tuple((name, licence_terms(named[name], words), named[name].source or NONE) for name in sorted(named))
