"""Making and opening fingerprints, of every layout, and what comparing them may say."""

from __future__ import annotations

import json
from collections.abc import Callable
from hashlib import sha256
from typing import Any

import ml_dtypes
import numpy as np
import pytest

from inspector.errors import InputError
from inspector.evidence.groups import is_pinned
from inspector.findings import Opened, find, plan
from inspector.job import QUIET
from inspector.references import layout, making
from inspector.references.facts import from_json, to_json
from inspector.references.opened import FingerprintCheckpoint, open_fingerprint
from inspector.references.projection import PRECISIONS, whole_rows
from inspector.similarity.workers import Meter
from tests.data.arrays import vision_tower
from tests.data.memory_checkpoint import MemoryCheckpoint
from tests.inspector.evidence.small_models import Tensors, llama, tuned, whisper
from tests.inspector.references.fingerprints import SEED, as_type, found, made, opened

WIDTH, UNITS = 96, 256


def vision(seed: int) -> Tensors:
    return vision_tower(seed, 4, WIDTH, UNITS)


def test_facts_survive_json_and_the_arrays_fit_them() -> None:
    fingerprint = made(vision(1))
    again = from_json(json.loads(json.dumps(to_json(fingerprint.facts))), "file")
    assert again == fingerprint.facts
    assert again.seed == SEED
    assert sum(part.side != "" for component in again.components for part in component.parts) == len(
        opened(fingerprint).checkpoint.tensors
    )


def hostile(change: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
    value = json.loads(json.dumps(to_json(made(vision(1)).facts)))
    change(value)
    return dict(value)


HOSTILE: dict[str, Callable[[dict[str, Any]], None]] = {
    "seed of another length": lambda facts: facts.update(seed="00"),
    "seed no text": lambda facts: facts.update(seed=7),
    "few columns": lambda facts: facts.update(precision=[1, "int8", 0.02]),
    "columns that are huge": lambda facts: facts.update(precision=[1 << 40, "int8", 0.02]),
    "code that is unknown": lambda facts: facts.update(precision=[64, "object", 0.02]),
    "layout of a later version": lambda facts: facts.update(precision=[64, "int8", 0.02, 3]),
    "first layout in a later form": lambda facts: facts.update(precision=[64, "int8", 0.02, 1]),
    "layout no number": lambda facts: facts.update(precision=[64, "int8", 0.02, "2"]),
    "two layouts": lambda facts: facts.update(precision=[64, "int8", 0.02, 2, 2]),
    "kernels without taps": lambda facts: facts["components"][0]["parts"][-1].__setitem__(7, "kernels"),
    "share that is no number": lambda facts: facts.update(precision=[64, "int8", "0.02"]),
    "share that is not a number": lambda facts: facts.update(precision=[64, "int8", float("nan")]),
    "nothing said": lambda facts: facts.clear(),
    "components no list": lambda facts: facts.update(components=3),
    "kind that is unknown": lambda facts: facts["components"][0].update(kind="toaster"),
    "negative shape": lambda facts: facts["components"][0]["parts"][0].__setitem__(5, [-2, 3]),
    "shape that is huge": lambda facts: facts["components"][0]["parts"][0].__setitem__(5, [1 << 40, 1 << 40]),
    "role that is unknown": lambda facts: facts["components"][0]["parts"][0].__setitem__(0, "__class__"),
    "side that is unknown": lambda facts: facts["components"][0]["parts"][0].__setitem__(7, "diagonal"),
    "true for a number": lambda facts: facts["components"][0].update(blocks=True),
    "digests no table": lambda facts: facts["components"][0]["parts"][0].__setitem__(8, 3),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_hostile_facts_are_refused_in_one_sentence(what: str) -> None:
    with pytest.raises(InputError) as caught:
        from_json(hostile(HOSTILE[what]), "pack/entry")
    assert caught.value.note.code == "references.facts"
    assert "pack/entry" in str(caught.value)


def test_arrays_that_do_not_fit_are_refused() -> None:
    fingerprint = made(vision(1))
    for name, array in fingerprint.arrays.items():
        for wrong in (array[:-1], array.astype(np.float64)):
            arrays = dict(fingerprint.arrays) | {name: wrong}
            with pytest.raises(InputError):
                read_all(open_fingerprint("entry", fingerprint.facts, arrays.__getitem__))


def read_all(fingerprint: Opened) -> None:
    checkpoint = fingerprint.checkpoint
    assert isinstance(checkpoint, FingerprintCheckpoint)
    for name, tensor in checkpoint.tensors.items():
        assert np.isfinite(checkpoint.read_flat(name, 0, tensor.elements)).all()
        assert checkpoint.projected[name].shape
        checkpoint.whole_units(name)


def test_two_parts_of_one_name_are_refused() -> None:
    facts = to_json(made(vision(1)).facts)
    parts = facts["components"][0]["parts"]
    parts.append(parts[0])
    with pytest.raises(InputError):
        open_fingerprint("entry", from_json(facts, "entry"), lambda name: np.zeros(0))


def fused_gpt(seed: int) -> Tensors:
    """GPT-2's layout: units are columns of what is stored, and q, k and v lie in one matrix."""
    rng = np.random.default_rng(seed)

    def normal(*shape: int) -> np.ndarray[Any, np.dtype[np.float32]]:
        return (0.1 * rng.standard_normal(shape)).astype(np.float32)

    tensors = {"transformer.wte.weight": normal(300, WIDTH), "transformer.wpe.weight": normal(64, WIDTH)}
    for block in range(3):
        at = f"transformer.h.{block}."
        shapes = {"attn.c_attn": (WIDTH, 3 * WIDTH), "attn.c_proj": (WIDTH, WIDTH)}
        shapes |= {"mlp.c_fc": (WIDTH, 4 * WIDTH), "mlp.c_proj": (4 * WIDTH, WIDTH)}
        for name, shape in shapes.items():
            tensors |= {f"{at}{name}.weight": normal(*shape), f"{at}{name}.bias": normal(shape[1])}
        for name in ("ln_1", "ln_2"):
            tensors |= {f"{at}{name}.weight": 1 + normal(WIDTH), f"{at}{name}.bias": normal(WIDTH)}
    return tensors


def experts(seed: int) -> Tensors:
    """Mixtral's layout: a router and four experts a block."""
    rng = np.random.default_rng(seed)
    tensors = {name: value for name, value in llama(seed, 3, WIDTH).items() if ".mlp." not in name}
    for block in range(3):
        at = f"model.layers.{block}.block_sparse_moe."
        tensors[f"{at}gate.weight"] = rng.standard_normal((4, WIDTH)).astype(np.float32)
        for expert in range(4):
            for name, shape in (("w1", (128, WIDTH)), ("w2", (WIDTH, 128)), ("w3", (128, WIDTH))):
                tensors[f"{at}experts.{expert}.{name}.weight"] = (0.1 * rng.standard_normal(shape)).astype(np.float32)
    return tensors


def recurrent(seed: int) -> Tensors:
    rng = np.random.default_rng(seed)
    shapes = {"weight_ih_l0": (512, WIDTH), "weight_hh_l0": (512, 128), "bias_ih_l0": (512,), "bias_hh_l0": (512,)}
    tensors = {f"lstm.{name}": (0.1 * rng.standard_normal(shape)).astype(np.float32) for name, shape in shapes.items()}
    return tensors | {"fc.weight": rng.standard_normal((64, 128)).astype(np.float32)}


def convolutions(seed: int) -> Tensors:
    rng = np.random.default_rng(seed)
    shapes = {"conv1": (64, 3, 3, 3), "conv2": (128, 64, 3, 3), "conv3": (128, 128, 3, 3), "conv4": (64, 128, 3, 3)}
    return {
        f"features.{name}.weight": (0.1 * rng.standard_normal(shape)).astype(np.float32)
        for name, shape in shapes.items()
    }


LAYOUTS: dict[str, Callable[[int], Tensors]] = {
    "vision, fused": vision,
    "audio": lambda seed: whisper(seed, 3, WIDTH),
    "grouped queries": lambda seed: llama(seed, 3, WIDTH),
    "experts": experts,
    "fused and transposed": fused_gpt,
    "recurrent": recurrent,
    "convolutions": convolutions,
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_is_kept_and_a_copy_is_identical_and_a_stranger_is_not(layout: str) -> None:
    tensors = LAYOUTS[layout](1)
    copy, stranger = made(tensors), made(LAYOUTS[layout](2))
    read_all(opened(copy))
    same, apart = found(copy, made(tensors)), found(copy, stranger)
    assert same.verdict == "identical"
    assert apart.verdict == "inconclusive"
    assert apart.best is not None
    assert apart.best.evidence is not None
    assert apart.best.evidence.log10_p is None or apart.best.evidence.log10_p > -3


@pytest.mark.parametrize("layout", [name for name in LAYOUTS if name not in ("recurrent", "convolutions")])
def test_a_fine_tune_of_every_layout_is_derived(layout: str) -> None:
    tensors = LAYOUTS[layout](1)
    assert found(made(tuned(tensors, 3, 0.3)), made(tensors)).verdict == "derived"


def reason(finding: Any) -> str:
    evidence = finding.best.evidence
    return str(evidence.reason.code).rpartition(".")[2]


@pytest.mark.parametrize("dtype", [ml_dtypes.bfloat16, np.float16])
def test_a_copy_that_was_rounded_is_a_cast(dtype: Any) -> None:
    tensors = vision(1)
    finding = found(made(as_type(tensors, dtype)), made(tensors))
    assert (finding.verdict, reason(finding)) == ("identical", "cast")


def test_a_negative_is_no_more_than_a_screening() -> None:
    finding = found(made(vision(1)), made(vision(2)))
    assert (finding.verdict, reason(finding)) == ("inconclusive", "screened")


def test_a_few_equal_vectors_are_no_copy() -> None:
    rng = np.random.default_rng(1)
    heads = {f"lin{number}.model.1.weight": rng.random((1, size, 1, 1)).astype(np.float32) for number, size in
             enumerate((64, 128, 256))}  # fmt: skip
    assert found(made(heads), made(heads)).verdict == "inconclusive"


def test_a_table_that_is_kept_by_its_digest_alone_must_be_equal_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two language models that share all but a large table of tokens are no copies of each other."""
    monkeypatch.setattr(layout, "WHOLE_ELEMENTS", 1 << 12)
    tensors = fused_gpt(1)
    changed = tensors | {"transformer.wte.weight": fused_gpt(2)["transformer.wte.weight"]}
    assert "transformer.wte.weight" not in opened(made(tensors)).checkpoint.tensors
    assert found(made(changed), made(tensors)).verdict == "derived"


def test_a_sinusoid_still_pins_the_residual_dimensions() -> None:
    tensors = whisper(1, 3, WIDTH)
    component = opened(made(tensors)).components[0]
    assert is_pinned(component)
    assert not is_pinned(opened(made(vision(1))).components[0])


def test_permuted_units_are_brought_back() -> None:
    tensors = vision(1)
    rng = np.random.default_rng(4)
    moved = dict(tensors)
    for block in range(4):
        at, order = f"visual.blocks.{block}.mlp.", rng.permutation(UNITS)
        for name in (f"{at}{role}_proj.{what}" for role in ("gate", "up") for what in ("weight", "bias")):
            if name in tensors:
                moved[name] = tensors[name][order]
        moved[f"{at}down_proj.weight"] = tensors[f"{at}down_proj.weight"][:, order]
    finding = found(made(moved), made(tensors))
    assert finding.verdict == "derived"


def test_another_seed_or_precision_is_refused() -> None:
    tensors = vision(1)
    ours = opened(made(tensors), "candidate")
    for other in (made(tensors, bytes(16)), made(tensors, precision="fine")):
        theirs = opened(other, "reference")
        target, partners = plan(ours, [theirs], None)[0]
        with pytest.raises(InputError) as caught:
            find(ours, target, partners, Meter(QUIET, 1), 1, False)
        assert caught.value.note.code == "references.projected_otherwise"
        assert "reference" in str(caught.value)


def test_full_weights_are_not_held_against_a_fingerprint_as_they_are() -> None:
    ours = opened(made(vision(1)), "candidate")
    checkpoint = MemoryCheckpoint(vision(1))
    theirs = Opened("weights", checkpoint, ours.components, ours.inspection, None)
    with pytest.raises(InputError):
        find(ours, ours.components[0], [(theirs, ours.components[0])], Meter(QUIET, 1), 1, False)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 3e38])
def test_values_that_are_not_finite_stay_out_of_all_sums(value: float) -> None:
    tensors, zeroed = vision(1), vision(1)
    for name in ("visual.blocks.0.mlp.up_proj.weight", "visual.blocks.1.mlp.down_proj.weight"):
        for column in (0, 2):
            tensors[name][3, column] = value
            zeroed[name][3, column] = 0 if not np.isfinite(value) else value
    ours, theirs = made(tensors), made(zeroed)
    read_all(opened(ours))
    for name, array in ours.arrays.items():
        assert np.array_equal(array, theirs.arrays[name]), name


def test_equal_units_have_equal_keys_and_others_do_not() -> None:
    tensors = vision(1)
    rows, columns = "visual.blocks.0.mlp.up_proj.weight", "visual.blocks.0.mlp.down_proj.weight"
    tensors[rows][7] = tensors[rows][5]
    tensors[rows][8, 0] = 0.0
    tensors[rows][9] = tensors[rows][8]
    tensors[rows][9, 0] = -0.0
    tensors[columns][:, 7] = tensors[columns][:, 5]
    checkpoint = opened(made(tensors)).checkpoint
    for name in (rows, columns):
        keys = checkpoint.projected[name].keys
        assert keys is not None
        assert keys[7] == keys[5]
        assert len(set(keys.tolist())) == len(keys) - (2 if name == rows else 1)


def test_some_units_are_kept_whole() -> None:
    tensors = vision(1)
    checkpoint = opened(made(tensors)).checkpoint
    assert isinstance(checkpoint, FingerprintCheckpoint)
    for name, axis in (("visual.blocks.0.mlp.up_proj.weight", 0), ("visual.blocks.0.mlp.down_proj.weight", 1)):
        numbers, rows = checkpoint.whole_units(name)
        expected = np.take(tensors[name], numbers, axis)
        assert numbers.tolist() == whole_rows(SEED, UNITS, PRECISIONS["standard"].whole_rows).tolist()
        assert np.abs(rows - (expected if axis == 0 else expected.T)).max() <= np.abs(expected).max() / 127


def test_which_worker_did_what_changes_no_digit(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = made(fused_gpt(1))
    monkeypatch.setattr(making, "_LARGE", 0)
    split = made(fused_gpt(1))
    monkeypatch.setattr(making, "in_order", lambda function, items: [function(item) for item in items])
    alone = made(fused_gpt(1))
    for other in (split, alone):
        assert other.facts == whole.facts
        assert all(np.array_equal(array, other.arrays[name]) for name, array in whole.arrays.items())


def test_digests_are_those_of_the_stored_bytes_and_of_them_rounded() -> None:
    tensors = fused_gpt(1) | {"odd": np.arange(12, dtype=np.float16).reshape(3, 4)}
    for component in made(tensors).facts.components:
        for part in component.parts:
            array = tensors[part.tensor]
            kinds: dict[str, Any] = {"F32": np.float32, "BF16": ml_dtypes.bfloat16, "F16": np.float16}
            wanted = kinds if array.dtype == np.float32 else {"F16": np.float16}
            expected = {kind: sha256(array.astype(dtype).tobytes()).hexdigest() for kind, dtype in wanted.items()}
            assert dict(part.digests) == expected
