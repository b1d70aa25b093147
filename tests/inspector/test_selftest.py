"""The disguise of the self-test: it computes the same as the sample, and moves every weight of it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file

import resources
from inspector.selftest import disguised_copy
from resources.demo.models import VisionConfig, VisionEncoder


def answers(path: Path) -> np.ndarray:
    net = VisionEncoder(VisionConfig())
    net.load_state_dict({name.removeprefix("visual."): value.float() for name, value in load_file(path).items()})
    images = torch.randn(4, 3, 16, 16, generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        out: np.ndarray = net(images).numpy()
    return out


def test_the_copy_computes_the_same_and_shares_no_matrix_in_place(tmp_path: Path) -> None:
    original = resources.path("demo/reference_vision") / "model.safetensors"
    copy = disguised_copy(tmp_path)
    np.testing.assert_allclose(answers(copy), answers(original), rtol=1e-3, atol=1e-4)
    mine, theirs = load_file(copy), load_file(original)
    for name in ("visual.blocks.3.mlp.up_proj.weight", "visual.blocks.3.attn.qkv.weight"):
        together = torch.stack([mine[name].float().flatten(), theirs[name].float().flatten()])
        assert abs(float(torch.corrcoef(together)[0, 1])) < 0.1
