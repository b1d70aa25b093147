"""Units at full width: what a projection whose seed is known can be made not to see."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from benchmarks.encoders import write_encoder
from inspector.anatomy import find_components
from inspector.checkpoint import open_checkpoint
from inspector.evidence_results import Evidence
from inspector.findings import Opened, plan
from inspector.job import QUIET
from inspector.references.against import Task, find_all
from inspector.references.making import make_fingerprint
from inspector.references.opened import open_fingerprint
from inspector.references.projection import PRECISIONS, projection
from inspector.similarity.workers import Meter

SEED, OTHER = b"0123456789abcdef", b"fedcba9876543210"
WIDTH, HIDDEN, BLOCKS = 128, 512, 4


def _fingerprint(path: Path, seed: bytes) -> Opened:
    with open_checkpoint(path) as checkpoint:
        made = make_fingerprint(checkpoint, find_components(checkpoint), seed, PRECISIONS["standard"])
    return open_fingerprint(path.stem, made.facts, made.arrays.__getitem__)


def _evidence(candidate: Path, reference: Path, seed: bytes) -> Evidence:
    ours, theirs = _fingerprint(candidate, seed), _fingerprint(reference, seed)
    task = Task(ours, [theirs], plan(ours, [theirs], "vision_encoder"))
    evidence = find_all([task], Meter(QUIET, 1), 1, quick=False)[0].against[0].evidence
    assert evidence is not None
    return evidence


def _hide(path: Path, source: Path, seed: bytes) -> Path:
    """Write a copy that is random in every direction that the projection of a seed looks at, and equal elsewhere."""
    place = projection(seed, WIDTH, 64)
    looked_at = torch.zeros(WIDTH, 64)
    looked_at[torch.arange(WIDTH), place.buckets] = place.signs[:-1]
    basis = torch.linalg.qr(looked_at)[0]
    generator = torch.Generator().manual_seed(5)
    hidden = {}
    for name, value in load_file(source).items():
        matrix = value.float()
        if matrix.ndim == 2 and "merger" not in name:
            for turned in (False, True):
                side = matrix.t() if turned else matrix
                writes = "down_proj" in name or "attn.proj" in name
                if side.shape[1] == WIDTH and (writes if turned else not writes):
                    noise = 0.02 * torch.randn(side.shape[0], 64, generator=generator)
                    side = side - (side @ basis) @ basis.t() + noise @ basis.t()
                    matrix = side.t() if turned else side
        hidden[name] = matrix.to(value.dtype).contiguous()
    save_file(hidden, path)
    return path


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("whole_rows")
    made = {name: write_encoder(folder / f"{name}.safetensors", seed, BLOCKS, WIDTH, HIDDEN)
            for seed, name in enumerate(("reference", "honest"))}  # fmt: skip
    return {**made, "hidden": _hide(folder / "hidden.safetensors", made["reference"], SEED)}


def test_a_copy_that_hides_from_a_known_projection_is_not_cleared(models: dict[str, Path]) -> None:
    evidence = _evidence(models["hidden"], models["reference"], SEED)
    assert (evidence.verdict, evidence.reason.code) == ("inconclusive", "evidence.reason.trace_dependence")
    assert evidence.notes[0].code == "references.whole_rows"


def test_with_another_seed_it_is_found(models: dict[str, Path]) -> None:
    evidence = _evidence(models["hidden"], models["reference"], OTHER)
    assert evidence.verdict == "derived"
    assert evidence.exact


@pytest.mark.parametrize("seed", [SEED, OTHER])
def test_an_independent_encoder_is_only_screened(models: dict[str, Path], seed: bytes) -> None:
    evidence = _evidence(models["honest"], models["reference"], seed)
    assert evidence.reason.code == "evidence.reason.screened"
    assert "references.whole_rows" not in [note.code for note in evidence.notes]
