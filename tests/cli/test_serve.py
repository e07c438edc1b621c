"""A real server: how it starts, what it prints, and how it ends."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from fluent_oms_simulator.client.client_errors import AnswerError

from ..support import first_at_once
from .conftest import SECONDS, Server
from .helpers.pasting import needs_shell, paste

Start = Callable[..., Server]

needs_signals = pytest.mark.skipif(os.name == "nt", reason="Windows ends a process, no signal")


@needs_signals
def test_it_announces_itself_in_one_line_answers_at_once_and_ends_with_zero(
    start_server: Start,
) -> None:
    server = start_server()

    announced = json.loads(server.ready_line)
    assert announced == {"url": server.url, "pid": server.process.pid}
    assert server.get("/__admin/ready") == {"status": "ready"}
    assert server.get("/__admin/health")["status"] == "ok"
    assert server.stop() == 0
    assert server.process.stdout is not None
    assert server.process.stdout.read() == ""


def wait_until_nobody_listens(port: int) -> None:
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        with socket.socket() as client:
            if client.connect_ex(("127.0.0.1", port)) != 0:
                return
        time.sleep(0.02)
    pytest.fail("somebody still listens on the port")


@needs_signals
@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT"])
def test_a_signal_lets_the_request_in_flight_finish(start_server: Start, name: str) -> None:
    server = start_server("--auth", "off", "--seed-data", "none")
    body = json.dumps({"name": "slow", "retailerId": "1"}).encode()
    head = (
        "POST /api/v4.1/job HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        "Expect: 100-continue\r\n\r\n"
    )

    with socket.create_connection(("127.0.0.1", server.port), timeout=SECONDS) as client:
        client.sendall(head.encode())
        # Asked for once the call is inside and begins to read its body.
        assert client.recv(65536) == b"HTTP/1.1 100 Continue\r\n\r\n"
        client.sendall(body[:10])
        server.process.send_signal(getattr(signal, name))
        wait_until_nobody_listens(server.port)
        client.sendall(body[10:])
        reply = b"".join(iter(lambda: client.recv(65536), b""))

    assert reply.startswith(b"HTTP/1.1 200")
    assert json.loads(reply.partition(b"\r\n\r\n")[2]) == {"id": "1"}
    assert server.process.wait(SECONDS) == 0


def test_a_second_server_on_the_same_port_is_refused(start_server: Start) -> None:
    first = start_server("--seed-data", "none")

    second = start_server("--port", str(first.port))

    assert second.process.wait(SECONDS) == 2
    assert second.ready_line == ""
    assert f"cannot listen on 127.0.0.1 port {first.port}" in second.log()
    assert first.get("/__admin/ready") == {"status": "ready"}


@needs_signals
def test_a_port_can_be_used_again_at_once(start_server: Start) -> None:
    first = start_server("--seed-data", "none")
    first.get("/__admin/ready")
    assert first.stop() == 0

    second = start_server("--port", str(first.port), "--seed-data", "none")

    assert second.port == first.port


@needs_signals
def test_killing_the_main_process_does_not_leave_a_worker_on_the_port(start_server: Start) -> None:
    server = start_server("--seed-data", "none")

    server.process.kill()
    server.process.wait(SECONDS)

    wait_until_nobody_listens(server.port)


def test_open_to_other_machines_the_control_api_needs_the_printed_token(
    start_server: Start,
) -> None:
    server = start_server("--host", "0.0.0.0")

    with pytest.raises(AnswerError, match="answered 401"):
        server.get("/__admin/positions")
    server.stop()

    assert server.url.startswith("http://127.0.0.1:")
    assert re.search(r"control token  \S{20,}", server.log())


def test_the_control_token_opens_the_control_api(start_server: Start) -> None:
    server = start_server("--host", "0.0.0.0")
    found = re.search(r"control token  (\S{20,})", server.printed(until="and look"))

    assert found
    assert server.get("/__admin/positions", Authorization=f"Bearer {found[1]}")["results"]


@pytest.mark.parametrize("way", first_at_once(["flag", "environment", "file"]))
def test_a_control_token_that_was_set_opens_the_control_api_and_is_not_printed(
    start_server: Start, tmp_path: Path, way: str
) -> None:
    args = ["--host", "0.0.0.0"]
    environment = {}
    if way == "flag":
        args += ["--admin-token", "my-0wn-token"]
    elif way == "environment":
        environment["FLUENT_SIM_ADMIN_TOKEN"] = "my-0wn-token"
    else:
        config = tmp_path / "sim.toml"
        config.write_text('admin_token = "my-0wn-token"\n', encoding="utf-8")
        args += ["--config", str(config)]
    server = start_server(*args, **environment)
    printed = server.printed(until="and look")

    assert server.get("/__admin/health").keys() == {"status", "version", "uptime"}
    assert server.get("/__admin/ready") == {"status": "ready"}
    assert server.get("/__admin/positions", Authorization="Bearer my-0wn-token")["results"]
    server.stop()
    assert "control token  the one that was set" in printed
    assert "my-0wn-token" not in printed + server.log()


OWN_PASSWORD = 'it\'s 100% & "ok"'


@needs_shell
@pytest.mark.parametrize(
    "args",
    first_at_once(
        [
            [],
            ["--auth", "off"],
            ["--account", "ACME", "--retailer", "34", "--password", OWN_PASSWORD],
            ["--host", "0.0.0.0"],
        ]
    ),
    ids=["defaults", "no tokens", "own names", "open to others"],
)
def test_the_commands_work_as_printed(start_server: Start, args: list[str]) -> None:
    server = start_server(*args)
    printed = server.printed(until="and look")
    first, then = printed.index("# 1."), printed.index("# and look")

    pasted = paste(printed[first:then], FLUENT_SIM_PASSWORD=OWN_PASSWORD)
    token, batch, event = pasted.splitlines()

    assert len(token) > 10
    assert json.loads(batch).keys() == {"id"}
    assert json.loads(event).keys() == {"id"}
    admin_token = re.search(r"control token  (\S+)", printed)
    headers = {"Authorization": f"Bearer {admin_token[1]}"} if admin_token else {}
    path = "/__admin/positions?productRef=SKU_1&locationRef=LOC_1"
    deadline = time.monotonic() + SECONDS
    while server.get(path, **headers)["results"][0]["onHand"] != 500:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    on_hand: dict[str, int] = {}
    while on_hand.get("LOC_SYD") != 50:
        assert time.monotonic() < deadline, on_hand
        look = json.loads(paste(printed[then:]))
        on_hand = {row["locationRef"]: row["onHand"] for row in look["results"]}
    assert on_hand["LOC_MEL"] == 110


def test_a_secret_that_was_set_is_not_printed(start_server: Start) -> None:
    secrets = {"FLUENT_SIM_PASSWORD": "a-secret-of-mine", "FLUENT_SIM_CLIENT_SECRET": "another"}
    server = start_server(**secrets)
    server.printed(until="and look")
    server.stop()

    log = server.log()
    assert not [secret for secret in secrets.values() if secret in log]
    assert '"password=$FLUENT_SIM_PASSWORD"' in log


NOT_AT_THE_START = ("graphql", "jsonschema", "junitparser", "rich", "schemathesis", "locust")
"""What takes long to read, and is needed by some calls and commands only."""


def test_the_first_answer_waits_for_nothing_that_it_does_not_need() -> None:
    code = f"""
import sys
from fluent_oms_simulator import Settings, build, create_app
simulator = build(Settings())
simulator.start()
assert create_app(simulator).test_client().get("/__admin/ready").status_code in (200, 503)
simulator.close()
print(*sorted({set(NOT_AT_THE_START)!r} & sys.modules.keys()))
"""
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=SECONDS, check=True
    )

    assert run.stdout.split() == []
