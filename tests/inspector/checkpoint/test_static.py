"""What no module may do, whatever the input: unpickle, map files, evaluate text, show rich text, use the network."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import gui
import inspector

ROOT = Path(inspector.__file__).parents[1]
SOURCES = sorted(
    [
        *Path(inspector.__file__).parent.rglob("*.py"),
        *Path(gui.__file__).parent.rglob("*.py"),
        ROOT / "main.py",
    ]
)
MODULES = {"pickle", "_pickle", "mmap", "marshal", "shelve", "dill", "cloudpickle", "joblib", "imp", "runpy", "code"}
# Reach the network or start programs; what needs one is named, with the modules of it.
REACHING = {
    "socket",
    "ssl",
    "subprocess",
    "multiprocessing",
    "urllib",
    "http",
    "ftplib",
    "smtplib",
    "requests",
    "httpx",
    "aiohttp",
    "PySide6.QtNetwork",
    "PySide6.QtWebEngineWidgets",
}
ALLOWED = {
    "gui/meeting.py": {"PySide6.QtNetwork.QLocalServer", "PySide6.QtNetwork.QLocalSocket"},  # of this machine and user
    "gui/single.py": {"PySide6.QtNetwork.QLocalSocket"},
    "inspector/__init__.py": {"import_module"},  # its own public functions, when first asked for
    "inspector/batch/process.py": {"subprocess"},  # this Python with a fixed module, one process a row of a list
    "inspector/sandbox/confining.py": {"os.fork"},  # of a child that ends at once: OpenBLAS ends its threads before
}
CALLS = {"eval", "compile", "__import__", "memmap", "fromfile", "import_module"}
STARTS = {"system", "popen", "fork", "forkpty", "posix_spawn", "posix_spawnp", "startfile"}
RICH = {"setHtml", "insertHtml", "appendHtml", "toHtml", "RichText", "MarkdownText", "setMarkdown", "AutoText"}
LOADERS = {"torch", "np", "numpy", "pickle", "marshal"}


def offences(tree: ast.AST) -> list[str]:
    """Name each import and use of what is not allowed."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names if _refused(alias.name)]
        elif isinstance(node, ast.ImportFrom) and not node.level:
            module = node.module or ""
            names = [f"{module}.{alias.name}" for alias in node.names]
            whole = _refused(module) and module != "PySide6.QtNetwork"  # of that one, each class is named
            found += [module] if whole else [name for name in names if _refused(name)]
        elif isinstance(node, ast.Call):
            found += _call(node)
        elif isinstance(node, ast.Attribute) and node.attr in RICH:
            found.append(node.attr)
    return found


def _refused(module: str) -> bool:
    top = module.split(".")[0]
    return top in MODULES | REACHING or any(module == name or module.startswith(f"{name}.") for name in REACHING)


def _call(node: ast.Call) -> list[str]:
    name = ast.unparse(node.func)
    last = name.rpartition(".")[2]
    found = [name] if (last in CALLS and name != "re.compile") or name in ("exec", "builtins.exec") else []
    if last in ("load", "loads") and name.split(".")[0] in LOADERS:
        found.append(name)
    if name.startswith("os.") and (last in STARTS or last.startswith(("exec", "spawn"))):
        found.append(name)
    shell = [word for word in node.keywords if word.arg == "shell"]
    return found + ["shell=" for word in shell if ast.unparse(word.value) != "False"]


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("source", SOURCES, ids=named)
def test_nothing_is_executed_mapped_or_reached(source: Path) -> None:
    found = offences(ast.parse(source.read_text(encoding="utf-8")))
    assert set(found) - ALLOWED.get(named(source), set()) == set()


def test_what_is_allowed_is_there() -> None:
    for path, names in ALLOWED.items():
        assert names <= set(offences(ast.parse((ROOT / path).read_text(encoding="utf-8"))))


@pytest.mark.parametrize(
    "text",
    [
        "import pickle",
        "from mmap import mmap",
        "torch.load(x)",
        "np.load(x)",
        "eval(x)",
        "exec(x)",
        "np.memmap(x)",
        "import socket",
        "from PySide6 import QtNetwork",
        "from PySide6.QtNetwork import QTcpSocket",
        "import urllib.request",
        "import subprocess",
        "os.system(x)",
        "os.execvp(x, y)",
        "label.setHtml(x)",
        "label.setTextFormat(Qt.TextFormat.RichText)",
        "run(x, shell=True)",
        "importlib.import_module(x)",
    ],
)
def test_the_check_finds_what_it_looks_for(text: str) -> None:
    assert len(offences(ast.parse(text))) == 1


def test_the_readers_import_no_library_that_reads_checkpoints() -> None:
    for source in SOURCES:
        if source.parent.name == "checkpoint":
            text = source.read_text(encoding="utf-8")
            assert not any(f"import {name}" in text for name in ("torch", "onnx", "gguf", "safetensors"))
