"""Small made-up results, as an engine would send them."""

from __future__ import annotations

import dataclasses

import numpy as np

from inspector import results
from inspector.errors import Note

try:
    from tests.gui import canned_evidence
except ImportError:  # the fake engine runs with this folder on its path
    import canned_evidence  # type: ignore[no-redef]

LAYERS = canned_evidence.LAYERS
ROLES = ("attn.q.weight", "attn.out.weight", "mlp.up.weight", "mlp.down.weight")


def tensor_table(components: int = 3, layers: int = LAYERS, roles: tuple[str, ...] = ROLES) -> results.TensorTable:
    rows = [(c, layer, role) for c in range(components) for layer in range(layers) for role in roles]
    names = tuple(f"part{c}.blocks.{layer}.{role}" for c, layer, role in rows)
    return results.TensorTable(
        names,
        ("bf16",) * len(rows),
        ("64 × 64",) * len(rows),
        tuple(role for _, _, role in rows),
        np.array([c for c, _, _ in rows], "<i8"),
        np.array([layer for _, layer, _ in rows], "<i8"),
        np.full(len(rows), 4096, "<i8"),
    )


FAMILIES: tuple[tuple[results.Kind, str], ...] = (
    ("vision_encoder", "qwen2_5_vl"), ("audio_encoder", "whisper"), ("language_model", "llama"), ("projector", ""),
    ("other", ""),
)  # fmt: skip


def inspection(path: str = "candidate", warnings: tuple[Note, ...] = (), components: int = 3) -> results.Inspection:
    table = tensor_table(components)
    facts = tuple(
        results.ComponentFact(f"part{c}", kind, f"part{c}", family, LAYERS, 64, LAYERS * len(ROLES) * 4096)
        for c, (kind, family) in enumerate(FAMILIES[:components])
    )
    files = (results.FileFact("model-00001-of-00002.safetensors", 1000), results.FileFact("b.safetensors", 1000))
    total = int(table.parameters.sum())
    return results.Inspection(path, "safetensors", files, table, total, {"bf16": len(table.names)}, facts, warnings)


def matrix(diagonal: float, role: str, measure: str, seed: int = 0) -> results.LayerMatrix:
    rng = np.random.default_rng(seed)
    values = rng.normal(0.02, 0.015, (LAYERS, LAYERS))
    np.fill_diagonal(values, diagonal)
    values[-1, 0] = np.nan
    return results.LayerMatrix(role, measure, values, results.Null(0.02, 0.015))


def pairs(component: int, cosine: float) -> results.PairTable:
    rows = [(layer, role) for layer in range(LAYERS) for role in ROLES]
    count = len(rows)
    columns = {
        "cosine": np.linspace(cosine - 0.01, cosine, count),
        "cosine.null_mean": np.full(count, 0.002),
        "cosine.null_sd": np.full(count, 0.004),
        "centred_correlation": np.full(count, cosine - 0.002),
        "bit_identity": np.full(count, 0.21),
        "relative_l2": np.full(count, 0.08),
    }
    return results.PairTable(
        tuple(f"part{component}.blocks.{layer}.{role}" for layer, role in rows),
        tuple(f"encoder.layers.{layer}.{role}" for layer, role in rows),
        tuple(role for _, role in rows),
        np.array([layer for layer, _ in rows], "<i8"),
        np.array([layer for layer, _ in rows], "<i8"),
        np.full(count, 4096, "<i8"),
        columns,
    )


def z_matrix(diagonal: float) -> results.LayerMatrix:
    values = np.random.default_rng(9).normal(0, 1, (LAYERS, LAYERS))
    np.fill_diagonal(values, np.linspace(diagonal * 0.7, diagonal, LAYERS))
    values[-1, 0] = np.nan
    return results.LayerMatrix("all", "permutation_z", values, results.Null(0.0, 1.0))


def finding(
    component: int,
    kind: results.Kind,
    cosine: float,
    reference: str,
    verdict: results.Verdict | None = None,
) -> results.ComponentFinding:
    null = results.Null(0.002, 0.004)
    similarity = {
        "cosine": results.Measured(cosine, null, 131_072, "cosine"),
        "centred_correlation": results.Measured(cosine - 0.002, null, 131_072, "centred_correlation"),
        "bit_identity": results.Measured(0.214, results.Null(0.004, 0.001), 131_072, "bit_identity"),
        "relative_l2": results.Measured(0.08, None, 131_072, "relative_l2"),
        "norm_ratio": results.Measured(1.01, None, 131_072, "norm_ratio"),
    }
    evidence = canned_evidence.evidence(verdict, reference) if verdict else None
    z = 320.0 * canned_evidence.STRENGTH[verdict] if verdict else 0.0
    kinds = [
        (role, measure)
        for role in ("all", "attn.q.weight", "mlp.up.weight")
        for measure in ("cosine", "centred_correlation")
    ]
    against = results.Against(
        reference,
        "encoder",
        similarity,
        0.998,
        tuple(results.LayerScore(layer, layer, cosine, z if verdict else None) for layer in range(LAYERS)),
        (
            *(matrix(cosine, role, measure, seed) for seed, (role, measure) in enumerate(kinds)),
            *([z_matrix(z)] if verdict else []),
        ),
        pairs(component, cosine),
        evidence=evidence,
    )
    sentence = evidence.sentence if evidence else None
    return results.ComponentFinding(f"part{component}", kind, reference, (against,), verdict, sentence)


def findings() -> tuple[results.ComponentFinding, ...]:
    nothing = results.ComponentFinding("part2", "language_model", None, ())
    return (
        finding(0, "vision_encoder", 0.9951, "reference_vision", "derived"),
        finding(1, "audio_encoder", 1.0, "reference_audio", "identical"),
        nothing,
    )


def every_verdict() -> tuple[results.ComponentFinding, ...]:
    """One component of each verdict."""
    return (
        finding(0, "vision_encoder", 1.0, "ref_vision", "identical"),
        finding(1, "audio_encoder", 0.982, "ref_audio", "derived"),
        finding(2, "language_model", 0.0021, "ref_language", "no_dependence_found"),
        finding(3, "projector", 0.71, "ref_projector", "shared_initialisation"),
        finding(4, "other", 0.004, "ref_other", "inconclusive"),
    )


# A candidate of 8 layers beside a reference of 10: 3 and 8 are missing, 5 and 6 changed places, the last repeats 9.
DISGUISED_LAYERS = ((0, 0), (1, 1), (2, 2), (3, 4), (4, 6), (5, 5), (6, 9))
REFERENCE_LAYERS = 10
DISGUISES = (
    "neuron_permutation", "head_permutation", "residual_rotation", "layers_dropped", "layers_repeated",
    "layers_reordered",
)  # fmt: skip


def disguised(verdict: results.Verdict = "derived") -> results.ComponentFinding:
    """A vision encoder with several disguises: as is nothing is alike, undone the layers are."""
    plain = finding(0, "vision_encoder", 0.0031, "reference_vision", verdict)
    rng = np.random.default_rng(5)
    shape = (LAYERS, REFERENCE_LAYERS)
    cosine, as_is, undone = (rng.normal(0.002, 0.01, shape) for _ in range(3))
    for place in (*DISGUISED_LAYERS, (7, 9)):
        undone[place] = 0.93 - 0.01 * place[0]
    null = results.Null(0.002, 0.01)
    measures = {"cosine": cosine, "centred_correlation": as_is, "undone_correlation": undone}
    matrices = tuple(results.LayerMatrix("all", name, values, null) for name, values in measures.items())
    against = plain.against[0]
    assert against.evidence is not None
    evidence = dataclasses.replace(against.evidence, disguises=DISGUISES, undone=canned_evidence.undone())
    layers = tuple(results.LayerScore(ours, theirs, 0.003, None) for ours, theirs in DISGUISED_LAYERS)
    against = dataclasses.replace(against, layers=layers, matrices=matrices, evidence=evidence)
    return dataclasses.replace(plain, against=(against,))


def _deeper(inspection: results.Inspection) -> results.Inspection:
    encoder = results.ComponentFact("encoder", "vision_encoder", "encoder", "vit", REFERENCE_LAYERS, 64, 4096)
    return dataclasses.replace(inspection, components=(encoder,))


def comparison(candidate: str, references: tuple[str, ...]) -> results.Comparison:
    """A path that ends in "verdicts" has one component of each verdict; one in "unjudged" has no evidence; in one in
    "disguised" the first is disguised."""
    facts = tuple(results.ReferenceFact(path.rpartition("/")[2], inspection(path)) for path in references)
    if candidate.endswith("verdicts"):
        whole = inspection(candidate, components=5)
        return results.Comparison("0", {}, 0, whole, facts, every_verdict(), (), canned_evidence.overall())
    found = findings()
    if candidate.endswith("unjudged"):
        found = (finding(0, "vision_encoder", 0.9951, "reference_vision"), *found[2:])
    if candidate.endswith("disguised"):
        found = (disguised(), *found[1:])
        facts = tuple(results.ReferenceFact(fact.name, _deeper(fact.inspection)) for fact in facts)
    return results.Comparison("0", {}, 0, inspection(candidate), facts, found)


TENSOR_ROWS, TENSOR_COLUMNS = 1024, 96


def values(seed: int) -> np.ndarray:
    """A made-up tensor; the first row of the first one has a NaN, and one weight stands out."""
    out = np.random.default_rng(seed).normal(0, 0.02, (TENSOR_ROWS, TENSOR_COLUMNS)).astype("<f4")
    out[0, 0] = np.nan if seed == 0 else 0.01
    out[777, 33] = 0.5
    return out


def tensor_region(rows: tuple[int, int], columns: tuple[int, int]) -> results.TensorRegion:
    """Pooled as the engine does, 512 cells a side at most."""
    ours, theirs = values(0), values(1)
    step = tuple(-(-(stop - start) // 512) for start, stop in (rows, columns))

    def pooled(whole: np.ndarray) -> np.ndarray:
        part = whole[slice(*rows), slice(*columns)]
        for axis in (0, 1):
            starts = np.arange(0, part.shape[axis], step[axis])
            high, low = (function.reduceat(part, starts, axis=axis) for function in (np.fmax, np.fmin))
            part = np.where(high >= -low, high, low)
        return part

    return results.TensorRegion(rows, columns, pooled(ours), pooled(theirs), pooled(ours - theirs), (step[0], step[1]))


def tensor_view(names: tuple[str, str], role: str, layers: tuple[int, int] = (0, 0)) -> results.TensorView:
    edges = np.linspace(-0.08, 0.08, 121)
    sides = tuple(
        results.TensorSide(
            name, "BF16", layer, -0.1, 0.5, 0.0, 0.02, int(seed == 0),
            np.histogram(values(seed)[1:], edges)[0].astype("<i8"), np.linspace(2.0, 0.1, TENSOR_COLUMNS),
        )
        for seed, (name, layer) in enumerate(zip(names, layers, strict=True))
    )  # fmt: skip
    rows = np.full(TENSOR_ROWS, 0.97)
    rows[0] = np.nan
    null = results.Null(0.002, 0.004)
    measures = {
        name: results.Measured(0.97, null, 1, name) for name in ("cosine", "centred_correlation", "bit_identity")
    }
    whole = tensor_region((0, TENSOR_ROWS), (0, TENSOR_COLUMNS))
    return results.TensorView(role, (TENSOR_ROWS, TENSOR_COLUMNS), sides[0], sides[1], edges, rows, measures, whole)
