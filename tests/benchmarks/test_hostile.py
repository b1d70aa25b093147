"""A cut of the corpus through the command line, and that the judge sees what may not be."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from benchmarks.hostile import command_line
from benchmarks.hostile.judging import Seen, Touched, judged
from tests.data import bad_inputs

CUT = {
    "st_dup_key",
    "st_inf",
    "fs_fifo",
    "fs_symlink_out",
    "fs_odd_names",
    "idx_traversal",
    "pt_exec_zip",
    "pt_surrogate_name",
    "h5_external_link",
    "h5_chunk_garbage",
    "keras_inner_extlink",
    "gguf_array_nested",
    "onnx_names",
    "npz_overlap_bomb",
}

pytestmark = pytest.mark.skipif(os.name != "posix", reason="each case runs in a fork")


def test_a_cut_of_the_corpus_is_as_expected_through_the_command_line(tmp_path: Path) -> None:
    cases, _ = bad_inputs.build(tmp_path, CUT)
    rows = list(command_line.run_cases(tmp_path, cases, sandbox=True))
    assert {row.case["id"] for row in rows} == CUT
    assert [(row.case["id"], row.reasons) for row in rows if row.reasons] == []


def test_the_judge_sees_what_may_not_be(tmp_path: Path) -> None:
    (case,), _ = bad_inputs.build(tmp_path, {"st_dup_key"})
    name = "model.safetensors: a sentence"
    good = Seen("error", (name,), name, (), 0.1, 0)
    assert judged(tmp_path, case, good).reasons == ()
    for worse in (
        Seen("ok", (), "", (), 0.1, 0),
        Seen("killed by signal 11", (), "", (), 0.1, 0),
        Seen("error", ("a sentence",), "", (), 0.1, 0),
        Seen("error", (name, name), "", (), 0.1, 0),
        Seen("error", (name + "\u202e",), "", (), 0.1, 0),
        Seen("error", (name,), name + "Traceback", (), 0.1, 0),
        Seen("error", (name,), bad_inputs.CANARY_TEXT.decode(), (), 0.1, 0),
        Seen("error", (name,), str(bad_inputs.CANARY_FLOAT), (), 0.1, 0),
        Seen("error", (name,), name, ("written",), 0.1, 0),
        Seen("error", (name,), name, (), 11.0, 0),
        Seen("error", (name,), name, (), 0.1, 2 << 30),
    ):
        assert len(judged(tmp_path, case, worse).reasons) == 1


def test_what_was_written_run_or_read_is_found(tmp_path: Path) -> None:
    bad_inputs.build(tmp_path, {"st_dup_key"})
    touched = Touched(tmp_path)
    assert touched.faults() == []
    (tmp_path / "markers" / "x.executed").touch()
    (tmp_path / "cases" / "st_dup_key" / "new").touch()
    assert sorted(fault.split(":")[0] for fault in touched.faults()) == ["code ran", "written", "written", "written"]
    (tmp_path / "canary" / "secret.bin").read_bytes()
    assert bool(touched.faults()) is touched.watches_reads
    assert touched.faults() == []


@pytest.mark.parametrize(
    ("work", "outcome"),
    [
        (lambda: os.kill(os.getpid(), 9), "killed by signal 9"),
        (lambda: os._exit(3), "error"),
        (lambda: 1 / 0, "exit code 1"),
    ],
)
def test_every_end_of_a_process_is_told_apart(work: object, outcome: str) -> None:
    status, _, memory = command_line.forked(work)  # type: ignore[arg-type]
    assert command_line._understood(status, "", "")[0] == outcome
    assert memory > 0
