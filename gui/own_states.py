"""Which states of the open review this window wrote, so that its own saving does not pass for somebody's change.

States are told apart by their SHA-256 alone. Whatever is not byte for byte what was written here stays what it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from inspector.errors import Note
from inspector.verify_results import Check

Standing = Literal["", "changed", "origin", "earlier", "other", "sum"]
_SIGNATURE, _SUM = "verify.signature_differs", "verify.sum_differs"


class OwnStates:
    """What was written here, and what was there before it.

    Attributes:
        origin: what was wrong with the file that the review was opened from; it is not mended by saving.
    """

    def __init__(self) -> None:
        self.origin: tuple[Note, ...] = ()
        self._before: dict[str, frozenset[str]] = {}  # what was written here -> earlier states of the same review
        self._line: frozenset[str] = frozenset()  # states of the open review that may be signed
        self._now = ""

    def opened(self, checks: Sequence[Check], wrong: Sequence[Note]) -> None:
        """Take a review that was opened: the checks of its proofs, and all that is `wrong` with its file."""
        self._now = next((_sha256(check.note) for check in checks if _sha256(check.note)), "")
        fits = any(check.outcome == "holds" and check.note.code.startswith("verify.signature") for check in checks)
        self._line = self._before.get(self._now, frozenset())
        if fits or self._now in self._before:
            self._line |= {self._now}
        self.origin = ()
        self.origin = tuple(wrong) if self.standing(wrong) == "changed" else ()

    def wrote(self, sha256: str) -> None:
        """Take what was written in the place of what was there."""
        self._before[sha256] = self._before.get(sha256, frozenset()) | self._line
        self._line |= {sha256}
        self._now = sha256

    def signed(self, checks: Sequence[Check]) -> None:
        """Take the checks after the review was signed here."""
        self._line |= {_sha256(check.note) for check in checks if check.outcome == "holds" and _sha256(check.note)}

    def left(self) -> None:
        """Take that another review begins."""
        self.origin, self._line, self._now = (), frozenset(), ""

    def standing(self, wrong: Sequence[Note]) -> Standing:
        """Return what to make of all that is wrong with the file now.

        Returns:
            "" for nothing; "changed" where it is not what was saved or signed; "origin" where it is, but came from such
            a file. Where it is byte for byte what was written here: "earlier" where the signature is valid, and of what
            it was before that; "other" where nothing is known of what the signature is of; "sum" where only a checksum
            beside it is of something else.
        """
        if not all(note.code in (_SIGNATURE, _SUM) and self._is_own(_sha256(note)) for note in wrong):
            return "changed"
        if self.origin:
            return "origin"
        signature = next((note for note in wrong if note.code == _SIGNATURE), None)
        if signature is None:
            return "sum" if wrong else ""
        return "earlier" if self.is_earlier(signature) else "other"

    def is_earlier(self, signature: Note) -> bool:
        """Say whether a signature that does not fit what was written here is of what was there before."""
        now = _sha256(signature)
        return self._is_own(now) and signature.params.get("signed") in self._before[now]

    def _is_own(self, sha256: str) -> bool:
        return sha256 == self._now and sha256 in self._before


def _sha256(note: Note) -> str:
    return str(note.params.get("sha256", ""))
