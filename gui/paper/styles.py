"""Type and colours on paper: always dark on white, whatever the window looks like. A unit is a tenth of a point."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

from PySide6.QtGui import QFont

from gui.theme import LIGHT

POINT = 10.0  # units
_SANS = ("Noto Sans", "Noto Sans KR", "Noto Sans CJK KR", "Segoe UI", "Malgun Gothic", "Helvetica Neue",
         "Apple SD Gothic Neo", "DejaVu Sans")  # fmt: skip
_MONO = ("Noto Sans Mono", "DejaVu Sans Mono", "Consolas", "Menlo", "Noto Sans Mono CJK KR", "Malgun Gothic")

# Features that put another glyph in a letter's place. Qt (6.12) tells a PDF what a glyph reads as only where the font
# itself maps a letter to it: with them, digits between Latin letters in Noto Sans CJK could not be searched or copied,
# and "fi" became one sign. Can go when Qt writes the text beside the glyphs (ActualText).
_REPLACING = ("locl", "liga", "clig")


@dataclass(frozen=True, slots=True)
class Style:
    """How a paragraph is set.

    Attributes:
        size: points. spacing: of lines, in sizes. words: lines end only between words, where a word fits a line.
    """

    size: float = 9.5
    colour: str = LIGHT.text
    bold: bool = False
    italic: bool = False
    mono: bool = False
    struck: bool = False
    spacing: float = 1.45
    words: bool = True

    def but(self, **changes: object) -> Style:
        """Return it with some things changed."""
        return replace(self, **changes)  # type: ignore[arg-type]

    @property
    def line(self) -> float:
        """The height of a line in units."""
        return self.size * self.spacing * POINT


BODY = Style()
SMALL = Style(size=8, colour=LIGHT.muted)
CUT = SMALL.but(italic=True)
CELL = Style(size=7.8, spacing=1.38)
HEAD = CELL.but(bold=True)
TINY = Style(size=7, spacing=1.35)
HASH = Style(size=6, spacing=1.8, mono=True, words=False)
CODE = Style(size=7, spacing=1.45, mono=True)
KICKER = Style(size=8, colour=LIGHT.muted, spacing=1.6)
TITLE = Style(size=23, bold=True, spacing=1.3)
CANDIDATE = Style(size=14, bold=True, colour=LIGHT.accent)
QUESTION = Style(size=10.5, spacing=1.5)
H2 = Style(size=14, bold=True, spacing=1.35)
H3 = Style(size=10.2, bold=True, spacing=1.4)
VALUE = Style(size=12.5, bold=True, spacing=1.35)
FOOT = Style(size=7, colour=LIGHT.muted)
TONES = {"found": LIGHT.found, "apart": LIGHT.apart, "clear": LIGHT.clear, "muted": LIGHT.muted}


@cache
def font(style: Style) -> QFont:
    """Return the font of a style; sizes are in units, so that no screen has a part in them."""
    out = QFont()
    out.setFamilies(list(_MONO if style.mono else _SANS))
    out.setStyleHint(QFont.StyleHint.Monospace if style.mono else QFont.StyleHint.SansSerif)
    out.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    out.setPixelSize(round(style.size * POINT))
    out.setBold(style.bold)
    out.setItalic(style.italic)
    out.setStrikeOut(style.struck)
    for feature in _REPLACING:
        out.setFeature(QFont.Tag(feature), 0)
    return out
