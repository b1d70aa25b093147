"""The independence audit: what stands in it of the reference that a component matches."""

from __future__ import annotations

import dataclasses

import pytest

from inspector.references.catalogue import encoders, facts
from inspector.references.origins import origins_of
from inspector.report.origins import by_name, is_named
from inspector.report.view_audit import audit_rows, origin_rows
from inspector.report.words import Words
from inspector.report_results import AuditRow
from inspector.results import Comparison, Verdict
from tests.gui import canned

WORDS = Words("en")


def matched(reference: str, ids: tuple[str, ...], verdict: Verdict = "derived") -> Comparison:
    """A comparison whose first component matches a reference of the architecture of these encoders."""
    whole = canned.comparison("candidate", (reference, "reference_audio"))
    known = facts(encoder for encoder in encoders() if encoder.id in ids)
    inspection = whole.references[0].inspection
    parts = tuple(
        dataclasses.replace(fact, name="encoder" if place == 0 else fact.name, architecture=known if place == 0 else ())
        for place, fact in enumerate(inspection.components)
    )
    first = dataclasses.replace(whole.references[0], inspection=dataclasses.replace(inspection, components=parts))
    finding = canned.finding(0, "vision_encoder", 0.99, reference, verdict)
    return dataclasses.replace(whole, references=(first, *whole.references[1:]), components=(finding,))


def row(found: Comparison) -> AuditRow:
    (only,) = audit_rows(found, origins_of(found), WORDS)
    return only


def test_the_reference_s_name_singles_its_encoder_out() -> None:
    told = row(matched("clip-vit-l14-336.safetensors", ("clip-vit-l14", "clip-vit-l14-336")))
    assert told.origin[0].startswith("CLIP ViT-L/14@336px: OpenAI, US")
    assert "by its architecture and the name" in told.origin[-1]
    assert told.licence == ("MIT",)
    assert told.control == ("Copyright and licence notices must be kept.",)


def test_without_a_name_every_encoder_of_the_architecture_stands_there() -> None:
    told = row(matched("some-tower", ("clip-vit-l14", "mlcd-vit-bigg14")))
    assert [line.partition(":")[0] for line in told.origin[:2]] == ["CLIP ViT-L/14", "MLCD ViT-bigG/14-336"]
    assert "(2)" in told.origin[-1]
    assert told.licence == ("MIT", "Licence not verified.")
    assert told.control[0].startswith("Depends on which of these encoders it is")


def test_what_a_licence_reserves_is_said_or_that_it_was_not_read() -> None:
    reserved = next(encoder for encoder in encoders() if encoder.licence == "CC-BY-NC-4.0")
    unread = next(encoder for encoder in encoders() if encoder.licence == "DINOv3 License")
    assert "Commercial use is not permitted." in row(matched("x-tower", (reserved.id,))).control[0]
    assert "are not in the catalogue" in row(matched("x-tower", (unread.id,))).control[0]


@pytest.mark.parametrize("verdict", ["no_dependence_found", "inconclusive"])
def test_nothing_is_said_of_a_licence_where_no_reuse_was_found(verdict: Verdict) -> None:
    told = row(matched("clip-vit-l14", ("clip-vit-l14",), verdict))
    assert (told.reference, told.origin, told.licence, told.control, told.disclosed) == ("", (), (), (), ())


def test_an_encoder_that_the_catalogue_has_no_longer_is_unknown() -> None:
    found = matched("clip-vit-l14", ("clip-vit-l14",))
    (told,) = audit_rows(found, {}, WORDS)
    assert told.licence == ("Not in the catalogue: ask whoever supplied the reference.",)
    assert origin_rows(found, {}, WORDS) == ()


def test_the_longest_name_counts() -> None:
    known = facts(encoder for encoder in encoders() if encoder.id in ("clip-vit-l14", "clip-vit-l14-336"))
    fact = dataclasses.replace(canned.inspection().components[0], architecture=known)
    assert [item.id for item in by_name(fact, "My CLIP_ViT-L14-336 copy")] == ["clip-vit-l14-336"]
    assert by_name(fact, "tower") == known
    assert not is_named(fact, "tower", known[:1])


def test_origins_come_with_their_sources() -> None:
    found = matched("clip-vit-l14", ("clip-vit-l14",))
    (told,) = origin_rows(found, origins_of(found), WORDS)
    assert told[0] == "clip-vit-l14"
    assert "https://github.com/openai/CLIP" in told[-1]
    assert "no source cited" in told[2]
