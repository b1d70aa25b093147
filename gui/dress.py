"""The style sheet, given to the parts of the window one by one, so that no change of it stalls the whole window.

One sheet for the application would be simpler, but Qt 6.12 then goes through every widget there is, hidden or not,
three times in one call: 120 to 180 ms. A part with a sheet of its own takes a few milliseconds, and hidden parts wait.
"""

from __future__ import annotations

import shiboken6
from PySide6.QtWidgets import QApplication, QWidget

from gui import theme
from gui.style_sheet import stylesheet

_DRESSED = "dressed"


def dress(part: QWidget) -> None:
    """Give a widget and all that is in it the style sheet; it follows the theme and the text size from now on."""
    part.setProperty(_DRESSED, True)
    follow(part)


def dressed() -> list[QWidget]:
    """Return everything that was dressed and still is there.

    Asked of Qt each time: PySide 6.12 lets what Python has of a menu bar or a tab bar die while the bar lives.
    """
    return [widget for widget in QApplication.allWidgets() if widget.property(_DRESSED)]


def follow(part: QWidget) -> None:
    """Let one part have the sheet of the theme and the text size that are in use now."""
    sheet = stylesheet(theme.current())
    if shiboken6.isValid(part) and part.styleSheet() != sheet:
        part.setStyleSheet(sheet)


def use_text_size(percent: int) -> None:
    """Write everything `percent` as large as the system does, what is on the screen too."""
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        return
    usual = app.property("usual_points")
    if usual is None:
        usual = app.font().pointSizeF()
        app.setProperty("usual_points", usual)
    font = app.font()
    if font.pointSizeF() == usual * percent / 100:
        return
    font.setPointSizeF(usual * percent / 100)
    parts, frame = dressed(), app.styleSheet()
    for part in parts:  # a style sheet keeps the fonts that it found (seen on Qt 6.12)
        part.setStyleSheet("")
    app.setStyleSheet("")
    app.setFont(font)
    app.setStyleSheet(frame)
    for part in parts:
        follow(part)
    for widget in app.allWidgets():  # layouts keep the sizes of between
        widget.updateGeometry()
