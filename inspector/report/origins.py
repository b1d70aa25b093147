"""What the catalogue says of published encoders, as plain data that a report is given.

`inspector.references.origins` gathers it; this package reads no catalogue itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from inspector.errors import Parameter
from inspector.results import ArchitectureFact, ComponentFact


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that a licence asks for or reserves: a code ("notice", "users") with its numbers."""

    code: str
    params: Mapping[str, Parameter] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Licence:
    """What was read of a licence.

    Attributes:
        name: as in the catalogue. terms: what it leaves in the hands of others, () for nothing.
        source: address of its text. read: whether it was; else nothing is known of its terms.
    """

    name: str
    terms: tuple[Term, ...]
    source: str
    read: bool


@dataclass(frozen=True, slots=True)
class Origin:
    """A published encoder with its sources.

    Attributes:
        fact: as results name it. licence: None where the catalogue has none. repository_only: the licence of the code
            was read, not that of the weights. country_sourced: a source names the publisher's seat.
        parents: (name, relation) of its documented origins. sources: (name, address), address "" for none.
    """

    fact: ArchitectureFact
    licence: Licence | None
    repository_only: bool
    country_sourced: bool
    parents: tuple[tuple[str, str], ...]
    sources: tuple[tuple[str, str], ...]


def by_name(fact: ComponentFact, name: str) -> tuple[ArchitectureFact, ...]:
    """Return the encoders that a reference may be: of its architecture, and of those the one that its name says.

    The longest catalogue name that the reference's own name contains counts; without one, every encoder of the
    architecture is possible, and none is preferred.
    """
    own = _plain(name)
    said = [item for item in fact.architecture if _plain(item.id) in own or _plain(item.name) in own]
    longest = max((_length(item, own) for item in said), default=0)
    return tuple(item for item in said if _length(item, own) == longest) or fact.architecture


def is_named(fact: ComponentFact, name: str, found: Sequence[ArchitectureFact]) -> bool:
    """Say whether the name of a reference singled its encoder out of those of the architecture."""
    own = _plain(name)
    return len(found) == 1 and _length(found[0], own) > 0 and found[0] in fact.architecture


def _length(item: ArchitectureFact, own: str) -> int:
    return max((len(text) for text in (_plain(item.id), _plain(item.name)) if text in own), default=0)


def _plain(text: str) -> str:
    return "".join(char for char in text.lower() if char.isalnum())
