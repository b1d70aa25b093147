"""The contact sheet of all journeys: `python -m tests.journeys.sheet [PICTURE]` takes them and lays them out."""

from __future__ import annotations

import importlib
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from tests.journeys.display import display
from tests.journeys.journey import ROOT, Journey, travel

_MODULES = ("test_opening", "test_reading", "test_working", "test_keeping")
_COLUMNS, _WIDTH, _GAP, _CAPTION = 3, 640, 20, 52
_GROUND, _INK, _EDGE = "#f2f4f8", "#10151b", "#b9c4d0"
_COLOURS = 128


def journeys() -> list[Journey]:
    """Return every journey that has a test, in the order of the files."""
    out = []
    for name in _MODULES:
        module = importlib.import_module(f"tests.journeys.{name}")
        out += [j for j in vars(module).values() if isinstance(j, Journey) and hasattr(module, f"test_{j.name}")]
    return out


def taken(folder: Path) -> list[tuple[str, Path]]:
    """Take the journeys and return the caption and picture of each that this window can take."""
    out = []
    with display() as screen:
        for journey in journeys():
            picture = folder / f"{journey.name}.png"
            with tempfile.TemporaryDirectory(prefix="assayer-") as inputs:
                told = travel(journey, screen, Path(inputs), picture)
            print(journey.name, f"(no command {told['missing']} yet)" if "missing" in told else "", flush=True)
            if "missing" not in told:
                out.append((journey.caption, picture))
    return out


def laid_out(pictures: Sequence[tuple[str, Path]]) -> Image.Image:
    """Return the pictures in rows, each above its caption."""
    images = [(caption, Image.open(path).convert("RGB")) for caption, path in pictures]
    height = max(round(image.height * _WIDTH / image.width) for _, image in images)
    rows = -(-len(images) // _COLUMNS)
    size = _GAP + _COLUMNS * (_WIDTH + _GAP), _GAP + rows * (height + _CAPTION + _GAP)
    sheet = Image.new("RGB", size, _GROUND)
    draw = ImageDraw.Draw(sheet)
    font = ImageFont.load_default(17)
    for number, (caption, image) in enumerate(images):
        left = _GAP + number % _COLUMNS * (_WIDTH + _GAP)
        top = _GAP + number // _COLUMNS * (height + _CAPTION + _GAP)
        small = image.resize((_WIDTH, round(image.height * _WIDTH / image.width)), Image.Resampling.LANCZOS)
        sheet.paste(small, (left, top))
        draw.rectangle((left, top, left + _WIDTH - 1, top + small.height - 1), outline=_EDGE)
        for line, text in enumerate(_lines(f"{number + 1}  {caption}", font)):
            draw.text((left, top + small.height + 6 + 22 * line), text, _INK, font)
    return sheet


def _lines(text: str, font: ImageFont.FreeTypeFont | ImageFont.ImageFont) -> list[str]:
    """Break a caption into lines that fit below its picture."""
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}".lstrip() if lines[-1] else word
        if font.getlength(longer) > _WIDTH and lines[-1]:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def main() -> None:
    """Write the sheet to docs/pictures, or where the command line says."""
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs/pictures/journeys.png"
    with tempfile.TemporaryDirectory() as folder:
        sheet = laid_out(taken(Path(folder)))
    few = sheet.quantize(_COLOURS, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    few.save(target, optimize=True)
    print(target, f"{target.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
