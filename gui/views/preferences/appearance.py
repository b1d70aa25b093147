"""Preferences: theme, language, size of the type, colours of similarities, how numbers are written."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from gui import colormaps, numbers, theme
from gui.settings import TEXT_SIZES, Settings
from gui.views.preferences.form import Choices, Form, with_current
from gui.views.preferences.sample import ColourSample

_STEP = 25  # per cent
_EXAMPLES = (0.98234, 1234.5, 0.012345)


class AppearancePage(Form):
    """Every choice applies at once.

    Attributes:
        theme, language, text_size, colormap, digits, scientific, thousands: the controls.
        similarity, signed: drawn samples. example: three numbers as they are written now.
    """

    keys = ("theme", "language", "text_size", "colormap", "digits", "scientific", "thousands")

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self.theme, self.language, self.text_size, self.colormap = (Choices() for _ in range(4))
        self.digits, self.scientific, self.thousands = (Choices() for _ in range(3))
        self.similarity, self.signed = ColourSample("cividis"), ColourSample(colormaps.SIGNED)
        self.example = theme.label(tone="muted")
        rows = (self.theme, self.language, self.text_size, self.colormap)
        for row in (*rows, self.similarity, self.signed, self.digits, self.scientific, self.thousands, self.example):
            self.add(row)
        self._connect()
        self.retranslate()

    def retranslate(self) -> None:
        """Word everything again, and show what the settings say."""
        self.name(self.theme, self.tr("Theme"))
        self.name(self.language, self.tr("Language"))
        self.name(self.text_size, self.tr("Text size"))
        self.name(self.colormap, self.tr("Colours of similarities"))
        self.name(self.similarity, "")
        self.similarity.setAccessibleName(self.tr("Sample of the colours of similarities"))
        self.name(self.signed, self.tr("Colours of signed values"))
        self.name(self.digits, self.tr("Digits of a similarity"))
        self.name(self.scientific, self.tr("Similarities, weights, z"))
        self.name(self.thousands, self.tr("Thousands"))
        self.name(self.example, self.tr("For example"))
        self._show()

    def _show(self) -> None:
        settings = self._settings
        system = self.tr("As the system")
        self.theme.offer([("system", system), ("light", self.tr("Light")), ("dark", self.tr("Dark"))], settings.theme)
        self.language.offer([("system", system), ("en", "English"), ("ko", "한국어")], settings.language)
        self.colormap.offer(
            [
                ("cividis", self.tr("cividis: blue to yellow, the usual")),
                ("CET-CBL1", self.tr("CET-CBL1: black to white over blue and yellow, more contrast")),
            ],
            settings.colormap,
        )
        self.thousands.offer(
            [
                ("comma", self.tr("comma: 1,234,567")),
                ("space", self.tr("narrow space: {number}").format(number="1\u202f234\u202f567")),
                ("none", self.tr("nothing: 1234567")),
            ],
            settings.thousands,
        )
        self.scientific.offer(
            [(False, self.tr("plain: 0.0123")), (True, self.tr("powers of ten: 1.23e−2"))], settings.scientific
        )
        sizes = with_current(range(TEXT_SIZES[0], TEXT_SIZES[1] + 1, _STEP), settings.text_size)
        self.text_size.offer([(size, f"{size} %") for size in sizes], settings.text_size)
        digits = range(numbers.DIGITS[0], numbers.DIGITS[1] + 1)
        self.digits.offer([(count, str(count)) for count in digits], settings.digits)
        self.similarity.show_map(settings.colormap, "0", "1")
        self.signed.show_map(colormaps.SIGNED, "−", "+")
        cosine, z, weight = _EXAMPLES
        shown = (numbers.value_text(cosine), f"z {numbers.z_text(z)}", numbers.weight_text(weight))
        self.example.setText("   ".join((*shown, numbers.whole(1_234_567))))

    def _connect(self) -> None:
        for name in self.keys:
            getattr(self, name).chosen.connect(lambda key, to=name: setattr(self._settings, to, key))
