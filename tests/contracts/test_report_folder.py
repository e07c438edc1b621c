"""A folder of reports holds what the last run has reported, and nothing of one before it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from fluent_oms_simulator.cli import main

from .contract_servers import refusing_with_403, run_contract, server

REPORTS = ["report.json", "report.sarif", "report.xml", "summary.md"]
CONTRACT = ("--select", "nobody is let in without a token [findEvents]")


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_failures_of_an_earlier_run_do_not_stand_beside_the_report_of_one_that_passes(
    tmp_path: Path,
) -> None:
    with server(refusing_with_403) as (url, _):
        failed = run_contract("--url", url, *CONTRACT, "--report-dir", str(tmp_path))
    assert names(tmp_path) == ["failures", *REPORTS]
    (tmp_path / "left-behind.txt").write_text("P at L may still hold stock\n")
    passed = run_contract(*CONTRACT, "--report-dir", str(tmp_path))

    assert (failed.returncode, passed.returncode) == (1, 0), passed.stderr
    assert names(tmp_path) == REPORTS
    assert json.loads((tmp_path / "report.json").read_text())["outcome"] == "passed"


def test_a_run_that_cannot_begin_leaves_the_report_of_the_one_before(tmp_path: Path) -> None:
    (tmp_path / "report.json").write_text("{}")
    ended = run_contract("--url", "http://127.0.0.1:9", *CONTRACT, "--report-dir", str(tmp_path))

    assert ended.returncode == 2
    assert names(tmp_path) == ["report.json"]


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
        main, ["validate", str(payload), "--report-dir", str(failures / "..")]
    )

    assert ended.exit_code == 0, ended.output
    assert names(failures) == ["mine.json"]
    assert names(failures.parent) == ["failures", *REPORTS]


@pytest.mark.parametrize("command", ["contract", "validate", "report"])
def test_that_reports_are_replaced_is_said_in_the_help(command: str) -> None:
    told = " ".join(CliRunner().invoke(main, [command, "--help"]).output.split())

    assert "All that an earlier run has reported there is replaced" in told
