"""Names that are one letter off one that is read."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache

from .payload import squeezed

LEAST_LETTERS = 6
"""Too many words are like a shorter name."""

_OTHER_FORMS = frozenset("sd0123456789")
"""What another form of a word ends with: channels, manufactured, segment4."""


def nearly(names: Collection[object], fields: Collection[str]) -> dict[str, str]:
    """Those of some names that are one letter off, squeezed, and what each of them is off.

    They have a letter too many, too few, another, or two in turn. What may be another form of the
    word is meant as it is.
    """
    read = tuple(sorted(fields))
    longest = max(map(len, read)) + 1
    return {
        squeezed(name): right
        for name in names
        if isinstance(name, str)
        and LEAST_LETTERS <= len(name) <= 2 * longest
        and (right := _near(squeezed(name), read)) is not None
    }


@lru_cache(4_000)  # names come again in every batch, and to compare them takes long
def _near(name: str, fields: tuple[str, ...]) -> str | None:
    squeezed_fields = [squeezed(field) for field in fields]
    if name in squeezed_fields:
        return None
    for field, right in zip(squeezed_fields, fields, strict=True):
        if len(field) >= LEAST_LETTERS and is_one_letter_off(name, field):
            return None if _is_another_form(name, field) else right
    return None


def is_one_letter_off(name: str, other: str) -> bool:
    """Whether one letter more, less or another, or two in turn, make one of the other."""
    if abs(len(name) - len(other)) > 1 or name == other:
        return False
    same = next(
        (at for at, (a, b) in enumerate(zip(name, other, strict=False)) if a != b),
        min(len(name), len(other)),
    )
    rest, others_rest = name[same:], other[same:]
    if len(rest) != len(others_rest):
        return rest[1:] == others_rest or rest == others_rest[1:]
    return rest[1:] == others_rest[1:] or (
        rest[:2] == others_rest[1::-1] and rest[2:] == others_rest[2:]
    )


def _is_another_form(name: str, field: str) -> bool:
    """Whether only the end is another one, as of a plural or of the next of several."""
    ends_otherwise = name[-1] in _OTHER_FORMS and name[:-1] in (field, field[:-1])
    return ends_otherwise or (field[-1].isdigit() and name == field[:-1])
