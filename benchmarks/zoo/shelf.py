"""Where the models are kept: FOLDER/<family>/<seed>-<kind>/{model.safetensors, config.json} and FOLDER/manifest.json.

Files are written aside and renamed. A model is there once its record is; the manifest is all records together. Use
another folder once the networks or the data change: only a changed plan or a newer parent is noticed.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import NamedTuple

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from benchmarks.zoo.families import FAMILIES, Pupil, pupil
from benchmarks.zoo.recipes import SCRATCH, Entry, Relation, name_of

MANIFEST = "manifest.json"
Weights = dict[str, Tensor]


class Pair(NamedTuple):
    """Two models and what the candidate is to the reference."""

    candidate: Entry
    reference: Entry
    relation: Relation


def _write(path: Path, write: Callable[[Path], object]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f"{path.name}.{os.getpid()}.part")
    write(aside)
    aside.replace(path)


def _write_json(path: Path, value: object) -> None:
    _write(path, lambda aside: aside.write_text(json.dumps(value, indent=1) + "\n", encoding="utf-8"))


def _record(folder: Path, name: str) -> Path:
    return folder / "records" / f"{name}.json"


def _head(folder: Path, name: str) -> Path:
    return folder / "heads" / f"{name}.safetensors"


def put(folder: Path, entry: Entry, body: Weights, head: Weights) -> None:
    """Keep a model: its tensors under the names of its family, its classifier apart, its record last."""
    family = FAMILIES[entry.family]
    tensors = {family.prefix + name: value.detach().contiguous() for name, value in body.items()}
    _record(folder, entry.name).unlink(missing_ok=True)
    model = folder / entry.name / "model.safetensors"
    _write(model, lambda aside: save_file(tensors, aside, metadata={"format": "pt"}))
    _write_json(folder / entry.name / "config.json", family.config)
    if head:
        _write(_head(folder, entry.name), lambda aside: save_file(head, aside))
    _write_json(_record(folder, entry.name), asdict(entry))


def found(folder: Path, plan: Entry) -> Entry | None:
    """The record of a planned model, if it was made after the same plan, from the models that are there now."""
    path = _record(folder, plan.name)
    if not path.is_file():
        return None
    sources = [_record(folder, name) for name in (plan.parent, plan.host, plan.teacher) if name]
    if any(not source.is_file() or source.stat().st_mtime_ns > path.stat().st_mtime_ns for source in sources):
        return None
    entry = Entry(**json.loads(path.read_text(encoding="utf-8")))
    return entry if replace(entry, accuracy=None) == plan else None


def body_of(folder: Path, name: str) -> Weights:
    """The tensors of a model as float32, under the names that its network gives them."""
    prefix = FAMILIES[name.split("/", maxsplit=1)[0]].prefix
    tensors = load_file(folder / name / "model.safetensors")
    return {key.removeprefix(prefix): value.to(torch.float32) for key, value in tensors.items()}


def head_of(folder: Path, name: str) -> Weights:
    """The classifier of a model; empty where it has none."""
    path = _head(folder, name)
    return load_file(path) if path.is_file() else {}


def take(folder: Path, name: str, data_set: str) -> Pupil:
    """A model ready to run on a set of examples, with the classifier it was kept with."""
    model = pupil(FAMILIES[name.split("/", maxsplit=1)[0]], data_set)
    model.body.load_state_dict(body_of(folder, name))
    if model.head is not None:
        model.head.load_state_dict(head_of(folder, name))
    return model


def write_manifest(folder: Path) -> None:
    """Write down all models of a folder."""
    records = sorted((folder / "records").rglob("*.json"))
    _write_json(folder / MANIFEST, [json.loads(path.read_text(encoding="utf-8")) for path in records])


@dataclass(frozen=True, slots=True)
class Zoo:
    """The models of a folder."""

    folder: Path
    models: tuple[Entry, ...]

    @classmethod
    def open(cls, folder: Path) -> Zoo:
        """Read the manifest of a folder."""
        records = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        return cls(folder, tuple(Entry(**record) for record in records))

    def path(self, entry: Entry) -> Path:
        """The folder of a model: its weights and its config.json."""
        return self.folder / entry.name

    def pairs(self) -> Iterator[Pair]:
        """Every model against its origin, every two seeds of a family, every descendant against a stranger."""
        by_name = {entry.name: entry for entry in self.models}
        for entry in self.models:
            yield from self._related(entry, by_name)
            yield from self._unrelated(entry)

    @staticmethod
    def _related(entry: Entry, by_name: dict[str, Entry]) -> Iterator[Pair]:
        origin = by_name[name_of(entry.family, entry.seed, SCRATCH)]
        yield Pair(entry, origin, entry.relation)
        if entry.kind == "light_bf16":
            yield Pair(entry, by_name[entry.parent], "cast")
        twin = by_name.get(name_of(entry.family, entry.seed, "short_even"))
        if entry.kind == "short_odd" and twin is not None:
            yield Pair(entry, twin, "same_init")

    def _unrelated(self, entry: Entry) -> Iterator[Pair]:
        strangers = [
            other
            for other in self.models
            if other.family == entry.family and other.kind == SCRATCH and other.seed != entry.seed
            if other.name != entry.host
        ]
        if entry.kind == SCRATCH:
            strangers = [other for other in strangers if other.seed < entry.seed]
        else:
            strangers = sorted(strangers, key=lambda other: (other.seed < entry.seed, other.seed))[:1]
        for other in strangers:
            yield Pair(entry, other, "independent")
