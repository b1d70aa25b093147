"""Which files of a dropped folder are the checkpoint: an index, else all shards of a set, else one file.

What is left out is named in a warning; nothing is chosen silently.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field, replace

from inspector.checkpoint.distributed import OPTIMIZER, refuse_pieces
from inspector.checkpoint.naming import natural_key
from inspector.checkpoint.sharded import MAX_SHARDS
from inspector.checkpoint.sniff import sniff
from inspector.checkpoint.source import Folder
from inspector.checkpoint.unread import refuse_folder
from inspector.errors import InputError, Note

_TORCH = (".bin", ".pt", ".pth", ".th", ".ckpt", ".dict")
_HDF5 = (".h5", ".hdf5")
_NUMPY = (".npz", ".npy")
_ARCHIVES = (".keras", ".zip")
_UNREAD = (".tflite", ".msgpack", ".pkl", ".pb", ".index", ".mlmodel", ".pdparams", ".flax")  # see `unread`
_WEIGHTS = (".safetensors", *_TORCH, *_HDF5, ".gguf", ".onnx", *_NUMPY, *_ARCHIVES, *_UNREAD)
# Files of a training run that torch.save writes beside the model.
_TRAINING = re.compile(
    r"(.*\.)?(training_args|optim|scheduler|scaler|rng_state|random_states|trainer_state)|.*_optimizer\.", re.IGNORECASE
)
_SHARD = re.compile(r"(?P<stem>.*?)-?(?P<number>\d{5})-of-(?P<total>\d{5})(?P<suffix>\.\w+)")
_USUAL = (
    "model.safetensors",
    "pytorch_model.bin",
    "consolidated.safetensors",
    "consolidated.00.pth",
    "model.pt",
    "tf_model.h5",
)
# Files that hold a whole model by their name, whatever pieces lie beside them.
_WHOLE = ("pytorch_model.bin", "model.pt")
_MAX_FOLDERS = 200
_MAX_TWINS = 3


@dataclass(frozen=True, slots=True)
class Choice:
    """What to read.

    Attributes:
        index: name of an index, or "". files: files to read where there is no index.
        if_disjoint: read all `files` as one only when no tensor name repeats, else the first alone.
        others: further checkpoint files in the folder. subfolder: the folder they lie in, or "".
        twins: of the others, the files of what may be the same model in each other format.
    """

    files: tuple[str, ...]
    index: str = ""
    if_disjoint: bool = False
    others: tuple[str, ...] = ()
    subfolder: str = ""
    twins: tuple[tuple[str, ...], ...] = ()


# Which format of several in a folder is judged.
_PREFERRED = ("safetensors", "torch", "hdf5", "gguf", "onnx", "archives", "numpy")


@dataclass(slots=True)
class _Found:
    """The weight files of one folder by what their leading bytes say, in the order of preference."""

    of: dict[str, list[str]] = field(default_factory=lambda: {kind: [] for kind in _PREFERRED})
    training: list[str] = field(default_factory=list)
    refused: dict[str, InputError] = field(default_factory=dict)


def choose(folder: Folder, label: str, *, enter: bool = True) -> Choice:
    """Choose the checkpoint of a folder (`label` is its name in messages).

    Raises:
        InputError: there is none, a shard is missing or unreadable, or several sub-folders have one.
    """
    names = sorted(folder.names(), key=natural_key)
    indexes = [name for name in names if name.endswith((".safetensors.index.json", ".bin.index.json"))]
    if indexes:
        indexes.sort(key=lambda name: ("safetensors" not in name, name != "model.safetensors.index.json"))
        others = (*indexes[1:], *_beside_index(names, indexes[0]))
        return Choice((), indexes[0], others=others, twins=tuple((name,) for name in others[:_MAX_TWINS]))
    found = _look(folder, names)
    good = next((names for names in found.of.values() if names), [])
    if good is found.of["archives"]:
        good = good[:1]  # each is a folder of its own
    if not good or (good is found.of["torch"] and set(_WHOLE).isdisjoint(good)):
        refuse_pieces(good or names, label)
    if not good:
        refuse_folder(label, names)
        if found.refused:
            raise next(iter(found.refused.values()))
        if enter:
            return _from_subfolder(folder, label)
        raise InputError("checkpoint.no_checkpoint", file=label)
    formats = [names for names in found.of.values() if names and good[0] not in names]
    later = [name for names in found.of.values() for name in names if name not in good]
    rest = [*later, *found.training, *found.refused]
    files, if_disjoint = _one_checkpoint(good, found.refused)
    left = [name for name in good if name not in set(files)]
    twins = tuple(twin for names in formats[:_MAX_TWINS] if (twin := _twin(names, found.refused)))
    return Choice(files, if_disjoint=if_disjoint, others=(*left, *rest), twins=twins)


def _beside_index(names: list[str], index: str) -> list[str]:
    """Return the files beside an index that hold a whole model by their name, in another format than its shards."""
    own = ".safetensors" if "safetensors" in index else ".bin"
    return [name for name in names if name in _USUAL and not name.endswith(own)]


def _twin(names: list[str], refused: dict[str, InputError]) -> tuple[str, ...]:
    """Return the files of one format that are one checkpoint, () where that is not clear."""
    try:
        files, if_disjoint = _one_checkpoint(names, refused)
    except InputError:
        return ()
    return () if if_disjoint else files


def is_training_state(name: str) -> bool:
    """Say whether a file's name is that of what a training run keeps beside the model."""
    return name.lower().endswith(_TORCH) and _TRAINING.match(name) is not None


def weight_files(folder: Folder) -> list[str]:
    """Return the names that a checkpoint's weights usually have, in natural order."""
    return [name for name in sorted(folder.files(), key=natural_key) if name.lower().endswith(_WEIGHTS)]


def is_shard(name: str) -> bool:
    """Say whether a file name is that of one shard of several ("model-00001-of-00004.safetensors")."""
    match = _SHARD.fullmatch(name)
    return match is not None and int(match["total"]) > 1


def others_note(choice: Choice, judged: str, opened: Collection[str] = ()) -> list[Note]:
    """Return the warning that names which of several checkpoints is judged; `opened` files are part of that one."""
    others = [name for name in choice.others if name not in opened]
    if not others:
        return []
    params: dict[str, str | int] = {"judged": judged, "other": others[0], "count": len(others)}
    return [Note("checkpoint.several_checkpoints", params)]


def _look(folder: Folder, names: list[str]) -> _Found:
    found = _Found()
    for name in names:
        suffixed = name.lower().endswith(_WEIGHTS)
        try:
            file = folder.open_file(name)
        except InputError as error:
            if suffixed and error.note.code != "checkpoint.is_folder":
                found.refused[name] = error
            continue
        try:
            kind = sniff(file)
        except InputError as error:
            if suffixed:
                found.refused[name] = error
            continue
        finally:
            file.close()
        _sort_in(found, name, kind)
    return found


def _sort_in(found: _Found, name: str, kind: str) -> None:
    if kind in ("safetensors", "gguf"):
        found.of[kind].append(name)
    elif kind in ("hdf5", "onnx"):
        if name.lower().endswith(_WEIGHTS):
            found.of[kind].append(name)
    elif name.lower().endswith(_TORCH) and OPTIMIZER.fullmatch(name):
        found.training.append(name)
    elif kind == "torch_legacy" or name.lower().endswith(_TORCH) or (kind == "zip" and name.lower().endswith(".pkl")):
        (found.training if _TRAINING.match(name) else found.of["torch"]).append(name)
    elif kind == "npy" or (kind == "zip" and name.lower().endswith(".npz")):
        if name.lower().endswith(_WEIGHTS):
            found.of["numpy"].append(name)
    elif kind == "zip" and name.lower().endswith(_ARCHIVES):
        found.of["archives"].append(name)
    elif name.lower().endswith(_WEIGHTS):
        what = "ZIP" if kind == "zip" else "pickle"
        found.refused[name] = InputError("checkpoint.unread_format", file=name, what=what)


def _one_checkpoint(good: list[str], refused: dict[str, InputError]) -> tuple[tuple[str, ...], bool]:
    """Return the files of one checkpoint, and whether they belong together only if no name repeats."""
    sets: dict[tuple[str, str, str], set[str]] = {}
    for name in (*good, *refused):
        if is_shard(name) and (match := _SHARD.fullmatch(name)):
            sets.setdefault((match["stem"], match["total"], match["suffix"]), set()).add(name)
    for name in _USUAL:
        if name in good:
            return (name,), False
    for (stem, total, suffix), members in sets.items():
        if not members.isdisjoint(good):
            return _all_shards(stem, int(total), suffix, members, refused), False
    if len(good) > MAX_SHARDS:
        return (good[0],), False
    return tuple(good), len(good) > 1


def _all_shards(
    stem: str, total: int, suffix: str, members: set[str], refused: dict[str, InputError]
) -> tuple[str, ...]:
    numbers = {int(match["number"]): name for name in members if (match := _SHARD.fullmatch(name))}
    for number in range(1, total + 1):
        if number not in numbers:
            missing = f"{stem}-{number:05d}-of-{total:05d}{suffix}"
            raise InputError("checkpoint.missing_shard", file=missing)
        if numbers[number] in refused:
            raise refused[numbers[number]]
    if total > MAX_SHARDS:
        raise InputError("checkpoint.too_many_files", file=numbers[1])
    return tuple(numbers[number] for number in range(1, total + 1))


def _from_subfolder(folder: Folder, label: str) -> Choice:
    """Use the only sub-folder that has a checkpoint."""
    choices: list[Choice] = []
    errors: list[InputError] = []
    for name in sorted(folder.folders(), key=natural_key)[:_MAX_FOLDERS]:
        inner = folder.enter(name)
        try:
            found = choose(inner, name, enter=False)
            choices.append(replace(found, subfolder=name))
        except InputError as error:
            if error.note.code != "checkpoint.no_checkpoint":
                errors.append(error)
        finally:
            inner.close()
    if len(choices) > 1:
        listed = ", ".join(choice.subfolder for choice in choices[:4])
        raise InputError("checkpoint.several_folders", file=label, folders=listed, count=len(choices))
    if choices:
        return choices[0]
    raise errors[0] if errors else InputError("checkpoint.no_checkpoint", file=label)
