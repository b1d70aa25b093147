"""What the window asks of the engine, and what the engine tells: the messages that `protocol` frames."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any, Literal

from inspector.errors import Note

_SECRET = "passphrase"

RequestKind = Literal[
    "inspect", "compare", "csv", "tensor", "region", "lineage", "lineage_file", "cancel",
    "screen", "library", "library_add", "library_remove", "library_restore", "library_import", "library_export",
    "review_open", "review_save", "review_check", "review_report", "review_diff", "review_proofs", "review_verify",
    "review_sign", "key_make",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Request:
    """Work for the engine.

    Attributes:
        id: chosen by the caller; every event of this work carries it.
        kind: what to do. "cancel" names the work by the same id.
        params: "inspect": path, beside (inputs that will be asked for next, or absent). "compare": candidate,
            references (list of paths), component (kind or None), journal (a file, or absent), resume (an unfinished
            review to go on from, or absent). "csv": matrix (a LayerMatrix), rows, columns
            (labels). "tensor": candidate, reference (paths), tensors (the two names), role, undone (an Undone or
            None). "region": the same, and rows, columns ([start, stop) each). "lineage": library (a folder, or None
            for the usual one), kind, candidates (list of paths). "lineage_file": lineage (a Lineage), format ("svg",
            "graphml" or "json"), dark, language. All others name a library (a folder): "screen": candidate, component,
            beside (full weights that the library may use). "library": nothing else. "library_add": references.
            "library_remove", "library_restore": names. "library_import": path, unsigned (whether a pack without a
            signature is taken). "library_export": names, output (a file).
            Of reviews: "review_open": path. "review_save": review (a Review), folder (where its file will lie; it is
            not opened): gives the bytes. "review_check": inputs (of a Review), beside (their paths): SHA-256.
            "review_report": review, path (of its file, or None: its SHA-256 goes into the report), format ("pdf":
            ReportPages, "html" or "json": bytes, "csv": ReportFiles), languages.
            "review_diff": review (the first), path (of the second). "review_proofs": path. "review_verify": path,
            inputs (a folder or None), in_place, replay, shelf (folder of the library), beside (what of all this is
            read). "review_sign": path, key (a file), beside (it), output (the signature), passphrase, sha256 (what
            the file must be, "" for any). "key_make": output (the private key's file), passphrase.
    """

    id: int
    kind: RequestKind
    params: Mapping[str, Any] = field(default_factory=dict)

    @property
    def paths(self) -> tuple[str, ...]:
        """The inputs that this work and those beside it open, () when it opens none."""
        single = (self.params.get(name) for name in ("path", "candidate", "reference", "library", "resume"))
        several = (self.params.get(name, ()) for name in ("references", "beside", "candidates"))
        return tuple(path for path in (*single, *chain.from_iterable(several)) if isinstance(path, str))

    @property
    def confidential(self) -> bool:
        """Whether it carries a passphrase: only a process that never opened an input may get it."""
        return _SECRET in self.params

    @property
    def told(self) -> Request:
        """The request as it may be kept and shown: without a passphrase."""
        rest = {name: value for name, value in self.params.items() if name != _SECRET}
        return dataclasses.replace(self, params=rest) if self.confidential else self

    @property
    def library(self) -> str | None:
        """The library's folder, which this work may write into; None where it has nothing to do with one."""
        folder = self.params.get("library")
        return folder if isinstance(folder, str) else None

    @property
    def journal(self) -> str | None:
        """The folder in which this work keeps what is done of it; None where it keeps nothing."""
        file = self.params.get("journal")
        return str(Path(file).parent) if isinstance(file, str) else None

    @property
    def outputs(self) -> tuple[str, ...]:
        """The files and folders that this work writes."""
        named = (self.library, self.journal, self.params.get("output"))
        return tuple(path for path in named if isinstance(path, str))


@dataclass(frozen=True, slots=True)
class Event:
    """News from the engine about the request `id`.

    Attributes:
        kind: "ready" (id 0, once), "progress" (done 0..10000, seconds_left or None), "message" (note), "partial"
            (payload: a result dataclass), "result" (payload), "failure" (note, details), "cancelled", "isolation"
            (payload: an Isolation; comes once a process, before it opens its first input).
    """

    id: int
    kind: Literal["ready", "progress", "message", "partial", "result", "failure", "cancelled", "isolation"]
    done: int = 0
    seconds_left: float | None = None
    note: Note | None = None
    details: str = ""
    payload: Any = None
