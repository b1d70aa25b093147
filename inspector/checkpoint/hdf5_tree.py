"""The objects of an HDF5 file: every dataset once, by the first path that leads to it.

Only hard links are followed. An object that has been seen is not entered again, so a group that contains
itself, or one of 2^30 paths, costs nothing; what was not followed is counted for a warning. The number of
objects, their depth and the length of paths are bounded.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from h5py import h5d, h5g, h5l, h5o

from inspector.errors import InputError, Note

MAX_OBJECTS = 300_000  # links, which are at least as many as objects
MAX_DEPTH = 64
MAX_PATH = 4_096

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Link:
    """A hard link: the group it lies in and that group's path, its name, and where the object's header lies.

    The library would also tell the address of an opened object, but walks its indexes for that, and was seen
    to crash on damaged ones (HDF5 2.0.0).
    """

    group: h5g.GroupID
    parents: Path
    name: bytes
    address: int


@dataclass(slots=True)
class Tree:
    """What a walk saw besides the datasets.

    Attributes:
        file: name of the file. left_out: top-level groups that were not entered.
        soft, again: paths of soft links, and of further links to objects already seen.
    """

    file: str
    left_out: frozenset[str]
    soft: list[str] = field(default_factory=list)
    again: list[str] = field(default_factory=list)
    _seen: set[int] = field(default_factory=set)
    _links_seen: int = 0

    def datasets(self, root: h5g.GroupID, address: int) -> Iterator[tuple[Path, h5d.DatasetID]]:
        """Walk the file from its root group, which lies at `address`; yields path and handle of each dataset.

        Raises:
            InputError: an external or unknown link, or too many objects, levels or characters in a path.
        """
        self._seen.add(address)
        pending: list[_Link] = self._links(root, ())
        while pending:
            link = pending.pop()
            path = (*link.parents, _text(link.name))
            if (len(path) == 1 and path[0] in self.left_out) or not self._is_new(link.address, path):
                continue
            found = h5o.open(link.group, link.name)
            if isinstance(found, h5d.DatasetID):
                yield path, found
            elif isinstance(found, h5g.GroupID):
                pending += self._links(found, path)

    def _is_new(self, address: int, path: Path) -> bool:
        if address in self._seen:
            self.again.append("/".join(path))
            return False
        self._seen.add(address)
        if len(path) > MAX_DEPTH or sum(map(len, path)) > MAX_PATH:
            raise InputError("checkpoint.hdf5_limit", file=self.file)
        return True

    def _links(self, group: h5g.GroupID, path: Path) -> list[_Link]:
        """Return a group's hard links, last name first."""
        links: list[tuple[bytes, int, int]] = []

        def look(name: bytes, info: h5l.LinkInfo) -> bool:
            links.append((name, info.type, info.u))
            return len(links) > MAX_OBJECTS

        stopped = group.links.iterate(look, info=True)[0]
        self._links_seen += len(links)
        if stopped or self._links_seen > MAX_OBJECTS:
            raise InputError("checkpoint.hdf5_limit", file=self.file)
        hard = []
        for name, kind, address in links:
            if kind == h5l.TYPE_HARD:
                hard.append(_Link(group, path, name, address))
                continue
            shown = "/".join((*path, _text(name)))
            if kind != h5l.TYPE_SOFT:
                raise InputError("checkpoint.hdf5_external_link", file=self.file, name=shown)
            self.soft.append(shown)
        return hard[::-1]

    def warnings(self) -> list[Note]:
        """Return what was not followed, the first of each kind by name."""
        kinds = (("checkpoint.hdf5_soft_links", self.soft), ("checkpoint.hdf5_same_object", self.again))
        return [Note(code, {"count": len(paths), "name": paths[0]}, self.file) for code, paths in kinds if paths]


def _text(name: bytes) -> str:
    """Return a link's name; bytes that are not UTF-8 are written out, as reports can hold no other text."""
    return name.decode("utf-8", "backslashreplace")
