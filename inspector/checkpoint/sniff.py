"""What a file is, by its leading bytes; its extension is only a hint."""

from __future__ import annotations

from inspector.checkpoint.hdf5_superblock import SIGNATURE
from inspector.checkpoint.onnx_sniff import looks_onnx
from inspector.checkpoint.source import SourceFile
from inspector.checkpoint.unread import refuse_unread
from inspector.errors import InputError

HEAD = 4096
# A legacy PyTorch file starts with the pickle of this number: torch/serialization.py, MAGIC_NUMBER.
_TORCH_MAGIC = bytes.fromhex("8a0a6cfc9c46f9206aa85019")
_TORCH_MAGIC_TEXT = b"L119547037146038801333356L\n"
# What each refused content is called in messages; formats that a later version may read, and other things.
_UNREAD: tuple[tuple[int, bytes, str], ...] = (
    (0, b"lmgg", "GGML (the forerunner of GGUF)"),
    (0, b"fmgg", "GGMF (a forerunner of GGUF)"),
    (0, b"tjgg", "GGJT (a forerunner of GGUF)"),
)
_OTHER: tuple[tuple[int, bytes, str], ...] = (
    (0, b"version https://git-lfs.github.com/spec/", "lfs_pointer"),
    (0, b"\x1f\x8b", "gzip"),
    (257, b"ustar", "tar"),
)
# Other data may lie before an HDF5 file, in a block of one of these lengths or a larger power of two.
_USER_BLOCKS = (512, 1024, 2048)
_HTML = (b"<!doctype html", b"<html", b"<?xml", b"<head", b"<body")


def sniff(file: SourceFile) -> str:
    """Return "safetensors", "zip", "torch_legacy", "pickle", "hdf5", "npy", "gguf" or "onnx".

    Raises:
        InputError: the content is something else, with a code for each thing that is recognised.
    """
    if not file.size:
        raise InputError("checkpoint.empty", file=file.name)
    head = file.read(0, min(HEAD, file.size))
    _refuse_known(head, file.name)
    refuse_unread(file, head)
    if head.startswith(SIGNATURE):
        return "hdf5"
    if head.startswith(b"GGUF"):
        if file.name.lower().endswith(".safetensors"):
            raise InputError("checkpoint.gguf_renamed", file=file.name)
        return "gguf"
    if head.startswith(b"\x93NUMPY"):
        return "npy"
    is_zip = head[:4] in (b"PK\x03\x04", b"PK\x05\x06")
    # An HDF5 file in a ZIP archive may happen to lie at such a place; what is named as HDF5 is read by others there.
    as_hdf5 = not is_zip or file.name.lower().endswith((".h5", ".hdf5"))
    if as_hdf5 and any(head.startswith(SIGNATURE, at) for at in _USER_BLOCKS):
        raise InputError("checkpoint.hdf5_user_block", file=file.name)
    if is_zip:
        return "zip"
    if not _header_fits(head, file.size, b"{") and looks_onnx(head, file.size, hinted=False):
        return "onnx"
    if head[8:9] == b"{" or head[8:12] == b"\xef\xbb\xbf{" or _header_fits(head, file.size):
        return "safetensors"
    if (head[:1] == b"\x80" and _TORCH_MAGIC in head[:32]) or head.startswith(_TORCH_MAGIC_TEXT):
        return "torch_legacy"
    if head[:1] == b"\x80" and len(head) > 1 and head[1] <= 5:
        return "pickle"
    if not head.strip(b"\0"):
        raise InputError("checkpoint.all_zero", file=file.name)
    # The end of a deflated member takes inflating all of it.
    if file.base >= 0 and file.size >= 22 and file.read(file.size - 22, 4) == b"PK\x05\x06":
        raise InputError("checkpoint.zip_prefix", file=file.name)
    if file.name.lower().endswith(".onnx"):
        if looks_onnx(head, file.size, hinted=True):
            return "onnx"  # its reader says what is wrong with it
        raise InputError("checkpoint.not_onnx", file=file.name)
    if file.name.lower().endswith(".safetensors"):
        return "safetensors"  # its reader says what is wrong with the header
    if file.name.lower().endswith(".gguf"):
        return "gguf"  # likewise
    raise InputError("checkpoint.unknown_format", file=file.name)


def _refuse_known(head: bytes, file: str) -> None:
    for at, magic, what in _UNREAD:
        if head[at : at + len(magic)] == magic:
            raise InputError("checkpoint.unread_format", file=file, what=what)
    for at, magic, what in _OTHER:
        if head[at : at + len(magic)] == magic:
            raise InputError(f"checkpoint.{what}", file=file)
    if head.lstrip()[:20].lower().startswith(_HTML):
        raise InputError("checkpoint.html", file=file)


def _header_fits(head: bytes, size: int, starts: bytes = b" [\n\t") -> bool:
    """Say whether the first 8 bytes are a plausible header length of JSON text."""
    length = int.from_bytes(head[:8], "little")
    return len(head) > 8 and 2 <= length <= size - 8 and head[8] in starts
