"""What is found at the size of Qwen2.5-VL's blocks: a correlation of 0.02, and a transplant of 1 % of the units.

    python -m benchmarks.power [--blocks 4] [--width 1280] [--hidden 3420]

Two encoders of random weights, of which the second has the first planted into it: at correlation 0.02 in every matrix,
or as 1 % of the units of two layers (copied whole: up, gate and down). Random weights tell power, not calibration.
"""

from __future__ import annotations

import argparse
import math
import tempfile
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file, save_file

from benchmarks.encoders import write_encoder
from inspector.evidence_results import Evidence
from inspector.review import compare

STRENGTH = 0.02
SHARE = 0.01
LAYERS = (0, 1)


def planted(reference: Path, own: Path, target: Path, strength: float) -> Path:
    """Write own weights with the reference planted at a correlation into every matrix; return the path."""
    theirs, mine = load_file(reference), load_file(own)
    kept = math.sqrt(1 - strength**2)
    mixed = {
        name: (strength * theirs[name].float() + kept * value.float()).to(value.dtype) if value.dim() > 1 else value
        for name, value in mine.items()
    }
    save_file(mixed, target)
    return target


def transplanted(reference: Path, own: Path, target: Path, share: float) -> tuple[Path, dict[int, set[int]]]:
    """Copy a share of the units of two layers from the reference; return the path and the units by layer."""
    theirs, mine = load_file(reference), load_file(own)
    chosen: dict[int, set[int]] = {}
    for layer in LAYERS:
        at = f"visual.blocks.{layer}.mlp."
        units = mine[f"{at}up_proj.weight"].shape[0]
        copied = np.sort(np.random.default_rng(layer).choice(units, max(3, math.ceil(share * units)), replace=False))
        places = torch.from_numpy(copied)
        for role in ("gate", "up"):
            for param in ("weight", "bias"):
                mine[f"{at}{role}_proj.{param}"][places] = theirs[f"{at}{role}_proj.{param}"][places]
        mine[f"{at}down_proj.weight"][:, places] = theirs[f"{at}down_proj.weight"][:, places]
        chosen[layer] = set(copied.tolist())
    save_file(mine, target)
    return target, chosen


def judged(candidate: Path, reference: Path) -> Evidence:
    """Return the evidence on the vision encoder."""
    comparison = compare(candidate, [reference], component="vision_encoder", hashes=False)
    evidence = comparison.components[0].against[0].evidence
    if evidence is None:
        raise ValueError("not judged")
    return evidence


def named_units(evidence: Evidence, chosen: dict[int, set[int]]) -> tuple[float, float]:
    """Return (recall, precision) of the units named in the MLPs."""
    found = {item.layer: set(item.units.tolist()) for item in evidence.units if item.group == "mlp.units"}
    hits = sum(len(found.get(layer, set()) & units) for layer, units in chosen.items())
    return hits / sum(map(len, chosen.values())), hits / max(1, sum(map(len, found.values())))


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--blocks", type=int, default=4)
    parser.add_argument("--width", type=int, default=1280)
    parser.add_argument("--hidden", type=int, default=3420)
    options = parser.parse_args()
    size = (options.blocks, options.width, options.hidden)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        reference, own = (write_encoder(folder / f"{seed}.safetensors", seed, *size) for seed in (1, 2))
        print(f"{options.blocks} blocks, width {options.width}, {options.hidden} units")
        evidence = judged(planted(reference, own, folder / "planted.safetensors", STRENGTH), reference)
        z = evidence.groups.z[[name == "mlp.units" for name in evidence.groups.groups]]
        print(f"correlation {STRENGTH}: {evidence.verdict}, log10 p {evidence.log10_p:.1f}, z of the MLPs {z.round(1)}")
        path, chosen = transplanted(reference, own, folder / "transplant.safetensors", SHARE)
        evidence = judged(path, reference)
        recall, precision = named_units(evidence, chosen)
        counts = [len(units) for units in chosen.values()]
        print(
            f"{SHARE:.0%} of the units of two layers ({counts}): {evidence.verdict}, "
            f"log10 p {evidence.log10_p:.1f}, units named: recall {recall:.3f}, precision {precision:.3f}"
        )


if __name__ == "__main__":
    main()
