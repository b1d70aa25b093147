"""The JSON of a comparison: the contract's fields, no number that JSON cannot hold, nothing left out in silence."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import numpy as np
import pytest

from inspector import results
from inspector.evidence_results import VERDICTS
from inspector.report.document import comparison_document, to_json
from tests.gui import canned

PAIR = {
    "reference", "reference_component", "verdict", "reason", "log10_p", "log10_p_gauss", "exact", "similarity",
    "inherited_fraction", "detection_limit", "coverage", "tests", "layers", "layer_matrix", "disguises", "nature",
    "excluded",
}  # fmt: skip
TEST = {"test", "statistic", "z", "log10_p", "n", "exact", "rejects", "null", "controls"}


def document(candidate: str = "verdicts") -> dict[str, Any]:
    whole: dict[str, Any] = json.loads(to_json(comparison_document(canned.comparison(candidate, ("ref_vision",)))))
    return whole


def pair(verdict: str) -> dict[str, Any]:
    found: dict[str, Any] = next(c["against"][0] for c in document()["components"] if c["verdict"] == verdict)
    return found


@pytest.mark.parametrize("verdict", VERDICTS)
def test_every_verdict_has_the_fields_of_the_contract(verdict: str) -> None:
    found = pair(verdict)
    assert found.keys() >= PAIR
    assert found["verdict"] == verdict
    assert found["reason_text"]
    assert found["sentence"]
    assert "." not in found["reason"]
    assert [test["test"] for test in found["tests"]] == ["identity", "permutation_z", "coincidence", "gram", "heads"]
    for test in found["tests"]:
        assert test.keys() >= TEST
    assert all(layer["z"] is not None for layer in found["layers"])
    assert len(found["groups"]) == len(canned.canned_evidence.group_table(1.0).groups)


def test_a_finding_says_what_is_not_settled() -> None:
    derived = pair("derived")
    assert derived["nature"]["kind"] == "fine_tuned"
    assert derived["nature"]["origin"] == "ambiguous"
    assert "shares a common origin with ref_audio" in derived["sentence"]
    assert "is not settled" in derived["sentence"]
    assert derived["sentence"] == document()["components"][1]["sentence"]


def test_a_negative_has_its_detection_limit_and_a_positive_its_bound() -> None:
    assert pair("no_dependence_found")["detection_limit"] == {"r": 0.0123, "units": 0.0156}
    assert pair("identical")["detection_limit"] is None
    assert pair("derived")["log10_p"] < -300
    assert pair("derived")["exact"] is True


def test_what_no_test_examined_is_listed_with_its_reason() -> None:
    listed = [entry for entry in pair("derived")["excluded"] if entry["stage"] == "evidence"]
    assert listed[0]["reason"] == "evidence.left_out.input_features"
    assert all(entry["text"] for entry in listed)


def test_undefined_and_infinite_numbers_are_null() -> None:
    finding = canned.finding(0, "vision_encoder", 1.0, "ref_vision", "derived")
    evidence = finding.against[0].evidence
    assert evidence is not None
    groups = dataclasses.replace(evidence.groups, z=np.full_like(evidence.groups.z, np.nan))
    odd = dataclasses.replace(evidence, log10_p=-np.inf, z=np.inf, log10_p_gauss=np.nan, groups=groups)
    against = dataclasses.replace(finding.against[0], evidence=odd, layers=(results.LayerScore(0, 0, np.nan, np.nan),))
    whole = canned.comparison("verdicts", ("ref_vision",))
    whole = dataclasses.replace(whole, components=(dataclasses.replace(finding, against=(against,)),))
    text = to_json(comparison_document(whole))
    assert "NaN" not in text
    assert "Infinity" not in text
    found = json.loads(text)["components"][0]["against"][0]
    assert (found["log10_p"], found["z"], found["groups"][0]["z"], found["layers"][0]["z"]) == (None,) * 4


def test_without_evidence_the_fields_are_there_and_empty() -> None:
    found = document("unjudged")["components"][0]["against"][0]
    assert found.keys() >= PAIR
    assert found["verdict"] is None
    assert (found["tests"], found["detection_limit"], found["nature"]) == ([], None, None)


def test_the_sentences_about_the_whole_are_worded() -> None:
    overall = document()["overall"]
    assert overall[0]["code"] == "evidence.overall.identical"
    assert "ref_vision" in overall[0]["text"]


def test_a_name_that_has_no_utf8_form_is_written_as_its_escape() -> None:
    text = to_json({"name": "a\ud800é"})
    assert json.loads(text.encode("utf-8")) == {"name": "a\ud800é"}
