"""Common residual coordinates: gains folded, means taken out, one side turned and reordered, biases left alone."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from benchmarks.attacks.residual import folded
from benchmarks.zoo.shelf import Zoo
from inspector.anatomy import Part
from inspector.evidence.compared import Compared
from inspector.evidence.groups import View
from inspector.evidence.turning import FED_BY, Turn, folded_gains, has_layer_norms
from inspector.job import QUIET
from tests.inspector.evidence import attacked


def part(compared: Compared, role: str, param: str = "weight", layer: int | None = 1) -> Part:
    return next(p for p in compared.reference.parts if (p.role, p.param, p.layer) == (role, param, layer))


def view(compared: Compared, role: str, *, bias: bool = False) -> View:
    one = part(compared, role)
    other = part(compared, role, "bias") if bias else None
    axis = "columns" if role in ("mlp.down", "mlp.fc2", "attn.out") else "rows"
    return View((one, one), axis, None if other is None else (other, other))  # type: ignore[arg-type]


def same(zoo: Zoo, family: str) -> Compared:
    return attacked.sides(attacked.net(zoo.folder, family), attacked.reference(zoo.folder, family))


@pytest.mark.parametrize(
    ("family", "layer_norms"), [("vit_gelu", True), ("whisper_audio", True), ("gqa_decoder", False)]
)
def test_only_a_layer_norm_has_a_bias(zoo: Zoo, family: str, layer_norms: bool) -> None:
    compared = same(zoo, family)
    assert has_layer_norms(compared.reference) is layer_norms
    assert folded_gains(compared, QUIET).centred == (layer_norms, layer_norms)


@pytest.mark.parametrize("role", ["attn.q", "attn.v", "mlp.gate", "mlp.up"])
def test_gains_are_folded_into_what_they_feed(zoo: Zoo, role: str) -> None:
    compared = same(zoo, "gqa_decoder")
    net = attacked.net(zoo.folder, "gqa_decoder")
    kind = role.removeprefix("attn.").removeprefix("mlp.")
    matrix, expected = (one.parts[f"blocks.1.{kind}.weight"] for one in (net, folded(net)))
    assert not torch.allclose(matrix, expected, rtol=1e-3)
    assert torch.allclose(folded_gains(compared, QUIET).folded(1, view(compared, role), matrix), expected, atol=1e-6)


def test_gains_of_the_other_layers_and_of_writers_are_not_folded(zoo: Zoo) -> None:
    compared = same(zoo, "gqa_decoder")
    fold = folded_gains(compared, QUIET)
    assert FED_BY.keys().isdisjoint(("mlp.down", "mlp.fc2", "attn.out"))
    down = attacked.net(zoo.folder, "gqa_decoder").parts["blocks.1.down.weight"].T
    assert torch.equal(fold.folded(0, view(compared, "mlp.down"), down), down)
    elsewhere = Turn(({}, {("norm.2", 2): torch.full((96,), 7.0)}))
    up = attacked.net(zoo.folder, "gqa_decoder").parts["blocks.1.up.weight"]
    assert torch.equal(elsewhere.folded(1, view(compared, "mlp.up"), up), up)


def test_a_layer_norm_lets_no_mean_through(zoo: Zoo) -> None:
    compared = same(zoo, "vit_gelu")
    fold = folded_gains(compared, QUIET)
    matrix = torch.randn(5, 97, generator=attacked.random_of("mean")) + 3
    out = fold.folded(0, view(compared, "mlp.fc1", bias=True), matrix)
    assert torch.allclose(out[:, :96].mean(1), torch.zeros(5), atol=1e-5)
    assert torch.equal(out[:, 96], matrix[:, 96]), "a bias is no residual dimension"
    assert torch.equal(matrix, torch.randn(5, 97, generator=attacked.random_of("mean")) + 3), "what is given stays"


def test_only_the_candidate_is_turned_and_its_bias_is_not(zoo: Zoo) -> None:
    compared = same(zoo, "vit_gelu")
    generator = attacked.random_of("turn")
    rotation = torch.linalg.qr(torch.randn(96, 96, generator=generator))[0]
    turn = Turn(({}, {})).by(rotation)
    matrix = torch.randn(5, 97, generator=generator)
    ours, theirs = turn.of(view(compared, "mlp.fc1", bias=True), matrix, matrix)
    assert torch.equal(theirs, matrix)
    assert torch.allclose(ours[:, :96], matrix[:, :96] @ rotation, atol=1e-6)
    assert torch.equal(ours[:, 96], matrix[:, 96])


def test_an_order_belongs_to_one_role_of_one_layer(zoo: Zoo) -> None:
    compared = same(zoo, "gqa_decoder")
    order = torch.arange(95, -1, -1)
    turn = replace(Turn(({}, {})), orders={("attn.q", 1): order})
    matrix = torch.randn(96, 96, generator=attacked.random_of("order"))
    assert torch.equal(turn.side(0, view(compared, "attn.q"), matrix), matrix[order])
    assert torch.equal(turn.side(1, view(compared, "attn.q"), matrix), matrix)
    assert torch.equal(turn.side(0, view(compared, "mlp.up"), matrix), matrix)
