"""What an archive opened as a folder holds beside the checkpoint that was read: named, and training states counted."""

from __future__ import annotations

from collections.abc import Iterable

from inspector.checkpoint.naming import listed
from inspector.checkpoint.readers import read_part
from inspector.checkpoint.selection import is_training_state
from inspector.checkpoint.source import Folder, SourceFile
from inspector.checkpoint.storage import element_count
from inspector.checkpoint.zip_members import MemberFolder
from inspector.errors import InputError, Note, Parameter

_MAX_COUNTED = 50  # training states whose headers are read
_LISTED = 8


def unread_members(folder: Folder, files: Iterable[SourceFile]) -> list[Note]:
    """Return the warnings about members of an archive that are not among `files`; none for a folder on disk."""
    if not isinstance(folder, MemberFolder):
        return []
    archive = folder.archive.name
    read = {file.name for file in files} | {f"{archive}/{folder.prefix}config.json"}
    silent = ("/", ".index.json")  # folders, and what told where the weights are
    rest = [name for name in folder.members if not name.endswith(silent) and f"{archive}/{name}" not in read]
    training = [name for name in rest if is_training_state(name.rpartition("/")[2])]
    notes = [note for name in training[:_MAX_COUNTED] if (note := _counted(folder, name)) is not None]
    told = {note.file for note in notes}
    others = [name for name in rest if f"{archive}/{name}" not in told]
    if others:
        params: dict[str, Parameter] = {"count": len(others), "names": listed(others, _LISTED)}
        notes.append(Note("checkpoint.zip_unread", params, archive))
    return notes


def _counted(folder: MemberFolder, name: str) -> Note | None:
    """Count the tensors of a training state; None where it cannot be read, which then matters to nobody."""
    try:
        member = folder.root().open_file(name)
        part = read_part(member, lambda named: _none_beside(member))
    except InputError:
        return None
    values = sum(element_count(placed.shape) for placed in part.tensors.values())
    return Note("checkpoint.zip_training_state", {"count": len(part.tensors), "values": values}, member.name)


def _none_beside(member: SourceFile) -> SourceFile:
    raise InputError("checkpoint.missing", file=member.name)
