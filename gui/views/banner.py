"""The frame of the bands that stand above everything: a mark, a title with its buttons, and what is said below."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget


def lay_out_banner(
    band: QWidget, mark: QLabel, title: QLabel, buttons: Sequence[QPushButton], parts: Sequence[QWidget], spacing: int
) -> None:
    """Fill a band: the mark at the left, the title and its buttons beside it, `parts` below, `spacing` pixels apart."""
    head = QHBoxLayout()
    head.setSpacing(8)
    head.addWidget(title, 1)
    for button in buttons:
        head.addWidget(button)
    frame = QFrame()
    frame.setObjectName("banner")
    outer = QVBoxLayout(band)
    outer.setContentsMargins(12, 12, 12, 0)
    outer.addWidget(frame)
    grid = QGridLayout(frame)
    grid.setContentsMargins(16, 12, 16, 12)
    grid.setHorizontalSpacing(12)
    grid.setVerticalSpacing(spacing)
    grid.setColumnStretch(1, 1)
    grid.addWidget(mark, 0, 0, Qt.AlignmentFlag.AlignTop)
    grid.addLayout(head, 0, 1)
    for row, part in enumerate(parts, 1):
        grid.addWidget(part, row, 1)
