"""One attack on one family, written to a folder, judged by the engine, and set beside what is true."""

from __future__ import annotations

import json
import tempfile
import time
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from torch import Generator

import inspector
from benchmarks.attacks.checks import change, of_zoo
from benchmarks.attacks.registry import Attack, Attacked, Case, Function
from benchmarks.zoo.altering import Weights
from benchmarks.zoo.recipes import SCRATCH, name_of
from inspector.evidence_results import DEPENDENT
from inspector.layer_diff import layer_diff
from inspector.results import Against, Comparison

VICTIM, OTHER, THIRD = 0, 1, 2  # seeds of the zoo
_DTYPES = {torch.float32: "F32", torch.bfloat16: "BF16"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the engine said of one attacked model, and what is true of it.

    Attributes:
        independent: the attacked model never had anything of the reference; else it is the reference.
        impossible: why the family cannot have the attack, "" where it can; then nothing else is set.
        moved: relative change of the answers (`checks.change`), None where no network can be built.
        layers_right, layers: layers that come from the reference and were matched to the right one; how many there are.
        rejects: tests that reject independence.
    """

    attack: str
    family: str
    independent: bool
    impossible: str = ""
    function: Function = "kept"
    moved: float | None = None
    verdict: str = ""
    reason: str = ""
    z: float | None = None
    log10_p: float | None = None
    exact: bool = False
    disguises: tuple[str, ...] = ()
    expected: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    nature: str = ""
    layers_right: int = 0
    layers: int = 0
    rejects: tuple[str, ...] = ()
    seconds: float = 0.0

    @property
    def found(self) -> bool:
        """Whether the verdict says that the weights are not independent."""
        return self.verdict in DEPENDENT

    @property
    def missing(self) -> tuple[str, ...]:
        """Disguises that were expected and not named."""
        return tuple(name for name in self.expected if name not in self.disguises)

    @property
    def wrong(self) -> tuple[str, ...]:
        """Disguises that were named and are not there."""
        return tuple(name for name in self.disguises if name not in self.expected + self.also)


def case_of(folder: Path, family: str, attack: str, independent: bool) -> Case:
    """Return what an attack is given: the zoo's first model, or another that the reference knows nothing of."""
    victim, own = (OTHER, THIRD) if independent else (VICTIM, OTHER)
    scratch = name_of(family, victim, SCRATCH)
    random = Generator().manual_seed(zlib.crc32(f"{attack} {family}".encode()))
    sibling = of_zoo(folder, name_of(family, victim, "light"), classifier=scratch)
    return Case(of_zoo(folder, scratch), of_zoo(folder, name_of(family, own, SCRATCH)), sibling, random)


def write_in_order(path: Path, weights: Weights) -> None:
    """Write a safetensors file with its tensors in the order of the dictionary (the library's writer sorts them)."""
    header: dict[str, object] = {"__metadata__": {"format": "pt"}}
    at = 0
    for name, value in weights.items():
        size = value.numel() * value.element_size()
        header[name] = {"dtype": _DTYPES[value.dtype], "shape": list(value.shape), "data_offsets": [at, at + size]}
        at += size
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with path.open("wb") as file:
        file.write(len(text).to_bytes(8, "little") + text)
        for value in weights.values():
            file.write(value.contiguous().view(torch.uint8).numpy().tobytes())


def save(folder: Path, attacked: Attacked) -> None:
    """Write an attacked model as a submitter would."""
    folder.mkdir(parents=True, exist_ok=True)
    write_in_order(folder / "model.safetensors", attacked.weights)
    (folder / "config.json").write_text(json.dumps(dict(attacked.config)), encoding="utf-8")


def judge(folder: Path, attack: Attack, family: str, independent: bool) -> Outcome:
    """Attack a model of the zoo and compare it with the zoo's first model of the family."""
    if family in attack.impossible:
        return Outcome(attack.name, family, independent, impossible=attack.impossible[family])
    case = case_of(folder, family, attack.name, independent)
    attacked = attack.run(case)
    moved = None if attacked.net is None else change(case.victim, attacked.net)
    references = [folder / name for name in _references(family, attack.name, attacked, independent)]
    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as aside:
        save(Path(aside) / "candidate", attacked)
        compared = inspector.compare(Path(aside) / "candidate", references, hashes=False)
    seconds = time.perf_counter() - start
    known = Outcome(
        attack.name, family, independent, function=attacked.function, moved=moved, expected=attacked.disguises,
        also=attacked.also, seconds=round(seconds, 1), layers=sum(layer is not None for layer in attacked.layers),
    )  # fmt: skip
    return _with_finding(known, attacked, compared)


def _references(family: str, attack: str, attacked: Attacked, independent: bool) -> list[str]:
    """Return the victim's name, and of a merge what it was merged with: with one reference nobody can tell a merge."""
    names = [name_of(family, VICTIM, SCRATCH)]
    if "merged" in attacked.disguises and not independent:
        names.append(name_of(family, VICTIM, "light") if "sibling" in attack else name_of(family, OTHER, SCRATCH))
    return names


def _with_finding(known: Outcome, attacked: Attacked, compared: Comparison) -> Outcome:
    best = _largest(compared)
    facts = asdict(known)
    if best is None or best.evidence is None:
        return Outcome(**facts | {"verdict": "inconclusive", "reason": "nothing compared"})
    evidence = best.evidence
    found = {
        "verdict": evidence.verdict,
        "reason": evidence.reason.code.rpartition(".")[2],
        "z": evidence.z,
        "log10_p": evidence.log10_p,
        "exact": evidence.exact,
        "disguises": evidence.disguises,
        "nature": "" if evidence.nature is None else evidence.nature.kind,
        "layers_right": _layers_right(attacked, best, compared),
        "rejects": tuple(test.test for test in evidence.tests if test.rejects),
    }
    return Outcome(**facts | found)


def _largest(compared: Comparison) -> Against | None:
    """What was found for the largest component that was compared, against the victim."""
    sizes = {fact.name: fact.parameters for fact in compared.candidate.components}
    judged = [item for item in compared.components if item.best is not None and item.best.evidence is not None]
    if not judged:
        return None
    against = max(judged, key=lambda item: sizes[item.name]).against
    return next(item for item in against if item.reference == compared.references[0].name)


def _layers_right(attacked: Attacked, best: Against, compared: Comparison) -> int:
    """Count the layers that are told right: as aligned, or by the diff where layers were moved or repeat others."""
    matched: dict[int, int | None] = {score.candidate: score.reference for score in best.layers}
    facts = compared.references[0].inspection.components
    reference = next(fact.blocks for fact in facts if fact.name == best.reference_component)
    for line in layer_diff(best, (len(attacked.layers), reference)):
        for step in range(line.count if line.candidate is not None and line.reference is not None else 0):
            matched[(line.candidate or 0) + step] = (line.reference or 0) + step
    return sum(layer is not None and matched.get(place) == layer for place, layer in enumerate(attacked.layers))


def to_json(outcome: Outcome) -> str:
    """Return one line for the file of results."""
    return json.dumps(asdict(outcome))


def from_json(line: str) -> Outcome:
    """Return what a line of the file of results says."""
    facts: Mapping[str, object] = json.loads(line)
    fields = {key: tuple(value) if isinstance(value, list) else value for key, value in facts.items()}
    return Outcome(**fields)  # type: ignore[arg-type]
