"""The anatomy table: each family in each layout has its kind, its blocks, and every piece under its role."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from importlib.util import find_spec

import numpy as np
import pytest

from tests.data.memory_checkpoint import MemoryCheckpoint
from tests.inspector.anatomy.handwritten import LAYOUTS
from tests.inspector.anatomy.judging import judge
from tests.inspector.anatomy.layouts import write
from tests.inspector.anatomy.table import Row, library_rows, written_row
from tests.inspector.anatomy.towers import TIMM, TRANSFORMERS

# A gate of four values a block: content cannot tell the blocks' gates apart.
TOO_SMALL_TO_TELL = "self_attn.grep_a instead of"


def assert_right(rows: Iterable[Row]) -> None:
    for row in rows:
        assert [wrong for wrong in row.renamed if TOO_SMALL_TO_TELL not in wrong] == [], f"{row.layout} renamed"
        assert row.named.wrong == (), row.layout
        assert row.moved.wrong == (), f"{row.layout} below another prefix"


@pytest.mark.parametrize("name", TRANSFORMERS)
def test_transformers(name: str) -> None:
    assert_right(library_rows(name, TRANSFORMERS[name]))


@pytest.mark.skipif(find_spec("timm") is None, reason="timm is not installed")
@pytest.mark.parametrize("name", TIMM)
def test_timm(name: str) -> None:
    assert_right(library_rows(name, TIMM[name]))


@pytest.mark.parametrize("name", LAYOUTS)
def test_written_by_hand(name: str) -> None:
    assert_right([written_row(name, LAYOUTS[name])])


def test_fused_split_and_turned_pieces_are_all_met() -> None:
    judged = {name: written_row(name, layout).named for name, layout in LAYOUTS.items()}
    assert judged["Qwen-VL"].fused == (12, 12)
    assert judged["Pixtral (Mistral)"].split == (10, 10)
    assert judged["GPT-2 (openai names, turned)"].transposed == (12, 12)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ("values", "('attn.v', 'weight', 1, None) is not there or has other values"),
        ("missing", "('mlp.fc2', 'bias', 0, None) is not there or has other values"),
        ("family", "found ['moonvit'] as vision_encoder"),
        ("extra", "vision_tower.encoder.blocks.0.adapter.weight is other.weight, layer 0"),
    ],
)
def test_the_judge_sees_what_is_wrong(change: str, complaint: str) -> None:
    layout = LAYOUTS["MoonViT (Moonshot)"]
    tensors, pieces, turned = write(layout)
    if change == "values":
        tensors["vision_tower.encoder.blocks.1.wqkv.weight"][-1, 0] += 1
    if change == "missing":
        del tensors["vision_tower.encoder.blocks.0.mlp.fc1.bias"]
    if change == "extra":
        tensors["vision_tower.encoder.blocks.0.adapter.weight"] = np.ones((2, 2), np.float32)
    if change == "family":
        layout = replace(layout, family="vit")
    # The pieces are parts of the same arrays: keep their values from before the change.
    _, pieces, turned = write(layout)
    judgement = judge(MemoryCheckpoint(tensors), pieces, turned, layout.kind, layout.family)
    assert judgement.wrong == (complaint,)
