"""Every code that the readers raise has its sentence in both languages, and no sentence is left over."""

from __future__ import annotations

import re
import string
from pathlib import Path

import inspector.checkpoint
import resources

SOURCE = "".join(path.read_text(encoding="utf-8") for path in Path(inspector.checkpoint.__file__).parent.glob("*.py"))
SENTENCES = {lang: resources.load_json(f"translations/{lang}/checkpoint.json") for lang in ("en", "ko")}


def used_codes() -> set[str]:
    """Codes written out, and those made of a prefix: _Refused("json_...") and the table of sniff."""
    written = set(re.findall(r'"(checkpoint\.[a-z_0-9]+)"', SOURCE))
    refused = {f"checkpoint.{name}" for name in re.findall(r'_Refused\("(json_[a-z]+)"', SOURCE)}
    table = {f"checkpoint.{name}" for name in re.findall(r'\(\d+, b"[^"]+", "([a-z_]+)"\)', SOURCE)}
    return written | refused | table


def placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def test_codes_and_sentences_are_the_same_set() -> None:
    assert set(SENTENCES["en"]) == used_codes()
    assert set(SENTENCES["ko"]) == used_codes()


def test_both_languages_say_the_same_facts() -> None:
    for code, sentence in SENTENCES["en"].items():
        assert placeholders(sentence) == placeholders(SENTENCES["ko"][code]), code
