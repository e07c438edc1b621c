"""How fast accepted work is applied, as it is written on a command line or in a file."""

import re

from .setting_values import UnusableError

EXPECTED = (
    "immediate, manual, or time: and milliseconds from 0 to 1000000000: one number (time:500), two"
    " (time:100-900), or a median and a sigma up to 5 (time:300~0.8); at the end @SEED, if you like"
)
_TIME = re.compile(
    r"time:(?:([0-9]{1,10})|([0-9]{1,10})-([0-9]{1,10})"
    r"|([0-9]{1,10})~([0-9](?:\.[0-9]{1,6})?))(?:@([0-9]{1,15}))?",
    re.ASCII,
)
_LONGEST, _WIDEST = 1_000_000_000, 5


def settling_text(value: object) -> str:
    """A text that tells how fast; raises UnusableError for any other."""
    text = value if isinstance(value, str) else ""
    settling_fields(text)
    return text


def settling_fields(text: str) -> dict[str, object]:
    """The same as fields, as the control API takes them."""
    if text in ("immediate", "manual"):
        return {"mode": text}
    found = _TIME.fullmatch(text)
    if found is None:
        raise UnusableError(EXPECTED)
    fixed, least, most, median, sigma, seed = found.groups()
    fields: dict[str, object] = {"mode": "time", "seed": int(seed or 0)}
    if fixed is not None:
        numbers: dict[str, float] = {"milliseconds": int(fixed)}
        fields["distribution"] = "fixed"
    elif least is not None:
        numbers = {"from": int(least), "to": int(most)}
        fields["distribution"] = "uniform"
        if numbers["from"] > numbers["to"]:
            raise UnusableError(EXPECTED)
    else:
        numbers = {"median": int(median), "sigma": float(sigma)}
        fields["distribution"] = "lognormal"
        if numbers["sigma"] > _WIDEST:
            raise UnusableError(EXPECTED)
    if max(numbers.values()) > _LONGEST:
        raise UnusableError(EXPECTED)
    return fields | numbers
