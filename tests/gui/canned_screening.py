"""Made-up libraries and screenings of any size, as an engine would send them."""

from __future__ import annotations

import dataclasses

import numpy as np

from inspector import results
from inspector.errors import Note
from inspector.evidence_results import Verdict
from inspector.screening_results import Screened, ScreenTable
from inspector.shelf_results import Shelf, ShelfEntry

try:
    from tests.gui import canned
except ImportError:  # the fake engine runs with this folder on its path
    import canned  # type: ignore[no-redef]

KINDS = canned.FAMILIES[:4]
_FAMILIES = ("vit-base", "vit-large", "speech-small", "speech-large", "text-1b", "text-3b", "image-so400m", "conv-next")
_VERDICTS: tuple[tuple[Verdict, ...], ...] = (
    ("derived", "derived"), ("identical",), ("no_dependence_found",), ("inconclusive",),
)  # fmt: skip


def name(number: int) -> str:
    return f"{_FAMILIES[number % len(_FAMILIES)]}-{number:03d}"


def _table(component: int, count: int, verdicts: tuple[Verdict, ...]) -> ScreenTable:
    """References of other kinds have nothing to compare; those with verdicts stand out unless nothing was found."""
    rng = np.random.default_rng(component)
    order = np.roll(np.arange(count), -component)
    z = np.sort(rng.normal(0, 1, count))[::-1].copy()
    log10_p = np.full(count, np.nan)
    for place, verdict in enumerate(verdicts):
        strength = canned.canned_evidence.STRENGTH[verdict]
        z[place] = 310.0 * strength * 0.6**place + z[place]
        log10_p[place] = -506.9 * strength * 0.6**place - 0.02
    groups = np.where((np.arange(count) % 5 == 4) & (np.arange(count) >= len(verdicts)), 0, 96).astype("<i8")
    found = np.array([v not in ("no_dependence_found", "inconclusive") for v in verdicts] + [False] * count)[:count]
    return ScreenTable(
        tuple(name(int(number)) for number in order),
        tuple("visual." for _ in order),
        z,
        z * 0.7 + 0.4,
        np.where(found, 0.93, 0.002),
        np.where(found, 0.98, 0.01),
        groups,
        np.arange(count) < len(verdicts),
        tuple(verdicts) + ("",) * (count - len(verdicts)),
        log10_p,
    )


def finding(component: int, count: int) -> results.ComponentFinding:
    kind, _ = KINDS[component]
    verdicts = _VERDICTS[component][:count]
    table = _table(component, count, verdicts)
    plain = [
        canned.finding(component, kind, 0.93, reference, verdict)
        for reference, verdict in zip(table.references, verdicts, strict=False)
    ]
    against = tuple(dataclasses.replace(item.against[0], reference_component="visual.") for item in plain)
    family = tuple(table.references[:2]) if len(verdicts) > 1 else ()
    margin = float(table.log10_p[1] - table.log10_p[0]) if len(verdicts) > 1 else None
    screened = Screened(table, margin, family)
    return dataclasses.replace(plain[0], against=against, screened=screened)


def findings(count: int, components: int = 4) -> dict[str, results.ComponentFinding]:
    made = [finding(component, count) for component in range(components)]
    return {item.name: item for item in made}


def comparison(candidate: str, count: int) -> results.Comparison:
    whole = canned.inspection(candidate, components=4)
    return results.Comparison("0", {}, 0, whole, (), tuple(findings(count).values()))


def entry(number: int) -> ShelfEntry:
    kind, family = KINDS[number % 4]
    fact = results.ComponentFact("encoder", kind, "encoder.", family, 32, 1280, 300_000_000 + number)
    signature = ("own", "signed", "unsigned")[number % 3]
    source = f"/models/{name(number)}" if number % 3 == 0 else ""
    known = (Note("references.screened_best", {"reference": name(number)}),) if number % 2 == 0 else ()
    return ShelfEntry(
        name(number), (fact,), 300_000_000 + number, 12_000_000 + 10_000 * number,
        f"2026-11-{number % 28 + 1:02d}T09:30:00Z",
        f"{number:064x}", ("Institute of Vision", "Speech Lab", "")[number % 3], ("apache-2.0", "mit", "")[number % 3],
        "2023-09" if number % 2 else "", signature, "Evaluation Centre" if signature == "signed" else "", source,
        number % 6 == 0, known,
    )  # fmt: skip


def shelf(count: int, folder: str = "/library", notes: tuple[Note, ...] = ()) -> Shelf:
    return Shelf(folder, tuple(entry(number) for number in range(count)), notes)
