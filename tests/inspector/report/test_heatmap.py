"""The PNG: colours follow the fixed scale, undefined cells are hatched, not low."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image

import resources
from inspector.report.heatmap import heatmap_png
from inspector.results import LayerMatrix


def picture(values: list[list[float]], measure: str = "cosine") -> Image.Image:
    matrix = LayerMatrix("all", measure, np.array(values), None)
    return Image.open(io.BytesIO(heatmap_png(matrix, "title", "후보"))).convert("RGB")


def corner(image: Image.Image, row: int, column: int) -> str:
    red, green, blue = image.getpixel((64 + 44 * column + 2, 92 + 44 * row + 2))  # type: ignore[misc]
    return f"#{red:02x}{green:02x}{blue:02x}"


def test_the_scale_is_fixed_from_zero_to_one() -> None:
    colours = resources.load_json("colormaps/cividis.json")["colours"]
    image = picture([[1.0, 0.0], [-0.5, 0.5]])
    assert corner(image, 0, 0) == colours[255]
    assert corner(image, 0, 1) == colours[0]
    assert corner(image, 1, 0) == colours[0]
    assert corner(image, 1, 1) == colours[128]


def test_permutation_z_has_a_scale_of_its_own() -> None:
    colours = resources.load_json("colormaps/cividis.json")["colours"]
    image = picture([[0.0, 300.0], [-2.0, 1200.0], [3.0, float("nan")]], "permutation_z")
    assert corner(image, 0, 0) == corner(image, 1, 0) == colours[0]
    assert corner(image, 0, 1) == corner(image, 1, 1) == colours[255]
    assert corner(image, 2, 0) == colours[38], "chance is dark"
    assert corner(image, 2, 1) == "#e6e8eb"


def test_a_cell_that_was_not_computed_is_not_the_low_colour() -> None:
    assert corner(picture([[float("nan")]]), 0, 0) == "#e6e8eb"


def test_large_matrices_stay_a_reasonable_picture() -> None:
    assert max(picture(np.eye(300).tolist()).size) < 2000
