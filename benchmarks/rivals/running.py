"""Runs every method on every pair; each result is one JSON line, and lines that are there are not computed again."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.rivals.cases import Case, Label
from benchmarks.rivals.methods import ASSAYER, METHODS, Method
from benchmarks.rivals.model import TRAINED, read_model
from inspector.evidence_results import DEPENDENT, VERDICTS
from inspector.review import compare


@dataclass(frozen=True, slots=True)
class Result:
    """What one method said about one pair.

    Attributes:
        case: the name of the pair. method: its key, or ASSAYER.
        score: higher means more likely derived; None where the method cannot compare the two.
        verdict: Assayer's, "" for the others.
        seconds: of the method, reading both files included.
    """

    case: str
    family: str
    label: Label
    kind: str
    method: str
    score: float | None
    verdict: str
    seconds: float


def read_results(path: Path) -> list[Result]:
    """The results of a file; a last line that was cut short is left out."""
    if not path.is_file():
        return []
    lines = path.read_text(encoding="utf-8").split("\n")
    return [Result(**json.loads(line)) for line in lines[:-1] if line]


def run(cases: Iterable[Case], path: Path, methods: Sequence[Method] = METHODS, assayer: bool = True) -> list[Result]:
    """Compute what is missing, append it to the file, and return the results of these pairs."""
    cases = list(cases)
    done = {(result.case, result.method): result for result in read_results(path)}
    keys = [method.key for method in methods] + [ASSAYER] * assayer
    path.parent.mkdir(parents=True, exist_ok=True)
    _drop_cut_line(path)
    with path.open("a", encoding="utf-8") as file:
        for case in cases:
            missing = [key for key in keys if (case.name, key) not in done]
            for result in _run_case(case, missing, methods) if missing else ():
                done[result.case, result.method] = result
                file.write(json.dumps(asdict(result)) + "\n")
                file.flush()
    return [done[case.name, key] for case in cases for key in keys if (case.name, key) in done]


def _drop_cut_line(path: Path) -> None:
    if path.is_file():
        text = path.read_text(encoding="utf-8")
        path.write_text(text[: text.rfind("\n") + 1], encoding="utf-8")


def _run_case(case: Case, keys: Sequence[str], methods: Sequence[Method]) -> list[Result]:
    with tempfile.TemporaryDirectory() as scratch:
        candidate = case.candidate if isinstance(case.candidate, Path) else case.candidate(Path(scratch))
        if candidate is None:
            return []
        results = _rivals(case, candidate, [method for method in methods if method.key in keys])
        if ASSAYER in keys:
            results.append(_assayer(case, candidate))
    return results


def _rivals(case: Case, candidate: Path, methods: Sequence[Method]) -> list[Result]:
    if not methods:
        return []
    start = time.perf_counter()
    models = read_model(candidate), read_model(case.reference)
    reading = time.perf_counter() - start
    results = []
    for method in methods:
        start = time.perf_counter()
        score = method.score(*models)
        seconds = reading + time.perf_counter() - start
        results.append(Result(case.name, case.family, case.label, case.kind, method.key, score, "", seconds))
    return results


def _assayer(case: Case, candidate: Path) -> Result:
    """The strongest verdict over the trained components; the score is -log10 of the proven bound on p."""
    start = time.perf_counter()
    comparison = compare(candidate, [case.reference], hashes=False)
    seconds = time.perf_counter() - start
    evidence = [
        against.evidence
        for finding in comparison.components
        if finding.kind in TRAINED
        for against in finding.against
        if against.evidence is not None
    ]
    verdict = min((item.verdict for item in evidence), key=VERDICTS.index, default="")
    bounds = [0.0 - item.log10_p for item in evidence if item.log10_p is not None]
    score = max(bounds, default=None)
    return Result(case.name, case.family, case.label, case.kind, ASSAYER, score, verdict, seconds)


def says_derived(verdict: str) -> bool:
    """Whether a verdict of Assayer's says that the weights are not independent."""
    return verdict in DEPENDENT
