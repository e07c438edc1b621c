"""What a ref should not be: the text that a program writes when it has no value, or a damaged one.

Refs are free text, and real ones are odd: `NAN` is an airport, `MAR-05` an article, `Null` a name.
Hence each kind is told by exactly what programs write, and what may as well be meant is left alone.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from enum import Enum, auto
from typing import NamedTuple


class Flaw(Enum):
    """What is wrong with a ref."""

    UNFILLED = auto()
    """Nothing else can be meant by it: a template, an error value, an object's name."""
    NO_VALUE = auto()
    """A word for no value, which could be a name after all."""
    TABLE = auto()
    """What a table makes of a number, of a text like a date, of quotes, or of its own encoding."""
    INVISIBLE = auto()
    """A character that nobody sees, or a blank that is none."""


class Flawed(NamedTuple):
    """What is wrong with a ref, and in what way, in words that follow on the ref."""

    flaw: Flaw
    what: str


A_TEMPLATE = "a template that was not filled in"
A_SPREADSHEET_ERROR = "the error value of a spreadsheet"
A_WORD = "a word for no value"
A_NUMBER = "a number as spreadsheets and programs shorten it"
A_DATE = "a date that a spreadsheet has made of it"
QUOTED = "the quotes of a table around it"
A_LOST_CHARACTER = "U+FFFD in it, in place of a character that was read in the wrong encoding"

# What stands for a field in samples and templates, less its case and separators.
_FIELDS = (
    "(?:your|my|the)?(?:sku|skuref|skuid|skucode|product|productref|productid|variantref|ref|location|locationref"
    "|locationid|store|storeid|storeref|warehouse|fulfilmentid|fulfillmentid|deltaid|id|guid|uuid"
    "|retailer|retailerid|catalogueref|job|jobname|name|date|timestamp"
    "|item|itemid|itemref|variant|variantid|article|ean|gtin|upc|barcode|order|orderid|orderref|line)"
)
# None of these looks at a text again from another of its beginnings: one may be as long as a body.
_TEMPLATE = re.compile(
    r"\$\{[^{}]*\}|\{\{[^{}]*\}\}|<%[^<]*?%>|#\{[^{}]*\}|@\{[^{}]+\}|\[\[[\w. -]+\]\]"
    r"|\$\([A-Za-z_][^()]*\)|\$env:\w+"
    r"|\{[A-Za-z_]\w*(?:\.[A-Za-z_]\w*|\[[^][{}]+\])+\}"  # a Python string that lacks its f
    r"|%7[Bb]%7[Bb][^%]*%7[Dd]%7[Dd]|\$%7[Bb][^%]*%7[Dd]"
)
_FORMAT = frozenset(("%s", "%d"))
_MARKED_FIELD = re.compile(r"%([\w. -]+)%|\{([\w. -]+)\}|<([\w. -]+)>|%\((\w+)\)s|\$(\w+)")
_FIELD = re.compile(_FIELDS)
_OBJECT = re.compile(
    r"\[object [A-Z][A-Za-z]*\]|\[Function(?:: \w+)?\]"  # JavaScript
    r"|(?<![\w.$])(?:[a-z]\w*\.)+[A-Z][\w$]*@[0-9a-f]{5,8}\b|\[(?:L[\w.$]+;|[BCDFIJSZ])@[0-9a-f]{5,8}\b"
    r"|\bOptional\.empty\b"  # all of them Java
    r"|<[\w. ]+ at 0x[0-9a-fA-F]+>|<class '[\w.]+'>"  # Python
    r"|#<[A-Z][\w:]*:0x[0-9a-f]+"  # Ruby
    r"|\bSystem\.(?:Object\b|DBNull\b|\w+\[\]|Collections\.[A-Z])"  # .NET
)
_SHORTENED = re.compile(
    r"[1-9](?:[.,]\d+)?[Ee]\+\d{2,3}"  # 1.23457E+12, as spreadsheets and Python write it
    r"|[1-9]\.\d{4,}E\d{1,3}"  # 1.23457E12, as Java does
    r"|[1-9]\d{3,}\.0"  # 100200300.0, of a column of numbers with a gap in it
)
_MIDNIGHT = re.compile(r"[12]\d{3}-\d\d-\d\d 00:00:00(?:\.0+)?")
_NIL_UUID = "00000000-0000-0000-0000-000000000000"
_FORMULA = re.compile(r'="[^"]*"')

_SPREADSHEET_ERRORS = frozenset(
    (
        *("#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"),
        *(
            "#FIELD!",
            "#BLOCKED!",
            "#GETTING_DATA",
            "#ERROR!",
            "#NV",
            "#WERT!",
            "#BEZUG!",
            "#ZAHL!",
            "#N/D",
        ),
        *("#NOM?", "#VALEUR!", "#NOMBRE!", "#VALOR!", "#VALORE!", "#RIF!"),
    )
)
_WORDS = frozenset(
    (
        *("null", "NULL", "(null)", "<null>", "[null]", "None"),
        *("nil", "<nil>", "NaN", "nan", "-nan", "NaT", "<NA>", "n/a", "N/A", "\\N"),
    )
)
_UNMISTAKABLE = frozenset(("Invalid Date", "Invalid date", _NIL_UUID))
_UNDEFINED = "undefined"
"""In any case, for feeds are put into capitals on their way; nothing is called that."""

_ENGLISH = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_GERMAN = ["Jan", "Feb", "Mrz", "Apr", "Mai", "Jun", "Jul", "Aug", "Sep", "Okt", "Nov", "Dez"]
_FRENCH = (
    *("janv", "févr", "mars", "avr", "mai", "juin"),
    *("juil", "août", "sept", "oct", "nov", "déc"),
)
_DAYS = range(1, 32)
_YEARS = range(100)


def _dates() -> Iterable[str]:
    """The days and months that spreadsheets make of `5-3`, `MAR5` and the like."""
    for month in _ENGLISH:
        yield from (f"{day}-{month}" for day in _DAYS)
        yield from (f"{day:02}-{month}" for day in _DAYS)
        yield from (f"{month}-{year:02}" for year in _YEARS)
    for month in _GERMAN:
        yield from (f"{day}. {month}" for day in _DAYS)
        yield from (f"{day:02}. {month}" for day in _DAYS)
        yield from (f"{month} {year:02}" for year in _YEARS if month not in _ENGLISH)
    for month in _FRENCH:
        yield from (f"{day:02}-{month}" for day in _DAYS)
        yield from (f"{month}-{year:02}" for year in _YEARS)


_WHOLE: dict[str, Flawed] = {
    **dict.fromkeys(_dates(), Flawed(Flaw.TABLE, A_DATE)),
    **dict.fromkeys(_WORDS, Flawed(Flaw.NO_VALUE, A_WORD)),
    **dict.fromkeys(_SPREADSHEET_ERRORS, Flawed(Flaw.UNFILLED, A_SPREADSHEET_ERROR)),
    **dict.fromkeys(_UNMISTAKABLE, Flawed(Flaw.UNFILLED, A_WORD)),
}
_WHOLE_TEXTS = frozenset(_WHOLE)
_LOST = "\ufffd"
_SIGNS = (
    *("{", "<", "%", "$", "##", '="', "E+", "e+", "@", "[["),
    *("[object ", "[Function", "System.", "Optional.", "nvalid Date", " 00:00:00", _LOST),
)
_SIGN_AFTER_DOT = re.compile(r"\.(?:0\n|\d+E\d)")
"""Without one of these, in texts with a line feed after each, only a whole text has a flaw."""

_SIGNS_WITH_WORDS = (*_SIGNS, "null", "NULL", "None", "nil", "NaN", "nan", "NaT")
_WRITTEN_TOGETHER = re.compile(r"[-_:|/. ]+")

# Invisible, though Python calls them printable: fillers, variation selectors, the empty Braille.
_MORE_INVISIBLE = "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u2800\u3164\uffa0" + "".join(
    map(chr, range(0xFE00, 0xFE10))
)
_INVISIBLE = re.compile(f"[{_MORE_INVISIBLE}]")
_BELONGING = frozenset("\u200c\u200d\u3000") | frozenset(map(chr, range(0xFE00, 0xFE10)))
"""Joiners and selectors belong into emoji and many scripts, and the wide blank into Japanese."""


def flaw_of(ref: str) -> Flawed | None:
    """What is wrong with a ref, as far as it is unlike any that could be meant."""
    if ref.lower() == _UNDEFINED:
        return Flawed(Flaw.UNFILLED, A_WORD)
    known = _WHOLE.get(ref)
    if known is not None:
        return known
    if ref in _FORMAT or _TEMPLATE.search(ref):
        return Flawed(Flaw.UNFILLED, A_TEMPLATE)
    marked = _MARKED_FIELD.fullmatch(ref)
    if marked is not None:
        name = "".join(filter(str.isalnum, marked[marked.lastindex or 0])).lower()
        if _FIELD.fullmatch(name):
            return Flawed(Flaw.UNFILLED, A_TEMPLATE)
    if _OBJECT.search(ref):
        return Flawed(Flaw.UNFILLED, "an object written as text")
    if len(ref) > 3 and ref.strip("#") == "":
        return Flawed(Flaw.UNFILLED, A_SPREADSHEET_ERROR)
    if _UNDEFINED in _WRITTEN_TOGETHER.split(ref.lower()) or "Invalid Date" in ref:
        return Flawed(Flaw.UNFILLED, f"{A_WORD} in it")
    if _SHORTENED.fullmatch(ref):
        return Flawed(Flaw.TABLE, A_NUMBER)
    if _MIDNIGHT.fullmatch(ref):
        return Flawed(Flaw.TABLE, A_DATE)
    if _FORMULA.fullmatch(ref):
        return Flawed(Flaw.TABLE, QUOTED)
    if _LOST in ref:
        return Flawed(Flaw.TABLE, A_LOST_CHARACTER)
    hidden = invisible_in(ref)
    if hidden is not None:
        return Flawed(Flaw.INVISIBLE, f"{_named(hidden)} in it")
    return None


def is_without_value(ref: str) -> bool:
    """Whether all parts of a text are words for no value, as in `null-null`."""
    parts = [part for part in _WRITTEN_TOGETHER.split(ref) if part]
    return bool(parts) and all(part in _WORDS or part.lower() == _UNDEFINED for part in parts)


def any_flawed(refs: Sequence[str], *, parts: bool = False) -> bool:
    """Whether one of the refs may have a flaw: a quick look, never wrong when it says no.

    With `parts`, also whether one may be made of words for no value.
    """
    if not _WHOLE_TEXTS.isdisjoint(refs):
        return True
    joined = "\n".join(refs) + "\n"
    for sign in _SIGNS_WITH_WORDS if parts else _SIGNS:
        if sign in joined:
            return True
    if _UNDEFINED in joined.lower():
        return True
    if "." in joined and _SIGN_AFTER_DOT.search(joined):
        return True
    if joined.isascii():
        return False
    return not joined.replace("\n", "").isprintable() or _INVISIBLE.search(joined) is not None


def invisible_in(ref: str) -> str | None:
    """The first character that nobody sees, or that looks like a blank, between the others.

    Blanks at the ends are told by rules of their own, and control characters by the schema.
    """
    if ref.isascii() or (ref.isprintable() and not _INVISIBLE.search(ref)):
        return None
    text = ref.strip()
    for index, character in enumerate(text):
        seen = character.isprintable() and character not in _MORE_INVISIBLE
        if seen or unicodedata.category(character) in ("Cc", "Cn", "Co", "Cs"):
            continue
        before, after = text[index - 1 : index], text[index + 1 : index + 2]
        if character in _BELONGING and (not before.isascii() or after == "\u20e3"):
            continue
        return character
    return None


def _named(character: str) -> str:
    name = unicodedata.name(character, "").lower()
    return f"U+{ord(character):04X}" + (f" ({name})" if name else "")
