"""The folder of a row's work, whatever a process that was taken over has left in it."""

from __future__ import annotations

from pathlib import Path

from inspector.batch.listing import Row
from inspector.batch.places import JOURNAL, Places


def test_nothing_but_the_journal_is_left_for_the_next_process(tmp_path: Path) -> None:
    places, row = Places(tmp_path / "out"), Row(1, "One", "One", "a", ("b",))
    folder = places.make_work(row)
    (folder / JOURNAL).write_bytes(b"done so far")
    (folder / "review.assay" / "inside").mkdir(parents=True)
    (folder / "review.assay" / "inside" / "file").write_bytes(b"x")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "file").write_bytes(b"x")
    (folder / "link").symlink_to(tmp_path / "elsewhere")
    assert places.make_work(row) == folder
    assert [path.name for path in folder.iterdir()] == [JOURNAL]
    assert (tmp_path / "elsewhere" / "file").exists()
