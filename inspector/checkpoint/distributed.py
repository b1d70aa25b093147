"""Checkpoints that a distributed training run wrote in pieces, by the names of their files: how each is merged.

Recognised only where nothing better lies in the folder. A piece holds slices of tensors under the names of whole ones,
so that none may be read alone; one rank alone (`mp_rank_00`) holds everything and is read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from inspector.errors import InputError

# DeepSpeed: runtime/engine.py (_get_ckpt_name, _get_zero_ckpt_name).
_ZERO_MODEL = re.compile(r".*zero_pp_rank_\d+_mp_rank_\d+_model_states\.pt")
_ZERO_OPTIM = re.compile(r".*zero_pp_rank_\d+_mp_rank_\d+_optim_states\.pt")
_RANK_MODEL = re.compile(r"mp_rank_\d+(_model_states\.pt)")
_PIPELINE = re.compile(r"layer_\d+-model_\d+-model_states\.pt")
# accelerate: utils/fsdp_utils.py (save_fsdp_model).
_FSDP = re.compile(r".*(fsdp|world_size_\d+)_rank_?\d+\.(bin|pt|pth)")
_SLICES = re.compile(r"consolidated\.\d\d\.pth")
_MEGATRON_RANK = re.compile(r"mp_rank_\d+(_\d+)*")
_DCP = re.compile(r"__\d+_\d+\.distcp")
_ORBAX = frozenset({"_METADATA", "_CHECKPOINT_METADATA", "manifest.ocdbt", "ocdbt.process_0"})
# What a training run writes beside the model, beyond what starts with the usual words.
OPTIMIZER = re.compile(r"(.*_optim_states|distrib_optim)\.pt")


def refuse_pieces(names: Iterable[str], label: str) -> None:
    """Raise where the entries of a folder are pieces of a distributed checkpoint; say how they are merged.

    Args:
        names: of all entries, or of the weight files where some could be read alone. label: the folder's name.
    """
    entries = sorted(names)

    def held(pattern: re.Pattern[str]) -> list[str]:
        return [name for name in entries if pattern.fullmatch(name)]

    if held(_DCP):
        raise InputError("checkpoint.pieces_dcp", file=held(_DCP)[0])
    if not _ORBAX.isdisjoint(entries):
        raise InputError("checkpoint.pieces_orbax", file=label)
    if held(_ZERO_MODEL) or held(_PIPELINE):
        raise InputError("checkpoint.pieces_deepspeed", file=(held(_ZERO_MODEL) or held(_PIPELINE))[0])
    if len(held(_RANK_MODEL)) > 1:
        raise InputError("checkpoint.pieces_deepspeed", file=held(_RANK_MODEL)[0])
    if held(_ZERO_OPTIM) and not held(_RANK_MODEL):
        raise InputError("checkpoint.pieces_deepspeed", file=held(_ZERO_OPTIM)[0])
    if "latest_checkpointed_iteration.txt" in entries or len(held(_MEGATRON_RANK)) > 1:
        raise InputError("checkpoint.pieces_megatron", file=label)
    for pattern, code in ((_SLICES, "checkpoint.pieces_parallel"), (_FSDP, "checkpoint.pieces_fsdp")):
        if len(held(pattern)) > 1:
            raise InputError(code, file=held(pattern)[0])


def refuse_piece(name: str, beside: Callable[[], Iterable[str]]) -> None:
    """Raise where a single chosen file is one piece of a distributed checkpoint, by its name and its neighbours'."""
    if _DCP.fullmatch(name) or name == ".metadata":
        raise InputError("checkpoint.pieces_dcp", file=name)
    if name in _ORBAX:
        raise InputError("checkpoint.pieces_orbax", file=name)
    if _ZERO_MODEL.fullmatch(name) or _ZERO_OPTIM.fullmatch(name) or _PIPELINE.fullmatch(name):
        raise InputError("checkpoint.pieces_deepspeed", file=name)
    if name == "distrib_optim.pt":
        raise InputError("checkpoint.pieces_megatron", file=name)
    kinds = (
        (_RANK_MODEL, "checkpoint.pieces_deepspeed"),
        (_SLICES, "checkpoint.pieces_parallel"),
        (_FSDP, "checkpoint.pieces_fsdp"),
    )
    for pattern, code in kinds:
        if pattern.fullmatch(name) and sum(bool(pattern.fullmatch(other)) for other in beside()) > 1:
            raise InputError(code, file=name)
