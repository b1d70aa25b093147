"""Journeys of work that does not go to its end: it is cancelled, or the engine is killed."""

from __future__ import annotations

import os
import signal
import time

from PySide6.QtWidgets import QPushButton

from tests.journeys.conftest import Travel
from tests.journeys.hands import LEFT, RIGHT, Hands
from tests.journeys.inputs import AUDIO, CANDIDATE, VISION
from tests.journeys.journey import journey

_AT_MOST_MS = 300


def _at_work(hands: Hands) -> None:
    """Wait until the engine works and something was found."""
    window = hands.window
    hands.drop([CANDIDATE], LEFT)
    hands.drop([VISION, AUDIO], RIGHT)
    hands.wait_for(lambda: window.session.job and window.session.findings, "a first finding")


@journey("Cancel in the middle of the work: what was found stays")
def cancel_work(hands: Hands) -> None:
    window, session = hands.window, hands.window.session
    _at_work(hands)
    started = time.thread_time()
    hands.press("Esc")
    hands.told["ms"] = 1000 * (time.thread_time() - started)
    hands.told["infos"] = hands.sentences("info")
    hands.told["cancel_shown"] = window.log.cancel.isVisible()
    hands.told["working"] = session.job
    hands.told["findings"], hands.told["components"] = len(session.findings), len(window.summary.cards)


def test_cancel_work(told: Travel) -> None:
    seen = told(cancel_work)
    assert seen["errors"] == []
    assert seen["ms"] < _AT_MOST_MS, "the window's own time, on however busy a machine"
    assert not seen["cancel_shown"]
    assert not seen["working"]
    assert 1 <= seen["findings"] < seen["components"]
    assert len(seen["infos"]) == 1


@journey("The engine is killed while it works: one sentence, and it is started again")
def kill_engine(hands: Hands) -> None:
    window, session = hands.window, hands.window.session
    _at_work(hands)
    worker = next(process for process in session._engine.processes if process.job)
    os.kill(worker._process.processId(), signal.SIGKILL)
    hands.wait_for(hands.errors, "the sentence", 10)
    hands.told["sentences"] = hands.errors()
    hands.told["working"] = session.job
    hands.snap()
    again = next((b for b in window.findChildren(QPushButton) if b.isVisible() and b.text() == "Start again"), None)
    if again is not None:
        hands.click(again)
    else:
        hands.press("F5")
    hands.told["working_again"] = bool(session.job)
    hands.wait_for_findings()
    hands.told["findings"] = len(session.findings)


def test_kill_engine(told: Travel) -> None:
    seen = told(kill_engine)
    (sentence,) = seen["sentences"]
    assert "\n" not in sentence
    assert not seen["working"]
    assert seen["working_again"]
    assert seen["findings"] > 1
