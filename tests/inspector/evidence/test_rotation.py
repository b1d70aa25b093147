"""A copy whose residual stream was rotated, on really trained models: the rotation is undone and the rest re-judged."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

import inspector
import resources
from benchmarks.attacks.residual import folded, moved_residual
from benchmarks.attacks.residual import rotation as free_rotation
from benchmarks.zoo.shelf import Zoo
from inspector.evidence.rejudge import groups_of
from inspector.evidence.rotation import rotatable, rotation
from inspector.evidence.turning import folded_gains
from inspector.evidence_results import Evidence
from inspector.job import QUIET
from resources.demo.models import VisionEncoder
from resources.demo.training import VISION
from tests.inspector.evidence import attacked
from tests.inspector.evidence.test_two_view import Weights, weights


def encoder(sample: str) -> Weights:
    """Return the vision encoder of a sample without its projector, under one prefix, as float32."""
    found = {}
    for name, value in weights(sample).items():
        for prefix in ("model.vision_model.", "visual."):
            if name.startswith(prefix):
                found["visual." + name.removeprefix(prefix)] = value.float()
    return found


def rotated(model: Weights, seed: int) -> Weights:
    """Rotate the residual stream of a Qwen-like vision encoder, its norm gains folded into what reads them."""
    width = model["visual.blocks.0.norm1.weight"].numel()
    turn = torch.linalg.qr(torch.randn(width, width, generator=torch.Generator().manual_seed(seed)))[0]
    out = {}
    for name, value in model.items():
        stem, _, rest = name.partition(".blocks.")
        number, _, role = rest.partition(".")
        gain = {
            "attn.qkv.weight": "norm1",
            "mlp.gate_proj.weight": "norm2",
            "mlp.up_proj.weight": "norm2",
        }.get(role)
        if gain is not None:
            out[name] = (value * model[f"{stem}.blocks.{number}.{gain}.weight"]) @ turn
        elif role in ("attn.proj.weight", "mlp.down_proj.weight", "attn.proj.bias", "mlp.down_proj.bias"):
            out[name] = turn.t() @ value
        elif role in ("norm1.weight", "norm2.weight"):
            out[name] = torch.ones_like(value)
        elif "patch_embed" in name:
            out[name] = (turn.t() @ value.flatten(1)).reshape(value.shape)
        else:
            out[name] = value
    return {name: value.contiguous() for name, value in out.items()}


def judged(folder: Path, model: Weights) -> Evidence:
    folder.mkdir(exist_ok=True)
    save_file(model, folder / "model.safetensors")
    references = [resources.path("demo/reference_vision")]
    best = inspector.compare(folder, references, component="vision_encoder", hashes=False).components[0].best
    assert best is not None
    assert best.evidence is not None
    return best.evidence


def test_rotating_keeps_what_the_blocks_compute() -> None:
    model = {name.removeprefix("visual."): value for name, value in encoder("reference_vision").items()}
    turned = {name.removeprefix("visual."): value for name, value in rotated(encoder("reference_vision"), 1).items()}
    images = torch.randn(2, 3, 16, 16, generator=torch.Generator().manual_seed(0))
    lengths = []
    for state in (model, turned):
        net = VisionEncoder(VISION)
        net.load_state_dict(state)
        with torch.no_grad():
            x = net.patch_embed(images)
            for block in net.blocks:
                x = block(x, net.angles)
        lengths.append(torch.linalg.vector_norm(x, dim=-1))  # unchanged by the rotation
    assert torch.allclose(lengths[0], lengths[1], rtol=1e-4)


@pytest.mark.parametrize("sample", ["reference_vision", "candidate"])
def test_a_rotated_copy_is_derived_exactly_and_the_disguise_named(tmp_path: Path, sample: str) -> None:
    evidence = judged(tmp_path / sample, rotated(encoder(sample), 2))
    assert evidence.verdict == "derived"
    assert evidence.disguises == ("residual_rotation",)
    assert evidence.sentence.code == "evidence.sentence.derived_rotated"
    gram = next(test for test in evidence.tests if test.test == "gram")
    assert (gram.exact, gram.rejects) == (True, True)
    assert gram.log10_p is not None
    assert gram.log10_p < -12
    assert evidence.inherited_fraction is not None
    assert evidence.inherited_fraction > 0.9


def test_a_rotated_honest_model_is_not(tmp_path: Path) -> None:
    evidence = judged(tmp_path / "honest", rotated(encoder("honest"), 2))
    assert evidence.verdict in ("no_dependence_found", "inconclusive")
    assert evidence.disguises == ()


def test_what_sets_the_rotation_and_what_it_judges_share_no_layer(zoo: Zoo) -> None:
    family = "gqa_decoder"
    net = attacked.net(zoo.folder, family)
    turn = free_rotation(net, attacked.random_of("rotation")).float()
    compared = attacked.compared(
        moved_residual(folded(net), turn), attacked.reference(zoo.folder, family), tuple((n, n) for n in range(4))
    )
    even, odd = rotatable(groups_of(compared), net.shape.width)
    assert {group.layers for group in even} == {(0, 0), (2, 2)}
    assert {group.layers for group in odd} == {(1, 1), (3, 3)}
    assert {group.name for group in (*even, *odd)} == {"mlp.units", "attn.vo"}
    found = rotation(even, folded_gains(compared, QUIET), compared.ours, compared.theirs, QUIET)
    error = torch.linalg.matrix_norm(turn.T @ found - torch.eye(net.shape.width)) / net.shape.width**0.5
    assert error < 1e-3
    assert rotatable(even, net.shape.width) == ([], []), "half of the layers cannot do both"
    assert rotatable(groups_of(compared), 0) == ([], [])
    assert rotatable(groups_of(compared), 95) == ([], []), "columns that are no residual dimensions"
