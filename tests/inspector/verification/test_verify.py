"""Verifying against the inputs: each is found and hashed, and what is computed again agrees or is named."""

from __future__ import annotations

import dataclasses
import json
import random
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file
from typer.testing import CliRunner

from inspector.cli import app
from inspector.references.signing import make_key
from inspector.report.document import comparison_document, to_json
from inspector.review import compare
from inspector.review_file import review_of, save
from inspector.selftest import disguised_copy
from inspector.verification import verify
from inspector.verify_results import Check
from tests.inspector.review_file import made

NAMES = ("candidate", "reference_vision", "reference_audio")


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("elsewhere") / "모델"
    for name in NAMES:
        shutil.copytree(made.DEMO / name, folder / name)
    return folder


def review_file(folder: Path, comparison: Any = None) -> Path:
    review = review_of(comparison or made.sample(), made.DEMO / "candidate", made.REFERENCES, confined="none")
    save(folder / "a.assay", review)
    return folder / "a.assay"


def report_file(folder: Path, **changes: Any) -> Path:
    document = comparison_document(made.sample(), "none")
    document.update(changes)
    (folder / "report.json").write_bytes(to_json(document).encode())
    return folder / "report.json"


def checked(path: Path, **options: Any) -> dict[str, Check]:
    return {check.note.code.removeprefix("verify."): check for check in verify(path, **options)}


def run(*arguments: str) -> tuple[int, str]:
    told = CliRunner().invoke(app, [*arguments, "--no-sandbox"])
    assert told.exception is None or isinstance(told.exception, SystemExit)
    return told.exit_code, told.output


def test_the_inputs_are_found_where_they_lie_now(tmp_path: Path, models: Path) -> None:
    review = review_file(tmp_path)
    for folder in (models, models.parent):
        code, told = run("verify", str(review), "--inputs", str(folder))
        found = [line for line in told.splitlines() if "every file is there with its SHA-256" in line]
        assert (code, len(found)) == ((0, 3) if folder == models else (1, 0))
    assert checked(review, inputs=models / "candidate")["input"].note.params["name"] == "candidate"


def test_two_references_of_one_name_are_told_apart(tmp_path: Path, models: Path) -> None:
    """Both called "encoder": the end of its path says which is which, and a report finds them by their bytes."""
    for part, source in (("vision", "reference_vision"), ("audio", "reference_audio")):
        shutil.copytree(models / source, tmp_path / "in" / part / "encoder")
    shutil.copytree(models / "candidate", tmp_path / "in/candidate")
    paths = [tmp_path / "in" / name for name in ("vision/encoder", "audio/encoder")]
    found = compare(tmp_path / "in/candidate", paths, quick=True)
    save(tmp_path / "a.assay", review_of(found, tmp_path / "in/candidate", paths, confined="none"))
    shutil.move(tmp_path / "in", tmp_path / "moved")
    checks = list(verify(tmp_path / "a.assay", inputs=tmp_path / "moved", replay="full"))
    assert [check.outcome for check in checks if check.note.code == "verify.input"] == ["holds"] * 3
    assert checks[-1].note.code == "verify.replayed"


def test_a_changed_and_a_missing_input_are_named(tmp_path: Path, models: Path) -> None:
    folder = tmp_path / "in"
    shutil.copytree(models, folder)
    weights = folder / "reference_vision/model.safetensors"
    content = bytearray(weights.read_bytes())
    content[-1] ^= 1
    weights.write_bytes(content)
    shutil.rmtree(folder / "reference_audio")
    found = checked(review_file(tmp_path), inputs=folder, replay="full")
    assert found["input_changed"].note.params["what"] == "model.safetensors"
    assert found["input_missing"].note.params["name"] == "reference_audio"
    assert found["replay_impossible"].outcome == "differs"


@pytest.mark.parametrize("replay", ["sample", "full"])
def test_computed_again_it_is_the_same(tmp_path: Path, models: Path, replay: str) -> None:
    found = checked(review_file(tmp_path), inputs=models, replay=replay, seed=5)
    assert found["sampled" if replay == "sample" else "replayed"].outcome == "holds"
    assert all(check.outcome != "differs" for check in found.values())


def test_a_report_is_computed_again_and_still_needs_a_proof(tmp_path: Path, models: Path) -> None:
    """What no figure depends on, as how far the process was confined, only a proof beside it covers."""
    found = checked(report_file(tmp_path), inputs=models, replay="full")
    assert found["replayed"].outcome == "holds"
    assert found["no_proof"].outcome == "differs"
    assert run("sign", str(tmp_path / "report.json"))[0] == 0
    assert run("verify", str(tmp_path / "report.json"), "--inputs", str(models), "--replay", "full")[0] == 0


def test_references_of_a_library_are_computed_again(tmp_path: Path, models: Path) -> None:
    shelf, review = ("--library", str(tmp_path / "library")), tmp_path / "a.assay"
    candidate, again = str(models / "candidate"), ("--inputs", str(models), "--replay", "full")
    assert run("reference", "add", str(models / "reference_vision"), *shelf)[0] == 0
    told = run("compare", candidate, "-r", "reference_vision", *shelf, "--save", str(review))
    assert told[0] == 0, told[1]
    code, text = run("verify", str(review), *again, *shelf)
    assert code == 0, text
    assert "reference_vision was read from the library" in text
    assert "no tensor pair can be computed again" in run("verify", str(review), *again[:3], "sample", *shelf)[1]
    assert run("screen", candidate, *shelf, "--save", str(review))[0] == 0
    code, text = run("verify", str(review), *again, *shelf)
    assert code == 0, text
    assert run("reference", "add", str(models / "reference_audio"), *shelf)[0] == 0
    assert run("verify", str(review), *again, *shelf)[0] == 1


@pytest.mark.parametrize("way", ["renamed", "disguised"])
def test_every_pair_of_a_copy_in_disguise_is_computed_again(tmp_path: Path, way: str, monkeypatch: Any) -> None:
    folder = tmp_path / "in"
    shutil.copytree(made.DEMO / "reference_vision", folder / "reference")
    candidate = disguised_copy(folder) if way == "disguised" else renamed_copy(folder)
    found = compare(candidate, [folder / "reference"])
    assert found.components[0].against[0].pairs.matched[0] == ("content" if way == "renamed" else "role")
    save(tmp_path / "a.assay", review_of(found, candidate, [folder / "reference"], confined="none"))
    monkeypatch.setattr("inspector.verification.sampling.SAMPLE", 10_000)
    check = checked(tmp_path / "a.assay", inputs=folder, replay="sample")["sampled"]
    assert check.outcome == "holds"
    assert (
        check.note.params["pairs"]
        == check.note.params["all"]
        == sum(len(against.pairs.candidates) for finding in found.components for against in finding.against)
    )


def renamed_copy(folder: Path) -> Path:
    """Return the reference with every tensor under a number, in another order."""
    (source,) = (folder / "reference").glob("*.safetensors")
    tensors = load_file(source)
    names = sorted(tensors)
    random.Random(4).shuffle(names)
    (folder / "renamed").mkdir()
    save_file({f"t{number}": tensors[name] for number, name in enumerate(names)}, folder / "renamed/a.safetensors")
    return folder / "renamed"


def test_a_forged_review_with_a_good_seal_is_found_by_computing_again(tmp_path: Path, models: Path) -> None:
    whole = made.sample()
    first = whole.components[0]
    forged = dataclasses.replace(first.against[0], coverage=0.25)
    finding = dataclasses.replace(first, verdict="no_dependence_found", against=(forged, *first.against[1:]))
    path = review_file(tmp_path, dataclasses.replace(whole, components=(finding, *whole.components[1:])))
    assert all(check.outcome != "differs" for check in verify(path, inputs=models))
    code, told = run("verify", str(path), "--inputs", str(models), "--replay", "full")
    assert code == 1
    assert '/components/0/verdict: stored "no_dependence_found"' in told
    found = checked(path, inputs=models, replay="full")["replay_differs"]
    assert {item.pointer for item in found.differences} >= {
        "/components/0/verdict",
        "/components/0/against/0/compared",
    }


def test_a_forged_tensor_pair_is_found_by_a_sample_of_all(tmp_path: Path, models: Path, monkeypatch: Any) -> None:
    whole = made.sample()
    first = whole.components[0]
    pairs = first.against[0].pairs
    cosine = pairs.columns["cosine"].copy()
    cosine[3] += 2e-6
    forged = dataclasses.replace(pairs, columns={**pairs.columns, "cosine": cosine})
    digests = list(whole.candidate.tensors.sha256)
    at = whole.candidate.tensors.names.index(pairs.candidates[5])
    digests[at] = "0" * 64
    finding = dataclasses.replace(
        first, against=(dataclasses.replace(first.against[0], pairs=forged), *first.against[1:])
    )
    table = dataclasses.replace(whole.candidate.tensors, sha256=tuple(digests))
    candidate = dataclasses.replace(whole.candidate, tensors=table)
    changed = dataclasses.replace(whole, candidate=candidate, components=(finding, *whole.components[1:]))
    monkeypatch.setattr("inspector.verification.sampling.SAMPLE", 10_000)
    found = checked(review_file(tmp_path, changed), inputs=models, replay="sample")["sample_differs"]
    pointers = [item.pointer for item in found.differences]
    assert pointers == ["/components/0/against/0/pairs/3/cosine", f"candidate: {pairs.candidates[5]}: sha256"]
    assert np.isclose(float(found.differences[0].stored) - float(found.differences[0].found), 2e-6)


def test_the_seed_says_which_pairs(tmp_path: Path, models: Path) -> None:
    path = review_file(tmp_path)
    outputs = [run("verify", str(path), "--inputs", str(models), "--replay", "sample", "--seed", "7") for _ in "ab"]
    assert outputs[0] == outputs[1]
    assert outputs[0][0] == 0
    assert "--seed 7" in outputs[0][1]


def test_a_report_has_no_pairs_to_sample(tmp_path: Path, models: Path) -> None:
    assert checked(report_file(tmp_path), inputs=models, replay="sample")["no_pairs"].outcome == "differs"


@pytest.mark.parametrize(
    "changes",
    [
        {"references": 7},
        {"candidate": {}},
        {"tool": {"settings": [], "seed": 1, "version": "x"}},
        {"schema": "assayer.inspect/1"},
    ],
)
def test_a_report_of_another_form_is_refused(tmp_path: Path, changes: dict[str, Any]) -> None:
    code, told = run("verify", str(report_file(tmp_path, **changes)), "--inputs", str(tmp_path))
    assert code == 3
    assert "not the report of a comparison" in told


def test_settings_of_another_kind_are_refused(tmp_path: Path, models: Path) -> None:
    tool = comparison_document(made.sample(), "none")["tool"]
    path = report_file(tmp_path, tool={**tool, "settings": {**tool["settings"], "component": "../../etc"}})
    code, _ = run("verify", str(path), "--inputs", str(models), "--replay", "full")
    assert code == 3


def test_exit_codes_and_json(tmp_path: Path) -> None:
    path = review_file(tmp_path)
    code, told = run("verify", str(path), "--json", "-")
    document = json.loads(told)
    assert (code, document["schema"], document["holds"]) == (0, "assayer.verification/1", True)
    assert run("verify", str(path), "--replay", "full")[0] == 2
    assert run("verify", str(path), "--replay", "some", "--inputs", ".")[0] == 2
    assert run("verify", str(tmp_path / "none.assay"))[0] == 3
    path.write_bytes(path.read_bytes()[:-1])
    assert run("verify", str(path))[0] == 3


def test_signing_from_the_command_line(tmp_path: Path) -> None:
    path, key, report = review_file(tmp_path), tmp_path / "key", tmp_path / "report.json"
    (tmp_path / "words").write_text("열려라 참깨\n")
    protect = ("--passphrase-file", str(tmp_path / "words"))
    assert run("reference", "key", str(key), *protect)[0] == 0
    assert b"ENCRYPTED" in key.read_bytes()
    before = path.read_bytes()
    assert run("sign", str(path), "--key", str(key))[0] == 3  # nobody is there to be asked
    assert run("sign", str(path), "--key", str(key), *protect)[0] == 0
    assert run("report", str(path), "--json", str(report), "--key", str(key), *protect)[0] == 0
    assert run("report", str(path), "--key", str(key), *protect)[0] == 2
    assert path.read_bytes() == before
    for file in (path, report):
        code, told = run("verify", str(file), "--key", f"{key}.pub")
        assert code == 0, told
        assert "as it must be" in told
    make_key(tmp_path / "other")
    assert run("verify", str(path), "--key", str(tmp_path / "other.pub"))[0] == 1
    library = tmp_path / "library"
    assert run("reference", "key", f"{key}.pub", "--trust", "Kim", "--library", str(library))[0] == 0
    assert "Signed by 'Kim'" in run("verify", str(report), "--library", str(library))[1]
    assert run("sign", str(report))[0] == 0
    assert "The SHA-256 is the one in report.json.sha256" in run("verify", str(report))[1]
