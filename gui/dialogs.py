"""The window's dialogs: never modal loops, so that the window and the tests go on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog

from gui import drops, exports
from gui.file_dialogs import file_dialog, save_dialog
from gui.views.keys_dialog import KeysDialog

if TYPE_CHECKING:
    from gui.window import MainWindow


class Dialogs(QObject):
    """Open and save dialogs, the list of keys, and the writing of exports."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._csv_path: Path | None = None
        self._keys: KeysDialog | None = None

    def choose_inputs(self, *, reference: bool, folder: bool) -> None:
        """Let the user pick files or a folder."""
        title = self.tr("Add references") if reference else self.tr("Open a candidate")
        dialog = file_dialog(self._window, title)
        dialog.setFileMode(QFileDialog.FileMode.Directory if folder else QFileDialog.FileMode.ExistingFiles)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly, folder)
        dialog.filesSelected.connect(
            lambda names: self._window.control.take([Path(name) for name in names], reference=reference)
        )
        dialog.open()

    def choose_export(self, kind: str) -> None:
        """Let the user say where the heatmap goes, as "png" or "csv"."""
        mosaic = self._window.control.on_mosaic()
        title = self.tr("Export the mosaic") if mosaic else self.tr("Export the heatmap")
        dialog = save_dialog(self._window, title, kind, f"{'mosaic' if mosaic else 'heatmap'}.{kind}")
        dialog.fileSelected.connect(lambda name: self.export_to(Path(name), kind))
        dialog.open()

    def export_to(self, path: Path, kind: str) -> None:
        """Write the heatmap or the mosaic that is shown; a CSV comes from the engine."""
        layers = self._window.layers
        mosaic = self._window.screening.matrix() if self._window.control.on_mosaic() else None
        if mosaic is not None and kind == "png":
            self._window.session.save(path, exports.png(self._window.screening.picture()))
            return
        if mosaic is not None:
            self._csv_path = path
            self._window.session.request_csv(*mosaic)
            return
        if layers is None or layers.matrix is None:
            return
        if kind == "png":
            self._window.session.save(path, exports.png(layers.picture()))
        else:
            self._csv_path = path
            self._window.session.request_csv(layers.matrix, *layers.labels())

    def write_csv(self, content: object) -> None:
        """Write the CSV that the engine made."""
        if self._csv_path is not None and isinstance(content, bytes):
            self._window.session.save(self._csv_path, content)
        self._csv_path = None

    def choose_for_library(self, *, folder: bool) -> None:
        """Let the user pick checkpoints that the library gets fingerprints of."""
        dialog = file_dialog(self._window, self.tr("Add to the library"))
        dialog.setFileMode(QFileDialog.FileMode.Directory if folder else QFileDialog.FileMode.ExistingFiles)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly, folder)
        dialog.filesSelected.connect(lambda names: self._window.shelves.take([Path(name) for name in names]))
        dialog.open()

    def choose_pack(self) -> None:
        """Let the user pick a pack to import."""
        dialog = file_dialog(self._window, self.tr("Import a pack"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters([f"{self.tr('Packs')} (*{drops.PACK})"])
        dialog.fileSelected.connect(lambda name: self._window.shelves.take_pack(Path(name)))
        dialog.open()

    def choose_pack_to_write(self, names: tuple[str, ...]) -> None:
        """Let the user say where the pack of these references goes."""
        dialog = save_dialog(self._window, self.tr("Export as a pack"), drops.PACK[1:], f"references{drops.PACK}")
        dialog.fileSelected.connect(lambda name: self._window.shelf.give_pack(names, Path(name)))
        dialog.open()

    def choose_library(self) -> None:
        """Let the user pick the library's folder."""
        dialog = file_dialog(self._window, self.tr("The folder of the reference library"))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly, True)
        dialog.filesSelected.connect(lambda names: self._window.shelves.use(Path(names[0])))
        dialog.open()

    def show_keys(self) -> None:
        """Show what every key does, without keeping the window from being used."""
        if self._keys is None:
            self._keys = KeysDialog(self._window.actions_table, self._window)
            self._keys.change_wanted.connect(self._window.control.open_key_editor)
        self._keys.open_anew()
