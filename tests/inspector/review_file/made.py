"""A review of the sample and one of made-up results with every kind of array and awkward name."""

from __future__ import annotations

import dataclasses
from functools import cache
from pathlib import Path

import resources
from inspector import results
from inspector.decisions import DecisionLog, Subject
from inspector.errors import Note
from inspector.protocol import Event, encode
from inspector.results import Comparison
from inspector.review import compare
from inspector.review_file import review_bytes, review_of
from inspector.review_results import Review
from tests.gui import canned

DEMO = resources.path("demo")
REFERENCES = [DEMO / "reference_vision", DEMO / "reference_audio"]
ODD = ("a\u202egnp", "한글", "\x1f", "nul\0", "\udc80", "", "../../etc", "=cmd()", "<b>")


@cache
def sample() -> Comparison:
    return compare(DEMO / "candidate", REFERENCES)


def awkward() -> Comparison:
    """Made-up results with hostile names, numbers that JSON has not, and a disguise with its maps."""
    whole = canned.comparison("candidate_disguised", ("reference_vision", "reference_audio"))
    table = whole.candidate.tensors
    names = (*ODD, *table.names[len(ODD) :])
    candidate = dataclasses.replace(whole.candidate, tensors=dataclasses.replace(table, names=names))
    first, *others = whole.components
    measured = results.Measured(float("inf"), results.Null(float("nan"), None), 3, "cosine")
    against = dataclasses.replace(
        first.against[0], similarity={**first.against[0].similarity, "centred_correlation": measured}
    )
    first = dataclasses.replace(first, against=(against,))
    warnings = (Note("similarity.reference_unused", file=ODD[0]),)
    return dataclasses.replace(whole, candidate=candidate, components=(first, *others), warnings=warnings)


def decided() -> DecisionLog:
    log = DecisionLog().added("confirm", Subject("part0"), text=ODD[0], who="ㄱ", when="2026-01-05T10:00:00")
    log = log.added("flag", Subject("part0", "reference_vision", "encoder", *ODD[:2]), who="a").undone(who="b")
    return log.added("note", Subject("part1"), text="한 줄\n두 줄")


def review(comparison: Comparison | None = None) -> Review:
    return review_of(comparison or awkward(), "candidate", ["reference_vision"], decisions=decided(), confined="none")


def whole_file(folder: Path) -> bytes:
    return review_bytes(review(), folder)


def frame(item: object) -> bytes:
    """Everything in a result as bytes: arrays have no equality of one truth."""
    return encode(Event(0, "result", payload=item))
