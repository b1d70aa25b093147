"""Files whose values define nothing: counted, undefined, and never called identical or derived."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

import inspector
from inspector.errors import InputError
from inspector.report.document import comparison_document, to_json
from inspector.results import Against, Comparison
from tests.data import bad_inputs

CASES = ("st_all_nan", "st_inf", "st_all_zero", "st_constant")


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    root = tmp_path_factory.mktemp("values")
    bad_inputs.build(root, only={*CASES, "pt_bool_nonbinary"})
    rows = json.loads((root / "expected.json").read_text(encoding="utf-8"))["cases"]
    return {row["id"]: root / row["open"] for row in rows}


@pytest.fixture(autouse=True)
def no_stray_warning() -> Iterator[None]:
    """Fail where numpy says of its own that a number went wrong: nobody is told by it."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def healthy(folder: Path, like: str) -> Path:
    shape = (2, 2) if like in ("st_all_nan", "st_inf") else (4,)
    save_file({"w": torch.randn(shape, generator=torch.Generator().manual_seed(1))}, folder / "m.safetensors")
    return folder / "m.safetensors"


def pairs(comparison: Comparison) -> list[Against]:
    return [against for finding in comparison.components for against in finding.against]


def assert_claims_nothing(comparison: Comparison) -> None:
    assert [finding.verdict for finding in comparison.components] == ["inconclusive"]
    assert {against.verdict for against in pairs(comparison)} <= {"inconclusive"}
    to_json(comparison_document(comparison))  # refuses numbers that JSON cannot hold


@pytest.mark.parametrize("case", CASES)
def test_such_a_file_against_itself_is_not_identical(opened: dict[str, Path], case: str) -> None:
    comparison = inspector.compare(opened[case], [opened[case]])
    assert_claims_nothing(comparison)
    (against,) = pairs(comparison)
    undefined = {name for name, measured in against.similarity.items() if measured.value is None}
    wanted = {"st_constant": {"centred_correlation"}, "st_inf": set()}
    assert undefined >= wanted.get(case, {"cosine", "centred_correlation", "relative_l2", "norm_ratio"})
    told = {note.code: note for note in against.warnings}
    assert told
    if case in ("st_all_nan", "st_inf"):
        assert told["similarity.not_finite"].params["elements"] == {"st_all_nan": 4, "st_inf": 2}[case]


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("turned", [False, True])
def test_such_a_file_against_a_healthy_one(opened: dict[str, Path], tmp_path: Path, case: str, turned: bool) -> None:
    files = [opened[case], healthy(tmp_path, case)]
    candidate, reference = reversed(files) if turned else files
    assert_claims_nothing(inspector.compare(candidate, [reference]))


def test_truth_values_alone_are_nothing_to_compare(opened: dict[str, Path]) -> None:
    """Bytes other than 0 and 1 in a truth value mean nothing: truth values are no weights, and never a match."""
    with pytest.raises(InputError) as refused:
        inspector.compare(opened["pt_bool_nonbinary"], [opened["pt_bool_nonbinary"]])
    assert refused.value.note.code == "similarity.no_common_part_odd"
    assert refused.value.note.tensor == "m"
    (warning,) = inspector.inspect(opened["pt_bool_nonbinary"]).warnings
    assert (warning.code, warning.tensor) == ("anatomy.odd_truth_first", "m")


def values(folder: Path, name: str, tensor: torch.Tensor) -> Path:
    save_file({"w": tensor}, folder / name)
    return folder / name


def test_what_is_said_of_a_tensor_is_true_of_it(tmp_path: Path) -> None:
    plain = torch.randn(8, 8, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    sides = {
        "huge": plain * 1e307,
        "ones": torch.ones(8, 8, dtype=torch.float64) * 1e-30,
        "plain": plain,
        "nan": torch.full_like(plain, torch.nan),
        "zero": torch.zeros_like(plain),
    }
    files = {name: values(tmp_path, f"{name}.safetensors", tensor) for name, tensor in sides.items()}
    for candidate, reference, told in (
        ("huge", "plain", {"similarity.far_apart"}),
        ("plain", "huge", {"similarity.far_apart"}),
        ("ones", "huge", {"similarity.far_apart"}),
        ("huge", "zero", {"similarity.all_zero"}),
        ("plain", "zero", {"similarity.all_zero"}),
        ("nan", "plain", {"similarity.not_finite", "similarity.none_finite"}),
        ("zero", "nan", {"similarity.not_finite", "similarity.none_finite"}),
        ("huge", "huge", set()),
    ):
        comparison = inspector.compare(files[candidate], [files[reference]])
        (against,) = pairs(comparison)
        assert {note.code for note in against.warnings} == told, (candidate, reference)
        assert (against.similarity["cosine"].value is None) == bool(told)
        assert told == set() or against.verdict == "inconclusive"
