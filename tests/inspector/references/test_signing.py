"""Private keys with and without a passphrase."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from inspector import cli_signing
from inspector.errors import InputError
from inspector.references import signing


def refused(path: Path, passphrase: bytes | None = None) -> str:
    with pytest.raises(InputError) as caught:
        signing.read_private(path, None if passphrase is None else lambda: passphrase)
    return caught.value.note.code


def test_a_protected_key_opens_with_its_passphrase_alone(tmp_path: Path) -> None:
    path = tmp_path / "key"
    made = signing.make_key(path, b"open sesame")
    key = signing.read_private(path, lambda: b"open sesame")
    assert signing.fingerprint(key.public_key().public_bytes_raw()) == made
    assert refused(path) == "references.key_locked"
    assert refused(path, b"open sesamE") == "references.key_passphrase"


def test_a_plain_key_asks_for_nothing(tmp_path: Path) -> None:
    signing.make_key(tmp_path / "key")

    def asked() -> bytes:
        raise AssertionError

    assert signing.read_private(tmp_path / "key", asked)


def test_a_passphrase_is_the_same_however_it_was_typed(tmp_path: Path) -> None:
    (tmp_path / "words").write_bytes("가\r\nsecond line".encode())
    composed, apart = signing.passphrase_of(tmp_path / "words"), signing.passphrase_bytes("\u1100\u1161")
    assert composed == apart == "가".encode()


@pytest.mark.parametrize("content", [b"", b"\n", b"x" * 1001, b"\xff\xfe"])
def test_what_can_be_no_passphrase_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "words").write_bytes(content)
    with pytest.raises(InputError) as caught:
        signing.passphrase_of(tmp_path / "words")
    assert caught.value.note.code.startswith("references.passphrase_")


def test_a_passphrase_is_asked_for_on_a_terminal_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    asked: list[dict[str, object]] = []

    def prompt(_: str, **options: object) -> str:
        asked.append(options)
        return "open sesame"

    monkeypatch.setattr("typer.prompt", prompt)
    monkeypatch.setattr("sys.stdin", SimpleNamespace(isatty=lambda: True))
    path = tmp_path / "key"
    signing.make_key(path, cli_signing.new_passphrase(str(path), True, None))
    cli_signing.private_key(str(path), None)
    assert [options["confirmation_prompt"] for options in asked] == [True, False]
    assert all(options["hide_input"] for options in asked)
    assert cli_signing.new_passphrase(str(path), False, None) is None
    monkeypatch.setattr("sys.stdin", SimpleNamespace(isatty=lambda: False))
    with pytest.raises(InputError):
        cli_signing.private_key(str(path), None)
