"""Names of references in the texts beside a candidate's weights."""

from __future__ import annotations

import dataclasses
import os
from pathlib import Path

import pytest

from inspector.disclosure import MAX_BYTES, MAX_FILES, MAX_MENTIONS, disclosure_of
from inspector.disclosure_results import Mention
from inspector.report.html import report_html, report_pages
from inspector.results import ReferenceFact
from inspector.review_results import Review
from tests.gui import canned


def reference(name: str) -> ReferenceFact:
    return ReferenceFact(name, canned.inspection(name))


def test_a_name_is_found_however_it_is_written(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("# Ours\n\nThe audio tower is openai/Whisper_large-V3, unchanged.\n", "utf-8")
    (tmp_path / "config.json").write_text('{"audio": {"_name_or_path": "/data/whisper-large-v3"}}', "utf-8")
    (tmp_path / "notes.bin").write_text("siglip-so400m", "utf-8")
    found = disclosure_of(tmp_path, [reference("whisper-large-v3.safetensors"), reference("siglip-so400m")])
    assert found is not None
    assert found.files == ("README.md", "config.json")
    name = "whisper-large-v3.safetensors"
    assert found.mentions == (
        Mention(name, "whisper large v3", "README.md", 3),
        Mention(name, "whisper large v3", "config.json", 1),
    )


def test_a_part_of_a_word_is_no_mention(tmp_path: Path) -> None:
    (tmp_path / "LICENSE").write_text("eclipse whisper-large-v30 xwhisper-large-v3", "utf-8")
    found = disclosure_of(tmp_path, [reference("clip"), reference("whisper-large-v3")])
    assert found is not None
    assert found.mentions == ()


def test_a_name_that_says_nothing_is_not_looked_for(tmp_path: Path) -> None:
    (tmp_path / "README").write_text("model encoder vit", "utf-8")
    found = disclosure_of(tmp_path, [reference("model.safetensors"), reference("vit"), reference("encoder")])
    assert found is not None
    assert found.searched == ()
    assert found.mentions == ()


def test_the_folder_of_a_file_is_looked_at(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("from reference_vision", "utf-8")
    (tmp_path / "a.safetensors").write_bytes(b"")
    found = disclosure_of(tmp_path / "a.safetensors", [reference("reference_vision")])
    assert found is not None
    assert [item.line for item in found.mentions] == [1]
    assert disclosure_of(tmp_path / "nowhere" / "x", [reference("reference_vision")]) is None


def test_links_pipes_and_large_texts_are_not_read(tmp_path: Path) -> None:
    outside = tmp_path / "outside.md"
    outside.write_text("reference_vision", "utf-8")
    folder = tmp_path / "candidate"
    folder.mkdir()
    (folder / "README.md").symlink_to(outside)
    os.mkfifo(folder / "LICENSE")
    (folder / "NOTICE").write_bytes(b"reference_vision\n" + b"\xff" * MAX_BYTES)
    found = disclosure_of(folder, [reference("reference_vision")])
    assert found is not None
    assert (found.files, found.left, found.mentions) == ((), ("NOTICE",), ())


def test_what_is_kept_is_bounded(tmp_path: Path) -> None:
    for number in range(MAX_FILES + 5):
        (tmp_path / f"{number:03}.md").write_text("reference_vision\n" * 3, "utf-8")
    found = disclosure_of(tmp_path, [reference("reference_vision")])
    assert found is not None
    assert (len(found.files), len(found.left), len(found.mentions)) == (MAX_FILES, 5, MAX_MENTIONS)


@pytest.mark.parametrize("text", ["trained from reference_vision", "all our own", None])
def test_the_audit_says_where_it_is_named(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / "README.md").write_text(text, "utf-8")
    whole = canned.comparison("candidate", ("reference_vision", "reference_audio"))
    judged = dataclasses.replace(whole, components=canned.findings())
    found = dataclasses.replace(judged, disclosure=disclosure_of(tmp_path, whole.references))
    html = report_html(report_pages(Review(found), found, {})).decode("utf-8")
    said = {
        "trained from reference_vision": "“reference vision” stands in README.md, line 1.",
        "all our own": "Not named in README.md.",
        None: "There is no README, model card, LICENSE or config beside the weights.",
    }[text]
    assert said in html
