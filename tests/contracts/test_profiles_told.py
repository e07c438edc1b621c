"""Which profile a verdict belongs to: told by every report, and what it changes of a verdict."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from fluent_oms_simulator import Settings
from fluent_oms_simulator.cli import main
from fluent_oms_simulator.contracts.reporting.render import FORMATS, render
from fluent_oms_simulator.contracts.reporting.run_report import Outcome, Report, Verdict, judged_by
from fluent_oms_simulator.contracts.rules.rule import Severity
from fluent_oms_simulator.contracts.running.contract_run import run
from fluent_oms_simulator.contracts.running.options import Options
from fluent_oms_simulator.switches import PROFILES, Profile

from ..conftest import MakeSimulator
from ..support import Client, event
from .helpers.suite_runs import suite_read_anew

COUNT = {"inventoryPosition": {"productRef": "D45", "locationRef": "LOC_MEL", "qty": 7}}


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_says_what_a_verdict_belongs_to(form: str) -> None:
    report = Report("t", judged_by=judged_by("documented", {"job.closes": "never"}))
    told = render(report, form, fail_on=Severity.ERROR)

    assert "profile documented, with job.closes=never" in told


def test_a_program_reads_the_name_of_the_profile_alone() -> None:
    report = Report("t", judged_by=judged_by("documented", {"job.closes": "never"}))
    told = json.loads(render(report, "json", fail_on=Severity.ERROR))

    assert told["profile"] == "documented"
    assert json.loads(render(Report("t"), "json", fail_on=Severity.ERROR))["profile"] == ""


@pytest.mark.parametrize(
    ("args", "exit_code", "severity"),
    [((), 1, "error"), (("--profile", "documented"), 0, "warning")],
)
def test_what_pages_only_warn_of_is_no_error_in_the_documented_profile(
    tmp_path: Path, args: tuple[str, ...], exit_code: int, severity: str
) -> None:
    file = tmp_path / "event.json"
    file.write_text(json.dumps(event("InventoryChanged", COUNT)))
    result = CliRunner().invoke(main, ["validate", "--format", "json", *args, str(file)])

    report = json.loads(result.stdout)
    assert result.exit_code == exit_code
    assert report["profile"] == (args[1] if args else "strict")
    assert [(row["rule"], row["severity"]) for row in report["findings"]] == [
        ("FOMS-E020", severity)
    ]


@pytest.mark.parametrize("profile", ["strict", "documented"])
def test_an_event_with_a_fault_is_at_fault_in_either_profile(tmp_path: Path, profile: str) -> None:
    file = tmp_path / "event.json"
    entry = {"productRef": "D45", "locationRef": "LOC_MEL", "qty": 1}
    file.write_text(json.dumps(event("INVENTORY_DELTA", {"deltas": [entry]})))
    result = CliRunner().invoke(main, ["validate", "--profile", profile, str(file)])

    assert result.exit_code == 1
    assert f"judged by profile {profile}\n" in result.stdout


def test_the_report_on_traffic_says_how_the_simulator_acts(make_simulator: MakeSimulator) -> None:
    settings = Settings(seed_data="none", profile="documented", behaviours={"job.closes": "never"})
    client = Client(make_simulator(settings=settings))
    client.send(event("InventoryChanged", COUNT))
    told = client.http.get("/__admin/conformance?select=FOMS-E020").get_json()

    assert told["profile"] == "documented"
    assert told["judgedBy"] == "profile documented, with job.closes=never"
    assert [row["severity"] for row in told["findings"]] == ["warning"]
    assert told["verdict"] == "passed"


@pytest.mark.slow
@pytest.mark.parametrize("profile", PROFILES)
def test_every_contract_is_honoured_in_either_profile(profile: Profile) -> None:
    with suite_read_anew():
        report = run(Options(profile=profile, max_examples=5, seed=3))

    assert [check for check in report.checks if check.verdict is Verdict.FAILED] == []
    assert report.judged_by == judged_by(profile, {})
    assert report.outcome(Severity.ERROR) is Outcome.PASSED
