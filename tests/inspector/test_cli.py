"""The command line: what it prints, what it writes, how it exits."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PIL import Image
from typer.testing import CliRunner

import resources
from inspector import cli
from inspector.errors import Cancelled
from inspector.results import Comparison, Verdict
from tests.data.arrays import save, vision_tower
from tests.gui import canned

AUDIO = str(resources.path("demo/reference_audio"))
VISION = str(resources.path("demo/reference_vision"))
CANDIDATE = str(resources.path("demo/candidate"))
run = CliRunner(env={"COLUMNS": "160"}).invoke


def test_inspect_prints_components() -> None:
    result = run(cli.app, ["inspect", CANDIDATE])
    assert result.exit_code == 0
    for word in ("vision_encoder", "audio_encoder", "language_model"):
        assert word in result.stdout


def test_inspect_json_is_all_there_is_on_stdout() -> None:
    result = run(cli.app, ["inspect", AUDIO, "--json", "-"])
    document = json.loads(result.stdout)
    assert document["schema"] == "assayer.inspect/1"
    assert [component["kind"] for component in document["components"]] == ["audio_encoder"]


def test_compare_writes_json_and_prints_the_table(tmp_path: Path) -> None:
    target = tmp_path / "out.json"
    result = run(cli.app, ["compare", CANDIDATE, "--reference", VISION, AUDIO, "--json", str(target)])
    assert result.exit_code == 0, result.output
    for word in ("Derived (common origin)", "Identical", "not tested"):
        assert word in result.stdout
    document = json.loads(target.read_text("utf-8"))
    best = {component["kind"]: component["best_reference"] for component in document["components"]}
    assert best["vision_encoder"] == "reference_vision"
    assert best["audio_encoder"] == "reference_audio"


@pytest.mark.parametrize(
    "arguments", [["compare", CANDIDATE], ["compare", CANDIDATE, "-r", AUDIO, "--component", "nose"], []]
)
def test_wrong_usage_exits_with_2(arguments: list[str]) -> None:
    assert run(cli.app, arguments).exit_code == 2


@pytest.mark.parametrize("command", [["inspect"], ["compare", CANDIDATE, "-r"]])
def test_an_unreadable_input_is_one_line_and_3(tmp_path: Path, command: list[str]) -> None:
    bad = tmp_path / "bad.safetensors"
    bad.write_bytes(b"\xff" * 8 + b"{}")
    result = run(cli.app, [*command, str(bad)])
    assert result.exit_code == 3
    assert len(result.stderr.strip().splitlines()) == 1
    assert "bad.safetensors" in result.stderr
    assert result.stdout == ""


def test_nothing_in_common_exits_with_3(tmp_path: Path) -> None:
    ours = save(tmp_path / "a.safetensors", vision_tower(1))
    assert run(cli.app, ["compare", str(ours), "-r", AUDIO]).exit_code == 3


@pytest.mark.parametrize("interruption", [KeyboardInterrupt(), Cancelled()])
def test_interrupting_exits_with_130(monkeypatch: pytest.MonkeyPatch, interruption: BaseException) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise interruption

    monkeypatch.setattr("inspector.review.compare", interrupted)
    assert run(cli.app, ["compare", CANDIDATE, "-r", AUDIO]).exit_code == 130


def test_hostile_names_cannot_forge_the_terminal(tmp_path: Path) -> None:
    tower = vision_tower(1) | {"\x1b[2J\x1b[31mFAIL\nPASS": vision_tower(2)["visual.patch_embed.proj.weight"]}
    path = save(tmp_path / "m.safetensors", tower)
    result = run(cli.app, ["compare", str(path), "-r", str(path)])
    assert result.exit_code == 0
    assert "\x1b[2J" not in result.output
    assert "\nPASS" not in result.output


def test_the_demo_shows_both_candidates_and_saves_heatmaps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli.demo_without_display() == 0
    saved = sorted(path.name for path in (tmp_path / "assayer-demo").iterdir())
    assert saved == [
        "candidate-audio_encoder-0.png",
        "candidate-vision_encoder-0.png",
        "honest-audio_encoder-0.png",
        "honest-vision_encoder-0.png",
    ]
    for name in saved:
        with Image.open(tmp_path / "assayer-demo" / name) as image:
            assert min(image.size) > 200


@pytest.fixture
def five(monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """A comparison with every verdict in the place of the real one; returns what it was asked for."""
    asked: dict[str, object] = {}

    def compare(candidate: str, references: list[str], **options: object) -> Comparison:
        asked.update(options)
        return canned.comparison("verdicts", ("ref_vision",))

    monkeypatch.setattr("inspector.review.compare", compare)
    return asked


def test_the_terminal_says_verdict_sentence_numbers_and_tests(five: dict[str, object]) -> None:
    result = run(cli.app, ["compare", "a", "-r", "b"])
    assert result.exit_code == 0, result.output
    text = " ".join(result.stdout.split())
    assert text.startswith("Identical to ref_vision: vision encoder.")
    for part in (
        "Derived (common origin)", "shares a common origin with ref_audio", "is not settled", "cosine 0.9820, shuffled",
        "z 259.0, p < 10^-430 (proven bound)", "inherited 84.7 %", "fine-tuned", "Permutation z", "calibrated",
        "detection limit r 0.0123 or 1.6% of the units", "No dependence found", "Inconclusive",
    ):  # fmt: skip
        assert part in text, part
    assert five["quick"] is False


def test_quick_is_passed_on(five: dict[str, object]) -> None:
    assert run(cli.app, ["compare", "a", "-r", "b", "--quick"]).exit_code == 0
    assert five["quick"] is True


@pytest.mark.usefixtures("five")
@pytest.mark.parametrize(
    ("verdicts", "code"), [(["derived"], 1), (["inconclusive", "identical"], 1), ([], 0), (["nonsense"], 2)]
)
def test_fail_on_exits_with_1_when_a_verdict_applies(verdicts: list[str], code: int) -> None:
    options = [part for verdict in verdicts for part in ("--fail-on", verdict)]
    result = run(cli.app, ["compare", "a", "-r", "b", "--json", "-", *options])
    assert result.exit_code == code
    if code != 2:
        assert json.loads(result.stdout)["schema"] == "assayer.comparison/1"


def test_fail_on_leaves_other_verdicts_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inspector.review.compare", lambda *_, **__: canned.comparison("unjudged", ("r",)))
    assert run(cli.app, ["compare", "a", "-r", "b", "--fail-on", "derived"]).exit_code == 0


@pytest.mark.parametrize(
    ("honest", "code"),
    [("no_dependence_found", 0), ("inconclusive", 0), ("derived", 1), ("shared_initialisation", 1), (None, 1)],
)
def test_the_selftest_fails_on_a_wrong_verdict(
    monkeypatch: pytest.MonkeyPatch, honest: Verdict | None, code: int
) -> None:
    def compare(candidate: Path, *_: object, **__: object) -> Comparison:
        verdicts: tuple[Verdict | None, ...] = (
            (honest, honest) if candidate.name == "honest" else ("derived", "identical")
        )
        findings = tuple(
            canned.finding(place, kind, 0.5, "r", verdict)
            for place, (kind, verdict) in enumerate(zip(("vision_encoder", "audio_encoder"), verdicts, strict=True))
        )
        return Comparison("0", {}, 0, canned.inspection(), (), findings)

    monkeypatch.setattr("inspector.review.compare", compare)
    monkeypatch.setattr("inspector.selftest.names_the_disguise", lambda _: True)
    result = run(cli.app, ["selftest"])
    assert result.exit_code == code
    lines = result.stdout.splitlines()
    assert [line.split()[0] for line in lines] == ["OK", "OK", *[("FAILED" if code else "OK")] * 2, "OK"]


def test_the_selftest_fails_when_the_disguise_is_not_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inspector.selftest.names_the_disguise", lambda _: False)
    result = run(cli.app, ["selftest"])
    assert result.exit_code == 1
    assert [line.split()[0] for line in result.stdout.splitlines()] == [*["OK"] * 4, "FAILED"]


def test_the_selftest_fails_when_a_component_is_not_found(monkeypatch: pytest.MonkeyPatch) -> None:
    nothing = Comparison("0", {}, 0, canned.inspection(), (), ())
    monkeypatch.setattr("inspector.review.compare", lambda *_, **__: nothing)
    result = run(cli.app, ["selftest"])
    assert result.exit_code == 1
    assert "not judged" in result.stdout
