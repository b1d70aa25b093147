from __future__ import annotations

import subprocess
import sys

import pytest

from tests.gui.conftest import ROOT

_EMIT = """
import sys
sys.path.insert(0, sys.argv[1])
from gui.workarounds import keep_singletons_alive
keep_singletons_alive()
keep_singletons_alive()
from PySide6.QtCore import QObject, Signal
class Sender(QObject):
    said = Signal(object)
sender = Sender()
for number in range(200_000):
    sender.said.emit(number)
print("alive")
"""
_NOTHING = """
import os, sys
os.environ["QT_QPA_PLATFORM"] = "offscreen"
sys.path.insert(0, sys.argv[1])
from gui.workarounds import keep_singletons_alive
keep_singletons_alive()
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QComboBox
app = QApplication([])
box = QComboBox()
box.addItem("one")
for number in range(200_000):
    box.setItemData(0, None, Qt.ItemDataRole.ToolTipRole)
print("alive")
"""


@pytest.mark.parametrize("script", [_EMIT, _NOTHING], ids=["signals", "nothing"])
def test_many_calls_do_not_end_the_process(script: str) -> None:
    done = subprocess.run([sys.executable, "-c", script, str(ROOT)], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout.strip()) == (0, "alive"), done.stderr
