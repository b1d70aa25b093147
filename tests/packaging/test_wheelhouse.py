"""Installing without a network: what is packed, what is refused, and a real installation of a small wheelhouse."""

from __future__ import annotations

import base64
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]


def load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"assayer_{name}", ROOT / "packaging" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


wheelhouse, installer = load("wheelhouse"), load("install")


def small_wheel(folder: Path, name: str, *, needs: str = "", command: str = "") -> Path:
    """Write a wheel of one module, with a command that prints its arguments."""
    info = f"{name}-1.0.dist-info"
    files = {
        f"{name}.py": "import sys\ndef main():\n    print('ran', *sys.argv[1:])\n",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n"
        + (f"Requires-Dist: {needs}\n" if needs else ""),
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/entry_points.txt": f"[console_scripts]\n{command} = {name}:main\n" if command else "",
    }
    rows = [f"{path},sha256={_digest(text)},{len(text)}" for path, text in files.items()]
    files[f"{info}/RECORD"] = "\n".join([*rows, f"{info}/RECORD,,", ""])
    path = folder / f"{name}-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for inner, text in files.items():
            archive.writestr(inner, text)
    return path


def _digest(text: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()


@pytest.fixture
def packed(tmp_path: Path) -> Path:
    """A wheelhouse like the real one, of two small wheels: an `assayer` that needs another."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    small_wheel(folder, "assayer", needs="needed", command="assayer")
    small_wheel(folder, "needed")
    wheelhouse.finish(folder, "3.11")
    return folder


def test_what_is_packed_is_what_is_there(packed: Path) -> None:
    assert installer.check(packed) == 4
    assert {path.name for path in packed.iterdir()} > {"install.py", "README.txt", "SHA256SUMS"}
    if shutil.which("sha256sum"):
        subprocess.run(["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"], cwd=packed, check=True)


def _change(folder: Path) -> None:
    path = folder / "needed-1.0-py3-none-any.whl"
    path.write_bytes(path.read_bytes()[:-1] + b"\1")


def _lose(folder: Path) -> None:
    (folder / "needed-1.0-py3-none-any.whl").unlink()


def _add(folder: Path) -> None:
    shutil.copy(folder / "needed-1.0-py3-none-any.whl", folder / "needed-2.0-py3-none-any.whl")


def _forget(folder: Path) -> None:
    (folder / "SHA256SUMS").unlink()


@pytest.mark.parametrize(
    ("spoil", "said"), [(_change, "not as it was"), (_lose, "missing"), (_add, "not listed"), (_forget, "not complete")]
)
def test_a_spoiled_folder_installs_nothing(packed: Path, tmp_path: Path, spoil: object, said: str) -> None:
    assert callable(spoil)
    spoil(packed)
    venv = tmp_path / "venv"
    done = subprocess.run(
        [sys.executable, str(packed / "install.py"), "--venv", str(venv)], capture_output=True, text=True
    )
    assert done.returncode == 2
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not venv.exists()


def _without_network() -> list[str]:
    unshare = shutil.which("unshare")
    if unshare is None or subprocess.run([unshare, "-rn", "true"], capture_output=True).returncode:
        pytest.skip("no network namespace can be made here")
    return [unshare, "-rn"]


def test_it_installs_without_a_network_and_from_its_folder_only(packed: Path, tmp_path: Path) -> None:
    alone = _without_network()
    decoy = tmp_path / "decoy"
    decoy.mkdir()
    (decoy / "needed-9.0-py3-none-any.whl").write_bytes(b"not a wheel")
    environment = {**os.environ, "PIP_FIND_LINKS": str(decoy), "PIP_INDEX_URL": "https://index.invalid/simple"}
    done = subprocess.run(
        [*alone, sys.executable, str(packed / "install.py"), "--venv", str(tmp_path / "venv")],
        env=environment, cwd=tmp_path, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "ran selftest" in done.stdout
    again = subprocess.run(
        [sys.executable, str(packed / "install.py"), "--venv", str(tmp_path / "venv")], capture_output=True, text=True
    )
    assert again.returncode == 2
    assert "is there already" in again.stderr


def test_an_incomplete_wheelhouse_is_one_sentence_more_than_pip_says(tmp_path: Path) -> None:
    folder = tmp_path / "wheels"
    folder.mkdir()
    small_wheel(folder, "assayer", needs="needed", command="assayer")
    wheelhouse.finish(folder, "3.11")
    done = subprocess.run(
        [*_without_network(), sys.executable, str(folder / "install.py"), "--venv", str(tmp_path / "venv")],
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 2
    assert "pip could not install" in done.stderr


def test_the_builder_passes_on_where_packages_come_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wheel = small_wheel(tmp_path, "assayer")
    calls: list[tuple[str, ...]] = []
    monkeypatch.setattr(wheelhouse, "_pip", lambda *arguments: calls.append(arguments))
    where = ["--find-links", "here", "--index-url", "file:///there", "--python-version", "3.12", "--platform", "any"]
    assert wheelhouse.main(["--out", str(tmp_path / "out"), "--wheel", str(wheel), *where]) == 0
    (call,) = calls
    assert call[0] == "download"
    for option, value in zip(where[::2], where[1::2], strict=True):
        assert call[call.index(option) + 1] == value
    assert installer.check(tmp_path / "out") == 3
    assert wheelhouse.main(["--out", str(tmp_path / "out"), "--wheel", str(wheel)]) == 2


def test_the_builder_downloads_nothing_that_is_beside_it(tmp_path: Path) -> None:
    """pip itself, without an index: what it needs is found where it is told to look."""
    links = tmp_path / "links"
    links.mkdir()
    small_wheel(links, "needed")
    wheel = small_wheel(tmp_path, "assayer", needs="needed", command="assayer")
    command = [sys.executable, str(ROOT / "packaging/wheelhouse.py"), "--out", str(tmp_path / "out")]
    done = subprocess.run(
        [*command, "--wheel", str(wheel), "--find-links", str(links)],
        env={**os.environ, "PIP_NO_INDEX": "1"}, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "2 wheels" in done.stdout
    assert installer.check(tmp_path / "out") == 4


def test_the_wheel_is_complete(tmp_path: Path) -> None:
    """Build it of the sources, and find every tracked file of the packages in it, and both commands."""
    pytest.importorskip("setuptools", minversion="77", reason="builds without a network only where setuptools is there")
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("no git to say which files there are")
    tracked = subprocess.run(
        ["git", "ls-files", "-z", "inspector", "gui", "resources"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\0")
    sources = tmp_path / "sources"
    sources.mkdir()
    wheelhouse.copy_sources(sources)
    build = "from setuptools.build_meta import build_wheel; print(build_wheel('..'))"
    done = subprocess.run([sys.executable, "-c", build], cwd=sources, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        entries = archive.read(next(name for name in names if name.endswith("entry_points.txt"))).decode()
    assert {name for name in tracked if name and (ROOT / name).exists()} - names <= {"gui/ruff.toml"}
    assert {name.split("/")[0] for name in names if ".dist-info" not in name} == {"inspector", "gui", "resources"}
    assert "assayer = inspector.cli:main" in entries
    assert "assayer-window = gui.app:main" in entries
