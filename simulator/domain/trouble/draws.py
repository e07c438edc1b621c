"""Chance that can be repeated: it depends on the seed, the rule and the request, on nothing else.

So two runs that send the same requests meet the same faults, whatever their threads do.
"""

import math
from collections.abc import Mapping, Sequence
from hashlib import blake2b
from typing import Any

_BITS = 53
LONGEST_DELAY = 600_000.0
"""Milliseconds."""


def draw(seed: int, rule: str, identity: str, ordinal: int, purpose: str = "strike") -> float:
    """A number from 0 to 1, without 1; `ordinal` counts the requests of this identity."""
    text = "\0".join((str(seed), rule, identity, str(ordinal), purpose))
    digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return (int.from_bytes(digest, "big") >> (64 - _BITS)) / 2.0**_BITS


def delay_of(delay: Mapping[str, Any], drawn: float) -> float:
    """Milliseconds to wait, of a distribution and a number from 0 to 1."""
    if "fixed" in delay:
        found = float(delay["fixed"])
    elif "uniform" in delay:
        least, most = delay["uniform"]
        found = least + (most - least) * drawn
    elif "lognormal" in delay:
        found = _lognormal(delay["lognormal"]["median"], delay["lognormal"]["sigma"], drawn)
    else:
        found = _by_percentiles(delay["percentiles"], drawn)
    return min(max(found, 0.0), LONGEST_DELAY)


def _lognormal(median: float, sigma: float, drawn: float) -> float:
    from statistics import NormalDist  # few need it, and it takes a while to load

    if median == 0:
        return 0.0
    least = 2.0**-_BITS
    exponent = sigma * NormalDist().inv_cdf(min(max(drawn, least), 1 - least))
    return LONGEST_DELAY if exponent > 100 else median * math.exp(exponent)


def _by_percentiles(table: Sequence[Sequence[float]], drawn: float) -> float:
    """Between two rows of the table in a straight line; beyond them as the first and the last."""
    rows = sorted((percent, value) for percent, value in table)
    wanted = 100 * drawn
    below = rows[0]
    for row in rows:
        if row[0] >= wanted:
            span = row[0] - below[0]
            share = (wanted - below[0]) / span if span > 0 else 1.0
            return below[1] + (row[1] - below[1]) * min(max(share, 0.0), 1.0)
        below = row
    return below[1]
