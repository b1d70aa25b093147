"""How the window writes numbers: one format for every view, chosen by the user."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from inspector.scales import Z_MEASURE

NONE = "—"
Thousands = Literal["comma", "space", "none"]
DIGITS = (2, 8)  # digits of a similarity: fewest, most
_USUAL = 3  # what the `digits` of a call are meant for; more or fewer wanted ones shift them
_MARKS: dict[Thousands, str] = {"comma": ",", "space": "\u202f", "none": ""}  # a narrow space that breaks no line


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """A way to write numbers.

    Attributes:
        digits: of a similarity after the point.
        scientific: similarities, weights and z with a power of ten.
        thousands: what stands between groups of three digits.
    """

    digits: int = _USUAL
    scientific: bool = False
    thousands: Thousands = "comma"


_format = NumberFormat()


def current() -> NumberFormat:
    """Return the format in use."""
    return _format


def use(chosen: NumberFormat) -> None:
    """Write every number from now on in another format; the views are repainted by who calls."""
    global _format
    _format = chosen


def whole(count: int) -> str:
    """Return a whole number with its groups of three.

    >>> whole(1_234_567), whole(-3)
    ('1,234,567', '−3')
    """
    return grouped(f"{count:,}")


def grouped(text: str) -> str:
    """Return a number that Python wrote with commas as the user wants it, with a real minus.

    >>> grouped("-1,234.5")
    '−1,234.5'
    """
    return text.replace(",", _MARKS[_format.thousands]).replace("-", "−")


def value_text(value: float | None, digits: int = _USUAL, *, fixed: bool = False) -> str:
    """Return a similarity; one just below 1 never reads as 1.

    Args:
        value: of a measure, NaN and None read as not there.
        digits: after the point, in the usual format; the user's choice shifts them.
        fixed: there is room for these digits only, whatever the user has chosen.

    >>> value_text(0.99961), value_text(1.0), value_text(None)
    ('>0.999', '1.000', '—')
    """
    if value is None or math.isnan(value):
        return NONE
    shifted = digits if fixed else _shifted(digits)
    if _format.scientific and not fixed:
        text, one, below = (_powered(number, shifted) for number in (value, 1.0, 1 - 10.0 ** -(shifted + 1)))
        if value < 1 and text == one:
            return f">{below}"
        return text
    text = f"{value:.{shifted}f}"
    if value < 1 and text == f"{1:.{shifted}f}":
        return f">{1 - 10**-shifted:.{shifted}f}"
    return text.replace("-", "−") if float(text) else text.lstrip("-")


def cell_text(value: float, measure: str, digits: int = _USUAL, *, fixed: bool = False) -> str:
    """Return one value of a layer matrix: standard deviations, or a similarity.

    >>> cell_text(304.24, "permutation_z"), cell_text(0.99961, "cosine")
    ('304', '>0.999')
    """
    return z_text(value, fixed=fixed) if measure == Z_MEASURE else value_text(value, digits, fixed=fixed)


def z_text(value: float | None, *, fixed: bool = False) -> str:
    """Return a number of standard deviations.

    >>> z_text(304.24), z_text(-0.44), z_text(None), z_text(1234.5)
    ('304', '−0.4', '—', '1,234')
    """
    if value is None or not math.isfinite(value):
        return NONE
    if _format.scientific and not fixed:
        return _powered(value, _shifted(2))
    text = f"{value:.1f}" if abs(value) < 99.95 else f"{value:,.0f}"
    return grouped(text) if float(text.replace(",", "")) else text.lstrip("-")


def weight_text(value: float, digits: int = _USUAL, *, fixed: bool = False) -> str:
    """Return one weight with `digits` significant digits in the usual format.

    >>> weight_text(-0.012345), weight_text(float("nan"))
    ('−0.0123', '—')
    """
    if math.isnan(value):
        return NONE
    shifted = digits if fixed else _shifted(digits)
    if _format.scientific and not fixed and math.isfinite(value):
        return _powered(value, shifted - 1)
    return f"{value:.{shifted}g}".replace("-", "−").replace("inf", "∞") if value else "0"


def percent_text(share: float | None) -> str:
    """Return a share of 1 as a percentage that reaches 100 % only when it is all."""
    if share is None or math.isnan(share):
        return NONE
    text = f"{100 * share:.1f}"
    if share < 1 and text == "100.0":
        text = ">99.9"
    return f"{text.removesuffix('.0')} %"


def count_text(count: int) -> str:
    """Return a count of parameters, short.

    >>> count_text(999), count_text(1_234_567)
    ('999', '1.23 M')
    """
    for unit, size in (("B", 10**9), ("M", 10**6), ("k", 10**3)):
        if count >= size:
            scaled = count / size
            return f"{scaled:.{2 if scaled < 10 else 1 if scaled < 100 else 0}f} {unit}"
    return str(count)


def bytes_text(count: int) -> str:
    """Return a size of a file.

    >>> bytes_text(512), bytes_text(5_400_000_000)
    ('512 bytes', '5.4 GB')
    """
    for unit, size in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if count >= size:
            return f"{count / size:.1f} {unit}"
    return f"{count} bytes"


def _shifted(digits: int) -> int:
    return max(1, digits + _format.digits - _USUAL)


def _powered(value: float, digits: int) -> str:
    """Return a number with a power of ten.

    >>> _powered(-0.0123, 2), _powered(0.0, 2)
    ('−1.23e−2', '0')
    """
    if not value:
        return "0"
    mantissa, _, power = f"{value:.{digits}e}".partition("e")
    return f"{mantissa}e{int(power)}".replace("-", "−")
