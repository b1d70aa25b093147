"""The log of the analyst's decisions: nothing that was written disappears."""

from __future__ import annotations

from inspector.decisions import DecisionLog, Subject

ENCODER = Subject("visual")
PAIR = Subject("visual", "reference", "vision", "visual.blocks.0.mlp.up.weight", "blocks.0.mlp.up.weight")


def test_the_last_standing_judgement_counts() -> None:
    log = DecisionLog().added("confirm", ENCODER, who="A").added("reject", ENCODER, text="wrong reference")
    judged = log.judgement(ENCODER)
    assert judged is not None
    assert (judged.kind, judged.text) == ("reject", "wrong reference")
    assert log.judgement(PAIR) is None


def test_an_undo_takes_back_the_last_and_keeps_its_entry() -> None:
    log = DecisionLog().added("confirm", ENCODER).added("flag", PAIR)
    assert log.is_flagged(PAIR)
    log = log.undone(who="A", when="2026-01-02T03:04:05+09:00")
    assert not log.is_flagged(PAIR)
    assert log.judgement(ENCODER) is not None
    assert [(entry.kind, entry.undoes) for entry in log.entries] == [("confirm", 0), ("flag", 0), ("undo", 2)]
    log = log.undone()
    assert log.judgement(ENCODER) is None
    assert len(log.entries) == 4
    assert log.undone() is log
