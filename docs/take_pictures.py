"""Take the pictures of the window that are in docs/pictures: `python docs/take_pictures.py [FOLDER]`.

Drives the real window on the sample, and on its vision encoder in disguise, without a screen. Korean needs a font
(fonts-noto-cjk on Debian).
"""

# ruff: noqa: E402  (the platform is chosen before Qt is imported)
from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
_ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(_ROOT))

from PIL import Image
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication
from safetensors.torch import load_file
from torch import Generator

import resources
from benchmarks.attacks.depth import relayered
from benchmarks.attacks.judging import save
from benchmarks.attacks.layout import LAYOUTS
from benchmarks.attacks.net import Shape, from_stored
from benchmarks.attacks.registry import made
from benchmarks.attacks.residual import turned_residual
from benchmarks.attacks.units import shuffled_units
from gui import application, theme
from gui.control import LAYERS, MATCHES, SUMMARY
from gui.engine import Engine
from gui.language import Translation
from gui.settings import Settings
from gui.window import MainWindow
from inspector.decisions import DecisionLog
from inspector.review_file import open_review
from inspector.review_file import save as save_review
from resources.demo.models import VisionConfig

_ORDER = (0, 2, 1, 3, 5, 4, 7)  # of the disguised copy: two pairs of blocks change places, one is left out
_CELL = (4, 5)
_SIZE = (1360, 860)


def _wait(milliseconds: int) -> None:
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def _wait_for(condition: Callable[[], bool], seconds: int = 120) -> None:
    for _ in range(seconds * 20):
        if condition():
            return
        _wait(50)
    raise SystemExit("the window did not get there in time")


def _take(window: MainWindow, folder: Path, name: str) -> None:
    _wait(800)
    _wait_for(lambda: window.late.due == 0)
    window.jobs.notifier.notices.clear()
    file = folder / f"{name}.png"
    window.grab().save(str(file))
    with Image.open(file) as picture:  # 256 colours, none mixed by dots: a third of the bytes, and it cannot be seen
        few = picture.convert("RGB").quantize(256, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    few.save(file, optimize=True)


def _pictures(window: MainWindow, folder: Path) -> None:
    _take(window, folder, "welcome-light")
    window.control.open_sample()
    _wait_for(lambda: window.session.job == 0)
    if not window.session.findings:
        raise SystemExit("the sample gave no findings")
    tree = window.inputs.tree
    tree.setCurrentIndex(tree.tree.index(0, 0))
    tree.expand(tree.tree.index(0, 0))
    _take(window, folder, "window-light")
    window.control.set_theme("dark")
    _take(window, folder, "window-dark")
    window.control.set_theme("light")
    window.control.set_language("ko")
    _take(window, folder, "window-korean")
    _evidence_pictures(window, folder)
    window.tabs.setCurrentIndex(LAYERS)
    _take(window, folder, "layers-korean")
    window.control.set_language("en")
    assert window.layers is not None
    window.layers.heatmap.move_to((3, 3))
    _take(window, folder, "layers-light")
    window.control.set_theme("dark")
    _take(window, folder, "layers-dark")
    _tensor_pictures(window, folder)
    window.tabs.setCurrentIndex(MATCHES)
    _take(window, folder, "matches-light")
    window.tabs.setCurrentIndex(SUMMARY)


def _evidence_pictures(window: MainWindow, folder: Path) -> None:
    """Show the evidence of the first component, in the language that is on, then in English."""
    assert window.evidence is not None
    page = window.evidence
    window.open_evidence(next(iter(window.session.findings)))
    _take(window, folder, "evidence-korean")
    window.control.set_language("en")
    _take(window, folder, "evidence-light")
    window.control.set_theme("dark")
    page.panes.setCurrentIndex(1)
    page.groups.strip.setFocus()
    _take(window, folder, "groups-dark")
    window.control.set_theme("light")
    window.control.set_language("ko")


def _tensor_pictures(window: MainWindow, folder: Path) -> None:
    """Open the cell under the cursor, in the dark theme that is on, and come back to the light one."""
    assert window.layers is not None
    assert window.tensor is not None
    page = window.tensor
    window.layers.heatmap.cell_opened.emit(window.layers.heatmap.cell)
    _wait_for(lambda: page.view is not None)
    _take(window, folder, "tensor-dark")
    window.control.set_theme("light")
    _take(window, folder, "tensor-light")
    window.control.set_language("ko")
    _take(window, folder, "tensor-korean")
    window.control.set_language("en")


def _disguised(folder: Path) -> Path:
    """Write the sample's vision encoder rotated, with its neurons and some layers in another order, one left out."""
    config = VisionConfig()
    shape = Shape(config.depth, config.hidden_size, config.num_heads, config.num_heads, config.intermediate_size)
    file = load_file(resources.path("demo/reference_vision") / "model.safetensors")
    stored = {name.removeprefix("visual."): value.float() for name, value in file.items()}
    random = Generator().manual_seed(1)
    net = relayered(from_stored(LAYOUTS["vit_swiglu"], shape, stored, {}), _ORDER)
    save(folder / "disguised", made(shuffled_units(turned_residual(net, random), random), "changed"))
    return folder / "disguised"


def _disguise_pictures(window: MainWindow, folder: Path, candidate: Path) -> None:
    """Show a disguised copy: its card, its layers in two languages, and a tensor in the dark, all undone."""
    assert window.layers is not None
    assert window.tensor is not None
    window.session.open(candidate, [resources.path("demo/reference_vision")])
    _wait_for(lambda: window.session.job == 0 and bool(window.session.findings))
    tree = window.inputs.tree
    tree.setCurrentIndex(tree.tree.index(0, 0))
    window.tabs.setCurrentIndex(SUMMARY)
    _take(window, folder, "disguise-light")
    window.tabs.setCurrentIndex(LAYERS)
    window.layers.show_component(next(iter(window.session.findings)))
    window.layers.heatmap.move_to(_CELL)
    _take(window, folder, "disguise-layers-light")
    window.control.set_language("ko")
    _take(window, folder, "disguise-layers-korean")
    window.control.set_language("en")
    window.control.set_theme("dark")
    window.layers.heatmap.cell_opened.emit(window.layers.heatmap.cell)
    _wait_for(lambda: window.tensor is not None and window.tensor.view is not None)
    _take(window, folder, "disguise-tensor-dark")
    window.control.set_theme("light")
    window.tabs.setCurrentIndex(SUMMARY)


def _library_pictures(window: MainWindow, folder: Path, temporary: Path) -> None:
    """Make a library of the sample's references, screen its candidate against it, and show what shares an origin."""
    names = ("candidate", "reference_vision", "reference_audio", "honest")
    for name in names:  # the pictures show where they lie
        shutil.copytree(resources.path("demo") / name, temporary / name)
    window.shelves.use(temporary / "library")
    _wait_for(lambda: not window.shelf.job)
    window.shelves.show_library()
    window.shelves.take([temporary / name for name in names[1:3]])
    _wait_for(lambda: not window.shelf.job)
    window.control.open_candidate(temporary / names[0])
    _wait_for(lambda: window.session.job == 0)
    window.log.clear()
    window.library.table.selectRow(1)
    _take(window, folder, "library-light")
    window.shelves.screen()
    _wait_for(lambda: window.session.job == 0 and bool(window.session.findings))
    _take(window, folder, "screening-light")
    window.control.set_language("ko")
    window.control.set_theme("dark")
    _take(window, folder, "screening-korean-dark")
    window.control.set_language("en")
    window.control.set_theme("light")
    window.shelves.take([temporary / names[3]])
    _wait_for(lambda: not window.shelf.job)
    window.control.show_lineage()
    _wait_for(lambda: not window.lineage.job)
    _take(window, folder, "lineage-light")
    window.tabs.setCurrentIndex(SUMMARY)


def _review_pictures(window: MainWindow, folder: Path, temporary: Path) -> None:
    """Verify the review of the sample in docs/sample, and compare it with the same one without its decisions."""
    place = temporary / "stage-2.assay"
    shutil.copyfile(_ROOT / "docs" / "sample" / "review.assay", place)
    earlier = temporary / "stage-1.assay"
    save_review(earlier, replace(open_review(place), decisions=DecisionLog()))
    window.reviews.open(place)
    _wait_for(lambda: window.reviews.path == place)
    window.log.clear()
    window.differences.compare(earlier)
    _wait_for(lambda: not window.differences.job)
    _take(window, folder, "differences-light")
    window.control.set_language("ko")
    window.control.set_theme("dark")
    window.proofs.verify()
    _wait_for(lambda: not window.proofs.verifying.job)
    _take(window, folder, "verification-korean-dark")


def main() -> None:
    """Take every picture."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else _ROOT / "docs" / "pictures"
    folder.mkdir(parents=True, exist_ok=True)
    app = application.create(sys.argv[:1])
    if QApplication.platformName() == "offscreen":
        app.setFont(QFont("Noto Sans CJK KR", 10))  # this platform does not ask the desktop for one
    with tempfile.TemporaryDirectory(prefix="assayer-") as temporary:
        settings = Settings(Path(temporary) / "settings.ini")
        settings.language, settings.theme = "en", "light"
        theme.apply("light")
        command = os.environ.get("ASSAYER_ENGINE")
        window = MainWindow(Engine(command.split() if command else None), settings, Translation())
        window.resize(*_SIZE)
        window.show()
        _wait_for(lambda: window.layers is not None)
        _pictures(window, folder)
        _disguise_pictures(window, folder, _disguised(Path(temporary)))
        _library_pictures(window, folder, Path(temporary))
        _review_pictures(window, folder, Path(temporary))
        window.closed.connect(app.quit)
        QTimer.singleShot(0, window.close)
        app.exec()


if __name__ == "__main__":
    main()
