"""Same inputs, same figures: JSON is the same whatever the threads, the language, the zone, the place of the files.

So is the canonical JSON of a review that was saved and reopened, byte for byte.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import resources
from inspector.report.document import canonical, to_json

ROOT = Path(__file__).parents[2]
DEMO = resources.path("demo")


def compared(folder: Path, **environment: str) -> dict[str, Any]:
    """Compare the sample's candidate with its vision reference in a process of its own; paths are taken out."""
    command = [sys.executable, "-m", "inspector", "compare", str(folder / "candidate")]
    command += ["--reference", str(folder / "reference_vision"), "--json", "-"]
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True, check=True
    )
    found = json.dumps(json.loads(done.stdout), ensure_ascii=False)
    return dict(json.loads(found.replace(str(folder), "")))


@pytest.fixture(scope="module")
def plain() -> dict[str, Any]:
    return compared(DEMO, OMP_NUM_THREADS="1")


@pytest.mark.parametrize(
    "environment",
    [
        {"OMP_NUM_THREADS": "2", "MKL_NUM_THREADS": "2", "PYTHONHASHSEED": "7"},
        {"LANG": "tr_TR.UTF-8", "LC_ALL": "C", "TZ": "Asia/Seoul", "PYTHONHASHSEED": "11"},
    ],
    ids=["threads", "locale"],
)
def test_the_surroundings_change_nothing(plain: dict[str, Any], environment: dict[str, str]) -> None:
    assert compared(DEMO, **environment) == plain


def test_the_place_changes_nothing(plain: dict[str, Any], tmp_path: Path) -> None:
    elsewhere = tmp_path / "다른 폴더"
    for name in ("candidate", "reference_vision"):
        shutil.copytree(DEMO / name, elsewhere / name)
    assert compared(elsewhere) == plain


def test_one_core_gives_the_same(plain: dict[str, Any]) -> None:
    if not hasattr(os, "sched_setaffinity"):
        pytest.skip("the system cannot keep a process to one core")
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(cores)})
    try:
        assert compared(DEMO) == plain
    finally:
        os.sched_setaffinity(0, cores)


WITH_WORKERS = """
import sys
from inspector.similarity import workers
count = int(sys.argv.pop(1))
workers.worker_count = lambda: count
from inspector.cli import main
main()
"""


def reported(folder: Path, work: Path, threads: int = 1, **environment: str) -> bytes:
    """Save the review of a comparison in one process, and return the canonical JSON that another reports of it.

    `threads`: how many workers compare, as on a machine of as many cores.
    """
    work.mkdir()
    comparing = ["compare", str(folder / "candidate"), "--reference", str(folder / "reference_vision")]
    for arguments in (
        [*comparing, "--save", str(work / "a.assay")],
        ["report", str(work / "a.assay"), "--json", str(work / "a.json")],
    ):
        subprocess.run(
            [sys.executable, "-c", WITH_WORKERS, str(threads), *arguments],
            cwd=ROOT,
            env={**os.environ, "OMP_NUM_THREADS": str(threads), "MKL_NUM_THREADS": str(threads), **environment},
            capture_output=True,
            check=True,
        )
    return to_json(canonical(json.loads((work / "a.json").read_text("utf-8")))).encode()


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return reported(DEMO, tmp_path_factory.mktemp("report") / "work")


@pytest.mark.parametrize("threads", [2, 4])
def test_a_saved_review_reports_the_same_whatever_the_threads(report: bytes, tmp_path: Path, threads: int) -> None:
    assert reported(DEMO, tmp_path / "work", threads, PYTHONHASHSEED=str(threads)) == report


def test_a_saved_review_reports_the_same_in_another_language_at_another_place(report: bytes, tmp_path: Path) -> None:
    elsewhere = tmp_path / "다른 폴더"
    for name in ("candidate", "reference_vision"):
        shutil.copytree(DEMO / name, elsewhere / name)
    surroundings = {"LANG": "tr_TR.UTF-8", "LC_ALL": "tr_TR.UTF-8", "TZ": "Asia/Seoul"}
    assert reported(elsewhere, tmp_path / "work", **surroundings) == report
