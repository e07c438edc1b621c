"""Rules about signing in: how often, and with what."""

from __future__ import annotations

from collections.abc import Iterable

from ..bounded_memory import Recent
from ..rule import Call, CallDetails, Finding, Rule, Severity
from .calling import MOST_CALLERS, accepted

MOST_TOKENS = 10_000
TOKENS_IN_A_ROW = 5
TOKENS_WITHIN = 300.0
SHORT_LIFE = 120.0
"""Tokens that live no longer may well be asked for that often."""
REFUSALS = 3
SAME_MOMENT = 1.0
"""Calls that were on their way together are refused together, which is no fault."""


def _sign_ins(calls: int) -> tuple[Call, ...]:
    return tuple(
        Call("sendEvent" if turn else "issueToken", 200, number + turn / 10)
        for number in range(6)
        for turn in range(calls + 1)
    )


class TokenForEachCall(Rule):
    """Five tokens in a row within five minutes, none of which was used more than once.

    Tokens known to live two minutes or less are left alone, and so are those that were refused.
    Remembers three numbers for each of 1,000 callers.
    """

    id = "FOMS-O004"
    title = "A token is asked for before every call"
    severity = Severity.WARNING
    reason = (
        "A token is good for many calls. Asking each time doubles the calls, and the token endpoint"
        " is the first that a busy day closes."
    )
    evidence = (
        "Fluent docs: authentication API, 28 Jan 2026 (expires_in says how long a token is good)."
        " Inferred: how many tokens are too many"
    )
    hint = "Keep the token until shortly before expires_in has passed, and share it among threads."
    sees = (Call,)
    good = _sign_ins(calls=3)
    bad = _sign_ins(calls=1)

    def __init__(self) -> None:
        # calls with the present token, tokens used once in a row, and since when
        self._tokens: Recent[int, tuple[int, int, float]] = Recent(MOST_CALLERS)

    def see(self, observation: Call) -> Iterable[Finding]:
        caller, at = hash(observation.caller), observation.at
        known = self._tokens.get(caller)
        if observation.operation != "issueToken":
            if known:
                # A token that is refused has to be replaced: as good as one that was used often.
                calls = 2 if observation.status == 401 else min(known[0] + 1, 2)
                self._tokens.put(caller, (calls, known[1], known[2]))
            return
        if not accepted(observation):
            return
        lifetime = observation.details.expires_in
        calls, row, since = known or (2, 0, at)
        if calls != 1 or (lifetime is not None and lifetime <= SHORT_LIFE):
            row, since = 0, at
        else:
            row += 1
        if row >= TOKENS_IN_A_ROW and at - since <= TOKENS_WITHIN:
            yield self.finding(
                "",
                f"another token after {row} that were used once each, within"
                f" {max(at - since, 0):.3g} s",
                "one token for all calls until it is about to expire",
            )
            row, since = 0, at
        elif row >= TOKENS_IN_A_ROW:
            row, since = 0, at
        self._tokens.put(caller, (0, row, since))


class RefreshTokenTwice(Rule):
    """A refresh token sent again after it was taken.

    Remembers the last 10,000 refresh tokens, by fingerprint.
    """

    id = "FOMS-O005"
    title = "A refresh token is used twice"
    severity = Severity.ERROR
    reason = "A refresh token is good for one use; the second is refused."
    evidence = "Fluent docs: authentication API enhancements, 3 Feb 2025"
    hint = "Replace the refresh token by that of each reply, before anything else can use it."
    sees = (Call,)
    good = (
        Call("issueToken", 200, 0.0, details=CallDetails(refresh_token="a")),
        Call("issueToken", 200, 9.0, details=CallDetails(refresh_token="b")),
    )
    bad = (
        Call("issueToken", 200, 0.0, details=CallDetails(refresh_token="a")),
        Call("issueToken", 400, 9.0, details=CallDetails(refresh_token="a")),
    )

    def __init__(self) -> None:
        self._used: Recent[int, float] = Recent(MOST_TOKENS)

    def see(self, observation: Call) -> Iterable[Finding]:
        token = observation.details.refresh_token
        if observation.operation != "issueToken" or token is None:
            return
        before = self._used.get(hash(token))
        if before is not None:
            yield self.finding(
                "",
                f"the refresh token that was used {max(observation.at - before, 0):,.3g} s before",
                "the refresh token of the last reply",
            )
        elif accepted(observation):
            self._used.put(hash(token), observation.at)


class RefusedTokenAgain(Rule):
    """Three calls in a row that are refused (401), with the same token where that is known.

    A refusal within a second of the first counts only when it is the same call again, for threads
    run into an expired token together. Remembers the row of each of 1,000 tokens or callers.
    """

    id = "FOMS-O010"
    title = "A refused token is used again and again"
    severity = Severity.ERROR
    reason = "A token that has expired or was taken back stays refused; the calls come to nothing."
    evidence = "Fluent docs: REST API error codes overview, 26 May 2025"
    hint = "After a 401 get a new token, send the call once more, and give up if that is refused."
    sees = (Call,)
    good = (
        Call("sendEvent", 401, 0.0),
        Call("issueToken", 200, 1.0),
        Call("sendEvent", 401, 2.0),
        Call("issueToken", 200, 3.0),
        Call("sendEvent", 200, 4.0),
    )
    bad = tuple(Call("sendEvent", 401, 2.0 * number) for number in range(3))

    def __init__(self) -> None:
        # refusals in a row, when the first was, and the call that was refused last
        self._refused: Recent[int, tuple[int, float, int]] = Recent(MOST_CALLERS)

    def see(self, observation: Call) -> Iterable[Finding]:
        operation, status, at = observation.operation, observation.status, observation.at
        caller = hash((observation.caller, observation.details.token))
        if operation == "issueToken":
            # It replaces the caller's token; where tokens are told apart, the new one has no row.
            if accepted(observation):
                self._refused.pop(hash((observation.caller, None)))
            return
        if status != 401:
            if status is not None:
                self._refused.pop(caller)
            return
        call = hash((operation, observation.body))
        row, first, last = self._refused.get(caller) or (0, at, call)
        if row == 0 or call == last or at - first > SAME_MOMENT:
            row += 1
        if row == REFUSALS:
            yield self.finding(
                "",
                f"{row} calls in a row refused with 401 in {max(at - first, 0):.3g} s",
                "a new token after the first refusal",
            )
        self._refused.put(caller, (row, first, call))
