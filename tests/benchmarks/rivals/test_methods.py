"""Each method finds a plain fine-tune, and has the invariance or the blindness that it is known for."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import combine_pvalues

from benchmarks.rivals.cosine import gain_cosine_similarity, matrix_cosine_similarity
from benchmarks.rivals.deviations import deviation_profile_similarity
from benchmarks.rivals.kernel import biased_cka_similarity, linear_cka
from benchmarks.rivals.matched_spearman import SMALLEST, fisher_log10_p, matched_spearman_evidence, spearman_p
from benchmarks.rivals.methods import METHODS, Method
from benchmarks.rivals.model import Model, Place
from benchmarks.rivals.spectra import align, layer_spectra, spectral_similarity
from tests.benchmarks.rivals.hand_made import head_rotated, permuted, rotated, tuned


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.key)
def test_a_fine_tune_scores_above_a_stranger(method: Method, reference: Model, stranger: Model) -> None:
    far, near = method.score(stranger, reference), method.score(tuned(reference), reference)
    assert far is not None
    assert near is not None
    assert near > far


def test_raw_cosine_is_blind_to_a_neuron_permutation(reference: Model) -> None:
    only_mlp = Model({p: v for p, v in reference.matrices.items() if p.role.startswith("mlp.")}, {})
    assert matrix_cosine_similarity(tuned(only_mlp), only_mlp) == pytest.approx(1, abs=0.01)
    assert abs(matrix_cosine_similarity(permuted(only_mlp), only_mlp) or 1) < 0.1


def test_gains_of_strangers_pass_the_accusation(reference: Model, stranger: Model) -> None:
    cosine = gain_cosine_similarity(stranger, reference)
    assert cosine is not None
    assert cosine > 0.989


def test_matched_spearman_does_not_mind_a_neuron_permutation(reference: Model, stranger: Model) -> None:
    assert matched_spearman_evidence(permuted(reference), reference) == pytest.approx(
        matched_spearman_evidence(reference, reference)
    )
    assert (matched_spearman_evidence(permuted(tuned(reference)), reference) or 0) > 100
    assert (matched_spearman_evidence(permuted(stranger), reference) or 0) < 6


def test_matched_spearman_on_weights_is_blind_to_a_rotation(reference: Model) -> None:
    assert (matched_spearman_evidence(rotated(reference), reference) or 0) < 6


def test_matched_spearman_takes_both_sides_of_a_plain_mlp(reference: Model, stranger: Model) -> None:
    def plain(model: Model) -> Model:
        names = {"mlp.up": "mlp.fc1", "mlp.down": "mlp.fc2"}
        found = {p._replace(role=names[p.role]): v for p, v in model.matrices.items() if p.role in names}
        return Model(found, {})

    assert (matched_spearman_evidence(plain(permuted(reference)), plain(reference)) or 0) > 100
    assert (matched_spearman_evidence(plain(stranger), plain(reference)) or 0) < 6


def test_matched_spearman_finds_a_narrower_mlp_and_dropped_layers(reference: Model) -> None:
    def sliced(place: Place, value: np.ndarray) -> np.ndarray:
        return value[:40] if place.role in ("mlp.gate", "mlp.up") else value

    narrow = {p._replace(layer=p.layer - 1): sliced(p, v) for p, v in reference.matrices.items() if p.layer in (1, 3)}
    assert (matched_spearman_evidence(Model(narrow, {}), reference) or 0) > 50


def test_fisher_is_that_of_the_textbook() -> None:
    for values in ([0.3], [0.5, 0.01], [0.2, 0.9, 0.04, 1e-5]):
        expected = combine_pvalues(values, method="fisher").pvalue
        assert 10 ** fisher_log10_p(values) == pytest.approx(expected)
    assert fisher_log10_p([1.0, 1.0]) == 0
    half = -2 * math.log(SMALLEST)  # the tail of chi-squared with 4 degrees of freedom is exp(-half) (1 + half)
    assert fisher_log10_p([0.0, 0.0]) == pytest.approx(math.log10(1 + half) - half / math.log(10))


def test_spearman_p_is_one_sided() -> None:
    up = list(range(30))
    assert spearman_p(up, up) == SMALLEST
    assert spearman_p(up, up[::-1]) == pytest.approx(1)
    mixed = np.random.default_rng(0).permutation(30).tolist()
    assert spearman_p(up, mixed) + spearman_p(up, [-value for value in mixed]) == pytest.approx(1)


def test_deviation_profiles_do_not_see_permutations_or_residual_rotations(reference: Model) -> None:
    assert deviation_profile_similarity(permuted(reference), reference) == pytest.approx(1)
    assert (deviation_profile_similarity(rotated(reference), reference) or 0) > 0.9


def test_deviation_profiles_agree_between_strangers_of_one_recipe(reference: Model, stranger: Model) -> None:
    """Only the sizes are compared, so a stranger that is scaled like the reference is taken for it."""
    sizes = {place: value.std() for place, value in reference.matrices.items()}
    alike = Model({p: v / v.std() * sizes[p] for p, v in stranger.matrices.items()}, {})
    assert deviation_profile_similarity(alike, reference) == pytest.approx(1, abs=1e-5)


def test_deviation_profiles_need_three_layers(reference: Model) -> None:
    short = Model({p: v for p, v in reference.matrices.items() if p.layer < 2}, {})
    assert deviation_profile_similarity(short, reference) is None


def test_spectra_do_not_see_rotations(reference: Model) -> None:
    for disguised in (rotated(reference), head_rotated(reference), permuted(reference)):
        assert spectral_similarity(disguised, reference) == pytest.approx(1, abs=1e-6)


def test_spectra_align_what_is_left_of_the_layers(reference: Model) -> None:
    kept = {1: 0, 3: 1}
    left = {p._replace(layer=kept[p.layer]): v for p, v in reference.matrices.items() if p.layer in kept}
    assert spectral_similarity(Model(left, {}, reference.heads), reference) == pytest.approx(1, abs=1e-6)
    assert spectral_similarity(reference, Model(left, {}, reference.heads)) == pytest.approx(1, abs=1e-6)


def test_alignment_weighs_gaps_against_distances() -> None:
    assert align(np.array([[0.0, 9.0, 9.0], [9.0, 9.0, 0.0]])) == [0, 2]
    assert align(np.array([[1.0, 1.0, 1.0], [1.0, 0.99, 1.0]])) == [0, 1]
    brute = np.random.default_rng(3).random((3, 5))
    best = min(
        (brute[0, a] + brute[1, b] + brute[2, c] + brute.mean() / 5 * (c - a - 2), [a, b, c])
        for a in range(5) for b in range(a + 1, 5) for c in range(b + 1, 5)
    )  # fmt: skip
    assert align(brute) == best[1]


def test_spectra_repeat_shared_keys(reference: Model) -> None:
    """A model whose key heads are shared by two query heads is the same as one that holds each of them twice."""
    grouped, repeated = dict(reference.matrices), dict(reference.matrices)
    for layer in reference.layers:
        for role in ("attn.k", "attn.v"):
            shared = reference.matrices[Place(layer, role, -1)][:16]
            grouped[Place(layer, role, -1)] = shared
            repeated[Place(layer, role, -1)] = np.concatenate([shared[:8], shared[:8], shared[8:], shared[8:]])
    spectra = [layer_spectra(Model(matrices, {}, 4)) for matrices in (grouped, repeated)]
    np.testing.assert_allclose(spectra[0], spectra[1])
    assert layer_spectra(Model(grouped, {}, None)) == []


def test_biased_cka_is_high_between_strangers_with_many_columns() -> None:
    random = np.random.default_rng(4)
    wide, tall = (
        linear_cka(*(random.standard_normal(shape).astype(np.float32) for _ in range(2)))
        for shape in ((256, 2048), (2048, 64))
    )
    assert wide == pytest.approx(0.889, abs=0.005)
    assert tall < 0.05


def test_biased_cka_does_not_see_rotated_columns_but_reordered_rows(reference: Model) -> None:
    only_up = Model({p: v for p, v in reference.matrices.items() if p.role == "mlp.up"}, {})
    assert biased_cka_similarity(rotated(only_up), only_up) == pytest.approx(1, abs=1e-5)
    assert (biased_cka_similarity(permuted(only_up), only_up) or 1) < 0.6


def test_other_shapes_cannot_be_compared(reference: Model) -> None:
    smaller = Model({p: v[:-1, :-1] for p, v in reference.matrices.items()}, {}, 31)
    assert matrix_cosine_similarity(smaller, reference) is None
    assert gain_cosine_similarity(smaller, reference) is None
    assert matched_spearman_evidence(smaller, reference) is None
    assert biased_cka_similarity(smaller, reference) is None
