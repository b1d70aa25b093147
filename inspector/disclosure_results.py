"""The frozen results of reading the texts beside a candidate's weights. Imports neither torch nor h5py."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mention:
    """A name that stands in a text: of which reference it is, as it was looked for, the file, the line from 1."""

    reference: str
    name: str
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Disclosure:
    """Which references the texts in a candidate's folder name.

    Attributes:
        files: the texts that were read: README, model card, LICENSE, config. left: those that were not, being too
            large, too many or unreadable. mentions: in the order of the texts, of one reference at most `MAX_MENTIONS`.
        searched: references of which a name was looked for; the others have none that would say anything.
    """

    files: tuple[str, ...]
    left: tuple[str, ...]
    mentions: tuple[Mention, ...]
    searched: tuple[str, ...]
