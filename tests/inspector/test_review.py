"""From paths to a comparison, on small real files."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import inspector
import resources
from inspector.errors import Cancelled, InputError
from inspector.job import QuietJob
from inspector.report.document import comparison_document, to_json
from inspector.results import ALL_ROLES, Comparison, ComponentFinding, Inspection, ReferenceFact
from inspector.similarity import workers
from tests.data.arrays import save, vision_tower

DEMO_REFERENCES = [resources.path("demo/reference_vision"), resources.path("demo/reference_audio")]


class RecordingJob(QuietJob):
    def __init__(self) -> None:
        self.partials: list[Any] = []
        self.last = (0, 1)
        self.cancel_after = 10**9

    def progress(self, done: int, total: int) -> None:
        assert done <= total
        self.last = max(self.last, (done, total))

    def partial(self, result: Any) -> None:
        self.partials.append(result)

    def raise_if_cancelled(self) -> None:
        self.cancel_after -= 1
        if self.cancel_after < 0:
            raise Cancelled


def finding(comparison: Comparison, kind: str) -> ComponentFinding:
    return next(item for item in comparison.components if item.kind == kind)


@pytest.fixture(scope="module")
def demo() -> Comparison:
    return inspector.compare(resources.path("demo/candidate"), DEMO_REFERENCES)


@pytest.fixture(scope="module")
def honest() -> Comparison:
    return inspector.compare(resources.path("demo/honest"), DEMO_REFERENCES)


def test_the_copied_audio_encoder_is_the_reference(demo: Comparison) -> None:
    figures = finding(demo, "audio_encoder").against[0].similarity
    assert figures["cosine"].value == 1.0
    assert figures["bit_identity"].value == 1.0


def test_the_fine_tuned_vision_encoder_has_a_bright_diagonal(demo: Comparison) -> None:
    against = finding(demo, "vision_encoder").against[0]
    cosine = against.similarity["cosine"]
    assert cosine.value is not None
    assert cosine.null is not None
    assert cosine.null.sd is not None
    assert 0.99 <= cosine.value <= 0.998
    assert cosine.null.mean + 20 * cosine.null.sd < cosine.value
    matrix = against.matrix(ALL_ROLES, "centred_correlation")
    assert matrix is not None
    assert np.diag(matrix.values).min() > 0.9
    assert matrix.null is not None
    assert abs(matrix.null.mean) < 0.1


def test_the_language_model_of_the_sample_has_no_reference(demo: Comparison) -> None:
    assert finding(demo, "language_model").against == ()
    assert finding(demo, "language_model").best_reference is None


@pytest.mark.parametrize("kind", ["vision_encoder", "audio_encoder"])
def test_the_honest_candidate_stays_near_its_baseline(honest: Comparison, kind: str) -> None:
    centred = finding(honest, kind).against[0].similarity["centred_correlation"]
    assert centred.value is not None
    assert centred.null is not None
    assert centred.null.sd is not None
    assert abs(centred.value) < 5 * centred.null.sd


def test_every_component_with_a_reference_is_judged(demo: Comparison) -> None:
    verdicts = {finding.kind: finding.verdict for finding in demo.components if finding.against}
    assert verdicts["vision_encoder"] == "derived"
    assert verdicts["audio_encoder"] == "identical"
    assert {note.code for note in demo.overall} >= {"evidence.overall.derived", "evidence.overall.identical"}


def test_hashes_are_those_of_the_files_and_values(demo: Comparison) -> None:
    folder = resources.path("demo/candidate")
    for fact in demo.candidate.files:
        assert fact.sha256 == hashlib.sha256((folder / fact.name).read_bytes()).hexdigest()
    with inspector.open_checkpoint(folder) as checkpoint:
        for name, digest in zip(demo.candidate.tensors.names, demo.candidate.tensors.sha256, strict=True):
            values = checkpoint.read_flat(name, 0, checkpoint.tensors[name].elements)
            assert digest == hashlib.sha256(values.tobytes()).hexdigest()


def test_figures_do_not_depend_on_the_number_of_threads(demo: Comparison, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = to_json(comparison_document(demo))
    monkeypatch.setattr(workers, "worker_count", lambda: 1)
    before = torch.get_num_threads()
    again = inspector.compare(resources.path("demo/candidate"), DEMO_REFERENCES)
    assert to_json(comparison_document(again)) == expected
    assert torch.get_num_threads() == before


def test_the_job_gets_parts_in_order_and_full_progress() -> None:
    job = RecordingJob()
    inspector.compare(resources.path("demo/candidate"), DEMO_REFERENCES, job=job)
    kinds = [type(part) for part in job.partials]
    assert kinds[:3] == [Inspection, ReferenceFact, ReferenceFact]
    assert set(kinds[3:]) == {ComponentFinding}
    assert job.last[0] > 0.9 * job.last[1]


@pytest.mark.parametrize("after", [0, 5, 30, 200])
def test_cancelling_stops_the_work(after: int) -> None:
    job = RecordingJob()
    job.cancel_after = after
    with pytest.raises(Cancelled):
        inspector.compare(resources.path("demo/candidate"), DEMO_REFERENCES, job=job)


def test_one_kind_of_component_only() -> None:
    got = inspector.compare(resources.path("demo/candidate"), DEMO_REFERENCES, component="audio_encoder")
    assert [item.kind for item in got.components] == ["audio_encoder"]
    with pytest.raises(InputError, match="no component of the kind"):
        inspector.compare(DEMO_REFERENCES[0], DEMO_REFERENCES, component="audio_encoder")


def test_two_files_without_a_common_part(tmp_path: Path) -> None:
    ours = save(tmp_path / "a.safetensors", vision_tower(1))
    theirs = save(tmp_path / "b.safetensors", {"w": np.ones((3, 7), np.float32)})
    with pytest.raises(InputError, match="no part in common"):
        inspector.compare(ours, [theirs])


def test_a_reference_that_fits_nothing_is_named(tmp_path: Path) -> None:
    ours = save(tmp_path / "a.safetensors", vision_tower(1))
    odd = save(tmp_path / "odd.safetensors", {"w": np.ones((3, 7), np.float32)})
    got = inspector.compare(ours, [ours, odd])
    assert [note.file for note in got.warnings] == ["odd.safetensors"]


def test_different_depth_is_fine(tmp_path: Path) -> None:
    reference = vision_tower(1, blocks=4)
    candidate = {
        name.replace("blocks.3", "blocks.2"): array for name, array in reference.items() if "blocks.2" not in name
    }
    got = inspector.compare(save(tmp_path / "a.safetensors", candidate), [save(tmp_path / "b.safetensors", reference)])
    against = got.components[0].against[0]
    assert [(score.candidate, score.reference) for score in against.layers] == [(0, 0), (1, 1), (2, 3)]
    assert against.similarity["cosine"].value == pytest.approx(1.0)


def test_bad_values_are_warned_about_once(tmp_path: Path) -> None:
    tower = vision_tower(1)
    for block in range(2):
        tower[f"visual.blocks.{block}.mlp.up_proj.weight"][0, 0] = np.nan
    for block in range(3):
        tower[f"visual.blocks.{block}.attn.proj.bias"][:] = 0
    path = save(tmp_path / "a.safetensors", tower)
    notes = {note.code: note for note in inspector.compare(path, [path]).components[0].against[0].warnings}
    assert notes["similarity.not_finite"].params == {"tensors": 2, "elements": 2}
    assert notes["similarity.all_zero"].params["tensors"] == 3


def test_a_file_that_changes_meanwhile_is_not_judged(tmp_path: Path) -> None:
    ours = save(tmp_path / "a.safetensors", vision_tower(1))

    class Meddler(QuietJob):
        def partial(self, result: Any) -> None:
            if isinstance(result, ComponentFinding):
                with ours.open("r+b") as file:
                    file.seek(-4, 2)
                    file.write(b"\0\0\0\0")

    with pytest.raises(InputError, match="changed while it was being read"):
        inspector.compare(ours, [save(tmp_path / "b.safetensors", vision_tower(1))], job=Meddler())


def test_references_of_one_name_are_told_apart(tmp_path: Path) -> None:
    paths = [save(tmp_path / folder / "m.safetensors", vision_tower(1)) for folder in ("a", "b")]
    got = inspector.compare(paths[0], paths)
    assert [fact.name for fact in got.references] == ["m.safetensors", "m.safetensors (2)"]


def test_json_is_strict_and_has_the_documented_shape(demo: Comparison) -> None:
    document = comparison_document(demo)
    assert document["schema"] == "assayer.comparison/1"
    against = next(item for item in document["components"] if item["kind"] == "vision_encoder")["against"][0]
    assert set(against["similarity"]) >= {"cosine", "centred_correlation", "bit_identity", "relative_l2"}
    assert against["verdict"] == "derived"
    assert against["reason"] == "rejected"
    assert against["exact"] is True
    assert against["log10_p"] < -100
    assert [test["test"] for test in against["tests"]][:3] == ["identity", "permutation_z", "coincidence"]
    rows = against["layer_matrix"]["values"]
    assert len(rows) == len(against["layers"])
    assert "NaN" not in to_json(document)
    undefined = replace(demo.components[0].against[0], coverage=float("nan")) if demo.components[0].against else None
    if undefined is not None:
        broken = replace(demo, components=(replace(demo.components[0], against=(undefined,)),))
        assert "NaN" not in to_json(comparison_document(broken))
