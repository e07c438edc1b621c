"""The test that is told with a finding fails until the connector is mended."""

import subprocess
import sys
from pathlib import Path

import pytest
from fluent_oms_simulator.exploring.candidate_faults import CandidateFault
from fluent_oms_simulator.exploring.disturbed_runs import LEAST_SECONDS
from fluent_oms_simulator.exploring.pasted_test import pytest_text

from ..cli.helpers.command_line import ENVIRON, SECONDS
from .helpers.explored import batch_sender, connector, explored


def run_pasted(text: str, folder: Path) -> "subprocess.CompletedProcess[str]":
    """Run it as a stranger does, in a folder of their own."""
    (folder / "test_it.py").write_text(text)
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_it.py"],
        cwd=folder,
        env=ENVIRON,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


@pytest.mark.slow
def test_it_fails_with_what_was_found_and_passes_once_that_is_mended(
    server: str, tmp_path: Path
) -> None:
    [finding] = explored(server, connector("new-delta-id"), depth=1, until="first").findings
    text = pytest_text(finding, connector("new-delta-id"), LEAST_SECONDS)

    failed = run_pasted(text, tmp_path)
    passed = run_pasted(text.replace("new-delta-id", "well"), tmp_path)

    assert "D45 at LOC_MEL has 98 on hand, expected 99: 1 too few." in failed.stdout
    assert "1 failed" in failed.stdout
    assert passed.returncode == 0, passed.stdout


@pytest.mark.slow
def test_one_of_a_batch_that_is_not_polled_asks_for_that(server: str, tmp_path: Path) -> None:
    search = explored(server, batch_sender(1, 90), depth=1, only=("batch-held",))
    text = pytest_text(search.findings[0], batch_sender(1, 90), LEAST_SECONDS)
    mended = pytest_text(search.findings[0], batch_sender(2_000, 90), LEAST_SECONDS)

    assert "fluent_oms.assert_polled_to_complete()" in text
    assert "1 failed" in run_pasted(text, tmp_path).stdout
    passed = run_pasted(mended, tmp_path)
    assert passed.returncode == 0, passed.stdout


def test_a_command_with_spaces_is_written_so_that_it_stays_one(server: str) -> None:
    [finding] = explored(server, connector("new-delta-id"), depth=1, until="first").findings
    command = ["sh", "-c", 'echo "two words"']

    text = pytest_text(finding, command, LEAST_SECONDS)

    names: dict[str, object] = {}
    exec(text, names)
    assert names["COMMAND"] == command


def test_what_its_faults_keep_goes_on_and_a_mended_connector_need_not_come_to_all_of_them(
    server: str,
) -> None:
    [finding] = explored(server, connector("new-delta-id"), depth=1, until="first").findings
    late = CandidateFault.read("sendEvent#2:applied-late")

    plain = pytest_text(finding, ["x"], LEAST_SECONDS)
    both = pytest_text(finding._replace(schedule=(*finding.schedule, late)), ["x"], LEAST_SECONDS)

    assert "clear()" not in plain
    assert "unstruck" not in plain
    assert "fluent_oms.faults.clear()  # what they keep goes on\n    fluent_oms.settle()" in both
    assert 'fluent_oms.unstruck = "ignore"' in both
