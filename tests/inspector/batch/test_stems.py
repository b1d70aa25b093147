"""Names of files that a batch writes: safe anywhere, no two alike."""

from __future__ import annotations

import re
import unicodedata
from pathlib import PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.batch.stems import MAX_BYTES, stems

ODD = ("", ".", "..", "a/../../b", "CON", "con.txt", "index", "INDEX", "-r", "a:b", "nul .x", "\udc80", "é", "e\u0301")
NAMES = st.lists(st.one_of(st.text(max_size=200), st.sampled_from(ODD)), max_size=12)


@given(NAMES)
def test_every_name_gives_a_file_of_its_own_that_every_system_takes(names: list[str]) -> None:
    found = stems(names)
    assert len(found) == len(names)
    assert len({unicodedata.normalize("NFC", stem.casefold()) for stem in found}) == len(names)
    for stem in found:
        assert 0 < len(stem.encode("utf-8")) <= MAX_BYTES
        assert not re.search(r'[<>:"/\\|?*\x00-\x1f]', stem)
        assert stem == stem.strip(" .")
        assert stem[0] not in "-."
        assert not PureWindowsPath(f"{stem}.assay").is_reserved()
        assert stem.casefold() != "index"


@pytest.mark.parametrize("name", ["팀 가람", "Team A (2)", "model-v2.1+lora"])
def test_a_plain_name_stays_as_it_is(name: str) -> None:
    assert stems([name]) == (name,)


def test_the_number_of_an_equal_name_fits_too() -> None:
    found = stems(["가" * 100] * 12)
    assert len(set(found)) == 12
    assert max(len(stem.encode("utf-8")) for stem in found) <= MAX_BYTES
