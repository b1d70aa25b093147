"""Keys: Ed25519 pairs in PEM files (RFC 8032, 8410), and the public keys whose owners a library knows by name.

A signature tells that a pack or a report was made by whoever holds a key and was not changed since. Whose key it is, it
does not tell: that is the word of whoever put the public key into the library's `keys` folder, as OWNER.pub.
A private key may be protected by a passphrase.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Callable
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from inspector.errors import InputError
from inspector.output import write_whole
from inspector.references.alone import open_alone
from inspector.references.entry_names import normal_name

PUBLIC = ".pub"
_MAX_BYTES = 16 << 10
_MAX_KEYS = 1000
_DIGITS = 32
_LOCKED = b"-----BEGIN ENCRYPTED PRIVATE KEY-----"
_MAX_PASSPHRASE = 1000  # bytes; OpenSSL takes 1023

Passphrase = Callable[[], bytes]  # asked only where a key is protected


def passphrase_bytes(text: str) -> bytes:
    """Return a passphrase as a key takes it, the same whichever way a keyboard composes its characters.

    Raises:
        InputError: it is empty or too long.
    """
    raw = unicodedata.normalize("NFC", text).encode("utf-8", "surrogatepass")
    if not 0 < len(raw) <= _MAX_PASSPHRASE:
        raise InputError("references.passphrase_length", limit=_MAX_PASSPHRASE)
    return raw


def passphrase_of(path: str | Path) -> bytes:
    """Return the passphrase that is the first line of a file; InputError where it cannot be read or be one."""
    try:
        text = _content(Path(path)).decode("utf-8")
    except UnicodeDecodeError:
        raise InputError("references.passphrase_text", file=Path(path).name) from None
    return passphrase_bytes(text.split("\n", 1)[0].removesuffix("\r"))


def make_key(path: str | Path, passphrase: bytes | None = None) -> str:
    """Write a new private key, which only its owner may read, and the public one beside it (PATH.pub).

    `passphrase`: protects the private key, None for a plain one.

    Returns:
        The fingerprint of the public key.

    Raises:
        InputError: there is a file already. OutputError: it cannot be written.
    """
    private = Path(path)
    public = private.with_name(private.name + PUBLIC)
    for place in (private, public):
        if place.exists() or place.is_symlink():
            raise InputError("references.key_exists", file=str(place))
    key = Ed25519PrivateKey.generate()
    protection = NoEncryption() if passphrase is None else BestAvailableEncryption(passphrase)
    write_whole(private, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, protection))
    write_whole(public, key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    return fingerprint(key.public_key().public_bytes_raw())


def is_locked(path: str | Path) -> bool:
    """Say whether a file holds a private key that a passphrase protects; InputError where it cannot be read."""
    return _LOCKED in _content(Path(path))


def read_private(path: str | Path, passphrase: Passphrase | None = None) -> Ed25519PrivateKey:
    """Read a private key.

    Raises:
        InputError: it is missing, no Ed25519 key, or protected by another passphrase, or by one that was not given.
    """
    content, name = _content(Path(path)), Path(path).name
    secret = None
    if _LOCKED in content:
        if passphrase is None:
            raise InputError("references.key_locked", file=name)
        secret = passphrase()
    try:
        key = load_pem_private_key(content, secret)
    except Exception as error:  # ValueError, TypeError, UnsupportedAlgorithm and more, for a file that is no such key
        code = "references.key_damaged" if secret is None else "references.key_passphrase"
        raise InputError(code, file=name) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise InputError("references.key_damaged", file=name)
    return key


def read_public(path: str | Path) -> bytes:
    """Return the 32 bytes of a public key; InputError where it is missing or none."""
    content = _content(Path(path))
    try:
        key = load_pem_public_key(content)
    except Exception as error:  # as above
        raise InputError("references.key_damaged", file=Path(path).name) from error
    if not isinstance(key, Ed25519PublicKey):
        raise InputError("references.key_damaged", file=Path(path).name)
    return key.public_bytes_raw()


def _content(path: Path) -> bytes:
    file = open_alone(path)
    try:
        return file.read(0, min(file.size, _MAX_BYTES))
    finally:
        file.close()


def fingerprint(public: bytes) -> str:
    """Return what names a public key to a reader: the start of its SHA-256.

    >>> fingerprint(bytes(32))
    'ed25519:66687aadf862bd776c8fc18b8e9f8e20'
    """
    return f"ed25519:{hashlib.sha256(public).hexdigest()[:_DIGITS]}"


def is_signed(public: bytes, signature: bytes, content: bytes) -> bool:
    """Say whether a signature is of this key over this content."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, content)
    except (InvalidSignature, ValueError):
        return False
    return True


def known_keys(folder: Path) -> dict[str, str]:
    """Return the fingerprints of the public keys in a folder -> their owners; files that are none are passed over."""
    known: dict[str, str] = {}
    for path in sorted(folder.glob(f"*{PUBLIC}"))[:_MAX_KEYS]:
        try:
            known.setdefault(fingerprint(read_public(path)), path.name.removesuffix(PUBLIC))
        except InputError:
            continue
    return known


def trust(public: str | Path, owner: str, folder: Path) -> str:
    """Put a public key into the folder of those that are known, under its owner's name, and return its fingerprint.

    Raises:
        InputError: it is no key, the name cannot be one, or there is another key of that name.
        OutputError: it cannot be written.
    """
    raw = read_public(public)
    name = normal_name(owner)
    if any(sign in name for sign in '/\\:*?"<>|') or name.startswith("."):
        raise InputError("references.bad_owner", name=owner)
    target = folder / f"{name}{PUBLIC}"
    if target.exists() and read_public(target) != raw:
        raise InputError("references.key_exists", file=str(target))
    key = Ed25519PublicKey.from_public_bytes(raw)
    write_whole(target, key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    return fingerprint(raw)
