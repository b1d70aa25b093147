"""What is shown of a checkpoint: one row a tensor, one fact a component."""

from __future__ import annotations

import numpy as np

from inspector.anatomy import find_components
from inspector.anatomy.describe import inspect_checkpoint
from tests.data.memory_checkpoint import MemoryCheckpoint, from_shapes
from tests.inspector.anatomy.instances import build, named


def test_the_table_has_every_tensor_with_its_role_layer_and_component() -> None:
    checkpoint = named(build("phi3"))
    components = find_components(checkpoint)
    inspection = inspect_checkpoint(checkpoint, components)
    table = inspection.tensors
    assert table.names == tuple(checkpoint.tensors)
    row = table.names.index("model.layers.1.self_attn.qkv_proj.weight")
    assert table.roles[row] == "attn.qkv"
    assert table.shapes[row] == "64 × 32"
    assert (table.layers[row], table.components[row], table.parameters[row]) == (1, 0, 64 * 32)
    assert table.roles[table.names.index("model.layers.0.mlp.gate_up_proj.weight")] == "mlp.gate_up"
    embed = table.names.index("model.embed_tokens.weight")
    assert (table.roles[embed], table.layers[embed]) == ("embed", -1)
    assert inspection.parameters == int(table.parameters.sum())
    assert inspection.dtypes == {"F32": len(table.names)}
    (fact,) = inspection.components
    assert (fact.name, fact.family, fact.prefix, fact.blocks) == ("language_model", "llama", "model.", 2)
    assert inspection.warnings == ()


def test_excluded_tensors_have_a_component_and_no_role() -> None:
    arrays = {name: array for name, array in named(build("whisper")).arrays.items() if name.startswith("encoder.")}
    checkpoint = MemoryCheckpoint(arrays | {"encoder.step": np.array(7, np.int64)})
    inspection = inspect_checkpoint(checkpoint, find_components(checkpoint))
    (fact,) = inspection.components
    assert {item.tensor: item.reason.code for item in fact.excluded} == {
        "encoder.embed_positions.weight": "anatomy.fixed_sinusoid",
        "encoder.step": "anatomy.integer_scalar",
    }
    row = inspection.tensors.names.index("encoder.embed_positions.weight")
    assert (inspection.tensors.roles[row], inspection.tensors.components[row]) == ("", 0)
    assert inspection.dtypes == {"F32": len(arrays), "I64": 1}


def test_guessed_blocks_are_said() -> None:
    shapes = {f"part{i}.{name}": (8, 4) for i in range(3) for name in ("x", "y")}
    checkpoint = from_shapes(shapes)
    (warning,) = inspect_checkpoint(checkpoint, find_components(checkpoint)).warnings
    assert (warning.code, warning.params["component"]) == ("anatomy.guessed", "other")
