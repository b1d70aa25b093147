"""Every layout of the anatomy table as checkpoints under several names, each with the pieces that must be found."""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.data.memory_checkpoint import MemoryCheckpoint
from tests.inspector.anatomy.handwritten import LAYOUTS
from tests.inspector.anatomy.instances import named, saved
from tests.inspector.anatomy.judging import Judgement, judge
from tests.inspector.anatomy.layouts import Layout, write
from tests.inspector.anatomy.towers import TIMM, TRANSFORMERS, Tower, draw
from tests.inspector.anatomy.vocabulary import Array, Key, expected
from tests.inspector.similarity.renaming import wrong_after_renaming

OTHER_PREFIX = "submission.part7."


@dataclass(frozen=True, slots=True)
class Row:
    """One family in one layout: judged under its own names, below another prefix, and with every tensor renamed.

    `renamed` holds a complaint for every tensor that was not found again by shape and content.
    """

    family: str
    layout: str
    named: Judgement
    moved: Judgement
    renamed: tuple[str, ...]


def library_rows(name: str, tower: Tower) -> Iterator[Row]:
    """Judge an instance under its module names and, where they differ, under the names it is saved with."""
    model = draw(tower)
    pieces, turned = expected(model)
    own = named(model)
    yield _row(name, f"{tower.library}, modules", own, "", (pieces, turned), (tower.kind, tower.family))
    if tower.library == "transformers":
        with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            hub = saved(model, Path(folder))
        if set(hub.tensors) != set(own.tensors):
            yield _row(name, "transformers, saved", hub, "", (pieces, turned), (tower.kind, tower.family))


def written_row(name: str, layout: Layout) -> Row:
    """Judge a layout that is written by hand."""
    tensors, pieces, turned = write(layout)
    checkpoint = MemoryCheckpoint(tensors)
    return _row(name, layout.source, checkpoint, layout.prefix, (pieces, turned), (layout.kind, layout.family))


def rows() -> Iterator[Row]:
    """Judge every layout: transformers', timm's, those written by hand."""
    for towers in (TRANSFORMERS, TIMM):
        for name, tower in towers.items():
            yield from library_rows(name, tower)
    for name, layout in LAYOUTS.items():
        yield written_row(name, layout)


def _row(
    family: str,
    layout: str,
    checkpoint: MemoryCheckpoint,
    prefix: str,
    truth: tuple[dict[Key, Array], set[Key]],
    found_as: tuple[str, str],
) -> Row:
    moved = {OTHER_PREFIX + name.removeprefix(prefix): array for name, array in checkpoint.arrays.items()}
    return Row(
        family,
        layout,
        judge(checkpoint, *truth, *found_as),
        judge(MemoryCheckpoint(moved), *truth, *found_as),
        tuple(wrong_after_renaming(checkpoint)),
    )
