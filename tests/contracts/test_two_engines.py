"""Two validators judge: a fault of the fast one, which all else trusts, is found by the other."""

import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from fluent_oms_simulator.cli import validate as command
from fluent_oms_simulator.client.exchanges import RoundTrip
from fluent_oms_simulator.contracts.engines import reply_judgements
from fluent_oms_simulator.contracts.engines.reference import ReferenceSchemas
from fluent_oms_simulator.contracts.engines.reply_judgements import NAME, Replies
from fluent_oms_simulator.contracts.reporting.run_report import Outcome
from fluent_oms_simulator.contracts.rules.rule import Severity
from fluent_oms_simulator.contracts.running.contract_run import run
from fluent_oms_simulator.contracts.running.options import Options
from fluent_oms_simulator.errors import Fault
from fluent_oms_simulator.intake.schemas import Schemas, load_documents, load_index

from ..support import batch, delta, deltas, item, record, updates
from .helpers.validating import findings, report_of, validate, write

REFERENCE = ("--engine", "reference")
SOUND: dict[str, Any] = {
    "batch": batch(record("A", "L", 5, status=None)),
    "deltas": deltas(delta("A", "L", 1, "1")),
    "updates": updates(item("A", "L", "1", saleQty=-1)),
    "job": {"name": "n", "retailerId": "1"},
    "attributes": {"deltas": [delta("A", "L", 1, "1")]},
    "records": [record("A", "L", 1), record("B", "L", 1)],
}
BROKEN: dict[str, tuple[Any, str]] = {
    "batch": (batch(record("A", "L", "x")), "/entities/0/qty"),
    "deltas": (deltas(delta("A\n", "L", 1, "1")), "/attributes/deltas/0/productRef"),
    "attributes": ({"deltas": [delta("A\n", "L", 1, "1")]}, "/deltas/0/productRef"),
    "records": ([record("A", "L", 1), record("B", "L", "x")], "/1/qty"),
    "job": ({"name": "n", "retailerId": "1", "meta": 5}, "/meta"),
}


@pytest.fixture
def engine_that_takes_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Schemas, "is_valid", lambda *_: True)


@pytest.fixture
def engine_that_takes_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Schemas, "is_valid", lambda *_: False)
    refused = ReferenceSchemas().faults("job", {})
    monkeypatch.setattr(Schemas, "faults", lambda *_, **__: refused)


@pytest.mark.parametrize("document", SOUND.values(), ids=SOUND)
def test_two_sound_engines_agree_on_what_is_sound(tmp_path: Path, document: Any) -> None:
    path = write(tmp_path / "a.json", document)

    assert validate(path, *REFERENCE).exit_code == 0
    assert findings(path, *REFERENCE) == []


@pytest.mark.parametrize(("document", "pointer"), BROKEN.values(), ids=BROKEN)
def test_two_sound_engines_agree_on_what_is_broken(
    tmp_path: Path, document: Any, pointer: str
) -> None:
    path = write(tmp_path / "a.json", document)

    assert findings(path, *REFERENCE) == findings(path)
    assert pointer in {found.pointer for found in findings(path)}


@pytest.mark.parametrize(("document", "pointer"), BROKEN.values(), ids=BROKEN)
@pytest.mark.usefixtures("engine_that_takes_all")
def test_what_a_broken_engine_takes_is_a_finding(
    tmp_path: Path, document: Any, pointer: str
) -> None:
    path = write(tmp_path / "a.json", document)

    told = [row for row in report_of(path, *REFERENCE)["findings"] if row["rule"] == "FOMS-X001"]

    assert [(row["severity"], row["pointer"]) for row in told] == [("error", pointer)]
    assert told[0]["found"].startswith("jsonschema refuses it (")
    assert validate(path, *REFERENCE).exit_code == 1
    assert "FOMS-X001" not in {found.rule for found in findings(path)}


@pytest.mark.usefixtures("engine_that_takes_none")
def test_what_a_broken_engine_refuses_is_a_finding(tmp_path: Path) -> None:
    path = write(tmp_path / "a.json", SOUND["job"])

    told = [row for row in report_of(path, *REFERENCE)["findings"] if row["rule"] == "FOMS-X001"]

    assert [row["found"].startswith("jsonschema-rs refuses it (") for row in told] == [True]


@pytest.mark.usefixtures("engine_that_takes_all")
def test_a_large_batch_is_judged_by_both_in_its_parts(tmp_path: Path) -> None:
    padding = "x" * 2_000
    rows = [record(f"P{n}", "L", 1, attributes={"a": padding}) for n in range(4_500)]
    path = write(tmp_path / "a.json", batch(*rows, record("B", "L", "x"), source=5))

    told = {found.pointer for found in findings(path, *REFERENCE) if found.rule == "FOMS-X001"}

    assert told == {"/entities/4500/qty", "/source"}


def test_without_the_library_the_option_is_refused_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "find_spec", lambda _name: None)

    result = validate(write(tmp_path / "a.json", SOUND["job"]), *REFERENCE)

    assert result.exit_code == 2
    assert "pip install 'fluent-oms-simulator[contracts]'" in result.stderr


@pytest.mark.parametrize("kind", sorted(load_index()))
def test_both_take_every_example_of_every_schema(kind: str) -> None:
    fast, reference = Schemas(), ReferenceSchemas()
    for example in load_documents()[load_index()[kind]["file"]].get("examples", ()):
        assert fast.is_valid(kind, example)
        assert reference.is_valid(kind, example)
    assert fast.is_valid(kind, 5) is reference.is_valid(kind, 5) is False


# -- replies -----------------------------------------------------------------------------------


def reply(path: str, document: Any, status: int = 200, method: str = "GET") -> RoundTrip:
    return RoundTrip(
        method, f"http://a/base{path}", {}, b"", status, {}, json.dumps(document).encode()
    )


def judged(*exchanges: RoundTrip) -> Replies:
    listener = Replies("http://a/base/")
    for exchange in exchanges:
        listener(exchange)
    return listener


def test_replies_that_fit_are_counted_and_no_more() -> None:
    listener = judged(
        reply("/api/v4.1/job", {"id": "1"}, method="POST"),
        reply("/api/v4.1/job/1", {"errors": [{"code": "404", "message": "no"}]}, 404),
        reply("/nowhere", {}),
        reply("/api/v4.1/job/1", {}, 500),
    )

    assert (listener.judged, listener.checks, listener.findings) == (2, [], [])


def test_a_reply_that_does_not_fit_is_a_failed_check() -> None:
    wrong = reply("/api/v4.1/job", {"id": 5.5}, method="POST")

    listener = judged(wrong, wrong)

    (check,) = listener.checks
    assert (check.name, listener.findings) == (NAME, [])
    assert check.message.startswith("createJob 200: 'id' is invalid")
    assert check.message.endswith("(2 times)")


class Lenient:
    """An engine with the worst of faults."""

    def __init__(self, *_: object, **__: object) -> None: ...

    def is_valid(self, _document: object) -> bool:
        return True


def test_a_broken_engine_is_found_by_the_suite(monkeypatch: pytest.MonkeyPatch) -> None:
    """The server answers nonsense, and the engine that all trust has nothing against it."""
    reply_judgements._engines.cache_clear()
    monkeypatch.setattr(jsonschema_rs, "validator_for", Lenient)
    try:
        listener = judged(reply("/api/v4.1/job", {"id": 5.5}, method="POST"))
    finally:
        reply_judgements._engines.cache_clear()

    (found,) = listener.findings
    assert (found.finding.rule_id, found.finding.severity) == ("FOMS-X001", Severity.ERROR)
    assert found.finding.found.startswith("jsonschema refuses it (")
    assert listener.checks


ONE_CONTRACT = Options(select=("a fresh token is good",), max_examples=1, seed=1)


def test_the_suite_says_how_many_replies_both_have_judged() -> None:
    report = run(ONE_CONTRACT)

    assert report.outcome(Severity.ERROR) is Outcome.PASSED
    assert "2 replies were held against the description by two validators" in report.notes


def test_a_run_in_which_the_engines_differ_has_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reply_judgements, "_fast_faults", lambda *_: [Fault("/x", "a", "b")])

    report = run(ONE_CONTRACT)

    assert report.outcome(Severity.ERROR) is Outcome.FAILED
    assert {found.finding.rule_id for found in report.findings} == {"FOMS-X001"}
    assert {found.place.source for found in report.findings} == {"issueToken 200", "findEvents 200"}
