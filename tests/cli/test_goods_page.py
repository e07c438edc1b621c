"""The page on goods on order, pasted into a shell from top to bottom: it answers as it shows."""

import json
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fluent_oms_simulator.domain.quantity_fields import IN_RECORDS
from fluent_oms_simulator.intake.records import OUTER_FIELDS
from fluent_oms_simulator.intake.schemas import load_documents

from ..guards.helpers.pages import calls, tables, text_of
from .conftest import SECONDS, Server
from .helpers.pasting import holds, needs_shell, paste

RECORD = "batch/inventory_record.schema.json"
PAGE = "simulator/goods-on-order.md"
POSITION = "/__admin/positions/COAT:LOC_1:DEFAULT"
DEFAULT = "http://127.0.0.1:4141"
AUTHORIZED = '-H "Authorization: Bearer $TOKEN"'
OF_ASKING = "FOMS-O"
"""Rules on how a caller asks, which a person who pastes need not keep."""
SKIP = ', "meta": {"preprocessing": "skip"}'


class Reader:
    """Somebody who pastes one block after another, and waits until a batch is applied."""

    def __init__(self, server: Server, folder: Path) -> None:
        self.server = server
        self._folder = folder

    def paste(self, call: str) -> str:
        """What a block answers, in the shell in which those before it have set variables."""
        answer = self._paste(f"{call}\ndeclare -p TOKEN ${{JOB+JOB}} > kept; declare -f >> kept")
        if "/batch" in call:
            self._wait_for(json.loads(answer)["id"])
        return answer

    def _paste(self, call: str) -> str:
        text = f"touch kept; . ./kept\n{call}".replace(DEFAULT, self.server.url)
        return paste(text, self._folder)

    def _wait_for(self, batch: str) -> None:
        call = f'{DEFAULT}/api/v4.1/job/"$JOB"/batch/{batch}'
        deadline = time.monotonic() + SECONDS
        while '"COMPLETE"' not in (told := self._paste(f"curl -s {call} {AUTHORIZED}")):
            assert time.monotonic() < deadline, told


@pytest.fixture
def reader(start_server: Callable[..., Server], tmp_path: Path) -> Reader:
    return Reader(start_server(), tmp_path)


def promised(rows: list[list[str]]) -> Iterator[tuple[str, dict[str, int]]]:
    """The table of what can be promised: a date, and what is told then."""
    for as_of, *numbers in rows:
        names = ("quantity", "onHand", "expected", "reserved")
        yield as_of, dict(zip(names, map(int, numbers), strict=True))


@needs_shell
def test_every_call_brings_back_what_the_page_shows(reader: Reader) -> None:
    [rows] = tables(PAGE, "| `asOf` | `quantity` | `onHand` | `expected` | `reserved` |")
    looked = False
    for call, shown in calls(PAGE):
        answer = reader.paste(call)
        if shown is not None:
            assert holds(json.loads(answer), json.loads(shown)), answer
        if "asOf" in call:
            looked = True
            for as_of, told in promised(rows):
                found = reader.server.get(f"{POSITION}?asOf={as_of}")["availableToPromise"]
                assert holds(found, told), found

    assert looked
    assert len(calls(PAGE)) == 8
    findings = reader.server.get("/__admin/conformance")["findings"]
    assert [each for each in findings if not each["rule"].startswith(OF_ASKING)] == []


@needs_shell
def test_what_the_page_says_of_a_job_without_skip_is_so(reader: Reader) -> None:
    for call, _ in calls(PAGE)[:-1]:
        reader.paste(call.replace(SKIP, ""))

    assert SKIP in text_of(PAGE)
    assert field_of(reader, "PO_7", "expectedOn") == "2030-03-01T00:00:00.000+00:00"


def field_of(reader: Reader, ref: str, field: str) -> Any:
    """A field of a quantity of the coats."""
    [found] = [row for row in reader.server.get(POSITION)["quantities"] if row["ref"] == ref]
    return found[field]


def test_the_page_names_every_field_that_a_record_may_have() -> None:
    [rows] = tables(PAGE, "| where | name | what becomes of it |")
    named = {(where, name) for where, names, _ in rows for name in re.split(r"[` ]+", names)}
    record = load_documents()[RECORD]["properties"]
    beside = {name for where, name in named if where == "beside"}
    sent_by_all = {"skuRef", "locationRef", "qty", "type", "status", "ref", "retailerId"}

    assert {name for where, name in named if name in IN_RECORDS} >= set(IN_RECORDS)
    assert beside >= set(OUTER_FIELDS["set"])
    assert beside >= set(record) - sent_by_all - {"attributes"}
