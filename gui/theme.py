"""Light and dark: one table of colours, the palette made from it, and what wears the style sheet (style_sheet.py)."""

from __future__ import annotations

import html
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QLabel, QSplitter, QVBoxLayout, QWidget

from gui.settings import Theme

TEXT_FACTOR = "text_factor"  # property of widgets with a size of type of their own
_FRAME = """
    QSplitter::handle { background: transparent; }
    QTabWidget::pane { border: 0; }
    QScrollArea { border: 0; background: transparent; }
    QToolTip { border: 1px solid palette(mid); padding: 4px; }
    """  # of what is between the parts that are dressed; without colours, so that it need never change
GRID = 8  # every margin and gap is a multiple of half of this


@dataclass(frozen=True, slots=True)
class Colours:
    """The colours of one theme, as "#rrggbb"; data is only ever drawn in a map (colormaps.py).

    Attributes:
        window, base, raised: the ground, the lists and fields, the cards.
        text, muted, border: the type and the lines.
        accent, on_accent, tint: what can be pressed, type on it, a light wash of it.
        warning, error: marks of messages, always with a word beside them.
        band: the range of a shuffled baseline.
        other: the reference's line beside the candidate's, which has the accent.
        found, apart, clear: a common origin, a shared start only, nothing found; always with an icon and a word.
    """

    window: str
    base: str
    raised: str
    text: str
    muted: str
    border: str
    accent: str
    on_accent: str
    tint: str
    warning: str
    error: str
    band: str
    other: str
    found: str
    apart: str
    clear: str


LIGHT = Colours(
    window="#f3f5f8", base="#ffffff", raised="#ffffff", text="#18222e", muted="#566273", border="#d5dbe3",
    accent="#1d5f96", on_accent="#ffffff", tint="#e3edf6", warning="#8a5a00", error="#b3261e", band="#b9c4d1",
    other="#b83d0b", found="#a63c06", apart="#6a3fa0", clear="#0b6357",
)  # fmt: skip
DARK = Colours(
    window="#14181e", base="#1a2028", raised="#1e252e", text="#e7ebf1", muted="#9ca8b8", border="#333d49",
    accent="#6db0e4", on_accent="#0c1a26", tint="#22384b", warning="#e3b35a", error="#ff8a80", band="#4b5868",
    other="#f5a25d", found="#ffab70", apart="#c9b0f7", clear="#66d3bd",
)  # fmt: skip


def colours_of(palette: QPalette) -> Colours:
    """Return the table that `palette` was made from."""
    return DARK if palette.color(QPalette.ColorRole.Window).lightness() < 128 else LIGHT


def current() -> Colours:
    """Return the table in use; a widget's own palette may be changed by the style sheet."""
    return colours_of(QGuiApplication.palette())


def is_dark(theme: Theme) -> bool:
    """Say whether `theme` is dark, following the system where it leaves the choice to it."""
    if theme == "system":
        return QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
    return theme == "dark"


def palette(colours: Colours) -> QPalette:
    """Return the Fusion palette of `colours`."""
    role = QPalette.ColorRole
    out = QPalette()
    for target, value in {
        role.Window: colours.window,
        role.WindowText: colours.text,
        role.Base: colours.base,
        role.AlternateBase: colours.window,
        role.Text: colours.text,
        role.Button: colours.raised,
        role.ButtonText: colours.text,
        role.BrightText: colours.error,
        role.ToolTipBase: colours.raised,
        role.ToolTipText: colours.text,
        role.PlaceholderText: colours.muted,
        role.Highlight: colours.accent,
        role.HighlightedText: colours.on_accent,
        role.Accent: colours.accent,
        role.Link: colours.accent,
        role.Light: colours.raised,
        role.Midlight: colours.border,
        role.Mid: colours.border,
        role.Dark: colours.muted,
        role.Shadow: colours.border,
    }.items():
        out.setColor(target, QColor(value))
    for target in (role.Text, role.WindowText, role.ButtonText):
        out.setColor(QPalette.ColorGroup.Disabled, target, QColor(colours.muted))
    return out


def apply(theme: Theme) -> None:
    """Give the whole program the palette of `theme`; what wears the style sheet (dress.py) is told by its window."""
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        return
    schemes = {"system": Qt.ColorScheme.Unknown, "light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark}
    app.styleHints().setColorScheme(schemes[theme])
    colours = DARK if is_dark(theme) else LIGHT
    app.setPalette(palette(colours))
    if not app.styleSheet():
        app.setStyleSheet(_FRAME)


def px(pixels: int) -> int:
    """Return a length that holds type, in pixels at the usual text size, at the size in use."""
    app = QApplication.instance()
    usual = app.property("usual_points") if app is not None else None
    return pixels if usual is None else round(pixels * QApplication.font().pointSizeF() / usual)


def scaled(widget: QWidget, factor: float, *, bold: bool = False) -> None:
    """Set the size of a widget's type relative to the window's."""
    widget.setProperty(TEXT_FACTOR, f"{factor:g}")  # the style sheet sizes it from now on
    font = widget.font()
    font.setPointSizeF(QApplication.font().pointSizeF() * factor)
    font.setBold(bold)
    widget.setFont(font)


def label(text: str = "", *, tone: str = "", factor: float = 1.0, bold: bool = False, wrap: bool = False) -> QLabel:
    """Return a label that never reads its text as markup."""
    out = QLabel(text)
    out.setTextFormat(Qt.TextFormat.PlainText)
    if tone:
        out.setProperty("tone", tone)
    if factor != 1.0 or bold:
        scaled(out, factor, bold=bold)
    out.setWordWrap(wrap)
    return out


def padded(inner: QWidget, *, left: int = 12, right: int = 12) -> QWidget:
    """Return a widget with `inner` away from its edges."""
    out = QWidget()
    layout = QVBoxLayout(out)
    layout.setContentsMargins(left, 12, right, 4)
    layout.addWidget(inner)
    return out


def above(upper: QWidget, lower: QWidget) -> QSplitter:
    """Return two widgets, one above the other, with a handle between them."""
    out = QSplitter(Qt.Orientation.Vertical)
    for part in (upper, lower):
        out.addWidget(part)
    out.setStretchFactor(0, 1)
    out.setStretchFactor(1, 1)
    out.setHandleWidth(GRID * 2)
    out.setChildrenCollapsible(False)
    return out


def tone(name: str) -> str:
    """Return the colour of a tone as style sheet and icons use it."""
    return str(getattr(current(), name))


def tip_text(text: str) -> str:
    """Return plain text as a tooltip that breaks its lines; a tooltip guesses whether a text is markup."""
    return f"<p>{html.escape(text)}</p>" if text else ""


def tip(widget: QWidget, text: str) -> None:
    """Give a widget a tooltip that breaks its lines and never reads its text as markup."""
    widget.setToolTip(tip_text(text))
    widget.setAccessibleDescription(text)


def restyle(widget: QWidget) -> None:
    """Make the style sheet look again at a widget's properties."""
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    widget.update()
