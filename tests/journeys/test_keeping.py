"""Journeys that leave something: exported files, a review, a library."""

from __future__ import annotations

import csv

from PIL import Image

from gui.control import LIBRARY, SCREENING
from tests.journeys.conftest import Travel
from tests.journeys.hands import LEFT, Hands
from tests.journeys.inputs import AUDIO, CANDIDATE, VISION, sample_gone
from tests.journeys.journey import journey
from tests.journeys.test_reading import compare


@journey("Export the heatmap as a picture and as CSV")
def export(hands: Hands) -> None:
    window = hands.window
    compare(hands)
    hands.press("Ctrl+Shift+E")
    hands.fill_dialog(hands.folder / "map.png")
    hands.wait_for((hands.folder / "map.png").exists, "the picture", 10)
    hands.press("Ctrl+Shift+S")
    hands.fill_dialog(hands.folder / "map.csv")
    hands.wait_for((hands.folder / "map.csv").exists, "the CSV file", 20)
    hands.wait_for(lambda: len(hands.sentences("info")) == 2, "both to be told", 5)
    assert window.layers is not None
    with Image.open(hands.folder / "map.png") as picture:
        hands.told["size"] = picture.size
    with (hands.folder / "map.csv").open(encoding="utf-8-sig", newline="") as file:
        hands.told["rows"] = list(csv.reader(file))
    hands.told["layers"] = window.layers.heatmap.values.shape


def test_export(told: Travel) -> None:
    seen = told(export)
    assert seen["errors"] == []
    assert min(seen["size"]) > 400
    numbers = [row for row in seen["rows"] if row and row[-1].replace(".", "").replace("-", "").isdigit()]
    assert len(numbers) >= seen["layers"][0]


@journey("Two references dropped on the library, then the candidate screened against it")
def screen_library(hands: Hands) -> None:
    window = hands.window
    hands.press("Ctrl+L")
    hands.wait_for(lambda: window.shelf.shelf is not None and not window.shelf.job, "the library", 20)
    hands.told["on_library"] = window.tabs.currentIndex() == LIBRARY
    hands.drop([VISION, AUDIO], window.library)
    hands.wait_for(lambda: len(window.shelf.entries) == 2 and not window.shelf.job, "two references")
    hands.drop([CANDIDATE], window.inputs.candidate)
    hands.wait_for(lambda: window.session.inspection and not window.session.job, "the candidate")
    hands.press("Ctrl+Shift+L")
    hands.wait_for_findings()
    hands.told["on_mosaic"] = window.tabs.currentIndex() == SCREENING
    rows = window.screening.rows
    hands.told["columns"] = list(rows.columns)
    hands.told["best"] = {f.kind: f.best_reference for f in window.session.findings.values()}
    hands.told["readout"] = window.screening.readout


def test_screen_library(told: Travel) -> None:
    seen = told(screen_library)
    assert seen["errors"] == []
    assert seen["on_library"]
    assert seen["on_mosaic"]
    assert sorted(seen["columns"]) == [AUDIO, VISION]
    assert seen["best"]["vision_encoder"] == VISION
    assert seen["best"]["audio_encoder"] == AUDIO
    assert seen["columns"][0] in seen["readout"]


@journey("Save the review", needs="save_review")
def save_review(hands: Hands) -> None:
    compare(hands)
    hands.press("Ctrl+S")
    hands.fill_dialog(hands.folder / "review.assay")
    hands.wait_for((hands.folder / "review.assay").exists, "the review", 20)
    hands.told["infos"] = hands.sentences("info")


@journey("The saved review, opened where the checkpoints are not", sample_gone, needs="save_review", after=save_review)
def reopen_review(hands: Hands) -> None:
    window = hands.window
    hands.drop(["review.assay"], LEFT)
    hands.wait_for_findings()
    hands.told["here"] = sorted(path.name for path in hands.folder.iterdir() if path.is_dir())
    hands.told["verdicts"] = {f.kind: f.verdict for f in window.session.findings.values() if f.verdict}


def test_reopen_review(told: Travel) -> None:
    seen = told(reopen_review)
    assert seen["errors"] == []
    assert seen["here"] == ["home"]
    assert seen["verdicts"]["vision_encoder"] == "derived"
    assert seen["verdicts"]["audio_encoder"] == "identical"
