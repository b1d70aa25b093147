"""The window with the real engine, on the sample that comes with the program."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QUrl
from pytestqt.qtbot import QtBot
from safetensors.numpy import save_file

import resources
from gui.control import LAYERS
from gui.engine import Engine
from gui.models.tensor_pairs import TensorPair
from gui.process import engine_command
from gui.tensor_values import TensorValues
from gui.window import MainWindow
from inspector.results import Inspection
from tests.gui.conftest import MakeWindow, end
from tests.gui.test_window import drop

DEMO = resources.path("demo")


def finish(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: window.session.job == 0, timeout=60_000)


@pytest.fixture
def window(make_window: MakeWindow) -> MainWindow:
    return make_window(command=engine_command())


def test_dropping_real_folders_ends_in_a_heatmap(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: any(p.ready for p in window.session._engine.processes), timeout=60_000)
    drop(window, [QUrl.fromLocalFile(f"{DEMO / 'candidate'}/")], right=False)
    drop(
        window,
        [QUrl.fromLocalFile(str(DEMO / name)) for name in ("reference_vision", "reference_audio")],
        right=True,
    )
    finish(window, qtbot)
    assert not [message.note for message in window.log.messages if message.level == "error"]
    assert window.layers is not None
    assert window.layers.matrix is not None
    by_kind = {card.fact.kind: window.session.findings[card.name] for card in window.summary.cards}
    assert by_kind["vision_encoder"].best_reference == "reference_vision"
    assert by_kind["audio_encoder"].best_reference == "reference_audio"
    window.tabs.setCurrentIndex(LAYERS)
    values = window.layers.heatmap.values
    assert values.diagonal().min() > 0.9


def test_a_csv_comes_from_the_engine(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    window.control.open_sample()
    finish(window, qtbot)
    assert window.layers is not None
    assert window.layers.matrix is not None
    window.dialogs.export_to(tmp_path / "map.csv", "csv")
    qtbot.waitUntil((tmp_path / "map.csv").exists, timeout=30_000)
    lines = (tmp_path / "map.csv").read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) > window.layers.matrix.values.shape[0]


def test_what_cannot_be_read_is_one_sentence(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    for name, content in (("nothing", None), ("empty.safetensors", b""), ("odd.bin", b"not a checkpoint")):
        path = tmp_path / name
        if content is None:
            path.mkdir()
        else:
            path.write_bytes(content)
        window.control.open_candidate(path)
        qtbot.waitUntil(lambda: window.session.job == 0, timeout=60_000)
        (message,) = window.log.messages
        assert message.level == "error"
        assert window.log.list.item(0).text().strip()
    window.control.open_sample()
    finish(window, qtbot)
    assert window.session.findings


def test_the_engine_is_killed_at_work_and_the_next_one_finishes(qtbot: QtBot, window: MainWindow) -> None:
    window.control.open_sample()
    engine = window.session._engine
    qtbot.waitUntil(lambda: any(p.ready and p.job for p in engine.processes), timeout=60_000)
    next(p for p in engine.processes if p.ready and p.job).kill()
    qtbot.waitUntil(lambda: any(m.note.code == "gui.engine_died" for m in window.log.messages), timeout=10_000)
    window.control.rescan()
    finish(window, qtbot)
    assert window.session.findings


def test_a_large_tensor_comes_pooled_and_its_region_sharp(qtbot: QtBot, tmp_path: Path) -> None:
    weights = [np.random.default_rng(seed).normal(0, 0.02, (1500, 64)).astype(np.float32) for seed in range(2)]
    weights[0][777, 33] = 0.5
    for name, values in zip(("a", "b"), weights, strict=True):
        save_file({"block.weight": values}, tmp_path / f"{name}.safetensors")
    engine = Engine()
    values = TensorValues(engine)
    pair = TensorPair("b", "other.value", "block.weight", "block.weight", -1, -1)
    with qtbot.waitSignal(values.came, timeout=60_000) as came:
        values.read(tmp_path / "a.safetensors", tmp_path / "b.safetensors", pair)
    view = came.args[0]
    assert view.region.step == (3, 1)
    assert view.region.candidate[777 // 3, 33] == np.float32(0.5), "the outlier survives the pooling"
    with qtbot.waitSignal(values.sharpened, timeout=60_000) as sharpened:
        values.sharpen((700, 800), (20, 40))
    region = sharpened.args[0]
    assert region.step == (1, 1)
    np.testing.assert_array_equal(region.difference, (weights[0] - weights[1])[700:800, 20:40])
    end(engine, qtbot)


def test_an_inspection_travels(qtbot: QtBot) -> None:
    engine = Engine()
    with qtbot.waitSignal(engine.result, timeout=60_000) as got:
        engine.request("inspect", {"path": str(DEMO / "reference_audio")})
    assert isinstance(got.args[0].payload, Inspection)
    end(engine, qtbot)


def test_the_corner_says_that_the_engine_is_sandboxed(
    qtbot: QtBot, make_window: MakeWindow, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("ASSAYER_SANDBOX")
    window = make_window(command=engine_command())
    drop(window, [QUrl.fromLocalFile(f"{DEMO / 'candidate'}/")], right=False)
    finish(window, qtbot)
    assert window.session.inspection is not None
    (worker,) = [p for p in window.session._engine.processes if p.isolation is not None]
    assert worker.isolation is not None
    if worker.isolation.level != "sandbox":
        pytest.skip("this kernel has no complete sandbox")
    assert window.isolation.label.text() == "sandbox"
    assert "only the folders" in window.isolation.label.toolTip()
    window.translation.use("ko")
    qtbot.waitUntil(lambda: window.isolation.label.text() == "샌드박스")
    elsewhere = tmp_path / "elsewhere"
    shutil.copytree(DEMO / "reference_audio", elsewhere)
    drop(window, [QUrl.fromLocalFile(str(elsewhere))], right=True)
    finish(window, qtbot)
    assert not [message.note for message in window.log.messages if message.level == "error"]
    assert window.session.findings
    qtbot.waitUntil(lambda: worker not in window.session._engine.processes, timeout=5000)
