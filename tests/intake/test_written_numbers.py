"""A number is told as it was written, whatever a parser makes of it: by server, file and report."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from fluent_oms_simulator.cli import main
from fluent_oms_simulator.intake.written_numbers import WrittenNumbers, as_written
from hypothesis import given
from hypothesis import strategies as st

from ..admin.helpers.conformance_support import EVENT, report
from ..support import Client, batch, delta, deltas, record

NUMBERS = ["100000000000000000000", "1e20", "1.50", "1E+2", "123456789012345678901", "-0.10", "1.0"]
PLACE = 987654321
"""What stands for the number until the payload is text."""


def with_number(payload: object, number: str) -> bytes:
    return json.dumps(payload).replace(str(PLACE), number).encode()


@pytest.mark.parametrize("number", NUMBERS)
def test_the_server_and_its_report_say_the_number_that_was_sent(
    client: Client, number: str
) -> None:
    path = f"/api/v4.1/job/{client.job()}/batch"
    refusals = [
        client.post(path, with_number(batch(record("A", "L", PLACE)), number)),
        client.post(EVENT, with_number(deltas(delta("A", "L", PLACE, "POS-1")), number)),
    ]

    for refusal in refusals:
        assert refusal.status_code == 400
        assert f"found {number}, expected" in refusal.get_json()["errors"][0]["message"]
    assert {found["found"] for found in report(client)["findings"]} >= {number}


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("lines", [False, True])
def test_validate_says_the_number_that_is_in_the_file(
    number: str, lines: bool, tmp_path: Path
) -> None:
    rows = [record("A", "L", 1), record("B", "L", PLACE)]
    text = "\n".join(map(json.dumps, rows)) if lines else json.dumps(batch(*rows), indent=1)
    file = tmp_path / "payload.json"
    file.write_text(text.replace(str(PLACE), number))
    ended = CliRunner().invoke(main, ["validate", str(file), "--format", "json"])

    assert ended.exit_code == 1
    assert {found["found"] for found in json.loads(ended.stdout)["findings"]} == {number}


@given(st.recursive(st.floats(allow_nan=False, allow_infinity=False), st.lists, max_leaves=9))
def test_what_is_no_number_at_that_place_is_told_as_it_was(document: object) -> None:
    numbers = WrittenNumbers(json.dumps(document).encode())

    for pointer in ("", "/0", "/0/0", "/x", "/7"):
        assert numbers.told("1.25 records", pointer) == "1.25 records"
    assert as_written("2.5", "2.50") == "2.50"
    assert as_written("2.5", "3.50") == "2.5"
    assert as_written("2.5", "nothing") == "2.5"
