"""How the models of the sample are trained: from random weights, on the data of `data` and `text`, with fixed seeds.

Everything runs on one thread, so that a run does not depend on how many cores the machine has.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Generator, Tensor, nn

from resources.demo import data, text
from resources.demo.models import AudioConfig, AudioEncoder, TextConfig, VisionConfig, VisionEncoder
from resources.demo.omni import LanguageModel, Omni

VISION = VisionConfig()
AUDIO = AudioConfig()
TEXT = TextConfig(vocab_size=len(text.ALPHABET))

VISION_STEPS, AUDIO_STEPS, TEXT_STEPS, JOINT_STEPS = 1300, 900, 900, 500
RATE = 2e-3  # peak learning rate of the encoders, which start from random weights
TEXT_RATE = 5e-3  # of the language model, likewise
TUNE_RATE = 5e-4  # of a vision encoder that is already trained, in the joint stage
JOINT_RATE = 1e-3  # of the rest in the joint stage
CONTEXT = 64  # characters the language model reads at once

Group = tuple[Iterable[nn.Parameter], float, float]  # parameters, peak rate, weight decay


@dataclass(frozen=True, slots=True)
class Material:
    """All data, made once: it is the same for every model, only the seeds of the models differ."""

    train: data.Digits
    test: data.Digits
    train_sounds: data.Sounds
    test_sounds: data.Sounds


def make_material() -> Material:
    """Load the digits and make the sounds."""
    train, test = data.digits()
    return Material(train, test, data.sounds(4096, seed=21), data.sounds(512, seed=22))


def fit(groups: list[Group], loss: Callable[[], Tensor], steps: int, label: str = "") -> None:
    """Minimise `loss` with AdamW: a short warm-up, then a cosine down to zero. With a label it reports four times."""
    start = time.process_time()
    optimiser = torch.optim.AdamW(
        [{"params": list(p), "lr": rate, "weight_decay": decay} for p, rate, decay in groups], betas=(0.9, 0.98)
    )
    warm = max(1, steps // 20)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda n: min((n + 1) / warm, 0.5 + 0.5 * math.cos(math.pi * n / steps))
    )
    running = 0.0
    for step in range(steps):
        optimiser.zero_grad()
        value = loss()
        value.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_([p for g in optimiser.param_groups for p in g["params"]], 1.0)
        optimiser.step()
        schedule.step()
        running = value.item() if step == 0 else 0.98 * running + 0.02 * value.item()
        if label and (step + 1) % max(1, steps // 4) == 0:
            print(f"  {label}: step {step + 1}, loss {running:.3f}, {time.process_time() - start:.0f} s", flush=True)


def trainable(module: nn.Module) -> list[nn.Parameter]:
    """The parameters of a module that are not fixed tables."""
    return [p for p in module.parameters() if p.requires_grad]


def train_vision(material: Material, seed: int) -> tuple[VisionEncoder, float]:
    """Train a vision encoder to name digits; returns it with its accuracy on the test digits."""
    torch.manual_seed(seed)
    encoder, head = VisionEncoder(VISION), nn.Linear(VISION.out_hidden_size, 10)
    random = Generator().manual_seed(seed + 1)

    def logits(images: Tensor) -> Tensor:
        out: Tensor = head(encoder(data.draw(images, random)[0]).mean(dim=1))
        return out

    def loss() -> Tensor:
        picked = torch.randint(len(material.train.labels), (64,), generator=random)
        return F.cross_entropy(logits(material.train.images[picked]), material.train.labels[picked])

    fit([([*trainable(encoder), *head.parameters()], RATE, 0.05)], loss, VISION_STEPS, f"vision {seed}")
    with torch.no_grad():
        right = logits(material.test.images).argmax(dim=1) == material.test.labels
    return encoder, right.float().mean().item()


def train_audio(material: Material, seed: int) -> tuple[AudioEncoder, float]:
    """Train an audio encoder to tell sounds apart; returns it with its accuracy on the test sounds."""
    torch.manual_seed(seed)
    encoder, head = AudioEncoder(AUDIO), nn.Linear(AUDIO.d_model, data.SOUND_CLASSES)
    random = Generator().manual_seed(seed + 1)

    def logits(mels: Tensor) -> Tensor:
        out: Tensor = head(encoder(mels).mean(dim=1))
        return out

    def loss() -> Tensor:
        picked = torch.randint(len(material.train_sounds.labels), (32,), generator=random)
        return F.cross_entropy(logits(material.train_sounds.mels[picked]), material.train_sounds.labels[picked])

    fit([([*trainable(encoder), *head.parameters()], RATE, 0.05)], loss, AUDIO_STEPS, f"audio {seed}")
    with torch.no_grad():
        right = logits(material.test_sounds.mels).argmax(dim=1) == material.test_sounds.labels
    return encoder, right.float().mean().item()


def character_loss(logits: Tensor, targets: Tensor) -> Tensor:
    """Mean cross-entropy over the characters that are not padding."""
    return F.cross_entropy(logits.flatten(0, 1), targets.flatten(), ignore_index=text.PAD)


def shifted(tokens: Tensor) -> Tensor:
    """The input that predicts `tokens`: a line feed, then all but the last."""
    start = torch.full((len(tokens), 1), text.ALPHABET.index("\n"))
    return torch.cat([start, tokens[:, :-1]], dim=1)


def text_loss(language: LanguageModel, stream: Tensor, random: Generator, batch: int) -> Tensor:
    """Loss on random windows of a stream of characters."""
    starts = torch.randint(len(stream) - CONTEXT, (batch, 1), generator=random)
    window = stream[starts + torch.arange(CONTEXT + 1)[None, :]]
    return character_loss(language(window[:, :-1]), window[:, 1:])


def train_language(seed: int) -> LanguageModel:
    """Train a language model on sentences about numbers."""
    torch.manual_seed(seed)
    language = LanguageModel(TEXT)
    random = Generator().manual_seed(seed + 1)
    stream = text.stream(text.sentences(), 20_000, seed + 2)
    fit(
        [(language.parameters(), TEXT_RATE, 0.05)],
        lambda: text_loss(language, stream, random, 16),
        TEXT_STEPS,
        f"language {seed}",
    )
    return language


def digit_captions(labels: Tensor, large: Tensor) -> Tensor:
    """Captions of drawn digits as characters."""
    return text.encode([text.digit_caption(d, bool(s)) for d, s in zip(labels.tolist(), large.tolist(), strict=True)])


def sound_captions(labels: Tensor) -> Tensor:
    """Captions of sounds as characters."""
    return text.encode([text.SOUNDS[n] for n in labels.tolist()])


def train_omni(
    material: Material, vision: VisionEncoder, audio: AudioEncoder, language: LanguageModel, seed: int
) -> Omni:
    """Join trained parts into one model that captions digits and sounds.

    The merger and the projectors start from random weights, the vision encoder is tuned at a low rate, the audio
    encoder stays frozen, and the language model goes on learning from text beside the captions.
    """
    torch.manual_seed(seed)
    omni = Omni(VISION, AUDIO, TEXT)
    own_merger = {f"merger.{name}": value for name, value in omni.vision.merger.state_dict().items()}
    omni.vision.load_state_dict(vision.state_dict() | own_merger)
    omni.audio.load_state_dict(audio.state_dict())
    omni.audio.requires_grad_(False)
    omni.language.load_state_dict(language.state_dict())
    random = Generator().manual_seed(seed + 1)
    stream = text.stream(text.sentences(), 20_000, seed + 2)

    def loss() -> Tensor:
        picked = torch.randint(len(material.train.labels), (32,), generator=random)
        images, large = data.draw(material.train.images[picked], random)
        seen = digit_captions(material.train.labels[picked], large)
        heard = torch.randint(len(material.train_sounds.labels), (16,), generator=random)
        said = sound_captions(material.train_sounds.labels[heard])
        return (
            character_loss(omni.caption_image(images, shifted(seen)), seen)
            + character_loss(omni.caption_sound(material.train_sounds.mels[heard], shifted(said)), said)
            + text_loss(omni.language, stream, random, 8)
        )

    tuned = [*omni.vision.patch_embed.parameters(), *omni.vision.blocks.parameters()]
    own = [omni.vision.merger, omni.vision_projector, omni.audio_projector, omni.language]
    groups: list[Group] = [(tuned, TUNE_RATE, 0.0), ([p for part in own for p in part.parameters()], JOINT_RATE, 0.05)]
    fit(groups, loss, JOINT_STEPS, f"omni {seed}")
    return omni


def _all_right(logits: Tensor, targets: Tensor, judged: Tensor) -> float:
    """Share of rows whose judged characters are all the most likely ones: what greedy decoding would write."""
    return ((logits.argmax(dim=-1) == targets) | ~judged).all(dim=1).float().mean().item()


@torch.no_grad()
def score_omni(omni: Omni, material: Material) -> dict[str, float]:
    """Measure a joined model on data it has not seen."""
    images, large = data.draw(material.test.images, Generator().manual_seed(31))
    seen = digit_captions(material.test.labels, large)
    said = sound_captions(material.test_sounds.labels)
    pairs = text.questions(held_out=True)
    asked = text.encode([beginning + answer for beginning, answer in pairs])
    logits = omni.language(shifted(asked))
    columns = torch.arange(asked.shape[1])[None, :]
    answer = (columns >= torch.tensor([[len(beginning)] for beginning, _ in pairs])) & (asked != text.PAD)
    image_logits = omni.caption_image(images, shifted(seen))
    sound_logits = omni.caption_sound(material.test_sounds.mels, shifted(said))
    return {
        "digit captions right": _all_right(image_logits, seen, seen != text.PAD),
        "sound captions right": _all_right(sound_logits, said, said != text.PAD),
        "held-out larger numbers right": _all_right(logits[0::2], asked[0::2], answer[0::2]),
        "held-out comparisons right": _all_right(logits[1::2], asked[1::2], answer[1::2]),
        "bits per character": character_loss(logits, asked).item() / math.log(2),
    }
