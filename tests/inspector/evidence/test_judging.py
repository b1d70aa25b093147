"""Verdicts on the embedded sample: models that were really trained, through the public API."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import inspector
import resources
from inspector.errors import Cancelled
from inspector.job import QuietJob
from inspector.results import Against, Comparison

SAMPLE = [resources.path("demo/reference_vision"), resources.path("demo/reference_audio")]


@pytest.fixture(scope="module")
def judged() -> dict[str, Comparison]:
    return {name: inspector.compare(resources.path(f"demo/{name}"), SAMPLE) for name in ("candidate", "honest")}


def _of(comparison: Comparison, kind: str) -> Against:
    return next(finding.best for finding in comparison.components if finding.kind == kind and finding.best is not None)


def test_a_fine_tuned_encoder_is_derived_with_a_proven_bound(judged: dict[str, Comparison]) -> None:
    evidence = _of(judged["candidate"], "vision_encoder").evidence
    assert evidence is not None
    assert (evidence.verdict, evidence.exact) == ("derived", True)
    assert evidence.log10_p is not None
    assert -2000 < evidence.log10_p < -300
    assert evidence.inherited_fraction == pytest.approx(1.0, abs=0.02)
    assert evidence.nature is not None
    assert (evidence.nature.kind, evidence.nature.origin) == ("fine_tuned", "ambiguous")


def test_a_frozen_encoder_is_identical(judged: dict[str, Comparison]) -> None:
    evidence = _of(judged["candidate"], "audio_encoder").evidence
    assert evidence is not None
    assert evidence.verdict == "identical"
    assert evidence.sentence.code == "evidence.sentence.identical"
    identity = next(test for test in evidence.tests if test.test == "identity")
    assert identity.statistic == 1.0


@pytest.mark.parametrize("kind", ["vision_encoder", "audio_encoder"])
def test_an_honest_encoder_is_cleared_with_its_detection_limit(judged: dict[str, Comparison], kind: str) -> None:
    evidence = _of(judged["honest"], kind).evidence
    assert evidence is not None
    assert evidence.verdict == "no_dependence_found"
    limit = evidence.detection_limit
    assert limit is not None
    assert limit.r is not None
    assert limit.units is not None
    assert limit.r <= 0.05
    assert limit.units <= 0.05
    assert abs(evidence.z or 0.0) < 4
    assert evidence.nature is None


def test_one_layer_of_own_is_inconclusive_not_cleared(judged: dict[str, Comparison]) -> None:
    merger = _of(judged["honest"], "projector").evidence
    assert merger is not None
    assert (merger.verdict, merger.reason.code) == ("inconclusive", "evidence.reason.low_power")


def test_z_of_every_layer_pair_stands_on_the_diagonal(judged: dict[str, Comparison]) -> None:
    against = _of(judged["candidate"], "vision_encoder")
    matrix = against.matrix("all", "permutation_z")
    assert matrix is not None
    diagonal = np.diag(matrix.values)
    others = matrix.values[~np.eye(len(matrix.values), dtype=bool)]
    assert diagonal.min() > 30
    assert np.abs(others).max() < 5
    assert all(score.z is not None and score.z > 30 for score in against.layers)


def test_the_audio_encoder_has_no_residual_group_and_the_vision_encoder_no_query_dimensions(
    judged: dict[str, Comparison],
) -> None:
    vision, audio = (_of(judged["candidate"], kind).evidence for kind in ("vision_encoder", "audio_encoder"))
    assert vision is not None
    assert audio is not None
    assert set(vision.groups.groups) == {"mlp.units", "attn.vo", "residual", "attn.heads"}
    assert set(audio.groups.groups) == {"mlp.units", "attn.vo", "attn.qk", "attn.heads"}


def test_no_p_is_zero_and_nothing_is_below_its_floor(judged: dict[str, Comparison]) -> None:
    for comparison in judged.values():
        for finding in comparison.components:
            for against in finding.against:
                assert against.evidence is not None
                assert np.isfinite(against.evidence.groups.log10_p).all()
                assert all(test.log10_p is None or np.isfinite(test.log10_p) for test in against.evidence.tests)


def test_quick_finds_the_fine_tune_and_never_clears_by_less() -> None:
    candidate = inspector.compare(resources.path("demo/candidate"), SAMPLE, quick=True, hashes=False)
    evidence = _of(candidate, "vision_encoder").evidence
    assert evidence is not None
    assert evidence.verdict == "derived"
    assert "evidence.note.quick" in {note.code for note in evidence.notes}
    assert evidence.inherited_fraction is None  # no unit was counted: "0 %" and "a part" would be wrong
    assert evidence.nature is not None
    assert evidence.nature.kind == "unknown"
    honest = inspector.compare(resources.path("demo/honest"), SAMPLE, quick=True, hashes=False)
    own = _of(honest, "vision_encoder").evidence
    assert own is not None
    assert own.verdict in ("inconclusive", "no_dependence_found")


def test_the_same_figures_whatever_the_number_of_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    results = []
    for workers in (1, 2):
        monkeypatch.setattr("inspector.similarity.workers.worker_count", lambda workers=workers: workers)
        got = inspector.compare(resources.path("demo/honest"), SAMPLE[:1], hashes=False)
        evidence = _of(got, "vision_encoder").evidence
        assert evidence is not None
        results.append((evidence.z, evidence.log10_p, evidence.groups.z.tobytes(), evidence.groups.rank_z.tobytes()))
    assert results[0] == results[1]


def test_cancelling_stops_the_tests(tmp_path: Path) -> None:
    class Stopping(QuietJob):
        judging = False

        def message(self, code: str, **params: str | int | float) -> None:
            self.judging = self.judging or code == "review.judging"

        def raise_if_cancelled(self) -> None:
            if self.judging:
                raise Cancelled

    with pytest.raises(Cancelled):
        inspector.compare(resources.path("demo/candidate"), SAMPLE, job=Stopping())


def test_an_unrelated_reference_is_an_external_control() -> None:
    references = [resources.path("demo/reference_vision"), resources.path("demo/honest")]
    got = inspector.compare(resources.path("demo/candidate"), references, component="vision_encoder", hashes=False)
    against = {item.reference: item for item in got.components[0].against}
    evidence = against["reference_vision"].evidence
    assert evidence is not None
    permutation = next(test for test in evidence.tests if test.test == "permutation_z")
    assert permutation.controls.kind == "external"
    assert permutation.controls.max_z is not None
    assert permutation.controls.max_z < 10
    assert "evidence.note.internal_only" not in {note.code for note in evidence.notes}
    assert against["honest"].verdict == "no_dependence_found"
    assert got.components[0].best_reference == "reference_vision"


def test_related_references_mean_a_common_ancestor() -> None:
    references = [resources.path("demo/reference_vision"), resources.path("demo/candidate")]
    got = inspector.compare(resources.path("demo/candidate"), references, component="vision_encoder", hashes=False)
    assert got.components[0].best_reference == "candidate"
    for against in got.components[0].against:
        assert against.evidence is not None
        notes = {note.code: note.params for note in against.evidence.notes}
        other = ({"reference_vision", "candidate"} - {against.reference}).pop()
        assert notes["evidence.note.common_ancestor"] == {"references": other}


def test_the_overall_sentence_names_each_reference_with_its_own_components() -> None:
    from inspector.evidence.overall import overall
    from inspector.results import ComponentFinding

    findings = [
        ComponentFinding("vision_encoder", "vision_encoder", "a", (), "derived"),
        ComponentFinding("audio_encoder", "audio_encoder", "b", (), "derived"),
        ComponentFinding("language_model", "language_model", "a", (), "no_dependence_found"),
        ComponentFinding("projector", "projector", None, ()),
    ]
    said = [(note.code.rpartition(".")[2], dict(note.params)) for note in overall(findings)]
    assert said == [
        ("derived", {"components": "vision_encoder", "references": "a"}),
        ("derived", {"components": "audio_encoder", "references": "b"}),
        ("none_found", {"components": "language_model", "references": "a"}),
        ("not_tested", {"components": "projector", "references": ""}),
        ("limits", {}),
    ]
