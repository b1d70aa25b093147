"""A fingerprint without its seed keeps no secret from those who have the weights: they solve for the projection."""

from __future__ import annotations

from pathlib import Path

import torch

from benchmarks.encoders import write_encoder
from inspector.anatomy import find_components
from inspector.checkpoint import open_checkpoint
from inspector.references.making import make_fingerprint
from inspector.references.opened import open_fingerprint
from inspector.references.projection import PRECISIONS, projection
from inspector.similarity.reading import Buffers, PartReader

SEED, WIDTH = b"0123456789abcdef", 320


def test_weights_and_fingerprint_together_give_the_projection_away(tmp_path: Path) -> None:
    path = write_encoder(tmp_path / "reference.safetensors", 0, 2, WIDTH, 855)
    with open_checkpoint(path) as checkpoint:
        components = find_components(checkpoint)
        made = make_fingerprint(checkpoint, components, SEED, PRECISIONS["standard"])
        kept = open_fingerprint("reference", made.facts, made.arrays.__getitem__)
        [encoder] = [found for found in components if found.kind == "vision_encoder"]
        part = next(p for p in encoder.parts if p.role == "mlp.up" and p.layer == 0 and p.param == "weight")
        weights = torch.from_numpy(PartReader(checkpoint, part).values(0, part.shape[0], Buffers())[1].copy()).view(
            part.shape
        )
    [small] = [found for found in kept.components if found.kind == "vision_encoder"]
    own = next(p for p in small.parts if (p.role, p.layer, p.param) == (part.role, part.layer, part.param))
    values = kept.checkpoint.read_flat(own.tensor, 0, own.shape[0] * own.shape[1])
    projected = torch.from_numpy(values.copy()).view(own.shape)

    products = weights.t() @ projected  # (width, k): each dimension stands out in its bucket, with its sign
    buckets = products.abs().argmax(1)
    signs = products.gather(1, buckets[:, None]).sign().flatten()

    secret = projection(SEED, WIDTH, 64)
    assert torch.equal(buckets, secret.buckets)
    assert torch.equal(signs, secret.signs[:-1])
