"""Proofs beside a file: `FILE.sig`, an Ed25519 signature, and `FILE.sha256`, its SHA-256 as sha256sum writes it.

The file itself stays byte for byte as it is. What is signed is a statement of its size and SHA-256 with a schema of its
own, so that no signature of something else passes for it. Both forms are strict: one changed byte of them is noticed.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from inspector.checkpoint.strict_json import load_object
from inspector.errors import InputError, Note
from inspector.job import QUIET, Job
from inspector.output import write_whole
from inspector.references.alone import open_alone
from inspector.references.signing import fingerprint, is_signed
from inspector.verify_results import Check

SIGNED, SUMMED = ".sig", ".sha256"
_SCHEMA = "assayer.signature/1"
_PIECE = 8 << 20
_LARGEST_PROOF = 64 << 10  # a name may be long


@dataclass(frozen=True, slots=True)
class Sum:
    """Size and SHA-256 of a file."""

    bytes: int
    sha256: str


def summed(path: str | Path, job: Job = QUIET) -> Sum:
    """Read a file whole and return its sum; InputError where it cannot be read."""
    file = open_alone(Path(path))
    digest = hashlib.sha256()
    try:
        for start in range(0, file.size, _PIECE):
            job.raise_if_cancelled()
            digest.update(file.read(start, min(_PIECE, file.size - start)))
        file.check_unchanged()
        return Sum(file.size, digest.hexdigest())
    finally:
        file.close()


def beside(path: str | Path, suffix: str) -> Path:
    """Return where the proof of a file lies."""
    place = Path(path)
    return place.with_name(place.name + suffix)


def sign(path: str | Path, key: Ed25519PrivateKey, sha256: str = "") -> str:
    """Write the signature of a file beside it, and return the fingerprint of the key.

    Args:
        path: of the file. key: what signs. sha256: what the file must be, so that nobody signs what was put in
            the place of what they have read; "" for any.

    Raises:
        InputError: the file cannot be read, or is another. OutputError: the signature cannot be written.
    """
    found = summed(path)
    if sha256 and found.sha256 != sha256:
        raise InputError("verify.sign_other", file=Path(path).name, sha256=found.sha256, wanted=sha256)
    public = key.public_key().public_bytes_raw()
    write_whole(beside(path, SIGNED), _signature(found, public, key.sign(_statement(found))))
    return fingerprint(public)


def write_sum(path: str | Path) -> str:
    """Write the SHA-256 of a file beside it, as sha256sum does, and return it; errors as `sign`."""
    found = summed(path)
    write_whole(beside(path, SUMMED), _sum_line(found, Path(path).name))
    return found.sha256


def proofs(path: str | Path, found: Sum, owners: dict[str, str], wanted: str = "") -> Iterator[Check]:
    """Check whatever proves a file, and say so where nothing does and something should.

    Args:
        path: of the file. found: its sum now. owners: fingerprints of known keys -> whose they are.
        wanted: fingerprint of the key that must have signed it, "" for any.

    Raises:
        InputError: a proof is there and cannot be read.
    """
    signature, digest = (_content(beside(path, suffix)) for suffix in (SIGNED, SUMMED))
    if signature is not None:
        yield _signed(signature, beside(path, SIGNED).name, found, owners, wanted)
    elif wanted:
        yield Check("differs", Note("verify.signature_wanted", {"key": wanted}))
    if digest is not None:
        same = digest == _sum_line(found, Path(path).name)
        code = "verify.sum" if same else "verify.sum_differs"
        params = {"proof": beside(path, SUMMED).name, "sha256": found.sha256}
        yield Check("holds" if same else "differs", Note(code, params))


def standing(path: str | Path, job: Job = QUIET) -> tuple[Check, ...]:
    """Return what the proofs of a file say, () where it has none: then it is not read.

    Raises:
        InputError: the file itself cannot be read.
    """
    if not any(beside(path, suffix).exists() for suffix in (SIGNED, SUMMED)):
        return ()
    found = summed(path, job)
    try:
        return tuple(proofs(path, found, {}))
    except InputError as error:
        return (Check("differs", error.note),)


def _content(path: Path) -> bytes | None:
    """Return the content of a proof, None where there is none."""
    try:
        file = open_alone(path)
    except InputError as error:
        if error.note.code == "checkpoint.missing":
            return None
        raise
    try:
        return file.read(0, min(file.size, _LARGEST_PROOF + 1))
    finally:
        file.close()


def _signed(raw: bytes, name: str, found: Sum, owners: dict[str, str], wanted: str) -> Check:
    public, stated, signature = _parts(raw, name)
    if stated is None or not is_signed(public, signature, _statement(stated)):
        return Check("differs", Note("verify.signature_damaged", {"proof": name}))
    key = fingerprint(public)
    if stated != found:
        params = {"key": key, "sha256": found.sha256, "signed": stated.sha256}
        return Check("differs", Note("verify.signature_differs", params))
    if wanted and key != wanted:
        return Check("differs", Note("verify.signature_other", {"key": key, "wanted": wanted}))
    if key in owners:
        return Check("holds", Note("verify.signature", {"key": key, "owner": owners[key], "sha256": found.sha256}))
    code = "verify.signature_wanted_key" if wanted else "verify.signature_unknown"
    return Check("holds", Note(code, {"key": key, "sha256": found.sha256}))


def _parts(raw: bytes, name: str) -> tuple[bytes, Sum | None, bytes]:
    """Return public key, signed sum and signature of a signature file; no sum where it is not of the form we write."""
    try:
        value = load_object(raw, name)
        size, digest = value["bytes"], value["sha256"]
        public, signature = _hex(value["public_key"], 32), _hex(value["signature"], 64)
        stated = Sum(size, digest)
        if type(size) is int and _hex(digest, 32) and _signature(stated, public, signature) == raw:
            return public, stated, signature
    except (InputError, KeyError, TypeError, ValueError):
        pass
    return b"", None, b""


def _hex(value: Any, size: int) -> bytes:
    if not isinstance(value, str) or not re.fullmatch(rf"[0-9a-f]{{{2 * size}}}", value):
        raise ValueError(value)
    return bytes.fromhex(value)


def _statement(found: Sum) -> bytes:
    return f"{_SCHEMA}\nbytes {found.bytes}\nsha256 {found.sha256}\n".encode("ascii")


def _signature(found: Sum, public: bytes, signature: bytes) -> bytes:
    value = {
        "schema": _SCHEMA,
        "algorithm": "ed25519",
        "bytes": found.bytes,
        "sha256": found.sha256,
        "public_key": public.hex(),
        "signature": signature.hex(),
    }
    return (json.dumps(value, indent=1, sort_keys=True) + "\n").encode("ascii")


def _sum_line(found: Sum, name: str) -> bytes:
    return f"{found.sha256}  {name}\n".encode("utf-8", "surrogateescape")
