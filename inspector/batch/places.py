"""The folder of a batch: where reviews, reports and the work of a row lie, and how they come to their places."""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

from inspector.batch.listing import Row
from inspector.batch.outcomes import REPORT_SUFFIX, REVIEW_SUFFIX
from inspector.output import OutputError, put
from inspector.results import FileFact

WORK, REVIEW, REPORT = ".assayer-work", "review.assay", "report.html"
JOURNAL = "unfinished.assay"


class Places:
    """The folder `out`; `work` holds what the row that runs has made, and what of a row was done, one folder a row."""

    def __init__(self, out: Path) -> None:
        self.out = out
        self.work = out / WORK

    def review(self, row: Row) -> Path:
        """Return where a row's review lies."""
        return self.out / f"{row.stem}{REVIEW_SUFFIX}"

    def make_work(self, row: Row) -> Path:
        """Make the folder that a row's process writes into: empty, but for what an earlier one has done of the row."""
        folder = self.work / row.stem
        _clear(folder)
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise OutputError(str(folder), error) from None
        return folder

    def clear_work(self, unfinished: Collection[Row]) -> None:
        """Remove the folders of work, but for what was done of these rows."""
        kept = {row.stem for row in unfinished}
        with suppress(OSError):
            for folder in list(self.work.iterdir()):
                if folder.name in kept:
                    _clear(folder)
                else:
                    shutil.rmtree(folder, ignore_errors=True)
            self.work.rmdir()

    def made_review(self, row: Row) -> Path:
        """Return where the row's process leaves its review."""
        return self.work / row.stem / REVIEW

    def has_review(self, row: Row) -> bool:
        """Say whether the row's process has left a review."""
        return _is_file(self.made_review(row))

    def has_report(self, row: Row) -> bool:
        """Say whether the row's process has left a report."""
        return _is_file(self.work / row.stem / REPORT)

    def put_review(self, row: Row) -> None:
        """Move the review to its place."""
        put(self.made_review(row), self.review(row))

    def put_report(self, row: Row) -> None:
        """Move the report to its place."""
        put(self.work / row.stem / REPORT, self.out / f"{row.stem}{REPORT_SUFFIX}")

    def move_aside(self, row: Row) -> str:
        """Give a row's earlier review another name, and return that."""
        here, number = self.review(row), 1
        if not os.path.lexists(here):
            return ""
        while os.path.lexists(there := self.out / f"{row.stem}.before-{number}{REVIEW_SUFFIX}"):
            number += 1
        try:
            here.rename(there)  # not `put`, which removes what it cannot rename
        except OSError as error:
            raise OutputError(str(here), error) from None
        return there.name

    def fact(self, row: Row) -> FileFact:
        """Return a row's review with its SHA-256."""
        place = self.review(row)
        try:
            with place.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
                return FileFact(place.name, os.fstat(file.fileno()).st_size, digest)
        except OSError as error:
            raise OutputError(str(place), error) from None


def _clear(folder: Path) -> None:
    """Remove a row's folder, but for the journal in it."""
    if not _is_file(folder / JOURNAL):
        shutil.rmtree(folder, ignore_errors=True)
        return
    for inside in list(folder.iterdir()):
        if inside.name == JOURNAL:
            continue
        if inside.is_dir() and not inside.is_symlink():
            shutil.rmtree(inside, ignore_errors=True)
        else:
            with suppress(OSError):
                inside.unlink()


def _is_file(path: Path) -> bool:
    """Say whether a regular file is there: a process that was taken over may leave something else."""
    with suppress(OSError):
        return stat.S_ISREG(path.lstat().st_mode)
    return False
