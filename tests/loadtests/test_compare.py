"""Two runs side by side: what got better or worse, and whether they may be compared."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from fluent_oms_simulator.cli import main
from fluent_oms_simulator.console.report_folder import RESULT
from fluent_oms_simulator.loadtests.reporting import result_file
from fluent_oms_simulator.loadtests.reporting.compare import Figure, compare, show
from fluent_oms_simulator.loadtests.reporting.comparison_files import html_comparison
from fluent_oms_simulator.loadtests.reporting.histogram import Histogram
from fluent_oms_simulator.loadtests.reporting.run_result import (
    AuditResult,
    Environment,
    RunResult,
    Totals,
)
from hypothesis import given, settings
from rich.console import Console

from .helpers.run_results import clean_run, run_result, run_results


def figure(first: RunResult, second: RunResult, name: str) -> Figure:
    """One row of the comparison."""
    return next(row for row in compare(first, second).figures if row.name == name)


def shown(first: RunResult, second: RunResult) -> str:
    """What a terminal shows."""
    output = io.StringIO()
    show(compare(first, second), Console(file=output, width=110, color_system=None))
    return output.getvalue()


def accepted(deltas: int) -> RunResult:
    """A run of four seconds that accepted so many deltas."""
    return clean_run(totals=Totals(deltas_accepted=deltas))


@pytest.mark.parametrize(
    ("before", "after", "ratio", "better"),
    [(4000, 8000, 2.0, True), (4000, 2000, 0.5, False), (4000, 4200, 1.05, None)],
)
def test_more_deltas_a_second_are_better(
    before: int, after: int, ratio: float, better: bool | None
) -> None:
    row = figure(accepted(before), accepted(after), "deltas/s accepted")

    assert row.ratio == pytest.approx(ratio)
    assert row.better is better
    assert (row.first, row.second) == (f"{before / 4:,.0f}", f"{after / 4:,.0f}")


def test_longer_times_are_worse() -> None:
    fast = clean_run(latencies={"accept": Histogram.of([2.0])})
    slow = clean_run(latencies={"accept": Histogram.of([6.0])})

    assert figure(fast, slow, "accept p99").better is False
    assert figure(slow, fast, "accept p99").better is True
    assert figure(fast, slow, "accept p99").ratio == pytest.approx(3.0)


def test_one_more_lost_delta_is_never_about_equal() -> None:
    some = run_result(audit=AuditResult(lost=1000))
    more = run_result(audit=AuditResult(lost=1001))

    assert figure(some, more, "lost").better is False
    assert figure(clean_run(), more, "lost").better is False


def test_what_only_one_run_measured_is_not_compared() -> None:
    one = clean_run(latencies={"accept": Histogram.of([2.0])})
    other = clean_run(latencies={})

    row = figure(one, other, "accept")
    assert (row.first, row.second, row.ratio) == ("measured", "not measured", None)


def test_runs_under_the_same_conditions_are_said_to_be_so() -> None:
    comparison = compare(run_result(), clean_run())

    assert comparison.differences == ()
    assert "same scenario, settings and environment" in comparison.caution


def test_what_differs_about_the_runs_is_named() -> None:
    other = run_result(
        seed=8,
        settings={**run_result().settings, "rate": 900, "workers": 2},
        environment=Environment("3.13.1", "Linux-6.1", 16, {"locust": "2.40"}),
    )

    comparison = compare(run_result(), other)

    assert comparison.differences == (
        ("seed", "70707", "8"),
        ("rate", "511", "900"),
        ("Python", "3.11.9", "3.13.1"),
        ("locust", "2.37.1", "2.40"),
        ("workers", "-", "2"),
    )
    assert comparison.caution.endswith("seed, rate, Python, locust, workers.")


def test_times_that_are_less_exact_are_named_as_a_difference() -> None:
    old = clean_run(latencies={"accept": Histogram.of([2.0])})
    old.latencies["accept"].width = 0.05

    assert ("times right to within", "5%", "1%") in compare(old, clean_run()).differences


def test_both_reports_tell_every_figure_and_difference() -> None:
    first, second = accepted(4000), replace(accepted(9000), seed=8, command="again --seed 8")
    comparison = compare(first, second)

    page, text = html_comparison(comparison), shown(first, second)

    for row in comparison.figures:
        for word in (row.name, row.first, row.second):
            assert word in page, word
            assert word in text, word
    for word in ("2.25", "better", "70707", "Compare with care, for these differ: seed."):
        assert word in page, word
        assert word in text, word
    assert "again --seed 8" in page


def test_results_are_compared_by_their_folders_as_well(tmp_path: Path) -> None:
    for name, deltas in (("a", 4000), ("b", 8000)):
        (tmp_path / name).mkdir()
        (tmp_path / name / RESULT).write_bytes(result_file.to_json(accepted(deltas)))
    words = ["load", "compare", str(tmp_path / "a"), str(tmp_path / "b" / "result.json")]
    run = CliRunner().invoke(main, words)

    assert run.exit_code == 0, run.output
    assert "2.00  better" in run.output


def test_a_comparison_comes_in_the_shared_formats_and_a_folder(tmp_path: Path) -> None:
    for name, deltas in (("a", 4000), ("b", 8000)):
        (tmp_path / name).mkdir()
        (tmp_path / name / RESULT).write_bytes(result_file.to_json(accepted(deltas)))
    words = ["load", "compare", str(tmp_path / "a"), str(tmp_path / "b")]
    folder = tmp_path / "both"

    as_json = CliRunner().invoke(main, [*words, "--format", "json", "--report-dir", str(folder)])
    markdown = CliRunner().invoke(main, [*words, "--format", "markdown"])

    assert json.loads(as_json.output)["figures"][0]["ratio"] == 2.0
    assert "| 2.00 | better |" in markdown.output
    assert (folder / "report.json").read_text(encoding="utf-8") == as_json.output
    assert (folder / "summary.md").read_text(encoding="utf-8") == markdown.output
    assert "2.00" in (folder / "report.html").read_text(encoding="utf-8")


def test_a_page_that_is_there_is_not_replaced_unasked(tmp_path: Path) -> None:
    (tmp_path / RESULT).write_bytes(result_file.to_json(accepted(4000)))
    page = tmp_path / "pages" / "page.html"
    words = ["load", "compare", str(tmp_path), str(tmp_path), "--html", str(page)]

    assert CliRunner().invoke(main, words).exit_code == 0
    page.write_text("mine", encoding="utf-8")
    again = CliRunner().invoke(main, words)
    assert (again.exit_code, again.stdout, page.read_text(encoding="utf-8")) == (2, "", "mine")
    assert f"--html: {page} is there already" in again.stderr
    assert CliRunner().invoke(main, [*words, "--overwrite"]).exit_code == 0
    assert "<html" in page.read_text(encoding="utf-8")


def test_a_page_that_cannot_be_written_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / RESULT).write_bytes(result_file.to_json(accepted(4000)))
    (tmp_path / "file").write_text("")
    words = ["load", "compare", str(tmp_path), str(tmp_path)]

    below_a_file = CliRunner().invoke(main, [*words, "--html", str(tmp_path / "file" / "a.html")])

    assert (below_a_file.exit_code, below_a_file.stdout) == (2, "")
    assert "Errno" not in below_a_file.stderr
    assert "--html: nothing can be written to the folder" in below_a_file.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_comparison_is_told_though_its_page_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / RESULT).write_bytes(result_file.to_json(accepted(4000)))
    words = ["load", "compare", str(tmp_path), str(tmp_path)]

    full = CliRunner().invoke(main, [*words, "--html", "/dev/full"])

    assert full.exit_code == 2
    assert "about equal" in full.stdout
    assert full.stderr.endswith("--html: /dev/full cannot be written: No space left on device\n")


@pytest.mark.parametrize("form", ["junit", "sarif", "github"])
def test_a_format_that_is_for_verdicts_is_refused_for_a_comparison(
    form: str, tmp_path: Path
) -> None:
    words = ["load", "compare", str(tmp_path), str(tmp_path), "--format", form]
    run = CliRunner().invoke(main, words)

    assert run.exit_code == 2
    assert "expected one of text, json, markdown: a comparison has no verdict" in run.output


def test_a_folder_without_a_result_is_refused_with_a_sentence(tmp_path: Path) -> None:
    run = CliRunner().invoke(main, ["load", "compare", str(tmp_path), str(tmp_path)])

    assert run.exit_code == 2
    assert f"{tmp_path / 'result.json'} cannot be read" in run.output


def test_nothing_of_a_result_can_become_part_of_the_page() -> None:
    nasty = "<script>x</script>[bold]"
    run = run_result(scenario=nasty, command=nasty, settings={nasty: nasty})

    page = html_comparison(compare(run, run_result()))

    assert "<script" not in page
    assert page.count("&lt;script&gt;") >= 5
    assert nasty in shown(run, run_result())


@pytest.mark.slow
@settings(max_examples=30, deadline=None)
@given(run_results, run_results)
def test_any_two_results_can_be_compared(first: RunResult, second: RunResult) -> None:
    assert html_comparison(compare(first, second))
    assert shown(first, second)
