"""`fluent-sim reconcile`: a file of what a source system believes, beside a running simulator."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from fluent_oms_simulator.client.fluent_api import Api
from fluent_oms_simulator.client.target_server import Target
from fluent_oms_simulator.client.upload_parts import LONGEST_LINE, MOST_LINES

from ..support import batch, record
from .conftest import Server, serving
from .helpers.command_line import fluent_sim

HEADER = "productRef,locationRef,onHand\n"
POSITIONS = 2 * MOST_LINES + 500


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """With more positions than two parts can name, each with its number on hand."""
    with serving("--seed-data", "none") as server:
        api = Api(Target(server.url))
        job = api.post("/api/v4.1/job", {"name": "j", "retailerId": "1"})["id"]
        for first in range(0, POSITIONS, 2_500):
            numbers = range(first, min(first + 2_500, POSITIONS))
            sent = batch(*(record(f"P{number}", "LOC", number) for number in numbers))
            api.post(f"/api/v4.1/job/{job}/batch", sent)
        api.close()
        assert fluent_sim("settle", "--url", server.url).returncode == 0
        yield server


def believed(path: Path, *, without: int = -1, other: int = -1, more: str = "") -> Path:
    """A file that names every position but one, with another number for one."""
    rows = (
        f"P{number},LOC,{number + (number == other)}\n"
        for number in range(POSITIONS)
        if number != without
    )
    file = path / "stock.csv"
    file.write_text(HEADER + "".join(rows) + more, encoding="utf-8")
    return file


def test_a_file_of_several_parts_that_agrees_is_no_more_than_counted(
    server: Server, tmp_path: Path
) -> None:
    done = fluent_sim("reconcile", str(believed(tmp_path)), "--complete", "--url", server.url)

    assert (done.returncode, done.stderr) == (0, "")
    assert f"looked at {POSITIONS:,} lines, {POSITIONS:,} agreeing" in done.stdout


def test_what_does_not_agree_is_told_with_its_line_and_request(
    server: Server, tmp_path: Path
) -> None:
    number = MOST_LINES + 7
    file = believed(tmp_path, without=5, other=number, more="NONE,LOC,1\n")
    asked = ("reconcile", str(file), "--complete", "--url", server.url)

    done = fluent_sim(*asked)
    assert done.returncode == 1
    # The header is line 1, and one position is not named.
    assert f"{file}:{number + 1} error RECONCILE-DIFFERENT" in done.stdout
    assert f"found    {number:,} of P{number} at LOC" in done.stdout
    assert "A position is not there" in done.stdout
    assert "found    5 of P5 at LOC" in done.stdout
    assert "do       Request " in done.stdout

    told = json.loads(fluent_sim(*asked, "--format", "json").stdout)
    assert [one["rule"] for one in told["findings"]] == [
        "RECONCILE-DIFFERENT",
        "RECONCILE-MISSING",
        "RECONCILE-EXTRA",
    ]
    junit = ElementTree.fromstring(fluent_sim(*asked, "--format", "junit").stdout)
    assert junit.get("failures") == "1"


def test_findings_beyond_the_most_are_counted(server: Server, tmp_path: Path) -> None:
    file = tmp_path / "stock.csv"
    file.write_text(HEADER + "P1,LOC,1\n", encoding="utf-8")
    asked = ("reconcile", str(file), "--complete", "--max-findings", "3", "--url", server.url)

    done = fluent_sim(*asked)
    assert done.returncode == 1
    assert f"{POSITIONS - 1:,} errors: failed" in done.stdout


def test_a_line_that_cannot_be_read_makes_it_incomplete(server: Server, tmp_path: Path) -> None:
    file = tmp_path / "stock.csv"
    file.write_text(
        HEADER + "P1,LOC,1\nP2,LOC,x\n" + "y" * 3 * LONGEST_LINE + "\nP3,LOC,3\n",
        encoding="utf-8",
    )

    done = fluent_sim("reconcile", str(file), "--url", server.url)
    assert done.returncode == 2
    assert f"{file}:3:8 error RECONCILE-UNREADABLE" in done.stdout
    assert f"{file}:4:1 error RECONCILE-UNREADABLE" in done.stdout
    assert "looked at 4 lines, 2 agreeing" in done.stdout


def test_ndjson_is_known_by_its_first_character(server: Server, tmp_path: Path) -> None:
    file = tmp_path / "stock.ndjson"
    lines = ({"productRef": f"P{n}", "locationRef": "LOC", "onHand": n} for n in range(5_000))
    file.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")

    done = fluent_sim("reconcile", str(file), "--url", server.url)
    assert done.returncode == 0
    assert "looked at 5,000 lines, 5,000 agreeing" in done.stdout


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "there is nothing to compare"),
        (HEADER, "there is nothing to compare"),
        ("a,b,c\n1,2,3\n", "expected the header"),
    ],
    ids=["empty", "a header alone", "another header"],
)
def test_what_is_no_upload_is_told_in_a_sentence(
    server: Server, tmp_path: Path, text: str, told: str
) -> None:
    file = tmp_path / "stock.csv"
    file.write_text(text, encoding="utf-8")

    done = fluent_sim("reconcile", str(file), "--url", server.url)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("fluent-sim reconcile: ")
    assert told in done.stderr


def test_no_simulator_is_told_in_a_sentence(tmp_path: Path) -> None:
    done = fluent_sim("reconcile", str(believed(tmp_path)), "--url", "http://127.0.0.1:9")

    assert done.returncode == 2
    assert "no simulator answers" in done.stderr
