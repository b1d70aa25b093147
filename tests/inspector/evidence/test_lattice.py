"""What a block code says of weights, and what a trained model is once it was put into one."""

from __future__ import annotations

from pathlib import Path

import pytest

import inspector
from inspector.evidence.lattice import declared_levels
from tests.data.gguf_files import KINDS, write_gguf
from tests.inspector.evidence.trained import weights


def test_levels_of_codes() -> None:
    assert declared_levels("Q4_K", "BF16") == 16
    assert declared_levels("Q8_0", "F32") == 256
    assert declared_levels("IQ4_NL", "F16") == 16
    assert declared_levels("Q4_K", "Q8_0") == 16
    assert declared_levels("Q4_K", "Q4_K") is None
    assert declared_levels("F16", "F32") is None


@pytest.mark.parametrize(("kind", "levels"), [(KINDS.Q8_0, 256), (KINDS.Q5_1, 32), (KINDS.Q4_0, 16)])
def test_a_trained_model_in_a_block_code_is_derived_and_quantised(tmp_path: Path, kind: KINDS, levels: int) -> None:
    tensors = weights("reference_vision")
    ours = write_gguf(tmp_path / "coded.gguf", tensors, kind=kind)
    theirs = write_gguf(tmp_path / "plain.gguf", tensors)
    against = inspector.compare(ours, [theirs], component="vision_encoder").components[0].against[0]
    assert against.evidence is not None
    assert against.evidence.verdict == "derived"
    assert against.evidence.nature is not None
    assert (against.evidence.nature.kind, against.evidence.nature.levels) == ("quantised", levels)
