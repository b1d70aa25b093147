"""Jobs in words: what is asked for, how it stands, how long it took and what it came to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from inspector.errors import shown
from inspector.lineage_results import Lineage
from inspector.protocol import Request
from inspector.results import Comparison, Inspection
from inspector.shelf_results import Shelf
from inspector.verify_results import Verification
from PySide6.QtCore import QCoreApplication

from gui import words
from gui.marks import QT_TRANSLATE_NOOP

_COMMON_ORIGIN = ("identical", "derived")
_STATES = {
    "queued": QT_TRANSLATE_NOOP("jobs", "Waiting"),
    "running": QT_TRANSLATE_NOOP("jobs", "Running"),
    "done": QT_TRANSLATE_NOOP("jobs", "Done"),
    "failed": QT_TRANSLATE_NOOP("jobs", "Failed"),
    "cancelled": QT_TRANSLATE_NOOP("jobs", "Cancelled"),
}
_COMPARE = (
    QT_TRANSLATE_NOOP("jobs", "Comparing {candidate} with {name}"),
    QT_TRANSLATE_NOOP("jobs", "Comparing {candidate} with {count} references"),
)
_ADD = (
    QT_TRANSLATE_NOOP("jobs", "Adding {name} to the library"),
    QT_TRANSLATE_NOOP("jobs", "Adding {count} checkpoints to the library"),
)
_REMOVE = (
    QT_TRANSLATE_NOOP("jobs", "Removing {name} from the library"),
    QT_TRANSLATE_NOOP("jobs", "Removing {count} references from the library"),
)
_RESTORE = (
    QT_TRANSLATE_NOOP("jobs", "Putting {name} back into the library"),
    QT_TRANSLATE_NOOP("jobs", "Putting {count} references back into the library"),
)
_EXPORT = (
    QT_TRANSLATE_NOOP("jobs", "Exporting {name} as a pack"),
    QT_TRANSLATE_NOOP("jobs", "Exporting {count} references as a pack"),
)
_SEVERAL = {
    "library_add": _ADD, "library_remove": _REMOVE, "library_restore": _RESTORE, "library_export": _EXPORT
}  # fmt: skip
_OTHERS = {
    "inspect": QT_TRANSLATE_NOOP("jobs", "Reading the headers of {name}"),
    "screen": QT_TRANSLATE_NOOP("jobs", "Screening {name} against the library"),
    "library": QT_TRANSLATE_NOOP("jobs", "Looking into the library"),
    "library_import": QT_TRANSLATE_NOOP("jobs", "Importing {name} into the library"),
    "lineage": QT_TRANSLATE_NOOP("jobs", "Testing the lineage of {kind}"),
    "lineage_file": QT_TRANSLATE_NOOP("jobs", "Exporting the lineage as {format}"),
    "review_open": QT_TRANSLATE_NOOP("jobs", "Opening the review {name}"),
    "review_save": QT_TRANSLATE_NOOP("jobs", "Saving the review {name}"),
    "review_check": QT_TRANSLATE_NOOP("jobs", "Comparing the inputs of {name}"),
    "review_diff": QT_TRANSLATE_NOOP("jobs", "Comparing with the review {name}"),
    "review_proofs": QT_TRANSLATE_NOOP("jobs", "Looking at the signature of {name}"),
    "review_verify": QT_TRANSLATE_NOOP("jobs", "Verifying the review {name}"),
    "review_sign": QT_TRANSLATE_NOOP("jobs", "Signing the review {name}"),
    "key_make": QT_TRANSLATE_NOOP("jobs", "Making the key {name}"),
    "csv": QT_TRANSLATE_NOOP("jobs", "Exporting a table as CSV"),
    "review_report": QT_TRANSLATE_NOOP("jobs", "Making the report on {name}"),
    "tensor": QT_TRANSLATE_NOOP("jobs", "Reading the tensor {tensor}"),
    "region": QT_TRANSLATE_NOOP("jobs", "Sharpening a picture of {tensor}"),
}
_ANY = QT_TRANSLATE_NOOP("jobs", "Working on {name}")
_FOUND = QT_TRANSLATE_NOOP("jobs", "{found} of {count} components with a common origin")
_TENSORS = QT_TRANSLATE_NOOP("jobs", "{count} tensors")
_REFERENCES = QT_TRANSLATE_NOOP("jobs", "{count} references in the library")
_CHECKS = QT_TRANSLATE_NOOP("jobs", "{wrong} of {count} checks differ")
_COMPONENTS = QT_TRANSLATE_NOOP("jobs", "{count} components")
_BYTES = QT_TRANSLATE_NOOP("jobs", "{size} written")


@dataclass(frozen=True, slots=True)
class Wording:
    """A sentence in any language: a template of the context "jobs" and its parts.

    Attributes:
        kinds: names of parts that hold the code of a component kind.
    """

    template: str
    parts: Mapping[str, str | int] = field(default_factory=dict)
    kinds: tuple[str, ...] = ()

    def text(self) -> str:
        """Return it in the language of the window."""
        parts = {
            name: words.kind_text(str(part)) if name in self.kinds else shown(part) if isinstance(part, str) else part
            for name, part in self.parts.items()
        }
        return QCoreApplication.translate("jobs", self.template).format_map(parts)


def what(request: Request, about: str) -> Wording:
    """Return what a request is for."""
    params, kind = request.params, request.kind
    if kind == "compare":
        candidate = _name(params.get("candidate"), about)
        return _counted(_COMPARE, params.get("references", ()), candidate=candidate)
    if kind in _SEVERAL:
        return _counted(_SEVERAL[kind], params.get("references" if kind == "library_add" else "names", ()))
    tensors = params.get("tensors") or ("",)
    parts: dict[str, str | int] = {
        "name": _name(params.get("path") or params.get("candidate"), about),
        "kind": str(params.get("kind", "")),
        "format": str(params.get("format", "")).upper(),
        "tensor": str(tensors[0]),
    }
    return Wording(_OTHERS.get(kind, _ANY), parts, ("kind",))


def outcome(payload: Any) -> Wording | None:
    """Return what a result holds, None where there is nothing to count."""
    if isinstance(payload, Comparison):
        found = sum(finding.verdict in _COMMON_ORIGIN for finding in payload.components)
        return Wording(_FOUND, {"found": found, "count": len(payload.components)})
    if isinstance(payload, Inspection):
        return Wording(_TENSORS, {"count": f"{len(payload.tensors.names):,}"})
    if isinstance(payload, Shelf):
        return Wording(_REFERENCES, {"count": len(payload.entries)})
    if isinstance(payload, Lineage):
        return Wording(_COMPONENTS, {"count": len(payload.nodes)})
    if isinstance(payload, Verification):
        wrong = sum(check.outcome == "differs" for check in payload.checks)
        return Wording(_CHECKS, {"wrong": wrong, "count": len(payload.checks)})
    return Wording(_BYTES, {"size": words.bytes_text(len(payload))}) if isinstance(payload, bytes) else None


def state_text(state: str) -> str:
    """Return a state in a word."""
    return QCoreApplication.translate("jobs", _STATES[state])


def time_text(seconds: float | None, left: float | None, *, over: bool) -> str:
    """Return how long a job took, or how long it will still take as far as that is known."""
    if seconds is None:
        return ""
    if over:
        return duration_text(seconds)
    so_far = QCoreApplication.translate("jobs", "{time} so far").format(time=duration_text(float(int(seconds))))
    return words.left_text(left) or so_far


def duration_text(seconds: float) -> str:
    """Return a length of time.

    >>> duration_text(0.04), duration_text(7.25), duration_text(125.0), duration_text(7322.0)
    ('0.1 s', '7.2 s', '2 min 5 s', '2 h 2 min')
    """
    if seconds < 60:
        text = f"{max(seconds, 0.1):.1f}" if seconds % 1 or not seconds else f"{seconds:.0f}"
        return QCoreApplication.translate("jobs", "{seconds} s").format(seconds=text)
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return QCoreApplication.translate("jobs", "{minutes} min {seconds} s").format(minutes=minutes, seconds=rest)
    hours, minutes = divmod(minutes, 60)
    return QCoreApplication.translate("jobs", "{hours} h {minutes} min").format(hours=hours, minutes=minutes)


def _counted(templates: tuple[str, str], items: Sequence[str], **parts: str) -> Wording:
    """Return the template for one item, with its name, or the one for several."""
    if len(items) == 1:
        return Wording(templates[0], {**parts, "name": _name(items[0], "")})
    return Wording(templates[1], {**parts, "count": len(items)})


def _name(path: Any, otherwise: str) -> str:
    return words.path_text(Path(path)) if isinstance(path, str) and path else otherwise
