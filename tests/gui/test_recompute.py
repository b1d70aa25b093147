"""The copied command: it is run in a real shell, and gives the very figure that the window shows."""

from __future__ import annotations

import json
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

import resources
from gui import recompute
from gui.control import EVIDENCE, LAYERS, LIBRARY, MATCHES, SCREENING, SUMMARY
from gui.process import engine_command
from gui.recompute import Work, line, pointer, tensor_command, work_command
from gui.window import MainWindow
from inspector.results import ALL_ROLES, Measured
from tests.gui.conftest import ROOT, MakeWindow
from tests.gui.test_window import compare

DEMO = resources.path("demo")
INSPECTOR = (sys.executable, "-m", "inspector")
BASH = shutil.which("bash")


@pytest.fixture(autouse=True)
def this_tree(monkeypatch: pytest.MonkeyPatch) -> None:
    """Start the inspector of this tree, whatever is installed beside the interpreter."""
    monkeypatch.setattr(recompute, "program", lambda: INSPECTOR)


def copied(window: MainWindow) -> str:
    """Press the key's command and return what is in the clipboard."""
    QGuiApplication.clipboard().clear()
    action = window.actions_table.by_id["copy_command"]
    assert action.isEnabled()
    action.trigger()
    return QGuiApplication.clipboard().text()


def ran(command: str) -> Any:
    """Run a command as a user would who pastes it into a shell, and return its JSON."""
    assert BASH is not None
    done = subprocess.run([BASH, "-c", command], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def finish(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: window.session.job == 0 and bool(window.session.findings), timeout=60_000)


@pytest.mark.skipif(BASH is None, reason="the command is quoted for bash")
def test_every_tab_s_command_gives_the_figure_on_the_screen(
    qtbot: QtBot, make_window: MakeWindow, tmp_path: Path
) -> None:
    window = make_window(command=engine_command())
    sample = tmp_path / 'it\'s a "sample" $HOME ü'
    shutil.copytree(DEMO, sample, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    window.control.open_paths([sample / name for name in ("candidate", "reference_vision", "reference_audio")])
    finish(window, qtbot)
    layers, tensor, evidence = window.layers, window.tensor, window.evidence
    assert layers is not None
    assert tensor is not None
    assert evidence is not None
    findings = window.session.findings
    audio = next(finding for finding in findings.values() if finding.kind == "audio_encoder")
    vision = next(finding for finding in findings.values() if finding.kind == "vision_encoder")
    assert vision.best is not None
    assert audio.best is not None

    window.tabs.setCurrentIndex(SUMMARY)
    window.setFocus()
    whole = ran(copied(window))
    told = {component["name"]: component for component in whole["components"]}
    assert list(told) == list(findings)
    assert [component["verdict"] for component in told.values()] == [f.verdict for f in findings.values()]

    window.summary.show_card(audio.name)
    card = ran(copied(window))
    assert (card["name"], card["verdict"]) == (audio.name, audio.verdict)
    assert card["against"][0]["similarity"]["cosine"] == audio.best.similarity["cosine"].value

    layers.show_component(vision.name)
    layers._role.choose("mlp.up.weight")
    layers._measure.choose("cosine")
    layers.heatmap.move_to((4, 5))
    window.tabs.setCurrentIndex(LAYERS)
    assert layers.matrix is not None
    assert layers.matrix.role != ALL_ROLES
    assert ran(copied(window)) == float(layers.heatmap.values[4, 5])

    window.tabs.setCurrentIndex(MATCHES)
    window.matches.table.selectRow(11)
    row = ran(copied(window))
    place = int(window.matches.pairs.rows[11])
    source = window.matches.pairs.source
    assert (row["candidate"], row["reference"]) == (source.candidates[place], source.references[place])
    assert row["cosine"] == float(source.values("cosine")[place])

    window.trips.open_row(place)
    qtbot.waitUntil(lambda: tensor.view is not None, timeout=30_000)
    pair = ran(copied(window))
    assert tensor.view is not None
    assert pair["candidate"]["tensor"] == tensor.view.candidate.name
    assert {name: entry["value"] for name, entry in pair["similarity"].items()} == values(tensor.view.measures)

    window.open_evidence(vision.name)
    test = evidence.tests.selected
    assert test is not None
    counted = ran(copied(window))
    assert (counted["test"], counted["z"], counted["statistic"]) == (test.test, test.z, test.statistic)
    evidence.panes.setCurrentIndex(1)
    judged = ran(copied(window))
    assert evidence.against is not None
    assert evidence.against.evidence is not None
    assert judged["z"] == evidence.against.evidence.z
    assert not [message.note for message in window.log.messages if message.level == "error"]


def values(measures: Any) -> dict[str, float | None]:
    found: dict[str, Measured] = dict(measures)
    return {name: measured.value for name, measured in found.items()}


@pytest.mark.skipif(BASH is None, reason="the command is quoted for bash")
def test_a_screening_and_a_lineage_are_recomputed(qtbot: QtBot, make_window: MakeWindow, tmp_path: Path) -> None:
    window = make_window(command=engine_command())
    window.shelves.use(tmp_path / "library")
    qtbot.waitUntil(lambda: not window.shelf.job, timeout=60_000)
    window.shelves.show_library()
    assert not window.actions_table.by_id["copy_command"].isEnabled(), "a library is not computed"
    window.shelves.take([DEMO / "reference_vision", DEMO / "reference_audio"])
    qtbot.waitUntil(lambda: not window.shelf.job, timeout=60_000)
    window.control.open_candidate(DEMO / "candidate")
    qtbot.waitUntil(lambda: window.session.job == 0, timeout=60_000)
    window.shelves.screen()
    finish(window, qtbot)
    window.tabs.setCurrentIndex(SCREENING)
    command = copied(window)
    assert shlex.split(command)[3] == "screen"
    whole = ran(command)
    findings = window.session.findings
    assert [component["verdict"] for component in whole["components"]] == [f.verdict for f in findings.values()]
    last = list(findings.values())[-1]
    window.tabs.setCurrentIndex(SUMMARY)
    qtbot.waitUntil(lambda: len(window.summary.cards) == len(findings))
    window.summary.show_card(last.name)
    assert ran(copied(window))["name"] == last.name

    window.control.show_lineage()
    page = window.lineage.page
    assert page is not None
    qtbot.waitUntil(lambda: page.lineage is not None, timeout=60_000)
    window.actions_table.refresh()
    lineage = ran(copied(window))
    assert page.lineage is not None
    assert len(lineage["nodes"]) == len(page.lineage.nodes)
    assert len(lineage["edges"]) == len(page.lineage.edges)


def test_the_command_is_in_the_context_menus_and_is_told(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window()
    compare(window, qtbot)
    assert window.layers is not None
    assert window.evidence is not None
    parts = ((LAYERS, window.layers.heatmap), (MATCHES, window.matches.table),
             (EVIDENCE, window.evidence.tests.table), (SUMMARY, window.summary))  # fmt: skip
    for tab, part in parts:
        window.tabs.setCurrentIndex(tab)
        assert offered(part)[-1] == "Copy the command that recomputes this", part
    text = copied(window)
    assert [message.note.code for message in window.log.messages][-1] == "gui.command_copied"
    assert text[:60] in window.log.list.item(window.log.list.count() - 1).text(), "a long one is cut"


def offered(part: QWidget) -> list[str]:
    """Return what a widget's context menu offers; opened, Qt would wait for it to close."""
    assert part.contextMenuPolicy() == Qt.ContextMenuPolicy.ActionsContextMenu
    return [action.text() for action in part.actions()]


def test_there_is_nothing_to_copy_before_there_is_a_finding(make_window: MakeWindow) -> None:
    window = make_window()
    window.actions_table.refresh()
    assert not window.actions_table.by_id["copy_command"].isEnabled()
    window.tabs.setCurrentIndex(LIBRARY)
    assert window.copying.arguments() == []


@pytest.mark.skipif(BASH is None, reason="the oracle is bash itself")
def test_bash_reads_every_word_back() -> None:
    assert BASH is not None
    hard = ["", "a b", "it's", "$HOME `id` $(id)", "a\nb", "\x1b[201~\rid\n", "\u202ereversed", "한글", "-x", "*?[!a]"]
    hard += ["back\\slash", "\udcff", "tab\there", "#no", "~", "a;b|c&d", '"', *map(chr, range(1, 128))]
    code = r"import os, sys; sys.stdout.buffer.write(os.fsencode('\0'.join(sys.argv[1:])))"
    show = f"{shlex.quote(sys.executable)} -c {shlex.quote(code)} "
    pasted = show + line(hard, windows=False)
    assert all(char.isprintable() for char in line(hard, windows=False)), "nothing in it can end a paste"
    done = subprocess.run([BASH, "-c", pasted], capture_output=True, timeout=60)
    assert done.stdout.decode("utf-8", "surrogateescape").split("\0") == hard


def windows_words(text: str) -> list[str]:
    """Take a command line apart as a Windows program's C library does."""
    words: list[str] = []
    word, quoted, begun, slashes = "", False, False, 0
    for char in text + " ":
        if char == "\\":
            slashes, begun = slashes + 1, True
            continue
        if char == '"':
            word += "\\" * (slashes // 2)
            begun = True
            if slashes % 2:
                word += '"'
            else:
                quoted = not quoted
        else:
            word += "\\" * slashes
            if char in " \t" and not quoted:
                words += [word] if begun else []
                word, begun = "", False
            else:
                word, begun = word + char, True
        slashes = 0
    return words


printable = st.text(st.characters(exclude_categories=["Cc", "Cs", "Cf"]) | st.sampled_from('\\" %&|^'), max_size=20)


@given(st.lists(printable, max_size=5))
def test_windows_reads_every_word_back(words: list[str]) -> None:
    text = line(words, windows=True)
    assert windows_words(text) == words
    for word in words:
        if set(word) & set("&|<>^()% "):
            assert line([word], windows=True).startswith('"'), "the Command Prompt would act on it"


@given(st.lists(printable | st.integers(0, 99), max_size=5))
def test_a_pointer_finds_its_way(steps: list[str | int]) -> None:
    from inspector.report.pointed import at

    document: Any = "found"
    for step in reversed(steps):
        document = {str(step): document} if isinstance(step, str) else [None] * step + [document]
    assert at(document, pointer(*steps)) == "found"


def test_a_screening_always_looks_at_every_component() -> None:
    work = Work(Path("/c"), library=Path("/l"))
    assert work_command(work, "vision_encoder", "/components/1") == [
        "screen", "/c", "--library", "/l", "--at", "/components/1"
    ]  # fmt: skip


def test_a_tensor_whose_name_looks_like_an_option_stays_a_name() -> None:
    words = tensor_command(Path("/c"), Path("/r"), ("--json", "-x"), "mlp.up.weight")
    assert words[3:6] == ["--tensor=--json", "--reference-tensor=-x", "--role=mlp.up.weight"]


def test_the_program_is_the_one_beside_this_interpreter(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.undo()
    for name in ("here", "elsewhere"):
        (tmp_path / name).mkdir()
        for tool in ("python", "assayer"):
            (tmp_path / name / tool).write_text("#!/bin/sh\n")
            (tmp_path / name / tool).chmod(0o700)
    here = tmp_path / "here"
    monkeypatch.setattr(sys, "executable", str(here / "python"))
    monkeypatch.setenv("PATH", str(here))
    assert recompute.program() == ("assayer",)
    monkeypatch.setenv("PATH", str(tmp_path / "elsewhere"))
    assert recompute.program() == (str(here / "assayer"),), "another installation may compute something else"
    (here / "assayer").unlink()
    assert recompute.program() == (str(here / "python"), "-m", "inspector")
