"""Which messages are safety findings, and how grave: a property of the message, for whoever shows it.

A danger is code, or a way out of what was opened, that a file asks for; nothing of it was run or followed. A notice is
content that two readers may see differently, that was not judged, or that claims to be what it is not.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from inspector.errors import Note

Severity = Literal["danger", "notice"]
SEVERITIES: tuple[Severity, ...] = ("danger", "notice")

# Codes of the area "checkpoint", warnings and refusals alike: with a refusal nothing was opened.
_DANGER = frozenset({
    "hdf5_external_link", "hdf5_external_storage", "hdf5_several_files", "hdf5_virtual", "hooks", "keras_code", "link",
    "links_outside", "npy_objects", "onnx_itself", "onnx_outside", "pickle_hides", "pickle_refused", "shadowing_code",
    "shard_absolute", "shard_outside", "special_files", "torchscript", "unread_pickle",
})  # fmt: skip
_NOTICE = frozenset({
    "also_zip", "case_collision", "changed", "code_files", "custom_code", "extra_member", "file_case_collision",
    "folders_left", "form_collision", "format_mismatch", "gguf_gaps", "gguf_renamed", "gguf_truth", "hard_link",
    "hdf5_not_closed", "hdf5_soft_links", "hdf5_user_block", "in_two_files", "json_duplicate", "links_not_followed",
    "lookalike_name", "no_checksums", "not_regular", "npz_not_array", "onnx_unknown_entry", "other_keys",
    "parts_left_out", "pickle_names", "repeated_elements", "self_reference", "several_checkpoints", "sparse_file",
    "total_size", "trailing_bytes", "training_left_out", "twins_differ", "twins_other_names", "twins_partly",
    "twins_unread", "undeclared_bytes", "unlisted_shard", "unlisted_tensor", "unusual_file_name", "unusual_name",
    "zip_behind", "zip_case", "zip_cut", "zip_disagrees", "zip_duplicate", "zip_member_name", "zip_prefix",
    "zip_training_state", "zip_unread",
})  # fmt: skip


def severity(note: Note) -> Severity | None:
    """Return how grave a safety finding is, None where the message is none.

    >>> severity(Note("checkpoint.keras_code")), severity(Note("checkpoint.big_endian"))
    ('danger', None)
    """
    area, _, what = note.code.partition(".")
    if area != "checkpoint":
        return None
    return "danger" if what in _DANGER else "notice" if what in _NOTICE else None


def safety_findings(notes: Iterable[Note]) -> tuple[Note, ...]:
    """Return the safety findings among messages, each once, dangers first, otherwise in their order."""
    found: dict[tuple[object, ...], Note] = {}
    for note in notes:
        if severity(note) is not None:
            found.setdefault((note.code, tuple(sorted(note.params.items())), note.file, note.tensor), note)
    return tuple(sorted(found.values(), key=lambda note: severity(note) != "danger"))
