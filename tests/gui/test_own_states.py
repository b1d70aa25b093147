"""What a window wrote itself is told apart from what somebody changed, by SHA-256 alone."""

from __future__ import annotations

import pytest

from gui.own_states import OwnStates
from inspector.errors import Note
from inspector.verify_results import Check


def fits(sha256: str) -> list[Check]:
    return [Check("holds", Note("verify.signature_unknown", {"key": "k", "sha256": sha256}))]


def misfit(sha256: str, signed: str) -> Note:
    return Note("verify.signature_differs", {"key": "k", "sha256": sha256, "signed": signed})


def summed(sha256: str) -> Note:
    return Note("verify.sum_differs", {"proof": "a.assay.sha256", "sha256": sha256})


def opened(sha256: str = "a", signed: str = "a") -> OwnStates:
    own = OwnStates()
    wrong = misfit(sha256, signed)
    own.opened(*((fits(sha256), []) if sha256 == signed else ([Check("differs", wrong)], [wrong])))
    return own


def test_an_own_save_leaves_the_signature_of_an_earlier_state() -> None:
    own = opened()
    assert own.standing([]) == ""
    own.wrote("b")
    own.wrote("c")
    assert own.standing([misfit("c", "a")]) == "earlier"
    assert own.standing([misfit("c", "b")]) == "earlier"  # signed between, and read back before that was known
    assert own.standing([misfit("c", "x")]) == "other"
    assert own.standing([misfit("c", "a"), summed("c")]) == "earlier"
    assert own.standing([summed("c")]) == "sum"
    assert own.standing([]) == ""


@pytest.mark.parametrize(
    "wrong",
    [
        misfit("x", "a"),  # the file is not what was written
        misfit("a", "x"),  # nor is this, which was only read
        misfit("b", "a"),  # written here, but then something else was
        Note("verify.signature_damaged", {"proof": "a.assay.sig"}),
        summed("x"),
        Note("review_file.changed"),
        Note("checkpoint.unreadable", {"sha256": "c"}),
        Note("verify.signature_differs", {"key": "k"}),
    ],
)
def test_what_was_not_written_here_just_now_stays_changed(wrong: Note) -> None:
    own = opened()
    own.wrote("b")
    own.wrote("c")
    assert own.standing([wrong]) == "changed"
    assert own.standing([misfit("c", "a"), wrong]) == "changed"


def test_a_file_that_was_changed_is_not_mended_by_saving() -> None:
    own = opened("x", "a")
    assert own.origin == (misfit("x", "a"),)
    own.wrote("b")
    assert own.standing([misfit("b", "a")]) == "origin"
    assert own.standing([]) == "origin"
    own.left()
    assert own.standing([]) == ""


def test_what_was_written_here_is_known_when_it_is_opened_again() -> None:
    own = opened()
    own.wrote("b")
    other = misfit("o", "a")
    own.opened([Check("differs", other)], [other])
    assert own.standing([other]) == "changed"
    wrong = misfit("b", "a")
    own.opened([Check("differs", wrong)], [wrong])
    assert own.origin == ()
    assert own.standing([wrong]) == "earlier"


def test_a_signature_of_another_review_is_none_of_this_one() -> None:
    own = opened()
    own.opened(fits("o"), [])
    own.wrote("p")
    assert own.standing([misfit("p", "a")]) == "other"


def test_a_first_save_beside_a_signature_knows_nothing_of_it() -> None:
    own = OwnStates()
    own.wrote("b")
    assert own.standing([misfit("b", "a")]) == "other"


def test_what_was_signed_here_is_known() -> None:
    own = OwnStates()
    own.opened([], [])
    own.signed(fits("a"))
    own.wrote("b")
    assert own.standing([misfit("b", "a")]) == "earlier"
