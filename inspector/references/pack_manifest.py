"""What a pack says of itself: its manifest and the signature over it, each in one form only."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from inspector.checkpoint.strict_json import load_object
from inspector.errors import InputError
from inspector.references.entry_names import file_name, normal_name
from inspector.references.record import check_schema
from inspector.references.signing import is_signed

_FAMILY, _VERSION = "assayer.pack", 1
MANIFEST, SIGNATURE, FOLDER = "manifest.json", "signature", "entries/"
MAX_ENTRIES = 20_000
MAX_LABEL = 1000


@dataclass(frozen=True, slots=True)
class Listed:
    """One fingerprint as the manifest lists it: name of the entry, size, SHA-256 (hexadecimal)."""

    name: str
    bytes: int
    sha256: str

    @property
    def member(self) -> str:
        """The name of its member."""
        return FOLDER + file_name(self.name)


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a pack says of itself: `PackReport` has the meaning of its texts."""

    label: str
    made: str
    tool: str
    entries: tuple[Listed, ...]


def manifest_bytes(manifest: Manifest) -> bytes:
    """Return the bytes of a manifest, which are what is signed."""
    entries = [
        {"name": item.name, "member": item.member, "bytes": item.bytes, "sha256": item.sha256}
        for item in manifest.entries
    ]
    value = {
        "schema": f"{_FAMILY}/{_VERSION}",
        "label": manifest.label,
        "made": manifest.made,
        "tool": manifest.tool,
        "entries": entries,
    }
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True).encode("utf-8")


def signature_bytes(public: bytes, signature: bytes) -> bytes:
    """Return the bytes of the member that holds a signature."""
    value = {"algorithm": "ed25519", "public_key": public.hex(), "signature": signature.hex()}
    return json.dumps(value, indent=1, sort_keys=True).encode("ascii")


def _hex(value: Any, size: int) -> bytes:
    return bytes.fromhex(value) if isinstance(value, str) and re.fullmatch(rf"[0-9a-f]{{{2 * size}}}", value) else b""


def read_manifest(raw: bytes, file: str) -> Manifest:
    """Return a manifest that was read; InputError where it is of another form or of a newer version."""
    value = load_object(raw, file)
    check_schema(value.get("schema"), _FAMILY, _VERSION, file)
    try:
        entries = tuple(Listed(item["name"], item["bytes"], item["sha256"]) for item in value["entries"])
        manifest = Manifest(value["label"], value["made"], value["tool"], entries)
        texts = [manifest.label, manifest.made, manifest.tool, *(item.name for item in entries)]
        if not all(isinstance(text, str) and len(text) <= MAX_LABEL for text in texts):
            raise ValueError
        if not all(type(item.bytes) is int and _hex(item.sha256, 32) for item in entries):
            raise ValueError
        names = [item.name for item in entries]
        if len(set(names)) != len(names) or [normal_name(name) for name in names] != names:
            raise ValueError
        if not 0 < len(names) <= MAX_ENTRIES or manifest_bytes(manifest) != raw:
            raise ValueError
    except (KeyError, TypeError, ValueError):
        raise InputError("references.pack_form", file=file) from None
    return manifest


def read_signature(raw: bytes, manifest: bytes, file: str) -> bytes:
    """Return the public key that signed a manifest; InputError where the signature does not fit."""
    value = load_object(raw, file)
    public, signature = (_hex(value.get(name), size) for name, size in (("public_key", 32), ("signature", 64)))
    if signature_bytes(public, signature) != raw or not is_signed(public, signature, manifest):
        raise InputError("references.pack_signature", file=file)
    return public
