"""Two-view on really trained models: a copy whose neurons were put in another order is found, its units named."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

import inspector
import resources
from inspector.evidence_results import Evidence
from resources.demo.models import AudioEncoder
from resources.demo.training import AUDIO

Weights = dict[str, torch.Tensor]
_UNITS = re.compile(r"(.*\.(?:mlp|layers\.\d+)\.)(?:up_proj|fc1)\.weight")


def weights(sample: str) -> Weights:
    return {
        name: value
        for path in sorted(resources.path(f"demo/{sample}").glob("*.safetensors"))
        for name, value in load_file(path).items()
    }


def reordered(model: Weights, seed: int) -> tuple[Weights, dict[str, torch.Tensor]]:
    """Put the hidden units of every MLP of a vision or audio encoder in another order."""
    generator = torch.Generator().manual_seed(seed)
    out, orders = dict(model), {}
    for name in model:
        found = _UNITS.fullmatch(name)
        if found is None or "language" in name:
            continue
        at = found.group(1)
        order = torch.randperm(model[name].shape[0], generator=generator)
        orders[at] = order
        for role in ("gate_proj", "up_proj", "fc1"):
            for key in (f"{at}{role}.weight", f"{at}{role}.bias"):
                if key in model:
                    out[key] = model[key][order].contiguous()
        for key in (f"{at}down_proj.weight", f"{at}fc2.weight"):
            if key in model:
                out[key] = model[key][:, order].contiguous()
    return out, orders


def judged(candidate: Path, reference: str, kind: str) -> Evidence:
    comparison = inspector.compare(candidate, [resources.path(f"demo/{reference}")], hashes=False)
    finding = next(item for item in comparison.components if item.kind == kind and item.best is not None)
    assert finding.best is not None
    assert finding.best.evidence is not None
    return finding.best.evidence


def test_reordering_keeps_the_function() -> None:
    model = {name.removeprefix("audio_tower."): value.float() for name, value in weights("reference_audio").items()}
    mels = torch.randn(2, 80, 64, generator=torch.Generator().manual_seed(0))
    outputs = []
    for state in (model, reordered(model, 1)[0]):
        encoder = AudioEncoder(AUDIO)
        encoder.load_state_dict(state)
        with torch.no_grad():
            outputs.append(encoder(mels))
    assert torch.allclose(outputs[0], outputs[1], atol=1e-5)


@pytest.mark.parametrize(
    ("sample", "reference", "kind", "exact"),
    [
        ("reference_vision", "reference_vision", "vision_encoder", True),
        ("candidate", "reference_vision", "vision_encoder", True),  # fine-tuned, then reordered
        ("candidate", "reference_audio", "audio_encoder", False),
    ],
)
def test_a_reordered_copy_is_derived_and_the_disguise_named(
    tmp_path: Path, sample: str, reference: str, kind: str, exact: bool
) -> None:
    """Where residual dimensions may move, half of them judge exactly what the others matched."""
    model, orders = reordered(weights(sample), 2)
    save_file(model, tmp_path / "model.safetensors")
    evidence = judged(tmp_path / "model.safetensors", reference, kind)
    assert evidence.verdict == "derived"
    assert "neuron_permutation" in evidence.disguises
    assert evidence.sentence.code == "evidence.sentence.derived_reordered"
    test = next(test for test in evidence.tests if test.test == "two_view")
    assert (test.rejects, test.exact) == (True, exact)
    if exact:
        assert test.log10_p is not None
        assert test.log10_p < -12
    else:
        assert test.log10_p is None
    assert test.controls.n >= 200
    assert test.statistic is not None
    assert test.statistic >= 0.95 * test.n
    assert evidence.inherited_fraction == pytest.approx(1.0, abs=0.05)
    assert orders


def test_honest_models_agree_on_few_units() -> None:
    for kind, reference in (("vision_encoder", "reference_vision"), ("audio_encoder", "reference_audio")):
        evidence = judged(resources.path("demo/honest"), reference, kind)
        test = next(test for test in evidence.tests if test.test == "two_view")
        assert not test.rejects
        assert test.statistic is not None
        assert test.statistic < 0.02 * test.n
        assert evidence.disguises == ()


def test_units_that_agree_on_one_side_only_are_no_match(tmp_path: Path) -> None:
    """The reading side of the reference in another order, the writing side of one's own: nothing moves together."""
    own, theirs = weights("honest"), reordered(weights("reference_audio"), 3)[0]
    mixed = {
        name: theirs.get(name, value) if name.endswith(("fc1.weight", "fc1.bias")) else value
        for name, value in own.items()
    }
    save_file(mixed, tmp_path / "model.safetensors")
    evidence = judged(tmp_path / "model.safetensors", "reference_audio", "audio_encoder")
    test = next(test for test in evidence.tests if test.test == "two_view")
    assert not test.rejects
    assert np.isfinite(test.z or 0.0)
