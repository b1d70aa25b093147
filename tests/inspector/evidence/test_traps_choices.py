"""Traps 10, 11, 13 and 16 of METHODS section 5: what was chosen among many pays for it; other forms are compared."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import ml_dtypes
import numpy as np
import pytest

from inspector.anatomy import find_components
from inspector.evidence.choices import log10_choices
from inspector.evidence.claims import claims_of
from inspector.evidence.cross import cross_products
from inspector.evidence.decision import IN_PLACE_LOG10, Claim, holm
from inspector.evidence.groups import find_groups
from inspector.evidence.scoring import GroupScore, score
from inspector.job import QUIET
from inspector.similarity.components import Measures
from inspector.similarity.renamed import log10_assignments
from inspector.similarity.workers import one_torch_thread
from tests.data.memory_checkpoint import MemoryCheckpoint
from tests.inspector.evidence.small_models import (
    Floats,
    Tensors,
    against,
    changed,
    evidence,
    finding,
    llama,
    tuned,
    vision,
    whisper,
)


def renamed(tensors: Tensors, seed: int) -> Tensors:
    """Return the tensors as t0000, t0001, ... in random order."""
    names = list(tensors)
    np.random.default_rng(seed).shuffle(names)
    return {f"t{number:04d}": tensors[name] for number, name in enumerate(names)}


def rounded(tensors: Tensors) -> Tensors:
    return changed(tensors, lambda _, array: array.astype(ml_dtypes.bfloat16))


@pytest.mark.parametrize(("family", "expected"), [(3, [True, False, True]), (30, [False, False, True])])
def test_holm_asks_more_of_a_claim_the_more_claims_there_are(family: int, expected: list[bool]) -> None:
    """Trap 10: the second smallest of three passes at 1e-6 over all claims of all references, or it does not."""
    claims = [Claim("a", IN_PLACE_LOG10 - math.log10(2)), Claim("b", -5.9), Claim("c", -8.0)]
    assert holm(claims, family) == expected


def test_a_finding_pays_for_every_reference_that_was_tried(tmp_path: Path) -> None:
    """Trap 10: ten references cost a factor of ten, and none of the unrelated ones is taken for the origin."""
    strangers = [vision(seed) for seed in range(20, 24)]
    candidate = tuned(vision(2), 5)
    alone = finding(tmp_path / "alone", candidate, vision(2))
    among = finding(tmp_path / "among", candidate, *strangers, vision(2))
    assert (among.verdict, among.best_reference) == ("derived", "reference5")
    verdicts = {item.reference: item.verdict for item in among.against}
    assert {name for name, verdict in verdicts.items() if verdict != "no_dependence_found"} == {"reference5"}
    one, many = (found.best.evidence for found in (alone, among) if found.best is not None)
    assert one is not None
    assert many is not None
    assert one.log10_p is not None
    assert many.log10_p == pytest.approx(one.log10_p + math.log10(5))


def measures(ours: int, theirs: int, **changes: Any) -> Measures:
    """Return a pair of depths, as similarity hands it on."""
    candidate, reference = (find_components(MemoryCheckpoint(vision(1, blocks)))[0] for blocks in (ours, theirs))
    bare = Measures(None, candidate, reference, [], [], (), followed=None, turned=0.0)  # type: ignore[arg-type]
    return replace(bare, **changes)


def test_what_content_chose_among_is_counted() -> None:
    """Traps 10 and 11: by number costs a factor of two; alignments, orders, orientations and assignments cost more."""
    assert log10_choices(measures(4, 4)) == pytest.approx(math.log10(2))
    assert log10_choices(measures(4, 4, turned=1.5)) == pytest.approx(math.log10(2) + 1.5)
    assert log10_choices(measures(2, 5)) == pytest.approx(math.log10(2 * 10))
    assert log10_choices(measures(5, 2)) == pytest.approx(math.log10(2 * 10))
    shuffled = ((0, 2), (1, 0), (2, 3), (3, 1))
    assert log10_choices(measures(4, 4, layers=shuffled)) == pytest.approx(math.log10(2 * 24))
    assert log10_choices(measures(4, 4, followed=12.0)) == pytest.approx(math.log10(2) + 12)


def test_assignments_of_nameless_tensors_are_counted_by_the_shapes_of_both_sides() -> None:
    """Six tensors of a shape stand for two of the reference in 6 · 5 ways, not in 2."""
    few, many = (MemoryCheckpoint({f"t{n}": np.zeros((8, 4), np.float32) for n in range(count)}) for count in (2, 6))
    (candidate,), (reference,) = find_components(many), find_components(few)
    assert log10_assignments(candidate, many, reference, few) == pytest.approx(math.log10(30))
    assert log10_assignments(reference, few, candidate, many) == pytest.approx(math.log10(30))


@one_torch_thread()
def scores_of(ours: Tensors, theirs: Tensors) -> list[GroupScore]:
    one, two = MemoryCheckpoint(ours), MemoryCheckpoint(theirs)
    (candidate,), (reference,) = find_components(one), find_components(two)
    groups, _ = find_groups(zip(candidate.parts, reference.parts, strict=True), candidate, reference, one)
    return [made for group in groups if (made := score(group, cross_products(group, one, two, QUIET))) is not None]


def test_every_claim_pays_for_the_choices() -> None:
    """Trap 10: a union bound, on the p of every claim."""
    scores = scores_of(tuned(vision(2, 2), 5, noise=3), vision(2, 2))
    free, paid = claims_of(scores), claims_of(scores, choices=2.5)
    assert min(claim.log10_p for claim in free) < -10
    assert [claim.log10_p for claim in paid] == pytest.approx([min(0.0, claim.log10_p + 2.5) for claim in free])


def test_the_best_of_many_layers_is_not_a_finding(tmp_path: Path) -> None:
    """Trap 10: two blocks placed where they fit best among twelve that are unrelated, and among their own."""
    shallow, deep = vision(1, blocks=3), vision(2, blocks=12)
    found = against(tmp_path / "apart", shallow, deep)
    assert found.verdict in ("no_dependence_found", "inconclusive")
    assert found.evidence is not None
    assert not found.evidence.groups.rejects.any()
    assert found.evidence.log10_p == 0.0
    kept = {
        f"visual.blocks.{(3, 7, 10).index(int(name.split('.')[2]))}.{name.split('.', 3)[3]}": array
        for name, array in deep.items()
        if name.startswith(("visual.blocks.3.", "visual.blocks.7.", "visual.blocks.10."))
    }
    cut = against(tmp_path / "cut", tuned(kept, 5) | {n: a for n, a in deep.items() if "patch" in n}, deep)
    assert cut.verdict == "derived"
    assert [(layer.candidate, layer.reference) for layer in cut.layers] == [(0, 3), (1, 7), (2, 10)]


@pytest.mark.parametrize("model", [vision, whisper])
def test_a_renamed_independent_model_is_not_derived(tmp_path: Path, model: Any) -> None:
    """Trap 11: an assignment by content finds the best there is; a renamed derivative is followed all the same."""
    found = evidence(tmp_path / "apart", renamed(model(1), 3), model(2))
    assert found.verdict in ("no_dependence_found", "inconclusive")
    assert not found.groups.rejects.any()
    assert abs(found.z or 0.0) < 4
    assert evidence(tmp_path / "copy", renamed(tuned(model(2), 5), 3), model(2)).verdict == "derived"


def test_both_from_one_public_encoder(tmp_path: Path) -> None:
    """Trap 13: siblings are both named with the model that explains them, which comes first, in whatever order."""
    origin = vision(2)
    sibling, candidate = tuned(origin, 5, noise=0.4), tuned(origin, 6, noise=0.4)
    for number, references in enumerate(((sibling, origin), (origin, sibling))):
        found = finding(tmp_path / str(number), candidate, *references)
        assert {item.reference: item.verdict for item in found.against} == dict.fromkeys(
            ("reference1", "reference2"), "derived"
        )
        assert found.best_reference == f"reference{2 - number}"
        assert found.sentence is not None
        assert found.sentence.params["reference"] == found.best_reference


def test_a_cast_is_the_reference_itself(tmp_path: Path) -> None:
    """Trap 16: rounded to the candidate's dtype, or stored wider, with nothing else changed."""
    narrow = evidence(tmp_path / "narrow", rounded(vision(2)), vision(2))
    assert (narrow.verdict, narrow.reason.code) == ("identical", "evidence.reason.cast")
    assert narrow.sentence.params["dtype"] == "BF16"
    wide = changed(rounded(vision(2)), lambda _, array: array.astype(np.float32))
    assert evidence(tmp_path / "wide", wide, rounded(vision(2))).verdict == "identical"
    one_off = dict(wide)
    name = "visual.blocks.1.mlp.up_proj.weight"
    one_off[name] = wide[name].copy()
    one_off[name][3, 5] += 1
    assert evidence(tmp_path / "moved", one_off, rounded(vision(2))).verdict == "derived"


def padded(tensors: Tensors, rows: int) -> Tensors:
    """Return a language model whose vocabulary is padded with zeros."""

    def pad(name: str, array: Floats) -> Floats:
        empty = np.zeros((rows, *array.shape[1:]), array.dtype)
        return np.concatenate([array, empty]) if name in ("model.embed_tokens.weight", "lm_head.weight") else array

    return changed(tensors, pad)


@pytest.mark.parametrize("longer", ["candidate", "reference"])
def test_a_padded_vocabulary_is_compared_where_both_have_rows(tmp_path: Path, longer: str) -> None:
    """Trap 16: 64 tokens more on one side; unrelated models with different vocabularies are unrelated."""
    ours, theirs = (padded(llama(2), 64 * (longer == side)) for side in ("candidate", "reference"))
    compared = against(tmp_path / "copy", ours, theirs)
    assert compared.verdict == "identical"
    table = dict(zip(compared.pairs.candidates, compared.pairs.parameters, strict=True))
    assert table["model.embed_tokens.weight"] == 96 * 48
    assert evidence(tmp_path / "apart", padded(llama(1), 64), llama(2)).verdict == "no_dependence_found"


def test_other_mel_bins_and_other_patches_are_left_out_and_said(tmp_path: Path) -> None:
    """Trap 16: 80 against 128 mel bins, patches of 4 against 5: the rest is compared, the coverage recorded."""
    mels = against(tmp_path / "mels", whisper(2) | conv1(whisper(1, mels=128)), whisper(2))
    assert mels.verdict in ("identical", "derived")
    assert {item.tensor: item.reason.code for item in mels.excluded}["audio_tower.conv1.weight"].endswith(
        "shape_differs"
    )
    assert mels.coverage < 0.97
    patch = {"visual.patch_embed.proj.weight": np.ones((48, 3, 2, 5, 5), np.float32)}
    patches = against(tmp_path / "patches", tuned(vision(2), 5) | patch, vision(2))
    assert patches.verdict == "derived"
    assert patches.coverage < 0.98
    assert evidence(tmp_path / "apart", vision(1) | patch, vision(2)).verdict == "no_dependence_found"


def conv1(tensors: Tensors) -> Tensors:
    return {name: array for name, array in tensors.items() if name == "audio_tower.conv1.weight"}
