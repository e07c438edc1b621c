"""`fluent-sim validate`: what is recognised, what is told, and how it ends."""

import json
import os
import signal
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from fluent_oms_simulator.cli import main

from ..support import Client, batch, delta, deltas, event, item, record
from .helpers.validating import Found, findings, lines, report_of, validate, write

START = (sys.executable, "-m", "fluent_oms_simulator")
JOB = {"name": "Nightly load", "retailerId": "1"}
GOOD_BATCH = batch(record("P1", "L1", 5))
BAD_BATCH = batch(record("P1", "L1", 5), record("P2", "L1", "seven"))
GOOD_EVENT = deltas(delta("P1", "L1", -2, "A1"), delta("P2", "L1", 3, "A2"))
ITEMS = {"items": [item("P1", "L1", "100", reserveQty=-1)]}


@pytest.mark.parametrize(
    ("document", "counted"),
    [
        (GOOD_BATCH, {"batches": 1, "records": 1}),
        (GOOD_EVENT, {"events": 1, "deltas": 2}),
        (event("UpdateInventoryQty", ITEMS), {"events": 1}),
        (GOOD_EVENT["attributes"], {"deltas": 2}),
        (ITEMS, {"items": 1}),
        (JOB, {"jobs": 1}),
        (record("P1", "L1", 5), {"records": 1}),
        ([record("P1", "L1", 5), record("P2", "L1", 6)], {"records": 2}),
        ([GOOD_BATCH, GOOD_EVENT, JOB], {"batches": 1, "records": 1, "events": 1, "deltas": 2}),
    ],
)
def test_a_document_is_known_by_what_is_in_it(
    tmp_path: Path, document: Any, counted: dict[str, int]
) -> None:
    report = report_of(write(tmp_path / "payload.json", document))

    assert report["findings"] == []
    assert counted.items() <= report["counts"].items()


def test_lines_may_hold_documents_of_different_kinds(tmp_path: Path) -> None:
    rows = [record(f"P{number}", "L1", number) for number in range(3)]
    path = write(tmp_path / "mixed.txt", lines(JOB, GOOD_BATCH, *rows, GOOD_EVENT))

    report = report_of(path)

    assert report["findings"] == []
    assert report["counts"] == {
        "jobs": 1, "batches": 1, "records": 4, "events": 1, "deltas": 2, "files": 1
    }  # fmt: skip


def test_everything_in_order_ends_with_0(tmp_path: Path) -> None:
    assert validate(write(tmp_path / "a.json", GOOD_BATCH)).exit_code == 0


def test_an_error_ends_with_1_and_tells_file_line_column_and_what_to_do(tmp_path: Path) -> None:
    text = json.dumps(BAD_BATCH, indent=2)
    path = write(tmp_path / "a.json", text)
    line = next(at for at, row in enumerate(text.splitlines(), 1) if "seven" in row)
    column = text.splitlines()[line - 1].index('"seven"') + 1

    result = validate(path)

    assert result.exit_code == 1
    assert f"{path}:{line}:{column} error" in result.stdout
    assert "/entities/1/qty" in result.stdout
    assert '"seven"' in result.stdout


def test_a_record_in_a_line_is_found_at_its_line(tmp_path: Path) -> None:
    rows = [record("P1", "L1", 1), record("P2", "L1", 2.5), record("P3", "L1", 3)]
    path = write(tmp_path / "a.ndjson", "\n" + lines(*rows))

    (found,) = findings(path)

    assert (found.line, found.pointer) == (3, "/qty")
    assert found.column == json.dumps(rows[1]).index("2.5") + 1


def test_a_record_in_an_array_is_found_by_its_number(tmp_path: Path) -> None:
    path = write(tmp_path / "a.json", [GOOD_BATCH, *BAD_BATCH["entities"]])

    assert [found.pointer for found in findings(path)] == ["/2/qty"]


def test_attributes_alone_are_not_blamed_for_the_event_around_them(tmp_path: Path) -> None:
    path = write(tmp_path / "a.json", {"deltas": [delta("P1", "L1", "x", "A1")]})

    assert {found.pointer for found in findings(path)} == {"/deltas/0/qty"}


def test_an_empty_list_of_records_in_a_batch_is_found(tmp_path: Path) -> None:
    assert findings(write(tmp_path / "a.json", batch())) == [
        Found("FOMS-B000", 1, json.dumps(batch()).index("[]") + 1, "/entities")
    ]


@pytest.mark.parametrize(("kind", "rule"), [("event", "FOMS-E000"), ("job", "FOMS-J000")])
def test_the_kind_can_be_said(tmp_path: Path, kind: str, rule: str) -> None:
    path = write(tmp_path / "a.json", GOOD_BATCH)

    assert rule in {found.rule for found in findings("--kind", kind, path)}


def test_what_is_no_payload_is_a_warning_and_alone_it_was_nothing_to_check(tmp_path: Path) -> None:
    path = write(tmp_path / "package.json", {"version": "1.0", "scripts": {}})
    other = write(tmp_path / "batch.json", GOOD_BATCH)

    alone = validate(path)

    assert (alone.exit_code, "Nothing was checked" in alone.stderr) == (2, True)
    assert validate(path, other).exit_code == 0
    assert validate("--fail-on", "warning", path, other).exit_code == 1
    assert findings(path) == [Found("FOMS-F009", 1, 1, "")]


@pytest.mark.parametrize("text", ["null", '"x"', ' "null"\n', "5", "true"])
def test_a_file_that_holds_no_object_is_an_error_as_the_server_refuses_it(
    tmp_path: Path, client: Client, text: str
) -> None:
    path = write(tmp_path / "a.json", text)
    other = write(tmp_path / "batch.json", GOOD_BATCH)

    assert client.post("/api/v4.1/job", text.encode()).status_code == 400
    assert (validate(path).exit_code, validate(path, other).exit_code) == (1, 1)
    assert [(found.rule, found.line) for found in findings(path)] == [("FOMS-F011", 1)]


@pytest.mark.parametrize(
    ("name", "text"),
    [("a.json", "[null]"), ("a.ndjson", "null\n5\n"), ("a.json", '[{"version": 1}, "x"]')],
)
def test_a_row_that_is_no_object_is_passed_over_with_a_warning(
    tmp_path: Path, name: str, text: str
) -> None:
    path = write(tmp_path / name, text)
    other = write(tmp_path / "batch.json", GOOD_BATCH)

    assert validate(path, other).exit_code == 0
    assert {found.rule for found in findings(path)} == {"FOMS-F009"}


@pytest.mark.parametrize(
    "text",
    ["[]", " [ ]\n", "[]\n[]", "[]" + " " * 9_000_000],
    ids=["alone", "with blanks", "on lines", "in a long file"],
)
def test_an_empty_array_is_told_and_refused_where_it_was_said_what_it_holds(
    tmp_path: Path, text: str
) -> None:
    path = write(tmp_path / "a.json", text)
    other = write(tmp_path / "batch.json", GOOD_BATCH)

    assert {found.rule for found in findings(path)} == {"FOMS-F009"}
    assert (validate(path).exit_code, validate(path, other).exit_code) == (2, 0)
    for kind in ("batch", "event", "job", "records"):
        said = validate("--kind", kind, path)
        assert said.exit_code == 1
        assert "found    an empty array" in said.stdout
        assert f"expected at least one {kind.removesuffix('s')}" in said.stdout


def test_the_retailer_of_the_job_can_be_said(tmp_path: Path) -> None:
    path = write(tmp_path / "a.json", batch(record("P1", "L1", 5, retailerId=1)))

    assert validate("--retailer", "1", path).exit_code == 0
    assert [f.rule for f in findings("--retailer", "2", path)] == ["FOMS-B020"]


def test_rules_are_chosen_by_the_beginning_of_their_id(tmp_path: Path) -> None:
    both = batch(record("P1", "L1", "seven"), record("P1", "L2", 1), record("P1", "L2", 2))
    path = write(tmp_path / "a.json", both)
    rules = {found.rule for found in findings(path)}
    only = findings("--select", "foms-b000", path)

    assert len(rules) > 1
    assert {found.rule for found in only} == {"FOMS-B000"}
    assert {found.rule for found in findings("--ignore", "FOMS-B000", path)} == rules - {
        "FOMS-B000"
    }
    assert findings("--select", "FOMS-E,FOMS-J", path) == []
    assert validate("--ignore", "FOMS-B,FOMS-S", path).exit_code == 0


@pytest.mark.parametrize("rule", ["FOMS-Z", "FOMS-F999", "B000"])
def test_a_rule_that_does_not_exist_is_refused(tmp_path: Path, rule: str) -> None:
    result = validate("--ignore", rule, write(tmp_path / "a.json", GOOD_BATCH))

    assert (result.exit_code, rule in result.stderr) == (2, True)


@pytest.mark.parametrize(
    "chosen",
    [
        ("--ignore", "FOMS"),
        ("--select", "FOMS-B", "--ignore", "FOMS-B"),
        ("--select", "FOMS-F", "--ignore", "FOMS-F"),
        ("--select", "FOMS-O"),
        ("--ignore", "FOMS-B,FOMS-E,FOMS-J,FOMS-S"),
    ],
)
def test_a_choice_that_leaves_no_rule_about_files_never_passes(
    tmp_path: Path, chosen: tuple[str, ...]
) -> None:
    result = validate(*chosen, write(tmp_path / "a.json", BAD_BATCH))

    assert result.exit_code == 2
    assert "no rule" in result.stderr
    assert "passed" not in result.stdout


@pytest.mark.parametrize(
    ("document", "rule", "pointer"),
    [
        ({**GOOD_EVENT, "name": ...}, "FOMS-E000", "/name"),
        ({"retailerId": "1"}, "FOMS-J000", "/name"),
        ({"retailerId": "1", "meta": {"preprocessing": "skip"}}, "FOMS-J000", "/name"),
    ],
)
def test_an_event_or_a_job_without_its_name_is_not_passed_over(
    tmp_path: Path, document: dict[str, Any], rule: str, pointer: str
) -> None:
    nameless = {name: value for name, value in document.items() if value is not ...}
    write(tmp_path / "good.json", GOOD_BATCH)
    write(tmp_path / "nameless.json", nameless)

    assert [(found.rule, found.pointer) for found in findings(tmp_path)] == [(rule, pointer)]
    assert validate(tmp_path).exit_code == 1


def test_findings_beyond_the_bound_are_counted(tmp_path: Path) -> None:
    path = write(tmp_path / "a.json", [record(f"P{n}", "L1", "x") for n in range(30)])

    report = report_of("--max-findings", 10, path)

    assert (len(report["findings"]), report["leftOut"], report["errors"]) == (10, 20, 30)
    assert report["failed"]
    last_line = validate("--max-findings", 10, path).stdout.splitlines()[-1]
    assert last_line == "30 errors, 1 of 1 check failed: failed"


def test_findings_that_only_the_bound_left_out_still_fail_the_run(tmp_path: Path) -> None:
    first = write(tmp_path / "a.json", {"no": "payload"})
    second = write(tmp_path / "b.json", BAD_BATCH)

    assert validate("--max-findings", 1, first, second).exit_code == 1


def test_rules_about_streams_look_across_files(tmp_path: Path) -> None:
    first = write(tmp_path / "1.json", deltas(delta("P1", "L1", 5, "A1")))
    again = write(tmp_path / "2.json", deltas(delta("P1", "L1", 7, "A1")))

    found = {row["rule"] for row in report_of(tmp_path)["findings"]}

    assert found
    assert all(rule.startswith("FOMS-S") for rule in found)
    assert findings(first) == findings(again) == []


@pytest.mark.parametrize("form", ["text", "json", "junit", "sarif", "github"])
def test_every_format_names_the_finding(tmp_path: Path, form: str) -> None:
    result = validate("--format", form, write(tmp_path / "a.json", BAD_BATCH))

    assert result.exit_code == 1
    assert "FOMS-B" in result.stdout


def test_reports_are_written_beside_what_is_printed(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "reports"

    validate("--report-dir", folder, write(tmp_path / "a.json", BAD_BATCH))

    assert json.loads((folder / "report.json").read_text())["errors"] == 1
    assert json.loads((folder / "report.sarif").read_text())["version"] == "2.1.0"
    assert ElementTree.parse(folder / "report.xml").getroot().tag == "testsuites"


def test_a_folder_for_reports_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    path = write(tmp_path / "a.json", GOOD_BATCH)

    result = validate("--report-dir", path / "below", path)

    assert (result.exit_code, "nothing can be written" in result.stderr) == (2, True)
    assert result.stdout == ""  # told before the work, not after it


def test_statistics_tell_rates_and_the_slowest_files(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write(tmp_path / f"{name}.json", batch(record(f"P{name}", "L1", 5)))

    text = validate("--stats", tmp_path).stdout

    assert "records/s" in text
    assert "slowest: " in text


def test_standard_input_is_read_by_a_real_process() -> None:
    body = lines(*(record(f"P{n}", "L1", n) for n in range(100)), record("P", "L", "many"))

    done = subprocess.run(
        [*START, "validate", "-"],
        input=body.encode(),
        capture_output=True,
        timeout=60,
        check=False,
    )

    assert (done.returncode, done.stderr) == (1, b"")
    assert b"<stdin>:101:" in done.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="sends a signal")
def test_an_interrupted_run_ends_with_130(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with (
        subprocess.Popen(
            [*START, "validate", str(pipe)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        ) as process,
        pipe.open("wb") as writer,
    ):  # opens once the command reads
        writer.write(b"[")
        writer.flush()
        process.send_signal(signal.SIGINT)
        printed, errors = process.communicate(timeout=300)

    assert (process.returncode, errors) == (130, b"")
    assert printed.splitlines()[-1].endswith(b": interrupted")


def test_a_path_is_needed() -> None:
    assert CliRunner().invoke(main, ["validate"]).exit_code == 2


ENDS: dict[str, tuple[dict[str, object], list[str], str, int]] = {
    "sound": ({"a.json": GOOD_BATCH}, [], "passed", 0),
    "with an error": ({"a.json": BAD_BATCH}, [], "failed", 1),
    "no payload": ({"package.json": {"name": "shop", "version": "1.0.0"}}, [], "incomplete", 2),
    "no payload, held to warnings": (
        {"package.json": {"name": "shop", "version": "1.0.0"}},
        ["--fail-on", "warning"],
        "failed",
        1,
    ),
    "no file": ({}, ["missing.json"], "incomplete", 2),
    "one file of two": ({"a.json": BAD_BATCH}, ["missing.json"], "incomplete", 2),
    "no JSON": ({"a.json": b"{"}, [], "failed", 1),
}  # fmt: skip


@pytest.mark.parametrize(("files", "options", "word", "code"), ENDS.values(), ids=ENDS)
def test_the_last_line_the_exit_code_and_every_format_say_the_same(
    tmp_path: Path, files: dict[str, object], options: list[str], word: str, code: int
) -> None:
    paths = [write(tmp_path / name, content) for name, content in files.items()]
    folder = tmp_path / "reports"

    result = validate(*paths, *options, "--report-dir", folder)

    assert result.exit_code == code
    assert result.stdout.rstrip().rpartition(": ")[2] == word
    told = json.loads((folder / "report.json").read_text())
    assert (told["outcome"], told["failed"]) == (word, word != "passed")
    suite = ElementTree.parse(folder / "report.xml").getroot()
    broken = int(suite.get("failures", "0")) + int(suite.get("errors", "0"))
    assert (broken == 0) == (word == "passed")
    (run,) = json.loads((folder / "report.sarif").read_text())["runs"]
    assert run["invocations"][0]["executionSuccessful"] == (word != "incomplete")
    assert validate(*paths, *options, "--format", "github").stdout.rstrip().endswith(f": {word}")
