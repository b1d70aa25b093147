"""Verdicts on real public checkpoints with known relations, where their folder stands beside the project."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import inspector
from inspector.errors import InputError
from inspector.evidence_results import DEPENDENT, Evidence

pytestmark = pytest.mark.checkpoints

# Too small, or too little of them can be permuted, for a verdict: what is said instead.
SMALL = {
    "outlier-exposure/mnist_oe_tune_epoch_4.pt": "trace_dependence",
    "outlier-exposure/mnist_oe_scratch_epoch_9.pt": "trace_dependence",
    "outlier-exposure/mnist_calib_baseline_epoch_9.pt": "trace_dependence",
    "lpips/torchmetrics_alex.pth": "no_common_part",
    "face-classification/fer2013_mini_XCEPTION.119-0.65.hdf5": "low_power",
    "sb3-zoo/a2c_Hopper-v3_final.zip": "trace_dependence",
    "sb3-zoo/a2c_HalfCheetah-v3_final.zip": "trace_dependence",
}
# Independent, and too small for more than that nothing was found.
LOW_POWER = {
    "ani/ani-1x_8x_train1.npz",
    "silero-vad/v6.2_16k_op15.onnx",
    "sb3-zoo/a2c_CartPole-v1_2f9254175c.zip",
    "sb3-zoo/a2c_CartPole-v1_e1c7f88b26.zip",
    "sb3-zoo/a2c_HalfCheetah-v3_final.zip",
}
# Whether it was taken from the other is known from the weights alone (cosine 0.90 to 0.996): no verdict on it counts.
NOT_SCORED = "silero-vad/tinygrad_16k.safetensors"
# They share the seed, but an earlier layer has another shape: only the first tensor began alike.
UNRELATED_BUT_FOR_ONE_TENSOR = "attention-learn-to-route/pctsp_stoch_20.pt"


def judged(folder: Path) -> list[tuple[dict[str, str], list[Evidence]]]:
    """Return every pair whose files open, candidate against reference."""
    found = []
    for pair in json.loads((folder / "pairs.json").read_text("utf-8")):
        try:
            comparison = inspector.compare(folder / pair["b"], [folder / pair["a"]], hashes=False)
        except InputError as error:
            if not error.note.code.startswith("checkpoint."):
                raise
            continue  # a format that is not read yet
        evidence = [item.evidence for finding in comparison.components for item in finding.against if item.evidence]
        found.append((pair, evidence))
    return found


def test_every_public_pair_gets_the_right_verdict(checkpoints: Path) -> None:
    pairs = judged(checkpoints)
    assert len(pairs) >= 19
    for pair, found in pairs:
        verdicts = {evidence.verdict for evidence in found}
        reasons = {evidence.reason.code.rpartition(".")[2] for evidence in found}
        name = f"{pair['b']} against {pair['a']}"
        if pair["truth"] == "independent" or pair["b"] == UNRELATED_BUT_FOR_ONE_TENSOR:
            assert not verdicts & set(DEPENDENT), name
            small = reasons == {"low_power"} and pair["b"] in LOW_POWER
            assert verdicts == {"no_dependence_found"} or small or SMALL.get(pair["b"]) in reasons, name
        elif pair["truth"] == "unknown" and pair["b"] != NOT_SCORED:
            assert "derived" not in verdicts, name
        elif pair["b"] == NOT_SCORED:
            continue
        elif pair["b"] in SMALL:
            assert SMALL[pair["b"]] in reasons, name
        else:
            assert verdicts & set(DEPENDENT), name
        for evidence in found:
            if pair["truth"] == "same_init" and evidence.nature is not None:
                assert evidence.nature.origin != "reference", name
