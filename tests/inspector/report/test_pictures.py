"""The inline pictures of the page: the fixed colour scale, what was not computed, the null with what was observed."""

from __future__ import annotations

import base64
import io
import re

import numpy as np
import pytest
from PIL import Image

import resources
from inspector.evidence_results import NullCurve
from inspector.report.heatmap_svg import heatmap_svg
from inspector.report.null_svg import null_svg
from inspector.report.words import Words
from inspector.results import LayerMatrix

WORDS = Words("en")
COLOURS = resources.load_json("colormaps/cividis.json")["colours"]


def drawn(values: np.ndarray) -> tuple[str, Image.Image]:
    svg = heatmap_svg(LayerMatrix("all", "cosine", values, None), ((0, 0),), WORDS, "<title>")
    found = re.findall(r'base64,([^"]+)"', svg)
    return str(svg), Image.open(io.BytesIO(base64.b64decode(found[0])))


def colour(image: Image.Image, shape: tuple[int, int], row: int, column: int) -> str:
    step = image.width // shape[1]
    red, green, blue = image.getpixel((column * step + 1, row * step + 2))  # type: ignore[misc]
    return f"#{red:02x}{green:02x}{blue:02x}"


def test_cells_have_the_colours_of_the_fixed_scale() -> None:
    values = np.array([[1.0, 0.0, -0.5], [0.5, np.nan, 1.5]])
    _, image = drawn(values)
    seen = {(row, column): colour(image, (2, 3), row, column) for row in range(2) for column in range(3)}
    assert seen[0, 0] == seen[1, 2] == COLOURS[255]
    assert seen[0, 1] == seen[0, 2] == COLOURS[0]
    assert seen[1, 0] == COLOURS[128]
    assert seen[1, 1] not in COLOURS


def test_values_and_words_are_text_that_is_no_markup() -> None:
    svg, _ = drawn(np.array([[0.25, 1.0]]))
    assert ">0.25<" in svg
    assert "candidate layer" in svg
    assert "<title>&lt;title&gt;</title>" in svg
    assert svg.count("<rect") == 1, "the aligned cell is outlined"


@pytest.mark.parametrize("layers", [1, 30, 200, 3000])
def test_a_picture_stays_small_at_any_number_of_layers(layers: int) -> None:
    svg, image = drawn(np.eye(layers))
    assert image.width >= min(layers, 600)
    assert image.width <= max(layers, 1280)
    assert len(svg) < 400_000
    width = re.search(r'viewBox="0 0 (\d+)', svg)
    assert width is not None
    assert int(width[1]) < 640


@pytest.mark.parametrize(("z", "arrow"), [(0.5, False), (-2.9, False), (250.0, True), (-40.0, True), (None, False)])
def test_what_was_observed_is_marked_or_pointed_at(z: float | None, arrow: bool) -> None:
    curve = NullCurve(np.linspace(-3, 3, 31), np.arange(30))
    svg = null_svg(curve, z, WORDS, "null")
    assert ("<path" in svg) is arrow
    assert ("observed" in svg) is (z is not None)
    places = [float(x) for x in re.findall(r' x[12]?="([-\d.]+)"', svg)]
    assert all(0 <= x <= 250 for x in places)


def test_a_null_without_counts_is_drawn() -> None:
    assert "<svg" in null_svg(NullCurve(np.array([0.0, 0.0]), np.array([0])), 1.0, WORDS, "empty")
