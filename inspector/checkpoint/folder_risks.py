"""What lies in a dropped folder beside the checkpoint and could mislead or harm whoever works with it.

Only names and inodes are looked at: nothing is opened, followed or run.
"""

from __future__ import annotations

import stat

from inspector.checkpoint.selection import weight_files
from inspector.checkpoint.source import Folder, relative_chain
from inspector.errors import InputError, Note

_MAX_FOLDERS = 200
_PYTHON = (".py", ".pyc", ".pyd", ".so")
_CODE = (*_PYTHON, ".dll", ".dylib", ".sh", ".bat", ".ps1")
# Libraries that a program which handles checkpoints imports: a file of that name in its folder comes first.
_LIBRARIES = frozenset({
    "accelerate", "codecs", "ctypes", "gguf", "h5py", "huggingface_hub", "importlib", "joblib", "json", "keras",
    "ml_dtypes", "numpy", "onnx", "onnxruntime", "os", "pathlib", "peft", "pickle", "re", "safetensors", "scipy",
    "sitecustomize", "struct", "sys", "tensorflow", "tokenizers", "torch", "torchaudio", "torchvision", "transformers",
    "typing", "usercustomize", "zipfile",
})  # fmt: skip


def folder_risks(folder: Folder, prefix: str, chosen: str) -> list[Note]:
    """Return a warning a kind of risky entry, each with the first such name and how many there are.

    Args:
        folder: the folder that was chosen. prefix: of its names in messages, "" or "sub/".
        chosen: the sub-folder that holds the checkpoint, or "".

    Raises:
        InputError: the folder cannot be listed.
    """
    names = folder.names()
    kinds = {name: _kind(folder, name) for name in names}
    links = [name for name in names if kinds[name] == "link"]
    code = [name for name in names if name.lower().endswith(_CODE) and kinds[name] != "link"]
    beside = (("checkpoint.links_not_followed", links), ("checkpoint.code_files", code))
    folders = [name for name in names if kinds[name] == "folder" and name != chosen][:_MAX_FOLDERS]
    packages = {name for name in folders if name in _LIBRARIES and _has(folder, name, code=True)}
    found = {
        "checkpoint.links_outside": [name for name in names if kinds[name] == "outside"],
        "checkpoint.special_files": [name for name in names if kinds[name] == "special"],
        "checkpoint.shadowing_code": [name for name in names if name in packages or _shadows(name, kinds[name])],
        "checkpoint.folders_left": [name for name in folders if _has(folder, name, code=False)],
    }
    notes = [Note(code, {"count": len(which), "name": which[0]}) for code, which in beside if which]
    notes += [Note(code, {"count": len(which)}, prefix + which[0]) for code, which in found.items() if which]
    return [*notes, *_collisions(names, prefix)]


def _kind(folder: Folder, name: str) -> str:
    """Return "file", "folder", "link", "outside" (a link that leads out of the folder), "special" or ""."""
    try:
        mode = folder.status(name).st_mode
        if stat.S_ISLNK(mode):
            return "link" if relative_chain(folder.link_target(name)) else "outside"
    except OSError:
        return ""
    return "file" if stat.S_ISREG(mode) else "folder" if stat.S_ISDIR(mode) else "special"


def _has(folder: Folder, name: str, *, code: bool) -> bool:
    """Say whether a sub-folder directly holds Python code, or weight files."""
    try:
        inner = folder.enter(name)
    except InputError:
        return False
    try:
        return any(file.lower().endswith(_PYTHON) for file in inner.files()) if code else bool(weight_files(inner))
    except InputError:
        return False
    finally:
        inner.close()


def _shadows(name: str, kind: str) -> bool:
    """Say whether a file, or a link to one, is a module with the name of a library."""
    stem, _, rest = name.partition(".")
    return stem in _LIBRARIES and kind not in ("folder", "") and f".{rest}".lower().endswith(_PYTHON)


def _collisions(names: list[str], prefix: str) -> list[Note]:
    first: dict[str, str] = {}
    pairs = [(twin, name) for name in names if (twin := first.setdefault(name.casefold(), name)) != name]
    if not pairs:
        return []
    return [Note("checkpoint.file_case_collision", {"other": pairs[0][0], "count": len(pairs)}, prefix + pairs[0][1])]
