"""Whatever a payload holds, a report of it is well-formed and safe to print."""

from collections import Counter

import junitparser
import orjson
import pytest
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
from fluent_oms_simulator.intake.schemas import Schemas
from hypothesis import given
from markdown_it import MarkdownIt

from .helpers.report_samples import GITHUB_COMMAND, finding, reports, sarif_validator


@given(reports)
def test_whatever_a_payload_holds_a_terminal_gets_printable_lines(report: Report) -> None:
    for form in ("text", "github"):
        lines = render(report, form).split("\n")
        assert lines.pop() == ""
        assert [line for line in lines if not line.isprintable()] == []


@pytest.mark.slow
@given(reports)
def test_whatever_a_payload_holds_every_line_for_github_is_one_command(report: Report) -> None:
    lines = render(report, "github").splitlines()

    assert [line for line in lines if not GITHUB_COMMAND.fullmatch(line)] == []
    assert len(lines) >= len(report.findings) + 1


@pytest.mark.slow
@given(reports)
def test_whatever_a_payload_holds_the_json_fits_its_schema(report: Report) -> None:
    written = render(report, "json")
    document = orjson.loads(written)

    assert written.isascii()
    assert Schemas().faults("report", document) == ([], 0)
    assert len(document["findings"]) == len(report.findings)
    assert len(document["checks"]) == len(report.checks)


@given(reports)
def test_whatever_a_payload_holds_the_junit_xml_loads_again(report: Report) -> None:
    written = render(report, "junit", fail_on=Severity.WARNING)
    suites = junitparser.JUnitXml.fromstring(written.encode("utf-8"))
    cases = [case for suite in suites for case in suite]

    assert all(len(case.result) <= 1 for case in cases)
    (suite,) = suites
    assert suite.failures + suite.errors + suite.skipped <= suite.tests == len(cases)
    assert bool(suite.failures + suite.errors) == (
        report.outcome(Severity.WARNING) is not Outcome.PASSED
    )
    assert all(line.isprintable() for line in written.replace("\t", "").split("\n"))


@given(reports)
def test_whatever_a_payload_holds_the_markdown_is_one_table_of_text(report: Report) -> None:
    written = render(report, "markdown")
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(written)
    inline = [token for token in tokens if token.type == "inline"]
    within = Counter(each.type for token in inline for each in token.children or ())
    tags = {
        each.content for token in inline for each in token.children or () if "html" in each.type
    }

    assert all(line.isprintable() for line in written.split("\n"))
    assert set(within) <= {"text", "text_special", "html_inline", "softbreak"}
    assert tags <= {"<code>", "</code>", "<br>"}
    blocks = {token.type.removesuffix("_open") for token in tokens if token.nesting == 1}
    assert blocks <= {"heading", "paragraph", "table", "thead", "tbody", "tr", "th", "td"}
    assert {token.type for token in tokens if token.nesting == 0} == {"inline"}
    rows = sum(token.type == "tr_open" for token in tokens)
    cells = sum(token.type == "td_open" for token in tokens)
    assert cells == 4 * max(0, rows - 1)
    assert rows == 0 or rows - 1 >= len(report.findings)


@given(reports)
def test_whatever_a_payload_holds_the_sarif_fits_the_official_schema(report: Report) -> None:
    document = orjson.loads(render(report, "sarif"))
    sarif_validator().validate(document)

    (run,) = document["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert len(run["results"]) >= len(report.findings)
    assert all(rules[r["ruleIndex"]]["id"] == r["ruleId"] for r in run["results"])
    texts = ("shortDescription", "fullDescription", "help")
    assert all(rule["name"] and rule[text]["text"] for rule in rules for text in texts)


@pytest.mark.parametrize("form", FORMATS)
def test_a_text_of_a_million_characters_does_not_fill_the_report(form: str) -> None:
    report = Report("t", [Reported(finding(found="x" * 1_000_000), Place("a.json"))])
    report.checks.append(Check("c", Verdict.FAILED, "y" * 1_000_000, "z\n" * 500_000))

    written = render(report, form)

    assert len(written) < 20_000
    assert "characters more)" in written
