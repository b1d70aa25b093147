"""Every message of the library that the code names has words."""

from __future__ import annotations

import re
from pathlib import Path

import resources

_ROOT = Path(__file__).parents[3]
_CODE = re.compile(r'"(references\.[a-z_]+(?:\.[a-z_]+)*)"')


def test_every_code_has_a_sentence() -> None:
    worded = resources.load_json("translations/en/references.json")
    named = {
        code
        for folder in ("inspector", "gui")
        for path in (_ROOT / folder).rglob("*.py")
        for code in _CODE.findall(path.read_text("utf-8"))
    }
    assert len(named) > 40
    assert named <= set(worded)
