"""The desktop's entry: its files say the same, hold to their specifications, and can be put in place and taken out."""

from __future__ import annotations

import configparser
import re
import shutil
import subprocess
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

import resources
from gui import app, desktop, system
from gui.drops import PACK

CHANGELOG = Path(__file__).parents[2] / "CHANGELOG.md"
MIME = "{http://www.freedesktop.org/standards/shared-mime-info}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
HDF5 = "application/x-hdf"  # described by the desktop itself


def entry(text: str) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(interpolation=None, delimiters="=", strict=True)
    parser.optionxform = str  # type: ignore[method-assign,assignment]
    parser.read_string(text)
    return parser


def shipped() -> configparser.ConfigParser:
    return entry(resources.path("desktop/assayer.desktop").read_text(encoding="utf-8"))


def types() -> dict[str, ET.Element]:
    root = ET.parse(resources.path("desktop/assayer.xml")).getroot()
    return {found.attrib["type"]: found for found in root}


def metainfo() -> ET.Element:
    return ET.parse(resources.path("desktop/assayer.metainfo.xml")).getroot()


def test_all_three_name_the_same_types() -> None:
    opened = [name for name in shipped()["Desktop Entry"]["MimeType"].split(";") if name]
    assert sorted(opened) == sorted([*types(), HDF5])
    assert sorted(opened) == sorted(found.text or "" for found in metainfo().iter("mediatype"))


def test_every_type_has_words_globs_and_an_icon_that_is_installed() -> None:
    icons = {Path(place).stem for place in desktop.PLACES.values()}
    for name, found in types().items():
        assert {note.get(LANG, "en") for note in found.iter(f"{MIME}comment")} == {"en", "ko"}, name
        assert list(found.iter(f"{MIME}glob")), name
        icon = found.find(f"{MIME}icon")
        assert icon is not None, name
        assert icon.attrib["name"] in icons


def test_the_programs_own_files_have_their_types() -> None:
    globs = {glob.attrib["pattern"]: name for name, found in types().items() for glob in found.iter(f"{MIME}glob")}
    assert globs["*.assay"] == "application/vnd.assayer.review"
    assert globs[f"*{PACK}"] == "application/vnd.assayer.pack"
    assert "*.bin" not in globs  # most files of that name are something else


def test_the_entry_starts_the_window_with_files() -> None:
    parser = shipped()
    main = parser["Desktop Entry"]
    assert main["Exec"] == "assayer-window %F"
    assert main["Comment[ko]"] != main["Comment"]
    for action in main["Actions"].strip(";").split(";"):
        section = parser[f"Desktop Action {action}"]
        assert section["Name[ko]"]
        system.parse(section["Exec"].split()[1:])


def test_the_metainfo_says_what_the_changelog_says() -> None:
    dated = re.findall(r"^## (\S+) \((\d{4}-\d\d-\d\d)\)$", CHANGELOG.read_text(encoding="utf-8"), re.M)
    found = [(release.attrib["version"], release.attrib["date"]) for release in metainfo().iter("release")]
    assert found == dated
    assert metainfo().findtext("project_license") == "Apache-2.0"
    assert metainfo().findtext("launchable") == "assayer.desktop"
    for tag in ("summary", "p"):
        languages = [found.get(LANG, "en") for found in metainfo().iter(tag)]
        assert languages.count("en") == languages.count("ko") > 0


def test_everything_beside_it_is_installed_and_every_icon_draws(qapp: object) -> None:
    from PySide6.QtSvg import QSvgRenderer

    sources = {name for name in desktop.PLACES if name.startswith("desktop/")}
    assert sources == {f"desktop/{path.name}" for path in resources.path("desktop").iterdir()}
    for source in desktop.PLACES:
        if source.endswith(".svg"):
            assert QSvgRenderer(str(resources.path(source))).isValid(), source


@pytest.mark.parametrize(
    ("tool", "arguments", "file"),
    [
        ("desktop-file-validate", [], "assayer.desktop"),
        ("appstreamcli", ["validate", "--no-net"], "assayer.metainfo.xml"),
        ("xmllint", ["--noout"], "assayer.xml"),
    ],
)
def test_the_desktops_own_checks_pass(tool: str, arguments: list[str], file: str) -> None:
    if shutil.which(tool) is None:
        pytest.skip(f"{tool} is not installed")
    done = subprocess.run([tool, *arguments, str(resources.path("desktop") / file)], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_it_is_put_in_place_and_taken_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setattr(desktop.sys, "platform", "linux")
    other = tmp_path / "applications" / "other.desktop"
    other.parent.mkdir()
    other.write_text("[Desktop Entry]\nType=Application\nName=Other\nExec=true\n")
    assert app.main(["--install-desktop"]) == 0
    for place in desktop.PLACES.values():
        assert (tmp_path / place).stat().st_size > 0
    installed = entry((tmp_path / "applications/assayer.desktop").read_text(encoding="utf-8"))
    assert installed["Desktop Entry"]["Exec"].endswith(" %F")
    assert Path(desktop.program()[0]).is_file()
    assert desktop.quote(desktop.program()[0]) in installed["Desktop Entry"]["Exec"]
    if shutil.which("update-mime-database"):
        assert "50:application/vnd.assayer.review:*.assay" in (tmp_path / "mime/globs2").read_text()
    else:
        assert f"update-mime-database {tmp_path / 'mime'}" in capsys.readouterr().err
    assert app.main(["--uninstall-desktop"]) == 0
    assert not any((tmp_path / place).exists() for place in desktop.PLACES.values())
    assert other.exists()


def test_a_folder_that_cannot_be_written_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "file"))
    monkeypatch.setattr(desktop.sys, "platform", "linux")
    assert app.main(["--install-desktop"]) == 4
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_a_relative_data_folder_counts_as_none() -> None:
    assert desktop.data_folder({"XDG_DATA_HOME": "here"}) == Path.home() / ".local/share"


@pytest.mark.parametrize(
    ("argument", "quoted"),
    [
        ("/usr/bin/assayer-window", "/usr/bin/assayer-window"),
        ("/opt/my tools/a", '"/opt/my tools/a"'),
        ("/opt/100%/a", '"/opt/100%%/a"'),
        ('/opt/$a`b"c', '"/opt/\\\\$a\\\\`b\\\\"c"'),
        ("/opt/back\\slash", '"/opt/back\\\\\\\\slash"'),
    ],
)
def test_paths_are_quoted_as_the_specification_says(argument: str, quoted: str) -> None:
    assert desktop.quote(argument) == quoted
