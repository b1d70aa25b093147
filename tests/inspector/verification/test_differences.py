"""Where two documents differ: every pointer leads to its values, and nothing else is named."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.report.pointed import at
from inspector.verification.differences import close, differences

SCALARS = st.none() | st.booleans() | st.integers(-5, 5) | st.floats(allow_nan=False, allow_infinity=False) | st.text()
TREES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4))


@given(TREES)
def test_a_document_does_not_differ_from_itself(tree: Any) -> None:
    assert list(differences(tree, deepcopy(tree))) == []


@given(TREES, TREES)
def test_each_pointer_leads_to_both_values(before: Any, after: Any) -> None:
    found = list(differences(before, after))
    assert bool(found) == (json.dumps(before, sort_keys=True) != json.dumps(after, sort_keys=True)) or before == after
    for item in found:
        for tree, text in ((before, item.stored), (after, item.found)):
            if text and not text.endswith("…"):
                assert json.loads(text) == at(tree, item.pointer)


@pytest.mark.parametrize(
    ("before", "after", "pointer", "stored", "found"),
    [
        ({"a/b": [1, 2]}, {"a/b": [1]}, "/a~1b/1", "2", ""),
        ({"x": 1}, {"x": 1, "~": None}, "/~0", "", "null"),
        ({"x": True}, {"x": 1}, "/x", "true", "1"),
        ({"x": "derived"}, {"x": "identical"}, "/x", '"derived"', '"identical"'),
        ([0.5], [0.5000000001], "/0", "0.5", "0.5000000001"),
    ],
)
def test_what_is_said(before: Any, after: Any, pointer: str, stored: str, found: str) -> None:
    (item,) = differences(before, after)
    assert (item.pointer, item.stored, item.found) == (pointer, stored, found)


def test_figures_agree_as_far_as_machines_do() -> None:
    assert list(differences({"p": -300.0, "z": 0.5}, {"p": -300.0001, "z": 0.5 + 5e-7}, exact=False)) == []
    assert [item.pointer for item in differences([1.0, 0.0], [1.0, 2e-6], exact=False)] == ["/1"]
    assert close(float("nan"), float("nan"))
    assert not close(float("nan"), 0.0)
