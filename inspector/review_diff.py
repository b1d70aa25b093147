"""What changed between two reviews of a candidate: two stages of an evaluation, two evaluators, two versions.

A pure function over results. Imports neither torch nor h5py: window, terminal and report show the same.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from inspector.decisions import Decision
from inspector.diff_results import Aspect, Change, ComponentDiff, ReviewDiff, Value
from inspector.errors import Note, worded
from inspector.results import Against, Comparison, ComponentFinding, FileFact, TensorTable
from inspector.review_results import Review, ReviewInput

TOLERANCE = 1e-6  # figures of two machines agree as far, of their size where they are larger than 1


def review_diff(before: Review, after: Review) -> ReviewDiff:
    """Return what is different in `after`; figures within `TOLERANCE` are the same."""
    ours, theirs = before.comparison, after.comparison
    whole = ours is not None and theirs is not None and not (before.partial or after.partial)
    settings: tuple[Change, ...] = ()
    components: tuple[ComponentDiff, ...] = ()
    if ours is not None and theirs is not None:
        settings = tuple(_settings(ours, theirs))
        components = tuple(_components(ours, theirs))
    return ReviewDiff(
        tuple(_inputs(before.inputs, after.inputs)),
        settings,
        tuple(_versions(before, after)),
        components,
        tuple(_decisions(before.decisions.entries, after.decisions.entries)),
        not whole,
    )


def sentence(change: Change, language: str = "en") -> str:
    """Word a change as one plain sentence in `language` ("en" or "ko")."""
    before, after = (_value(change, value, language) for value in (change.before, change.after))
    area = {"figure": "what", "decision": "kind"}.get(change.aspect)
    what = change.what if area is None else worded(Note(f"diff.{area}.{change.what}"), language)
    return worded(Note(change.code, {"what": what, "of": change.of, "before": before, "after": after}), language)


def _value(change: Change, value: Value, language: str) -> str:
    if value is None:
        return worded(Note("diff.nothing"), language)
    if change.aspect == "verdict":
        return worded(Note(f"evidence.verdict.{value}"), language)
    if change.what == "nature":
        return worded(Note(f"evidence.nature.{value}"), language)
    if change.what == "disguises":
        return ", ".join(worded(Note(f"evidence.disguise.{name}"), language) for name in str(value).split(", "))
    if isinstance(value, bool):
        return worded(Note("diff.yes" if value else "diff.no"), language)
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _inputs(before: Sequence[ReviewInput], after: Sequence[ReviewInput]) -> Iterator[Change]:
    old, new = _by_role(before), _by_role(after)
    for key in [*old, *(key for key in new if key not in old)]:
        mine, theirs = old.get(key), new.get(key)
        if theirs is None:
            yield Change("input", "diff.input_gone", of=old[key].name)
        elif mine is None:
            yield Change("input", "diff.input_new", of=new[key].name)
        else:
            if mine.name != theirs.name:  # there is one candidate, and one library, whatever it is called
                yield Change("input", f"diff.{mine.role}", "", mine.name, mine.name, theirs.name)
            yield from _files(theirs.name, mine.files, theirs.files)


def _by_role(inputs: Sequence[ReviewInput]) -> dict[tuple[str, str], ReviewInput]:
    return {(item.role, item.name if item.role == "reference" else ""): item for item in inputs}


def _files(name: str, before: Sequence[FileFact], after: Sequence[FileFact]) -> Iterator[Change]:
    old, new = ({fact.name: fact for fact in facts} for facts in (before, after))
    for file in [*old, *(file for file in new if file not in old)]:
        mine, theirs = old.get(file), new.get(file)
        if theirs is None:
            yield Change("input", "diff.file_gone", file, name)
        elif mine is None:
            yield Change("input", "diff.file_new", file, name)
        elif mine.bytes != theirs.bytes or (mine.sha256 and theirs.sha256 and mine.sha256 != theirs.sha256):
            hashed = bool(mine.sha256 and theirs.sha256)
            sums = (mine.sha256, theirs.sha256) if hashed else (mine.bytes, theirs.bytes)
            yield Change("input", "diff.file_changed" if hashed else "diff.file_size", file, name, *sums)


def _settings(before: Comparison, after: Comparison) -> Iterator[Change]:
    yield from _mapping("setting", "diff.setting", before.settings, after.settings)
    yield from _mapping("setting", "diff.setting", {"seed": before.seed}, {"seed": after.seed})


def _versions(before: Review, after: Review) -> Iterator[Change]:
    yield from _mapping("version", "diff.version", before.versions, after.versions)
    if before.catalogue != after.catalogue:
        yield Change("version", "diff.catalogue", "", "", before.catalogue, after.catalogue)
    if before.isolation != after.isolation:
        yield Change("setting", "diff.isolation", "", "", before.isolation, after.isolation)


def _mapping(aspect: Aspect, code: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    for name in [*before, *(name for name in after if name not in before)]:
        if before.get(name) != after.get(name):
            yield Change(aspect, code, name, "", _plain(before.get(name)), _plain(after.get(name)))


def _plain(value: Any) -> Value:
    """Return a value as it can be told; a file may hold anything."""
    return value if value is None or isinstance(value, str | int | float) else str(value)


def _components(before: Comparison, after: Comparison) -> Iterator[ComponentDiff]:
    old, new = ({finding.name: finding for finding in side.components} for side in (before, after))
    for name in [*old, *(name for name in new if name not in old)]:
        mine, theirs = old.get(name), new.get(name)
        if theirs is None or mine is None:
            only = mine or new[name]
            yield ComponentDiff(
                name, only.kind, "removed" if theirs is None else "added", tuple(_verdict(mine, theirs))
            )
            continue
        changes = (
            *_verdict(mine, theirs),
            *_tensors(before, after, name),
            *_against(mine, theirs),
        )
        yield ComponentDiff(name, theirs.kind, "changed" if changes else "same", changes)


def _verdict(before: ComponentFinding | None, after: ComponentFinding | None) -> Iterator[Change]:
    was, now = (side.verdict if side is not None else None for side in (before, after))
    if was != now:
        yield Change("verdict", "diff.verdict", before=was, after=now)
    first, then = (side.best_reference if side is not None else None for side in (before, after))
    if first != then:
        yield Change("reference", "diff.best", before=first, after=then)


def _tensors(before: Comparison, after: Comparison, name: str) -> Iterator[Change]:
    """Say how many tensors of a component hold other values, where both reviews hashed them."""
    old, new = _digests(before, name), _digests(after, name)
    if not old or not new:
        return
    changed = sum(1 for tensor, digest in old.items() if tensor in new and new[tensor] != digest)
    counts = (
        ("diff.tensors_changed", changed),
        ("diff.tensors_gone", len(old.keys() - new.keys())),
        ("diff.tensors_new", len(new.keys() - old.keys())),
    )
    for code, count in counts:
        if count:
            yield Change("tensors", code, str(count), str(len(old)))


def _digests(comparison: Comparison, name: str) -> dict[str, str]:
    table: TensorTable = comparison.candidate.tensors
    places = [number for number, fact in enumerate(comparison.candidate.components) if fact.name == name]
    if not places or not table.sha256:
        return {}
    rows = (table.components == places[0]).nonzero()[0].tolist()
    return {table.names[row]: table.sha256[row] for row in rows}


def _against(before: ComponentFinding, after: ComponentFinding) -> Iterator[Change]:
    old, new = (_by_reference(side.against) for side in (before, after))
    for key in [*old, *(key for key in new if key not in old)]:
        mine, theirs = old.get(key), new.get(key)
        if theirs is None:
            yield Change("reference", "diff.against_gone", of=key[0])
        elif mine is None:
            yield Change("reference", "diff.against_new", of=key[0], after=theirs.verdict)
        else:
            if mine.verdict != theirs.verdict:
                yield Change("verdict", "diff.verdict_against", "", key[0], mine.verdict, theirs.verdict)
            yield from _figures(key[0], mine, theirs)


def _by_reference(against: Iterable[Against]) -> dict[tuple[str, str], Against]:
    return {(item.reference, item.reference_component): item for item in against}


def _figures(reference: str, before: Against, after: Against) -> Iterator[Change]:
    old, new = _key_figures(before), _key_figures(after)
    for name, was in old.items():
        now = new[name]
        if not _close(was, now):
            yield Change("figure", "diff.nature" if name == "nature" else "diff.figure", name, reference, was, now)


def _key_figures(against: Against) -> dict[str, Value]:
    """Return the figures that carry a finding; one that is undefined is None."""
    evidence = against.evidence
    limit = evidence.detection_limit if evidence is not None else None
    nature = evidence.nature if evidence is not None else None
    figures: dict[str, Value] = {
        name: against.similarity[name].value if name in against.similarity else None
        for name in ("cosine", "centred_correlation", "bit_identity")
    }
    figures["coverage"] = against.coverage if evidence is None else evidence.coverage
    figures["z"] = evidence.z if evidence is not None else None
    figures["log10_p"] = evidence.log10_p if evidence is not None else None
    figures["inherited"] = evidence.inherited_fraction if evidence is not None else None
    figures["limit_r"] = limit.r if limit is not None else None
    figures["limit_units"] = limit.units if limit is not None else None
    figures["nature"] = nature.kind if nature is not None else None
    figures["disguises"] = ", ".join(evidence.disguises) or None if evidence is not None else None
    return {name: None if isinstance(value, float) and math.isnan(value) else value for name, value in figures.items()}


def _close(before: Value, after: Value) -> bool:
    if isinstance(before, int | float) and isinstance(after, int | float):
        return before == after or abs(before - after) <= TOLERANCE * max(1.0, abs(before), abs(after))
    return before == after


def _decisions(before: Sequence[Decision], after: Sequence[Decision]) -> Iterator[Change]:
    """Say which entries only one log has; the number of an entry is its place, and no part of it."""
    old, new = (Counter(map(_content, side)) for side in (before, after))
    for code, entries, rest in (("diff.decision_gone", before, old - new), ("diff.decision_new", after, new - old)):
        for entry in entries:
            if rest[_content(entry)] > 0:
                rest[_content(entry)] -= 1
                by = ", ".join(part for part in (entry.who, entry.when) if part)
                yield Change("decision", code, entry.kind, _about(entry), entry.text, by, entry.subject.component)


def _content(entry: Decision) -> tuple[Any, ...]:
    return entry.kind, entry.subject, entry.text, entry.who, entry.when


def _about(entry: Decision) -> str:
    subject = entry.subject
    return " · ".join(part for part in (subject.component, subject.reference, subject.candidate) if part)
