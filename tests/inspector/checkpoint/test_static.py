"""What no module of inspector may do, whatever the input: unpickle, map files, evaluate text."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import inspector

SOURCES = sorted(Path(inspector.__file__).parent.rglob("*.py"))
MODULES = {"pickle", "mmap", "marshal", "shelve", "dill", "cloudpickle", "joblib"}
CALLS = {"eval", "exec", "compile", "__import__", "memmap", "fromfile"}


def offences(tree: ast.AST) -> list[str]:
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names if alias.name.split(".")[0] in MODULES]
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in MODULES:
            found.append(node.module or "")
        elif isinstance(node, ast.Call):
            name = ast.unparse(node.func)
            last = name.rpartition(".")[2]
            if last in CALLS and name != "re.compile":
                found.append(name)
            if last in ("load", "loads") and name.split(".")[0] in ("torch", "np", "numpy", "pickle"):
                found.append(name)
    return found


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_nothing_is_executed_or_mapped(source: Path) -> None:
    assert offences(ast.parse(source.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    "text", ["import pickle", "from mmap import mmap", "torch.load(x)", "np.load(x)", "eval(x)", "np.memmap(x)"]
)
def test_the_check_finds_what_it_looks_for(text: str) -> None:
    assert len(offences(ast.parse(text))) == 1


def test_the_readers_import_no_torch() -> None:
    for source in SOURCES:
        if source.parent.name == "checkpoint":
            assert "import torch" not in source.read_text(encoding="utf-8")
