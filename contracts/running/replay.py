"""Send what a recorded failure has sent, again, and say whether the answers are still the same."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple

from fluent_oms_simulator.contracts.target.api import Answer, Api
from fluent_oms_simulator.contracts.target.names import random_prefix

from .cleaning import CleanUp, clean_up
from .failures import CREDENTIALS, TOKEN, body_read, read_failure
from .options import CannotRunError, Options
from .targets import chosen_target
from .told import shown
from .written import Written

SECONDS_TO_BE_THE_SAME = 3.0
HANDED_OUT = re.compile(r"/api/v4\.1/(job|event|job/[^/]+/batch)(/async|/sync)?$")
CHANGING = re.compile(
    r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"  # ids of events
    r"|\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:?\d\d)"  # times
    r'|(?<="cursor":)"[^"]*"'
    r'|(?<="id":)"[^"]*"|(?<="jobId":)"[^"]*"|(?<="batchId":)"[^"]*"|(?<="entityId":)"[^"]*"'
    r'|(?<="access_token":)"[^"]*"|(?<="refresh_token":)"[^"]*"'
)


class Replayed(NamedTuple):
    """The story for a person, and whether the failure shows again."""

    story: str
    again: bool


@dataclass(slots=True)
class _Translation:
    """What was called so when it was recorded, and how it is called now."""

    texts: dict[str, str] = field(default_factory=dict)
    ids: dict[tuple[str, str], str] = field(default_factory=dict)

    def of_text(self, text: str) -> str:
        for recorded, now in self.texts.items():
            text = text.replace(recorded, now)
        return text

    def of_path(self, path: str) -> str:
        for (kind, recorded), now in self.ids.items():
            path = re.sub(rf"(/{kind}/){re.escape(recorded)}(?=[/?]|$)", rf"\g<1>{now}", path)
            if kind == "event":
                path = path.replace(f"={recorded}", f"={now}")
        return self.of_text(path)

    def learn(self, path: str, recorded: object, now: object) -> None:
        """Take down the id that a call handed out, then and now."""
        match = HANDED_OUT.search(path.partition("?")[0])
        if match and isinstance(recorded, dict) and isinstance(now, dict):
            kind = "batch" if match[1].endswith("/batch") else match[1]
            before, after = recorded.get("id"), now.get("id")
            if isinstance(before, str) and isinstance(after, str):
                self.ids[kind, before] = after


def replay(file: Path, options: Options, *, confirm: Callable[[str], bool]) -> Replayed:
    """Replay a file; raises UnreadableError or CannotRunError."""
    failure = read_failure(file)
    if options.url is None:
        options = replace(options, behaviours=failure.get("behaviours", {}))
    written = Written()
    with chosen_target(options) as chosen:
        api, prefix = chosen.api, options.prefix or random_prefix()
        if not chosen.target.is_ours:
            told = f"{chosen.target.url} is not a simulator of ours. The recorded requests write"
            if not options.yes and not confirm(f"{told} under the prefix {prefix}."):
                raise CannotRunError("Nothing was sent.")
            api.wire.listeners.append(written)
        taken_back: tuple[str, ...] = ()
        try:
            replayed = _replayed(failure, api, prefix)
        finally:
            if not chosen.target.is_ours:
                taken_back = _taken_back(clean_up(api, written, prefix))
        return replayed._replace(story="\n".join([replayed.story, *taken_back]))


def _taken_back(cleaned: CleanUp) -> tuple[str, ...]:
    return (*cleaned.told, *(f"  {each}" for each in cleaned.left))


def _replayed(failure: Mapping[str, Any], api: Api, prefix: str) -> Replayed:
    translation = _Translation({str(failure["prefix"]): prefix})
    lines = [f"{failure['contract']} (seed {failure['seed']})", ""]
    differing = 0
    exchanges = [each for each in failure["exchanges"] if _can_be_sent(each)]
    for each in _without_polls(exchanges):
        answer = _sent_again(each, api, translation)
        same = _is_same(each, answer, translation)
        differing += not same
        lines.append(f"sent     {each['method']} {translation.of_path(each['path'])}")
        if each["sent"]:
            lines.append(f"         {shown(translation.of_text(str(each['sent'])))}")
        lines.append(f"recorded {each['status']} {shown(str(each['received']))}")
        if not same:
            lines.append(f"now      {answer.status} {shown(answer.text)}")
    lines += ["", f"expected: {failure['message']}"]
    again = not differing
    lines.append(
        "found: the same answers as when it was recorded, so it fails again"
        if again
        else f"found: {differing} of the answers differ from those recorded; check the contract"
        f" with --select {json.dumps(failure['test'])} --seed {failure['seed']}"
    )
    return Replayed("\n".join(lines), again)


def _can_be_sent(exchange: Mapping[str, Any]) -> bool:
    """Credentials are not recorded, so a call that is made of them cannot be made again."""
    return CREDENTIALS not in (exchange["sent"], exchange["path"])


def _without_polls(exchanges: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Of a question asked again and again, only the last time."""
    kept: list[dict[str, Any]] = []
    for each in exchanges:
        if kept and _is_question(each) and _question(kept[-1]) == _question(each):
            kept.pop()
        kept.append(each)
    return kept


def _is_question(exchange: Mapping[str, Any]) -> bool:
    return bool(exchange["method"] == "GET" or exchange["path"] == "/graphql")


def _question(exchange: Mapping[str, Any]) -> tuple[object, ...]:
    return exchange["method"], exchange["path"], str(exchange["sent"])


def _sent_again(exchange: Mapping[str, Any], api: Api, translation: _Translation) -> Answer:
    path = translation.of_path(str(exchange["path"]))
    headers = dict(exchange["headers"])
    if headers.get("Authorization") == TOKEN:
        headers["Authorization"] = f"Bearer {api.token}"
    body = body_read(exchange["sent"])
    if not isinstance(exchange["sent"], dict):
        body = translation.of_text(body.decode()).encode()
    deadline = time.monotonic() + SECONDS_TO_BE_THE_SAME
    while True:
        answer = api.call(exchange["method"], path, data=body or None, headers=headers, token=None)
        done = not _is_question(exchange) or _is_same(exchange, answer, translation)
        if done or time.monotonic() > deadline:
            break
        time.sleep(api.target.pause)
    translation.learn(path, _parsed(str(exchange["received"])), answer.document)
    return answer


def _is_same(exchange: Mapping[str, Any], answer: Answer, translation: _Translation) -> bool:
    """Whether an answer says the same as the one recorded, but for ids and times."""
    recorded = translation.of_text(str(exchange["received"]))
    return bool(exchange["status"] == answer.status) and _lasting(recorded) == _lasting(answer.text)


def _lasting(text: str) -> str:
    return CHANGING.sub("…", text)


def _parsed(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return None
