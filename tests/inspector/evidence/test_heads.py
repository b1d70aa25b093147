"""Heads: blind to what a disguise does inside a head, and to nothing else; silent where the configs disagree."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

import inspector
from inspector.evidence.claims import claims_of, heads_test, summed_log10_p
from inspector.evidence.cross import Cross
from inspector.evidence.heads import declared_heads, head_groups, head_products
from inspector.evidence.scoring import GroupScore, score
from inspector.job import QUIET
from resources import path
from tests.inspector.evidence import trained

HEADS, WIDTH = 4, 12
Attention = dict[str, np.ndarray]


def products(ours: trained.Weights, theirs: trained.Weights, kind: str, heads: int = HEADS) -> list[Cross]:
    a, b = trained.checkpoint(ours), trained.checkpoint(theirs)
    groups = head_groups(trained.aligned(a, b, kind), heads)
    return [head_products(group, heads, a, b, QUIET) for group in groups]


def scores(ours: trained.Weights, theirs: trained.Weights, kind: str, heads: int = HEADS) -> list[GroupScore]:
    a, b = trained.checkpoint(ours), trained.checkpoint(theirs)
    found = []
    for group in head_groups(trained.aligned(a, b, kind), heads):
        result = score(group, head_products(group, heads, a, b, QUIET))
        assert result is not None
        found.append(result)
    return found


def rotation(rng: np.random.Generator) -> np.ndarray:
    turn: np.ndarray = np.linalg.qr(rng.standard_normal((WIDTH, WIDTH)))[0]
    return turn


def changed_inside_heads(weights: trained.Weights, rng: np.random.Generator) -> trained.Weights:
    """Mix the inner dimensions of every head by an invertible matrix: no product of a head changes."""
    made = dict(weights)
    for layer in range(6):
        at = f"audio_tower.layers.{layer}.self_attn."
        q, k, v = (weights[f"{at}{part}_proj.weight"].reshape(HEADS, WIDTH, -1) for part in "qkv")
        out = weights[f"{at}out_proj.weight"].reshape(-1, HEADS, WIDTH)
        mixing = np.stack([rotation(rng) * np.exp(0.3 * rng.standard_normal(WIDTH)) for _ in range(2 * HEADS)])
        back = np.linalg.inv(mixing)
        made[f"{at}q_proj.weight"] = np.concatenate([m @ head for m, head in zip(mixing[:HEADS], q, strict=True)])
        made[f"{at}k_proj.weight"] = np.concatenate([m.T @ head for m, head in zip(back[:HEADS], k, strict=True)])
        made[f"{at}v_proj.weight"] = np.concatenate([m @ head for m, head in zip(mixing[HEADS:], v, strict=True)])
        made[f"{at}out_proj.weight"] = np.concatenate([out[:, head] @ m for head, m in enumerate(back[HEADS:])], axis=1)
    return {name: array.astype(np.float32) for name, array in made.items()}


def turned_heads(weights: trained.Weights, order: list[int]) -> trained.Weights:
    """Put the heads of every layer in another order."""
    made = dict(weights)
    places = (np.array(order)[:, None] * WIDTH + np.arange(WIDTH)).reshape(-1)
    for layer in range(6):
        at = f"audio_tower.layers.{layer}.self_attn."
        for part in "qkv":
            made[f"{at}{part}_proj.weight"] = weights[f"{at}{part}_proj.weight"][places]
        made[f"{at}out_proj.weight"] = weights[f"{at}out_proj.weight"][:, places]
    return made


@pytest.mark.parametrize(
    ("kind", "at", "heads", "queries"),
    [
        ("audio_encoder", "audio_tower.layers.2.self_attn.", 4, 1),
        # Taken as 8 heads on 4: of 2 key and value heads, only the sign of a centred matrix is left.
        ("language_model", "model.language_model.model.layers.2.self_attn.", 8, 2),
    ],
)
def test_cosines_are_those_of_the_full_products(kind: str, at: str, heads: int, queries: int) -> None:
    """Against d × d matrices, which the engine never forms; with grouped queries, all of a group side by side."""
    ours, theirs = trained.weights("honest"), trained.weights("candidate")
    cross = products(ours, theirs, kind, heads)[2]
    groups = heads // queries
    total = np.zeros((groups, groups))
    for first, second in (("q", "k"), ("out" if kind == "audio_encoder" else "o", "v")):
        flat = []
        for weights in (ours, theirs):
            many, one = (weights[f"{at}{part}_proj.weight"] for part in (first, second))
            many = (many if first == "q" else many.T).reshape(groups, queries, -1, many.shape[1 if first == "q" else 0])
            one = one.reshape(groups, -1, one.shape[1])
            full = [[many[g, n].T @ one[g] for n in range(queries)] for g in range(groups)]
            side = np.array(full).reshape(groups, -1)
            flat.append(side / np.linalg.norm(side, axis=1, keepdims=True))
        cosine = flat[0] @ flat[1].T
        moved = cosine - cosine.mean(0) - cosine.mean(1, keepdims=True) + cosine.mean()
        total += moved / np.sqrt((moved**2).sum() / (groups - 1))
    assert cross.matrix[0].numpy() == pytest.approx(total, abs=1e-4)


def test_nothing_inside_a_head_changes_its_score() -> None:
    reference = trained.weights("reference_audio")
    hidden = changed_inside_heads(reference, np.random.default_rng(0))
    for plain, mixed in zip(
        scores(reference, reference, "audio_encoder"), scores(hidden, reference, "audio_encoder"), strict=True
    ):
        assert mixed.z == pytest.approx(plain.z, rel=1e-3)
        assert mixed.log10_p == pytest.approx(-np.log10(24))  # the smallest there is with four heads


def test_permutation_z_loses_what_heads_keep() -> None:
    reference = trained.weights("reference_audio")
    hidden = trained.checkpoint(changed_inside_heads(reference, np.random.default_rng(1)))
    theirs = trained.checkpoint(reference)
    groups = trained.groups(hidden, theirs, "audio_encoder", "attn.vo")
    assert len(groups) == 6
    plain = [trained.scored(group, theirs, theirs, quick=True).z for group in groups]
    mixed = [trained.scored(group, hidden, theirs, quick=True).z for group in groups]
    assert np.mean(plain) > 8
    assert np.mean(mixed) < 3


def test_layers_of_heads_add_up() -> None:
    reference = trained.weights("reference_audio")
    own = scores(changed_inside_heads(reference, np.random.default_rng(2)), reference, "audio_encoder")
    assert len(own) == 6
    assert -6 * np.log10(24) <= summed_log10_p(own) < -6
    claims = claims_of(own)
    line = heads_test(own, claims, True)
    assert line is not None
    assert line.log10_p == pytest.approx(min(claim.log10_p for claim in claims) + np.log10(7))


def test_heads_in_another_order_are_not_in_place() -> None:
    reference = trained.weights("reference_audio")
    assert summed_log10_p(scores(turned_heads(reference, [1, 2, 3, 0]), reference, "audio_encoder")) > -1


def test_independent_heads_do_not_agree() -> None:
    own = scores(trained.weights("honest", "audio_tower."), trained.weights("reference_audio"), "audio_encoder")
    assert summed_log10_p(own) > -2
    assert all(result.log10_p > -1.39 for result in own)


def test_grouped_queries_are_compared_by_key_value_head() -> None:
    prefix = "model.language_model."
    ours, theirs = trained.weights("candidate", prefix), trained.weights("candidate", prefix)
    # Four query heads of 16 on two key and value heads: turn the second pair's inner dimensions.
    rng = np.random.default_rng(3)
    turn, _ = np.linalg.qr(rng.standard_normal((16, 16)))
    for name in ("q", "k"):
        key = f"{prefix}model.layers.0.self_attn.{name}_proj.weight"
        heads = ours[key].reshape(-1, 16, 64).copy()
        half = len(heads) // 2
        heads[half:] = turn @ heads[half:]
        ours[key] = heads.reshape(-1, 64).astype(np.float32)
    own = scores(ours, theirs, "language_model")
    plain = scores(theirs, theirs, "language_model")
    assert [result.units for result in own] == [2] * 6
    assert own[0].z == pytest.approx(plain[0].z, rel=1e-3)
    assert own[0].log10_p == pytest.approx(-np.log10(2))


def test_widths_that_do_not_divide_into_heads_are_left_alone() -> None:
    a, b = (trained.checkpoint(trained.weights("reference_audio")) for _ in range(2))
    pairs = trained.aligned(a, b, "audio_encoder")
    assert head_groups(pairs, 5) == []
    assert head_groups(pairs, 1) == []


@pytest.mark.parametrize(
    ("config", "heads"),
    [
        ({"audio_config": {"encoder_attention_heads": 8}, "vision_config": {"num_heads": 3}}, 8),
        ({"encoder_attention_heads": 6}, 6),
        ({"vision_config": {"num_heads": 3}}, None),
        ({"num_heads": 5, "vision_config": {"num_heads": 3}}, None),
        ({"encoder_attention_heads": True}, None),
        ({"encoder_attention_heads": "4"}, None),
        ({}, None),
    ],
)
def test_the_number_of_heads_comes_from_the_config(config: dict[str, object], heads: int | None) -> None:
    made = trained.checkpoint(trained.weights("reference_audio"), config)
    assert declared_heads(trained.component(made, "audio_encoder"), made) == heads


@pytest.mark.parametrize(("heads", "examined"), [(HEADS, True), (6, False)])
def test_configs_that_contradict_each_other_leave_heads_out(tmp_path: Path, heads: int, examined: bool) -> None:
    reference = tmp_path / "reference"
    shutil.copytree(path("demo") / "reference_audio", reference)
    config = json.loads((reference / "config.json").read_text())
    config["audio_config"]["encoder_attention_heads"] = heads
    (reference / "config.json").write_text(json.dumps(config))
    done = inspector.compare(path("demo") / "honest", [reference], component="audio_encoder", hashes=False)
    evidence = done.components[0].against[0].evidence
    assert evidence is not None
    assert any(test.test == "heads" for test in evidence.tests) is examined
