"""What a checkpoint's files and settings show without a tensor being read: code of its own, names, sizes, formats.

Each is a warning: nothing here is run. `folder_risks` looks at what lies beside them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from inspector.checkpoint.naming import is_unusual
from inspector.checkpoint.source import SourceFile
from inspector.checkpoint.storage import Part
from inspector.errors import Note

# What the end of a file's name promises, by the format that its content has ("" ends promise nothing).
_PROMISED = {
    "safetensors": (".safetensors",),
    "pytorch": (".pt", ".pth", ".th", ".bin", ".ckpt", ".pkl"),
    "hdf5": (".h5", ".hdf5"),
    "keras": (".keras",),
    "gguf": (".gguf",),
    "onnx": (".onnx",),
    "numpy": (".npy", ".npz"),
}
_ALIKE = {"keras": "hdf5", "hdf5": "keras"}  # Keras weights are HDF5, and may lie in either
_SPARSE_FROM = 1 << 20  # bytes; smaller files have too few blocks to judge by
_MAX_AUTO_CLASSES = 8


def file_notes(parts: Sequence[tuple[SourceFile, Part]], files: Iterable[SourceFile]) -> list[Note]:
    """Return the warnings about the opened files: odd names, hard links, holes, a content that the name denies."""
    notes = [Note("checkpoint.unusual_file_name", {}, file.name) for file in files if is_unusual(file.name)]
    for file in dict.fromkeys(file.outermost for file in files):
        if file.links > 1:
            notes.append(Note("checkpoint.hard_link", {}, file.name))
        stored = file.stored_bytes()
        if file.size >= _SPARSE_FROM and stored < file.size // 2:
            notes.append(Note("checkpoint.sparse_file", {"declared": file.size, "stored": stored}, file.name))
    notes += [note for file, part in parts if (note := _mismatch(file, part.format)) is not None]
    return notes


def custom_code(config: Mapping[str, Any]) -> list[Note]:
    """Return the warning that a config.json names Python code of its own (`auto_map` of transformers)."""
    named = config.get("auto_map")
    if not named:
        return []
    values = list(named.values()) if isinstance(named, dict) else [named]
    texts = [text for value in values for text in (value if isinstance(value, list) else [value])]
    names = ", ".join(str(text) for text in texts[:_MAX_AUTO_CLASSES] if isinstance(text, str))
    return [Note("checkpoint.custom_code", {"count": len(texts), "names": names}, "config.json")]


def _mismatch(file: SourceFile, content: str) -> Note | None:
    """Return the warning that a file's name promises another format than its content has."""
    suffix = "." + file.name.lower().rpartition(".")[2]
    promised = next((kind for kind, ends in _PROMISED.items() if suffix in ends), content)
    if content not in _PROMISED or promised in (content, _ALIKE.get(content)):
        return None
    return Note("checkpoint.format_mismatch", {"suffix": suffix, "content": content}, file.name)
