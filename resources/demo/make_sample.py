"""Make the embedded sample by real training: `python -m resources.demo.make_sample [FOLDER]`.

Two processes of one thread each, fixed seeds. Prints the accuracies and what the saved weights show.
"""

from __future__ import annotations

import json
import multiprocessing
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file
from torch import Tensor

from resources.demo import measure, training
from resources.demo.omni import AUDIO_POOL, Omni

# Every model that starts from random weights has a seed of its own. A model also uses the two numbers after its seed.
SEEDS = {
    "reference_vision": 1000, "reference_audio": 2000, "candidate_language": 3000, "candidate_omni": 4000,
    "honest_vision": 5000, "honest_audio": 6000, "honest_language": 7000, "honest_omni": 8000,
}  # fmt: skip
SHARDS = 3
Scores = dict[str, float]


def vision_config() -> dict[str, Any]:
    """The vision part of a config.json."""
    return {"model_type": "qwen2_5_vl", "hidden_act": "silu", **asdict(training.VISION)}


def audio_config() -> dict[str, Any]:
    """The audio part of a config.json."""
    return {"model_type": "qwen2_audio_encoder", "activation_function": "gelu", **asdict(training.AUDIO)}


def reference_config(kind: str, part: dict[str, Any]) -> dict[str, Any]:
    """The config.json of one encoder by itself."""
    model_type = {"vision": "qwen2_5_vl", "audio": "qwen2_audio"}[kind]
    return {"architectures": [f"Demo{kind.title()}Reference"], "model_type": model_type, f"{kind}_config": part}


def omni_config() -> dict[str, Any]:
    """The config.json of a whole model."""
    return {
        "architectures": ["DemoOmniForConditionalGeneration"],
        "model_type": "demo_omni",
        "torch_dtype": "bfloat16",
        "vision_config": vision_config(),
        "audio_config": audio_config(),
        "text_config": {"model_type": "llama", "hidden_act": "silu", "rope_theta": 10000.0, **asdict(training.TEXT)},
        "audio_pool": AUDIO_POOL,
    }


def write_json(path: Path, value: dict[str, Any]) -> None:
    """Write a JSON file in a form that does not change from run to run."""
    path.write_text(json.dumps(value, indent=1) + "\n", encoding="utf-8")


def save(folder: Path, tensors: dict[str, Tensor], config: dict[str, Any], shards: int = 1) -> None:
    """Save tensors as bf16 safetensors, in one file or cut by size into shards with an index."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("model*.safetensors*"):
        old.unlink()
    cast = {name: value.detach().to(torch.bfloat16).contiguous() for name, value in tensors.items()}
    write_json(folder / "config.json", config)
    if shards == 1:
        save_file(cast, folder / "model.safetensors", metadata={"format": "pt"})
        return
    total = sum(2 * value.numel() for value in cast.values())
    parts: list[dict[str, Tensor]] = [{} for _ in range(shards)]
    weight_map: dict[str, str] = {}
    done = 0
    for name, value in cast.items():
        number = min(done * shards // total, shards - 1)
        parts[number][name] = value
        weight_map[name] = f"model-{number + 1:05}-of-{shards:05}.safetensors"
        done += 2 * value.numel()
    for number, part in enumerate(parts, 1):
        save_file(part, folder / f"model-{number:05}-of-{shards:05}.safetensors", metadata={"format": "pt"})
    index = {"metadata": {"total_size": total}, "weight_map": weight_map}
    write_json(folder / "model.safetensors.index.json", index)


def prefixed(prefix: str, module: torch.nn.Module) -> dict[str, Tensor]:
    """A module's tensors under the names they are saved by."""
    return {prefix + name: value for name, value in module.state_dict().items()}


def make_encoders_and_omni(out: Path, name: str, encoders: str) -> Scores:
    """Train a vision and an audio encoder, then a whole model on top of them; save the model, and the references."""
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    material = training.make_material()
    vision, vision_score = training.train_vision(material, SEEDS[f"{encoders}_vision"])
    audio, audio_score = training.train_audio(material, SEEDS[f"{encoders}_audio"])
    scores = {f"{encoders} vision, digits named": vision_score, f"{encoders} audio, sounds named": audio_score}
    if encoders == "reference":
        save(out / "reference_vision", prefixed("visual.", vision), reference_config("vision", vision_config()))
        save(out / "reference_audio", prefixed("audio_tower.", audio), reference_config("audio", audio_config()))
    language = training.train_language(SEEDS[f"{name}_language"])
    omni: Omni = training.train_omni(material, vision, audio, language, SEEDS[f"{name}_omni"])
    save(out / name, omni.checkpoint(), omni_config(), shards=SHARDS if name == "candidate" else 1)
    return scores | {f"{name}, {what}": value for what, value in training.score_omni(omni, material).items()}


def main() -> None:
    """Make the sample in the folder given, or beside this file."""
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        jobs = [(out, "candidate", "reference"), (out, "honest", "honest")]
        results = pool.starmap(make_encoders_and_omni, jobs, chunksize=1)
    for scores in results:
        for what, value in scores.items():
            print(f"{what:<40} {value:.3f}")
    print("\n".join(measure.report(out)))
    size = sum(file.stat().st_size for file in out.rglob("*") if file.suffix in (".safetensors", ".json"))
    print(f"{size:,} bytes of weights and configs")


if __name__ == "__main__":
    main()
