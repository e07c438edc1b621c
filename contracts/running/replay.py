"""Send what a recorded failure has sent, again, and say whether the answers are still the same."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple

from fluent_oms_simulator.client.answers import Answer, json_or_none
from fluent_oms_simulator.client.client_errors import UnreachableError
from fluent_oms_simulator.client.fluent_api import Api
from fluent_oms_simulator.console.interrupts import Interrupts
from fluent_oms_simulator.switches import STRICT
from fluent_oms_simulator.text.printable import printable_lines

from ..reporting.run_report import NO_CHOICE, Check, Outcome, Report, Verdict, judged_by
from ..reporting.summary import cut_short
from ..reporting.summary import verdict as verdict_of
from ..rules.rule import Severity
from ..target.names import random_prefix
from .cleaning import CleanUp, clean_up
from .failures import CREDENTIALS, TOKEN, body_read, read_failure
from .last_exchange import shown
from .option_checks import check_options
from .options import CannotRunError, Options
from .targets import Chosen, chosen_target
from .writes import Written

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
    """The story for a person, and the same for programs: a check that fails if it shows again."""

    story: str
    report: Report


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
        profile = failure.get("profile", STRICT)  # of older files, there was one only
        options = replace(options, profile=profile, behaviours=failure["behaviours"])
    check_options(options)
    return _Replay(failure, options, confirm).replayed()


@dataclass
class _Replay:
    """A recorded failure on its way to a server once more."""

    failure: Mapping[str, Any]
    options: Options
    confirm: Callable[[str], bool]
    interrupts: Interrupts = field(default_factory=Interrupts)
    written: Written = field(default_factory=Written)
    lines: list[str] = field(default_factory=list)
    sent: int = 0
    differing: int = 0
    cut_short: Outcome | None = None
    cleaned: CleanUp = field(default_factory=lambda: CleanUp(()))

    def replayed(self) -> Replayed:
        """Send it, and tell what came of it."""
        failure = self.failure
        self.lines = [f"{failure['contract']} (seed {failure['seed']})", ""]
        with (
            self.interrupts,
            self.interrupts.heeded(),
            chosen_target(self.options) as chosen,
        ):
            self._send(chosen)
        if self.interrupts.ended_by is not None:
            self.cut_short = Outcome(self.interrupts.ended_by)
        return self._told()

    def _send(self, chosen: Chosen) -> None:
        api, prefix = chosen.api, self.options.prefix or random_prefix()
        is_ours = chosen.target.is_ours
        api.job_name = f"{prefix}-Contract"
        if not is_ours:
            told = f"{chosen.target.url} is not a simulator of ours. The recorded requests write"
            if not self.options.yes and not self.confirm(f"{told} under the prefix {prefix}."):
                self.interrupts.check()  # Ctrl-C is an answer, too
                raise CannotRunError("Nothing was sent.")
            api.wire.listeners.append(self.written)
        try:
            with self.interrupts.heeded():
                self._send_all(api, prefix)
        except UnreachableError as fault:
            self.lines.append(f"no answer: {fault}")
            self.cut_short = Outcome.INCOMPLETE
        finally:
            if not is_ours:
                self.cleaned = clean_up(api, self.written, prefix)

    def _send_all(self, api: Api, prefix: str) -> None:
        translation = _Translation({str(self.failure["prefix"]): prefix})
        exchanges = [each for each in self.failure["exchanges"] if _can_be_sent(each)]
        for each in _without_polls(exchanges):
            self.lines.append(f"sent     {each['method']} {translation.of_path(each['path'])}")
            if each["sent"]:
                self.lines.append(f"         {shown(translation.of_text(str(each['sent'])))}")
            answer = _sent_again(each, api, translation)
            self.sent += 1
            self.lines.append(f"recorded {each['status']} {shown(str(each['received']))}")
            if not _is_same(each, answer, translation):
                self.differing += 1
                self.lines.append(f"now      {answer.status} {shown(answer.text)}")

    def _told(self) -> Replayed:
        failure, was_stopped = self.failure, self.cut_short is not None
        again = not self.differing and not was_stopped
        is_ours = failure.get("verdict") == Verdict.ERROR
        if is_ours:  # what was wrong then was not found by looking at these answers
            self.cut_short = self.cut_short or Outcome.INCOMPLETE
        found = (
            f"{self.sent} of the recorded requests were sent, then no more"
            if was_stopped
            else "the contract could not be checked when this was recorded, so the answers prove"
            f" nothing; {_select(failure)}"
            if is_ours
            else "the same answers as when it was recorded, so it fails again"
            if again
            else f"{self.differing} of the answers differ from those recorded; {_select(failure)}"
        )
        self.lines += ["", f"expected: {failure['message']}", f"found: {found}"]
        checks = []
        if not was_stopped:
            verdict = Verdict.FAILED if again else Verdict.PASSED
            verdict = Verdict.ERROR if is_ours else verdict
            details = "\n".join(self.lines[2:-2]).strip()
            checks.append(Check(str(failure["contract"]), verdict, found, details))
        if self.cleaned.left:
            name, left = "clean-up: what was written is taken back", "\n".join(self.cleaned.left)
            checks.append(Check(name, Verdict.ERROR, self.cleaned.told[0], left))
        report = Report(
            f"Replay of {failure['contract']}",
            checks=checks,
            counts={"requests": self.sent},
            judged_by=judged_by(self.options.started_as, self.options.behaviours)
            if self.options.url is None
            else NO_CHOICE,
            notes=self.cleaned.told,
            cut_short=self.cut_short,
        )
        stays = (f"  {each}" for each in self.cleaned.left)
        ending = [cut_short(report), verdict_of(report, Severity.ERROR)]
        story = [*self.lines, *self.cleaned.told, *stays, *filter(None, ending)]
        lines = [part for line in story for part in printable_lines(line) or [""]]
        return Replayed("\n".join(lines), report)


def _select(failure: Mapping[str, Any]) -> str:
    return (
        f"check the contract with --select {json.dumps(failure['test'])} --seed {failure['seed']}"
    )


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
    translation.learn(path, json_or_none(str(exchange["received"])), answer.document)
    return answer


def _is_same(exchange: Mapping[str, Any], answer: Answer, translation: _Translation) -> bool:
    """Whether an answer says the same as the one recorded, but for ids and times."""
    recorded = translation.of_text(str(exchange["received"]))
    return bool(exchange["status"] == answer.status) and _lasting(recorded) == _lasting(answer.text)


def _lasting(text: str) -> str:
    return CHANGING.sub("…", text)
