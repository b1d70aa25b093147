"""Every visible string has a Korean translation, and the compiled file is the one of the source file."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

import resources
from tests.gui.conftest import ROOT

SOURCES = sorted((ROOT / "gui").rglob("*.py"))
TS = ROOT / "resources/translations/assayer_ko.ts"
_MARKERS = {"tr", "translate", "QT_TRANSLATE_NOOP"}
_FIELD = re.compile(r"\{(\w+)\}")

Strings = dict[tuple[str, str], str | None]


def read(file: Path) -> Strings:
    root = ElementTree.fromstring(file.read_text(encoding="utf-8"))
    found: Strings = {}
    for context in root.iter("context"):
        for message in context.iter("message"):
            translation = message.find("translation")
            assert translation is not None
            key = (context.findtext("name", ""), message.findtext("source", ""))
            found[key] = None if translation.get("type") else translation.text
    return found


def tool(name: str) -> str:
    found = shutil.which(name, path=str(Path(sys.executable).parent)) or shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


def test_every_string_of_the_window_is_translated(tmp_path: Path) -> None:
    fresh = tmp_path / "fresh_ko.ts"
    subprocess.run([tool("pyside6-lupdate"), *map(str, SOURCES), "-ts", str(fresh)], check=True, capture_output=True)
    wanted, have = set(read(fresh)), read(TS)
    assert wanted - set(have) == set(), "run pyside6-lupdate and translate"
    assert set(have) - wanted == set(), "run pyside6-lupdate -no-obsolete"
    assert [key for key, text in have.items() if not text] == []


def test_placeholders_are_the_same_in_both_languages() -> None:
    wrong = [key for key, text in read(TS).items() if set(_FIELD.findall(key[1])) != set(_FIELD.findall(text or ""))]
    assert wrong == []


def test_the_compiled_translations_are_up_to_date(tmp_path: Path) -> None:
    fresh = tmp_path / "fresh.qm"
    subprocess.run([tool("pyside6-lrelease"), str(TS), "-qm", str(fresh)], check=True, capture_output=True)
    assert fresh.read_bytes() == TS.with_suffix(".qm").read_bytes(), "run pyside6-lrelease"


@pytest.mark.parametrize("file", SOURCES, ids=lambda path: path.stem)
def test_only_literal_strings_are_marked(file: Path) -> None:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if name == "tr" or (name in _MARKERS and name == "QT_TRANSLATE_NOOP"):
                assert all(isinstance(part, ast.Constant) for part in node.args), f"{file.name}:{node.lineno}"
            assert not (name in _MARKERS and any(isinstance(part, ast.JoinedStr) for part in node.args))


def test_the_engines_notes_of_the_window_are_in_both_languages() -> None:
    english, korean = (resources.load_json(f"translations/{code}/gui.json") for code in ("en", "ko"))
    assert english.keys() == korean.keys()
    for code, sentence in english.items():
        assert set(_FIELD.findall(sentence)) == set(_FIELD.findall(korean[code])), code
    used = {name for file in SOURCES for name in re.findall(r'"(gui\.[a-z_]+)"', file.read_text(encoding="utf-8"))}
    assert used == set(english)
