"""Screening on models that were really trained: the parent first, strangers nothing, and the table that says so."""

from __future__ import annotations

import math
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from benchmarks.zoo.families import FAMILIES
from benchmarks.zoo.recipes import IMITATED, SCRATCH, Entry
from benchmarks.zoo.shelf import Zoo
from inspector.anatomy import find_components
from inspector.checkpoint import open_checkpoint
from inspector.errors import InputError
from inspector.evidence_results import DEPENDENT
from inspector.findings import Opened
from inspector.job import QUIET
from inspector.references import screening
from inspector.references.making import make_fingerprint
from inspector.references.opened import open_fingerprint
from inspector.references.projection import PRECISIONS
from inspector.references.screening import MOST_JUDGED, Reference, screen_components
from inspector.results import ComponentFinding
from inspector.screening_results import Screened

SEED = b"a seed for tests"
TRAINED = ("vision_encoder", "audio_encoder", "language_model")


@cache
def kept(path: Path, seed: bytes = SEED) -> Opened:
    with open_checkpoint(path) as checkpoint:
        made = make_fingerprint(checkpoint, find_components(checkpoint), seed, PRECISIONS["standard"])
    return open_fingerprint("/".join(path.parts[-2:]), made.facts, made.arrays.__getitem__)


def reference(zoo: Zoo, entry: Entry, name: str = "") -> Reference:
    opened = kept(zoo.path(entry))
    named = replace(opened, name=name or opened.name)
    return Reference(named.name, lambda: nullcontext(named))


def family_of(zoo: Zoo, family: str, kind: str = "") -> list[Entry]:
    return [entry for entry in zoo.models if entry.family == family and kind in ("", entry.kind)]


def screened(zoo: Zoo, candidate: Entry, library: Sequence[Reference]) -> tuple[ComponentFinding, Screened]:
    found = screen_components(kept(zoo.path(candidate)), library, None, QUIET, 20260101)
    finding = next(item for item in found if item.kind in TRAINED)
    assert finding.screened is not None
    return finding, finding.screened


@pytest.mark.parametrize("family", FAMILIES)
def test_a_derivative_finds_its_parent_and_no_stranger(zoo: Zoo, family: str) -> None:
    library = [reference(zoo, entry) for entry in family_of(zoo, family, SCRATCH)]
    for kind in ("extreme", "int4", "transplant_units"):
        candidate = family_of(zoo, family, kind)[0]
        finding, table = screened(zoo, candidate, library)
        assert finding.verdict in DEPENDENT, candidate.name
        if not candidate.host:
            assert finding.best_reference == f"{family}/00-{SCRATCH}"
            assert table.table.verdicts[1] in ("", "inconclusive")


@pytest.mark.parametrize("family", FAMILIES)
def test_what_was_trained_apart_finds_nothing(zoo: Zoo, family: str) -> None:
    strangers = [entry for entry in family_of(zoo, family, SCRATCH) if entry.seed == 1]
    students = family_of(zoo, family, IMITATED)
    for candidate in (*strangers, *students):
        others = [entry for entry in family_of(zoo, family) if entry.seed == 0 and not entry.host]
        library = [reference(zoo, entry) for entry in others if entry.kind != IMITATED]
        finding, table = screened(zoo, candidate, library)
        assert finding.verdict == "inconclusive", candidate.name
        assert not set(table.table.verdicts) & set(DEPENDENT)


def test_a_whole_library_is_in_the_table_in_order(zoo: Zoo) -> None:
    """Every reference has a row; those of another shape fit nothing; a family is named as one."""
    library = [reference(zoo, entry) for entry in zoo.models if entry.kind in (SCRATCH, "cast", "noise5")]
    candidate = family_of(zoo, "vit_gelu", "light")[0]
    finding, found = screened(zoo, candidate, library)
    table = found.table
    own = [name for name in table.references if name.startswith("vit_gelu/00-")]
    assert len(own) == 3
    assert set(table.references[:3]) == set(own)
    assert set(found.family) == set(own)
    assert found.margin is not None
    assert all(len(getattr(table, name)) == len(table.references) for name in ("z", "matched", "judged", "log10_p"))
    assert not table.judged[3:].any()
    assert finding.screened is found
    scores = np.maximum.reduce([table.z / 4.5, table.layer_z / 6.0, table.matched / 0.15])
    assert (np.diff(scores) <= 1e-9).all()
    for judged, verdict, bound in zip(table.judged, table.verdicts, table.log10_p, strict=True):
        assert bool(verdict) == bool(judged)
        assert judged or math.isnan(bound)


def test_every_reference_that_was_looked_at_is_paid_for(zoo: Zoo) -> None:
    """Nine strangers beside the parent make the bound ten times weaker than the parent alone does."""
    candidate = family_of(zoo, "vit_swiglu", "light")[0]
    parent, apart = family_of(zoo, "vit_swiglu", SCRATCH)[:2]
    bounds = []
    for size in (1, 10):
        strangers = [reference(zoo, apart, f"stranger {number}") for number in range(size - 1)]
        _, found = screened(zoo, candidate, [reference(zoo, parent), *strangers])
        assert (found.table.groups > 0).sum() == size
        bounds.append(found.table.log10_p[0])
    assert bounds[1] - bounds[0] == pytest.approx(1.0)


def test_the_one_that_stands_out_most_is_judged_in_any_case(zoo: Zoo) -> None:
    first, second = family_of(zoo, "whisper_audio", SCRATCH)[:2]
    finding, found = screened(zoo, second, [reference(zoo, first)])
    assert found.table.judged.tolist() == [True]
    assert finding.best is not None
    assert finding.best.evidence is not None
    assert finding.best.evidence.detection_limit is not None
    assert found.margin is None
    assert found.family == ()


def test_no_more_than_a_few_are_judged_and_the_rest_is_counted(zoo: Zoo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(screening, "MOST_JUDGED", 2)
    parent = family_of(zoo, "vit_gelu", SCRATCH)[0]
    candidate = family_of(zoo, "vit_gelu", "light")[0]
    library = [reference(zoo, parent, f"copy {number}") for number in range(5)]
    _, found = screened(zoo, candidate, library)
    assert found.table.judged.sum() == 2
    assert found.left == 3


def test_an_empty_library_says_nothing(zoo: Zoo) -> None:
    finding, found = screened(zoo, family_of(zoo, "vit_gelu", SCRATCH)[0], [])
    assert finding.verdict is None
    assert found.table.references == ()


def test_a_reference_of_another_seed_is_refused(zoo: Zoo) -> None:
    """Not judged, it would look like a stranger without a word: a copy of the candidate would be missed."""
    candidate = family_of(zoo, "vit_gelu", SCRATCH)[0]
    other = kept(zoo.path(candidate), bytes(16))
    library = [reference(zoo, candidate, "good"), Reference("other seed", lambda: nullcontext(other))]
    with pytest.raises(InputError) as caught:
        screened(zoo, candidate, library)
    assert caught.value.note.code == "references.projected_otherwise"


def test_references_are_opened_two_at_a_time_and_closed(zoo: Zoo) -> None:
    """A library of any size takes the memory of one reference a worker, and of those that are judged."""
    entries = family_of(zoo, "vit_gelu", SCRATCH)
    open_now, most = 0, 0

    class Counted:
        def __init__(self, opened: Opened) -> None:
            self.opened = opened

        def __enter__(self) -> Opened:
            nonlocal open_now, most
            open_now += 1
            most = max(most, open_now)
            return self.opened

        def __exit__(self, *_: object) -> None:
            nonlocal open_now
            open_now -= 1

    opened = kept(zoo.path(entries[0]))
    library = [Reference(f"reference {number}", lambda: Counted(opened)) for number in range(40)]
    screened(zoo, entries[1], library)
    assert open_now == 0
    assert 0 < most <= max(MOST_JUDGED, 2)
