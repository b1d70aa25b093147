"""Small made-up evidence for every verdict, as an engine would send it."""

from __future__ import annotations

import numpy as np

from inspector import evidence_results as ev
from inspector.errors import Note

LAYERS = 8
GROUPS = ("mlp.units", "attn.heads", "attn.vo")
REASONS = {
    "identical": "all_equal",
    "derived": "rejected",
    "shared_initialisation": "bulk_only",
    "no_dependence_found": "nothing_rejects",
    "inconclusive": "low_power",
}
STRENGTH = {
    "identical": 1.0,
    "derived": 0.85,
    "shared_initialisation": 0.5,
    "no_dependence_found": 0.0,
    "inconclusive": 0.0,
}


def group_table(strength: float, seed: int = 0) -> ev.GroupTable:
    rng = np.random.default_rng(seed)
    names = [(layer, group) for layer in range(LAYERS) for group in GROUPS] + [(-1, "residual")]
    count = len(names)
    layers = np.array([layer for layer, _ in names], "<i8")
    units = np.array([{"mlp.units": 256, "attn.heads": 8, "attn.vo": 64, "residual": 96}[g] for _, g in names], "<i8")
    r = strength * rng.uniform(0.85, 1.0, count)
    z = r * np.sqrt(units * 96.0) + rng.normal(0, 1, count)
    rejects = z > 8
    in_place = np.where(units > 8, np.round(units * np.clip(r, 0.004, 1)), -1).astype("<i8")
    log10_p = np.minimum(-(np.maximum(z, 0) ** 2) / 9.2, 0.0)
    return ev.GroupTable(
        tuple(group for _, group in names), layers, layers.copy(), units, np.full(count, 96, "<i8"), r, z, log10_p,
        z - rng.uniform(0, 2, count), z * 0.8 - rng.uniform(0, 2, count), np.maximum(in_place, 0) + 3, in_place,
        np.where(rejects, log10_p / 2, 0.0), np.where(rejects, in_place, 0).astype("<i8").clip(0), rejects,
    )  # fmt: skip


def curve(seed: int = 0) -> ev.NullCurve:
    counts, edges = np.histogram(np.random.default_rng(seed).normal(0, 1, 10_000), bins=60, range=(-4.5, 4.5))
    return ev.NullCurve(edges, counts.astype("<i8"))


def tests(strength: float) -> tuple[ev.EvidenceTest, ...]:
    rejects = strength > 0.1
    null, controls = ev.Null(0.0, 0.0041), ev.Controls("internal", 2.7, 56)
    return (
        ev.EvidenceTest(
            "identity", strength if strength == 1 else 0.0, None, None, None, None, 3072, 25, False, strength == 1,
            ev.Null(0.001, None), ev.Controls("internal", None, 0),
        ),
        ev.EvidenceTest(
            "permutation_z", 0.93 * strength, 304.2 * strength + 0.4, -312.4 * strength - 0.2,
            -20_100.0 * strength - 0.46, -4.0 if rejects else -0.46, 3072, 25, True, rejects, null, controls,
            curve(), {"rank": 296.1 * strength + 0.3, "sign": 241.0 * strength + 0.1},
        ),
        ev.EvidenceTest(
            "coincidence", 2040.0 * strength + 1, None, -506.9 * strength, None, None, 2048, 16, True, rejects,
            ev.Null(1.0, 1.0), controls,
        ),
        ev.EvidenceTest(
            "gram", 0.8 * strength, 188.0 * strength + 0.2, None, None, -4.0 if rejects else -0.37, 2048, 8, False,
            rejects, ev.Null(0.0, 0.0043), controls, curve(1),
            notes=(Note("evidence.left_out.sampled"),),
        ),
        ev.EvidenceTest(
            "heads", None, None, None, None, None, 0, 0, False, False, None, ev.Controls("none", None, 0),
            notes=(Note("evidence.left_out.rope_plane"),),
        ),
    )  # fmt: skip


def sentence(verdict: ev.Verdict, reference: str) -> Note:
    codes = {"derived": "derived_fine_tuned", "inconclusive": "inconclusive_low_power"}
    params: dict[str, str | int | float] = {"reference": reference}
    if verdict == "no_dependence_found":
        params |= {"r": 0.0123, "units": 0.0156}
    return Note(f"evidence.sentence.{codes.get(verdict, verdict)}", params)


def nature(verdict: ev.Verdict) -> ev.Nature | None:
    if verdict == "identical":
        return ev.Nature("copy", "reference", relative_change=0.0)
    if verdict == "derived":
        return ev.Nature("fine_tuned", "ambiguous", None, None, None, 0.081, 1.04, 1.02)
    if verdict == "shared_initialisation":
        return ev.Nature("unknown", "shared_initialisation", None, None, None, 0.71, 0.52, 0.6)
    return None


def left_out() -> tuple[ev.LeftOut, ...]:
    return (
        ev.LeftOut("visual.patch_embed.proj.weight", Note("evidence.left_out.input_features")),
        ev.LeftOut("attn.qk", Note("evidence.left_out.rope_plane")),
        ev.LeftOut("visual.norm.weight", Note("evidence.left_out.norm_gains")),
    )


def limit(verdict: ev.Verdict) -> ev.DetectionLimit | None:
    if verdict == "no_dependence_found":
        return ev.DetectionLimit(0.0123, 0.0156)
    return ev.DetectionLimit(0.21, None) if verdict == "inconclusive" else None


def evidence(verdict: ev.Verdict, reference: str) -> ev.Evidence:
    strength = STRENGTH[verdict]
    groups = group_table(strength)
    found = strength > 0.1
    units = tuple(
        ev.InheritedUnits("mlp.units", layer, np.arange(0, 256, 1 if strength == 1 else 3, "<i8"))
        for layer in range(LAYERS)
        if found
    )
    return ev.Evidence(
        verdict, Note(f"evidence.reason.{REASONS[verdict]}"), sentence(verdict, reference),
        -506.9 * strength - 0.02, -20_100.0 * strength - 0.46, 304.2 * strength + 0.4, True,
        0.996 * strength if found else 0.0, limit(verdict), 0.981, tests(strength), groups, units, nature(verdict),
        left_out=left_out(), notes=(Note("evidence.note.internal_only"), Note("evidence.note.disguises_not_tested")),
    )  # fmt: skip


def undone(layers: int = LAYERS, width: int = 64) -> ev.Undone:
    """A map: neurons of every layer reversed, heads of the first two turned by one, a rotated residual stream."""
    orders = {f"mlp.units:{layer}": np.arange(256, dtype="<i8")[::-1].copy() for layer in range(layers)}
    orders |= {f"attn.heads:{layer}": np.roll(np.arange(8, dtype="<i8"), layer < 2) for layer in range(layers)}
    rotation = np.linalg.qr(np.random.default_rng(3).normal(size=(width, width)))[0].astype("<f4")
    return ev.Undone(orders, rotation)


def overall() -> tuple[Note, ...]:
    """What may be said of a candidate with one component of every verdict."""
    told = {
        "identical": ("part0", "ref_vision"),
        "derived": ("part1", "ref_audio"),
        "shared_initialisation": ("part3", "ref_projector"),
        "none_found": ("part2", "ref_language"),
        "cannot_tell": ("part4", "ref_other"),
    }
    notes = [
        Note(f"evidence.overall.{code}", {"components": components, "references": references})
        for code, (components, references) in told.items()
    ]
    return (*notes, Note("evidence.overall.limits"))
