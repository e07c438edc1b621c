"""A folder of reports holds what the last run has reported, and nothing of one before it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from fluent_oms_simulator.cli import main
from fluent_oms_simulator.console.report_folder import ReportFolder

from .helpers.contract_servers import refusing_with_403, run_contract, server

REPORTS = ["report.html", "report.json", "report.sarif", "report.xml", "summary.md"]
CONTRACT = ("--select", "nobody is let in without a token [findEvents]")


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.slow
def test_failures_of_an_earlier_run_do_not_stand_beside_the_report_of_one_that_passes(
    tmp_path: Path,
) -> None:
    with server(refusing_with_403) as (url, _):
        failed = run_contract("--url", url, *CONTRACT, "--report-dir", str(tmp_path))
    assert names(tmp_path) == ["failures", *REPORTS]
    (tmp_path / "left-behind.txt").write_text("P at L may still hold stock\n")
    passed = run_contract(*CONTRACT, "--report-dir", str(tmp_path), "--overwrite")

    assert (failed.returncode, passed.returncode) == (1, 0), passed.stderr
    assert names(tmp_path) == REPORTS
    assert json.loads((tmp_path / "report.json").read_text())["outcome"] == "passed"


@pytest.mark.slow
def test_a_run_that_cannot_begin_leaves_the_report_of_the_one_before(tmp_path: Path) -> None:
    (tmp_path / "report.json").write_text("{}")
    given = ("--report-dir", str(tmp_path), "--overwrite")
    ended = run_contract("--url", "http://127.0.0.1:9", *CONTRACT, *given)

    assert ended.returncode == 2
    assert names(tmp_path) == ["report.json"]


@pytest.mark.slow
def test_a_failure_that_is_sent_again_is_not_replaced_by_the_report_of_that(tmp_path: Path) -> None:
    with server(refusing_with_403) as (url, _):
        run_contract("--url", url, *CONTRACT, "--report-dir", str(tmp_path))
        (file,) = (tmp_path / "failures").iterdir()
        again = run_contract("--url", url, "--report-dir", str(tmp_path), "replay", str(file))

    assert again.returncode == 2
    assert "name another folder" in again.stderr
    assert file.exists()


def test_validate_replaces_what_was_reported_and_keeps_what_is_not_ours(tmp_path: Path) -> None:
    failures, payload = tmp_path / "r" / "failures", tmp_path / "job.json"
    failures.mkdir(parents=True)
    (failures / "stale.json").write_text('{\n  "format": 1,\n  "contract"')
    (failures / "mine.json").write_text('{"of": "somebody else"}')
    payload.write_text('{"name": "n", "retailerId": "1"}')
    ended = CliRunner().invoke(
        main, ["validate", str(payload), "--report-dir", str(failures / ".."), "--overwrite"]
    )

    assert ended.exit_code == 0, ended.output
    assert names(failures) == ["mine.json"]
    assert names(failures.parent) == ["failures", *REPORTS]


REPORTING = ["validate job.json", "report", "contract", "load delta", "load compare a b"]
"""Every command that has --report-dir; each looks at the folder before there is any work."""


@pytest.mark.parametrize("command", REPORTING)
@pytest.mark.parametrize(
    "there", ["report.json", "summary.md", "result.json", "report.html", "left-behind.txt"]
)
def test_what_was_reported_before_is_not_overwritten_unasked(
    command: str, there: str, tmp_path: Path
) -> None:
    (tmp_path / there).write_text("of the run before")
    ended = CliRunner().invoke(main, [*command.split(), "--report-dir", str(tmp_path)])

    assert (ended.exit_code, ended.stdout) == (2, "")
    (sentence,) = ended.stderr.splitlines()[-1:]
    assert f"--report-dir: {tmp_path / there} is there already" in sentence
    assert "give --overwrite to replace all that was reported there" in sentence
    assert names(tmp_path) == [there]
    assert (tmp_path / there).read_text() == "of the run before"


def test_recorded_failures_alone_are_not_overwritten_either(tmp_path: Path) -> None:
    (tmp_path / "failures").mkdir()
    (tmp_path / "failures" / "a.json").write_text('{\n  "format": 1,\n  "contract": "c"}')
    ended = CliRunner().invoke(main, ["validate", "job.json", "--report-dir", str(tmp_path)])

    assert ended.exit_code == 2
    assert "a.json is there already" in ended.stderr


def test_a_report_that_comes_while_the_work_is_done_is_kept(tmp_path: Path) -> None:
    folder = ReportFolder(tmp_path, overwrite=False)
    (tmp_path / "report.xml").write_text("of another run")

    with pytest.raises(OSError, match="there already"):
        folder.write_reports(lambda form: form)
    assert names(tmp_path) == ["report.xml"]


@pytest.mark.parametrize("command", REPORTING)
def test_how_to_overwrite_is_said_in_the_help(command: str) -> None:
    words = [word for word in command.split() if word not in ("job.json", "a", "b")]
    told = " ".join(CliRunner().invoke(main, [*words, "--help"]).output.split())

    assert "Replace all that an earlier run has reported" in told


def test_figures_of_benchmarks_are_not_overwritten_unasked(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text("{}")
    words = ["bench", "--only", "startup", "--json", str(tmp_path / "x.json")]
    ended = CliRunner().invoke(main, words)

    assert (ended.exit_code, ended.stdout) == (2, "")
    assert "x.json is there already: name another file, or give --overwrite" in ended.stderr
