"""Reader of Keras 3 archives (`.keras`): settings as text, and the one HDF5 file of weights, read where it lies.

Nothing of config.json is run or imported; what it names that is not Keras' own is warned of. Lambda layers hold
code, which no reader of weights needs. Layout: keras/src/saving/saving_lib.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from inspector.checkpoint.hdf5 import read_hdf5
from inspector.checkpoint.hdf5_superblock import SIGNATURE
from inspector.checkpoint.naming import listed
from inspector.checkpoint.source import SourceFile
from inspector.checkpoint.storage import Part
from inspector.checkpoint.strict_json import load_object
from inspector.checkpoint.zip_directory import Member
from inspector.checkpoint.zip_members import Archive, MemberFile
from inspector.errors import InputError, Note, Parameter

WEIGHTS = ("model.weights.h5", "model.weights.npz", "model.weights.json")
SETTINGS = ("config.json", "metadata.json")
MAX_SETTINGS = 32 << 20
_ASSETS = "assets/"
_LISTED = 6
_CODE = ("Lambda", "__lambda__")


def is_keras_archive(members: Mapping[str, Member]) -> bool:
    """Say whether an archive's members are those of a Keras 3 model."""
    return any(name in members for name in WEIGHTS) or all(name in members for name in SETTINGS)


def read_keras(file: SourceFile, members: Mapping[str, Member]) -> Part:
    """Read the settings and the headers of the weights of an opened archive with these members.

    Raises:
        InputError: no or several files of weights, settings too large, or the weights are as `read_hdf5` refuses
            them; names the archive or the member.
    """
    archive = Archive(file)
    weights = [name for name in members if name in WEIGHTS or name.endswith(".weights.h5")]
    if not weights:
        raise InputError("checkpoint.keras_no_weights", file=file.name)
    if len(weights) > 1:
        raise InputError("checkpoint.keras_weights", file=file.name, first=weights[0], second=weights[1])
    notes: list[Note] = []
    config, metadata = (_settings(archive, members.get(name), notes) for name in SETTINGS)
    foreign = _foreign(config)
    if foreign:
        params: dict[str, Parameter] = {"names": listed(foreign, _LISTED), "count": len(foreign)}
        notes.append(Note("checkpoint.keras_code", params, file.name))
    inner = MemberFile(archive, members[weights[0]])
    if not inner.size or inner.read(0, min(len(SIGNATURE), inner.size)) != SIGNATURE:
        raise InputError("checkpoint.hdf5_damaged", file=inner.name)
    inner.verify_small()
    part = read_hdf5(inner)
    inner.settle()
    known = {*SETTINGS, *weights}
    extra = [name for name in members if name not in known and not name.startswith(_ASSETS)]
    if extra:
        notes.append(Note("checkpoint.extra_member", {"record": extra[0], "count": len(extra)}, file.name))
    texts = {key: value for key, value in metadata.items() if isinstance(value, str)}
    return Part("keras", part.tensors, texts, part.not_comparable, (*notes, *part.warnings))


def _settings(archive: Archive, member: Member | None, notes: list[Note]) -> dict[str, Any]:
    """Read one member of settings; only its size can be wrong, all else is a warning, as it only hints."""
    if member is None:
        return {}
    if member.nbytes > MAX_SETTINGS:
        name = f"{archive.file.name}/{member.name}"
        raise InputError("checkpoint.config_too_large", file=name, size=member.nbytes, limit=MAX_SETTINGS)
    inner = MemberFile(archive, member)
    inner.settle()  # all of it is read, and so verified
    try:
        return load_object(inner.read(0, inner.size).lstrip(), inner.name)
    except InputError:
        notes.append(Note("checkpoint.bad_config", {}, inner.name))
        return {}


def _foreign(config: dict[str, Any]) -> list[str]:
    """Return what the settings name that Keras does not have, in the order in which it comes."""
    found: dict[str, None] = {}
    pending: list[Any] = [config]
    while pending:
        value = pending.pop()
        if isinstance(value, dict):
            name = _foreign_name(value)
            if name:
                found.setdefault(name)
            pending += reversed(value.values())
        elif isinstance(value, list):
            pending += reversed(value)
    return list(found)


def _foreign_name(value: dict[str, Any]) -> str:
    """Return the name of the code that one object of the settings asks for, "" where it is Keras' own."""
    kind, module, registered = (value.get(key) for key in ("class_name", "module", "registered_name"))
    if not isinstance(kind, str):
        return ""
    if kind in _CODE:
        return kind
    if isinstance(registered, str) and ">" in registered:
        return registered
    if isinstance(module, str) and module.split(".")[0] != "keras":
        named = value.get("config")
        return f"{module}.{named if kind == 'function' and isinstance(named, str) else kind}"
    return ""
