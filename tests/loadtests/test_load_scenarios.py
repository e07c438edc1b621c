"""Every scenario for two seconds, against one simulator: what is sent, measured and found."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from fluent_oms_simulator.loadtests.reporting import result_file
from fluent_oms_simulator.loadtests.reporting.run_result import ACCEPT, BATCH_COMPLETE, VISIBLE
from fluent_oms_simulator.loadtests.reporting.wording import at_least
from fluent_oms_simulator.loadtests.running.ramp import highest
from fluent_oms_simulator.loadtests.traffic.load_options import LoadOptions

from ..support import first_at_once
from .helpers.load_rig import (
    SECONDS,
    environment,
    load,
    needs_locust,
    program,
    result_of,
    simulator,
)

pytestmark = needs_locust


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with simulator() as address:
        yield address


@pytest.mark.parametrize(
    "scenario", first_at_once(["delta", "delta-burst", "mixed", "soak", "day"])
)
def test_deltas_are_accepted_become_visible_and_are_all_there(
    scenario: str, url: str, tmp_path: Path
) -> None:
    run = load(scenario, "--url", url, "--duration", "2", folder=tmp_path)
    result = result_of(tmp_path)

    assert run.returncode == 0, run.stdout + run.stderr
    assert result.audit is not None
    assert result.audit.clean
    assert result.audit.deltas > 0
    assert result.totals.deltas_accepted == result.totals.deltas_sent > 20
    assert result.latencies[ACCEPT].count == result.totals.events
    assert result.latencies[VISIBLE].count == result.totals.deltas_visible > 0
    assert result.errors == {}
    assert sum(sample.deltas_accepted for sample in result.series) == result.totals.deltas_accepted


@pytest.mark.slow
@pytest.mark.parametrize("scenario", first_at_once(["mixed", "full-load"]))
def test_full_loads_are_followed_until_they_are_complete(
    scenario: str, url: str, tmp_path: Path
) -> None:
    load(scenario, "--url", url, "--duration", "2", folder=tmp_path)
    result = result_of(tmp_path)

    assert result.totals.batches == result.latencies[BATCH_COMPLETE].count > 0
    assert 0 < result.totals.changed_records < result.totals.records
    assert result.audit is not None
    assert result.audit.positions > 0


@pytest.mark.slow
def test_the_search_for_the_highest_rate_tells_what_it_tried(url: str, tmp_path: Path) -> None:
    run = load(
        "ramp",
        *("--url", url, "--duration", "5", "--rate", "40"),
        *("--objective", "delta.accept.p50<20s"),
        folder=tmp_path,
    )
    result = result_of(tmp_path)

    first, second = result.steps[:2]
    # a machine may be so busy that what makes the load falls behind at once: then that is told
    assert (first.rate, second.rate) == (40, 80 if first.met else 40)
    assert all(step.met or "the generator fell behind" in step.why for step in result.steps[:2])
    held = highest(result.steps)
    # no more than was sent
    assert held <= result.steps[-1].rate
    told = f"held up to {at_least(held)} deltas/s" if held else "held at no rate"
    assert result.objectives[0].value == told
    assert run.returncode == (0 if held else 2), run.stdout + run.stderr
    sentence = (
        f"The highest rate that held is {at_least(held)} deltas/s." if held else "No rate held."
    )
    assert sentence in result.notes
    assert any("2 s at 40.0 deltas/s warmed the server" in each for each in result.notes)


@pytest.mark.slow
def test_two_workers_share_the_positions_and_their_ledgers_make_one(
    url: str, tmp_path: Path
) -> None:
    alone, together = tmp_path / "alone", tmp_path / "together"
    load("delta", "--url", url, "--duration", "2", folder=alone)
    run = load("mixed", "--url", url, "--duration", "2", "--workers", "2", folder=together)

    assert run.returncode == 0, run.stdout + run.stderr
    one, two = result_of(alone).audit, result_of(together).audit
    assert one is not None
    assert two is not None
    assert two.clean
    assert two.positions == one.positions
    assert result_of(together).totals.deltas_accepted > 20


@pytest.mark.slow  # a worker that starts late on a busy machine costs a minute
def test_workers_that_come_by_themselves_are_led_as_well(url: str, tmp_path: Path) -> None:
    port = str(free_port())
    with subprocess.Popen(
        program("load", "delta", "--worker", "--master-port", port), env=environment()
    ) as worker:
        led = ("--master", "--workers", "1", "--master-port", port)
        run = load("delta", "--url", url, "--duration", "1", *led, folder=tmp_path)
        worker.wait(SECONDS)

    assert run.returncode == 0, run.stdout + run.stderr
    assert worker.returncode == 0
    assert result_of(tmp_path).totals.deltas_accepted > 20


LISTENS_LATE = """
from locust import FastHttpUser  # replaces blocking calls
import sys, gevent
from fluent_oms_simulator.loadtests.running import load_process_main as process
listener = process.MessageListener
def late(*arguments):
    gevent.sleep(1)
    return listener(*arguments)
process.MessageListener = late
sys.exit(process.main())
"""
"""A worker that is connected, and then too busy to listen for a second."""


@pytest.mark.slow
def test_a_worker_that_listens_late_is_told_what_to_do(url: str, tmp_path: Path) -> None:
    port = free_port()
    options = LoadOptions(scenario="delta", url=url).as_json()
    order = {"role": "worker", "host": "127.0.0.1", "port": port, "options": options}
    with subprocess.Popen(
        [sys.executable, "-c", LISTENS_LATE], env=environment(), stdin=subprocess.PIPE, text=True
    ) as worker:
        assert worker.stdin is not None
        worker.stdin.write(json.dumps(order | {"parent": os.getpid()}) + "\n")
        worker.stdin.close()
        led = ("--master", "--workers", "1", "--master-port", str(port), "--grace", "60")
        run = load("delta", "--url", url, "--duration", "1", *led, folder=tmp_path)
        worker.kill()

    assert run.returncode == 0, run.stdout + run.stderr
    assert result_of(tmp_path).totals.deltas_accepted > 20


@pytest.mark.slow
def test_as_json_the_result_is_all_that_is_printed(url: str, tmp_path: Path) -> None:
    given = ("--url", url, "--duration", "1", "--format", "json")
    run = load("delta", *given, folder=tmp_path)

    assert result_file.from_json(run.stdout.encode()) == result_of(tmp_path)


@pytest.mark.slow
def test_without_a_url_a_simulator_is_started_and_the_page_is_written(tmp_path: Path) -> None:
    run = load("delta", "--duration", "1", folder=tmp_path)

    assert run.returncode == 0, run.stdout + run.stderr
    assert "<html" in (tmp_path / "report.html").read_text(encoding="utf-8")
    assert any(sample.queue_depth is not None for sample in result_of(tmp_path).series)


@pytest.mark.slow
def test_the_command_in_the_result_repeats_the_run_and_tells_no_password(
    url: str, tmp_path: Path
) -> None:
    given = ("--url", url, "--duration", "1", "--seed", "7", "--password", "sim-password")
    load("delta", *given, folder=tmp_path)
    result = result_of(tmp_path)

    assert "--seed 7" in result.command
    assert f"--url {url}" in result.command
    assert "sim-password" not in (tmp_path / "result.json").read_text(encoding="utf-8")


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
