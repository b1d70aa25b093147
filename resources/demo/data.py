"""What the encoders see and hear: scikit-learn's digits in colour, and synthetic tones as log-mel spectrograms."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from sklearn.datasets import load_digits
from torch import Generator, Tensor

IMAGE_SIZE = 16
RATE = 16_000  # samples a second
SAMPLES = 10_240  # 64 frames of Whisper's hop
SOUND_CLASSES = 8


@dataclass(frozen=True, slots=True)
class Digits:
    """Grey 8 x 8 digits: images (n, 8, 8) in 0..1, labels (n,)."""

    images: Tensor
    labels: Tensor


@dataclass(frozen=True, slots=True)
class Sounds:
    """Spectrograms: mels (n, 80, 64) in Whisper's scaling, labels (n,) in 0..7."""

    mels: Tensor
    labels: Tensor


def digits() -> tuple[Digits, Digits]:
    """The digits as a training and a test part (four to one), always the same."""
    pixels, labels = load_digits(return_X_y=True)
    images = torch.tensor(pixels, dtype=torch.float32).reshape(-1, 8, 8) / 16
    order = torch.randperm(len(images), generator=Generator().manual_seed(11))
    test, train = order[: len(order) // 5], order[len(order) // 5 :]
    targets = torch.tensor(labels)
    return Digits(images[train], targets[train]), Digits(images[test], targets[test])


def draw(images: Tensor, random: Generator) -> tuple[Tensor, Tensor]:
    """Draw grey digits (n, 8, 8) in random colours, sizes, places and angles.

    Returns pictures (n, 3, 16, 16) and whether each digit was drawn large, (n,) of 0 or 1.
    """
    n = len(images)
    large = torch.randint(2, (n,), generator=random)
    zoom = torch.where(large == 1, 0.95, 0.62) + 0.12 * torch.rand(n, generator=random)
    angle = 0.5 * (torch.rand(n, generator=random) - 0.5)
    place = 0.24 * (torch.rand(n, 2, 1, generator=random) - 0.5)
    turn = torch.stack([angle.cos(), -angle.sin(), angle.sin(), angle.cos()], dim=1).reshape(n, 2, 2)
    grid = F.affine_grid(
        torch.cat([turn / zoom[:, None, None], place], dim=2), [n, 1, IMAGE_SIZE, IMAGE_SIZE], align_corners=False
    )
    ink = F.grid_sample(images[:, None], grid, align_corners=False)
    back = 0.45 * torch.rand(n, 3, 1, 1, generator=random)
    front = 0.65 + 0.35 * torch.rand(n, 3, 1, 1, generator=random)
    pictures = back + (front - back) * ink + 0.04 * torch.randn(n, 3, IMAGE_SIZE, IMAGE_SIZE, generator=random)
    return 2 * pictures - 1, large


def _wave(random: Generator, n: int) -> tuple[Tensor, Tensor]:
    """Sound waves (n, SAMPLES) of the classes named in `text.SOUNDS`, and the class of each."""

    def uniform(low: float, high: float) -> Tensor:
        return low + (high - low) * torch.rand(n, 1, generator=random)

    labels = torch.randint(SOUND_CLASSES, (n,), generator=random)
    kind = labels[:, None]
    time = torch.arange(SAMPLES)[None, :] / RATE
    octaves = uniform(0.6, 1.4) * time / (SAMPLES / RATE)
    waver = uniform(0.12, 0.3) * torch.sin(2 * math.pi * (uniform(5, 9) * time + uniform(0, 1)))
    bend = torch.where(kind == 1, octaves, torch.where(kind == 2, -octaves, torch.where(kind == 4, waver, 0.0)))
    phase = 2 * math.pi * torch.cumsum(2 ** (uniform(8.5, 11) + bend), dim=1) / RATE
    wave = torch.sin(phase) + torch.where(kind == 3, torch.sin(phase * uniform(1.3, 1.9)), 0.0)
    beat = 0.5 + 0.5 * torch.sin(2 * math.pi * (uniform(6, 12) * time + uniform(0, 1)))
    wave = torch.where(kind == 5, wave * beat, wave)
    burst = torch.exp(-(((time - uniform(0.15, 0.5)) / uniform(0.05, 0.12)) ** 2))
    wave = torch.where(kind == 6, burst * torch.randn(n, SAMPLES, generator=random), wave)
    clicks = (torch.remainder(time * uniform(15, 40), 1.0) < 0.02).float()
    wave = torch.where(kind == 7, 3 * clicks, wave)
    noise = torch.randn(n, SAMPLES, generator=random) * 10 ** uniform(-3, -1.2)
    return wave * uniform(0.2, 1.0) + noise, labels


def _to_hertz(mel: Tensor) -> Tensor:
    """Slaney's mel scale, the one Whisper uses: linear to 1 kHz, logarithmic above."""
    return torch.where(mel < 15, mel * 200 / 3, 1000 * torch.exp(math.log(6.4) / 27 * (mel - 15)))


def mel_filters(bins: int, n_fft: int) -> Tensor:
    """Triangular mel filters, (bins, n_fft / 2 + 1), each of area one."""
    top = 15 + math.log(RATE / 2 / 1000) * 27 / math.log(6.4)
    edges = _to_hertz(torch.linspace(0, top, bins + 2))[:, None]
    hertz = torch.linspace(0, RATE / 2, n_fft // 2 + 1)[None, :]
    rising = (hertz - edges[:-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[2:] - hertz) / (edges[2:] - edges[1:-1])
    return torch.minimum(rising, falling).clamp(min=0) * 2 / (edges[2:] - edges[:-2])


def log_mel(waves: Tensor) -> Tensor:
    """Whisper's log-mel spectrogram, (n, 80, samples / 160)."""
    power = torch.stft(waves, 400, 160, window=torch.hann_window(400), return_complex=True)[..., :-1].abs() ** 2
    log = (mel_filters(80, 400) @ power).clamp(min=1e-10).log10()
    return (torch.maximum(log, log.amax(dim=(1, 2), keepdim=True) - 8) + 4) / 4


def sounds(n: int, seed: int) -> Sounds:
    """Make n labelled spectrograms."""
    random = Generator().manual_seed(seed)
    parts = [_wave(random, min(256, n - start)) for start in range(0, n, 256)]
    return Sounds(torch.cat([log_mel(wave) for wave, _ in parts]), torch.cat([labels for _, labels in parts]))
