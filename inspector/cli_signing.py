"""What the commands that sign share: the key, and its passphrase from a file or asked without echo."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from inspector.errors import InputError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

PassphraseFile = Annotated[
    str | None,
    typer.Option(metavar="FILE", help="The passphrase of the key is the first line of FILE; asked otherwise."),
]


def private_key(key: str, passphrase_file: str | None) -> Ed25519PrivateKey:
    """Read a private key, before this process confines itself: the sandbox then needs no access to it.

    Raises:
        InputError: it is no key, or its passphrase is not this one, or cannot be asked for.
    """
    from inspector.references import signing

    if passphrase_file is not None:
        return signing.read_private(key, lambda: signing.passphrase_of(passphrase_file))
    return signing.read_private(key, lambda: asked(key, confirm=False))


def asked(key: str, *, confirm: bool) -> bytes:
    """Ask for a passphrase on the terminal, without echo; InputError where there is no terminal."""
    from inspector.references import signing

    if not sys.stdin.isatty():
        raise InputError("references.key_locked", file=key)
    return signing.passphrase_bytes(typer.prompt("Passphrase", hide_input=True, confirmation_prompt=confirm, err=True))


def new_passphrase(key: str, wanted: bool, passphrase_file: str | None) -> bytes | None:
    """Return what is to protect a new key, None for nothing; InputError as `asked`."""
    from inspector.references import signing

    if passphrase_file is not None:
        return signing.passphrase_of(passphrase_file)
    return asked(key, confirm=True) if wanted else None
