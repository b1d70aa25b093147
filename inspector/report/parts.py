"""What a page of the report is filled with: text that is ready to be shown, and pictures."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

Text = str  # a Markup among it holds only what this package made itself


@dataclass(frozen=True, slots=True)
class Cut:
    """Rows of a table, and the sentence that says how many were left to the CSV ("" where all are here)."""

    rows: tuple[tuple[Text, ...], ...]
    left: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture with its number, caption, and the command that computes it again ("" for none)."""

    number: str
    picture: Markup
    caption: str
    command: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A decision: its cells, whether it was taken back, and whether it stands (an undo does neither)."""

    cells: tuple[Text, ...]
    undone: bool
    stands: bool


@dataclass(frozen=True, slots=True)
class Part:
    """One component.

    Attributes:
        id: of its place in the page. tone: of its verdict, a class of the style sheet. mark: a sign beside the word.
        numbers: (label, value, what stands below it), three.
        facts: (label, text). tests: every test; `test_notes` below them.
        left_out: (reason, how many, names). layers, pairs: cut tables.
        undone, diff: what was done to hide it, and the layers as a diff (sign, reference, candidate, words).
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
    numbers: tuple[tuple[str, Text, str], ...] = ()
    facts: tuple[tuple[str, Text], ...] = ()
    figures: tuple[Figure, ...] = ()
    nulls: tuple[Figure, ...] = ()
    tests: tuple[tuple[Text, ...], ...] = ()
    tests_command: str = ""
    test_notes: tuple[str, ...] = ()
    disguises: tuple[str, ...] = ()
    diff: tuple[tuple[str, str, str, str], ...] = ()
    left_out: tuple[tuple[str, str, str], ...] = ()
    layers: Cut = Cut(())
    pairs: Cut = Cut(())
    others: tuple[tuple[Text, ...], ...] = ()
    notes: tuple[str, ...] = ()
    command: str = ""
    decisions: tuple[Row, ...] = ()
