"""Pieces of distributed checkpoints: one rank alone is read, slices get one sentence with the tool that merges them."""

from __future__ import annotations

import argparse
from collections import OrderedDict
from pathlib import Path

import pytest
import torch
import torch.distributed.checkpoint as dcp

from inspector.checkpoint import open_checkpoint
from inspector.errors import InputError, worded
from tests.inspector.checkpoint.conftest import assert_opens_as

STATE = {"layers.0.weight": torch.randn(4, 3), "layers.0.bias": torch.ones(4)}


def refused(path: Path) -> str:
    """The sentence with which a path is refused; it names an entry of the folder."""
    with pytest.raises(InputError) as caught:
        open_checkpoint(path)
    assert caught.value.note.file
    assert worded(caught.value.note, "ko")
    return worded(caught.value.note)


def saved(folder: Path, *names: str) -> Path:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        torch.save(STATE, path)
    return folder


def deepspeed_state() -> dict[str, object]:
    """What DeepSpeed writes as mp_rank_00_model_states.pt (runtime/engine.py, _save_checkpoint)."""
    return {
        "module": OrderedDict(STATE),
        "buffer_names": [],
        "optimizer": None,
        "param_shapes": [OrderedDict((name, value.shape) for name, value in STATE.items())],
        "frozen_param_shapes": None,
        "lr_scheduler": {"last_batch_iteration": 3},
        "sparse_tensor_module_names": set(),
        "skipped_samples": 0,
        "global_steps": 4,
        "dp_world_size": 2,
        "mp_world_size": 1,
        "ds_config": {"train_batch_size": 8},
        "ds_version": "0.14.0",
    }


@pytest.mark.filterwarnings("ignore:torch.distributed is disabled")
def test_torch_dcp(tmp_path: Path) -> None:
    dcp.save({"model": STATE}, checkpoint_id=tmp_path / "run", no_dist=True)
    assert (tmp_path / "run" / ".metadata").is_file()
    for path in ("", "run", "run/__0_0.distcp", "run/.metadata"):
        assert "dcp_to_torch" in refused(tmp_path / path)


def test_deepspeed_of_one_rank_is_read(tmp_path: Path) -> None:
    step = tmp_path / "global_step4"
    step.mkdir()
    torch.save(deepspeed_state(), step / "mp_rank_00_model_states.pt")
    saved(step, "zero_pp_rank_0_mp_rank_00_optim_states.pt", "bf16_zero_pp_rank_1_mp_rank_00_optim_states.pt")
    (tmp_path / "latest").write_text("global_step4")
    for path in ("", "global_step4", "global_step4/mp_rank_00_model_states.pt"):
        assert_opens_as(tmp_path / path, STATE)


@pytest.mark.parametrize(
    "names",
    [
        ("mp_rank_00_model_states.pt", "mp_rank_01_model_states.pt"),
        ("zero_pp_rank_0_mp_rank_00_model_states.pt", "zero_pp_rank_0_mp_rank_00_optim_states.pt"),
        ("zero_pp_rank_0_mp_rank_00_optim_states.pt",),
        ("layer_00-model_00-model_states.pt", "mp_rank_00_model_states.pt"),
    ],
)
def test_deepspeed_in_slices(tmp_path: Path, names: tuple[str, ...]) -> None:
    saved(tmp_path / "global_step4", *names)
    for path in ("", "global_step4", f"global_step4/{names[0]}"):
        assert "zero_to_fp32.py" in refused(tmp_path / path)


def test_megatron(tmp_path: Path) -> None:
    (tmp_path / "latest_checkpointed_iteration.txt").write_text("1")
    for rank in ("mp_rank_00", "mp_rank_01"):
        saved(tmp_path / "iter_0000001" / rank, "model_optim_rng.pt", "distrib_optim.pt")
    for path in ("", "iter_0000001", "iter_0000001/mp_rank_00/distrib_optim.pt"):
        assert "Megatron-LM" in refused(tmp_path / path)


def test_megatron_of_one_rank_is_read(tmp_path: Path) -> None:
    rank = tmp_path / "iter_0000001" / "mp_rank_00"
    saved(rank, "distrib_optim.pt")
    torch.save({"model": STATE, "iteration": 1, "args": {"hidden_size": 4}}, rank / "model_optim_rng.pt")
    for path in ("iter_0000001", "iter_0000001/mp_rank_00"):
        assert_opens_as(tmp_path / path, STATE)


def test_the_arguments_of_a_run_are_not_built(tmp_path: Path) -> None:
    torch.save({"model": STATE, "args": argparse.Namespace(hidden_size=4)}, tmp_path / "model_optim_rng.pt")
    with open_checkpoint(tmp_path) as checkpoint:
        assert set(checkpoint.tensors) == set(STATE)


@pytest.mark.parametrize(
    ("names", "tool"),
    [
        (("pytorch_model_fsdp_rank0.bin", "pytorch_model_fsdp_rank1.bin"), "FULL_STATE_DICT"),
        (("model_world_size_2_rank_0.pt", "model_world_size_2_rank_1.pt"), "FULL_STATE_DICT"),
        (("consolidated.00.pth", "consolidated.01.pth"), "convert_llama_weights_to_hf.py"),
    ],
)
def test_slices_of_ranks(tmp_path: Path, names: tuple[str, ...], tool: str) -> None:
    saved(tmp_path, *names)
    assert tool in refused(tmp_path)
    assert tool in refused(tmp_path / names[0])
    (tmp_path / names[1]).unlink()
    assert_opens_as(tmp_path, STATE)


@pytest.mark.parametrize("entry", ["_METADATA", "_CHECKPOINT_METADATA", "manifest.ocdbt"])
def test_orbax(tmp_path: Path, entry: str) -> None:
    (tmp_path / "default").mkdir()
    (tmp_path / "default" / entry).write_bytes(b"{}")
    for path in ("", "default", f"default/{entry}"):
        assert "orbax.checkpoint" in refused(tmp_path / path)


def test_flax(tmp_path: Path) -> None:
    (tmp_path / "flax_model.msgpack").write_bytes(b"\x81\xa6params\x80")
    for path in ("", "flax_model.msgpack"):
        assert "flax.serialization" in refused(tmp_path / path)
    saved(tmp_path, "pytorch_model.bin")
    with open_checkpoint(tmp_path) as checkpoint:
        assert set(checkpoint.tensors) == set(STATE)


def test_names_that_only_resemble_pieces(tmp_path: Path) -> None:
    """Two adapters of different rank are two checkpoints, not slices of one."""
    saved(tmp_path, "lora_rank4.pt", "lora_rank8.pt")
    with open_checkpoint(tmp_path) as checkpoint:
        assert [note.code for note in checkpoint.warnings] == ["checkpoint.several_checkpoints"]
