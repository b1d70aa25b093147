from __future__ import annotations

import subprocess
import sys

from tests.gui.conftest import ROOT

_EMIT = """
import sys
sys.path.insert(0, sys.argv[1])
from gui.workarounds import keep_booleans_alive
keep_booleans_alive()
keep_booleans_alive()
from PySide6.QtCore import QObject, Signal
class Sender(QObject):
    said = Signal(object)
sender = Sender()
for number in range(200_000):
    sender.said.emit(number)
print("alive")
"""


def test_many_signals_do_not_end_the_process() -> None:
    done = subprocess.run([sys.executable, "-c", _EMIT, str(ROOT)], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout.strip()) == (0, "alive"), done.stderr
