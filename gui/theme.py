"""Light and dark: one table of colours, the palette and the style sheet made from it."""

from __future__ import annotations

import html
from dataclasses import dataclass

import resources
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QLabel, QSplitter, QVBoxLayout, QWidget

from gui.settings import Theme

_TEXT_FACTOR = "text_factor"  # property of widgets with a size of type of their own
_FACTORS = (0.92, 1.0, 1.1, 1.15, 1.25, 1.5, 1.9)  # of what the style sheet sizes
_FRAME = """
    QSplitter::handle { background: transparent; }
    QTabWidget::pane { border: 0; }
    QScrollArea { border: 0; background: transparent; }
    QToolTip { border: 1px solid palette(mid); padding: 4px; }
    """  # of what is between the parts that are dressed; without colours, so that it need never change
_ICON, _BAR_ICON = 16, 24  # pixels at the usual text size
_TAB, _TAB_LEAST = 13, 8  # pixels beside a tab's word: fewer the larger the words are
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


def stylesheet(colours: Colours) -> str:
    """Return what the palette cannot say: edges, corners and the hierarchy of type."""
    c = colours
    chevron = resources.path(f"icons/chevron_{'dark' if colours is DARK else 'light'}.svg").as_posix()
    points = QGuiApplication.font().pointSizeF()
    sizes = "".join(f'QLabel[{_TEXT_FACTOR}="{by:g}"] {{ font-size: {by * points:g}pt; }}\n' for by in _FACTORS)
    icon, bar, beside = px(_ICON), px(_BAR_ICON), max(_TAB_LEAST, round(_TAB * _TAB / px(_TAB)))
    return f"""
    {sizes}
    QPushButton, QTreeView, QListView, QTableView {{ icon-size: {icon}px; }}
    QToolBar {{ icon-size: {bar}px; }}
    QToolBar {{ border: 0; border-bottom: 1px solid {c.border}; padding: 4px 8px; spacing: 4px; }}
    QToolButton {{ border: 1px solid transparent; border-radius: 6px; padding: 4px 8px; }}
    QToolButton:hover {{ background: {c.tint}; }}
    QToolButton:focus {{ border-color: {c.accent}; }}
    QToolButton:checked {{ background: {c.tint}; border-color: {c.accent}; }}
    QMenuBar {{ border-bottom: 1px solid {c.border}; padding: 2px 4px; }}
    QPushButton {{ background: {c.raised}; border: 1px solid {c.border}; border-radius: 6px; padding: 5px 12px; }}
    QPushButton:hover {{ border-color: {c.accent}; background: {c.tint}; }}
    QPushButton:focus {{ border-color: {c.accent}; }}
    QPushButton:disabled {{ color: {c.muted}; }}
    QPushButton[compact="true"] {{ padding: 2px 8px; }}
    QPushButton[cell="true"] {{ padding: 1px 8px; margin: 3px 4px; }}
    QPushButton[segment="left"] {{ border-top-right-radius: 0; border-bottom-right-radius: 0; border-right: 0; }}
    QPushButton[segment="right"] {{ border-top-left-radius: 0; border-bottom-left-radius: 0; }}
    QPushButton[segment]:checked {{ background: {c.accent}; color: {c.on_accent}; border-color: {c.accent};
        font-weight: bold; }}
    QPushButton[segment]:focus {{ border: 2px solid {c.text}; }}
    QPushButton[chip="true"] {{ padding: 3px 10px; }}
    QPushButton[chip="true"]:checked {{ background: {c.tint}; border: 2px solid {c.accent};
        padding: 2px 9px; }}
    QPushButton[example="true"] {{ border-color: transparent; color: {c.accent}; text-align: left; padding: 2px 6px; }}
    QPushButton[menu="true"] {{ padding-right: 26px; }}
    QPushButton::menu-indicator {{ image: url("{chevron}"); width: 12px; height: 12px;
        subcontrol-position: right center; right: 8px; }}
    QComboBox {{ background: {c.raised}; border: 1px solid {c.border}; border-radius: 6px; padding: 4px 8px; }}
    QComboBox:hover, QComboBox:focus, QComboBox:on {{ border-color: {c.accent}; }}
    QComboBox:disabled {{ color: {c.text}; background: {c.window}; }}
    QComboBox::drop-down {{ border: 0; width: 22px; }}
    QComboBox::down-arrow {{ image: url("{chevron}"); width: 12px; height: 12px; }}
    QComboBox::down-arrow:disabled {{ image: none; }}
    QPushButton[primary="true"] {{ background: {c.accent}; color: {c.on_accent}; border-color: {c.accent}; }}
    QPushButton[primary="true"]:disabled {{ background: {c.border}; color: {c.muted}; border-color: {c.border}; }}
    QPushButton[primary="true"]:focus {{ border: 2px solid {c.text}; }}
    QLineEdit {{ background: {c.base}; border: 1px solid {c.border}; border-radius: 6px; padding: 5px 8px; }}
    QLineEdit:focus {{ border-color: {c.accent}; }}
    QTreeView, QListView, QTableView, QPlainTextEdit {{
        background: {c.base}; border: 1px solid {c.border}; border-radius: 6px; gridline-color: {c.border};
        selection-background-color: {c.tint}; selection-color: {c.text}; }}
    QTreeView:focus, QListView:focus, QTableView:focus, QPlainTextEdit:focus {{ border-color: {c.accent}; }}
    QGraphicsView {{ border: 2px solid transparent; }}
    QGraphicsView:focus {{ border-color: {c.accent}; }}
    QTreeView::item {{ padding: 3px 0; }}
    QListView::item {{ padding: 4px 6px; }}
    QTableView::item {{ padding: 0 6px; }}
    QHeaderView {{ background: {c.base}; border: 0; border-top-left-radius: 6px; border-top-right-radius: 6px; }}
    QHeaderView::section {{ background: transparent; color: {c.muted}; border: 0;
        border-bottom: 1px solid {c.border}; padding: 6px; }}
    QHeaderView::up-arrow, QHeaderView::down-arrow {{ width: 10px; height: 10px; }}
    QAbstractScrollArea::corner {{ background: transparent; border: 0; }}
    QScrollBar:vertical {{ width: 12px; margin: 0; background: transparent; }}
    QScrollBar:horizontal {{ height: 12px; margin: 0; background: transparent; }}
    QScrollBar::handle {{ background: {c.band}; border-radius: 3px; margin: 3px; }}
    QScrollBar::handle:vertical {{ min-height: 32px; }}
    QScrollBar::handle:horizontal {{ min-width: 32px; }}
    QScrollBar::handle:hover {{ background: {c.muted}; }}
    QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
    QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
    QTableCornerButton::section {{ background: {c.base}; border: 0; }}
    QTabWidget::pane {{ border: 0; border-top: 1px solid {c.border}; }}
    QTabBar::tab {{ padding: 8px {beside}px; border: 0; border-bottom: 2px solid transparent; color: {c.muted}; }}
    QTabBar QToolButton {{ padding: 0; background: {c.raised}; border: 1px solid {c.border}; }}
    QTabBar::scroller {{ width: {icon * 2}px; }}
    QTabBar::tear {{ width: 0; }}
    QTabBar::tab:selected {{ color: {c.text}; border-bottom-color: {c.accent}; }}
    QTabBar::tab:hover, QTabBar::tab:focus {{ color: {c.accent}; }}
    QSplitter::handle {{ background: transparent; }}
    QSplitter::handle:hover {{ background: {c.tint}; }}
    QScrollArea {{ border: 0; background: transparent; }}
    QProgressBar {{ border: 0; border-radius: 3px; background: {c.border}; max-height: 6px; min-height: 6px; }}
    QProgressBar::chunk {{ border-radius: 3px; background: {c.accent}; }}
    QToolTip {{ border: 1px solid {c.border}; padding: 4px; }}
    QFrame#card, QFrame#panel {{ background: {c.raised}; border: 1px solid {c.border}; border-radius: 8px; }}
    QFrame#card[current="true"] {{ border: 1px solid {c.accent}; border-left: 4px solid {c.accent}; }}
    QFrame#card:hover {{ border-color: {c.accent}; }}
    QFrame#card:focus {{ border: 2px solid {c.accent}; }}
    QFrame#zone {{ background: {c.base}; border: 1px dashed {c.muted}; border-radius: 8px; }}
    QFrame#zone[filled="true"] {{ border: 1px solid {c.border}; }}
    QFrame#zone[target="true"] {{ background: {c.tint}; border: 2px solid {c.accent}; }}
    QFrame#banner {{ background: {c.raised}; border: 1px solid {c.warning}; border-radius: 8px; }}
    QFrame#banner[failed="true"] {{ border-color: {c.error}; }}
    QFrame#notice {{ background: {c.raised}; border: 1px solid {c.accent}; border-radius: 8px; }}
    QFrame#notice[level="warning"] {{ border-color: {c.warning}; }}
    QFrame#notice[level="error"] {{ border-color: {c.error}; }}
    QFrame#bubble {{ background: {c.raised}; border: 2px solid {c.accent}; border-radius: 10px; }}
    QFrame#bubble:focus {{ border: 3px solid {c.accent}; }}
    QFrame#ring {{ background: transparent; border: 3px solid {c.accent}; border-radius: 10px; }}
    QFrame#safety {{ background: {c.raised}; border: 1px solid {c.border}; border-radius: 8px; }}
    QFrame#safety[grave="true"] {{ border: 2px solid {c.error}; }}
    QLabel[tone="muted"] {{ color: {c.muted}; }}
    QLabel[tone="accent"] {{ color: {c.accent}; }}
    QLabel[tone="other"] {{ color: {c.other}; }}
    QLabel[tone="found"] {{ color: {c.found}; }}
    QLabel[tone="apart"] {{ color: {c.apart}; }}
    QLabel[tone="clear"] {{ color: {c.clear}; }}
    QFrame#badge {{ background: {c.raised}; border: 1px solid {c.border}; border-radius: 8px; }}
    QFrame#badge[tone="found"] {{ border: 2px solid {c.found}; }}
    QFrame#badge[tone="apart"] {{ border: 2px solid {c.apart}; }}
    QFrame#badge[tone="clear"] {{ border: 2px solid {c.clear}; }}
    QFrame#badge[tone="muted"] {{ border: 2px solid {c.muted}; }}
    """


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
    widget.setProperty(_TEXT_FACTOR, f"{factor:g}")  # the style sheet sizes it from now on
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
