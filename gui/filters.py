"""The filter language of the tables: words, quoted text, `field>0.9`, not, and, or, parentheses.

    term     what it keeps
    word     rows with this text anywhere in their names and words, whatever the case; "quoted text" likewise
    f:text   rows whose field f contains the text; f=text: is the text; f!=text: is not
    f>0.9    rows whose number is larger; also >= < <= != and f:3..7 for a range, both ends included
    f:0.99   rows whose number reads so when it is rounded to the digits written; a whole number is meant exactly
    f:none   rows where f has no number
    a b      both (also `a and b`); `a or b` either; `-a` or `not a` the others; ( ) first

`not` binds before `and`, `and` before `or`. Numbers may end in % (of 1), k, M or B. A row without a number passes no
comparison. Knows nothing of Qt.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Literal

from gui.filter_terms import ALL_ROWS, Between, Either, Every, Not, Term, Text, Word

Mistake = Literal["quote", "unclosed", "unopened", "field", "value", "number", "order", "nothing", "deep"]
Kind = Literal["text", "number"]

_NAMED = re.compile(r'([^\s()":=<>!]+)\s*(>=|<=|!=|[:=<>])\s*')
_WORD = re.compile(r'[^\s()"]+')
_KEYWORDS = frozenset({"and", "or", "not"})
_SUFFIXES = {"%": Decimal("0.01"), "k": Decimal(10**3), "m": Decimal(10**6), "b": Decimal(10**9)}
_LARGEST = Decimal("1e300")
_DEEPEST = 50


class FilterError(ValueError):
    """A filter that cannot be read.

    Attributes:
        code: what is wrong. place: number of the character, from 0. what: the piece it is about.
    """

    def __init__(self, code: Mistake, place: int, what: str = "") -> None:
        super().__init__(f"{code} at {place}: {what}")
        self.code, self.place, self.what = code, place, what


@dataclass(frozen=True, slots=True)
class Field:
    """What can be asked for by name; `plain`: words without a field are looked for in it too."""

    kind: Kind
    plain: bool = False


def parse(text: str, fields: Mapping[str, Field]) -> Term:
    """Read a filter; an empty one keeps all rows.

    Raises:
        FilterError: it cannot be read, with the place of the mistake.
    """
    return _Parser(text, fields).whole()


class _Parser:
    """Reads one filter from the left to the right."""

    def __init__(self, text: str, fields: Mapping[str, Field]) -> None:
        self._text, self._fields = text, fields
        self._plain = tuple(name for name, field in fields.items() if field.plain)
        self._at = self._depth = 0

    def whole(self) -> Term:
        if not self._text.strip():
            return ALL_ROWS
        out = self._either()
        if self._next() == ")":
            raise FilterError("unopened", self._at, ")")
        return out

    def _either(self) -> Term:
        terms = [self._every()]
        while self._keyword() == "or":
            terms.append(self._every(self._skip("or")))
        return terms[0] if len(terms) == 1 else Either(tuple(terms))

    def _every(self, after: str = "") -> Term:
        terms = [self._term(after)]
        while self._next() not in ("", ")") and (keyword := self._keyword()) != "or":
            terms.append(self._term(self._skip("and") if keyword == "and" else ""))
        return terms[0] if len(terms) == 1 else Every(tuple(terms))

    def _term(self, after: str = "") -> Term:
        """Read one term; `after` is the word before it that needs one."""
        negated = False
        while True:
            first, keyword = self._next(), self._keyword()
            if first in ("", ")") or keyword in ("and", "or"):
                raise FilterError("nothing", self._at, after or (keyword or "("))
            if keyword == "not":
                after = self._skip("not")
            elif first == "-":
                self._at += 1
                after = "-"
            else:
                break
            negated = not negated
        inside = self._nested() if first == "(" else self._plain_or_named()
        return Not(inside) if negated else inside

    def _nested(self) -> Term:
        place = self._at
        self._at += 1
        self._depth += 1
        if self._depth > _DEEPEST:
            raise FilterError("deep", place, "(")
        inside = self._either()
        if self._next() != ")":
            raise FilterError("unclosed", place, "(")
        self._at += 1
        self._depth -= 1
        return inside

    def _plain_or_named(self) -> Term:
        named = _NAMED.match(self._text, self._at)
        if named is None:
            return Word(self._value().lower(), self._plain)
        name, sign = named.group(1).lower(), named.group(2)
        if name not in self._fields:
            raise FilterError("field", self._at, named.group(1))
        self._at = named.end()
        place = self._at
        if self._next() in ("", ")", "("):
            raise FilterError("value", place, named.group(0).strip())
        value = self._value()
        if self._fields[name].kind == "number":
            return _number(name, sign, value, place)
        if sign not in (":", "=", "!="):
            raise FilterError("order", place, name)
        inside = Text(name, value.lower(), whole=sign != ":")
        return Not(inside) if sign == "!=" else inside

    def _value(self) -> str:
        if self._text[self._at] == '"':
            end = self._text.find('"', self._at + 1)
            if end < 0:
                raise FilterError("quote", self._at, self._text[self._at :])
            out, self._at = self._text[self._at + 1 : end], end + 1
            return out
        word = _WORD.match(self._text, self._at)
        assert word is not None  # neither space, parenthesis nor quote: one character at least
        self._at = word.end()
        return word.group()

    def _next(self) -> str:
        """Skip spaces; return the next character, "" at the end."""
        while self._at < len(self._text) and self._text[self._at].isspace():
            self._at += 1
        return self._text[self._at : self._at + 1]

    def _keyword(self) -> str:
        """Return the keyword that is next, "" for none; one before a sign or in quotes is none."""
        self._next()
        word = _WORD.match(self._text, self._at)
        found = word.group().lower() if word else ""
        return found if found in _KEYWORDS else ""

    def _skip(self, keyword: str) -> str:
        self._at += len(keyword)
        return keyword


def _number(field: str, sign: str, value: str, place: int) -> Term:
    if value.lower() == "none" and sign in (":", "=", "!="):
        nothing = Between(field, None, None)
        return Not(nothing) if sign == "!=" else nothing
    first, dots, last = value.partition("..")
    if dots and sign in (":", "="):
        return Between(field, float(_read(first, place)[0]), float(_read(last, place)[0]))
    number, half = _read(value, place)
    exact = float(number)
    if sign in (">", ">="):
        return Between(field, exact, None, with_low=sign == ">=")
    if sign in ("<", "<="):
        return Between(field, None, exact, with_high=sign == "<=")
    same = Between(field, float(number - half), float(number + half), with_high=not half)
    return Not(same, field) if sign == "!=" else same


def _read(text: str, place: int) -> tuple[Decimal, Decimal]:
    """Return the number, and half a step of its last digit where it has any behind the point."""
    scale = _SUFFIXES.get(text[-1:].lower(), Decimal(1))
    digits = text[:-1] if text[-1:].lower() in _SUFFIXES else text
    try:
        number = Decimal(digits.replace("−", "-"))
    except InvalidOperation:
        raise FilterError("number", place, text) from None
    exponent = number.as_tuple().exponent
    if not number.is_finite() or abs(number) > _LARGEST or not isinstance(exponent, int) or exponent < -300:
        raise FilterError("number", place, text)
    return number * scale, Decimal(5).scaleb(exponent - 1) * scale if exponent < 0 else Decimal(0)
