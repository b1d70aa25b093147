"""What the Tensor tab shows: the role, to be chosen, and each side's tensor beside the line it has in the plots."""

from __future__ import annotations

from inspector.errors import shown
from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from gui import theme, words
from gui.models.tensor_pairs import TensorPair
from gui.theme import current
from gui.views.combo import Selector
from gui.views.elided import ElidedLabel
from gui.views.switch import UndoneSwitch

_ROLE_WIDTH = 260


class _LineKey(QWidget):
    """A piece of the line that one side has in the plots."""

    def __init__(self, *, broken: bool) -> None:
        super().__init__()
        self._broken = broken
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        return QSize(28, 16)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour = current().other if self._broken else current().accent
        style = Qt.PenStyle.DashLine if self._broken else Qt.PenStyle.SolidLine
        painter.setPen(QPen(QColor(colour), 2.5, style))
        middle = self.height() / 2
        painter.drawLine(QPointF(0, middle), QPointF(self.width(), middle))


class TensorHead(QWidget):
    """The selector of roles, the switch between as is and undone, and the two tensors.

    Attributes:
        switch: as is or undone. can_undo: it is there, because undoing changes the candidate's tensor.

    Signals:
        role_chosen: (role key) another pair of the same two layers is wanted.
    """

    role_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pair: TensorPair | None = None
        self._roles: list[str] = []
        self._dtypes = ("", "")
        self.switch, self.can_undo = UndoneSwitch(), False
        self._role = Selector(beside=True)
        self._role.setMinimumWidth(theme.px(_ROLE_WIDTH))
        self._role.chosen.connect(self.role_chosen)
        self._names = (ElidedLabel(), ElidedLabel())
        sides = QGridLayout()
        sides.setHorizontalSpacing(10)
        sides.setVerticalSpacing(2)
        for row, name in enumerate(self._names):
            sides.addWidget(_LineKey(broken=row == 1), row, 0)
            sides.addWidget(name, row, 1)
        sides.setColumnStretch(1, 1)
        chosen = QHBoxLayout()
        chosen.addWidget(self._role)
        chosen.addStretch(1)
        chosen.addWidget(self.switch)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(chosen)
        layout.addLayout(sides)

    @property
    def texts(self) -> tuple[str, str, str]:
        """Role, candidate and reference, as displayed."""
        return self._role.text, self._names[0].text(), self._names[1].text()

    @property
    def roles(self) -> list[str]:
        """The roles that are offered."""
        return list(self._roles)

    def set_pair(self, pair: TensorPair, roles: list[str], undone: bool | None = None) -> None:
        """Name another pair and the roles that its two layers have; `undone` is None where nothing was undone in it."""
        self._pair, self._dtypes = pair, ("", "")
        self.can_undo = undone is not None
        self.switch.show_state(bool(undone))
        self._roles = roles if pair.role in roles else [pair.role, *roles]
        self.retranslate()
        self._role.blockSignals(True)
        self._role.choose(pair.role)
        self._role.blockSignals(False)

    def set_dtypes(self, candidate: str, reference: str) -> None:
        """Say how the values are stored, once that is known."""
        self._dtypes = candidate, reference
        self.retranslate()

    def retranslate(self) -> None:
        """Word everything again."""
        self._role.set_title(self.tr("Role"))
        self._role.set_choices([(role, words.role_text(role)) for role in self._roles])
        self.switch.retranslate()
        self.switch.setVisible(self.can_undo)
        pair = self._pair
        if pair is None:
            return
        ours = self.tr("A  candidate, undone") if self.can_undo and self.switch.undone else self.tr("A  candidate")
        where = (ours, self.tr("B  {reference}").format(reference=shown(pair.checkpoint)))
        tensors = ((pair.candidate, pair.candidate_layer), (pair.reference, pair.reference_layer))
        for label, place, (name, layer), dtype in zip(self._names, where, tensors, self._dtypes, strict=True):
            block = self.tr("layer {number}").format(number=layer) if layer >= 0 else self.tr("outside the layers")
            label.say(words.joined([place, shown(name), block, shown(dtype)]))
