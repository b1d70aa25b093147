"""Fused tensors: which rows belong to which role, checked against the reshapes that models do."""

from __future__ import annotations

import numpy as np
import pytest

from inspector.anatomy.families import Template
from inspector.anatomy.splitting import Ranges, split_rows

QKV = ("attn.q", "attn.k", "attn.v")
HEAD = 4


def rows_of(ranges: Ranges) -> list[int]:
    return [row for start, stop in ranges for row in range(start, stop)]


def split(template: Template, rows: int, query_rows: int | None) -> dict[str, list[int]]:
    return {role: rows_of(ranges) for role, ranges in split_rows(template, rows, query_rows)}


@pytest.mark.parametrize("query_rows", [None, 24])
def test_concatenated_thirds(query_rows: int | None) -> None:
    expected = np.arange(72).reshape(3, 24)
    assert split(Template("attn.qkv", QKV), 72, query_rows) == {
        role: list(own) for role, own in zip(QKV, expected, strict=True)
    }


def test_grouped_queries_leave_fewer_rows_for_keys_and_values() -> None:
    found = split(Template("attn.qkv", QKV), 24 + 2 * 8, 24)
    assert found == {"attn.q": list(range(24)), "attn.k": list(range(24, 32)), "attn.v": list(range(32, 40))}


def test_interleaved_per_head_as_qwen_vl() -> None:
    heads = np.arange(72).reshape(6, 3, HEAD)  # the model: view(heads, 3 * head_dim), then q, k, v
    found = split(Template("attn.qkv", QKV, HEAD), 72, 24)
    assert found == {role: list(heads[:, index].ravel()) for index, role in enumerate(QKV)}


def test_interleaved_per_key_group_as_internlm2() -> None:
    groups = np.arange(2 * 5 * HEAD).reshape(2, 5, HEAD)  # (groups, queries + key + value, head width)
    found = split(Template("attn.qkv", QKV, HEAD), 2 * 5 * HEAD, 2 * 3 * HEAD)
    assert found["attn.q"] == list(groups[:, :3].ravel())
    assert found["attn.k"] == list(groups[:, 3].ravel())
    assert found["attn.v"] == list(groups[:, 4].ravel())


def test_halves_keep_the_order_of_the_data() -> None:
    assert split(Template("mlp.gate_up", ("mlp.gate", "mlp.up")), 10, None)["mlp.up"] == [5, 6, 7, 8, 9]
    assert split(Template("mlp.gate_up", ("mlp.up", "mlp.gate")), 10, None)["mlp.up"] == [0, 1, 2, 3, 4]


@pytest.mark.parametrize(
    ("template", "rows", "query_rows"),
    [
        (Template("mlp.gate_up", ("mlp.gate", "mlp.up")), 9, None),
        (Template("attn.qkv", QKV), 25, 24),
        (Template("attn.qkv", QKV), 24, 24),
        (Template("attn.qkv", QKV, 5), 72, 24),
    ],
    ids=["odd halves", "one row left", "nothing left", "head width does not divide"],
)
def test_rows_that_cannot_be_divided_stay_whole(template: Template, rows: int, query_rows: int | None) -> None:
    assert split_rows(template, rows, query_rows) == ()
