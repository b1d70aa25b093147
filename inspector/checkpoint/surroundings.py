"""What a checkpoint's files and folder show without a tensor being read: code beside it, links, names, sizes.

Each is a warning: nothing here is run or followed.
"""

from __future__ import annotations

import stat
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from inspector.checkpoint.naming import is_unusual
from inspector.checkpoint.source import Folder, SourceFile, relative_chain
from inspector.checkpoint.storage import Part
from inspector.checkpoint.zip_members import MemberFolder
from inspector.errors import InputError, Note

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
_CODE = (".py", ".pyc", ".pyd", ".so", ".dll", ".dylib", ".sh", ".bat", ".ps1")
_SPARSE_FROM = 1 << 20  # bytes; smaller files have too few blocks to judge by
_MAX_AUTO_CLASSES = 8


def folder_notes(folder: Folder) -> list[Note]:
    """Return the warnings about links and code files that lie in a folder on disk."""
    if isinstance(folder, MemberFolder):
        return []
    try:
        names = folder.names()
    except InputError:
        return []
    links = [name for name in names if _is_link(folder, name)]
    code = [name for name in names if name.lower().endswith(_CODE) and name not in links]
    notes = []
    if links:
        notes.append(Note("checkpoint.links_not_followed", {"count": len(links), "name": links[0]}))
    if code:
        notes.append(Note("checkpoint.code_files", {"count": len(code), "name": code[0]}))
    return notes


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


def _is_link(folder: Folder, name: str) -> bool:
    """Say whether an entry is a link that stays in the folder; `folder_risks` tells of the others."""
    try:
        return stat.S_ISLNK(folder.status(name).st_mode) and relative_chain(folder.link_target(name))
    except OSError:
        return False


def _mismatch(file: SourceFile, content: str) -> Note | None:
    """Return the warning that a file's name promises another format than its content has."""
    suffix = "." + file.name.lower().rpartition(".")[2]
    promised = next((kind for kind, ends in _PROMISED.items() if suffix in ends), content)
    if content not in _PROMISED or promised in (content, _ALIKE.get(content)):
        return None
    return Note("checkpoint.format_mismatch", {"suffix": suffix, "content": content}, file.name)
