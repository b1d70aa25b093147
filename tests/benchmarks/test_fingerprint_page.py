"""A page of which a part is measured again: the rest stays as it is."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

from benchmarks.fingerprints import renewed
from benchmarks.marked import block, fill

PAIR: Any = SimpleNamespace(family="public", candidate="a", reference="b")


def test_rows_of_other_families_stay_where_they_are() -> None:
    old = "| family |\n|---|\n| first | 1 |\n| public | 2 |\n| public | 3 |\n| zoo | 4 |"
    new = "| family |\n|---|\n| public | 5 |"
    assert renewed(old, new, [PAIR]) == "| family |\n|---|\n| first | 1 |\n| public | 5 |\n| zoo | 4 |"


def test_a_list_loses_and_gains_only_what_was_judged_again() -> None:
    old = "- a against b (x)\n- c against d (x)"
    assert renewed(old, "None.", [PAIR]) == "- c against d (x)"
    assert renewed("- a against b (x)", "None.", [PAIR]) == "None."
    assert renewed("None.", "- a against b (y)", [PAIR]) == "- a against b (y)"


def test_a_block_is_read_as_it_was_filled(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("before\n<!-- name -->\nold\n<!-- /name -->\nafter\n")
    fill(page, "name", "new\nlines")
    assert block(page, "name") == "new\nlines"
    assert page.read_text() == "before\n<!-- name -->\nnew\nlines\n<!-- /name -->\nafter\n"
