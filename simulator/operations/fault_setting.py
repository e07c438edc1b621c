"""Arms fault rules, and tells which are armed and what they have struck."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson

from ..behaviour import Behaviour
from ..clock import timestamp
from ..domain.trouble.fault_kinds import KINDS
from ..domain.trouble.fault_rules import MOST_RULES, FaultRule, faults_of
from ..domain.trouble.presets import PRESETS
from ..errors import ApiError, Fault, Reason, not_found, refused, shortened
from ..intake.parsing import parse
from ..intake.requests import Requests, as_in
from ..intake.schemas import Schemas
from ..stores.armed_faults import ArmedFaults
from ..stores.armed_rule import ArmedRule, Firing
from .parameters import either, nearest
from .replies import Reply
from .start_and_count import start_and_count

HEADER = "X-Fluent-Sim-Fault"
"""Asks for a fault of a single call: a preset, a kind, or a rule without a match as JSON."""
MOST_AT_ONCE = 1_000
MOST_BYTES = 1024 * 1024
"""Of a file of rules."""
SINGLE = "this-call"
"""The id of a rule that is asked for by a header."""


class UnusableFaultsError(ValueError):
    """What the simulator was to be started with; the message says what is wrong with it."""


class FaultOperations:
    """The fault rules of a simulator."""

    def __init__(self, armed: ArmedFaults, schemas: Schemas, behaviour: Behaviour) -> None:
        self._armed = armed
        self._requests = Requests(schemas, behaviour)

    def show(self, query: Mapping[str, str]) -> Reply:
        """GET /__admin/faults: the rules, a page of what they have struck, and the presets."""
        start, count = start_and_count(query, MOST_AT_ONCE)
        armed = self._armed
        told = list(armed.newest_first())
        return Reply(
            {
                **self._rules(),
                "fired": armed.fired,
                "dropped": armed.dropped,
                "hasMore": len(told) > start + count,
                "log": list(map(_told, told[start : start + count])),
                "presets": [
                    {"name": name, "about": preset.about} for name, preset in PRESETS.items()
                ],
                "kinds": [
                    {"name": name, "about": kind.about, "points": kind.points}
                    for name, kind in KINDS.items()
                ],
            }
        )

    def arm(self, body: bytes) -> Reply:
        """PUT /__admin/faults: these rules and no others; raises ApiError (400), and arms none."""
        fields = self._fields(body)
        self._armed.arm(self._read(fields, body, ()), fields.get("seed", 0))
        return Reply(self._rules())

    def add(self, body: bytes) -> Reply:
        """POST /__admin/faults: these rules after the others; raises ApiError (400)."""
        fields = self._fields(body)
        if "seed" in fields:
            expected = "none: the rules that are armed have theirs, which PUT sets"
            raise refused(as_in(body, [Fault("/seed", str(fields["seed"]), expected)]))
        self._armed.add(self._read(fields, body, self._armed.rules))
        return Reply(self._rules())

    def disarm(self) -> Reply:
        """DELETE /__admin/faults: no fault is made any more, and calls that one holds go on."""
        self._armed.disarm()
        return Reply(self._rules())

    def disarm_one(self, rule_id: str) -> Reply:
        """DELETE /__admin/faults/{id}; raises ApiError (404)."""
        if not self._armed.disarm(rule_id):
            ids = ", ".join(armed.rule.id for armed in self._armed.rules[:20])
            raise not_found(
                f"There is no fault rule {shortened(rule_id)!r}: armed are {ids or 'none'}."
            )
        return Reply(self._rules())

    def load(self, setting: str) -> None:
        """Arm what the setting asks for; raises UnusableFaultsError."""
        if setting == "none":
            return
        try:
            if setting in PRESETS:
                body = orjson.dumps({"preset": setting})
            else:
                with Path(setting).open("rb") as stream:
                    body = stream.read(MOST_BYTES)
            self.arm(b'{"rules":%b}' % body if body.lstrip().startswith(b"[") else body)
        except OSError as fault:
            presets = ", ".join(PRESETS)
            raise UnusableFaultsError(
                f"the faults {setting} cannot be read: {fault.strerror}; the presets are {presets}"
            ) from None
        except ApiError as error:
            raise UnusableFaultsError(
                f"the faults {setting} cannot be used: {error.message}"
            ) from None

    def of_header(self, text: str) -> Sequence[FaultRule]:
        """The rules that a header asks for; raises ApiError (400).

        Of a preset those that count requests are for this one.
        """
        if text in PRESETS:
            rules = (FaultRule.read(rule, rule["id"]) for rule in PRESETS[text].rules)
            return [rule._replace(match=rule.match._replace(every_nth=1)) for rule in rules]
        rule: object = {"kind": text}
        if text not in KINDS:
            if not text.lstrip().startswith("{"):
                names = (*PRESETS, *KINDS)
                expected = nearest(text, names) or f"a rule as JSON, or {either(names)}"
                raise _of_header(Fault("", f'"{shortened(text)}"', expected))
            try:
                rule = parse(text.encode("utf-8", "surrogateescape"))
            except ApiError as error:
                raise _of_header(*error.reasons) from None
        if isinstance(rule, dict) and "match" in rule:
            found = shortened(orjson.dumps(rule["match"]).decode())
            raise _of_header(Fault("/match", found, "none: it is for this one call"))
        fields, faults, _ = self._requests.read("faults", {"rules": [rule]})
        prefix = "/rules/0"
        if not faults:
            faults = list(faults_of(fields["rules"][0], prefix))
        if faults:
            raise _of_header(
                *(
                    Fault(each.pointer.removeprefix(prefix), each.found, each.expected)
                    for each in faults
                )
            )
        return [FaultRule.read(fields["rules"][0], fields["rules"][0].get("id", SINGLE))]

    def _fields(self, body: bytes) -> dict[str, Any]:
        return self._requests.sound("faults", parse(body), body)

    def _read(
        self, fields: Mapping[str, Any], body: bytes, armed: Sequence[ArmedRule]
    ) -> list[FaultRule]:
        """The rules that a sound document asks for; raises ApiError for what they cannot be."""
        rules, faults = rules_of(fields, armed)
        if faults:
            raise refused(as_in(body, faults))
        return rules

    def _rules(self) -> dict[str, object]:
        return {
            "seed": self._armed.seed,
            "rules": [
                {**armed.rule.document, "matched": armed.matched, "fired": armed.fired}
                for armed in self._armed.rules
            ],
        }


def rules_of(
    fields: Mapping[str, Any], armed: Sequence[ArmedRule] = (), at: str = ""
) -> tuple[list[FaultRule], list[Fault]]:
    """The rules that a sound document asks for beside those that are armed, and what is wrong.

    `at` is where the document stands in the body.
    """
    named = [name for name in ("preset", "rules") if name in fields]
    if len(named) != 1:
        found = " and ".join(named) or "nothing"
        return [], [Fault(at, found, "either preset or rules")]
    documents: Sequence[Mapping[str, Any]] = fields.get("rules", ())
    if "preset" in fields:
        documents = PRESETS[fields["preset"]].rules
    taken = {each.rule.id for each in armed}
    faults: list[Fault] = []
    rules = []
    for number, document in enumerate(documents):
        pointer = f"{at}/rules/{number}"
        wrong = list(faults_of(document, pointer))
        rule_id = document.get("id") or _new_id(taken, documents)
        if rule_id in taken:
            where = f"{at}/preset" if "preset" in fields else f"{pointer}/id"
            wrong.append(Fault(where, f'"{rule_id}"', "an id that no other rule has"))
        taken.add(rule_id)
        faults += wrong
        if not wrong:
            rules.append(FaultRule.read(document, rule_id))
    if len(armed) + len(rules) > MOST_RULES:
        many = f"{len(armed) + len(rules)} rules with those that are armed"
        faults.append(Fault(at, many, f"at most {MOST_RULES}"))
    return rules, faults


def _new_id(taken: set[str], documents: Sequence[Mapping[str, Any]]) -> str:
    """An id for a rule that came without one; none that another one brings."""
    taken = taken | {document["id"] for document in documents if "id" in document}
    number = 1
    while f"r{number}" in taken:
        number += 1
    return f"r{number}"


def _told(firing: Firing) -> dict[str, object]:
    seen = firing.seen
    told: dict[str, object] = {
        "at": timestamp(firing.at),
        "rule": firing.rule,
        "kind": firing.kind,
        "point": firing.point,
        "operation": seen.operation,
        "method": seen.method,
        "path": seen.path,
        "identity": seen.identity,
        "request": firing.request,
    }
    return told | {"undone": firing.undone} if firing.undone else told


def _of_header(*reasons: Fault | Reason) -> ApiError:
    """A refusal for what a header says, each pointer seen from there."""
    told: list[Fault | Reason] = [
        Reason(reason.code, f"{HEADER}: {reason.message}") for reason in reasons
    ]
    return ApiError(400, told)
