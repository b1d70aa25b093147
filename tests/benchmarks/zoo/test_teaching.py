"""Students: their start is their own, they learn from their teacher, and the plans of everything else stand."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, replace
from pathlib import Path

import pytest
import torch

from benchmarks.zoo import making, recipes, shelf, teaching
from benchmarks.zoo.families import FAMILIES, pupil
from benchmarks.zoo.recipes import DISTILLED, IMITATED, RECIPES, SCRATCH, Entry
from benchmarks.zoo.subjects import FIRST

pytestmark = pytest.mark.usefixtures("settled")
FAMILY = FAMILIES["gqa_decoder"]
STUDENTS = (DISTILLED, IMITATED)


def planned(kind: str, steps: int) -> Entry:
    return replace(recipes.trained(FAMILY, 0, kind, RECIPES[kind], FAMILY.few), steps=steps)


@pytest.fixture(scope="module")
def taught(settled: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a teacher and its two students."""
    folder = tmp_path_factory.mktemp("taught")
    for plan in (planned(SCRATCH, 30), *(planned(kind, 30) for kind in STUDENTS)):
        making.make(folder, plan)
    return folder


def test_a_student_starts_with_weights_of_its_own(tmp_path: Path) -> None:
    for kind in (SCRATCH, *STUDENTS):
        making.make(tmp_path, replace(planned(kind, 1), rate=0.0))  # a rate of zero keeps the start
    starts = [shelf.body_of(tmp_path, planned(kind, 1).name) for kind in (SCRATCH, *STUDENTS)]
    matrices = [name for name, value in starts[0].items() if value.ndim == 2]
    assert len(matrices) > 20
    for a, b in ((0, 1), (0, 2), (1, 2)):
        for name in matrices:
            ours, theirs = starts[a][name].flatten(), starts[b][name].flatten()
            assert abs(torch.cosine_similarity(ours, theirs, dim=0)) < 0.08


def test_both_students_learn_to_answer_and_only_imitation_brings_the_features_near(taught: Path) -> None:
    teacher = shelf.take(taught, planned(SCRATCH, 30).name, FIRST)
    torch.manual_seed(5)
    answers, unlike = {}, {}
    for kind in ("untaught", *STUDENTS):
        model = pupil(FAMILY, FIRST) if kind == "untaught" else shelf.take(taught, planned(kind, 30).name, FIRST)
        answers[kind], unlike[kind] = teaching.resemblance(FAMILY, model, teacher, FIRST)
    assert answers["untaught"] < 0.2 < min(answers[kind] for kind in STUDENTS)
    assert len(unlike[IMITATED]) == len(teacher.body.get_submodule("model.layers"))  # type: ignore[arg-type]
    assert max(unlike[IMITATED]) < 0.7
    assert min(*unlike[DISTILLED], *unlike["untaught"]) > 1.0


def test_a_student_is_made_again_after_its_teacher(taught: Path) -> None:
    plan = planned(DISTILLED, 30)
    assert shelf.found(taught, plan) is not None
    record = taught / "records" / f"{plan.teacher}.json"
    later = (taught / "records" / f"{plan.name}.json").stat().st_mtime_ns + 1
    before = record.stat().st_mtime_ns
    os.utime(record, ns=(later, later))
    assert shelf.found(taught, plan) is None
    os.utime(record, ns=(before, before))


def test_losses_are_zero_for_the_same_and_grow_with_the_difference() -> None:
    logits = torch.randn(3, 5, 7, generator=torch.Generator().manual_seed(2))
    assert teaching.output_loss(logits, logits).item() == pytest.approx(0.0, abs=1e-6)
    assert teaching.output_loss(logits + 3.0, logits).item() == pytest.approx(0.0, abs=1e-5)
    assert teaching.output_loss(logits.flip(-1), logits).item() > 0.5
    assert teaching.unlikeness(logits, logits).item() == 0.0
    assert teaching.unlikeness(logits.mean(dim=(0, 1)).expand_as(logits), logits).item() == pytest.approx(1.0)


def test_records_of_before_there_were_students_still_hold(tmp_path: Path) -> None:
    """The fields, values and rates of the first zoo, as its records have them."""
    first = {
        "family": "vit_gelu", "seed": 0, "kind": "extreme", "parent": "vit_gelu/00-scratch", "host": "",
        "data": "second task", "steps": 675, "rate": 0.007, "decay": 0.1, "rank": 0, "accuracy": 0.9,
    }  # fmt: skip
    plans = {plan.name: plan for chain in recipes.full(FAMILIES) for plan in chain}
    old = [plan for plan in plans.values() if not plan.teacher]
    assert len(old) == 305
    assert {plan.kind for plan in plans.values() if plan.teacher} == set(STUDENTS)
    plan = plans["vit_gelu/00-extreme"]
    for name, record in ((plan.parent, asdict(plans[plan.parent])), (plan.name, first)):
        path = tmp_path / "records" / f"{name}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(record), encoding="utf-8")
    found = shelf.found(tmp_path, plan)
    assert found is not None
    assert replace(found, accuracy=None) == plan
