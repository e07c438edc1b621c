"""How many requests are let through in a window of time that slides on."""

import math
from collections import deque
from typing import NamedTuple


class Quota(NamedTuple):
    """So many requests in so many seconds, of the whole account or of each client."""

    requests: int
    seconds: float
    per: str = "account"


class SlidingWindow:
    """The requests of one client that were let through, within the last seconds."""

    __slots__ = ("_at",)

    def __init__(self) -> None:
        self._at: deque[int] = deque()

    def wait(self, quota: Quota, now: int) -> int:
        """0, and the request is counted, or the whole seconds until one is let through again."""
        at, length = self._at, quota.seconds * 1000
        while at and (at[0] <= now - length or at[0] > now):  # a clock may be set back
            at.popleft()
        if len(at) < quota.requests:
            at.append(now)
            return 0
        return max(1, math.ceil((at[0] + length - now) / 1000))
