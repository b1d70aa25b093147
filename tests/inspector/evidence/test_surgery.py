"""Layers dropped, repeated and put in another order, on really trained models: found exactly, and named."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

import inspector
import resources
from benchmarks.attacks.depth import relayered
from benchmarks.zoo.shelf import Zoo
from inspector.evidence.compared import Compared
from inspector.evidence.surgery import layer_disguises, repeated_layers
from inspector.results import Against
from tests.inspector.evidence import attacked
from tests.inspector.evidence.test_two_view import weights

_BLOCK = re.compile(r"(model\.vision_model\.blocks|visual\.blocks|audio_tower\.layers)\.(\d+)\.(.*)")


def rebuilt(sample: str, layers: Sequence[int]) -> dict[str, torch.Tensor]:
    """Return an encoder whose block number i is block `layers[i]` of the sample's."""
    out = {}
    for name, value in weights(sample).items():
        found = _BLOCK.fullmatch(name)
        if found is None:
            if name.startswith(("visual.", "model.vision_model.", "audio_tower.")):
                out[name] = value
            continue
        stem, number, rest = found.group(1), int(found.group(2)), found.group(3)
        for place, layer in enumerate(layers):
            if layer == number:
                out[f"{stem}.{place}.{rest}"] = value.clone()
    return out


def judged(folder: Path, sample: str, layers: Sequence[int], reference: str) -> Against:
    folder.mkdir(exist_ok=True)
    save_file(rebuilt(sample, layers), folder / "model.safetensors")
    kind = "audio_encoder" if "audio" in reference else "vision_encoder"
    comparison = inspector.compare(folder, [resources.path(f"demo/{reference}")], component=kind, hashes=False)
    best = comparison.components[0].best
    assert best is not None
    return best


CASES = {
    "reordered": ([3, 0, 5, 1, 7, 2, 6, 4], "layers_reordered"),
    "dropped": ([0, 1, 3, 4, 6, 7], "layers_dropped"),
    "repeated": ([0, 1, 2, 3, 4, 5, 2, 3, 4, 5, 6, 7], "layers_repeated"),
}


@pytest.mark.parametrize("case", CASES)
def test_a_fine_tune_with_other_layers_is_found_exactly(tmp_path: Path, case: str) -> None:
    layers, disguise = CASES[case]
    against = judged(tmp_path / case, "candidate", layers, "reference_vision")
    evidence = against.evidence
    assert evidence is not None
    assert evidence.verdict == "derived"
    assert evidence.exact
    assert evidence.log10_p is not None
    assert evidence.log10_p < -12
    assert disguise in evidence.disguises
    right = sum(layers[score.candidate] == score.reference for score in against.layers)
    assert right == len(against.layers)


@pytest.mark.parametrize("case", CASES)
def test_an_honest_model_with_other_layers_is_not(tmp_path: Path, case: str) -> None:
    evidence = judged(tmp_path / case, "honest", CASES[case][0], "reference_vision").evidence
    assert evidence is not None
    assert evidence.verdict in ("no_dependence_found", "inconclusive")
    assert evidence.disguises == ()
    assert not any(test.rejects for test in evidence.tests)


def test_a_reordered_copy_of_an_audio_encoder(tmp_path: Path) -> None:
    against = judged(tmp_path / "audio", "reference_audio", [5, 3, 1, 0, 2, 4], "reference_audio")
    assert against.evidence is not None
    assert against.evidence.verdict == "identical"
    assert [score.reference for score in against.layers] == [5, 3, 1, 0, 2, 4]


def pair(zoo: Zoo, order: Sequence[int]) -> Compared:
    net = attacked.net(zoo.folder, "gqa_decoder")
    return attacked.compared(relayered(net, order), attacked.reference(zoo.folder, "gqa_decoder"))


@pytest.mark.parametrize(
    ("order", "names", "repeats"),
    [
        ((0, 1, 2, 3), (), ()),
        ((0, 2, 3), ("layers_dropped",), ()),
        ((3, 1, 0, 2), ("layers_reordered",), ()),
        ((3, 0), ("layers_reordered", "layers_dropped"), ()),
        ((0, 1, 1, 2, 3), ("layers_repeated",), (1,)),
        ((0, 1, 2, 1, 2, 3), ("layers_repeated",), (1, 2)),
    ],
)
def test_the_layers_say_what_was_done_to_them(
    zoo: Zoo, order: tuple[int, ...], names: tuple[str, ...], repeats: tuple[int, ...]
) -> None:
    compared = pair(zoo, order)
    assert layer_disguises(compared) == names
    assert sorted(reference for _, reference in repeated_layers(compared)) == list(repeats)
    assert all(order[candidate] == reference for candidate, reference in repeated_layers(compared))


def test_more_layers_of_ones_own_are_no_repeats(zoo: Zoo) -> None:
    net, own = (attacked.net(zoo.folder, "gqa_decoder", seed) for seed in (0, 1))
    longer = relayered(net, (0, 1, 2, 3, 3))
    last = "blocks.4."
    longer = longer.with_parts({n: own.parts[n.replace(last, "blocks.1.")] for n in longer.parts if n.startswith(last)})
    compared = attacked.compared(longer, attacked.reference(zoo.folder, "gqa_decoder"))
    assert repeated_layers(compared) == ()
    assert layer_disguises(compared) == ()


def test_where_similarity_was_not_measured_nothing_repeats(zoo: Zoo) -> None:
    assert repeated_layers(replace(pair(zoo, (0, 1, 1, 2, 3)), similarity=None)) == ()
