"""A review that was cut short, changed or made to do harm: one clear sentence, and never a wrong result."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
from typer.testing import CliRunner

from inspector.cli import app
from inspector.decisions import DecisionLog
from inspector.errors import InputError, worded
from inspector.review_file import open_review
from inspector.review_file.inputs import resolved_path
from inspector.review_file.layout import sealed
from tests.inspector.review_file import made


def refused(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        open_review(path)
    assert worded(caught.value.note, "ko")
    return caught.value.note.code


def test_a_review_cut_short_at_any_length_is_refused(tmp_path: Path) -> None:
    content, path = made.whole_file(tmp_path), tmp_path / "cut.assay"
    lengths = [*range(0, 2000, 7), *range(2000, len(content), len(content) // 200), len(content) - 1]
    for length in lengths:
        path.write_bytes(content[:length])
        assert refused(path) in ("review_file.not_a_review", "checkpoint.truncated", "review_file.damaged"), length
    path.write_bytes(content[: len(content) // 2])
    assert refused(path) == "checkpoint.truncated"


def test_a_changed_byte_is_told_and_never_changes_what_is_shown(tmp_path: Path) -> None:
    content, path, dice = made.whole_file(tmp_path), tmp_path / "changed.assay", random.Random(9)
    path.write_bytes(content)
    whole = open_review(path)
    assert whole.comparison is not None
    known = {made.frame(finding) for finding in whole.comparison.components}
    outcomes = set()
    for _ in range(500):
        at = dice.randrange(len(content))
        path.write_bytes(content[:at] + bytes([content[at] ^ dice.randrange(1, 256)]) + content[at + 1 :])
        try:
            found = open_review(path)
        except InputError as error:
            outcomes.add(error.note.code)
            continue
        assert found.notes, at
        outcomes |= {note.code for note in found.notes}
        assert found.decisions in (whole.decisions, DecisionLog())
        assert found.inputs == whole.inputs
        if found.comparison is not None:
            kept = {made.frame(finding) for finding in found.comparison.components}
            assert kept <= known
            assert (len(kept) < len(known)) == found.partial
            assert made.frame(found.comparison.candidate) == made.frame(whole.comparison.candidate)
    assert {"review_file.damaged", "review_file.finding_damaged", "review_file.results_damaged"} <= outcomes


def swapped(content: bytes, old: bytes, new: bytes) -> bytes:
    assert content.count(old) == 1
    return content.replace(old, new)


def test_one_damaged_array_costs_its_finding_alone(tmp_path: Path) -> None:
    content, path = made.whole_file(tmp_path), tmp_path / "a.assay"
    values = made.awkward().components[1].against[0].matrices[0].values
    path.write_bytes(swapped(content, values.tobytes(), (values + 0.1).tobytes()))
    found = open_review(path)
    assert [note.code for note in found.notes] == ["review_file.changed_parts", "review_file.finding_damaged"]
    assert found.comparison is not None
    assert [finding.name for finding in found.comparison.components] == ["part0", "part2"]
    assert found.decisions == made.decided()
    told = CliRunner().invoke(app, ["report", str(path), "--json", str(tmp_path / "out.json"), "--no-sandbox"])
    assert told.exit_code == 3
    assert not (tmp_path / "out.json").exists()
    assert "The finding for part1 is damaged" in told.output


def test_damaged_decisions_cost_no_result(tmp_path: Path) -> None:
    content, path = made.whole_file(tmp_path), tmp_path / "a.assay"
    path.write_bytes(swapped(content, b'"kind":"confirm"', b'"kind":"reject" '))
    found = open_review(path)
    assert [note.code for note in found.notes] == ["review_file.changed_parts", "review_file.decisions_damaged"]
    assert found.decisions == DecisionLog()
    assert not found.partial


def test_damaged_results_leave_inputs_and_decisions(tmp_path: Path) -> None:
    content, path = made.whole_file(tmp_path), tmp_path / "a.assay"
    path.write_bytes(swapped(content, b'{"c":"Comparison"', b'{"c":"comparison"'))
    found = open_review(path)
    assert found.comparison is None
    assert found.partial
    assert found.decisions == made.decided()
    assert found.inputs[0].name == "candidate"


def rewritten(folder: Path, change: Callable[[dict[str, Any], dict[str, Any]], None]) -> Path:
    """Return a review that was sealed again after a change: every digest in it agrees."""
    source, path = folder / "source.assay", folder / "again.assay"
    source.write_bytes(made.whole_file(folder))
    with h5py.File(source) as file:
        header = json.loads(bytes(file["header"][()]))
        arrays = {name: file["arrays"][name][()] for name in file["arrays"] if name != "seal"}
        for name, (kind, *_) in header["arrays"].items():
            arrays[name] = arrays[name].view(np.bool_) if kind == "bool" else arrays[name]
    for name in ("arrays", "seal"):
        del header[name]
    change(header, arrays)
    path.write_bytes(sealed(header, arrays))
    return path


def edit(arrays: dict[str, Any], name: str, old: str, new: str) -> None:
    text = bytes(arrays[name]).decode()
    assert old in text
    arrays[name] = np.frombuffer(text.replace(old, new).encode(), np.uint8)


def test_rewriting_alone_changes_nothing(tmp_path: Path) -> None:
    found = open_review(rewritten(tmp_path, lambda _header, _arrays: None))
    assert found.notes == ()
    assert made.frame(found) == made.frame(open_review(tmp_path / "source.assay"))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"verdict":"derived"', '"verdict":"certain"'),
        ('"c":"Against"', '"c":"Nothing"'),
        ('"coverage":0.998', '"coverage":"all"'),
        ('"method":"norm_ratio"', '"method":7'),
        ('"reference_component":', '"unheard_of":'),
        ('"a":"results.components.0.against.0.pairs.parameters"', '"a":"results.components.0.against.0.none"'),
        ('"code":"evidence.sentence.', '"code":"evidence.nothing.'),
    ],
)
def test_results_of_wrong_types_cost_their_finding(tmp_path: Path, old: str, new: str) -> None:
    found = open_review(rewritten(tmp_path, lambda _, arrays: edit(arrays, "results", old, new)))
    assert found.partial
    assert "review_file.finding_damaged" in [note.code for note in found.notes]


@pytest.mark.parametrize(
    "change",
    [
        lambda header, _: header.update(inputs=[{"role": "candidate"}]),
        lambda header, _: header.update(inputs=7),
        lambda header, _: header.update(isolation=["x"]),
        lambda header, _: header.update(versions={"a": 1}),
    ],
)
def test_a_header_of_wrong_types_is_refused(tmp_path: Path, change: Callable[..., None]) -> None:
    assert refused(rewritten(tmp_path, change)) == "review_file.damaged"


def test_a_newer_review_is_refused_with_its_version(tmp_path: Path) -> None:
    assert refused(rewritten(tmp_path, lambda header, _: header.update(schema="assayer.review/3"))) == (
        "review_file.newer"
    )


def test_another_file_is_no_review(tmp_path: Path) -> None:
    assert refused(rewritten(tmp_path, lambda header, _: header.update(schema="assayer.fingerprint/1"))) == (
        "review_file.not_a_review"
    )
    (tmp_path / "text.assay").write_text("a review")
    assert refused(tmp_path / "text.assay") == "review_file.not_a_review"
    with h5py.File(tmp_path / "weights.assay", "w") as file:
        file["layer/kernel"] = np.zeros(3)
    assert refused(tmp_path / "weights.assay") == "review_file.not_a_review"
    assert refused(tmp_path / "none.assay") == "checkpoint.missing"
    assert refused(tmp_path) == "checkpoint.is_folder"


def planted(path: Path, plant: Callable[[h5py.File, bytes], None]) -> None:
    text = json.dumps({"schema": "assayer.review/1", "arrays": {}, "seal": 0, "inputs": []}).encode()
    with h5py.File(path, "w") as file:
        plant(file, text)
        file["header_sha256"] = np.frombuffer(hashlib.sha256(text).digest(), np.uint8)


def _plain(file: h5py.File, text: bytes) -> None:
    file["header"] = np.frombuffer(text, np.uint8)


def _soft(file: h5py.File, text: bytes) -> None:
    file["elsewhere"] = np.frombuffer(text, np.uint8)
    file["header"] = h5py.SoftLink("/elsewhere")


def _external_link(file: h5py.File, text: bytes) -> None:
    with h5py.File(Path(file.filename).with_name("other.h5"), "w") as other:
        other["header"] = np.frombuffer(text, np.uint8)
    file["header"] = h5py.ExternalLink("other.h5", "/header")


def _virtual(file: h5py.File, text: bytes) -> None:
    file["elsewhere"] = np.frombuffer(text, np.uint8)
    layout = h5py.VirtualLayout((len(text),), np.uint8)
    layout[:] = h5py.VirtualSource(file["elsewhere"])
    file.create_virtual_dataset("header", layout)


def _external_storage(file: h5py.File, text: bytes) -> None:
    outside = Path(file.filename).with_name("outside.bin")
    outside.write_bytes(text)
    file.create_dataset("header", (len(text),), np.uint8, external=[(str(outside), 0, len(text))])


def _text(file: h5py.File, text: bytes) -> None:
    file["header"] = text.decode()


def _group(file: h5py.File, _: bytes) -> None:
    file.create_group("header")


def _filtered(file: h5py.File, text: bytes) -> None:
    file.create_dataset("header", data=np.frombuffer(text, np.uint8), compression="lzf")


@pytest.mark.parametrize(
    "plant",
    [_soft, _external_link, _virtual, _external_storage, _text, _group, _filtered],
    ids=lambda plant: plant.__name__,
)
def test_a_header_that_lies_elsewhere_is_refused(tmp_path: Path, plant: Callable[[h5py.File, bytes], None]) -> None:
    planted(tmp_path / "plain.assay", _plain)
    assert open_review(tmp_path / "plain.assay").comparison is None  # this way of planting is understood
    planted(tmp_path / "a.assay", plant)
    assert refused(tmp_path / "a.assay") in ("review_file.not_a_review", "review_file.damaged")


@pytest.mark.parametrize(
    "row",
    [
        ["float64", [1 << 40], 0, "0" * 64],
        ["float64", [4], 1 << 40, "0" * 64],
        ["float64", [-1], 0, "0" * 64],
        ["object", [1], 0, "0" * 64],
        ["float64", [1] * 40, 0, "0" * 64],
        ["float64", [1]],
        7,
    ],
)
def test_places_outside_the_file_are_damage(tmp_path: Path, row: Any) -> None:
    text = json.dumps({"schema": "assayer.review/1", "arrays": {"results": row}, "seal": 1 << 60, "inputs": []})
    with h5py.File(tmp_path / "a.assay", "w") as file:
        file["header"] = np.frombuffer(text.encode(), np.uint8)
        file["header_sha256"] = np.frombuffer(hashlib.sha256(text.encode()).digest(), np.uint8)
    found = open_review(tmp_path / "a.assay")
    assert found.comparison is None
    assert found.partial


def test_a_path_of_another_machine_leads_nowhere(tmp_path: Path) -> None:
    for path in ("//host/share/model", "\\\\host\\share", "/\\host\\share", "a\0b", ""):
        assert resolved_path(path, tmp_path) == ""
    assert resolved_path("../a", tmp_path / "b") == str(tmp_path / "a")
