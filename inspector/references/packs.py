"""Packs: one file with many fingerprints, a manifest with the SHA-256 of each, and a signature over the manifest.

    manifest.json   schema, label, date, tool; of every member its entry's name, bytes and SHA-256
    signature       Ed25519 over the bytes of manifest.json, with the public key (left out where nobody signed)
    entries/FILE.h5 the fingerprints, byte for byte as in the library

A ZIP archive of stored members, so that other tools can list it. Everything is verified before anything of it is
written into a library, and again while it is copied.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Literal

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from inspector import __version__
from inspector.checkpoint.source import SourceFile
from inspector.checkpoint.zip_directory import Member, read_directory
from inspector.errors import InputError
from inspector.output import aside, write_pieces
from inspector.reference_results import PackReport
from inspector.references.alone import open_alone
from inspector.references.entry_names import normal_name
from inspector.references.incoming import Incoming
from inspector.references.library import Library
from inspector.references.local_facts import Local, today
from inspector.references.pack_layout import Slot, check_form, directory, header
from inspector.references.pack_manifest import (
    MANIFEST,
    MAX_ENTRIES,
    MAX_LABEL,
    SIGNATURE,
    Listed,
    Manifest,
    manifest_bytes,
    read_manifest,
    read_signature,
    signature_bytes,
)
from inspector.references.record import open_record
from inspector.references.signing import fingerprint, known_keys, read_private

_MAX_MANIFEST = 64 << 20
_MAX_SIGNATURE = 4096
_PIECE = 4 << 20


def export_pack(
    library: Library,
    names: Sequence[str],
    path: str | Path,
    *,
    key: Ed25519PrivateKey | str | Path | None = None,
    label: str = "",
    made: str = "",
) -> PackReport:
    """Write entries of a library into one pack.

    Args:
        names: of the entries, in any order. path: of the pack, which is written whole or not at all.
        key: private key or its file that signs it, None to leave it unsigned. label: free text. made: a date.

    Raises:
        InputError: an entry is missing or damaged, or the key is none. OutputError: the pack cannot be written.
    """
    private = read_private(key) if isinstance(key, str | Path) else key
    wanted = sorted({normal_name(name) for name in names})
    if not 0 < len(wanted) <= MAX_ENTRIES or len(label) > MAX_LABEL:
        raise InputError("references.pack_many", file=Path(path).name, limit=MAX_ENTRIES)
    places = {name: library.path(name) for name in wanted}
    sums = {name: _sums(place) for name, place in places.items()}
    listed = tuple(Listed(name, size, digest) for name, (size, digest, _) in sums.items())
    raw = manifest_bytes(Manifest(label, made, __version__, listed))
    heads = [(MANIFEST, raw)]
    signed_by = ""
    if private is not None:
        public = private.public_key().public_bytes_raw()
        heads.append((SIGNATURE, signature_bytes(public, private.sign(raw))))
        signed_by = fingerprint(public)
    slots = [Slot(item.member, item.bytes, sums[item.name][2]) for item in listed]
    write_pieces(path, _pieces(heads, slots, [places[item.name] for item in listed], listed))
    owner = known_keys(library.keys).get(signed_by, "")
    size = Path(path).stat().st_size
    return PackReport(str(path), label, made, __version__, signed_by, owner, tuple(wanted), (), (), size)


def _sums(path: Path) -> tuple[int, str, int]:
    """Verify a fingerprint and return size, SHA-256 and CRC-32 of its file."""
    with open_record(path) as record:
        record.verify()
    digest, crc, size = hashlib.sha256(), 0, 0
    file = open_alone(path)
    try:
        for piece in _read(file, 0, file.size):
            digest.update(piece)
            crc = zlib.crc32(piece, crc)
            size += len(piece)
    finally:
        file.close()
    return size, digest.hexdigest(), crc


def _pieces(
    heads: Sequence[tuple[str, bytes]], slots: Sequence[Slot], places: Sequence[Path], listed: Sequence[Listed]
) -> Iterator[bytes]:
    """Yield the whole pack in order; InputError where a fingerprint was changed since it was listed."""
    first = [Slot(name, len(content), zlib.crc32(content)) for name, content in heads]
    for slot, (_, content) in zip(first, heads, strict=True):
        yield header(slot)
        yield content
    for slot, place, item in zip(slots, places, listed, strict=True):
        yield header(slot)
        file = open_alone(place)
        try:
            if file.size != item.bytes:
                raise InputError("checkpoint.changed", file=file.name, size=file.size, needed=item.bytes)
            yield from _checked(file, 0, item)
        finally:
            file.close()
    yield directory([*first, *slots])


def _checked(file: SourceFile, start: int, item: Listed) -> Iterator[bytes]:
    """Yield the bytes of a fingerprint; InputError at the end where they are not those that were listed."""
    digest = hashlib.sha256()
    for piece in _read(file, start, item.bytes):
        digest.update(piece)
        yield piece
    if digest.hexdigest() != item.sha256:
        raise InputError("references.pack_disagrees", file=file.name, member=item.member)


def _read(file: SourceFile, start: int, size: int) -> Iterator[bytes]:
    for at in range(0, size, _PIECE):
        yield file.read(start + at, min(_PIECE, size - at))


class OpenPack:
    """An opened pack whose form, signature and list of members are verified; `verify` compares the fingerprints.

    Attributes:
        manifest: what it says of itself. signed_by: fingerprint of the key that signed it, "" for none.
        bytes: size of the file.
    """

    def __init__(self, file: SourceFile) -> None:
        """Read the manifest of a file, which is closed with this pack; InputError as in `open_pack`."""
        self._file = file
        self.bytes = file.size
        self._members = read_directory(file)
        check_form(file, list(self._members.values()))
        raw = self._content(MANIFEST, _MAX_MANIFEST)
        self.signed_by = ""
        if SIGNATURE in self._members:
            self.signed_by = fingerprint(read_signature(self._content(SIGNATURE, _MAX_SIGNATURE), raw, file.name))
        self.manifest = read_manifest(raw, file.name)
        listed = [item.member for item in self.manifest.entries]
        heads = [MANIFEST, SIGNATURE] if self.signed_by else [MANIFEST]
        if list(self._members) != [*heads, *listed]:
            odd = set(self._members).symmetric_difference([*heads, *listed]) or {MANIFEST}
            raise InputError("references.pack_member", file=file.name, member=min(odd))

    def verify(self) -> None:
        """Compare every fingerprint with the manifest and its checksum; InputError names the first that differs."""
        for item in self.manifest.entries:
            member = self._members[item.member]
            crc = 0
            if member.nbytes != item.bytes:
                raise InputError("references.pack_disagrees", file=self._file.name, member=item.member)
            for piece in _checked(self._file, member.start, item):
                crc = zlib.crc32(piece, crc)
            if crc != member.crc:
                raise InputError("references.pack_disagrees", file=self._file.name, member=item.member)
        self._file.check_unchanged()

    def stage(self, item: Listed, target: Path) -> Path:
        """Write one fingerprint aside, comparing it once more, and return where."""
        return aside(target, _checked(self._file, self._members[item.member].start, item))

    def _content(self, name: str, limit: int) -> bytes:
        member: Member | None = self._members.get(name)
        if member is None:
            raise InputError("references.pack_form", file=self._file.name)
        if member.nbytes > limit:
            raise InputError("references.pack_member", file=self._file.name, member=name)
        raw = self._file.read(member.start, member.nbytes)
        if zlib.crc32(raw) != member.crc:
            raise InputError("references.pack_disagrees", file=self._file.name, member=name)
        return raw

    def close(self) -> None:
        """Release the file. Safe to call twice."""
        self._file.close()

    def __enter__(self) -> OpenPack:
        return self

    def __exit__(self, *_: object) -> Literal[False]:
        self.close()
        return False


def open_pack(path: str | Path) -> OpenPack:
    """Open a pack, to see what it holds and who signed it.

    Raises:
        InputError: it is missing, cut short, changed, wrongly signed, no pack, or of a newer version of Assayer.
    """
    file = open_alone(Path(path))
    try:
        return OpenPack(file)
    except BaseException:
        file.close()
        raise


def import_pack(
    path: str | Path, library: Library, *, allow_unsigned: bool = False, replace: bool = False
) -> PackReport:
    """Take all fingerprints of a pack into a library, after every byte of it is verified.

    Args:
        allow_unsigned: take a pack that nobody signed. replace: put its entries in place of others of their names.

    Raises:
        InputError: as `open_pack`; a fingerprint differs from the manifest; the pack is unsigned; an entry of a name
            is there and `replace` is not set; or the library is locked. The library is as it was.
        OutputError: the library cannot be written. It is as it was, but where the disk failed between two renames.
    """
    with open_pack(path) as pack:
        if not pack.signed_by and not allow_unsigned:
            raise InputError("references.pack_unsigned", file=Path(path).name)
        pack.verify()
        local = Local(today(), pack.signed_by)
        incoming = [Incoming(item.name, _stager(pack, item), local) for item in pack.manifest.entries]
        added = library.add_all(incoming, replace=replace)
        said = pack.manifest
        owner = known_keys(library.keys).get(pack.signed_by, "")
        texts = (str(path), said.label, said.made, said.tool, pack.signed_by, owner)
        return PackReport(*texts, added.new, added.replaced, added.unchanged, pack.bytes)


def _stager(pack: OpenPack, item: Listed) -> Callable[[Path], Path]:
    return lambda target: pack.stage(item, target)
