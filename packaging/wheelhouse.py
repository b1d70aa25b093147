"""Gather everything that installs Assayer without a network: the project's wheel, those it needs, and install.py.

    python packaging/wheelhouse.py --out assayer-wheels

needs a network (or what your pip is configured to read); carry the folder over and run `python install.py` in it.
pip's configuration and environment hold here; its usual options for where packages come from are passed on.
"""

from __future__ import annotations

import argparse
import hashlib
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SUMS = "SHA256SUMS"
_FILES = ("pyproject.toml", "README.md", "LICENSE")
_PACKAGES = ("inspector", "gui", "resources")
_BLOCK = 1 << 20
_README = """Assayer, to be installed without a network. In this folder, with Python {python}:

    python3 install.py

It checks every file against SHA256SUMS, makes a virtual environment (--venv DIR; ./assayer-venv unless told
otherwise), installs from this folder only, and runs Assayer's self-test.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Build a wheelhouse and return the exit code."""
    options = _parse(arguments)
    out: Path = options.out.absolute()
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        return _refuse(f"{out} is there already: choose a new folder, or empty it.")
    out.mkdir(parents=True, exist_ok=True)
    started = time.monotonic()
    try:
        if not options.wheel:
            with tempfile.TemporaryDirectory() as clean:
                copy_sources(Path(clean))
                _pip("wheel", "--no-deps", "--wheel-dir", str(out), *_sources(options), clean)
        else:
            shutil.copy(options.wheel, out)
        wheel = next(out.glob("assayer-*.whl"))
        _pip("download", "--dest", str(out), *_target(options), *_sources(options), str(wheel))
    except subprocess.CalledProcessError as error:
        return _refuse(f"pip ended with {error.returncode}; its own words are above. {out} is not complete.")
    finish(out, options.python_version or f"{sys.version_info.major}.{sys.version_info.minor}")
    _report(out, time.monotonic() - started)
    return 0


def copy_sources(folder: Path) -> None:
    """Copy what the wheel is built of: setuptools leaves build/ beside its sources, and takes in what lies there."""
    for name in _FILES:
        shutil.copy(ROOT / name, folder)
    for name in _PACKAGES:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))


def finish(out: Path, python: str) -> None:
    """Put install.py, a README and the sums of every file into a folder of wheels."""
    shutil.copy(Path(__file__).with_name("install.py"), out / "install.py")
    (out / "README.txt").write_text(_README.format(python=python), encoding="utf-8")
    files = sorted(path for path in out.iterdir() if path.name != SUMS)
    lines = [f"{_sum(path)}  {path.name}\n" for path in files]
    (out / SUMS).write_text("".join(lines), encoding="utf-8", newline="\n")


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Gather what installs Assayer without a network.")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="a new folder")
    parser.add_argument("--wheel", type=Path, help="this wheel of Assayer, instead of building one from the sources")
    parser.add_argument("--platform", action="append", default=[], help="of the other machine, as pip names it")
    parser.add_argument("--python-version", help="of the other machine, for example 3.12")
    for name in ("--index-url", "--extra-index-url", "--find-links", "--constraint"):
        parser.add_argument(name, action="append", default=[], help="passed on to pip")
    return parser.parse_args(arguments)


def _target(options: argparse.Namespace) -> list[str]:
    """Return pip's options for the other machine; nothing is built there, so wheels are all that will do."""
    out = ["--only-binary", ":all:"]
    for platform in options.platform:
        out += ["--platform", platform]
    if options.python_version:
        out += ["--python-version", options.python_version]
    return out


def _sources(options: argparse.Namespace) -> list[str]:
    names = ("index_url", "extra_index_url", "find_links", "constraint")
    return [
        part for name in names for value in getattr(options, name) for part in (f"--{name.replace('_', '-')}", value)
    ]


def _pip(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "pip", *arguments], check=True)


def _sum(path: Path) -> str:
    found = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            found.update(block)
    return found.hexdigest()


def _report(out: Path, seconds: float) -> None:
    files = list(out.iterdir())
    size = sum(path.stat().st_size for path in files) / 2**20
    wheels = sum(path.suffix == ".whl" for path in files)
    print(f"{out}: {wheels} wheels, {size:.0f} MiB, {seconds:.0f} s")
    print(f"SHA-256 of {SUMS}, to compare on the other side: {_sum(out / SUMS)}")
    if any(path.name.startswith("nvidia_") for path in files):
        print("CUDA libraries are among them; an index of CPU builds of torch makes it much smaller: docs/install.md")


def _refuse(sentence: str) -> int:
    sys.stderr.write(sentence + "\n")
    return 2


if __name__ == "__main__":
    sys.exit(main())
