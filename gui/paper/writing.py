"""Draws pages into a PDF: A4, a footer on each, no time of writing."""

from __future__ import annotations

import re
from collections.abc import Generator, Sequence

from inspector.errors import Note, worded
from inspector.report_results import ReportPages, ReportView
from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QPointF, QRectF, QUuid
from PySide6.QtGui import QColor, QPageLayout, QPageSize, QPainter, QPdfWriter

from gui.paper.common import Heading
from gui.paper.pages import Page, paginate
from gui.paper.report import sections
from gui.paper.styles import FOOT, POINT
from gui.paper.text import Text
from gui.theme import LIGHT

_NAMESPACE = QUuid("{6f1e7a6a-1d63-4a39-9b0e-5a0f3a3f3d11}")
_DATES = re.compile(rb'/(?:CreationDate|ModDate) \([^)]*\)| xmp:(?:CreateDate|ModifyDate|MetadataDate)="[^"]*"')


class PdfJob:
    """A report that becomes a PDF a page at a time, so that the window goes on meanwhile.

    Attributes:
        content: the file, b"" until it is done. pages: those that are laid out, each with its report.
    """

    def __init__(self, report: ReportPages) -> None:
        self.content = b""
        self.pages: list[tuple[Page, ReportView]] = []
        self._report = report
        self._steps = self._run()

    def step(self) -> bool:
        """Do a part; say whether there is more."""
        return next(self._steps, None) is not None

    def close(self) -> None:
        """Give up what is left."""
        self._steps.close()

    def finish(self) -> bytes:
        """Do all that is left and return the file."""
        while self.step():
            pass
        return self.content

    def _run(self) -> Generator[bool, None, None]:
        pages = self.pages
        for view in self._report.views:
            for section in sections(view):
                for page in paginate(section):
                    pages.append((page, view))
                    yield True
        _number(pages)
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        writer = _writer(buffer, self._report.views)
        _turn(writer, pages[0][0])
        painter = QPainter(writer)
        painter.setRenderHint(QPainter.RenderHint.LosslessImageRendering)
        try:
            for number, (page, view) in enumerate(pages, 1):
                if number > 1:
                    _turn(writer, page)
                    writer.newPage()
                page.draw(painter)
                _foot(painter, page, view, (number, len(pages)))
                yield True
        finally:  # given up half way: Qt crashes where the writer goes before its painter has ended
            painter.end()
        self.content = _dateless(bytes(buffer.data().data()))


def pdf(report: ReportPages) -> bytes:
    """Return a report as a PDF file."""
    return PdfJob(report).finish()


def _number(pages: Sequence[tuple[Page, ReportView]]) -> None:
    """Tell the contents where each section begins."""
    for number, (page, _) in enumerate(pages, 1):
        for box, _ in page.boxes:
            if isinstance(box, Heading) and box.entry is not None:
                box.entry.page = number


def _writer(buffer: QBuffer, views: Sequence[ReportView]) -> QPdfWriter:
    first = views[0]
    title = worded(Note("report.title"), first.language)
    out = QPdfWriter(buffer)
    out.setTitle(f"{title}: {first.candidate}")
    out.setCreator(f"Assayer {first.version}")
    out.setResolution(round(72 * POINT))
    out.setDocumentId(QUuid.createUuidV5(_NAMESPACE, f"{first.candidate} {first.digest}".encode()))
    return out


def _turn(writer: QPdfWriter, page: Page) -> None:
    """Set the next page upright or across."""
    way = QPageLayout.Orientation.Landscape if page.across else QPageLayout.Orientation.Portrait
    layout = QPageLayout(QPageSize(QPageSize.PageSizeId.A4), way, QMarginsF())
    layout.setMode(QPageLayout.Mode.FullPageMode)
    writer.setPageLayout(layout)


def _foot(painter: QPainter, page: Page, view: ReportView, place: tuple[int, int]) -> None:
    left, width = page.left, page.size.width() - 2 * page.left
    y = page.size.height() - 34 * POINT
    painter.fillRect(QRectF(left, y - 5 * POINT, width, 5), QColor(LIGHT.border))
    code = "report.page_review" if view.digest else "report.page_unsaved"
    digest = worded(Note(code, {"digest": view.digest}), page.language)
    number = worded(Note("report.page", {"page": place[0], "pages": place[1]}), page.language)
    Text(f"Assayer {view.version} · {digest}", FOOT).draw(painter, QPointF(left, y), width * 0.85)
    Text(number, FOOT, right=True).draw(painter, QPointF(left, y), width)


def _dateless(content: bytes) -> bytes:
    """Take the time of writing out, which Qt (6.12) always puts in: a report says when it was decided, not printed.

    Blanks of the same length take its place, so that every offset in the file stays right. Fonts and pages are
    compressed: the pattern is found in the plain facts of the document alone.
    """
    return _DATES.sub(lambda found: b" " * len(found.group()), content)
