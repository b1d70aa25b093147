"""Packs: what was exported is imported, and nothing else: one bit, one name or one key that differs is refused."""

from __future__ import annotations

import json
import random
import stat
import struct
import warnings
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.library_faults import cut, flipped, refuse, started
from inspector.checkpoint.source import Folder
from inspector.checkpoint.zip_directory import read_directory
from inspector.errors import InputError, worded
from inspector.references.library import Library
from inspector.references.pack_layout import Slot, check_form, directory, header
from inspector.references.pack_manifest import signature_bytes
from inspector.references.packs import export_pack, import_pack, open_pack
from inspector.references.signing import fingerprint, known_keys, make_key, read_private, read_public, trust
from tests.data.records import library, record, same

NAMES = ("가 나다", "A/../b", "con")


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """A signed pack of three entries; key and key.pub lie beside it."""
    make_key(tmp_path / "key")
    shelf = library(tmp_path / "from", *NAMES)
    export_pack(shelf, NAMES, tmp_path / "a.pack", key=tmp_path / "key", label="세 개", made="2026-11-26")
    return tmp_path / "a.pack"


@pytest.fixture
def target(tmp_path: Path) -> Library:
    """A library with an entry of its own."""
    return library(tmp_path / "to", "mine")


def refused(path: Path, shelf: Library, code: str, **options: bool) -> str:
    """Import it, which must fail with this code in one sentence that names it, and change nothing; return that."""
    before = {file: file.read_bytes() for file in shelf.folder.rglob("*") if file.is_file()}
    with pytest.raises(InputError) as caught:
        import_pack(path, shelf, **options)
    assert caught.value.note.code == code, str(caught.value)
    assert str(caught.value).startswith(path.name)
    assert len(worded(caught.value.note, "ko").splitlines()) == 1
    assert {file: file.read_bytes() for file in shelf.folder.rglob("*") if file.is_file()} == before
    return str(caught.value)


def members(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def written(path: Path, content: dict[str, bytes]) -> Path:
    """Write members in the one right form."""
    slots = [Slot(name, len(data), zlib.crc32(data)) for name, data in content.items()]
    path.write_bytes(
        b"".join(header(slot) + data for slot, data in zip(slots, content.values(), strict=True)) + directory(slots)
    )
    return path


def signed(content: dict[str, bytes], key: Path) -> dict[str, bytes]:
    """Sign the manifest of these members anew."""
    private = read_private(key)
    raw = signature_bytes(private.public_key().public_bytes_raw(), private.sign(content["manifest.json"]))
    return {**content, "signature": raw}


def test_what_is_exported_is_imported(pack: Path, target: Library, tmp_path: Path) -> None:
    report = import_pack(pack, target)
    assert set(report.names) == set(NAMES)
    assert (report.label, report.made, report.signer_name) == ("세 개", "2026-11-26", "")
    assert report.signed_by == fingerprint(read_public(tmp_path / "key.pub"))
    assert all(same(target, name, content) for content, name in enumerate(NAMES))
    assert target.verify() == ()
    for name in NAMES:
        assert target.path(name).read_bytes() == Library(tmp_path / "from").path(name).read_bytes()
    assert {entry.signer for entry in target.entries()} == {"", report.signed_by}
    again = import_pack(pack, target)
    assert (again.names, again.replaced, set(again.unchanged)) == ((), (), set(NAMES))


def test_the_pack_tells_no_paths(tmp_path: Path) -> None:
    from inspector.reference_results import SourceFact, SourceFileFact

    shelf = Library(tmp_path / "from")
    shelf.add(record("a"), SourceFact("/secret/place", True, (SourceFileFact("x.bin", 1, "0" * 64),)))
    export_pack(shelf, ["a"], tmp_path / "a.pack")
    content = (tmp_path / "a.pack").read_bytes()
    assert b"secret" not in content
    assert b"x.bin" not in content


def test_a_known_key_is_shown_by_its_owner(pack: Path, target: Library, tmp_path: Path) -> None:
    import_pack(pack, target)
    trust(tmp_path / "key.pub", "김 평가", target.keys)
    assert import_pack(pack, target).signer_name == "김 평가"
    assert [entry.signer_name for entry in target.entries()] == ["김 평가"] * 2 + [""] + ["김 평가"]
    (target.keys / "broken.pub").write_text("no key")
    assert list(known_keys(target.keys).values()) == ["김 평가"]
    make_key(tmp_path / "other")
    with pytest.raises(InputError, match="not overwritten"):
        trust(tmp_path / "other.pub", "김 평가", target.keys)
    for owner in ("", "a/b", "..", "a\\b", "c:"):
        with pytest.raises(InputError):
            trust(tmp_path / "other.pub", owner, target.keys)


def test_an_entry_that_is_there_is_replaced_on_a_word_only(pack: Path, target: Library) -> None:
    target.add(record(NAMES[0], 77))
    with pytest.raises(InputError, match="already holds") as caught:
        import_pack(pack, target)
    assert NAMES[0] in str(caught.value)
    assert same(target, NAMES[0], 77)
    assert not target.holds(NAMES[1])
    report = import_pack(pack, target, replace=True)
    assert report.replaced == (NAMES[0],)
    assert same(target, NAMES[0], 0)
    assert same(target, "mine", 0)


def test_an_unsigned_pack_is_taken_on_a_word_only(tmp_path: Path, target: Library) -> None:
    export_pack(library(tmp_path / "from", "a"), ["a"], tmp_path / "u.pack")
    assert "--allow-unsigned" in refused(tmp_path / "u.pack", target, "references.pack_unsigned")
    report = import_pack(tmp_path / "u.pack", target, allow_unsigned=True)
    assert (report.signed_by, report.names) == ("", ("a",))


def test_the_same_entries_give_the_same_pack(pack: Path, tmp_path: Path) -> None:
    shelf = Library(tmp_path / "from")
    names = tuple(reversed(NAMES))
    export_pack(shelf, names, tmp_path / "b.pack", key=tmp_path / "key", label="세 개", made="2026-11-26")
    assert (tmp_path / "b.pack").read_bytes() == pack.read_bytes()


def test_other_tools_list_it(pack: Path) -> None:
    with zipfile.ZipFile(pack) as archive:
        assert archive.testzip() is None
        assert archive.namelist()[:2] == ["manifest.json", "signature"]
        assert len(archive.namelist()) == 5


def test_damaged_or_missing_entries_are_not_exported(tmp_path: Path) -> None:
    shelf = library(tmp_path / "l", "a")
    with pytest.raises(InputError, match="no reference named 'b'"):
        export_pack(shelf, ["a", "b"], tmp_path / "a.pack")
    with pytest.raises(InputError, match="at most"):
        export_pack(shelf, [], tmp_path / "a.pack")
    path = shelf.path("a")
    content = bytearray(path.read_bytes())
    content[content.index(record("a", 0).arrays["0.values"].tobytes())] ^= 1
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"0\.values"):
        export_pack(shelf, ["a"], tmp_path / "a.pack")
    assert not (tmp_path / "a.pack").exists()


@pytest.mark.parametrize("sign", [True, False])
def test_a_flipped_bit_anywhere_or_a_cut_end_is_refused(tmp_path: Path, sign: bool) -> None:
    make_key(tmp_path / "key")
    made = library(tmp_path / "from", "a", "b")
    export_pack(made, ["a", "b"], tmp_path / "a.pack", key=tmp_path / "key" if sign else None)
    content = (tmp_path / "a.pack").read_bytes()
    kept = started(tmp_path / "to", 100)
    chance = random.Random(5)
    damaged = flipped(content, 500, chance) + cut(content, 60, chance) + [content + b"\0", b"", content[1:]]
    tally = refuse(damaged, kept, tmp_path)
    assert tally.faults == []
    assert tally.stopped == len(damaged)
    assert import_pack(tmp_path / "a.pack", kept, allow_unsigned=not sign).names == ("a", "b")


def test_a_member_that_was_changed_is_named(pack: Path, target: Library, tmp_path: Path) -> None:
    content = members(pack)
    name = [name for name in content if name.startswith("entries/")][1]
    other = library(tmp_path / "other", "x")
    content[name] = other.path("x").read_bytes()
    written(tmp_path / "b.pack", content)
    assert name in refused(tmp_path / "b.pack", target, "references.pack_disagrees")


def test_whoever_changes_a_pack_must_sign_it_again(pack: Path, target: Library, tmp_path: Path) -> None:
    content = members(pack)
    make_key(tmp_path / "mallory")
    manifest = content["manifest.json"].replace("세 개".encode(), "네 개".encode())
    changed = {**content, "manifest.json": manifest}
    refused(written(tmp_path / "b.pack", changed), target, "references.pack_signature")
    value = json.loads(content["signature"])
    public = read_public(tmp_path / "mallory.pub")
    wrong = [
        signature_bytes(public, bytes.fromhex(value["signature"])),
        signature_bytes(read_public(tmp_path / "key.pub"), bytes(64)),
        signature_bytes(bytes(32), bytes(64)),
        json.dumps(value).encode(),
        json.dumps({**value, "more": 1}, indent=1, sort_keys=True).encode(),
        json.dumps({**value, "signature": value["signature"].upper()}, indent=1, sort_keys=True).encode(),
        json.dumps({**value, "public_key": 3}, indent=1, sort_keys=True).encode(),
        b"{}",
    ]
    for raw in wrong:
        refused(written(tmp_path / "b.pack", {**content, "signature": raw}), target, "references.pack_signature")
    without = {name: data for name, data in content.items() if name != "signature"}
    refused(written(tmp_path / "b.pack", without), target, "references.pack_unsigned")
    report = import_pack(written(tmp_path / "b.pack", signed(changed, tmp_path / "mallory")), target)
    assert report.signed_by == fingerprint(public), "signed by somebody else, and said so"


def remade(content: dict[str, bytes], change: Callable[[dict[str, object]], object]) -> dict[str, bytes]:
    value = json.loads(content["manifest.json"])
    change(value)
    raw = json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True).encode()
    return {**content, "manifest.json": raw}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda value: value.update(schema="assayer.pack/2"), "references.newer"),
        (lambda value: value.update(schema="assayer.fingerprint/1"), "references.damaged"),
        (lambda value: value.pop("label"), "references.pack_form"),
        (lambda value: value.update(label=3), "references.pack_form"),
        (lambda value: value.update(label="x" * 1001), "references.pack_form"),
        (lambda value: value.update(more=1), "references.pack_form"),
        (lambda value: value.update(entries=[]), "references.pack_form"),
        (lambda value: value.update(entries={}), "references.pack_form"),
        (lambda value: value["entries"].append(value["entries"][0]), "references.pack_form"),
        (lambda value: value["entries"].pop(), "references.pack_member"),
        (lambda value: value["entries"].reverse(), "references.pack_member"),
        (lambda value: value["entries"][0].update(name="other"), "references.pack_form"),
        (lambda value: value["entries"][0].update(name=" con"), "references.pack_form"),
        (lambda value: value["entries"][0].update(member="../../x"), "references.pack_form"),
        (lambda value: value["entries"][0].update(bytes=1), "references.pack_disagrees"),
        (lambda value: value["entries"][0].update(bytes="1"), "references.pack_form"),
        (lambda value: value["entries"][0].update(sha256="0" * 64), "references.pack_disagrees"),
        (lambda value: value["entries"][0].update(sha256="0"), "references.pack_form"),
    ],
)
def test_a_manifest_of_another_form_is_refused_whoever_signed_it(
    pack: Path, target: Library, tmp_path: Path, change: Callable[[dict[str, object]], object], code: str
) -> None:
    content = signed(remade(members(pack), change), tmp_path / "key")
    refused(written(tmp_path / "b.pack", content), target, code)


def test_a_signed_entry_that_is_no_fingerprint_is_refused(pack: Path, target: Library, tmp_path: Path) -> None:
    """Its maker signed it, and still it must be whole and of the name it comes under."""
    import hashlib

    content = members(pack)
    name = next(name for name in content if name.startswith("entries/"))
    own = Library(tmp_path / "from").path(NAMES[0]).read_bytes()
    for data, code in ((b"not HDF5", "references.not_a_record"), (own, "references.misplaced")):

        def change(value: dict[str, object], data: bytes = data) -> None:
            row = next(row for row in value["entries"] if row["member"] == name)  # type: ignore[attr-defined]
            row.update(bytes=len(data), sha256=hashlib.sha256(data).hexdigest())

        changed = {**remade(content, change), name: data}
        written(tmp_path / "b.pack", signed(changed, tmp_path / "key"))
        before = target.entries()
        with pytest.raises(InputError) as caught:
            import_pack(tmp_path / "b.pack", target)
        assert caught.value.note.code == code
        assert target.entries() == before
        assert not list(target.folder.rglob(".assayer-*"))


def test_members_that_do_not_belong_are_refused(pack: Path, target: Library, tmp_path: Path) -> None:
    content = members(pack)
    for name in ("../../evil", "/etc/passwd", "entries/x.h5", "manifest.json/x", "extra"):
        message = refused(written(tmp_path / "b.pack", {**content, name: b"x"}), target, "references.pack_member")
        assert name in message
    missing = {name: data for name, data in content.items() if name != list(content)[-1]}
    assert list(content)[-1] in refused(written(tmp_path / "b.pack", missing), target, "references.pack_member")
    moved = {name: content[name] for name in reversed(content)}
    refused(written(tmp_path / "b.pack", moved), target, "references.pack_member")
    none = {name: data for name, data in content.items() if name != "manifest.json"}
    refused(written(tmp_path / "b.pack", none), target, "references.pack_form")


def test_other_archives_are_refused(pack: Path, target: Library, tmp_path: Path) -> None:
    """Compressed members, comments, duplicates, overlaps, a bomb: none is the form that Assayer writes."""
    content = members(pack)
    path = tmp_path / "b.pack"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in content.items():
            archive.writestr(name, data)
    refused(path, target, "references.pack_form")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("manifest.json", bytes(200 << 20))
    refused(path, target, "references.pack_form")
    with zipfile.ZipFile(path, "w") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        for name in ("manifest.json", "manifest.json"):
            archive.writestr(name, content["manifest.json"])
    refused(path, target, "checkpoint.zip_duplicate")
    whole = bytearray(pack.read_bytes())
    second = whole.rindex(b"PK\x01\x02")
    whole[second + 42 : second + 46] = struct.pack("<I", 0)
    path.write_bytes(whole)
    with pytest.raises(InputError, match=r"^b\.pack"):
        import_pack(path, target)
    path.write_bytes(b"PK\x05\x06" + bytes(18))
    refused(path, target, "references.pack_form")
    path.write_bytes(b"text")
    refused(path, target, "checkpoint.zip_cut")


def test_members_past_four_gibibytes_are_laid_out_as_zip64(tmp_path: Path) -> None:
    """The headers only: the contents are holes."""
    slots = [Slot("a", 5, 1), Slot("b", 5 << 30, 2), Slot("c", 6, 3)]
    path = tmp_path / "wide.zip"
    with path.open("wb") as file:
        for slot in slots:
            file.write(header(slot))
            file.seek(slot.nbytes, 1)
        file.write(directory(slots))
    with zipfile.ZipFile(path) as archive:
        assert [(info.filename, info.file_size, info.CRC) for info in archive.infolist()] == [
            (slot.name, slot.nbytes, slot.crc) for slot in slots
        ]
    folder = Folder.at(tmp_path)
    file = folder.open_file("wide.zip")
    check_form(file, list(read_directory(file).values()))
    file.close()
    folder.close()


def test_many_members_are_laid_out_as_zip64(tmp_path: Path) -> None:
    slots = [Slot(f"{number}", 0, 0) for number in range(70_000)]
    path = tmp_path / "many.zip"
    path.write_bytes(b"".join(map(header, slots)) + directory(slots))
    with zipfile.ZipFile(path) as archive:
        assert len(archive.namelist()) == 70_000


def test_a_key_is_its_owners_and_never_overwritten(tmp_path: Path) -> None:
    named = make_key(tmp_path / "key")
    assert stat.S_IMODE((tmp_path / "key").stat().st_mode) == 0o600
    assert named == fingerprint(read_public(tmp_path / "key.pub"))
    before = (tmp_path / "key").read_bytes()
    for name in ("key", "key.pub"):
        with pytest.raises(InputError, match="not overwritten"):
            make_key(tmp_path / name)
    (tmp_path / "key.pub").unlink()
    with pytest.raises(InputError, match="not overwritten"):
        make_key(tmp_path / "key")
    assert (tmp_path / "key").read_bytes() == before


@pytest.mark.parametrize("content", [b"", b"text", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"])
def test_what_is_no_key_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "key").write_bytes(content)
    for read in (read_private, read_public):
        with pytest.raises(InputError, match=r"^key: This is no Ed25519 key"):
            read(tmp_path / "key")
    with pytest.raises(InputError, match="no such file"):
        read_private(tmp_path / "missing")
    make_key(tmp_path / "good")
    with pytest.raises(InputError, match="no Ed25519 key"):
        read_private(tmp_path / "good.pub")
    with pytest.raises(InputError, match="no Ed25519 key"):
        read_public(tmp_path / "good")


def test_a_pack_can_be_looked_at_first(pack: Path) -> None:
    with open_pack(pack) as opened:
        assert {entry.name for entry in opened.manifest.entries} == set(NAMES)
        assert opened.signed_by.startswith("ed25519:")
        opened.verify()
