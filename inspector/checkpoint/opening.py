"""`open_checkpoint`: from a path that the user chose (file, folder or index) to a `Checkpoint`."""

from __future__ import annotations

import gc
import stat
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from inspector.checkpoint.adapters import CONFIG, updates
from inspector.checkpoint.archive_notes import unread_members
from inspector.checkpoint.base import Checkpoint
from inspector.checkpoint.distributed import refuse_piece
from inspector.checkpoint.folder_risks import folder_risks
from inspector.checkpoint.gguf_split import check_splits
from inspector.checkpoint.parts import PartsCheckpoint
from inspector.checkpoint.quantised import restored
from inspector.checkpoint.readers import read_part
from inspector.checkpoint.selection import Choice, choose, is_shard, is_training_state, others_note, weight_files
from inspector.checkpoint.sharded import Index, check_index, read_index
from inspector.checkpoint.source import Folder, SourceFile, existing, os_error, relative_chain
from inspector.checkpoint.storage import Opened
from inspector.checkpoint.strict_json import load_object
from inspector.checkpoint.surroundings import custom_code, file_notes
from inspector.checkpoint.twins import compared_twins
from inspector.checkpoint.zip_members import MemberFolder, odd_names
from inspector.checkpoint.zip_reader import HoldsCheckpoints
from inspector.errors import InputError, Note

MAX_CONFIG = 8 << 20


def open_checkpoint(path: str | Path) -> Checkpoint:
    """Open a checkpoint: one file, a folder, or an `*.index.json`. Only headers are read.

    Links on the way to the folder are followed; nothing inside it is. A name is found in NFC and NFD form.

    Raises:
        InputError: it cannot be read; the message names the file and, where there is one, the tensor.
    """
    name = Path(path).name or str(path)
    try:
        with _collection_paused():
            return _open(path)
    except OSError as error:
        raise os_error(error, name) from None
    except (MemoryError, RecursionError):
        raise InputError("checkpoint.too_large", file=name) from None


@contextmanager
def _collection_paused() -> Iterator[None]:
    """Pause the garbage collector: a header of 100,000 tensors makes a million objects, none of them garbage."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _open(path: str | Path) -> Checkpoint:
    if "\0" in str(path):
        raise InputError("checkpoint.bad_name", file=str(path))
    found = existing(Path(path))
    if found.name in ("", ".."):
        found = found.resolve()
    with ExitStack() as stack:
        if not found.name:  # the root of the file system
            return _open_folder(str(path), _kept(stack, Folder.at(found)), str(found))
        parent = _kept(stack, Folder.at(found.parent.resolve()))
        name = _link_followed(parent, found.name)
        if stat.S_ISDIR(_mode(parent, name)):
            return _open_folder(str(path), _kept(stack, parent.enter(name)), name)
        refuse_piece(name, parent.files)
        if name.lower().endswith(".json"):
            return _open_index(str(path), parent, name, [])
        return _open_files(str(path), parent, "", Choice((name,)), _file_notes(name))


def _kept(stack: ExitStack, folder: Folder) -> Folder:
    stack.callback(folder.close)
    return folder


def _mode(parent: Folder, name: str) -> int:
    try:
        return parent.status(name).st_mode
    except OSError as error:
        raise os_error(error, name) from None


def _link_followed(parent: Folder, name: str) -> str:
    """Follow a chosen link once, when it stays in its folder; what it leads to may not be a link."""
    if not stat.S_ISLNK(_mode(parent, name)):
        return name
    target = parent.link_target(name)
    if not relative_chain(target) or "/" in target:
        raise InputError("checkpoint.link", file=name)
    try:
        parent.status(target)
    except OSError as error:
        raise os_error(error, name) from None
    return target


def _file_notes(name: str) -> list[Note]:
    return [Note("checkpoint.one_shard", {}, name)] if is_shard(name) else []


def _open_folder(path: str, folder: Folder, label: str, before: Sequence[Note] = ()) -> Checkpoint:
    choice = choose(folder, label)
    if isinstance(folder, MemberFolder):  # its training states are named one by one; its file is open only once
        others = tuple(name for name in choice.others if not is_training_state(name))
        choice = replace(choice, others=others, twins=())
    inner = folder.enter(choice.subfolder) if choice.subfolder else folder
    try:
        prefix = f"{choice.subfolder}/" if choice.subfolder else ""
        judged = choice.index or choice.files[0]
        notes = [*before, *([Note("checkpoint.subfolder", {}, choice.subfolder)] if choice.subfolder else [])]
        if not isinstance(folder, MemberFolder):
            notes += folder_risks(folder, "", choice.subfolder)
            notes += folder_risks(inner, prefix, "") if choice.subfolder else []
        if choice.index:
            opened = _open_index(path, inner, choice.index, [*notes, *others_note(choice, judged)], prefix)
        else:
            opened = _open_files(path, inner, prefix, choice, notes)
        opened.warnings = (*opened.warnings, *_twin_notes(opened, inner, prefix, judged, choice))
        return opened
    finally:
        if inner is not folder:
            inner.close()


def _twin_notes(opened: Checkpoint, folder: Folder, prefix: str, judged: str, choice: Choice) -> list[Note]:
    """Compare what is judged with what may be the same model in other formats; these can fail, and only warn."""
    notes = []
    for files in choice.twins:
        names = prefix + judged, prefix + files[0]
        try:
            indexed = files[0].endswith(".json")
            twin = _open_index("", folder, files[0], [], prefix) if indexed else None
            with twin or _open_files("", folder, prefix, Choice(files), []) as other:
                notes.append(compared_twins(opened, other, names))
        except (InputError, OSError, MemoryError, RecursionError):
            notes.append(Note("checkpoint.twins_unread", {"judged": names[0], "other": names[1]}))
    return notes


def _open_files(path: str, folder: Folder, prefix: str, choice: Choice, notes: list[Note]) -> Checkpoint:
    """Open one file or several without an index."""

    def build(files: list[SourceFile]) -> Checkpoint:
        parts: list[Opened] = []
        seen: set[str] = set()
        for name in choice.files:
            try:
                parts.append(_read(folder, name, prefix, files))
            except HoldsCheckpoints as archive:
                if len(choice.files) > 1 or isinstance(folder, MemberFolder):
                    raise
                inside = MemberFolder(files[-1], archive.members)
                before = [*notes, *others_note(choice, name), *odd_names(archive.members, files[-1].name)]
                return _open_folder(path, inside, files[-1].name, before)
            names = parts[-1][1].tensors.keys() | parts[-1][1].not_comparable.keys()
            if choice.if_disjoint and not seen.isdisjoint(names):
                return _first_alone(files, parts)
            seen |= names
        kept = sum(1 for _, part in parts if part.tensors or part.not_comparable)
        together = choice.if_disjoint and kept > 1
        joined = [Note("checkpoint.read_as_one", {"count": kept}, files[0].name)] if together else []
        opened = [file.name.removeprefix(prefix) for file in files]
        return _join(path, folder, files, parts, [*notes, *joined, *others_note(choice, files[0].name, opened)])

    def _first_alone(files: list[SourceFile], parts: list[Opened]) -> Checkpoint:
        end = files.index(parts[1][0])
        for file in files[end:]:
            file.close()
        del files[end:]
        first = Choice(choice.files[:1], others=(*choice.files[1:], *choice.others))
        return _join(path, folder, files, parts[:1], [*notes, *others_note(first, files[0].name)])

    return _guarded(build)


def _open_index(path: str, folder: Folder, name: str, notes: list[Note], prefix: str = "") -> Checkpoint:
    """Open the shards that an index lists."""

    def build(files: list[SourceFile]) -> Checkpoint:
        index = _index(folder, name)
        parts = [_read(folder, shard, prefix, files, missing="checkpoint.missing_shard") for shard in index.shards]
        wanted = ".safetensors" if "safetensors" in name else ".bin"
        beside = [file for file in weight_files(folder) if file.endswith(wanted) and file not in index.shards]
        return _join(path, folder, files, parts, [*notes, *check_index(index, [part for _, part in parts], beside)])

    return _guarded(build)


def _index(folder: Folder, name: str) -> Index:
    file = folder.open_file(name)
    try:
        return read_index(file)
    finally:
        file.close()


def _guarded(build: Callable[[list[SourceFile]], Checkpoint]) -> Checkpoint:
    """Run `build`, which opens files into the list it is given, and close them when it fails."""
    files: list[SourceFile] = []
    try:
        return build(files)
    except BaseException:
        for file in files:
            file.close()
        raise


def _read(folder: Folder, name: str, prefix: str, files: list[SourceFile], missing: str = "") -> Opened:
    """Read one file's header; it, and what it names beside it, is added to `files`."""
    try:
        file = folder.open_file(name, prefix + name)
    except InputError as error:
        if missing and error.note.code == "checkpoint.missing":
            raise InputError(missing, file=prefix + name) from None
        raise
    files.append(file)
    above = name.rpartition("/")[0]

    def beside(named: str) -> SourceFile:
        label = f"{prefix}{above}/{named}" if above else prefix + named
        for known in files:
            if known.name == label:
                return known
        files.append(folder.open_file(f"{above}/{named}" if above else named, label))
        return files[-1]

    return file, read_part(file, beside)


def _join(
    path: str, folder: Folder, files: Sequence[SourceFile], parts: Sequence[Opened], notes: list[Note]
) -> Checkpoint:
    config, config_notes = _config(folder)
    parts, quantised = restored(parts, config)
    parts, adapter = updates(parts, lambda: _config(folder, CONFIG)[0])
    config = config or {key: value for _, part in parts for key, value in part.hints.items()}
    check_splits(parts)
    found = [*custom_code(config), *file_notes(parts, files), *unread_members(folder, files)]
    notes = [*notes, *config_notes, *quantised, *adapter, *found]
    return PartsCheckpoint(path, files, parts, config, notes)


def _config(folder: Folder, name: str = "config.json") -> tuple[dict[str, Any], list[Note]]:
    """Read a configuration beside the weights; it only hints, so whatever is wrong with it is a warning."""
    try:
        file = folder.open_file(name)
    except InputError as error:
        missing = error.note.code == "checkpoint.missing"
        return {}, [] if missing else [Note("checkpoint.bad_config", {}, name)]
    try:
        if file.size > MAX_CONFIG:
            return {}, [Note("checkpoint.bad_config", {}, name)]
        return load_object(file.read(0, file.size).lstrip(), name), []
    except InputError:
        return {}, [Note("checkpoint.bad_config", {}, name)]
    finally:
        file.close()
