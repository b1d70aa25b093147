"""The table: an attacked model is written, judged, kept as a line, and read back."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from safetensors import safe_open
from torch import Tensor

from benchmarks.attacks import page, table
from benchmarks.attacks.attacks import ATTACKS
from benchmarks.attacks.judging import Outcome, from_json, to_json, write_in_order
from benchmarks.attacks.net import Net, kind_of, to_stored
from benchmarks.zoo import shelf
from benchmarks.zoo.recipes import SCRATCH, Entry

FAMILY = "vit_gelu"


@pytest.fixture(scope="module")
def folder(nets: dict[str, tuple[Net, Net, Net]], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A zoo of untrained models: enough for what the table does with a verdict."""
    folder = tmp_path_factory.mktemp("untrained")
    victim, own, sibling = nets[FAMILY]
    third = own.with_parts({name: value.flip(0) for name, value in own.parts.items()})
    for seed, kind, net in ((0, SCRATCH, victim), (0, "light", sibling), (1, SCRATCH, own), (1, "light", own),
                            (2, SCRATCH, third)):  # fmt: skip
        head = {name.split(".")[-1]: value for name, value in net.parts.items() if kind_of(name) == "classifier"}
        shelf.put(folder, Entry(FAMILY, seed, kind), to_stored(net), head)
    return folder


def test_a_disguised_copy_is_found_and_an_independent_one_is_not(folder: Path, tmp_path: Path) -> None:
    results = tmp_path / "results.jsonl"
    attacks = [ATTACKS["neuron_permutation"], ATTACKS["unit_scaling"]]
    copy, impossible = table.run(folder, attacks, [FAMILY], False, results)
    assert copy.found
    assert copy.disguises == ("neuron_permutation",)
    assert (copy.missing, copy.wrong, copy.layers_right, copy.layers) == ((), (), 4, 4)
    assert impossible.impossible
    honest, _ = table.run(folder, attacks, [FAMILY], True, results)
    assert not honest.found
    assert not any(table.broken(item) for item in (copy, honest, impossible))
    kept = table.load(results)
    assert len(kept) == 4
    assert kept["neuron_permutation", FAMILY, False] == copy
    text = page.text(list(kept.values()), "today")
    assert "| `neuron_permutation`<br>hidden units of every MLP in random order | kept" in text
    assert "1 cells: 1 found not independent" in text
    assert "1 cells: 0 accused" in text
    assert "Independent models" in text


def test_what_was_judged_is_not_judged_again(tmp_path: Path) -> None:
    known = Outcome("neuron_permutation", FAMILY, False, verdict="derived")
    results = tmp_path / "results.jsonl"
    results.write_text(to_json(known) + "\n" + to_json(known)[:20], encoding="utf-8")  # the second line was cut
    assert list(table.run(tmp_path, [ATTACKS["neuron_permutation"]], [FAMILY], False, results)) == [known]
    assert from_json(to_json(known)) == known


def test_an_accused_honest_model_and_a_broken_promise_are_wrong() -> None:
    assert table.broken(Outcome("a", FAMILY, True, verdict="derived"))
    assert not table.broken(Outcome("a", FAMILY, False, verdict="derived", moved=1e-6))
    assert table.broken(Outcome("a", FAMILY, False, verdict="derived", moved=1e-2))


def test_a_cell_marks_what_is_missing_and_what_is_not_there() -> None:
    outcome = Outcome(
        "a", FAMILY, False, verdict="derived", log10_p=-20.2, exact=True, expected=("merged", "pruned"),
        disguises=("pruned", "rescaled"), layers=4, layers_right=3, rejects=("permutation_z",),
    )  # fmt: skip
    assert page.cell(outcome) == "**derived**; -20 exact; pruned, rescaled?, ~~merged~~; layers 3/4; z"


def test_a_file_keeps_the_order_of_its_tensors(tmp_path: Path) -> None:
    weights: dict[str, Tensor] = {"b": torch.arange(6.0).reshape(2, 3), "a": torch.ones(3, dtype=torch.bfloat16)}
    write_in_order(tmp_path / "model.safetensors", weights)
    with safe_open(tmp_path / "model.safetensors", "pt") as file:
        assert all(torch.equal(file.get_tensor(name), value) for name, value in weights.items())
    raw = (tmp_path / "model.safetensors").read_bytes()
    assert raw.index(b'"b"') < raw.index(b'"a"')
