"""The last line, the exit code and every report of a run say the same."""

from __future__ import annotations

import io
import json
import re
from xml.etree import ElementTree

import orjson
import pytest
from fluent_oms_simulator.loadtests.reporting import result_file
from fluent_oms_simulator.loadtests.reporting.github_report import github_report
from fluent_oms_simulator.loadtests.reporting.html_report import html_report
from fluent_oms_simulator.loadtests.reporting.junit_report import junit_report
from fluent_oms_simulator.loadtests.reporting.markdown_report import markdown_report
from fluent_oms_simulator.loadtests.reporting.run_result import (
    AuditResult,
    ObjectiveResult,
    Rate,
    RunResult,
)
from fluent_oms_simulator.loadtests.reporting.sarif_report import sarif_report
from fluent_oms_simulator.loadtests.reporting.text_report import show
from fluent_oms_simulator.loadtests.reporting.verdict import Ending, Verdict
from hypothesis import given, settings
from rich.console import Console

from ..contracts.helpers.report_samples import sarif_validator
from .helpers.run_results import clean_run, run_result, run_results

WORDS = {
    Verdict.MET: "Met: ",
    Verdict.MISSED: "Missed: ",
    Verdict.UNDECIDED: "Could not be found out: ",
    Verdict.INTERRUPTED: "Interrupted: ",
    Verdict.TERMINATED: "Terminated: ",
    Verdict.HUNG_UP: "Hung-up: ",
}
STYLES = {Verdict.MET: "good", Verdict.MISSED: "bad"}
CODES = {
    Verdict.MET: 0,
    Verdict.MISSED: 1,
    Verdict.UNDECIDED: 2,
    Verdict.INTERRUPTED: 130,
    Verdict.TERMINATED: 143,
    Verdict.HUNG_UP: 129,
}
MET = ObjectiveResult("errors<1%", "0 %", True)
MISSED = ObjectiveResult("delta.accept.p99<5ms", "6 ms", False)
UNCLEAR = ObjectiveResult("deltas>500/s", "200/s", None, "the generator fell behind")
LOST = AuditResult(positions=10, deltas=20, lost=1)


def shown(result: RunResult) -> str:
    """What a terminal shows."""
    output = io.StringIO()
    show(result, Console(file=output, width=10_000, color_system=None))
    return output.getvalue()


@pytest.mark.slow
@given(run_results)
def test_every_report_and_the_exit_code_say_the_same(result: RunResult) -> None:
    verdict = result.verdict
    page = html_report(result)
    document = orjson.loads(result_file.to_json(result))

    assert verdict.exit_code == CODES[verdict]
    assert f"\n{WORDS[verdict]}" in shown(result)
    assert f'class="verdict {STYLES.get(verdict, "open")}">{WORDS[verdict]}' in page
    assert (document["verdict"], document["exit_code"]) == (verdict.value, verdict.exit_code)
    assert WORDS[verdict] in github_report(result)
    assert f"\n**{WORDS[verdict]}" in markdown_report(result)
    assert f'value="{verdict.value}"' in junit_report(result)


def test_the_verdict_is_the_last_line() -> None:
    assert shown(run_result()).splitlines()[-1].startswith("Missed: ")
    assert shown(clean_run()).splitlines()[-1].startswith("Met: ")


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({"objectives": (MET,)}, Verdict.MET),
        ({"objectives": (MET, MISSED)}, Verdict.MISSED),
        ({"objectives": (MET, UNCLEAR)}, Verdict.UNDECIDED),
        ({"objectives": (MISSED, UNCLEAR)}, Verdict.MISSED),
        ({"objectives": (UNCLEAR,), "audit": LOST}, Verdict.MISSED),
        ({"ending": Ending.INTERRUPTED, "audit": None}, Verdict.INTERRUPTED),
        ({"ending": Ending.TERMINATED, "audit": LOST}, Verdict.TERMINATED),
        ({"ending": Ending.BROKEN_OFF, "problem": "it died", "audit": None}, Verdict.UNDECIDED),
        (
            {"objectives": (MET,), "audit": AuditResult(10, 20, lost=1, settled=False)},
            Verdict.UNDECIDED,
        ),
        (
            {"objectives": (MET,), "audit": AuditResult(10, 20, doubled=1, settled=False)},
            Verdict.MISSED,
        ),
    ],
)
def test_what_is_certain_decides_and_what_is_not_is_said_to_be_so(
    changes: dict[str, object], verdict: Verdict
) -> None:
    assert clean_run(**changes).verdict is verdict


def test_a_run_that_was_broken_off_says_why() -> None:
    broken = clean_run(ending=Ending.BROKEN_OFF, problem="the server died.", audit=None)

    last = shown(broken).splitlines()[-1]
    assert last == ("Could not be found out: the server died; what was sent has not been audited.")


def test_nothing_is_claimed_of_deltas_where_none_was_sent() -> None:
    text = shown(clean_run(audit=AuditResult(positions=10)))

    assert text.splitlines()[-1].endswith("10 positions as counted; no delta that could be lost.")
    assert "none doubled" not in text
    assert "none was there to judge" in html_report(clean_run(audit=AuditResult(positions=10)))


def test_a_sample_stands_beside_what_it_is_a_sample_of() -> None:
    result = run_result()

    assert "1,912 of 91,005 accepted deltas were looked for, 1,906 of them were seen" in shown(
        result
    )
    assert "deltas looked for (a sample)" in html_report(result)


def test_a_search_shows_its_steps_and_what_had_to_hold() -> None:
    result = run_result()

    for report in (shown(result), html_report(result)):
        for word in ("8,401", "8,403", "delta.accept.p50", "87.5 ms", "not judged"):
            assert word in report, word


def test_every_report_shows_the_rate_asked_for_beside_the_rate_sent() -> None:
    result = clean_run(rate=Rate(100_000.0, 3_024.6, reached=False))
    document = orjson.loads(result_file.to_json(result))

    assert document["rate"] == {"asked": 100_000.0, "sent": 3_024.6, "reached": False}
    for report in (
        shown(result),
        html_report(result),
        markdown_report(result),
        junit_report(result),
        github_report(result),
    ):
        assert "100,000 deltas/s were asked for, 3,024 deltas/s were sent: the rate that was" in (
            report
        )
        assert "was not reached" in report


def test_junit_has_a_test_case_for_each_objective_and_the_audit() -> None:
    result = clean_run(objectives=(MET, MISSED, UNCLEAR))

    suite = ElementTree.fromstring(junit_report(result)).find("testsuite")
    assert suite is not None
    assert [suite.get(name) for name in ("tests", "failures", "errors")] == ["4", "1", "1"]
    assert [each.get("name") for each in suite.iter("testcase")] == [
        "errors<1%",
        "delta.accept.p99<5ms",
        "deltas>500/s",
        "audit",
    ]


def test_sarif_has_a_result_for_all_that_is_not_as_it_should_be() -> None:
    result = clean_run(objectives=(MET, MISSED, UNCLEAR), audit=LOST)
    document = json.loads(sarif_report(result))
    sarif_validator().validate(document)
    (run,) = document["runs"]

    assert [(each["ruleId"], each["level"]) for each in run["results"]] == [
        ("FOMS-LOAD-OBJECTIVE", "error"),
        ("FOMS-LOAD-UNDECIDED", "warning"),
        ("FOMS-LOAD-AUDIT", "error"),
    ]
    assert all(
        list(where) == ["logicalLocations"]
        for each in run["results"]
        for where in (each["locations"])
    )
    assert run["properties"]["verdict"] == "missed"


def test_sarif_of_a_run_that_met_everything_has_no_result() -> None:
    (run,) = json.loads(sarif_report(clean_run(objectives=(MET,))))["runs"]

    assert run["results"] == []
    assert run["invocations"][0]["executionSuccessful"]


@settings(max_examples=30, deadline=None)
@given(run_results)
def test_sarif_of_any_run_is_as_its_standard_says(result: RunResult) -> None:
    sarif = sarif_report(result)

    assert sarif.isascii()
    sarif_validator().validate(json.loads(sarif))


def test_github_gets_a_line_for_what_is_not_met() -> None:
    lines = github_report(clean_run(objectives=(MET, MISSED, UNCLEAR))).splitlines()

    assert [re.split("[ :]+", line)[1] for line in lines] == ["error", "warning", "error"]


def test_an_old_result_file_is_read_with_a_sentence_about_its_times() -> None:
    old = orjson.loads(result_file.to_json(clean_run(notes=("A note.",))))
    old["version"] = 1
    for name in ("verdict", "exit_code", "steps", "counted", "ending", "problem"):
        del old[name]
    # bucket 254 of those 5 % wide holds what is over 229.7 and not over 241.2 ms
    old["latencies"] = {
        "accept": {"buckets": {"254": 2}, "count": 2, "total": 470, "least": 230, "most": 240}
    }

    result = result_file.from_json(orjson.dumps(old))

    assert result.verdict is Verdict.MET
    assert result.latencies["accept"].width == 0.05
    assert result.latencies["accept"].percentile(50) == pytest.approx(241, abs=0.001)
    assert result.notes[0] == "A note."
    assert "buckets 5 % wide" in result.notes[1]
