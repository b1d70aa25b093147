"""A cut of the mutants of every format: refused, warned of, or other tensors; no other error, no death, no hang."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest

from benchmarks.mutations import running
from benchmarks.mutations.mutants import SET_TO, mutant, systematic
from benchmarks.mutations.seeds import SEEDS

CUT = 300
RANDOM = 100

pytestmark = pytest.mark.skipif(os.name != "posix", reason="mutants are opened in a fork")


def cut(size: int) -> list[int]:
    whole = systematic(size)
    return [*range(0, whole, max(1, whole // CUT) | 1), *range(whole, whole + RANDOM)]


@pytest.mark.parametrize("name", SEEDS)
def test_a_cut_of_the_mutants(name: str) -> None:
    tally = running.run(SEEDS[name], cut)
    assert tally.faults == {}
    assert tally.outcomes["refused"] > 0
    assert tally.seconds < running.SECONDS


def test_the_mutants_are_every_byte_and_every_length_and_the_same_each_time() -> None:
    seed = bytes(range(40, 52))
    first = {mutant(seed, number) for number in range(systematic(len(seed)))}
    assert {seed[:size] for size in range(len(seed))} <= first
    for value in SET_TO:
        assert {seed[:at] + bytes([value]) + seed[at + 1 :] for at in range(len(seed))} <= first
    rest = range(systematic(len(seed)), systematic(len(seed)) + 50)
    assert [mutant(seed, number) for number in rest] == [mutant(seed, number) for number in rest]
    assert len({mutant(seed, number) for number in rest}) > 40


@pytest.mark.parametrize(
    ("name", "word"), [("dies", "died"), ("hangs", "no answer"), ("raises", "ZeroDivisionError"), ("mute", "names no")]
)
def test_a_fault_is_found_and_the_rest_goes_on(monkeypatch: pytest.MonkeyPatch, name: str, word: str) -> None:
    calls = []

    def third(path: Path) -> tuple[running.Tensors, set[str]]:
        calls.append(path)
        if len(path.read_bytes()) == 3:
            if name == "dies":
                os.kill(os.getpid(), signal.SIGKILL)
            if name == "hangs":
                time.sleep(60)
            if name == "mute":
                raise running.InputError("checkpoint.empty")
            raise ZeroDivisionError
        return {}, set()

    monkeypatch.setattr(running, "read", third)
    monkeypatch.setattr(running, "SECONDS", 0.5)

    def build(folder: Path) -> Path:
        path = folder / "file"
        path.write_bytes(b"12345678")
        return path

    tally = running.run(build, lambda size: range(size * 4, size * 5))
    assert list(tally.faults) == [8 * 4 + 3]
    assert word in tally.faults[8 * 4 + 3]
    assert tally.outcomes == {"unnoticed": 7}
