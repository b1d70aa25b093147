"""Where everything is: from a name, a cell or a row to the whole place. Made once per findings; no Qt, no search."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cached_property

import numpy as np
from inspector.results import Against, ComponentFinding, Inspection

from gui import words
from gui.models.tensor_pairs import TensorPair
from gui.selection import Place


class _Pairs:
    """The compared tensors of one comparison: one dictionary of names, and the columns themselves."""

    def __init__(self, against: Against) -> None:
        self.against = against
        self._partner: dict[int, int] = {score.candidate: score.reference for score in against.layers}

    @cached_property
    def rows(self) -> Mapping[str, int]:
        """Name of the candidate's tensor -> its first row."""
        names = self.against.pairs.candidates
        return dict(zip(reversed(names), range(len(names) - 1, -1, -1), strict=True))

    def partner(self, layer: int) -> int:
        """Return the reference's layer beside one of the candidate's, -1 for none."""
        if layer not in self._partner:
            rows = np.flatnonzero(self.against.pairs.candidate_layers == layer)
            self._partner[layer] = int(self.against.pairs.reference_layers[rows[0]]) if len(rows) else -1
        return self._partner[layer]

    def first(self, ours: int, theirs: int) -> int:
        """Return the first row of two layers, -1 for none."""
        pairs = self.against.pairs
        rows = np.flatnonzero((pairs.candidate_layers == ours) & (pairs.reference_layers == theirs))
        return int(rows[0]) if len(rows) else -1

    def names(self, role: str, ours: int, theirs: int) -> tuple[str, str]:
        """Return the tensors of a role in two layers, "" for none."""
        pairs = self.against.pairs
        found: list[str] = []
        for layers, names in ((pairs.candidate_layers, pairs.candidates), (pairs.reference_layers, pairs.references)):
            rows = np.flatnonzero(layers == (theirs if found else ours)).tolist()
            found.append(next((names[row] for row in rows if pairs.roles[row] == role), ""))
        return found[0], found[1]

    def place(self, component: str, row: int) -> Place:
        pairs = self.against.pairs
        return Place(
            component,
            words.against_key(self.against),
            pairs.roles[row],
            int(pairs.candidate_layers[row]),
            int(pairs.reference_layers[row]),
            pairs.candidates[row],
            pairs.references[row],
        )


class Places:
    """The candidate's tensors and the findings, indexed.

    Attributes:
        inspection: of the candidate, whose tensors `row_of` finds by name. findings: component name -> finding.
        numbers: component name -> its number in the inspection.
    """

    def __init__(
        self,
        inspection: Inspection | None,
        findings: Mapping[str, ComponentFinding],
        row_of: Callable[[str], int],
    ) -> None:
        self.inspection, self.findings, self.row_of = inspection, findings, row_of
        facts = inspection.components if inspection is not None else ()
        self.numbers = {fact.name: number for number, fact in enumerate(facts)}
        self._pairs: dict[tuple[str, str], _Pairs] = {}

    @cached_property
    def _owners(self) -> Mapping[int, str]:
        return {id(against): name for name, finding in self.findings.items() for against in finding.against}

    def against(self, place: Place) -> Against | None:
        """Return the comparison that a place is of: the one it names, else the best one."""
        finding = self.findings.get(place.component)
        if finding is None:
            return None
        named = (item for item in finding.against if words.against_key(item) == place.against)
        return next(named, finding.best)

    def owner(self, against: Against) -> str:
        """Return the component that a comparison is of, "" for one that is not here any more."""
        return self._owners.get(id(against), "")

    def prepare(self, component: str) -> None:
        """Make the index of a component's best comparison now, so that nobody waits for it later."""
        against = self.against(Place(component))
        if against is not None:
            len(self._pairs_of(component, against).rows)

    def of_node(self, component: int, block: int, tensor: int) -> Place:
        """Return the place of a row of the tree; -1 for what it is not."""
        facts = self.inspection.components if self.inspection is not None else ()
        name = facts[component].name if 0 <= component < len(facts) else ""
        tensors = self.inspection.tensors.names if self.inspection is not None else ()
        return self.whole(Place(name, candidate_layer=block, candidate=tensors[tensor] if tensor >= 0 else ""))

    def of_pair(self, against: Against, pair: TensorPair) -> Place:
        """Return the place of two tensors."""
        layers = pair.candidate_layer, pair.reference_layer
        key = words.against_key(against)
        return Place(self.owner(against), key, pair.role, *layers, pair.candidate, pair.reference)

    def whole(self, place: Place) -> Place:
        """Return a place with what follows from it: the best comparison, the partner of a layer or a tensor."""
        if place.candidate and not place.component:
            place = replace(place, component=self._component_of(place.candidate))
        against = self.against(place)
        if against is None:
            return replace(place, candidate_layer=self._layer(place))
        pairs = self._pairs_of(place.component, against)
        place = replace(place, against=words.against_key(against), candidate_layer=self._layer(place))
        if place.candidate and not place.reference and place.candidate in pairs.rows:
            return pairs.place(place.component, pairs.rows[place.candidate])
        if place.candidate_layer >= 0 and place.reference_layer < 0:
            place = replace(place, reference_layer=pairs.partner(place.candidate_layer))
        if place.role and not place.candidate:
            ours, theirs = pairs.names(place.role, place.candidate_layer, place.reference_layer)
            return replace(place, candidate=ours, reference=theirs)
        return place

    def pair(self, place: Place) -> TensorPair | None:
        """Return the two tensors of a place, None where it has not both."""
        against = self.against(place)
        if against is None or not (place.candidate and place.reference):
            return None
        layers = place.candidate_layer, place.reference_layer
        return TensorPair(against.reference, place.role, place.candidate, place.reference, *layers)

    def row_place(self, place: Place) -> Place:
        """Return the compared pair that stands for a place: its own, or the first of its two layers."""
        against = self.against(place)
        if against is None or place.candidate or place.candidate_layer < 0:
            return place
        pairs = self._pairs_of(place.component, against)
        row = pairs.first(place.candidate_layer, place.reference_layer)
        return place if row < 0 else pairs.place(place.component, row)

    def cosine(self, place: Place) -> float | None:
        """Return the cosine of the two tensors or the two layers of a place, or of its component."""
        against = self.against(place)
        if against is None:
            return None
        pairs = self._pairs_of(place.component, against)
        if place.candidate:
            row = pairs.rows.get(place.candidate)
            values = against.pairs.columns.get("cosine")
            same = row is not None and against.pairs.references[row] == place.reference
            return float(values[row]) if values is not None and same and row is not None else None
        if place.candidate_layer >= 0:
            layers = (place.candidate_layer, place.reference_layer)
            return next((s.cosine for s in against.layers if (s.candidate, s.reference) == layers), None)
        measured = against.similarity.get("cosine") if place.reference_layer < 0 else None
        return measured.value if measured is not None else None

    def _layer(self, place: Place) -> int:
        row = self.row_of(place.candidate) if place.candidate else -1
        return int(self.inspection.tensors.layers[row]) if self.inspection and row >= 0 else place.candidate_layer

    def _component_of(self, tensor: str) -> str:
        row = self.row_of(tensor)
        if self.inspection is None or row < 0:
            return ""
        number = int(self.inspection.tensors.components[row])
        return self.inspection.components[number].name if number >= 0 else ""

    def _pairs_of(self, component: str, against: Against) -> _Pairs:
        key = (component, words.against_key(against))
        if key not in self._pairs:
            self._pairs[key] = _Pairs(against)
        return self._pairs[key]
