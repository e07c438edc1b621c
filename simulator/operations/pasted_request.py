"""A request as a pytest test to paste, for the fixture `fluent_oms`."""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, Protocol
from urllib.parse import quote

import orjson

from ..clock import timestamp
from ..domain.trouble.fault_kinds import KINDS
from ..errors import api_error
from ..settings import Settings
from ..stores.armed_faults import ArmedFaults
from ..stores.request_log import RequestLog
from ..text.redaction import Redaction, signs_in
from ..text.written_python import INDENT, called_with, indented, laid_out, on_one_line
from .replies import Reply
from .request_replay import RequestReplays, SentAgain, StockOfReplay
from .request_text import PLAIN, RequestText

ROOM = 86
"""Characters on a line of what a call is given."""
LONGEST_COMMENT = 90
LONGEST_LAID_OUT = 20_000
"""Bytes of a body that is written over several lines."""
DEEPEST = 50
"""Levels of a document that is written as one of Python, whose parser takes 200 brackets."""
NO_TOKEN_IN_FORCE = "no-token-in-force"
DAY = 86_400_000
"""Milliseconds."""


_MADE = {"createJob": "job", "createBatch": "batch", "sendEvent": "event"}
"""What a request has made that a path may name."""


class FindsRequests(Protocol):
    """Tells of a request as the list of requests does."""

    def find(self, number: str) -> Reply:
        """The request with this number; raises ApiError (404)."""
        ...


class PastedRequests:
    """Writes tests that send requests again and hold what comes of them against what came."""

    def __init__(
        self,
        log: RequestLog,
        told: FindsRequests,
        replays: RequestReplays,
        redaction: Redaction,
        faults: ArmedFaults,
    ) -> None:
        self._log = log
        self._told = told
        self._replays = replays
        self._redaction = redaction
        self._faults = faults

    def write(self, number: str, settings: Settings) -> str:
        """A module with one test, for a simulator with these settings.

        Raises ApiError: 404 where there is no such request, 409 for one that cannot be sent again
        with what is kept of it.
        """
        told: Mapping[str, Any] = self._told.find(number).body
        entry = self._log.find(int(number))
        if entry is None:  # it was dropped between
            raise api_error(404, f"Request {number} is no longer kept.")
        if entry.status == 415 or (signs_in(entry.request.path) and entry.status != 200):
            what = "as what its body was declared" if entry.status == 415 else "the secrets"
            raise api_error(
                409, f"Request {number} cannot be sent again: {what} it came with is not kept."
            )
        replay = self._replays.of(entry)
        *first, own = replay.exchanges
        lines = _loaded(replay.stock)
        names = _Names(replay.exchanges)
        at = last = (first[0] if first else own).entry.at
        for each in first:
            lines += [*_moved(last, each), *self._sent_before(each, names)]
            last = each.entry.at
        if first and first[-1].source is not None:
            lines.append("fluent_oms.settle()")
        lines += _moved(last, own)
        lines += self._armed(own)
        lines += [""] * bool(lines) + [f"answer = {self._sent(own, names)}", ""]
        lines += _asserted(told, own, replay.stock)
        return _module(_name(told), _options(settings, at), lines)

    # -- what is sent --------------------------------------------------------------------------

    def _sent_before(self, exchange: SentAgain, names: "_Names") -> list[str]:
        sent = self._sent(exchange, names)
        name = names.of(exchange)
        line = f'{name} = {sent}.fields["id"]' if name else sent
        return [f"# request {exchange.entry.id}", line]

    def _sent(self, exchange: SentAgain, names: "_Names") -> str:
        request = exchange.entry.request
        if signs_in(request.path):
            return "fluent_oms.sign_in()"
        text = RequestText(exchange.entry, self._redaction)
        query = f"?{text.query}" if text.query else ""
        arguments = [on_one_line(request.method), names.path(text.path, query)]
        if text.sent:
            arguments.append(_body(text.sent))
        elif request.method == "POST":
            # Declared as JSON, with nothing in it: what was not has been answered with 415.
            arguments.append('""')
        if request.authorization is None:
            arguments.append("token=None")
        elif exchange.entry.status == 401:
            arguments.append(f"token={on_one_line(NO_TOKEN_IN_FORCE)}")
        return called_with("fluent_oms.send", arguments, ROOM)

    def _armed(self, exchange: SentAgain) -> list[str]:
        """The faults that have struck it, for the next call of its operation."""
        struck = self._log.struck(exchange.entry.id)
        known = {armed.rule.id: armed.rule for armed in self._faults.rules}
        lines = []
        for firing in () if struck is None else struck.firings:
            rule = known.get(firing.rule)
            kept = {} if rule is None or rule.kind != firing.kind else dict(rule.document)
            if not kept and firing.kind == "status":
                kept = {"status": exchange.entry.status}
            elif not kept and KINDS[firing.kind].needs:
                lines.append(f"# {firing.kind} struck it, at {firing.point}: its rule has gone")
                continue
            for name in ("id", "limit", "match"):
                kept.pop(name, None)
            match = {"operation": exchange.call.operation, "nth": 1}
            fault = {**kept, "kind": firing.kind, "point": str(firing.point), "match": match}
            lines.append(called_with("fluent_oms.faults.arm", [laid_out(fault, ROOM)], ROOM))
        return lines


class _Names:
    """What the ids that come back are called in the test, where a later path has them."""

    def __init__(self, exchanges: Iterable[SentAgain]) -> None:
        calls = [exchange.call for exchange in exchanges]
        self._wanted = {("job", call.job_id) for call in calls}
        self._wanted |= {("batch", call.batch_id) for call in calls}
        self._wanted |= {("event", call.event_id) for call in calls}
        self._names: dict[tuple[str, str], str] = {}

    def of(self, exchange: SentAgain) -> str:
        """The name of what a request makes; empty where no path has it."""
        kind = _MADE.get(exchange.call.operation, "")
        made = exchange.made
        if made is None or exchange.entry.status != 200 or (kind, made) not in self._wanted:
            return ""
        self._names[kind, made] = kind
        return kind

    def path(self, path: str, query: str) -> str:
        """The path, as an expression: with the ids that the world of the test has given."""
        steps = path.split("/")
        told = [
            f"{{{name}}}" if (name := self._names.get((kind, step))) else quote(step, safe=PLAIN)
            for kind, step in zip(["", *steps], steps, strict=False)
        ]
        if told == [quote(step, safe=PLAIN) for step in steps]:
            return on_one_line("/".join(told) + query)
        return "f" + on_one_line("/".join(told) + query.replace("{", "{{").replace("}", "}}"))


# -- the parts of the text -------------------------------------------------------------------------


def _module(name: str, options: Mapping[str, object], lines: list[str]) -> str:
    inner = "".join(f"{INDENT}{indented(line)}\n" if line else "\n" for line in lines)
    said = [f"{option}={laid_out(value, ROOM)}" for option, value in options.items()]
    marker = called_with("pytest.mark.fluent_oms", said, ROOM)
    return f"import pytest\n\n\n@{marker}\ndef test_{name}(fluent_oms):\n{inner}"


def _name(told: Mapping[str, Any]) -> str:
    words = re.sub(r"([a-z])([A-Z])", r"\1_\2", str(told["operation"])).lower()
    return f"{re.sub(r'[^0-9a-z]+', '_', words).strip('_')}_{told['id']}"


def _options(settings: Settings, at: int) -> dict[str, object]:
    """How its world is otherwise than one that nothing was said of."""
    usual = Settings()
    options: dict[str, object] = {
        name: list(value) if isinstance(value, tuple) else value
        for name in ("account", "retailers", "auth", "profile", "behaviours")
        if (value := getattr(settings, name)) != getattr(usual, name)
    }
    return options | {"at": timestamp(at)}


def _loaded(stock: StockOfReplay) -> list[str]:
    lines = []
    if stock.untold:
        lines.append(
            f"# the stock of {stock.untold:,} more of its lines is not known, or not plain"
        )
    known = {place: count for place, count in stock.before.items() if count is not None}
    return [*lines, f"fluent_oms.load({laid_out(known, ROOM)})"] if known else lines


def _moved(last: int, exchange: SentAgain) -> list[str]:
    """The clock, where a midnight of UTC lies between: jobs close then, and a token has expired."""
    at = exchange.entry.at
    if at // DAY == last // DAY:
        return []
    return [f"fluent_oms.clock.set({on_one_line(timestamp(at))})", "fluent_oms.sign_in()"]


def _asserted(told: Mapping[str, Any], own: SentAgain, stock: StockOfReplay) -> list[str]:
    lines = [f"assert answer.status == {told['status']}"]
    outcome = told["outcome"]
    operation = own.call.operation
    if own.source is None and (message := _refused(told)):
        lines.append(f"refused = {on_one_line(message)}")
        lines.append('assert answer.fields["errors"][0]["message"] == refused')
    if own.source is None:
        return lines
    lines.append("fluent_oms.settle()")
    if outcome.get("status") in ("SUCCESS", "COMPLETE", "FAILED", "NO_MATCH"):
        lines.append(
            f"outcome = fluent_oms.requests.last(operation={on_one_line(operation)}).outcome"
        )
        if outcome.get("reason"):
            lines.append(f"# {_one_line(outcome['reason'])}")
        lines.append(f'assert outcome["status"] == {on_one_line(outcome["status"])}')
        if "records" in outcome and not stock.untold:
            lines.append(f'assert outcome["records"] == {on_one_line(outcome["records"])}')
    if stock.after:
        lines.append(f"fluent_oms.assert_on_hand({laid_out(dict(stock.after), ROOM)})")
    return lines


def _refused(told: Mapping[str, Any]) -> str:
    """The first message of a 400, as its caller was told; what that is for is not in it."""
    if told["status"] != 400 or "refused" not in told["outcome"]:
        return ""
    try:
        return str(orjson.loads(told["reply"])["errors"][0]["message"])
    except (ValueError, LookupError, TypeError):  # no more than its beginning is kept
        return ""


def _one_line(text: str) -> str:
    told = "".join(letter if letter.isprintable() else "?" for letter in text)
    return told if len(told) <= LONGEST_COMMENT else f"{told[:LONGEST_COMMENT]}…"


def _body(text: str) -> str:
    """What was sent, as a document of Python where that is the same, else as its text."""
    document = _document(text)
    if document is None:
        return on_one_line(text)
    return on_one_line(document) if len(text) > LONGEST_LAID_OUT else laid_out(document, ROOM)


def _document(text: str) -> Any:
    """The JSON of a text; None where a document of Python would be sent as another one."""
    try:
        read = orjson.loads(text)
        if not isinstance(read, dict | list) or not _is_flat(read):
            return None
        again = json.loads(text, object_pairs_hook=_once)
    except (ValueError, RecursionError):
        return None
    return read if read == again else None


def _is_flat(document: object) -> bool:
    """Whether a document nests no deeper than is written as one of Python."""
    level = [document]
    for _ in range(DEEPEST):
        level = [child for each in level for child in _children(each)]
    return not level


def _children(value: object) -> Iterable[object]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found
