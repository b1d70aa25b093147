"""Plots without pyqtgraph's hidden controls: some 45 widgets a plot that no menu here shows.

Qt styles every widget anew when the theme changes, hidden ones too; these were more than a third of the window's.
Seen with pyqtgraph 0.14, which makes them for every plot; can go when a PlotItem can be made without them.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace

import pyqtgraph as pg
import shiboken6
from PySide6.QtWidgets import QWidget, QWidgetAction


@dataclass(frozen=True, slots=True)
class _Answers:
    """What one control says, for ever; the names are those that pyqtgraph asks by."""

    checked: bool
    number: float
    most: float

    def isChecked(self) -> bool:
        return self.checked

    def value(self) -> float:
        return self.number

    def maximum(self) -> float:
        return self.most

    def clear(self) -> None:
        """Nothing was ever in the list of averages."""


def drop_controls(plot: pg.PlotItem) -> None:
    """Take the hidden controls away from a plot; what it asks them is answered as they stand now."""
    controls = {name: made for name, made in vars(plot.ctrl).items() if isinstance(made, QWidget)}
    plot.ctrl = SimpleNamespace(**{name: _answers(made) for name, made in controls.items()})
    plot.stateGroup = None
    menus = [action.menu() for action in plot.ctrlMenu.actions()]
    for action in [action for menu in menus for action in menu.actions()]:
        if isinstance(action, QWidgetAction):
            shiboken6.delete(action)  # and with it the widget that it shows
    shiboken6.delete(plot.ctrlMenu)
    plot.ctrlMenu = None
    box = plot.getViewBox().menu
    if box is not None:
        plot.getViewBox().menu = None
        shiboken6.delete(box)


def _answers(control: QWidget) -> _Answers:
    checked = getattr(control, "isChecked", bool)
    number, most = getattr(control, "value", int), getattr(control, "maximum", int)
    return _Answers(bool(checked()), number(), most())
