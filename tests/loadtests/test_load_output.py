"""Where the result of a load run goes, and what becomes of it where it cannot go there."""

from __future__ import annotations

import os
import shlex
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from fluent_oms_simulator.loadtests.reporting.verdict import Verdict
from fluent_oms_simulator.loadtests.running.result_output import tell
from fluent_oms_simulator.loadtests.traffic.load_options import LoadOptions

from .helpers.load_rig import SECONDS, SMALL, environment, load, needs_locust, program, result_of
from .helpers.run_results import clean_run

pytestmark = needs_locust


def test_a_result_is_not_written_over_another(tmp_path: Path) -> None:
    (tmp_path / "result.json").write_text("of before")
    run = load("delta", "--duration", "1", folder=tmp_path)

    assert run.returncode == 2
    assert "result.json is there already: name a folder without a report" in run.stderr
    assert (tmp_path / "result.json").read_text() == "of before"


@pytest.mark.skipif(os.name == "posix" and os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_to_is_told_before_the_load(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    run = load("delta", "--duration", "1", folder=tmp_path / "below")
    tmp_path.chmod(0o700)

    assert run.returncode == 2
    assert "below: Permission denied" in run.stderr
    assert "loading the opening stock" not in run.stderr


def test_a_report_folder_that_is_a_file_is_told_before_the_load(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    run = load("delta", "--duration", "1", folder=tmp_path / "file" / "below")

    assert run.returncode == 2
    assert "below: Not a directory" in run.stderr
    assert "loading the opening stock" not in run.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("where", ["> /dev/full", ">&-"])
def test_output_that_cannot_be_written_is_told_before_the_load(where: str, tmp_path: Path) -> None:
    run = in_shell(where, tmp_path)

    assert run.returncode == 2
    assert run.stderr.startswith("fluent-sim load: standard output cannot be written: ")
    assert "loading the opening stock" not in run.stderr
    assert not (tmp_path / "r").exists() or not list((tmp_path / "r").iterdir())


@pytest.mark.slow
def test_a_reader_that_has_gone_loses_no_figures(tmp_path: Path) -> None:
    run = in_shell("| exec true", tmp_path, before="sleep 0.2;")

    assert run.stdout == ""
    assert f"the figures are in {tmp_path / 'r'}" in run.stderr
    assert "Traceback" not in run.stderr
    assert "BrokenPipe" not in run.stderr
    assert run.stderr.splitlines()[-1] == "2"
    assert result_of(tmp_path / "r").verdict is Verdict.MET


def test_figures_are_printed_when_their_files_cannot_be_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    code = tell(clean_run(), LoadOptions(report_dir=str(tmp_path / "file" / "below")))
    said = capsys.readouterr()

    assert code == 2
    assert said.out.splitlines()[-1].startswith("Met: ")
    assert "the result is not written: nothing can be written to the folder " in said.err


def test_a_result_that_is_there_is_not_overwritten_unasked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = LoadOptions(report_dir=str(tmp_path))
    codes = [tell(clean_run(), options), tell(clean_run(), options)]
    codes.append(tell(clean_run(), replace(options, overwrite=True)))
    said = capsys.readouterr()

    assert codes == [0, 2, 0]
    (sentence,) = said.err.splitlines()
    assert f"{tmp_path / 'report.xml'} is there already" in sentence
    assert said.out.count("Met: ") == 3


def test_two_runs_in_one_second_get_a_folder_each(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for _ in range(3):
        tell(clean_run(), LoadOptions(scenario="day"))
    first, second, third = sorted((tmp_path / "load-results").iterdir())

    assert (second.name, third.name) == (f"{first.name}-2", f"{first.name}-3")
    assert all((folder / "result.json").exists() for folder in (first, second, third))


@pytest.mark.slow
def test_closed_input_and_complaints_do_not_stop_a_run(tmp_path: Path) -> None:
    run = in_shell("<&- 2>&-", tmp_path)

    assert run.returncode == 0, run.stdout
    assert run.stdout.splitlines()[-1].startswith("Met: ")


def in_shell(how: str, folder: Path, before: str = "") -> subprocess.CompletedProcess[str]:
    """A short run as a line for bash; its streams go where `how` says."""
    words = ("load", "delta", *SMALL, "--duration", "1", "--report-dir", str(folder / "r"))
    line = shlex.join(program(*words))
    ends = "echo $? >&2;" if how.startswith("|") else ""
    script = f"{{ {before} {line}; {ends} }} {how}" if ends else f"{line} {how}"
    return subprocess.run(
        ["bash", "-c", script],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        env=environment(),
        check=False,
    )
