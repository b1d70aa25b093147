"""Which units may be permuted, and in which tensors: the permutation groups of a component pair (METHODS section 3).

The groups are data (`resources/evidence/groups.json`); nothing else can be permuted. Token, class and position rows,
input features and anything whose structure is not known are listed as left out, with the reason.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import resources
from inspector.anatomy import Component, Part
from inspector.checkpoint import Checkpoint
from inspector.errors import AssayerError, Note
from inspector.evidence_results import LeftOut

Pair = tuple[Part, Part]
Axis = Literal["rows", "columns", "vector"]

FEWEST_COLUMNS = 2
PINNING = "anatomy.fixed_sinusoid"


class InvalidPermutation(AssayerError):
    """Somebody asked to permute units that no group declares exchangeable."""

    def __init__(self, role: str) -> None:
        super().__init__(Note("evidence.not_exchangeable", {"role": role}))


@dataclass(frozen=True, slots=True)
class View:
    """One tensor pair seen from the units of a group.

    Attributes:
        pair: (candidate, reference) part, of equal shape (in groups of `pairing`, of any). axis: where the units are;
            "vector" is a norm gain or the like, (units, 1). bias: its bias, appended as a column.
            gate: (number, of how many) equal runs of rows.
    """

    pair: Pair
    axis: Axis
    bias: Pair | None = None
    gate: tuple[int, int] = (0, 1)

    @property
    def units(self) -> int:
        """Number of units."""
        return self.units_of(0) if self.axis == "columns" else min(self.units_of(0), self.units_of(1))

    def units_of(self, side: int) -> int:
        """Return the number of units of one side, 0 for the candidate."""
        shape = self.pair[side].shape
        return shape[1] if self.axis == "columns" else shape[0] // self.gate[1]

    @property
    def bare(self) -> View:
        """The view without its bias, whose column is no residual dimension."""
        return View(self.pair, self.axis, None, self.gate)

    @property
    def is_even(self) -> bool:
        """Whether both sides have the same number of units."""
        return self.units_of(0) == self.units_of(1)

    @property
    def columns(self) -> int:
        """Elements of one unit."""
        shape = self.pair[0].shape
        return shape[0] if self.axis == "columns" else shape[1] + (self.bias is not None)


@dataclass(frozen=True, slots=True)
class UnitGroup:
    """Units that share one permutation, in one layer pair.

    Attributes:
        name: "mlp.units"; experts of one layer are blocks of one group. layers: (candidate, reference), -1 outside
            blocks. blocks: each a tuple of views of one set of units. run: units move only within runs of this many,
            0 for all units of a block. exact: the order is known to be exchangeable; else the test is calibrated.
        summed: its order touches no other group's matrices, so that statistics may be added.
    """

    name: str
    layers: tuple[int, int]
    blocks: tuple[tuple[View, ...], ...]
    run: int = 0
    exact: bool = True
    summed: bool = False

    @property
    def units(self) -> int:
        """Units of all blocks."""
        return sum(block[0].units for block in self.blocks)

    @property
    def two_sided(self) -> bool:
        """Whether its units are hidden units, with a side that reads and a side that writes, in any order."""
        return not self.run and {"rows", "columns"} <= {view.axis for view in self.blocks[0]}

    @property
    def of_wholes(self) -> bool:
        """Whether its units are whole heads or experts, not rows: other groups count their parameters."""
        return self.name in ("attn.heads", "experts")

    @property
    def parameters(self) -> int:
        """Elements the views cover."""
        return sum(view.units * view.columns for block in self.blocks for view in block)


@cache
def _data() -> Any:
    return resources.load_json("evidence/groups.json")


@cache
def unit_sides() -> tuple[frozenset[str], frozenset[str]]:
    """Return the roles whose rows some group permutes, and those whose columns."""
    specs = _data()["groups"]
    rows, columns = ({role for spec in specs for role in spec[axis]} for axis in ("rows", "columns"))
    return frozenset(rows), frozenset(columns)


@cache
def free_roles() -> frozenset[str]:
    """Return the roles whose units may stand in any order, so that any choice of them may too."""
    specs = [spec for spec in _data()["groups"] if not spec["block"] and "gates" not in spec]
    return frozenset(role for spec in specs for axis in ("rows", "columns") for role in spec[axis]) | {"other"}


def find_groups(
    pairs: Iterable[Pair], candidate: Component, reference: Component, checkpoint: Checkpoint
) -> tuple[tuple[UnitGroup, ...], tuple[LeftOut, ...]]:
    """Return the groups of aligned parts, and the weights that none covers with the reason.

    Args:
        pairs: aligned (candidate, reference) parts. candidate, reference: their components. checkpoint: the
            candidate's, for the stored shapes.
    """
    from inspector.evidence.chains import chain_groups  # it builds on the classes above

    pairs = tuple(pairs)  # looked at several times
    by_place = _by_place(pairs)
    families = {component.family for component in (candidate, reference)} - {""}
    groups: list[UnitGroup] = []
    for spec in _data()["groups"]:
        if _applies(spec, families, by_place):
            groups += _block_groups(spec, by_place)
    residual = _residual_group(by_place, candidate, reference)
    if residual is not None:
        groups.append(residual)
    groups += chain_groups(pairs, checkpoint)
    covered = {part.tensor for group in groups for block in group.blocks for view in block for part in _parts(view)}
    return tuple(groups), tuple(_left_out(pairs, covered, families))


def _parts(view: View) -> list[Part]:
    return [view.pair[0]] + ([view.bias[0]] if view.bias else [])


Place = tuple[str, str, int, int, int]  # role, parameter, candidate layer, reference layer, expert


def _by_place(pairs: Iterable[Pair]) -> dict[Place, Pair]:
    places: dict[Place, Pair] = {}
    for a, b in pairs:
        layers = (-1 if a.layer is None else a.layer, -1 if b.layer is None else b.layer)
        places.setdefault((a.role, a.param, *layers, -1 if a.expert is None else a.expert), (a, b))
    return places


def _applies(spec: Mapping[str, Any], families: set[str], places: Mapping[Place, Pair]) -> bool:
    """Tell whether a group exists in these families (of candidate and reference, where templates fitted)."""
    only = spec.get("families")
    listed = _data()[only] if isinstance(only, str) else only
    if listed is not None and not _all_in(families, listed):
        return False
    if any(place[0] in spec.get("unless", ()) for place in places):
        return False
    return "with" not in spec or any(place[0] == spec["with"] for place in places)


def _all_in(families: set[str], listed: Iterable[str]) -> bool:
    return bool(families) and families <= set(listed)


def _block_groups(spec: Mapping[str, Any], places: Mapping[Place, Pair]) -> list[UnitGroup]:
    """Return the groups of one kind, one a layer; experts of a layer are blocks of one group."""
    layers: defaultdict[tuple[int, int], dict[int, list[View]]] = defaultdict(dict)
    for axis in ("rows", "columns"):
        for role in spec[axis]:
            for (found, param, ours, theirs, expert), pair in places.items():
                if found == role and param in ("weight", "value"):
                    views = _views(spec, axis, pair, places.get((role, "bias", ours, theirs, expert)), places)
                    layers[ours, theirs].setdefault(expert, []).extend(views)
    groups = []
    for place, experts in sorted(layers.items()):
        run = spec["block"]
        blocks = tuple(
            kept
            for _, views in sorted(experts.items())
            if (kept := _agreeing(views, whole=not run or not spec["columns"]))
        )
        if blocks and (not run or all(block[0].units % run == 0 for block in blocks)):
            groups.append(UnitGroup(spec["id"], place, blocks, run, summed=spec.get("summed", False)))
    return groups


def _views(
    spec: Mapping[str, Any], axis: str, pair: Pair, bias: Pair | None, places: Mapping[Place, Pair]
) -> list[View]:
    if axis == "columns":
        return [View(pair, "columns")]
    if "gates" not in spec:
        return [View(pair, "rows", bias)]
    hidden = next((b for (role, param, *at), (b, _) in places.items() if role == spec["gates"] and param == "weight"
                   and at[0] == pair[0].layer), None)  # fmt: skip
    if hidden is None or pair[0].shape[0] % hidden.shape[1]:
        return []
    gates = pair[0].shape[0] // hidden.shape[1]
    return [View(pair, "rows", bias, (gate, gates)) for gate in range(gates)]


def _agreeing(views: list[View], whole: bool) -> tuple[View, ...]:
    """Keep the views of the number of units that the first view has (of GQA, values have fewer rows than columns).

    Of an MLP all views have one number of units; where they differ, a tensor is stored in a way that is not known, its
    rows may be anything, and nothing is kept.
    """
    same = [view for view in views if view.units == views[0].units]
    if whole and len(same) < len(views):
        return ()
    return tuple(view for view in same if view.columns >= FEWEST_COLUMNS)


def _residual_group(places: Mapping[Place, Pair], candidate: Component, reference: Component) -> UnitGroup | None:
    """Return the group of the residual dimensions: every norm gain and bias of all blocks shares one permutation."""
    if not residual_exchangeable(candidate, reference):
        return None
    vectors = _data()["residual"]["vectors"]
    width = candidate.hidden_size
    views = [
        View(pair, "vector")
        for (role, param, *_), pair in places.items()
        if role in vectors and param in ("weight", "bias", "value") and pair[0].shape == pair[1].shape == (width, 1)
    ]
    return UnitGroup("residual", (-1, -1), (tuple(views),)) if len(views) >= FEWEST_COLUMNS else None


def residual_exchangeable(candidate: Component, reference: Component) -> bool:
    """Tell whether residual dimensions are in random order: known families of equal width, no fixed sinusoid."""
    pinned = _data()["pinned_residual"]
    return candidate.hidden_size == reference.hidden_size and not any(
        not component.family or component.family in pinned or is_pinned(component)
        for component in (candidate, reference)
    )


def is_pinned(component: Component) -> bool:
    """Tell whether a table that is computed by formula says which residual dimension is which."""
    return any(note.code == PINNING for note in component.excluded.values())


def _left_out(pairs: Iterable[Pair], covered: set[str], families: set[str]) -> list[LeftOut]:
    """Say of every matrix that no group covers why it is not evidence."""
    reasons = {role: code for code, roles in _data()["left_out"].items() for role in roles}
    out = []
    for part, _ in pairs:
        if part.tensor in covered or min(part.shape) < 2:
            continue
        code = reasons.get(part.role, "unknown_structure")
        if code == "rope_plane" and _all_in(families, _data()["without_rotary"]):
            code = "unknown_structure"
        if code == "input_features" and part.layer is not None:
            code = "unknown_structure"
        out.append(LeftOut(part.tensor, Note(f"evidence.left_out.{code}", {"role": part.key}, tensor=part.tensor)))
    return out


def group_of_role(role: str, family: str) -> str:
    """Return the id of the group that permutes the rows of a role, for callers that choose tensors themselves.

    Raises:
        InvalidPermutation: no group does, in this family.
    """
    for spec in _data()["groups"]:
        if role in spec["rows"] and _applies(spec, {family}, {(spec.get("with", ""), "", 0, 0, 0): ()}):  # type: ignore[dict-item]
            return str(spec["id"])
    raise InvalidPermutation(role)
