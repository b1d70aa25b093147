"""What a ZIP archive is, by its members: PyTorch's, NumPy's, Keras', or a folder of checkpoints."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from inspector.checkpoint.keras_archive import is_keras_archive, read_keras
from inspector.checkpoint.numpy_file import read_npz
from inspector.checkpoint.pytorch_zip import read_pytorch_zip
from inspector.checkpoint.source import SourceFile
from inspector.checkpoint.storage import Part
from inspector.checkpoint.zip_directory import Member, read_directory
from inspector.checkpoint.zip_members import odd_names
from inspector.errors import InputError, Note

# Members with these endings make an archive a folder of checkpoints.
_CHECKPOINTS = (
    ".safetensors",
    ".safetensors.index.json",
    ".bin",
    ".pt",
    ".pth",
    ".th",
    ".ckpt",
    ".h5",
    ".hdf5",
    ".npz",
    ".keras",
    ".gguf",
    ".onnx",
    ".zip",
)
_CORE_ML = (".mlmodel", ".mlpackage/Manifest.json")


class HoldsCheckpoints(InputError):
    """An archive is to be opened as a folder, by itself; `members` are its members by name.

    Where it cannot be, as one of several files or within another archive, this is the sentence that says so.
    """

    def __init__(self, file: str, members: Mapping[str, Member]) -> None:
        super().__init__("checkpoint.zip_nested", file=file)
        self.members = members


def read_zip(file: SourceFile) -> Part:
    """Read the headers of an opened ZIP archive.

    Raises:
        HoldsCheckpoints: its members are checkpoints.
        InputError: the archive is damaged, or holds no weights; names the file.
    """
    members = read_directory(file)
    names = [name for name in members if not name.endswith("/")]
    if any(name.endswith("/data.pkl") and name.count("/") == 1 for name in names):
        return read_pytorch_zip(file, members)
    if not names:
        raise InputError("checkpoint.no_tensors", file=file.name)
    notes = odd_names(members, file.name)
    if any(member.crc is None for member in members.values()):
        notes.append(Note("checkpoint.no_checksums", {}, file.name))
    if is_keras_archive(members):
        return _with(read_keras(file, members), notes)
    if any(name.endswith(_CORE_ML) for name in names):
        raise InputError("checkpoint.unread_format", file=file.name, what="Core ML")
    if any(name.lower().endswith(_CHECKPOINTS) for name in names):
        raise HoldsCheckpoints(file.name, members)
    if file.name.lower().endswith(".npz") or any(name.endswith(".npy") for name in names):
        return _with(read_npz(file, members), notes)
    raise InputError("checkpoint.no_data_pkl", file=file.name)


def _with(part: Part, notes: list[Note]) -> Part:
    return replace(part, warnings=(*notes, *part.warnings))
