"""Hostile cases through the command line: each in a fork of one process that has imported everything."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

import inspector.cli
import inspector.cli_common
import inspector.review  # imported before the forks, so that none of them pays for it
from benchmarks.hostile.judging import JUDGED_BY_VALUE, MEMORY, SECONDS, Judged, Seen, Touched, judged

_EXIT_INPUT = inspector.cli_common.EXIT_INPUT
_POLL = 0.002


def run_cases(root: Path, cases: Sequence[Mapping[str, Any]], *, sandbox: bool) -> Iterator[Judged]:
    """Run every case of the corpus at `root` through `assayer inspect` or `assayer compare` and judge it."""
    options = [] if sandbox else ["--no-sandbox"]
    if not sandbox and not takes_no_sandbox():
        raise SystemExit("this version of the command line has no sandbox to switch off")
    idle = forked(lambda: None)[2]
    touched = Touched(root)
    for case in cases:
        path = str(root / case["open"])
        named = ["compare", path, path, "--quick"] if case["id"] in JUDGED_BY_VALUE else ["inspect", path]
        seen = run_once([named[0], "--json", "-", *options, *named[1:]], idle)
        faults = (*seen.faults, *touched.faults())
        yield judged(root, case, Seen(seen.outcome, seen.sentences, seen.text, faults, seen.seconds, seen.memory))


def takes_no_sandbox() -> bool:
    """Say whether the command line has `--no-sandbox`."""
    command = [sys.executable, "-m", "inspector", "inspect", "--help"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env={**os.environ, "COLUMNS": "200"})
    return "--no-sandbox" in done.stdout


def run_once(arguments: Sequence[str], idle: int) -> Seen:
    """Run the command line once in a fork; `idle` is the memory of a fork that does nothing."""
    with TemporaryFile() as out, TemporaryFile() as told:
        status, seconds, memory = forked(lambda: _command_line(arguments, out, told))
        texts = []
        for file in (out, told):
            file.seek(0)
            texts.append(file.read().decode("utf-8", "replace"))
    outcome, sentences, faults = _understood(status, *texts)
    return Seen(outcome, sentences, "".join(texts), faults, seconds, max(memory - idle, 0))


def forked(work: Callable[[], None]) -> tuple[int, float, int]:
    """Run `work` in a fork; return its wait status (-1: it was killed for time), seconds and peak memory in bytes."""
    started = time.monotonic()
    sys.stdout.flush()
    pid = os.fork()
    if not pid:
        _end(work)
    late = False
    while True:
        ended, status, usage = os.wait4(pid, os.WNOHANG)
        if ended:
            return -1 if late else status, time.monotonic() - started, usage.ru_maxrss * 1024
        if time.monotonic() - started > SECONDS and not late:
            os.kill(pid, signal.SIGKILL)
            late = True
        time.sleep(_POLL)


def _end(work: Callable[[], None]) -> None:
    code = 1
    try:
        work()
        code = 0
    except SystemExit as stop:
        code = stop.code if isinstance(stop.code, int) else 1
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _command_line(arguments: Sequence[str], out: IO[bytes], told: IO[bytes]) -> None:
    os.dup2(out.fileno(), 1)
    os.dup2(told.fileno(), 2)
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115, it lives as long as the process
    sys.stderr = open(2, "w", encoding="utf-8", errors="backslashreplace", closefd=False)  # noqa: SIM115
    # Far over what is allowed: the limit only keeps a failing case from taking the machine down.
    resource.setrlimit(resource.RLIMIT_DATA, (8 * MEMORY, 8 * MEMORY))
    sys.argv = ["assayer", *arguments]
    inspector.cli.main()


def _understood(status: int, out: str, told: str) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """Return (outcome, sentences, faults) from how the command ended and what it said."""
    if status == -1:
        return f"no answer in {SECONDS:.0f} s", (), ()
    if os.WIFSIGNALED(status):
        return f"killed by signal {os.WTERMSIG(status)}", (), ()
    code = os.WEXITSTATUS(status)
    lines = tuple(told.splitlines())
    if code == _EXIT_INPUT:
        return "error", lines, ("an error and a document",) if out else ()
    if code:
        return f"exit code {code}", lines, ()
    warnings = tuple(item["text"] for item in _warnings(json.loads(out)))
    return "warn" if warnings else "ok", warnings, tuple(f"said beside the document: {line}" for line in lines)


def _warnings(document: Any) -> Iterator[Mapping[str, Any]]:
    """Yield all that stands under a key "warnings", at any depth."""
    items = document.values() if isinstance(document, dict) else document if isinstance(document, list) else ()
    if isinstance(document, dict):
        yield from document.get("warnings", ())
    for item in items:
        yield from _warnings(item)
