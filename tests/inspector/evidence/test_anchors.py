"""Anchors: what cannot be turned tells how the stream was turned, and accuses nobody."""

from __future__ import annotations

import pytest
import torch

from benchmarks.attacks.layout import LAYOUTS
from benchmarks.attacks.net import Net, kind_of
from benchmarks.attacks.registry import made
from benchmarks.attacks.residual import folded, moved_residual, rotation
from benchmarks.attacks.units import shuffled_units
from benchmarks.zoo.shelf import Zoo
from inspector.evidence.anchors import anchor_tables, anchored_rotation, procrustes
from inspector.evidence.turning import folded_gains
from inspector.evidence_results import DEPENDENT
from inspector.job import QUIET
from tests.inspector.evidence import attacked

ANCHORS = ("patch", "stem", "cls", "pos", "embed", "head")


def test_procrustes_gives_a_rotation_back() -> None:
    generator = attacked.random_of("procrustes")
    points = torch.randn(200, 12, generator=generator)
    turn = torch.linalg.qr(torch.randn(12, 12, generator=generator))[0]
    assert torch.allclose(procrustes((points @ turn.T).T @ points), turn, atol=1e-5)


def test_directions_that_nothing_reaches_stay_out() -> None:
    product = torch.diag(torch.tensor([3.0, 2.0, 1e-6, 0.0]))
    assert torch.allclose(procrustes(product), torch.diag(torch.tensor([1.0, 1.0, 0.0, 0.0])))
    assert torch.equal(procrustes(torch.zeros(3, 2)), torch.zeros(3, 2))


def test_of_unequal_widths_it_is_a_partial_isometry() -> None:
    found = procrustes(torch.randn(5, 8, generator=attacked.random_of("widths")))
    assert found.shape == (5, 8)
    assert torch.allclose(found @ found.T, torch.eye(5), atol=1e-5)


def test_every_table_has_the_same_weight() -> None:
    """A table a thousand times as large sets no more of the rotation."""
    generator = attacked.random_of("weight")
    turn = torch.linalg.qr(torch.randn(6, 6, generator=generator))[0]
    small, large = torch.randn(6, 50, generator=generator), 1000 * torch.randn(6, 50, generator=generator)
    mixed = [(turn @ small, small), (large, large)]
    plain = [(turn @ small, small), (large / 1000, large / 1000)]
    assert torch.allclose(anchored_rotation(mixed), anchored_rotation(plain), atol=1e-4)


@pytest.mark.parametrize("family", attacked.TURNABLE)
def test_the_anchors_of_a_turned_copy_give_its_rotation(zoo: Zoo, family: str) -> None:
    """On the directions that they span: inputs that an anchor never reaches are fitted later, by matched units."""
    net = attacked.net(zoo.folder, family)
    turn = rotation(net, attacked.random_of("turn", family)).float()
    compared = attacked.sides(moved_residual(folded(net), turn), attacked.reference(zoo.folder, family))
    tables = anchor_tables(compared, folded_gains(compared, QUIET), QUIET)
    assert tables
    found = anchored_rotation(tables)
    for ours, theirs in tables:
        error = torch.linalg.vector_norm(found.T @ ours - theirs) / torch.linalg.vector_norm(theirs)
        assert error < 0.01, "directions that an anchor hardly reaches are left out"
    spanned = int(torch.linalg.matrix_rank(torch.cat([theirs for _, theirs in tables], dim=1), rtol=1e-3))
    agreement = float((found * turn).sum()) / spanned
    assert agreement == pytest.approx(1.0, abs=0.05)


@pytest.mark.parametrize("family", ["vit_gelu", "gqa_decoder"])
def test_tables_of_other_inputs_are_compared_where_both_have_them(zoo: Zoo, family: str) -> None:
    """More tokens or positions: the common ones. Patches of another size: none of the kernel."""
    net = attacked.net(zoo.folder, family)
    name = "pos.weight" if family == "vit_gelu" else "embed.weight"
    longer = net.with_parts({name: torch.cat([net.parts[name], net.parts[name]], dim=-2)})
    if family == "vit_gelu":
        longer = longer.with_parts({"patch.weight": net.parts["patch.weight"][..., :3]})
    compared = attacked.sides(longer, attacked.reference(zoo.folder, family))
    tables = anchor_tables(compared, folded_gains(compared, QUIET), QUIET)
    inputs = net.parts[name].numel() // net.shape.width
    assert [ours.shape == theirs.shape == (96, inputs) for ours, theirs in tables].count(True) >= 1
    assert all(ours.shape[1] <= max(inputs, 32) for ours, _ in tables)
    own = [t for t in tables if t[0].shape[1] == inputs]
    assert all(torch.allclose(ours, theirs, atol=1e-5) for ours, theirs in own)


def with_anchors(stranger: Net, victim: Net) -> Net:
    """Return a model of one's own with everything of another that an anchor is made of."""
    return stranger.with_parts({name: v for name, v in victim.parts.items() if kind_of(name) in ANCHORS})


@pytest.mark.parametrize(
    ("family", "disguised"),
    [("vit_gelu", False), ("gqa_decoder", False), ("vit_gelu", True), ("whisper_audio", True)],
)
def test_anchors_are_no_evidence(zoo: Zoo, family: str, disguised: bool) -> None:
    """Patches, positions and tokens of the reference in a model of one's own, plain or turned and shuffled."""
    mixed = with_anchors(attacked.net(zoo.folder, family, attacked.STRANGER), attacked.net(zoo.folder, family))
    if disguised:
        random = attacked.random_of("disguise", family)
        if not LAYOUTS[family].pinned:
            mixed = moved_residual(folded(mixed), rotation(mixed, random))
        mixed = shuffled_units(mixed, random)
    found = attacked.evidence(attacked.found(made(mixed, "changed"), attacked.reference(zoo.folder, family)))
    assert found.verdict not in DEPENDENT
    assert found.disguises == ()
    assert not any(test.rejects for test in found.tests if test.test != "identity")
