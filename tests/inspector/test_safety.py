"""Safety findings: what opening names before a value is read, how grave it is, and where it is told."""

from __future__ import annotations

import argparse
import io
import json
import os
from collections import OrderedDict
from pathlib import Path

import pytest
import torch
from rich.console import Console
from safetensors.torch import load_file, save_file

import inspector
import resources
from inspector import safety
from inspector.checkpoint import open_checkpoint
from inspector.errors import InputError, Note, worded
from inspector.report.document import inspection_document
from inspector.report.terminal import print_inspection
from inspector.safety import safety_findings, severity

WEIGHTS = {"model.layers.0.mlp.weight": torch.arange(64, dtype=torch.float32).reshape(8, 8)}


def found(path: Path) -> dict[str, Note]:
    with open_checkpoint(path) as checkpoint:
        return {note.code.partition(".")[2]: note for note in safety_findings(checkpoint.warnings)}


def test_every_classified_code_is_a_message() -> None:
    known = {code.partition(".")[2] for code in resources.load_json("translations/en/checkpoint.json")}
    assert known >= safety._DANGER | safety._NOTICE
    assert not safety._DANGER & safety._NOTICE


def test_dangers_come_first_and_each_once() -> None:
    odd, code = Note("checkpoint.unusual_name", {"count": 1}), Note("checkpoint.keras_code", {"count": 1, "names": "f"})
    assert safety_findings([odd, Note("checkpoint.big_endian"), code, odd]) == (code, odd)


def test_clean_files_have_no_findings(tmp_path: Path) -> None:
    save_file(WEIGHTS, tmp_path / "model.safetensors")
    (tmp_path / "config.json").write_text('{"model_type": "siglip"}')
    torch.save(OrderedDict(WEIGHTS), tmp_path / "new.pt")
    torch.save(OrderedDict(WEIGHTS), tmp_path / "old.pt", _use_new_zipfile_serialization=False)
    assert not any(found(tmp_path / name) for name in ("model.safetensors", "new.pt", "old.pt"))


@pytest.mark.parametrize("zipped", [True, False])
def test_what_a_pickle_names_beyond_tensors_is_told(tmp_path: Path, zipped: bool) -> None:
    content = {"model": WEIGHTS, "args": argparse.Namespace(lr=0.1), "where": Path("a")}
    torch.save(content, tmp_path / "m.pt", _use_new_zipfile_serialization=zipped)
    note = found(tmp_path / "m.pt")["pickle_names"]
    assert severity(note) == "notice"
    assert "argparse.Namespace" in worded(note)
    assert "nothing was run" in worded(note)


def test_a_pickle_that_asks_for_code_is_a_danger(tmp_path: Path) -> None:
    (tmp_path / "m.pt").write_bytes(b"\x80\x02cos\nsystem\nq\x00X\x04\x00\x00\x00trueq\x01\x85q\x02Rq\x03.")
    with pytest.raises(InputError, match=r"os\.system") as refused:
        open_checkpoint(tmp_path / "m.pt")
    assert severity(refused.value.note) == "danger"


def test_a_content_that_the_name_denies_is_told(tmp_path: Path) -> None:
    torch.save(WEIGHTS, tmp_path / "model.safetensors")
    note = found(tmp_path / "model.safetensors")["format_mismatch"]
    assert (note.params["content"], note.params["suffix"]) == ("pytorch", ".safetensors")
    save_file(WEIGHTS, tmp_path / "pytorch_model.bin")
    assert "format_mismatch" in found(tmp_path / "pytorch_model.bin")


def test_custom_code_and_links_of_a_folder_are_told(tmp_path: Path) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    save_file(WEIGHTS, folder / "model.safetensors")
    (folder / "modeling_mine.py").write_text("raise SystemExit('run')")
    auto = {"AutoModel": "modeling_mine.Model", "AutoTokenizer": ["tokenization_mine.Tokenizer", None]}
    (folder / "config.json").write_text(json.dumps({"auto_map": auto}))
    (tmp_path / "outside.txt").write_text("secret")
    (folder / "vocab.txt").symlink_to("../outside.txt")
    (folder / "latest").symlink_to("model.safetensors")
    notes = found(folder)
    assert {code: severity(note) for code, note in notes.items()} == {
        "custom_code": "notice",  # honest models have it
        "links_outside": "danger",
        "links_not_followed": "notice",
        "code_files": "notice",
    }
    assert "modeling_mine.Model" in worded(notes["custom_code"])
    assert (notes["links_not_followed"].params["count"], notes["links_not_followed"].params["name"]) == (1, "latest")
    assert notes["links_outside"].file == "vocab.txt"


@pytest.mark.skipif(not hasattr(os, "SEEK_HOLE"), reason="this system cannot tell holes")
def test_a_file_that_is_mostly_holes_is_told(tmp_path: Path) -> None:
    size = 64 << 20
    header = json.dumps({"w": {"dtype": "F32", "shape": [size // 4], "data_offsets": [0, size]}}).encode()
    with (tmp_path / "m.safetensors").open("wb") as file:
        file.write(len(header).to_bytes(8, "little") + header)
        file.truncate(8 + len(header) + size)
    note = found(tmp_path / "m.safetensors")["sparse_file"]
    assert note.params["declared"] == 8 + len(header) + size
    assert int(note.params["stored"]) < size // 100


def test_json_says_the_severity_of_findings_only(tmp_path: Path) -> None:
    torch.save({"model": WEIGHTS, "args": argparse.Namespace()}, tmp_path / "model.safetensors")
    warnings = inspection_document(inspector.inspect(tmp_path / "model.safetensors"))["warnings"]
    graves = {item["code"]: item.get("severity") for item in warnings}
    assert graves["checkpoint.format_mismatch"] == "notice"
    assert all((item.get("severity") is not None) == (severity(Note(item["code"])) is not None) for item in warnings)


def test_the_terminal_says_safety_first_and_each_finding_once(tmp_path: Path) -> None:
    torch.save({"model": WEIGHTS, "args": argparse.Namespace()}, tmp_path / "model.safetensors")
    out = Console(file=io.StringIO(), width=1000)
    print_inspection(inspector.inspect(tmp_path / "model.safetensors"), out)
    assert isinstance(out.file, io.StringIO)
    text = out.file.getvalue()
    assert text.splitlines()[0] == "Safety"
    assert text.count("The content is pytorch") == 1


def test_unknown_tensors_in_a_reference_hide_nothing_that_its_names_tell(tmp_path: Path) -> None:
    """A nameless rest that fits the candidate's shapes was once compared instead of the encoder itself."""
    tensors = load_file(resources.path("demo/reference_vision") / "model.safetensors")
    save_file(tensors, tmp_path / "candidate.safetensors")
    one = next(iter(tensors.values()))
    save_file({**tensors, "=cmd()": one.clone(), "zz": one.clone()}, tmp_path / "reference.safetensors")
    found = inspector.compare(tmp_path / "candidate.safetensors", [tmp_path / "reference.safetensors"])
    verdicts = {finding.kind: finding.verdict for finding in found.components}
    assert verdicts == {"vision_encoder": "identical", "projector": "identical"}
