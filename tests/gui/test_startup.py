"""How the program starts: what it imports, what it says where it cannot start."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from gui import app, system
from tests.gui.conftest import ROOT

_FIRST_PAINT = """
import os, sys, time
sys.path.insert(0, sys.argv[1])
from gui import application, system
from gui.window import MainWindow
paint = MainWindow.paintEvent
def first(self, event):
    paint(self, event)
    now = time.clock_gettime(time.CLOCK_BOOTTIME)
    started = int(open("/proc/self/stat").read().rsplit(")")[1].split()[19]) / os.sysconf("SC_CLK_TCK")
    heavy = [name for name in ("torch", "h5py", "scipy", "safetensors", "PIL", "pyqtgraph") if name in sys.modules]
    print(f"{now - started:.2f} s to the first paint; heavy: {heavy}", flush=True)
    os._exit(0)
MainWindow.paintEvent = first
application.run(system.Options((), False))
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads the start time from /proc")
def test_nothing_heavy_is_imported_before_the_first_paint(tmp_path: object, capsys: pytest.CaptureFixture[str]) -> None:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "XDG_CONFIG_HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", _FIRST_PAINT, str(ROOT)], env=environment, capture_output=True, text=True, timeout=60
    )
    with capsys.disabled():
        print(f"\n{done.stdout.strip()}")
    assert done.stdout.rstrip().endswith("heavy: []"), done.stderr


def test_without_a_display_one_sentence(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(system.has_display, "__defaults__", (None, "linux"))
    assert app.main([]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_without_a_display_the_demo_is_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(system.has_display, "__defaults__", (None, "linux"))
    assert app.main(["--demo"], headless_demo=lambda: 7) == 7


def test_a_missing_system_library_gives_the_command_that_repairs_it() -> None:
    line = system.missing_library(ImportError("libEGL.so.1: cannot open shared object file"))
    assert line is not None
    assert line.startswith("apt-get ")
    assert "libegl1" in line
    assert system.missing_library(ImportError("No module named 'x'")) is None


def test_the_display_is_looked_for_on_linux_only() -> None:
    assert not system.has_display({}, "linux")
    assert system.has_display({"WAYLAND_DISPLAY": "wayland-0"}, "linux")
    assert system.has_display({}, "darwin")


def test_the_sample_and_paths_exclude_each_other() -> None:
    assert [path.name for path in system.parse(["a", "b"]).paths] == ["a", "b"]
    with pytest.raises(SystemExit) as stop:
        system.parse(["--demo", "a"])
    assert stop.value.code == 2


def test_a_pdf_is_of_one_review_and_needs_no_display(tmp_path: Path) -> None:
    found = system.parse(["a.assay", "--pdf", "b.pdf", "--language", "ko"])
    assert (found.pdf, found.language) == (Path("b.pdf").absolute(), "ko")
    for wrong in (["--pdf", "b.pdf"], ["a.assay", "c.assay", "--pdf", "b.pdf"], ["a.assay", "--language", "fr"]):
        with pytest.raises(SystemExit):
            system.parse(wrong)
    environment = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    code = "import sys; sys.path.insert(0, sys.argv[1]); from gui.app import main; sys.exit(main(sys.argv[2:]))"
    review = ROOT / "docs/sample/review.assay"

    def write(path: Path, target: Path) -> int:
        command = [sys.executable, "-c", code, str(ROOT), str(path), "--pdf", str(target), "--language", "both"]
        return subprocess.run(command, env=environment, capture_output=True, timeout=120).returncode

    assert write(review, tmp_path / "a.pdf") == 0
    assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF-")
    assert write(review, tmp_path / "nowhere" / "a.pdf") == 4
    assert write(ROOT / "docs/sample/report.html", tmp_path / "b.pdf") == 3
    assert not (tmp_path / "b.pdf").exists()
