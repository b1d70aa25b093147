"""Which tensors of a PyTorch file are the model, and what they are called."""

from __future__ import annotations

import pytest

from inspector.checkpoint.pickle_values import Dictionary, OtherTensor, StorageRef, TensorRef
from inspector.checkpoint.state_dict import state_dict
from inspector.errors import InputError

T = TensorRef("F32", StorageRef("F32", "0", 4, 0, 4), 0, (4,), (1,))


def tree(value: object) -> object:
    return Dictionary([(key, tree(inner)) for key, inner in value.items()]) if isinstance(value, dict) else value


def names(value: object) -> list[str]:
    return list(state_dict(tree(value), "m.pt").tensors)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"a.w": T, "steps": T, "config": T}, ["a.w", "steps", "config"]),
        ({"state_dict": {"w": T}}, ["w"]),
        ({"model": {"state_dict": {"module.w": T}}}, ["w"]),
        ({"state_dict": {"model.w": T}, "model": {"w": T}}, ["model.w"]),
        ({"model_ema": {"w": T}, "optimizer": {"state": {0: {"m": T}}}}, ["w"]),
        ({"student": {"w": T}, "teacher": {"w": T}}, ["student.w", "teacher.w"]),
        ({"generator": {"w": T}, "optimizer_g": {"m": T}, "g_optimizer": {"m": T}}, ["generator.w", "optimizer_g.m"]),
        ({"optimizer": {"w": T}}, ["optimizer.w"]),
        ({"model": {"w": T}, "head.w": T}, ["model.w", "head.w"]),
        ({"module.w": T, "other": T}, ["module.w", "other"]),
        ({"module.w": T, "module.": T}, ["module.w", "module."]),
        ([T, {"x": T}], ["0"]),
        ({"epoch": 3}, []),
    ],
)
def test_names(value: object, expected: list[str]) -> None:
    assert names(value) == expected


def test_a_collision_names_the_tensor() -> None:
    for value in ({"a.b": T, "a": {"b": T}}, {1: T, "1": T}, {"a.b": OtherTensor("sparse"), "a": {"b": T}}):
        with pytest.raises(InputError) as caught:
            names(value)
        assert caught.value.note.code == "checkpoint.name_collision"


def test_a_key_given_twice_is_a_collision() -> None:
    for key in ("w", "model"):
        with pytest.raises(InputError) as caught:
            state_dict(Dictionary([(key, tree({"x": T})), (key, tree({"x": T}))]), "m.pt")
        assert caught.value.note.code == "checkpoint.name_collision"


def test_a_circle_is_read_once() -> None:
    root = Dictionary([("w", T)])
    root.items.append(("self", root))
    found = state_dict(root, "m.pt")
    assert list(found.tensors) == ["w"]
    assert [note.code for note in found.warnings] == ["checkpoint.self_reference"]


def test_depth_and_work_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    deep: object = T
    for _ in range(200):
        deep = Dictionary([("x", deep)])
    with pytest.raises(InputError) as caught:
        state_dict(deep, "m.pt")
    assert caught.value.note.code == "checkpoint.pickle_depth"
    wide: list[object] = [T] * 10
    for _ in range(12):
        wide = [wide] * 10
    monkeypatch.setattr("inspector.checkpoint.state_dict.MAX_VALUES", 10_000)
    with pytest.raises(InputError) as caught:
        state_dict(Dictionary([("w", T), ("list", wide)]), "m.pt")
    assert caught.value.note.code == "checkpoint.too_many_tensors"


def test_long_keys_cannot_multiply() -> None:
    inner = Dictionary([(f"{n:09}", T) for n in range(1000)])
    with pytest.raises(InputError) as caught:
        state_dict(Dictionary([("x" * (1 << 20), inner)]), "m.pt")
    assert caught.value.note.code == "checkpoint.pickle_limit"
