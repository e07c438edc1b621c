"""What went over the wire, written for the tests that failed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from fluent_oms_simulator.harness.written_reports import laid_out
from fluent_oms_simulator.settings import Settings
from junitparser import JUnitXml, TestCase

from .helpers.inner_runs import RunTests

pytest_plugins = ["pytester"]

TESTS = """
def test_passes(fluent_oms):
    send(fluent_oms, delta(*PLACE, -1, "unseen"))

def test_fails(fluent_oms):
    fluent_oms.load({PLACE: 5})
    send(fluent_oms, delta(*PLACE, -1, "<b>pos-1</b>"))
    fluent_oms.assert_on_hand({PLACE: 5})

@pytest.fixture
def broken(fluent_oms):
    send(fluent_oms, delta(*PLACE, -1, "pos-2"))
    raise RuntimeError("broken")

def test_errs(broken): ...

@pytest.mark.skip(reason="not yet")
def test_skipped(fluent_oms): ...

def test_without(): assert 1 == 2
"""


@pytest.mark.parametrize("workers", [0, 2])
def test_what_failed_is_reported_with_what_went_over_the_wire(
    run_tests: RunTests, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, workers: int
) -> None:
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")  # workers are there sooner
    plugins = ("-p", "xdist", "-p", "fluent_oms")
    result = run_tests(TESTS, *plugins, "-n", str(workers), "--fluent-oms-report", "out")

    result.assert_outcomes(passed=1, failed=2, errors=1, skipped=1)
    result.stdout.fnmatch_lines(["What went over the wire: */out/report.html"])
    folder = pytester.path / "out"
    tests = {
        each["test"].rpartition("::")[2]: each
        for each in json.loads((folder / "report.json").read_text(encoding="utf-8"))["tests"]
    }
    assert {name: test["outcome"] for name, test in tests.items()} == {
        "test_passes": "passed",
        "test_fails": "failed",
        "test_errs": "error",
        "test_skipped": "skipped",
        "test_without": "failed",
    }
    [world] = tests["test_fails"]["worlds"]
    assert [each["operation"] for each in world["requests"]] == ["issueToken", "sendEvent"]
    assert "<b>pos-1</b>" in world["requests"][1]["sent"]
    assert "4 on hand, expected 5" in tests["test_fails"]["why"]
    assert [len(tests[name]["worlds"]) for name in ("test_errs", "test_without")] == [1, 0]
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "3 of 5 tests did not pass." in page
    assert "&lt;b&gt;pos-1&lt;/b&gt;" in page
    assert "<b>" not in page
    assert "unseen" not in page


def test_the_page_begins_with_what_failed_and_tells_what_came_of_each_request(
    run_tests: RunTests, pytester: pytest.Pytester
) -> None:
    run_tests(
        """
        def test_lost(fluent_oms):
            fluent_oms.load({PLACE: 5})
            fluent_oms.faults.status(503, point="after_commit", operation="event", nth=1)
            send(fluent_oms, delta(*PLACE, -1, "pos-1"))
            send(fluent_oms, delta(*PLACE, -1, "pos-2"))
            fluent_oms.assert_on_hand({PLACE: 4})
        """,
        *("--fluent-oms-report", "out"),
    )

    page = (pytester.path / "out" / "report.html").read_text(encoding="utf-8")
    before, _, after = page.partition("<section")
    assert '<a href="#test-1">test_it.py::test_lost</a>' in before
    assert "AssertionError: SKU_1 at LOC_1 has 3 on hand, expected 4: 1 too few." in before
    assert after.startswith(' id="test-1">')
    assert "SKU_1:LOC_1:DEFAULT 5 -&gt; 4); struck by status at after_commit" in after
    assert "SKU_1:LOC_1:DEFAULT 4 -&gt; 3); breaks FOMS-O008" in after
    assert "  &#34;name&#34;: &#34;INVENTORY_DELTA&#34;," in after
    log = (pytester.path / "out" / "report.xml").read_text(encoding="utf-8")
    assert "struck by status at after_commit" in log


@pytest.mark.parametrize(
    "text",
    ['{"qty":1,"qty":2}', '{"qty": 1.0e2}', '{"ref": "\\u0041"}', "[" * 100_000, "grant_type=x"],
    ids=["twice", "number", "escaped", "deep", "form"],
)
def test_what_cannot_be_laid_out_and_say_the_same_is_shown_as_it_was_sent(text: str) -> None:
    assert laid_out(text) == text


@pytest.mark.parametrize("text", ['{"a": [1, "é"]}', '{"a":[1,"é"]}', '{"a":[1,"\\u00e9"]}'])
def test_json_is_laid_out(text: str) -> None:
    assert laid_out(text) == '{\n  "a": [\n    1,\n    "é"\n  ]\n}'


def test_junit_has_each_test_with_its_output(
    run_tests: RunTests, pytester: pytest.Pytester
) -> None:
    run_tests(TESTS, "--fluent-oms-report", "out")

    [suite] = JUnitXml.fromfile(str(pytester.path / "out" / "report.xml"))
    cases = {case.name: case for case in suite if isinstance(case, TestCase)}
    assert (suite.tests, suite.failures, suite.errors, suite.skipped) == (5, 2, 1, 1)
    failed = cases["test_fails"]
    assert failed.classname == "test_it.py"
    assert failed.result[0].message == (
        "AssertionError: SKU_1 at LOC_1 has 4 on hand, expected 5: 1 too few."
    )
    assert "POST /api/v4.1/event/async -> 200" in (failed.system_out or "")
    assert cases["test_passes"].system_out is None


def test_no_secret_is_reported(run_tests: RunTests, pytester: pytest.Pytester) -> None:
    run_tests(TESTS, "--fluent-oms-report", "out", "--showlocals")

    for file in (pytester.path / "out").iterdir():
        text = file.read_text(encoding="utf-8")
        assert Settings().client_secret not in text
        assert Settings().password not in text


def test_a_report_takes_the_place_of_an_earlier_one(
    run_tests: RunTests, pytester: pytest.Pytester
) -> None:
    run_tests(TESTS, ini="fluent_oms_report = out")
    run_tests("def test_passes(): ...", ini="fluent_oms_report = out")

    page = (pytester.path / "out" / "report.html").read_text(encoding="utf-8")
    assert "0 of 1 tests did not pass." in page


def test_a_run_that_only_collects_reports_nothing(
    run_tests: RunTests, pytester: pytest.Pytester
) -> None:
    run_tests(TESTS, "--collect-only", "--fluent-oms-report", "out")

    assert not (pytester.path / "out").exists()


def test_a_folder_that_cannot_be_written_is_told_before_any_test(
    run_tests: RunTests, pytester: pytest.Pytester
) -> None:
    (pytester.path / "out").write_text("a file", encoding="utf-8")

    result = run_tests(TESTS, "--fluent-oms-report", "out")

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*nothing can be written to the folder*out*"])


def test_a_world_that_has_gone_is_told_as_that(
    run_tests: RunTests, pytester: pytest.Pytester
) -> None:
    run_tests(
        """
        def test_fails(fluent_oms, fluent_oms_server):
            fluent_oms_server.drop(fluent_oms)
            assert False
        """,
        "--fluent-oms-report",
        "out",
    )

    [test] = json.loads((Path(pytester.path) / "out" / "report.json").read_text("utf-8"))["tests"]
    assert "There is no namespace" in test["worlds"][0]["why"]
