"""What the library and its packs bear: `python -m benchmarks.library_faults` prints the tables.

Kills: a forked process adds, replaces, removes, restores, imports or screens, and is killed (SIGKILL) at a random
moment of the time that this takes. Then every entry must be the old or the new one, whole to the last bit, nothing else
may be there, and the same change made again must succeed. Flipped bits, cut ends: of a signed and of an unsigned pack,
each must be refused with one sentence, and the library must be as it was.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import sys
import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

import resources
from inspector.errors import InputError
from inspector.references.library import Library
from inspector.references.packs import export_pack, import_pack
from inspector.references.record import Record
from inspector.references.shelf import add_reference
from inspector.references.signing import make_key
from inspector.review import screen

KEPT = ("kept 1", "kept 2", "replaced", "removed")
GONE = "removed before"
PACKED = tuple(f"packed {number}" for number in range(2))
SIZE = 300_000  # bytes of a fingerprint: several system calls and some milliseconds of writing


@dataclass(slots=True)
class Tally:
    """What came of one kind of fault."""

    times: int = 0
    stopped: int = 0
    faults: list[str] = field(default_factory=list)
    slowest: float = 0.0


def fingerprint(name: str, version: int, size: int = SIZE) -> Record:
    """Return a record whose values follow from its name and version."""
    seed = np.random.default_rng([version, *name.encode()])
    values = seed.integers(-127, 128, size).astype(np.int8)
    return Record(name, {"seed": "00" * 16, "version": version}, {"0.values": values})


def versions(library: Library) -> dict[str, int]:
    """Return the version of every entry, after comparing every bit with what was added; -1 where it is wrong."""
    found = {}
    for entry in library.entries():
        if entry.state != "ok":
            found[entry.name] = -1
            continue
        with library.open(entry.name) as opened:
            version = int(opened.facts["version"])
            expected = fingerprint(entry.name, version, opened.shapes["0.values"][0])
            whole = np.array_equal(opened.array("0.values"), expected.arrays["0.values"])
            found[entry.name] = version if whole else -1
    return found


@dataclass(frozen=True, slots=True)
class Change:
    """A change of a library, and the version of every entry before and after it."""

    name: str
    make: Callable[[Library], object]
    before: dict[str, int]
    after: dict[str, int]


def changes(pack: Path) -> list[Change]:
    """Return the changes that are killed; `pack` holds `PACKED` and "replaced", in version 2."""
    before = dict.fromkeys(KEPT, 1)
    new = fingerprint("new", 2)
    replacing = fingerprint("replaced", 2)
    removed = {name: version for name, version in before.items() if name != "removed"}
    return [
        Change("add", lambda library: library.add(new), before, before | {"new": 2}),
        Change("replace", lambda library: library.add(replacing, replace=True), before, before | {"replaced": 2}),
        Change("remove", lambda library: library.remove("removed"), before, removed),
        Change("restore", lambda library: library.restore(GONE), before, before | {GONE: 1}),
        Change(
            "import",
            lambda library: import_pack(pack, library, replace=True),
            before,
            before | dict.fromkeys((*PACKED, "replaced"), 2),
        ),
    ]


def started(folder: Path, size: int = SIZE) -> Library:
    """Return a library of `KEPT` in version 1; `GONE` was removed from it."""
    library = Library(folder)
    for name in (*KEPT, GONE):
        library.add(fingerprint(name, 1, size))
    library.remove(GONE)
    return library


def made_pack(folder: Path, key: Path | None = None, size: int = SIZE) -> Path:
    """Write a pack of `PACKED` and "replaced" in version 2 and return its path."""
    library = Library(folder / "packed")
    for name in (*PACKED, "replaced"):
        library.add(fingerprint(name, 2, size))
    path = folder / ("signed.pack" if key else "unsigned.pack")
    export_pack(library, [entry.name for entry in library.entries()], path, key=key)
    shutil.rmtree(library.folder)
    return path


def fork(work: Callable[[], object]) -> int:
    """Start a process that does the work and ends with 0, or with 1 where that raised; return its number."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # Python 3.12: threads and fork; the child starts none
        child = os.fork()
    if child:
        return child
    code = 1
    try:
        work()
        code = 0
    finally:
        os._exit(code)


def wrong_after(change: Change, folder: Path) -> str:
    """Say what is wrong with a library after a change that was killed, "" for nothing; makes the change again."""
    library = Library(folder)
    found = versions(library)
    for name in change.before.keys() | change.after.keys() | found.keys():
        allowed = {change.before.get(name), change.after.get(name)}
        if found.get(name) not in allowed:
            return f"{change.name}: {name!r} is {found.get(name)}, not one of {allowed}"
    if found != change.after:
        change.make(library)
    if versions(library) != change.after:
        return f"{change.name}: made again, {versions(library)} is not {change.after}"
    left = [path.name for path in folder.rglob(".assayer-*")]
    return f"{change.name}: left {left}" if left and found != change.after else ""


def kill_at_random(change: Change, start: Path, folder: Path, times: int, chance: random.Random) -> Tally:
    """Kill a change at random moments; `start` is the library before it."""
    tally = Tally()
    shutil.copytree(start, folder)
    began = time.perf_counter()
    os.waitpid(fork(lambda: change.make(Library(folder))), 0)
    lasts = time.perf_counter() - began
    for _ in range(times):
        shutil.rmtree(folder)
        shutil.copytree(start, folder)
        child = fork(lambda: change.make(Library(folder)))
        time.sleep(chance.uniform(0, 1.1 * lasts))
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        tally.times += 1
        tally.stopped += os.WIFSIGNALED(status)
        wrong = wrong_after(change, folder)
        if wrong:
            tally.faults.append(wrong)
    shutil.rmtree(folder)
    return tally


def screened_library(folder: Path) -> Library:
    """Return a library of the embedded sample's references."""
    for name in ("reference_vision", "reference_audio"):
        add_reference(folder, resources.path(f"demo/{name}"))
    return Library(folder)


def kill_screening(start: Path, folder: Path, times: int, chance: random.Random) -> Tally:
    """Kill screenings at random moments: no entry may change, and what is cached is the whole result or nothing."""
    tally = Tally()

    def work() -> None:
        screen(resources.path("demo/candidate"), folder)

    shutil.copytree(start, folder)
    before = [entry.digest for entry in Library(folder).entries()]
    began = time.perf_counter()
    os.waitpid(fork(work), 0)
    lasts = time.perf_counter() - began
    right = _cached(folder)
    for _ in range(times):
        shutil.rmtree(Library(folder).cache, ignore_errors=True)
        child = fork(work)
        # Half of them in the last tenth, in which the result is written.
        time.sleep(chance.uniform(chance.choice((0.0, 0.9)), 1.1) * lasts)
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        tally.times += 1
        tally.stopped += os.WIFSIGNALED(status)
        if [entry.digest for entry in Library(folder).entries()] != before or Library(folder).verify():
            tally.faults.append("screen: an entry was lost or changed")
        if _cached(folder) not in ([], right):
            tally.faults.append("screen: what is cached is not the whole result")
    os.waitpid(fork(work), 0)
    if _cached(folder) != right or len(right) != 1:
        tally.faults.append("screen: made again, the result is another")
    shutil.rmtree(folder)
    return tally


def _cached(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in sorted(Library(folder).cache.glob("[!.]*"))]


def refuse(packs: Sequence[bytes], library: Library, folder: Path) -> Tally:
    """Import damaged packs: each must be refused in one sentence that names it, and change nothing."""
    tally = Tally()
    before = versions(library)
    path = folder / "damaged.pack"
    for content in packs:
        path.write_bytes(content)
        began = time.perf_counter()
        try:
            import_pack(path, library, allow_unsigned=True, replace=True)
            tally.faults.append("a damaged pack was taken")
        except InputError as error:
            tally.stopped += 1
            if not str(error).startswith(path.name) or len(str(error).splitlines()) != 1:
                tally.faults.append(f"not one sentence that names the pack: {error}")
        tally.times += 1
        tally.slowest = max(tally.slowest, time.perf_counter() - began)
    path.unlink()
    if versions(library) != before:
        tally.faults.append(f"the library was changed: {versions(library)}")
    return tally


def flipped(pack: bytes, times: int, chance: random.Random) -> list[bytes]:
    """Return a pack with one bit flipped, as often as wanted."""
    found = []
    for _ in range(times):
        bit = chance.randrange(len(pack) * 8)
        damaged = bytearray(pack)
        damaged[bit // 8] ^= 1 << (bit % 8)
        found.append(bytes(damaged))
    return found


def cut(pack: bytes, times: int, chance: random.Random) -> list[bytes]:
    """Return a pack cut at random lengths."""
    return [pack[: chance.randrange(len(pack))] for _ in range(times)]


def main() -> int:
    """Print both tables; 1 where there was a fault."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--kills", type=int, default=200, help="of each change")
    parser.add_argument("--screens", type=int, default=200, help="screenings that are killed")
    parser.add_argument("--flips", type=int, default=500, help="of each pack")
    parser.add_argument("--seed", type=int, default=7)
    arguments = parser.parse_args()
    chance = random.Random(arguments.seed)
    faults: list[str] = []
    with TemporaryDirectory() as place:
        folder = Path(place)
        make_key(folder / "key")
        pack = made_pack(folder, folder / "key")
        start = started(folder / "start")
        print("| change | killed | before it was done | lost or wrong entries |\n|---|---:|---:|---:|")
        for change in changes(pack):
            tally = kill_at_random(change, start.folder, folder / "library", arguments.kills, chance)
            print(f"| {change.name} | {tally.times} | {tally.stopped} | {len(tally.faults)} |", flush=True)
            faults += tally.faults
        shelf = screened_library(folder / "sample")
        tally = kill_screening(shelf.folder, folder / "library", arguments.screens, chance)
        print(f"| screen | {tally.times} | {tally.stopped} | {len(tally.faults)} |", flush=True)
        faults += tally.faults
        print("\n| pack | damaged | refused | faults | slowest |\n|---|---:|---:|---:|---:|")
        for key in (folder / "key", None):
            content = made_pack(folder, key, 2000).read_bytes()
            for name, make in (("a flipped bit", flipped), ("cut", cut)):
                tally = refuse(make(content, arguments.flips, chance), start, folder)
                signed = "signed" if key else "unsigned"
                counts = f"{tally.times} | {tally.stopped} | {len(tally.faults)} | {tally.slowest * 1000:.0f} ms"
                print(f"| {signed}, {name} | {counts} |", flush=True)
                faults += tally.faults
    for fault in faults[:20]:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
