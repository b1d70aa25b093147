"""What may be seen of one hostile case, and whether it is as it should be."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from inspector.errors import Note, shown, worded
from tests.data import bad_inputs

SECONDS = 10.0
MEMORY = 1 << 30
# Their outcome depends on values, which only a comparison reads.
JUDGED_BY_VALUE = frozenset(
    {"st_all_nan", "st_inf", "st_all_zero", "pt_bool_nonbinary", "h5_chunk_garbage", "h5_fletcher_bad"}
)

State = dict[str, tuple[int, int, int]]


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen of one case.

    Attributes:
        outcome: "ok", "warn", "error", or what else happened ("killed by signal 11", "no answer in 10 s").
        sentences: what the user was told. text: all that was put out.
        faults: what may never be, found while it ran.
        seconds: until it ended. memory: bytes over those of a process that opened nothing, 0 where not measured.
    """

    outcome: str
    sentences: tuple[str, ...]
    text: str
    faults: tuple[str, ...]
    seconds: float
    memory: int


@dataclass(frozen=True, slots=True)
class Judged:
    """A case, what was seen of it, and the reasons why it is not as expected (none: it is)."""

    case: Mapping[str, Any]
    seen: Seen
    reasons: tuple[str, ...]


def state(folder: Path) -> State:
    """Return mode, size and time of change of everything in a folder, to find what was written."""
    out: State = {}
    for where, folders, files in os.walk(folder):
        for name in (*folders, *files):
            path = Path(where, name)
            status = path.lstat()
            out[str(path)] = status.st_mode, status.st_size, status.st_mtime_ns
    return out


class Touched:
    """Finds what a case wrote, ran or read outside its folder.

    The access time of the canaries tells of a read, where the file system keeps access times (`watches_reads`).
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self.watches_reads = self._watches_reads()
        self._before = state(root)
        self._forget_reads()

    def faults(self) -> list[str]:
        """Return what was written, run or read since the last call."""
        now = state(self._root)
        changed = [path for path in now.keys() | self._before.keys() if now.get(path) != self._before.get(path)]
        self._before = now
        markers = self._root / "markers"
        out = [f"{'code ran' if markers in Path(path).parents else 'written'}: {path}" for path in sorted(changed)]
        if self.watches_reads:
            out += [f"read outside the folder: {path.name}" for path in self._canaries() if path.stat().st_atime_ns]
            self._forget_reads()
        return out

    def _canaries(self) -> list[Path]:
        return sorted((self._root / "canary").iterdir())

    def _forget_reads(self) -> None:
        for path in self._canaries():
            os.utime(path, ns=(0, path.stat().st_mtime_ns))

    def _watches_reads(self) -> bool:
        probe = self._root / "probe"
        probe.write_bytes(b"probe")
        os.utime(probe, ns=(0, probe.stat().st_mtime_ns))
        probe.read_bytes()
        watched = probe.stat().st_atime_ns != 0
        probe.unlink()
        return watched


def judged(root: Path, case: Mapping[str, Any], seen: Seen) -> Judged:
    """Hold what was seen against what is expected of the case."""
    reasons = list(seen.faults)
    if seen.outcome not in case["expect"]:
        reasons.append(f"{seen.outcome} where {' or '.join(case['expect'])} is due")
    if seen.outcome == "error":
        reasons += _sentence_faults(root / "cases" / case["id"], seen.sentences)
    if "CANARY" in seen.text or str(bad_inputs.CANARY_FLOAT) in seen.text:
        reasons.append("shows what lies outside the folder")
    if "Traceback" in seen.text:
        reasons.append("shows a traceback")
    if any(not char.isprintable() for sentence in seen.sentences for char in sentence):
        reasons.append("shows a hidden character")
    if seen.seconds > SECONDS:
        reasons.append(f"took {seen.seconds:.1f} s")
    if seen.memory > MEMORY:
        reasons.append(f"took {seen.memory / 2**20:.0f} MiB more")
    return Judged(case, seen, tuple(reasons))


def _sentence_faults(folder: Path, sentences: Sequence[str]) -> list[str]:
    """An error is one sentence that names the file, one it needs, or a member of it."""
    if len(sentences) == 1 and sentences[0].endswith(worded(Note("similarity.no_common_part"))):
        return []  # of both sides, not of a file
    if len(sentences) != 1:
        return [f"{len(sentences)} sentences where one is due"]
    names = {shown(path.name) for path in folder.rglob("*")} | _needed(folder)
    return [] if any(name in sentences[0] for name in names) else [f"names no file: {sentences[0]}"]


def _needed(folder: Path) -> set[str]:
    """Return the names of shards that an index asks for and that are missing (they are what the sentence names)."""
    out = set()
    for path in folder.glob("*.index.json"):
        text = path.read_text(encoding="utf-8", errors="replace")
        out |= {word for word in text.split('"') if word.endswith((".safetensors", ".bin"))}
    return out
