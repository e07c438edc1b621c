"""The same users from locust itself."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from fluent_oms_simulator.client.fluent_api import Api
from fluent_oms_simulator.client.target_server import Target

from .helpers.load_rig import (
    SECONDS,
    environment,
    needs_locust,
    of_someone_else,
    result_of,
    server,
    simulator,
    stock,
)

pytestmark = needs_locust
FILE = Path(__file__).parents[2] / "loadtests" / "locustfile.py"
LONGEST = f"{SECONDS - 50}s"
"""Locust's own limit counts from before the opening stock is loaded: only for what hangs."""
UNTIL_BOTH_WERE_SENT = f"""
import sys

import gevent
from locust import events

sys.path.insert(0, {str(FILE.parent)!r})
from locustfile import BatchUser, DeltaUser


@events.init.add_listener
def end_soon(environment, **_):
    def sent(name):
        return sum(each.num_requests for each in environment.stats.entries.values()
                   if each.name == name)

    def watch():
        while not (sent("delta event") > 20 and sent("batch")):
            gevent.sleep(0.1)
        environment.runner.quit()

    if type(environment.runner).__name__ != "WorkerRunner":
        gevent.spawn(watch)
"""


def locust(
    url: str, folder: Path, *arguments: str, file: Path = FILE
) -> subprocess.CompletedProcess[str]:
    """Run the file headless."""
    words = ("--headless", "-t", LONGEST, "-u", "6", "-r", "6", "--host", url, "--only-summary")
    shop = ("--fluent-products", "20", "--fluent-report-dir", str(folder))
    return subprocess.run(
        [sys.executable, "-m", "locust", "-f", str(file), *words, *shop, *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        stdin=subprocess.DEVNULL,
        timeout=SECONDS,
        env=environment(),
        check=False,
    )


@pytest.mark.parametrize(
    "arguments",
    [(), pytest.param(("--processes", "2"), marks=pytest.mark.slow)],
    ids=["alone", "two workers"],
)
def test_locust_runs_it_audits_it_and_writes_the_report(
    arguments: tuple[str, ...], tmp_path: Path
) -> None:
    file = tmp_path / "until_both_were_sent.py"
    file.write_text(UNTIL_BOTH_WERE_SENT, encoding="utf-8")
    with simulator() as url:
        run = locust(url, tmp_path, *arguments, file=file)

    assert run.returncode == 0, run.stdout + run.stderr
    assert "Unknown message" not in run.stderr
    result = result_of(tmp_path)
    assert result.audit is not None
    assert result.audit.clean
    assert result.totals.deltas_accepted > 0
    assert result.totals.records > 0


def test_ctrl_c_is_no_traceback_whatever_runs_as_it_comes(tmp_path: Path) -> None:
    file = tmp_path / "until_ctrl_c.py"
    ctrl_c = "__import__('os').kill(__import__('os').getpid(), 2)"
    code = UNTIL_BOTH_WERE_SENT.replace("environment.runner.quit()", ctrl_c)
    file.write_text(code, encoding="utf-8")
    with simulator() as url:
        run = locust(url, tmp_path, file=file)

    assert run.returncode == 0, run.stdout + run.stderr
    assert "Traceback" not in run.stdout + run.stderr
    assert result_of(tmp_path).totals.deltas_accepted > 0


def test_so_few_users_that_none_sends_deltas_are_refused(tmp_path: Path) -> None:
    with simulator() as url:
        run = locust(url, tmp_path, "-u", "2")
        api = Api(Target(url))
        written = api.call("GET", "/__admin/positions", token=None).accepted()["total"]
        api.close()

    assert run.returncode == 2
    assert "2 users are too few: 2 send the batches of full loads" in run.stderr
    assert "Traceback" not in run.stdout + run.stderr
    assert written == 0


def test_without_a_host_locust_loads_the_default_address_or_says_what_is_missing(
    tmp_path: Path,
) -> None:
    words = ("--headless", "-t", LONGEST, "-u", "2", "--only-summary")
    shop = ("--fluent-products", "20", "--fluent-report-dir", str(tmp_path / "r"))
    # in place of the default address, at which somebody may listen on this machine
    code = (
        "import sys;"
        "from fluent_oms_simulator.loadtests.running import standalone;"
        "standalone.DEFAULT_HOST = 'http://127.0.0.1:1';"
        "from locust.main import main; sys.exit(main())"
    )
    run = subprocess.run(
        [sys.executable, "-c", f"import locust; {code}", "-f", str(FILE), *words, *shop],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=SECONDS,
        env=environment(),
        check=False,
    )

    assert run.returncode == 2
    assert "No --host was given: the load goes to http://127.0.0.1:1" in run.stderr
    assert "does not answer: nothing listens there; start a simulator with" in run.stderr
    assert "Traceback" not in run.stdout + run.stderr


def test_locust_does_not_write_to_a_server_that_is_not_ours(tmp_path: Path) -> None:
    with server(of_someone_else) as (url, behind):
        run = locust(url, tmp_path)
        written = stock(behind)

    assert run.returncode == 2
    assert "asks before it writes there" in run.stderr
    assert written == {}
