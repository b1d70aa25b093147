"""Everything that is known of one reference of the library, as labels and values."""

from __future__ import annotations

from inspector.errors import shown
from inspector.results import ComponentFact
from inspector.shelf_results import ShelfEntry
from PySide6.QtCore import QCoreApplication

from gui import words
from gui.marks import QT_TRANSLATE_NOOP
from gui.models.library_table import signature_text, source_text
from gui.views.facts import Rows


def entry_rows(entry: ShelfEntry) -> Rows:
    """Return the details of an entry; what nobody said is left out."""
    size = _tr(QT_TRANSLATE_NOOP("library", "{parameters} parameters; fingerprint {size}")).format(
        parameters=words.whole(entry.parameters), size=words.bytes_text(entry.bytes)
    )
    origin = [shown(entry.publisher), shown(entry.licence), shown(entry.published)]
    added = shown(entry.added.replace("T", " ").removesuffix("Z"))
    rows = [
        (_tr(QT_TRANSLATE_NOOP("library", "Reference")), shown(entry.name)),
        (_tr(QT_TRANSLATE_NOOP("library", "Catalogue")), "\n".join(words.told(note) for note in entry.catalogue)),
        (_tr(QT_TRANSLATE_NOOP("library", "Components")), "\n".join(_component(fact) for fact in entry.components)),
        (_tr(QT_TRANSLATE_NOOP("library", "Publisher, licence, first published")), words.joined(origin)),
        (_tr(QT_TRANSLATE_NOOP("library", "Signature")), signature_text(entry)),
        (
            _tr(QT_TRANSLATE_NOOP("library", "Full weights")),
            words.joined([source_text(entry), shown(entry.source, 1000)]),
        ),
        (_tr(QT_TRANSLATE_NOOP("library", "Size")), size),
        (_tr(QT_TRANSLATE_NOOP("library", "Added")), added),
        ("SHA-256", shown(entry.content)),
    ]
    return [(label, value) for label, value in rows if value]


def _component(fact: ComponentFact) -> str:
    blocks = _tr(QT_TRANSLATE_NOOP("library", "{count} blocks")).format(count=fact.blocks) if fact.blocks else ""
    width = (
        _tr(QT_TRANSLATE_NOOP("library", "width {count}")).format(count=words.whole(fact.hidden_size))
        if fact.hidden_size
        else ""
    )
    return words.joined(
        [words.kind_text(fact.kind), shown(fact.family), blocks, width, words.count_text(fact.parameters)]
    )


def _tr(text: str) -> str:
    return QCoreApplication.translate("library", text)
