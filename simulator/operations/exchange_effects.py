"""Whether every batch was asked for until it was COMPLETE, and no token used when it had expired.

Both are read from the requests that were seen, as whoever sent them could.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

import orjson

from ..clock import timestamp
from ..domain.verification.verdicts import Difference, Judged, Judgement, NearMiss
from ..intake.operation_names import called
from ..stores.request_log import LoggedRequest, Struck
from ..text.amounts import of_all_were, were

MOST_NEAR = 10
"""Requests that are told of one effect."""
SECOND = 1_000
"""Milliseconds; a reply is logged a moment after its token was issued."""
_NEVER = "never asked for"
_STATUS = re.compile(rb'"status":"([A-Z]+)"')


class _Batch(NamedTuple):
    """A batch that was accepted: its job and its own id, and the request that brought it."""

    job: str
    id: str
    request: int
    sent: object
    is_told: bool
    """Whether its sender was told its id."""


def batches_polled(
    entries: Iterable[LoggedRequest], struck: Callable[[int], Struck | None], dropped: int
) -> Judgement:
    """Whether for each batch that was accepted somebody was told that it is COMPLETE.

    By its own status, or by the list in the status of its job. Of one whose reply has not come
    whole nobody knows the id: there the same batch, sent again, counts. `struck` tells of such.
    """
    batches: dict[tuple[str, str], _Batch] = {}
    complete: set[tuple[str, str]] = set()
    last_told: dict[tuple[str, str], tuple[int, str]] = {}
    unread: set[str] = set()
    forgotten: list[tuple[_Batch, bool]] = []
    for entry in entries:
        call = called(entry.request.method, entry.request.path)
        job = call.job_id
        if job is None:
            continue
        if call.operation == "createBatch":
            told = _document(entry.reply).get("id") if entry.status == 200 else None
            made = told if told is not None else _made(struck(entry.id))
            if made is not None:
                key = job, str(made)
                if key in batches:
                    forgotten.append((batches[key], key in complete))
                # After a reset the numbers begin anew, and stand for others.
                complete.discard(key)
                last_told.pop(key, None)
                batches[key] = _Batch(*key, entry.id, entry.request.sent, told is not None)
        elif entry.status != 200:
            continue
        elif call.operation == "getBatch" and call.batch_id is not None:
            key = job, call.batch_id
            found = _STATUS.search(entry.reply)
            status = found[1].decode() if found else ""
            last_told[key] = entry.id, status
            if status == "COMPLETE":
                complete.add(key)
        elif call.operation == "getJob":
            rows = _document(entry.reply).get("batch")
            if not isinstance(rows, list):
                unread.add(job)  # too long to be kept whole
                continue
            for key, status in _rows(job, rows):
                last_told[key] = entry.id, status
                if status == "COMPLETE":
                    complete.add(key)
    known = forgotten + [(batch, key in complete) for key, batch in batches.items()]
    total = len(batches) + sum(not is_complete for _, is_complete in forgotten)
    polled_last = {batch.sent: batch.request for batch, is_complete in known if is_complete}
    missing = [
        batch
        for batch, is_complete in known
        if not (
            is_complete or (not batch.is_told and polled_last.get(batch.sent, 0) > batch.request)
        )
    ]
    surely = [batch for batch in missing if batch.job not in unread]
    if surely:
        near = [_not_polled(batch, last_told.get((batch.job, batch.id))) for batch in surely]
        some = of_all_were(len(surely), total, "batch", "batches")
        reason = f"{some} not polled until COMPLETE"
        return Judgement(
            Judged.FAILED, reason, [batch.request for batch in surely], near[:MOST_NEAR]
        )
    if missing:
        reason = (
            f"{len(missing):,} batches were only asked for by the status of a job whose reply was"
            " too long to be kept whole"
        )
        return Judgement(Judged.UNKNOWN, reason, [batch.request for batch in missing])
    if not batches or dropped:
        reason = _nothing("batch was accepted", dropped) if not batches else _lost(dropped)
        return Judgement(Judged.UNKNOWN, reason)
    polled = were(total, "batch", "batches")
    return Judgement(Judged.PASSED, f"{polled} polled until COMPLETE")


def _not_polled(batch: _Batch, last: tuple[int, str] | None) -> NearMiss:
    found = f"{last[1] or 'no status'} in request {last[0]}, the last" if last else _NEVER
    if not batch.is_told:
        found += "; its reply has not come whole, and the same was not sent again and polled"
    where = f"status of job {batch.job}, batch {batch.id}"
    return NearMiss(batch.request, (Difference(where, "COMPLETE", found),))


def _made(struck: Struck | None) -> str | None:
    return None if struck is None else struck.made


def _rows(job: str, rows: list[Any]) -> Iterator[tuple[tuple[str, str], str]]:
    for row in rows:
        if isinstance(row, dict) and "id" in row:
            yield (job, str(row["id"])), str(row.get("status", ""))


def tokens_renewed(entries: Iterable[LoggedRequest], dropped: int, now: int) -> Judgement:
    """Whether no request was refused since its token had expired, and some were to be renewed."""
    expires_at: dict[str, int] = {}
    used: set[str] = set()
    late: list[NearMiss] = []
    unknown: list[int] = []
    for entry in entries:
        operation = called(entry.request.method, entry.request.path).operation
        if operation == "issueToken":
            granted = _document(entry.reply)
            token, seconds = granted.get("access_token"), granted.get("expires_in")
            if isinstance(token, str) and isinstance(seconds, int):
                expires_at[token] = entry.at + seconds * 1_000
            continue
        token = (entry.request.authorization or "").partition(" ")[2].strip()
        used.add(token)
        if entry.status != 401 or not token:
            continue
        expired = expires_at.get(token)
        if expired is None:
            unknown.append(entry.id)
        elif entry.at >= expired - SECOND:
            found = f"one that had expired at {timestamp(expired)}, sent at {timestamp(entry.at)}"
            difference = Difference("authorization", "a token in force", found)
            late.append(NearMiss(entry.id, (difference,)))
    if late:
        reason = f"{len(late):,} requests were refused since their token had expired"
        ids = [miss.request for miss in late if miss.request is not None]
        return Judgement(Judged.FAILED, reason, ids, late[:MOST_NEAR])
    tokens = used & expires_at.keys()
    if dropped:
        return Judgement(Judged.UNKNOWN, _lost(dropped))
    if unknown:
        reason = f"{len(unknown):,} requests were refused for a token whose issue is not kept"
        return Judgement(Judged.UNKNOWN, reason, unknown)
    if not tokens:
        return Judgement(Judged.UNKNOWN, "no request came with a token that is known")
    if len(tokens) == 1 and now < expires_at[next(iter(tokens))]:
        ends = timestamp(expires_at[next(iter(tokens))])
        reason = f"nothing was to be renewed yet: the one token is in force until {ends}"
        return Judgement(Judged.UNKNOWN, reason)
    reason = f"{len(tokens):,} tokens were used, and none when it had expired"
    return Judgement(Judged.PASSED, reason)


def _document(reply: bytes) -> dict[str, Any]:
    try:
        document = orjson.loads(reply)
    except orjson.JSONDecodeError:
        return {}
    return document if isinstance(document, dict) else {}


def _nothing(what: str, dropped: int) -> str:
    return f"no {what}, as far as requests are kept; {_lost(dropped)}" if dropped else f"no {what}"


def _lost(dropped: int) -> str:
    return f"{dropped:,} older requests are no longer kept, which would have to be looked at"
