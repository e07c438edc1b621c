"""The settings of an account, as callers write them.

Fluent docs: Settings creation and editing mutations, 1 July 2024. A setting is told by its name,
context and contextId together; 0 is the account's id. What a value of a type looks like is
inferred. That one of a retailer goes before one of the account is inferred
from fc.graphql.order.create.event, 15 July 2024.
"""

import json
import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from ..catalogue.places import number_of
from ..faults import NotFound, NotUnique, RuleError

BATCH_PREPROCESSING: Final = "fc.enable.batch.preprocessing"
"""Enable Batch Pre-Processing, 27 May 2025."""

ACCOUNT: Final = "ACCOUNT"
RETAILER: Final = "RETAILER"
CONTEXTS = ("GLOBAL", ACCOUNT, RETAILER, "AGENT", "CUSTOMER")
VALUE_TYPES = ("BOOLEAN", "INTEGER", "JSON", "STRING", "LOB")

MOST_SETTINGS = 10_000

_LONGEST_SHOWN = 100
"""Characters of a value in a message."""


class AccountSetting(NamedTuple):
    """One setting; `lob_value` is its value where that is JSON."""

    number: int
    name: str
    value_type: str
    value: str | None
    lob_value: object
    context: str
    context_id: int

    @property
    def key(self) -> tuple[str, str, int]:
        """What tells it from all others."""
        return self.name, self.context, self.context_id


class AccountSettings:
    """All settings, in order of their creation."""

    def __init__(self) -> None:
        self._by_number: list[AccountSetting] = []
        self._numbers: dict[tuple[str, str, int], int] = {}

    def __iter__(self) -> Iterator[AccountSetting]:
        return iter(self._by_number)

    def with_id(self, setting_id: str) -> AccountSetting | None:
        """The setting with this id, which is its number."""
        number = number_of(setting_id)
        return self._by_number[number - 1] if 0 < number <= len(self._by_number) else None

    def value_of(self, name: str, retailer_id: str) -> str | None:
        """What holds for a retailer: its own value, else that of the account."""
        for context, context_id in ((RETAILER, number_of(retailer_id)), (ACCOUNT, 0)):
            number = self._numbers.get((name, context, context_id))
            if number is not None:
                return self._by_number[number - 1].value
        return None

    def add(self, setting: AccountSetting) -> AccountSetting:
        """Keep a new setting, under a number of its own; raises RuleError."""
        if len(self._by_number) >= MOST_SETTINGS:
            raise RuleError(f"there are {MOST_SETTINGS:,} settings, and no more are kept")
        created = setting._replace(number=len(self._by_number) + 1)
        self._check(created)
        expected = _expected_instead(created)
        if expected is not None:
            raise _bad_value(created, expected)
        self._by_number.append(created)
        self._numbers[created.key] = created.number
        return created

    def put(self, setting: AccountSetting) -> AccountSetting:
        """Let a setting that is known have new values; raises RuleError."""
        known = self.with_id(str(setting.number))
        if known is None:
            raise NotFound(f"there is no setting with the id {setting.number}")
        self._check(setting)
        expected = _expected_instead(setting)
        if expected is not None and setting.value == known.value:
            raise RuleError(
                f"/input/valueType is {setting.value_type}, and the value "
                f"{_shortened(setting.value)}: expected {expected}"
            )
        if expected is not None:
            raise _bad_value(setting, expected)
        del self._numbers[known.key]
        self._numbers[setting.key] = setting.number
        self._by_number[setting.number - 1] = setting
        return setting

    def _check(self, setting: AccountSetting) -> None:
        if not setting.name.strip():
            raise RuleError("/input/name is empty: expected what the setting is asked for by")
        for path, word, words in (
            ("/input/context", setting.context, CONTEXTS),
            ("/input/valueType", setting.value_type, VALUE_TYPES),
        ):
            if word not in words:
                raise RuleError(f"{path} is {word!r}: expected one of {', '.join(words)}")
        where = f"/input/contextId is {setting.context_id}"
        if setting.context_id < 0:
            raise RuleError(f"{where}: expected a whole number from 0 on")
        if setting.context == ACCOUNT and setting.context_id:
            raise RuleError(f"{where}: expected 0, as the context is {ACCOUNT}")
        if self._numbers.get(setting.key, setting.number) != setting.number:
            raise NotUnique(
                f"there is a setting {setting.name} of {setting.context} {setting.context_id}"
            )


def _expected_instead(setting: AccountSetting) -> str | None:
    """What the value should be by its type; None where it is, or there is none."""
    value = setting.value
    if value is None:
        return None
    match setting.value_type:
        case "BOOLEAN":
            return None if value.lower() in ("true", "false") else "true or false"
        case "INTEGER":
            return None if re.fullmatch("[+-]?[0-9]{1,19}", value) else "a whole number"
        case "JSON":
            return None if _is_json(value) else "JSON"
        case _:
            return None


def _is_json(text: str) -> bool:
    try:
        json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        return False
    return True


def _no_constant(name: str) -> None:
    """Python takes NaN and Infinity, which JSON does not know."""
    raise ValueError(name)


def _bad_value(setting: AccountSetting, expected: str) -> RuleError:
    return RuleError(
        f"/input/value is {_shortened(setting.value)}: expected {expected}, as the valueType is "
        f"{setting.value_type}"
    )


def _shortened(value: str | None) -> str:
    text = repr(value)
    return text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 1] + "…"
