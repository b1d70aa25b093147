"""The command line in its sandbox: outputs that fail, hostile surroundings, several instances side by side."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import h5py
import pytest
import torch

from tests.data.arrays import save, vision_tower

ROOT = Path(__file__).resolve().parents[3]
START = f"import sys; sys.path[:0] = [{str(ROOT)!r}]; from inspector.cli import main; main()"


def assayer(*arguments: str | Path, folder: Path | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-I", "-c", START, *map(str, arguments)]
    environment = {**os.environ, **environment}
    return subprocess.run(command, capture_output=True, text=True, timeout=200, cwd=folder, env=environment)


@pytest.fixture(autouse=True)
def _sandboxed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSAYER_SANDBOX", "on")


@pytest.fixture
def three(tmp_path: Path) -> list[Path]:
    """The same small tower as safetensors, PyTorch and HDF5, each in a folder of its own."""
    tower = vision_tower(1)
    paths = [save(tmp_path / "st" / "a.safetensors", tower), tmp_path / "pt" / "b.pt", tmp_path / "h5" / "c.h5"]
    for path in paths[1:]:
        path.parent.mkdir()
    torch.save({name: torch.from_numpy(array) for name, array in tower.items()}, paths[1])
    with h5py.File(paths[2], "w") as file:
        for name, array in tower.items():
            file.create_dataset(name.replace(".", "/"), data=array, compression="gzip")
    return paths


def test_an_output_that_cannot_be_written_is_one_sentence(three: list[Path], tmp_path: Path) -> None:
    for target in (tmp_path / "nowhere" / "out.json", tmp_path / "st", "/proc/out.json", "/dev/full"):
        done = assayer("inspect", three[0], "--json", target)
        assert done.returncode == 4, (target, done.stderr)
        (line,) = done.stderr.splitlines()
        assert str(target) in line
    done = assayer("inspect", three[0], "--json", "/dev/null")
    assert done.returncode == 0, done.stderr
    assert not Path("/dev/null").is_file()


def test_standard_output_that_is_full_is_one_sentence(three: list[Path]) -> None:
    for extra in ([], ["--json", "-"]):
        with Path("/dev/full").open("w") as full:
            command = [sys.executable, "-I", "-c", START, "inspect", str(three[0]), *extra]
            done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, timeout=100)
        assert done.returncode == 4
        (line,) = done.stderr.splitlines()
        assert "standard output" in line


def test_a_hostile_folder_and_environment_change_nothing(three: list[Path], tmp_path: Path) -> None:
    """Modules that lie in the folder are not imported, and what steers the libraries from outside is not heard."""
    folder = three[2].parent
    for name in ("numpy", "h5py", "torch", "sitecustomize", "inspector"):
        (folder / f"{name}.py").write_text(f"open({str(tmp_path / 'marker')!r}, 'w')")
    steered = {"HDF5_PLUGIN_PATH": str(folder), "HDF5_DRIVER": "no_such", "TORCH_HOME": str(folder)}
    plain = assayer("inspect", three[2], "--json", "-")
    hostile = assayer("inspect", three[2], "--json", "-", folder=folder, PYTHONPATH=str(folder), **steered)
    assert plain.returncode == 0, plain.stderr
    assert hostile.stdout == plain.stdout
    assert not (tmp_path / "marker").exists()


def test_instances_side_by_side_say_the_same_whatever_threads_locale_and_zone(three: list[Path]) -> None:
    """Three at once, on the same files."""
    surroundings = [
        {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "LC_ALL": "C", "TZ": "UTC"},
        {"OMP_NUM_THREADS": "2", "OPENBLAS_NUM_THREADS": "2", "LC_ALL": "tr_TR.UTF-8", "TZ": "Asia/Seoul"},
        {"OMP_NUM_THREADS": "8", "OPENBLAS_NUM_THREADS": "8", "LC_ALL": "de_DE.UTF-8", "USER": "other"},
    ]
    command = [sys.executable, "-I", "-c", START, "compare", *map(str, three), "--json", "-"]
    running = [
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, **around})
        for around in surroundings
    ]
    texts = [process.communicate(timeout=200)[0] for process in running]
    assert [process.returncode for process in running] == [0, 0, 0]
    assert texts[0].startswith("{")
    assert texts[1:] == texts[:1] * 2
