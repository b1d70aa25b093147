"""What changed between two reviews: each change alone gives its own sentence, and nothing else."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest
from typer.testing import CliRunner

import resources
from inspector.cli import app
from inspector.decisions import DecisionKind
from inspector.diff_results import ReviewDiff
from inspector.results import Comparison, FileFact
from inspector.review_diff import _key_figures, review_diff, sentence
from inspector.review_file import save
from inspector.review_results import Review, ReviewInput
from tests.inspector.review_file import made


def changes(found: ReviewDiff) -> list[Any]:
    inside = [change for item in found.components for change in item.changes]
    return [*found.inputs, *found.settings, *found.versions, *inside, *found.decisions]


def with_first(review: Review, **fields: Any) -> Review:
    """Return a review with other fields of its first component's first comparison."""
    assert review.comparison is not None
    first, *others = review.comparison.components
    against = dataclasses.replace(first.against[0], **fields)
    return with_components(review, dataclasses.replace(first, against=(against, *first.against[1:])), *others)


def with_components(review: Review, *components: Any) -> Review:
    return with_comparison(review, components=components)


def with_comparison(review: Review, **fields: Any) -> Review:
    assert review.comparison is not None
    return dataclasses.replace(review, comparison=dataclasses.replace(review.comparison, **fields))


def whole(review: Review) -> Comparison:
    assert review.comparison is not None
    return review.comparison


def other_evidence(review: Review, **fields: Any) -> Review:
    evidence = whole(review).components[0].against[0].evidence
    assert evidence is not None
    return with_first(review, evidence=dataclasses.replace(evidence, **fields))


def other_verdict(review: Review) -> Review:
    first, *others = whole(review).components
    changed = dataclasses.replace(first, verdict="inconclusive", best_reference="another")
    return with_components(review, changed, *others)


def other_file(review: Review) -> Review:
    """The candidate's first file with another SHA-256, a file that is gone, a new one and a new reference."""
    first, *others = review.inputs
    facts = (dataclasses.replace(first.files[0], sha256="b" * 64), FileFact("new.bin", 3, "c" * 64))
    added = ReviewInput("reference", "third", "/third", ())
    return dataclasses.replace(review, inputs=(dataclasses.replace(first, files=facts), *others, added))


def hashed(review: Review, digest: str = "a" * 64) -> Review:
    first, *others = review.inputs
    files = tuple(dataclasses.replace(fact, sha256=digest) for fact in first.files)
    return dataclasses.replace(review, inputs=(dataclasses.replace(first, files=files), *others))


def other_cosine(review: Review, by: float) -> Review:
    against = whole(review).components[0].against[0]
    cosine = against.similarity["cosine"]
    assert cosine.value is not None
    changed = dataclasses.replace(cosine, value=cosine.value + by)
    return with_first(review, similarity={**against.similarity, "cosine": changed})


def other_names(review: Review) -> Review:
    first, *others = review.inputs
    return dataclasses.replace(review, inputs=(dataclasses.replace(first, name="later"), *others[1:]))


def other_setting(review: Review) -> Review:
    return with_comparison(review, settings={**whole(review).settings, "new": True})


def other_torch(review: Review) -> Review:
    return dataclasses.replace(review, versions={**review.versions, "torch": "9"})


CASES: list[tuple[str, Callable[[Review], Review], list[str]]] = [
    ("cosine", lambda review: other_cosine(review, 1e-5), ["diff.figure"]),
    ("verdict", other_verdict, ["diff.verdict", "diff.best"]),
    ("z", lambda review: other_evidence(review, z=1.5), ["diff.figure"]),
    ("against", lambda review: other_evidence(review, verdict="identical"), ["diff.verdict_against"]),
    ("disguise", lambda review: other_evidence(review, disguises=("head_rotation", "rescaled")), ["diff.figure"]),
    ("nature", lambda review: other_evidence(review, nature=None), ["diff.nature"]),
    ("partner", lambda review: with_first(review, reference="x"), ["diff.against_gone", "diff.against_new"]),
    ("seed", lambda review: with_comparison(review, seed=7), ["diff.setting"]),
    ("settings", other_setting, ["diff.setting"]),
    ("versions", other_torch, ["diff.version"]),
    ("catalogue", lambda review: dataclasses.replace(review, catalogue="0" * 64), ["diff.catalogue"]),
    ("isolation", lambda review: dataclasses.replace(review, isolation="sandbox"), ["diff.isolation"]),
    ("names", other_names, ["diff.candidate", "diff.input_gone"]),
    ("files", other_file, ["diff.file_changed", "diff.file_gone", "diff.file_new", "diff.input_new"]),
]  # fmt: skip


@pytest.mark.parametrize(("change", "codes"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_one_change_is_said_in_both_languages(change: Callable[[Review], Review], codes: list[str]) -> None:
    before = hashed(made.review())
    after = change(before)
    found = review_diff(before, after)
    told = changes(found)
    assert [item.code for item in told] == codes
    assert not found.same
    words = [sentence(item, language) for item in told for language in ("en", "ko")]
    assert len(set(words)) == len(words)
    assert all(item.before != item.after for item in told if item.before is not None)
    back = changes(review_diff(after, before))
    assert len(back) == len(told)


def test_nothing_changed() -> None:
    found = review_diff(made.review(), made.review())
    assert found.same
    assert {item.state for item in found.components} == {"same"}


def test_figures_within_the_tolerance_are_the_same() -> None:
    assert review_diff(made.review(), other_cosine(made.review(), 5e-7)).same
    assert not review_diff(made.review(), other_cosine(made.review(), 5e-6)).same


def test_a_component_comes_and_goes() -> None:
    review = made.review()
    fewer = with_components(review, *whole(review).components[1:])
    assert [item.state for item in review_diff(review, fewer).components] == ["removed", "same", "same"]
    assert [item.state for item in review_diff(fewer, review).components] == ["same", "same", "added"]
    verdict = review_diff(fewer, review).components[-1].changes[0]
    assert (verdict.before, verdict.after) == (None, whole(review).components[0].verdict)
    assert sentence(verdict) == "Its verdict was none and is now Derived (common origin)."


def test_tensors_with_other_values_are_counted() -> None:
    comparison = whole(made.review(made.sample()))
    table = comparison.candidate.tensors
    own = np.flatnonzero(table.components == 0)[:3].tolist()
    digests = ["0" * 64 if row in own else digest for row, digest in enumerate(table.sha256)]
    candidate = dataclasses.replace(comparison.candidate, tensors=dataclasses.replace(table, sha256=tuple(digests)))
    after = made.review(dataclasses.replace(comparison, candidate=candidate))
    (change,) = changes(review_diff(made.review(made.sample()), after))
    assert (change.code, change.what) == ("diff.tensors_changed", "3")


def test_decisions_that_only_one_has() -> None:
    before = made.review()
    log = before.decisions.added("reject", made.Subject("part1"), text="no", who="c")
    after = dataclasses.replace(before, decisions=log)
    (new,) = changes(review_diff(before, after))
    assert sentence(new) == "Only the second review has the decision: rejected, part1. no (c)"
    assert [item.code for item in changes(review_diff(after, before))] == ["diff.decision_gone"]


def test_a_library_is_called_by_its_name() -> None:
    before = made.review()
    after = dataclasses.replace(before, inputs=(*before.inputs, ReviewInput("library", "shelf", "/shelf")))
    (new,) = changes(review_diff(before, after))
    assert sentence(new) == "shelf is a new input."
    moved = dataclasses.replace(before, inputs=(*before.inputs, ReviewInput("library", "rack", "/rack")))
    (other,) = changes(review_diff(after, moved))
    assert sentence(other) == "The library was shelf and is now rack."


def test_a_damaged_review_is_not_the_same() -> None:
    damaged = dataclasses.replace(made.review(), comparison=None, partial=True)
    assert review_diff(damaged, damaged).incomplete
    assert not review_diff(damaged, damaged).same


def test_the_command(tmp_path: Path) -> None:
    first, second = tmp_path / "a.assay", tmp_path / "b.assay"
    save(first, made.review())
    save(second, other_cosine(made.review(), 0.001))
    runner = CliRunner()
    told = runner.invoke(app, ["diff", str(first), str(first), "--no-sandbox"])
    assert (told.exit_code, told.output) == (0, resources.load_json("translations/en/diff.json")["diff.same"] + "\n")
    told = runner.invoke(app, ["diff", str(first), str(second), "--no-sandbox"])
    assert told.exit_code == 0
    assert "  The cosine against reference_vision was " in told.output
    told = runner.invoke(app, ["diff", str(first), str(second), "--json", "-", "--no-sandbox"])
    document = json.loads(told.output)
    assert (document["schema"], document["same"]) == ("assayer.diff/1", False)
    assert document["components"][0]["changes"][0]["what"] == "cosine"
    second.write_bytes(second.read_bytes()[:-9])
    assert runner.invoke(app, ["diff", str(first), str(second), "--no-sandbox"]).exit_code == 3


def test_every_code_has_words_and_every_word_is_used() -> None:
    """Of both areas; words of figures, of sorts of decisions and of states are put together from their names."""
    root = Path(__file__).parents[2] / "inspector"
    paths = [*root.glob("cli_*.py"), root / "review_diff.py", *(root / "verification").glob("*.py")]
    named = set(
        re.findall(r"[\"']((?:verify|diff)\.[a-z_0-9]+)[\"']", "".join(path.read_text("utf-8") for path in paths))
    )
    words = {key for area in ("verify", "diff") for key in resources.load_json(f"translations/en/{area}.json")}
    built = {f"diff.component_{state}" for state in ("added", "removed", "changed")}
    built |= {"diff.candidate", "diff.library"}
    built |= {f"diff.kind.{kind}" for kind in get_args(DecisionKind)}
    built |= {f"diff.what.{name}" for name in _key_figures(whole(made.review()).components[0].against[0])}
    assert named | built == words
