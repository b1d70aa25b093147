"""A report in one language as data: every text worded, every picture as its values. HTML and PDF only lay it out.

Imports neither torch nor a template: the window makes the PDF from it. Texts are plain. Two signs that no text of a
file can hold (`errors.shown` escapes them) mark what a page may do with them: `BREAK` where a long name may go on in
the next line, `RAISED` before and after an exponent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from inspector.evidence_results import NullCurve
from inspector.results import LayerMatrix

BREAK = "\u200b"
RAISED = "\u2064"
LANGUAGES = {"en": ("en",), "ko": ("ko",), "both": ("ko", "en")}


@dataclass(frozen=True, slots=True)
class CutRows:
    """Rows of a table, and the sentence that says how many were left to the CSV ("" where all are here)."""

    rows: tuple[tuple[str, ...], ...]
    left: str = ""


@dataclass(frozen=True, slots=True)
class HeatmapFigure:
    """A layer matrix with its number, caption, the aligned layers (candidate, reference), and its command."""

    number: str
    matrix: LayerMatrix
    aligned: tuple[tuple[int, int], ...]
    caption: str
    command: str


@dataclass(frozen=True, slots=True)
class NullFigure:
    """The null of one test with its number and name, and what was observed."""

    number: str
    curve: NullCurve
    z: float | None
    caption: str


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """A decision: its cells, whether it was taken back, and whether it stands (an undo does neither)."""

    cells: tuple[str, ...]
    undone: bool
    stands: bool


@dataclass(frozen=True, slots=True)
class ReportPart:
    """One component.

    Attributes:
        id: of its place in the page. tone: of its verdict, "found", "apart", "clear" or "muted".
        mark: a sign beside the word.
        numbers: (label, value, what stands below it), three; () where nothing was compared.
        facts: (label, text). tests: every test; `test_notes` below them.
        left_out: (reason, how many, names). layers, pairs: cut tables.
        disguises, diff: what was done to hide it, and the layers as a diff (sign, reference, candidate, words).
        others: the other references. decisions: the analyst's on this component.
    """

    id: str
    title: str
    name: str
    verdict: str
    tone: str
    mark: str
    meaning: str
    reference: str
    sentences: tuple[str, ...]
    numbers: tuple[tuple[str, str, str], ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    figures: tuple[HeatmapFigure, ...] = ()
    nulls: tuple[NullFigure, ...] = ()
    tests: tuple[tuple[str, ...], ...] = ()
    tests_command: str = ""
    test_notes: tuple[str, ...] = ()
    disguises: tuple[str, ...] = ()
    diff: tuple[tuple[str, str, str, str], ...] = ()
    left_out: tuple[tuple[str, str, str], ...] = ()
    layers: CutRows = CutRows(())
    pairs: CutRows = CutRows(())
    others: tuple[tuple[str, ...], ...] = ()
    notes: tuple[str, ...] = ()
    command: str = ""
    decisions: tuple[DecisionRow, ...] = ()


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One component, a cell each; a cell of several lines is a tuple."""

    component: str
    tone: str
    mark: str
    weights: str
    architecture: tuple[str, ...]
    reference: str
    origin: tuple[str, ...]
    licence: tuple[str, ...]
    control: tuple[str, ...]
    disclosed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReportInput:
    """One input: its role and name, its files (name, bytes, SHA-256), the first of them for the cover."""

    role: str
    name: str
    path: str
    facts: str
    short: CutRows
    files: CutRows


@dataclass(frozen=True, slots=True)
class ReportView:
    """A report in one language.

    Attributes:
        version: of the program. digest: SHA-256 of the review's file, "" where the review was not saved.
        facts: (label, value) of the work. overall: what may be said of the whole. inputs, parts, audit: see there.
        safety: (how grave, text). warnings: texts. set_apart: (component, reason, count, names).
        origins, licences: of the references. decisions: every entry. methods, limits, sources: texts.
        command: that does everything again.
    """

    language: str
    candidate: str
    version: str
    digest: str
    facts: tuple[tuple[str, str], ...]
    overall: tuple[str, ...]
    inputs: tuple[ReportInput, ...]
    parts: tuple[ReportPart, ...]
    audit: tuple[AuditRow, ...]
    safety: tuple[tuple[str, str], ...]
    warnings: CutRows
    set_apart: tuple[tuple[str, str, str, str], ...]
    origins: tuple[tuple[str, ...], ...]
    licences: tuple[tuple[str, tuple[str, ...], str], ...]
    decisions: tuple[DecisionRow, ...]
    methods: tuple[str, ...]
    limits: tuple[str, ...]
    sources: tuple[str, ...]
    command: str


@dataclass(frozen=True, slots=True)
class ReportPages:
    """A report to be laid out, one language after the other."""

    views: tuple[ReportView, ...]


@dataclass(frozen=True, slots=True)
class ReportFiles:
    """Every table of a report: name of the file -> its bytes."""

    files: Mapping[str, bytes]
