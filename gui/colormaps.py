"""The colours of numbers: one table for similarities, chosen by the user, and one for signed values."""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt
import resources

from gui.settings import Colormap

SIGNED = "CET-CBD1"
DARK_INK, LIGHT_INK = "#000000", "#ffffff"

Table = npt.NDArray[np.uint8]
_name: Colormap = "cividis"


@cache
def table(name: str) -> Table:
    """Return one map as (256, 3) bytes, from its lowest value to its highest."""
    texts = resources.load_json(f"colormaps/{name}.json")["colours"]
    out = np.array([[int(text[at : at + 2], 16) for at in (1, 3, 5)] for text in texts], np.uint8)
    out.flags.writeable = False
    return out


def current() -> Table:
    """Return the colours of similarities."""
    return table(_name)


def use(name: Colormap) -> bool:
    """Draw similarities in another map from now on; say whether it is another one. The views redraw by themselves."""
    global _name
    changed, _name = name != _name, name
    return changed


def ink(level: float) -> str:
    """Return the colour of type that can be read on the colour of `level`, from 0 to 1."""
    return DARK_INK if _bright(_name)[int(min(max(level, 0.0), 1.0) * 255)] else LIGHT_INK


@cache
def _bright(name: str) -> npt.NDArray[np.bool_]:
    """Say per step of a map whether dark type has more contrast on it than light type."""
    grounds = _luminance(table(name) / 255)
    dark, light = (_luminance(_rgb(text)) for text in (DARK_INK, LIGHT_INK))
    answer: npt.NDArray[np.bool_] = (grounds + 0.05) ** 2 > (dark + 0.05) * (light + 0.05)
    return answer


def _rgb(text: str) -> npt.NDArray[np.float64]:
    return np.array([int(text[at : at + 2], 16) / 255 for at in (1, 3, 5)])


def _luminance(colours: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the relative luminance (WCAG 2) of sRGB colours from 0 to 1."""
    linear = np.where(colours <= 0.04045, colours / 12.92, ((colours + 0.055) / 1.055) ** 2.4)
    out: npt.NDArray[np.float64] = linear @ np.array([0.2126, 0.7152, 0.0722])
    return out
