"""The objects of an HDF5 file: every dataset once, by the first path that leads to it.

Only hard links are followed. An object that has been seen is not entered again, so a group that contains
itself, or one of 2^30 paths, costs nothing; what was not followed is counted for a warning. The number of
objects, their depth and the length of paths are bounded.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from h5py import h5d, h5g, h5l, h5o

from inspector.errors import InputError, Note

MAX_OBJECTS = 300_000  # links, which are at least as many as objects
MAX_DEPTH = 64
MAX_PATH = 4_096

Path = tuple[str, ...]


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

    def datasets(self, root: h5g.GroupID) -> Iterator[tuple[Path, h5d.DatasetID]]:
        """Walk the file; yields path and handle of each dataset.

        Raises:
            InputError: an external or unknown link, or too many objects, levels or characters in a path.
        """
        self._seen.add(h5o.get_info(root).addr)
        pending: list[tuple[h5g.GroupID, Path, bytes]] = [(root, (), link) for link in reversed(self._links(root, ()))]
        while pending:
            group, parents, name = pending.pop()
            path = (*parents, _text(name))
            if path[0] in self.left_out and len(path) == 1:
                continue
            found = h5o.open(group, name)
            if not self._is_new(found, path):
                continue
            if isinstance(found, h5d.DatasetID):
                yield path, found
            elif isinstance(found, h5g.GroupID):
                pending += [(found, path, link) for link in reversed(self._links(found, path))]

    def _is_new(self, found: Any, path: Path) -> bool:
        address = h5o.get_info(found).addr
        if address in self._seen:
            self.again.append("/".join(path))
            return False
        self._seen.add(address)
        if len(path) > MAX_DEPTH or sum(map(len, path)) > MAX_PATH:
            raise InputError("checkpoint.hdf5_limit", file=self.file)
        return True

    def _links(self, group: h5g.GroupID, path: Path) -> list[bytes]:
        """Return the names of a group's hard links."""
        links: list[tuple[bytes, int]] = []

        def look(name: bytes, info: h5l.LinkInfo) -> bool:
            links.append((name, info.type))
            return len(links) > MAX_OBJECTS

        stopped = group.links.iterate(look, info=True)[0]
        self._links_seen += len(links)
        if stopped or self._links_seen > MAX_OBJECTS:
            raise InputError("checkpoint.hdf5_limit", file=self.file)
        hard = []
        for name, kind in links:
            shown = "/".join((*path, _text(name)))
            if kind == h5l.TYPE_HARD:
                hard.append(name)
            elif kind == h5l.TYPE_SOFT:
                self.soft.append(shown)
            else:
                raise InputError("checkpoint.hdf5_external_link", file=self.file, name=shown)
        return hard

    def warnings(self) -> list[Note]:
        """Return what was not followed, the first of each kind by name."""
        kinds = (("checkpoint.hdf5_soft_links", self.soft), ("checkpoint.hdf5_same_object", self.again))
        return [Note(code, {"count": len(paths), "name": paths[0]}, self.file) for code, paths in kinds if paths]


def _text(name: bytes) -> str:
    """Return a link's name; bytes that are not UTF-8 are written out, as reports can hold no other text."""
    return name.decode("utf-8", "backslashreplace")
