"""Every attack keeps what it says it keeps, and says truly what it did."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from torch import Generator, Tensor

from benchmarks.attacks import chains
from benchmarks.attacks.attacks import ATTACKS
from benchmarks.attacks.checks import KEPT, answers, difference
from benchmarks.attacks.net import layer_of, to_file
from benchmarks.attacks.registry import FAMILIES, Attacked, Case
from benchmarks.zoo.altering import Weights

DISGUISES = {
    "neuron_permutation", "head_permutation", "head_rotation", "residual_rotation", "residual_permutation",
    "moe_upcycling", "experts_reordered",
    "layers_dropped", "layers_repeated", "layers_reordered", "width_sliced", "partial_transplant", "merged",
    "quantised", "pruned", "low_rank_update", "rescaled",
}  # fmt: skip
POSSIBLE = [(name, family) for name, item in ATTACKS.items() for family in FAMILIES if family not in item.impossible]
NAMING = [(name, family) for name, family in POSSIBLE if ATTACKS[name].group == "naming"]


@pytest.fixture(autouse=True)
def few_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fine-tune that is over after a few steps."""
    monkeypatch.setattr(chains, "LIGHT", replace(chains.LIGHT, steps=0.005))


@pytest.fixture(scope="module")
def before(cases: dict[str, Case]) -> dict[str, Tensor]:
    """The victims' answers."""
    return {family: answers(case.victim) for family, case in cases.items()}


def attacked(cases: dict[str, Case], name: str, family: str) -> Attacked:
    return ATTACKS[name].run(replace(cases[family], random=Generator().manual_seed(7)))


@pytest.mark.parametrize(("name", "family"), POSSIBLE)
def test_what_is_kept_is_kept_and_the_rest_is_not(
    cases: dict[str, Case], before: dict[str, Tensor], name: str, family: str
) -> None:
    victim, made = cases[family].victim, attacked(cases, name, family)
    if made.net is not None:
        moved = difference(before[family], answers(made.net))
        assert moved < KEPT if made.function == "kept" else moved > KEPT
        assert made.weights.keys() == to_file(made.net).keys()
    assert len(made.layers) == (made.net or victim).shape.layers
    assert set(made.disguises + made.also) <= DISGUISES
    assert any(not torch.equal(value, made.weights[name]) for name, value in to_file(victim).items()
               if name in made.weights) or list(made.weights) != list(to_file(victim))  # fmt: skip


@pytest.mark.parametrize(("name", "family"), NAMING)
def test_naming_keeps_every_value(cases: dict[str, Case], name: str, family: str) -> None:
    def values(weights: Weights) -> Tensor:
        return torch.cat([value.flatten() for value in weights.values()]).sort().values

    before, after = values(to_file(cases[family].victim)), values(attacked(cases, name, family).weights)
    if len(after) > len(before):  # the bias that a fused layer needs, and of which a part of it has none
        before, after = before[before != 0], after[after != 0]
    assert torch.equal(before, after)


def test_the_names_of_an_attack_that_takes_them_away(cases: dict[str, Case]) -> None:
    names = {name: set(attacked(cases, name, "whisper_audio").weights) for name in ("renamed", "refused", "file_order")}
    stored = set(to_file(cases["whisper_audio"].victim))
    assert not names["renamed"] & stored
    assert "encoder.layers.0.self_attn.qkv_proj.bias" in names["refused"]
    assert not any(".q_proj." in name for name in names["refused"])
    assert names["file_order"] == stored


@pytest.mark.parametrize("family", FAMILIES)
def test_layers_are_the_victims_where_the_map_says_so(cases: dict[str, Case], family: str) -> None:
    case = cases[family]
    for name in ("layers_dropped", "layers_repeated", "layers_reordered", "transplant_2", "transplant_moved"):
        made = attacked(cases, name, family)
        assert made.net is not None
        for part, value in made.net.parts.items():
            layer = layer_of(part)
            source = None if layer is None else made.layers[layer]
            if layer is not None and source is not None:
                assert torch.equal(value, case.victim.parts[part.replace(f"blocks.{layer}.", f"blocks.{source}.", 1)])
            elif layer is not None:
                assert torch.equal(value, case.own.parts[part])


def test_no_layer_stays_in_place_when_reordered(cases: dict[str, Case]) -> None:
    layers = attacked(cases, "layers_reordered", "vit_gelu").layers
    assert sorted(layer for layer in layers if layer is not None) == [0, 1, 2, 3]
    assert all(place != layer for place, layer in enumerate(layers))


def test_the_config_follows_the_shape(cases: dict[str, Case]) -> None:
    assert attacked(cases, "layers_repeated", "gqa_decoder").config["num_hidden_layers"] == 6
    assert attacked(cases, "mlp_sliced", "whisper_audio").config["encoder_ffn_dim"] == 154
    assert attacked(cases, "residual_sliced", "vit_gelu").config["model_args"]["embed_dim"] == 64
    upcycled = attacked(cases, "upcycled", "gqa_decoder").config
    assert (upcycled["model_type"], upcycled["num_experts"], upcycled["num_attention_heads"]) == ("qwen3_moe", 8, 8)


def test_a_chain_tells_the_layers_of_the_first_model(cases: dict[str, Case]) -> None:
    made = attacked(cases, "layers_reordered+residual_rotation+int8", "gqa_decoder")
    assert made.layers == attacked(cases, "layers_reordered", "gqa_decoder").layers
    assert set(made.disguises) == {"layers_reordered", "residual_rotation", "quantised"}
    assert made.function == "changed"


def test_a_fine_tune_of_a_pruned_model_is_no_longer_expected_to_show_zeros(cases: dict[str, Case]) -> None:
    case = replace(cases["gqa_decoder"], random=Generator().manual_seed(7))
    made = chains.tuned(ATTACKS["pruned_50"]).run(case)
    assert (made.disguises, made.also, made.function) == ((), ("pruned",), "changed")


def test_rotations_of_queries_and_keys_respect_rotary_planes(cases: dict[str, Case]) -> None:
    made, victim = attacked(cases, "qk_rotation", "vit_swiglu").net, cases["vit_swiglu"].victim
    assert made is not None
    width = victim.shape.head_width

    def planes(value: Tensor) -> Tensor:
        return value.reshape(victim.shape.heads, 2, width // 2, -1).square().sum(dim=1)

    name = "blocks.0.q.weight"
    assert torch.allclose(planes(made.parts[name]), planes(victim.parts[name]), atol=1e-5)
    assert not torch.allclose(made.parts[name], victim.parts[name], atol=1e-2)
