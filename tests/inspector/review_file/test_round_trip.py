"""What was saved comes back: elsewhere, without the inputs, byte for byte."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from pathlib import Path

import h5py
import pytest
from typer.testing import CliRunner

from inspector.cli import app
from inspector.decisions import DecisionLog
from inspector.output import OutputError
from inspector.report.document import comparison_document, to_json
from inspector.review_file import input_states, open_review, review_bytes, review_of, save
from tests.inspector.review_file import made


def test_the_json_of_a_reopened_review_is_the_one_that_compare_wrote(tmp_path: Path) -> None:
    inputs = tmp_path / "inputs"
    shutil.copytree(made.DEMO, inputs)
    runner = CliRunner()
    paths = [str(inputs / name) for name in ("candidate", "reference_vision", "reference_audio")]
    first, review = tmp_path / "first.json", tmp_path / "finding.assay"
    arguments = ["compare", *paths, "--json", str(first), "--save", str(review), "--no-sandbox"]
    assert runner.invoke(app, arguments).exit_code == 0
    elsewhere = tmp_path / "other" / "folder"
    elsewhere.mkdir(parents=True)
    shutil.move(review, elsewhere / "moved.assay")
    shutil.rmtree(inputs)
    second = tmp_path / "second.json"
    told = runner.invoke(app, ["report", str(elsewhere / "moved.assay"), "--json", str(second), "--no-sandbox"])
    assert told.exit_code == 0
    assert second.read_bytes() == first.read_bytes()
    lines = told.output.splitlines()
    assert sum("its tensors cannot be shown" in line for line in lines) == 3


def test_the_json_goes_to_standard_output_alone(tmp_path: Path) -> None:
    save(tmp_path / "a.assay", made.review())
    told = CliRunner().invoke(app, ["report", str(tmp_path / "a.assay"), "--json", "-", "--no-sandbox"])
    assert told.exit_code == 0
    assert json.loads(told.stdout)["schema"] == "assayer.comparison/1"
    assert told.stdout == to_json(comparison_document(made.awkward(), "none"))


def test_arrays_odd_names_and_odd_numbers_come_back(tmp_path: Path) -> None:
    written = made.review()
    save(tmp_path / "a.assay", written)
    found = open_review(tmp_path / "a.assay")
    assert found.notes == ()
    assert not found.partial
    assert made.frame(found.comparison) == made.frame(written.comparison)
    assert found.decisions == made.decided()
    assert (found.versions, found.catalogue, found.isolation) == (written.versions, written.catalogue, "none")
    assert found.comparison is not None
    assert not found.comparison.components[0].against[0].matrices[0].values.flags.writeable


def test_the_same_review_gives_the_same_bytes_also_after_it_was_reopened(tmp_path: Path) -> None:
    content = made.whole_file(tmp_path)
    assert content == made.whole_file(tmp_path)
    (tmp_path / "a.assay").write_bytes(content)
    assert review_bytes(open_review(tmp_path / "a.assay"), tmp_path) == content


def test_another_program_reads_inputs_results_and_decisions_apart(tmp_path: Path) -> None:
    save(tmp_path / "a.assay", made.review(made.sample()))
    with h5py.File(tmp_path / "a.assay") as file:
        header = json.loads(bytes(file["header"][()]))
        decisions = json.loads(bytes(file["arrays/decisions"][()]))
        assert b"confirm" not in bytes(file["arrays/results"][()])
        name = next(name for name in file["arrays"] if name.endswith("matrices.0.values"))
        assert file["arrays"][name].ndim == 2
    assert header["schema"] == "assayer.review/1"
    assert [file["sha256"] for file in header["inputs"][0]["files"]] == [
        fact.sha256 for fact in made.sample().candidate.files
    ]
    assert header["seed"] == made.sample().seed
    assert {"assayer", "python", "torch", "numpy"} <= header["versions"].keys()
    assert len(decisions["entries"]) == 4


def test_a_review_opens_in_under_a_second(tmp_path: Path) -> None:
    save(tmp_path / "a.assay", made.review(made.sample()))
    started = time.perf_counter()
    open_review(tmp_path / "a.assay")
    assert time.perf_counter() - started < 1


def test_a_review_without_all_results_is_not_written(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="without all its results"):
        review_bytes(made.Review(None), tmp_path)


def test_a_review_that_cannot_be_written_leaves_what_was_there(tmp_path: Path) -> None:
    with pytest.raises(OutputError):
        save(tmp_path / "no" / "a.assay", made.review())


def test_paths_are_kept_relative_and_sizes_tell_what_changed(tmp_path: Path) -> None:
    for name in ("candidate", "reference_vision", "reference_audio"):
        shutil.copytree(made.DEMO / name, tmp_path / "models" / name)
    references = [tmp_path / "models" / path.name for path in made.REFERENCES]
    (tmp_path / "reviews").mkdir()
    review = review_of(made.sample(), tmp_path / "models/candidate", references)
    save(tmp_path / "reviews" / "a.assay", review)
    assert b'"path": "../models/candidate"' in (tmp_path / "reviews" / "a.assay").read_bytes()
    (tmp_path / "all").mkdir()
    for name in ("models", "reviews"):
        shutil.move(tmp_path / name, tmp_path / "all" / name)
    found = open_review(tmp_path / "all" / "reviews" / "a.assay")
    assert found.inputs[0].path == str(tmp_path / "all" / "models" / "candidate")
    assert [state.state for state in input_states(found.inputs)] == ["present"] * 3
    assert [state.state for state in input_states(found.inputs, hashes=True)] == ["verified"] * 3
    weights = tmp_path / "all/models/reference_vision" / found.inputs[1].files[0].name
    content = bytearray(weights.read_bytes())
    content[-1] ^= 1
    weights.write_bytes(content)
    assert [state.state for state in input_states(found.inputs)] == ["present"] * 3
    assert [state.state for state in input_states(found.inputs, hashes=True)] == ["verified", "changed", "verified"]
    weights.write_bytes(content + b"0")
    changed = input_states(found.inputs)[1]
    assert (changed.state, changed.file) == ("changed", weights.name)
    assert changed.note is not None
    weights.unlink()
    assert input_states(found.inputs)[1].state == "missing"


def test_a_review_without_decisions_has_an_empty_log(tmp_path: Path) -> None:
    save(tmp_path / "a.assay", review_of(made.awkward(), "candidate"))
    assert open_review(tmp_path / "a.assay").decisions == DecisionLog()


def test_a_finished_review_is_opened_verified_and_saved_without_torch(tmp_path: Path) -> None:
    save(tmp_path / "a.assay", made.review())
    code = (
        "import pathlib, sys; from inspector.review_file import open_review, save; "
        "from inspector.review_diff import review_diff; from inspector.verification import verify; "
        "path = pathlib.Path('a.assay'); review = open_review(path); review_diff(review, review); "
        "assert all(check.outcome != 'differs' for check in verify(path)); save('b.assay', review); "
        "print([name for name in ('torch', 'scipy', 'safetensors') if name in sys.modules])"
    )
    told = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert told.stdout == "[]\n"
    assert (tmp_path / "b.assay").read_bytes() == (tmp_path / "a.assay").read_bytes()
