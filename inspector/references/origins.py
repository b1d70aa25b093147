"""The catalogue's facts on published encoders and their licences, with sources, for the report."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import resources
from inspector.references.catalogue import encoders, entry, facts
from inspector.references.reading_encoders import Parent
from inspector.report.origins import Licence, Origin, Term
from inspector.results import Comparison


def origins_of(comparison: Comparison) -> dict[str, Origin]:
    """Return what is known of every encoder whose architecture a component of any input has: id -> origin."""
    inputs = (comparison.candidate, *(fact.inspection for fact in comparison.references))
    ids = {item.id for each in inputs for fact in each.components for item in fact.architecture}
    return _origins(ids)


def _origins(ids: Iterable[str]) -> dict[str, Origin]:
    """A review may name an encoder that this version's catalogue has no longer: nothing is said of it then."""
    known = {encoder.id for encoder in encoders()}
    return {name: _origin(name) for name in sorted(set(ids) & known)}


def _origin(encoder_id: str) -> Origin:
    encoder = entry(encoder_id)
    seats = resources.load_json("catalogue/encoders.json")["publishers"]
    return Origin(
        facts([encoder])[0],
        _licence(encoder.licence) if encoder.licence else None,
        encoder.licence_of == "repository",
        bool(seats[encoder.publisher]["sourced"]),
        tuple((_parent_name(parent), parent.relation) for parent in encoder.parents if parent.relation != "scratch"),
        tuple((source.name, source.address) for source in encoder.sources),
    )


def _parent_name(parent: Parent) -> str:
    return entry(parent.id).name if parent.id is not None else parent.name


def _licence(name: str) -> Licence:
    known = licences().get(name)
    return known if known is not None else Licence(name, (), "", read=False)


@cache
def licences() -> dict[str, Licence]:
    """Return what was read of the licences: name as in the catalogue -> its terms."""
    return {
        name: Licence(
            name,
            tuple(
                Term(term["code"], {key: value for key, value in term.items() if key != "code"})
                for term in said["terms"]
            ),
            said["source"],
            read=True,
        )
        for name, said in resources.load_json("catalogue/licences.json").items()
    }
