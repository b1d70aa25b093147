"""Files that change, shrink, vanish or are exchanged while they are compared: the `dyn_` scenarios of the corpus.

Which of the twenty are tested where is `PLACES` below; a new scenario has to be put there.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import pytest
import torch

from inspector.checkpoint import open_checkpoint
from inspector.errors import InputError
from inspector.job import QuietJob
from inspector.results import ReferenceFact
from inspector.review import compare
from tests.data import bad_inputs
from tests.data.arrays import save, vision_tower

PLACES = {
    "dyn_truncate_while_open": "here", "dyn_overwrite_in_place": "here", "dyn_rename_over": "here",
    "dyn_delete_while_open": "here", "dyn_symlink_swap": "here",
    "dyn_disk_full_report": "test_output.py", "dyn_kill9_report": "test_output.py",
    "dyn_worker_killed": "gui/test_faults.py", "dyn_no_network": "sandbox/test_confining.py",
    "dyn_hostile_env": "sandbox/test_commands.py", "dyn_cwd": "sandbox/test_commands.py",
    "dyn_threads": "sandbox/test_commands.py", "dyn_locale_tz": "sandbox/test_commands.py",
    "dyn_two_instances": "sandbox/test_commands.py",
    "dyn_disk_full_cache": "references/test_screen_cache.py", "dyn_cache_readonly": "references/test_screen_cache.py",
    "dyn_kill9_cache": "references/test_screen_cache.py", "dyn_cache_bitflip": "references/test_screen_cache.py",
    "dyn_cache_foreign": "references/test_screen_cache.py", "dyn_report_tamper": "verification/test_signatures.py",
}  # fmt: skip


def test_every_scenario_has_its_place() -> None:
    assert set(PLACES) == {scenario[0] for scenario in bad_inputs.DYNAMIC}


class Meddling(QuietJob):
    """Does something to the files when all inputs are open and nothing is compared yet."""

    def __init__(self, meddle: Callable[[], object]) -> None:
        self._meddle = meddle

    def partial(self, result: Any) -> None:
        """Meddle when the reference's headers are read."""
        if isinstance(result, ReferenceFact):
            self._meddle()


def written(path: Path, seed: int) -> Path:
    tower = vision_tower(seed, blocks=3, width=64, hidden=256)
    if path.suffix == ".safetensors":
        return save(path, tower)
    if path.suffix == ".pt":
        torch.save({name: torch.from_numpy(array) for name, array in tower.items()}, path)
        return path
    with h5py.File(path, "w") as file:
        for name, array in tower.items():
            file.create_dataset(name.replace(".", "/"), data=array)
    return path


@pytest.fixture(params=["m.safetensors", "m.pt", "m.h5"])
def candidate(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return written(tmp_path / request.param, 1)


@pytest.fixture
def reference(tmp_path: Path) -> Path:
    return written(tmp_path / "reference.safetensors", 2)


def overwrite(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2)
        file.write(b"\x3f" * 4096)


@pytest.mark.parametrize("meddle", [lambda path: os.truncate(path, 4096), overwrite], ids=["truncate", "overwrite"])
@pytest.mark.parametrize("side", ["candidate", "reference"])
def test_a_change_is_an_error_and_no_verdict(
    candidate: Path, reference: Path, meddle: Callable[[Path], None], side: str
) -> None:
    changed = candidate if side == "candidate" else reference
    with pytest.raises(InputError) as caught:
        compare(candidate, [reference], job=Meddling(lambda: meddle(changed)))
    assert caught.value.note.file == changed.name
    assert caught.value.note.code in ("checkpoint.changed", "checkpoint.truncated", "checkpoint.zip_checksum")


def exchange(path: Path) -> None:
    written(path.with_name(f"new{path.suffix}"), 3).replace(path)


@pytest.mark.parametrize("meddle", [exchange, Path.unlink], ids=["rename over", "delete"])
def test_hash_and_values_are_of_one_file(candidate: Path, reference: Path, meddle: Callable[[Path], None]) -> None:
    before = compare(candidate, [reference])
    after = compare(candidate, [reference], job=Meddling(lambda: meddle(candidate)))
    assert after.candidate.files == before.candidate.files
    assert after.components[0].verdict == before.components[0].verdict
    best = [found.components[0].against[0].similarity["cosine"].value for found in (before, after)]
    assert best[0] == best[1]


def test_a_link_in_the_place_of_a_shard_is_not_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Exchanged between the look at the name and its opening."""
    folder, secret = tmp_path / "model", save(tmp_path / "secret.safetensors", vision_tower(9))
    shard = save(folder / "model.safetensors", vision_tower(1))
    real = os.open

    def swapped(path: Any, *arguments: Any, **options: Any) -> int:
        if path == shard.name and not shard.is_symlink():
            shard.unlink()
            shard.symlink_to(secret)
        return real(path, *arguments, **options)

    monkeypatch.setattr(os, "open", swapped)
    with pytest.raises(InputError) as caught, open_checkpoint(folder):
        pass
    assert caught.value.note.code == "checkpoint.link"
    assert caught.value.note.file == shard.name
