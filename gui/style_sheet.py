"""The style sheet: what the palette cannot say."""

from __future__ import annotations

import resources
from PySide6.QtGui import QGuiApplication

from gui import theme

_FACTORS = (0.92, 1.0, 1.1, 1.15, 1.25, 1.5, 1.9)  # of what the style sheet sizes
_ICON, _BAR_ICON = 16, 24  # pixels at the usual text size
_TAB, _TAB_LEAST = 13, 8  # pixels beside a tab's word: fewer the larger the words are


def stylesheet(colours: theme.Colours) -> str:
    """Return what the palette cannot say: edges, corners and the hierarchy of type."""
    c = colours
    chevron = resources.path(f"icons/chevron_{'dark' if colours is theme.DARK else 'light'}.svg").as_posix()
    points = QGuiApplication.font().pointSizeF()
    sizes = "".join(f'QLabel[{theme.TEXT_FACTOR}="{by:g}"] {{ font-size: {by * points:g}pt; }}\n' for by in _FACTORS)
    icon, bar, beside = theme.px(_ICON), theme.px(_BAR_ICON), max(_TAB_LEAST, round(_TAB * _TAB / theme.px(_TAB)))
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
