"""Pairs of an untrained zoo and four disguises, run, broken off, gone on with, and written as a page."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.rivals.cases import Case, zoo_cases
from benchmarks.rivals.disguises import Disguise, disguised_cases, known_disguises
from benchmarks.rivals.methods import ASSAYER, METHODS
from benchmarks.rivals.page import page
from benchmarks.rivals.running import Result, read_results, run
from benchmarks.zoo.recipes import Entry
from benchmarks.zoo.shelf import Pair, Zoo
from inspector.evidence_results import DEPENDENT
from tests.benchmarks.rivals.untrained import DISGUISES, FAMILY, SEEDS, make_zoo


@pytest.fixture(scope="module")
def zoo(tmp_path_factory: pytest.TempPathFactory) -> Zoo:
    return make_zoo(tmp_path_factory.mktemp("untrained"))


@pytest.fixture(scope="module")
def cases(zoo: Zoo) -> list[Case]:
    return [*zoo_cases(zoo, [FAMILY]), *disguised_cases(zoo, [FAMILY], DISGUISES)]


@pytest.fixture(scope="module")
def results(cases: list[Case], tmp_path_factory: pytest.TempPathFactory) -> list[Result]:
    return run(cases, tmp_path_factory.mktemp("results") / "results.jsonl")


def scores(results: list[Result], method: str, case: str) -> float | None:
    return next(item.score for item in results if item.method == method and item.case == f"{FAMILY}: {case}")


def test_every_method_says_something_of_every_pair(cases: list[Case], results: list[Result]) -> None:
    assert Counter(case.label for case in cases) == {
        "independent": SEEDS * (SEEDS - 1) // 2 + 1 + len(DISGUISES),
        "derived": 1,
        "disguised": len(DISGUISES),
    }
    assert len({case.name for case in cases}) == len(cases)
    assert Counter(item.case for item in results) == {case.name: len(METHODS) + 1 for case in cases}


def test_assayer_is_right_about_all_of_them(results: list[Result]) -> None:
    for item in (item for item in results if item.method == ASSAYER):
        if item.label == "independent":
            assert item.verdict in ("no_dependence_found", "inconclusive"), item.case
        else:
            assert item.verdict in DEPENDENT, item.case


def test_disguises_do_what_they_do(results: list[Result]) -> None:
    assert (scores(results, "matched_spearman", "reordered_units") or 0) > 100
    assert (scores(results, "matched_spearman", "sliced_units") or 0) > 100
    assert (scores(results, "matched_spearman", "dropped_layer") or 0) > 100
    assert (scores(results, "matched_spearman", "flipped_residual") or 0) < 6
    assert scores(results, "spectra", "flipped_residual") == pytest.approx(1, abs=1e-6)
    assert abs(scores(results, "cosine", "flipped_residual") or 1) < 0.1


def test_a_run_that_was_broken_off_goes_on(cases: list[Case], tmp_path: Path) -> None:
    path = tmp_path / "deep" / "results.jsonl"
    some = run(cases[:2], path, METHODS[:2], assayer=False)
    text = path.read_text(encoding="utf-8")
    path.write_text(text + text[: len(text) // 3].replace("\n", ""), encoding="utf-8")
    assert read_results(path) == some
    all_of_them = run(cases[:3], path, METHODS[:3], assayer=False)
    assert len(all_of_them) == 9
    assert [item for item in all_of_them if item in some] == some
    assert Counter((item.case, item.method) for item in read_results(path)).most_common(1)[0][1] == 1


def test_what_cannot_be_disguised_is_left_out(zoo: Zoo, tmp_path: Path) -> None:
    impossible = Disguise("impossible", (FAMILY,), lambda folder, family, stranger, target: None)
    cases = list(disguised_cases(zoo, [FAMILY, "vit_gelu"], [impossible]))
    assert len(cases) == 2
    assert run(cases, tmp_path / "results.jsonl") == []


def test_students_are_counted_as_what_they_are(zoo: Zoo, monkeypatch: pytest.MonkeyPatch) -> None:
    reference = Entry(FAMILY, 0, "scratch")
    pair = Pair(replace(reference, kind="imitated"), reference, "distilled")  # type: ignore[arg-type]
    monkeypatch.setattr(Zoo, "pairs", lambda self: iter([pair]))
    [case] = zoo_cases(zoo, [FAMILY])
    assert (case.label, case.kind) == ("distilled", "distilled (from outputs and features)")


def test_the_page_holds_every_method_and_every_kind(results: list[Result]) -> None:
    text = page(results)
    for method in METHODS:
        for rule in method.rules:
            assert f"| {method.title} | {rule.name} |" in text
    for kind in ("reordered units", "fine-tuned (light)"):
        assert f"\n| {kind} | " in text
    accused = next(line for line in text.split("\n") if line.startswith("| raw cosine of norm gains | ≥ 0.989"))
    independent = SEEDS * (SEEDS - 1) // 2 + 1 + len(DISGUISES)
    assert f"| {independent} / {independent} |" in accused


def test_the_attack_library_is_used_where_it_is() -> None:
    disguises = known_disguises()
    assert all(disguise.families for disguise in disguises)
    assert len({disguise.name for disguise in disguises}) == len(disguises)
