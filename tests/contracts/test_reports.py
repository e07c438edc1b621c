"""One report, in the format for each reader."""

import json
from collections import Counter
from dataclasses import replace
from html import unescape
from typing import Any
from urllib.parse import unquote

import click
import junitparser
import pytest
from fluent_oms_simulator.console import reports
from fluent_oms_simulator.console.report_folder import REPORT_FILES
from fluent_oms_simulator.contracts.all_rules import RULES
from fluent_oms_simulator.contracts.reporting import sarif
from fluent_oms_simulator.contracts.reporting.render import FORMATS, render
from fluent_oms_simulator.contracts.reporting.run_report import (
    Check,
    Outcome,
    Place,
    Report,
    Reported,
    Verdict,
)
from fluent_oms_simulator.contracts.rules.rule import Severity
from fluent_oms_simulator.intake.schemas import load_documents

from .helpers.report_samples import (
    CUTTING_SHORT,
    GITHUB_COMMAND,
    finding,
    sarif_validator,
    small_report,
)


def at(source: str, line: int | None = None, column: int | None = None, **texts: Any) -> Reported:
    return Reported(finding(**texts), Place(source, line, column))


def sarif_run(report: Report) -> Any:
    document = json.loads(render(report, "sarif"))
    sarif_validator().validate(document)
    return document["runs"][0]


def junit_cases(report: Report, **options: Any) -> dict[str, junitparser.TestCase]:
    suites = junitparser.JUnitXml.fromstring(render(report, "junit", **options).encode())
    return {str(case.name): case for suite in suites for case in suite}


def test_a_format_that_there_is_not_is_refused_with_the_ones_there_are() -> None:
    with pytest.raises(ValueError, match="text, json, junit, sarif, github"):
        render(Report("t"), "yaml")


def test_a_person_reads_what_was_found_where_and_what_to_do() -> None:
    assert render(small_report(), "text") == (
        "fluent-sim validate\n"
        "\n"
        "stock/full.json:12:7 error UNKNOWN-1 breaks a rule that is not in the pack\n"
        "  at       /entities/4/qty\n"
        "  found    -3\n"
        "  expected 0 or more\n"
        "  seen     17 times, the last time at stock/full.json:900:7\n"
        "  do       Count again.\n"
        "\n"
        "a, b: 100%.json:3 warning UNKNOWN-2 breaks a rule that is not in the pack\n"
        "  at       /entities/4/qty\n"
        "  found    -3\n"
        "  expected 0 or more\n"
        "  do       Look again.\n"
        "a, b: 100%.json warning UNKNOWN-2 breaks a rule that is not in the pack\n"
        "  at       /entities/4/qty\n"
        "  found    -4\n"
        "  expected 0 or more\n"
        "\n"
        "failed   stock/full.json (0.25 s)\n"
        "failed   closed job: answered 200\n"
        "         POST /api\n"
        "         < 200\n"
        "observed duplicates: the last one counts\n"
        "skipped  tokens: no password\n"
        "passed   events\n"
        "error    jobs: no answer\n"
        "\n"
        "Read from standard input.\n"
        "looked at 1 file, 1,200 records\n"
        "3 more findings left out\n"
        "1 error, 5 warnings, 3 of 6 checks failed: failed\n"
    )


def test_colours_are_there_only_when_asked_for_and_change_no_word() -> None:
    plain, coloured = (render(small_report(), "text", colour=colour) for colour in (False, True))

    assert "\x1b[" not in plain
    assert "\x1b[" in coloured
    assert click.unstyle(coloured) == plain


def test_of_very_many_checks_a_person_reads_those_that_did_not_pass() -> None:
    checks = [Check(f"file {n}", Verdict.PASSED) for n in range(500)]
    written = render(Report("t", checks=[*checks, Check("bad", Verdict.FAILED, "no")]), "text")

    assert "failed   bad: no\n500 checks passed\n" in written
    assert "file 1\n" not in written


@pytest.mark.parametrize(
    ("severity", "fail_on", "outcome"),
    [
        (Severity.ERROR, Severity.ERROR, "1 error: failed"),
        (Severity.WARNING, Severity.ERROR, "1 warning: passed"),
        (Severity.WARNING, Severity.WARNING, "1 warning: failed"),
    ],
)
def test_the_verdict_is_the_same_in_every_format(
    severity: Severity, fail_on: Severity, outcome: str
) -> None:
    report = Report("t", [at("a.json", severity=severity)])
    failed = outcome.endswith("failed")

    assert render(report, "text", fail_on=fail_on).splitlines()[-1] == outcome
    assert render(report, "github", fail_on=fail_on).splitlines()[-1].endswith(f"::{outcome}")
    assert json.loads(render(report, "json", fail_on=fail_on))["failed"] is failed
    assert junit_cases(report, fail_on=fail_on)["a.json"].is_failure is failed


@pytest.mark.parametrize("cut_short", CUTTING_SHORT)
@pytest.mark.parametrize("verdict", [Verdict.PASSED, Verdict.FAILED])
def test_a_run_that_did_not_get_to_its_end_has_passed_in_no_format(
    cut_short: Outcome, verdict: Verdict
) -> None:
    report = Report("t", checks=[Check("a", verdict)], cut_short=cut_short)
    as_json = json.loads(render(report, "json"))
    invocation = sarif_run(report)["invocations"][0]

    assert report.outcome(Severity.ERROR).exit_code in (2, 130, 143, 129)
    assert render(report, "text").splitlines()[-1].endswith(f"failed: {cut_short}")
    assert render(report, "github").splitlines()[-1].endswith(f"failed: {cut_short}")
    assert "::error title=t::" in render(report, "github")
    assert (as_json["outcome"], as_json["failed"]) == (cut_short, True)
    assert [type(r).__name__ for r in junit_cases(report)["the whole run"].result] == ["Error"]
    assert invocation["executionSuccessful"] is False
    assert invocation["toolExecutionNotifications"][-1]["level"] == "error"


def test_a_report_of_nothing_passes_in_every_format() -> None:
    nothing = Report("fluent-sim validate")

    assert "nothing found: passed" in render(nothing, "text")
    assert "nothing found: passed" in render(nothing, "github")
    assert json.loads(render(nothing, "json"))["findings"] == []
    assert junit_cases(nothing)["fluent-sim validate"].is_passed
    assert sarif_run(nothing)["results"] == []


@pytest.mark.parametrize("form", FORMATS)
def test_the_texts_of_a_rule_come_from_the_pack(form: str) -> None:
    rule = RULES[0]
    report = Report("t", [at("a.json", 1, rule_id=rule.id, severity=rule.severity)])
    written = render(report, form, fail_on=Severity.WARNING)
    read = unescape(unquote(written)).replace('\\"', '"')

    assert rule.title in read
    assert rule.hint in read


def test_json_says_all_there_is_and_nothing_that_is_not_documented() -> None:
    document = json.loads(render(small_report(), "json"))
    schema = load_documents()["report/report.schema.json"]
    parts = schema["$defs"]

    assert document.keys() == schema["properties"].keys()
    for name, shown in {
        "finding": document["findings"][0],
        "place": document["findings"][0]["last"],
        "check": document["checks"][1],
    }.items():
        assert shown.keys() == parts[name]["properties"].keys()
    assert document["findings"][0]["last"] == {
        "source": "stock/full.json",
        "line": 900,
        "column": 7,
    }
    assert (document["errors"], document["warnings"], document["leftOut"]) == (1, 5, 3)
    assert document["counts"] == {"files": 1, "records": 1200}


def test_junit_has_a_case_for_each_check_and_file() -> None:
    cases = junit_cases(small_report())
    results = {name: [type(r).__name__ for r in case.result] for name, case in cases.items()}

    assert results == {
        "stock/full.json": ["Failure"],
        "closed job": ["Failure"],
        "duplicates": [],
        "tokens": ["Skipped"],
        "events": [],
        "jobs": ["Error"],
        "a, b: 100%.json": [],
    }
    (failure,) = cases["stock/full.json"].result
    assert failure.type == "UNKNOWN-1"
    assert str(failure.message).startswith("stock/full.json:12:7: ")
    assert "expected: 0 or more" in failure.text
    assert "the last one counts" in str(cases["duplicates"].system_out)
    assert str(cases["a, b: 100%.json"].system_out).count("UNKNOWN-2") == 2


def test_seventeen_findings_in_one_file_are_one_failed_test_with_all_of_them() -> None:
    report = Report("t", [at("a.json", line, found=f"x{line}") for line in range(1, 18)])
    (suite,) = junitparser.JUnitXml.fromstring(render(report, "junit").encode())
    (case,) = suite
    (failure,) = case.result

    assert (suite.tests, suite.failures) == (1, 1)
    assert str(failure.message).startswith("17 findings; the first at a.json:1: ")
    assert failure.type == "UNKNOWN-1"
    assert all(f"a.json:{line} error" in failure.text for line in range(1, 18))
    assert all(f"found: x{line}\n" in f"{failure.text}\n" for line in range(1, 18))


@pytest.mark.parametrize("left_out", [0, 7])
@pytest.mark.parametrize("most", [240, pytest.param(sarif.MOST_RESULTS, marks=pytest.mark.slow)])
def test_sarif_stays_below_what_code_scanning_takes_and_says_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, most: int, left_out: int
) -> None:
    monkeypatch.setattr(sarif, "MOST_RESULTS", most)
    warnings = [at("a.json", line, severity=Severity.WARNING) for line in range(1, 101 + most)]
    error = at("b.json", 1)
    checks = [Check("closed job", Verdict.FAILED, "answered 200")]
    report = Report("t", [*warnings, error], checks, left_out=Counter({Severity.ERROR: left_out}))
    run = sarif_run(report)
    *_, check, note = run["results"]
    missing = len(warnings) + 2 + left_out - (len(run["results"]) - 1)

    assert len(run["results"]) == most + 1 < 25_000
    assert (check["ruleId"], note["ruleId"], note["level"]) == ("FOMS-CHECK", "FOMS-MORE", "note")
    assert note["message"]["text"] == f"{missing:,} more findings left out"
    assert note["locations"]
    assert sum(result["level"] == "error" for result in run["results"]) == 2
    assert run["invocations"][0]["toolExecutionNotifications"][0]["level"] == "warning"


@pytest.mark.parametrize(
    ("verdicts", "told"),
    [
        ([Verdict.ERROR], "0 of 1 check failed, 1 without a verdict"),
        ([Verdict.SKIPPED], "0 of 1 check failed, 1 without a verdict"),
        (
            [Verdict.FAILED, Verdict.ERROR, Verdict.PASSED],
            "1 of 3 checks failed, 1 without a verdict",
        ),
        ([Verdict.PASSED], "0 of 1 check failed"),
    ],
)
def test_what_could_not_be_looked_at_has_not_failed(verdicts: list[Verdict], told: str) -> None:
    checks = [Check("a", verdict) for verdict in verdicts]
    report = Report("t", checks=checks, cut_short=Outcome.INCOMPLETE)

    assert render(report, "text").splitlines()[-1] == f"{told}: incomplete"


def test_sarif_says_of_a_bounded_report_that_it_is_bounded() -> None:
    run = sarif_run(Report("t", [at("a.json", 3)], left_out=Counter({Severity.ERROR: 2})))

    assert [result["ruleId"] for result in run["results"]] == ["UNKNOWN-1", "FOMS-MORE"]
    assert run["results"][1]["message"]["text"] == "2 more findings left out"


def test_sarif_tells_of_a_rule_outside_the_pack_by_its_finding() -> None:
    reported = at("a.json", 3)._replace(title="The text is not JSON", hint="Repair it.")
    (described,) = sarif_run(Report("t", [reported]))["tool"]["driver"]["rules"]

    assert described["name"] == "TheTextIsNotJSON"
    assert described["shortDescription"]["text"] == "The text is not JSON"
    assert described["help"]["text"] == "Repair it."


def test_sarif_places_a_finding_in_file_line_column_and_payload() -> None:
    run = sarif_run(small_report())
    first, second, third, check = run["results"][:4]

    assert run["columnKind"] == "unicodeCodePoints"
    assert first["locations"][0] == {
        "physicalLocation": {
            "artifactLocation": {"uri": "stock/full.json"},
            "region": {"startLine": 12, "startColumn": 7},
        },
        "logicalLocations": [{"fullyQualifiedName": "/entities/4/qty"}],
    }
    assert first["occurrenceCount"] == 17
    assert first["relatedLocations"][0]["physicalLocation"]["region"]["startLine"] == 900
    assert second["level"] == "warning"
    assert second["locations"][0]["physicalLocation"]["region"] == {"startLine": 3}
    assert "region" not in third["locations"][0]["physicalLocation"]
    assert "answered 200" in check["message"]["text"]
    assert run["invocations"][0]["executionSuccessful"] is False


@pytest.mark.parametrize(
    ("source", "uri"),
    [
        ("./a//b.json", "a/b.json"),
        ("a b/c#d?e%.json", "a%20b/c%23d%3Fe%25.json"),
        ("x:y.json", "x%3Ay.json"),
        ("caf\u00e9.json", "caf%C3%A9.json"),
        ("bad\udcff.json", "bad%FF.json"),
        ("/elsewhere/a b.json", "file:///elsewhere/a%20b.json"),
    ],
)
def test_sarif_names_a_file_by_a_legal_uri(source: str, uri: str) -> None:
    (result,) = sarif_run(Report("t", [at(source, 1)]))["results"]

    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == uri


def test_sarif_knows_a_finding_again_when_its_line_and_its_list_item_moved() -> None:
    before = [at("a.json", 5, pointer="/entities/4/qty"), at("a.json", 9, found="-9")]
    moved = [
        at("a.json", 50, pointer="/entities/77/qty"),
        at("a.json", 90, found="-9"),
        at("a.json", 99),
    ]

    old, new = (
        [r["partialFingerprints"] for r in sarif_run(Report("t", found))["results"]]
        for found in (before, moved)
    )

    assert new[:2] == old
    assert len({str(fingerprint) for fingerprint in new}) == 3


def test_sarif_takes_no_placeholder_and_no_link_from_a_payload() -> None:
    report = Report("t", [at("a.json", found="{0} [here](https://example.org) [1]")])
    (result,) = sarif_run(report)["results"]

    assert r"{{0}} \[here](https://example.org) [1]" in result["message"]["text"]


def test_github_gets_its_marks_escaped_and_the_errors_first() -> None:
    report = small_report()
    report = replace(report, findings=report.findings[::-1], checks=[])
    report.findings[0] = at("a, b: 100%.json", 3, severity=Severity.WARNING, found="50%\n::end")
    lines = render(report, "github").splitlines()
    commands = [GITHUB_COMMAND.fullmatch(line) for line in lines]

    assert [command and command[1] for command in commands] == [
        "error",
        "warning",
        "warning",
        "warning",
        "notice",
    ]
    assert lines[0].startswith("::error file=stock/full.json,line=12,col=7,title=UNKNOWN-1 ")
    assert lines[1].startswith("::warning file=a%2C b%3A 100%25.json,line=3,title=")
    message = lines[1].partition("::warning ")[2].partition("::")[2]
    assert r"found 50%25\n::end; expected 0 or more%0Aat /entities/4/qty" in message
    assert "50%\\n::end" in unquote(message)


def test_markdown_has_a_table_of_what_was_found_the_errors_first() -> None:
    findings = [at("b.json", found="-4", severity=Severity.WARNING), at("a|b.json", 3, 7)]
    written = render(Report("t", findings, counts={"files": 2}), "markdown")

    title, _, header, _, error, warning, _, seen = written.splitlines()[:8]
    assert title == "### t: 1 error, 1 warning: failed"
    assert header == "| | where | what is wrong | what to do |"
    assert error.startswith("| error | <code>a&#124;b.json:3:7</code><br>at <code>/entities/4/qty")
    assert warning.startswith("| warning | <code>b.json</code><br>at ")
    assert "<br>found <code>-4</code><br>expected 0 or more |" in warning
    assert seen == "looked at 2 files"


def test_a_summary_for_ci_shows_the_first_hundred_and_says_how_many_more() -> None:
    written = render(Report("t", [at(f"{number}.json") for number in range(130)]), "markdown")

    assert written.count("| error |") == 100
    assert "30 more are not shown here." in written
    assert written.startswith("### t: 130 errors: failed\n")


def test_a_page_tells_the_errors_first_why_a_rule_is_there_and_runs_nothing() -> None:
    hostile = "<script>alert(1)</script>"
    findings = [
        at("b.json", found="-4", severity=Severity.WARNING),
        at("a.json", 3, 7, found=hostile, rule_id=RULES[0].id),
    ]
    checks = [Check("fine", Verdict.PASSED), Check("broken", Verdict.FAILED, hostile, "one\ntwo")]
    written = render(Report("t", findings, checks, {"files": 2}), "html")

    assert written.index("a.json:3:7") < written.index("b.json")
    assert written.index("broken") < written.index("fine")
    assert RULES[0].reason in unescape(written)
    assert "<b>2</b>files" in written
    assert "<pre>one\ntwo</pre>" in written
    assert hostile not in written
    assert "default-src 'none'" in written
    assert "<script" not in written


def test_a_page_shows_the_first_thousands_and_says_how_many_more() -> None:
    written = render(Report("t", [at(f"{number}.json") for number in range(2_030)]), "html")

    assert written.count('<td class="bad">error</td>') == 2_000
    assert "30 more are not shown here." in written


def test_the_command_line_knows_every_format_and_has_a_file_for_those_for_programs() -> None:
    assert reports.FORMATS == FORMATS
    assert {*REPORT_FILES, "text", "github"} == set(FORMATS)


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("A LAST_ON_HAND is negative", "LastOnHandIsNegative"),
        (
            "A record's type is nearly a documented quantity type",
            "RecordsTypeIsNearlyDocumentedQuantityType",
        ),
        ("INVENTORY_UPDATE is obsolete", "InventoryUpdateIsObsolete"),
        ("The text is not JSON", "TheTextIsNotJSON"),
    ],
)
def test_a_rule_has_a_readable_name_in_sarif(title: str, name: str) -> None:
    assert sarif._name(title) == name
