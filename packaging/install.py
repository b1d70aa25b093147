"""Install Assayer from the folder this file lies in, without a network: `python3 install.py [--venv DIR]`.

Every file is checked against SHA256SUMS before the first is used, and a wheel that is not listed there stops it.
Nothing but this folder is asked, whatever pip is configured to read.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

HERE = Path(__file__).resolve().parent
SUMS = "SHA256SUMS"
_BLOCK = 1 << 20


class Refusal(Exception):
    """What keeps Assayer from being installed, in one sentence."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Check, install and test; return the exit code."""
    parser = argparse.ArgumentParser(description="Install Assayer from this folder, without a network.")
    parser.add_argument("--venv", type=Path, default=Path("assayer-venv"), help="where the environment goes")
    venv: Path = parser.parse_args(arguments).venv.absolute()
    started = time.monotonic()
    try:
        count = check(HERE)
        print(f"{count} files are as they were packed; SHA-256 of {SUMS}: {_sum(HERE / SUMS)}", flush=True)
        commands = install(HERE, venv)
    except Refusal as refusal:
        sys.stderr.write(f"{refusal}\n")
        return 2
    print(f"installed in {time.monotonic() - started:.0f} s; now the self-test", flush=True)
    tested = subprocess.run([str(commands / "assayer"), "selftest"], check=False).returncode
    print(f"{time.monotonic() - started:.0f} s in all. Start the window: {commands / 'assayer-window'}")
    return tested


def check(folder: Path) -> int:
    """Compare every file with the sums and return how many there are.

    Raises:
        Refusal: a file is missing, changed, or a wheel that the sums do not name.
    """
    try:
        lines = (folder / SUMS).read_text(encoding="utf-8").splitlines()
    except OSError:
        raise Refusal(f"{SUMS} is missing: this folder is not complete.") from None
    listed = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    for path in sorted(folder.glob("*.whl")):
        if path.name not in listed:
            raise Refusal(f"{path.name} is not listed in {SUMS}: someone put it here later. Nothing was installed.")
    for name, digest in listed.items():
        path = folder / Path(name).name
        if not path.is_file():
            raise Refusal(f"{name} is missing: copy the folder again. Nothing was installed.")
        if _sum(path) != digest:
            raise Refusal(f"{name} is not as it was packed: copy the folder again. Nothing was installed.")
    return len(listed)


def install(folder: Path, venv: Path) -> Path:
    """Make the environment `venv`, install into it from `folder` only, and return the folder of its commands.

    Raises:
        Refusal: the environment could not be made, or a wheel that fits is not there.
    """
    if venv.exists():
        raise Refusal(f"{venv} is there already: choose another place with --venv, or remove it.")
    try:
        _run(sys.executable, "-m", "venv", str(venv))
    except subprocess.CalledProcessError:
        raise Refusal("Python could not make a virtual environment (Debian, Ubuntu: python3-venv).") from None
    commands = venv / ("Scripts" if os.name == "nt" else "bin")
    pip = (str(commands / "python"), "-m", "pip", "install", "--quiet", "--no-index", "--find-links", str(folder))
    try:
        _run(*pip, *(str(path) for path in folder.glob("assayer-*.whl")))
    except subprocess.CalledProcessError:
        raise Refusal("pip could not install; its own words are above. Was this packed for this Python?") from None
    return commands


def _run(*command: str) -> None:
    """Run a command that sees no configuration of pip but its own arguments."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "PYTHON"))}
    subprocess.run(command, check=True, env=environment | {"PIP_CONFIG_FILE": os.devnull})


def _sum(path: Path) -> str:
    found = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            found.update(block)
    return found.hexdigest()


if __name__ == "__main__":
    sys.exit(main())
