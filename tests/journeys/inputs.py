"""What the journeys open: the sample under plain names, and files that a user should not have been sent."""

from __future__ import annotations

import json
import shutil
import struct
from pathlib import Path

import resources

CANDIDATE, VISION, AUDIO = "candidate", "reference_vision", "reference_audio"
MANY = 100_000
HOSTILE_FOLDER = "<b>bold<br> \u202egnp.exe"
HOSTILE_NAMES = (
    "vision.blocks.0.attn.q_proj.weight\u202egnp.exe",
    "vision.blocks.0.<img src=x onerror=alert(1)>.weight",
    "vision.blocks.0.\x1b[31mred\x07.weight",
    "vision.blocks.0.=HYPERLINK(0).weight",
    "vision.blocks.0.two\nlines.weight",
)


def sample(folder: Path) -> None:
    """Copy the sample's candidate and references."""
    for name in (CANDIDATE, VISION, AUDIO):
        shutil.copytree(resources.path("demo") / name, folder / name)


def sample_gone(folder: Path) -> None:
    """Take the checkpoints away again."""
    for name in (CANDIDATE, VISION, AUDIO):
        shutil.rmtree(folder / name)


def wrong_files(folder: Path) -> None:
    """Write a PDF and a pickle that would run a command."""
    from tests.data import bad_inputs  # long, and the window's process imports this module too

    sample(folder)
    (folder / "report.pdf").write_bytes(b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n%%EOF\n")
    rows, _ = bad_inputs.build(folder / "corpus", only={"pt_exec_bin_ext"})
    shutil.copy(folder / "corpus" / rows[0]["open"], folder / "model.bin")


def many_tensors(folder: Path) -> None:
    """Write a safetensors file of 100,000 tensors of two numbers each."""
    header = {
        f"model.layers.{number // 10}.part_{number % 10}.weight": {
            "dtype": "F32",
            "shape": [2],
            "data_offsets": [8 * number, 8 * number + 8],
        }
        for number in range(MANY)
    }
    _write(folder / "many.safetensors", header, bytes(8 * MANY))


def hostile_names(folder: Path) -> None:
    """Write a checkpoint whose folder and tensors are named to deceive."""
    header = {
        name: {"dtype": "F32", "shape": [2], "data_offsets": [8 * number, 8 * number + 8]}
        for number, name in enumerate(HOSTILE_NAMES)
    }
    (folder / HOSTILE_FOLDER).mkdir()
    _write(folder / HOSTILE_FOLDER / "model.safetensors", header, bytes(8 * len(header)))


def _write(path: Path, header: object, data: bytes) -> None:
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)
