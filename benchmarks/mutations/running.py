"""Mutants opened and read in a fork that may die or hang: what came of each."""

from __future__ import annotations

import hashlib
import json
import os
import select
import signal
import time
import traceback
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any

from benchmarks.mutations.mutants import mutant
from inspector.checkpoint import open_checkpoint
from inspector.errors import InputError, Note, worded

SECONDS = 10.0
_READ = 1 << 16  # elements of each tensor

Tensors = dict[str, tuple[str, tuple[int, ...], str]]


@dataclass(slots=True)
class Tally:
    """What came of the mutants of one file.

    Attributes:
        outcomes: "refused", "warned", "changed" (other tensors or values, which every hash shows) or "unnoticed"
            (the same tensors and no warning; the hash of the file is another) -> how many.
        faults: number of the mutant -> what may not be: an error that is not an InputError, a death, no answer.
        seconds: the slowest mutant. memory: the most that a process of them took over what it began with, in bytes.
    """

    outcomes: Counter[str] = field(default_factory=Counter)
    faults: dict[int, str] = field(default_factory=dict)
    seconds: float = 0.0
    memory: int = 0


def read(path: Path) -> tuple[Tensors, set[str]]:
    """Open a checkpoint and read it: (tensors with a digest of their values, warnings)."""
    tensors: Tensors = {}
    with open_checkpoint(path) as checkpoint:
        for name, stored in checkpoint.tensors.items():
            values = checkpoint.read_flat(name, 0, min(stored.elements, _READ))
            tensors[name] = stored.dtype, stored.shape, hashlib.sha256(values.tobytes()).hexdigest()
        checkpoint.check_unchanged()
        return tensors, {_sentence(note) for note in checkpoint.warnings}


def run(build: Callable[[Path], Path], numbers: Callable[[int], Sequence[int]]) -> Tally:
    """Build a file, and open those of its mutants that `numbers` (given the file's size) names."""
    tally = Tally()
    with TemporaryDirectory() as folder:
        path = build(Path(folder))
        seed = path.read_bytes()
        whole = read(path)
        left = list(numbers(len(seed)))
        while left:
            done = _in_a_fork(tally, lambda out, left=left: _work(out, path, seed, whole, left), left)
            del left[:done]
        path.write_bytes(seed)
    return tally


def _work(out: IO[str], path: Path, seed: bytes, whole: tuple[Tensors, set[str]], numbers: Sequence[int]) -> None:
    for number in numbers:
        content = mutant(seed, number)
        started = time.monotonic()
        outcome, fault = "", ""
        if content != seed:
            path.write_bytes(content)
            try:
                outcome = _outcome(path, whole)
            except Exception:
                fault = traceback.format_exc(limit=-3)
        out.write(json.dumps([outcome, time.monotonic() - started, fault]) + "\n")
        out.flush()


def _outcome(path: Path, whole: tuple[Tensors, set[str]]) -> str:
    try:
        tensors, warnings = read(path)
    except InputError as error:
        if not error.note.file or not _sentence(error.note).startswith(error.note.file[:1]):
            raise AssertionError(f"names no file: {error}") from error
        return "refused"
    if warnings - whole[1]:
        return "warned"
    return "unnoticed" if tensors == whole[0] else "changed"


def _sentence(note: Note) -> str:
    text = worded(note)
    if not text.isprintable():
        raise AssertionError(f"a hidden character: {text!r}")
    return text


def _in_a_fork(tally: Tally, work: Callable[[IO[str]], None], numbers: Sequence[int]) -> int:
    """Do `work` in a fork and take its lines until it ends, dies or hangs; return how many mutants are done."""
    there, here = os.pipe()
    pid = os.fork()
    if not pid:
        os.close(there)
        with os.fdopen(here, "w") as out:
            work(out)
            out.flush()
            os._exit(0)
    os.close(here)
    done, late, rest = 0, False, b""
    while True:
        if not select.select([there], [], [], SECONDS)[0]:
            late = True
            os.kill(pid, signal.SIGKILL)
            break
        piece = os.read(there, 1 << 16)
        if not piece:
            break
        *lines, rest = (rest + piece).split(b"\n")
        for line in lines:
            _count(tally, numbers[done], json.loads(line))
            done += 1
    os.close(there)
    _, status, usage = os.wait4(pid, 0)
    tally.memory = max(tally.memory, usage.ru_maxrss * 1024)
    if done < len(numbers):
        tally.faults[numbers[done]] = f"no answer in {SECONDS:.0f} s" if late else f"died: {status}"
        done += 1
    return done


def _count(tally: Tally, number: int, line: list[Any]) -> None:
    outcome, seconds, fault = line
    if outcome:
        tally.outcomes[outcome] += 1
    if fault:
        tally.faults[number] = fault
    tally.seconds = max(tally.seconds, seconds)
