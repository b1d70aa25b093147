"""What the layouts of quantised weights share: the tensors of one module, and what became of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from inspector.checkpoint.dtypes import DTYPES
from inspector.checkpoint.quantised_tiles import KEPT, Grid, Recent
from inspector.checkpoint.storage import Encoded, Placed, element_count

SCALES = frozenset({"F16", "BF16", "F32"})  # types of scales


@dataclass(frozen=True, slots=True)
class Group:
    """The tensors that together store one weight.

    Attributes:
        module: path of the module. parts: what follows it in each name -> tensor. hints: quantization_config.
        recent: the matrices read last, of the whole checkpoint.
    """

    module: str
    parts: Mapping[str, Placed]
    hints: Mapping[str, Any]
    recent: Recent

    def need(self, layout: str, *names: str) -> list[Placed]:
        """Return these parts; LeftOut where one is missing."""
        for name in names:
            if name not in self.parts:
                raise LeftOut("checkpoint.quantised_missing", layout, name)
        return [self.parts[name] for name in names]

    def grid(self, layout: str, name: str, dtypes: frozenset[str], shape: tuple[int, int] | None = None) -> Grid:
        """Return a part as a matrix, of this many elements in these types; LeftOut where it is not."""
        placed = self.need(layout, name)[0]
        wanted = shape or placed.shape
        if len(wanted) != 2 or element_count(wanted) != element_count(placed.shape) or placed.dtype not in dtypes:
            raise LeftOut("checkpoint.quantised_sizes", layout, name)
        if placed.encoded or 0 in wanted:
            raise LeftOut("checkpoint.quantised_sizes", layout, name)
        if placed.strides is not None and element_count(wanted) * DTYPES[placed.dtype].itemsize > KEPT:
            raise LeftOut("checkpoint.quantised_sizes", layout, name)
        return Grid(placed, (wanted[0], wanted[1]), self.recent)


@dataclass(frozen=True, slots=True)
class Restored:
    """A weight that can be read: its dtype's name, its logical shape, its decoder, and the part its bytes are in."""

    dtype: str
    shape: tuple[int, ...]
    encoded: Encoded
    main: str


class LeftOut(Exception):
    """A group that cannot be decoded: why (a message code), in which layout, and the part it fails at."""

    def __init__(self, code: str, layout: str, part: str) -> None:
        super().__init__(code, layout, part)
        self.code = code
        self.layout = layout
        self.part = part
