"""Every hostile input of the corpus: the right outcome, a sentence that names the file, nothing executed."""

from __future__ import annotations

import os
import time
from pathlib import Path

import numpy as np
import pytest

from inspector.checkpoint import open_checkpoint
from inspector.errors import InputError, shown, worded
from tests.data import bad_inputs
from tests.inspector.checkpoint.conftest import FORMATS, expected

CASES = [
    case["id"]
    for case in bad_inputs.CASES
    if case["format"] in FORMATS and not case["big"] and (os.name == "posix" or not case["posix"])
]
# Their warning depends on values, which the comparison judges; opening reads headers only.
JUDGED_BY_VALUE = {"st_all_nan", "st_inf", "st_all_zero", "pt_bool_nonbinary"}
SHARD_IS_MISSING = {"idx_missing_shard", "idx_shard_case"}
# What the sentence must say; one word of each cause.
WORDS = {
    "st_empty_file": "empty",
    "st_hdrlen_u64max": "limit",
    "st_hdrlen_past_eof": "past the end",
    "st_header_utf8_bad": "UTF-8",
    "st_dup_key": "duplicate",
    "st_overlap_1e4": "overlap",
    "st_truncated": "truncated",
    "st_shape_wrap_to_4": "overflows",
    "st_size_mismatch": "does not match shape",
    "st_deep_json": "nests too deeply",
    "st_lfs_pointer": "LFS",
    "st_is_really_gguf": "GGUF",
    "st_gzip": "gzip",
    "fs_fifo": "not a regular file",
    "fs_directory": "directory",
    "fs_symlink_out": "link",
    "idx_traversal": "leaves the folder",
    "idx_absolute": "absolute",
    "idx_missing_shard": "s2.safetensors",
    "idx_tensor_not_in_shard": "tensor b",
    "idx_dup_key": "duplicate",
    "h5_external_link": "external link",
    "h5_external_link_fifo": "external link",
    "h5_external_storage": "external storage",
    "h5_vds": "virtual dataset",
    "h5_soft_link_loop": "soft links",
    "h5_soft_link_dangling": "soft links",
    "h5_hardlink_cycle": "contains itself",
    "h5_hardlink_dag": "already read",
    "h5_shape_bomb": "no data stored",
    "h5_one_huge_chunk": "larger than",
    "h5_chunk_garbage": "corrupt",
    "h5_fletcher_bad": "checksum",
    "h5_missing_chunks": "1 of the dataset's 2 chunks are missing",
    "h5_fill_only": "no data stored",
    "h5_null_and_scalar": "no values",
    "h5_odd_dtypes": "compound",
    "h5_truncated": "truncated",
    "h5_eof_lie": "truncated",
    "h5_signature_only": "truncated",
    "h5_superblock_version": "not a valid HDF5 file",
    "h5_offset_size_0": "not a valid HDF5 file",
    "h5_userblock_junk": "data before the HDF5 signature",
    "h5_heap_size_lie": "text",
    "h5_swmr_flag": "not closed properly",
    "npy_pickle_exec": "pickle",
    "npy_is_pickle": "pickle",
    "npy_shape_bomb": "truncated",
    "npy_shape_bomb_1g5": "truncated",
    "npy_shape_overflow": "overflows",
    "npy_shape_negative": "negative",
    "npy_header_code": "header is invalid",
    "npy_header_deep": "header is invalid",
    "npy_header_dup_key": "'shape' is declared twice (duplicate)",
    "npy_version_9": "unsupported version 9.0",
    "npy_trailing": "16 bytes that belong to no tensor",
    "npy_structured": "structured",
    "npy_void": "untyped bytes",
    "npy_datetime_str": "text",
    "npy_itemsize_bomb": "truncated",
    "npz_bomb": "expands",
    "npz_overlap_bomb": "overlap",
    "npz_pickle_exec": "pickle",
    "npz_dup_member": "duplicate",
    "npz_name_collision": "read as 'a'",
    "npz_traversal": "unusual names",
    "npz_bad_crc": "checksum",
    "npz_encrypted_flag": "encrypted",
    "npz_non_npy": "not arrays",
    "npz_empty": "no tensors",
    "keras_bomb": "expands",
    "keras_config_bomb": "too large",
    "keras_no_weights": "no weights in the archive",
    "keras_npz_and_h5": "two weight files",
    "keras_inner_extlink": "external link",
    "keras_inner_shape_bomb": "no data stored",
    "keras_dup_weights": "duplicate",
    "pt_exec_zip": "builtins.open",
    "pt_exec_proto4": "builtins.open",
    "pt_exec_broken_tail": "builtins.open",
    "pt_exec_ext_opcode": "opcode",
    "pt_tar_exec": "tar",
    "pt_torchscript": "TorchScript",
    "pt_bytearray_bomb": "builtins.bytearray",
    "pt_unknown_class": "my.pkg.Model",
    "pt_zip_dup_member": "duplicate",
    "pt_zip_bad_crc": "checksum",
    "pt_zip_name_mismatch": "headers disagree",
    "pt_view_oob": "past its storage",
    "pt_odict_shadow_items": "hides its content",
    "pt_sparse_csr_invalid": "sparse",
    "gguf_empty": "empty",
    "gguf_bad_magic": "not a GGUF file",
    "gguf_version_1": "unsupported version 1",
    "gguf_nkv_max": "key count",
    "gguf_ntensors_max": "tensor count",
    "gguf_ntensors_1e9": "tensor count",
    "gguf_key_len_max": "past the end",
    "gguf_array_str_huge": "past the end",
    "gguf_array_nested": "nests too deeply",
    "gguf_kv_empty_key": "empty key",
    "gguf_bool_7": "non-canonical bool",
    "gguf_dup_key": "duplicate key 'a'",
    "gguf_dup_tensor": "duplicate tensor",
    "gguf_ndims_huge": "too many dimensions",
    "gguf_dims_wrap_zero": "shape overflows",
    "gguf_type_999": "unknown tensor type 999",
    "gguf_block_misfit": "not a whole number of blocks",
    "gguf_offset_past_eof": "past the end",
    "gguf_offset_u64max": "past the end",
    "gguf_offset_into_header": "past the end",
    "gguf_offset_overlap": "overlap",
    "gguf_align_zero": "invalid alignment",
    "gguf_align_2e31": "past the end",
    "gguf_align_type": "invalid alignment",
    "gguf_truncated_data": "truncated",
    "gguf_trailing": "belong to no tensor",
    "gguf_name_non_utf8": "name is not UTF-8",
    "gguf_name_long": "name too long",
    "gguf_name_html": "unusual tensor name",
    "gguf_split_missing": "2 of 3 parts missing",
    "onnx_ext_traversal": "leaves the folder",
    "onnx_ext_dotdot_inside": "leaves the folder",
    "onnx_ext_symlink": "link",
    "onnx_ext_symlink_dir": "link",
    "onnx_ext_hardlink": "hard links",
    "onnx_ext_missing": "missing external data",
    "onnx_ext_empty_location": "no location",
    "onnx_ext_dir": "not a file",
    "onnx_ext_fifo": "not a regular file",
    "onnx_ext_self": "external data points at the model file",
    "onnx_ext_offset_past": "past the end",
    "onnx_ext_length_huge": "past the end",
    "onnx_ext_negative": "negative offset",
    "onnx_ext_nan_offset": "not a number",
    "onnx_ext_length_short": "does not match shape",
    "onnx_ext_no_length": "does not match shape",
    "onnx_ext_unknown_key": "unknown external data entry",
    "onnx_ext_checksum_wrong": "checksum mismatch",
    "onnx_ext_overlap": "share bytes",
    "onnx_dims_huge": "does not match shape",
    "onnx_dims_huge_no_data": "tensor has no data",
    "onnx_dtype_99": "unknown data type 99",
    "onnx_dtype_0": "unknown data type 0",
    "onnx_raw_and_float": "two sets of values",
    "onnx_raw_twice": "field is given twice",
    "onnx_dup_init": "duplicate initialiser",
    "onnx_empty_names": "initialiser without a name",
    "onnx_truncated": "truncated",
    "onnx_text": "not an ONNX file",
    "onnx_len_2g": "truncated",
    "onnx_len_u64": "corrupt",
    "onnx_constant_node": "weights in Constant nodes",
    "onnx_subgraph_weights": "weights lie in subgraphs",
    "onnx_sparse_init": "sparse initialiser",
    "onnx_string_tensor": "string tensor",
    "onnx_name_bad_utf8": "name is not UTF-8",
}


@pytest.mark.parametrize("case", CASES)
def test_outcome(corpus: Path, case: str) -> None:
    row = expected(corpus, case)
    if not row:
        pytest.skip("this file system cannot hold the case")
    started = time.monotonic()
    error: InputError | None = None
    try:
        with open_checkpoint(corpus / row["open"]) as checkpoint:
            sentences = [worded(note) for note in checkpoint.warnings]
            outcome = "warn" if sentences else "ok"
            for name, stored in checkpoint.tensors.items():
                values = checkpoint.read_flat(name, 0, min(stored.elements, 1 << 16))
                assert np.float32(bad_inputs.CANARY_FLOAT).tobytes() not in values.tobytes()
    except InputError as caught:
        error = caught
        outcome = "error"
        sentences = [worded(error.note), worded(error.note, "ko")]
    assert time.monotonic() - started < 10
    if error is not None:
        named = {Path(row["open"]).name, *(path.name for path in (corpus / "cases" / case).rglob("*"))}
        assert not named.isdisjoint(error.note.file.split("/")) or case in SHARD_IS_MISSING
        assert shown(error.note.file) in sentences[0]
    assert outcome in row["expect"] or (outcome == "ok" and case in JUDGED_BY_VALUE)
    assert WORDS.get(case, "") in " ".join(sentences)
    assert not any("CANARY" in sentence or "\n" in sentence for sentence in sentences)
    assert list((corpus / "markers").iterdir()) == []


def test_words_are_of_real_cases() -> None:
    assert set(WORDS) | JUDGED_BY_VALUE <= {case["id"] for case in bad_inputs.CASES}


@pytest.mark.parametrize(
    ("case", "rows"),
    [
        ("pt_transposed", [[1, 4], [2, 5], [3, 6]]),
        ("pt_stride0_small", [[1, 1], [1, 1]]),
        ("pt_overlapping_window", [[1, 2], [2, 3], [3, 4]]),
    ],
)
def test_views_give_logical_values(corpus: Path, case: str, rows: list[list[float]]) -> None:
    with open_checkpoint(corpus / expected(corpus, case)["open"]) as checkpoint:
        assert checkpoint.read_rows("w", 0, len(rows)).tolist() == rows
