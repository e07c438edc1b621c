"""Deltas a second beside other mock servers with the same contract, as far as each can have it."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fluent_oms_simulator.client.client_errors import ClientError
from fluent_oms_simulator.serving.addresses import claim_address

from ..server.processes import CLIENT_CORE, SERVER_CORE, Server, can_pin, pinned, running
from ..server.raw_client import BadReplyError
from .bench_api import BenchApi
from .bench_payloads import on_hand_after, opening_stock
from .figures import Report, ratio
from .peer_calls import Calls, FluentCalls, calls_of, keeps_state, prepare, refusal
from .peer_rounds import Rounds
from .peers.installing import FOLDER, why_missing
from .peers.known_peers import PEERS, Peer

QUESTION = "deltas a second, beside other mock servers with the same contract"
LONGEST = 300.0
"""Seconds after which a peer ends by itself, whatever has become of the benchmark."""
SECONDS_TO_APPLY = 1.0
"""After which a peer that still says the same of its stock keeps none."""
OWN_SECONDS_TO_APPLY = 30.0
"""The simulator keeps it, and is waited for however busy the machine is."""
INSTALL = "`fluent-sim bench --install-peers` installs the peers that are missing."


def run(*, quick: bool) -> Report:
    """Rounds in turn of the simulator and one peer after the other, those that are installed."""
    report = Report("beside_peers", QUESTION)
    rounds, seconds, warm_up = (1, 0.5, 0.5) if quick else (5, 2.0, 10.0)
    missing = {peer: reason for peer in PEERS if (reason := why_missing(peer)) is not None}
    with running(core=SERVER_CORE) as server, pinned(CLIENT_CORE):
        api = BenchApi(server.url)
        api.load_bytes(opening_stock())
        calls = FluentCalls(server.url, api.token)
        report.notes.append(f"simulator: {_told(server.url, calls, OWN_SECONDS_TO_APPLY)}.")
        ours = Rounds(server, calls, settle=api.settle)
        ours.warm_up(seconds)
        for _ in range(rounds):
            ours.round(seconds)
        report.add("simulator, by itself", "requests/s", ours.rates)
        report.add("simulator, all its work", "µs CPU/request", ours.work)
        for peer in PEERS:
            if peer in missing:
                report.notes.append(f"{peer.name} did not take part: {missing[peer]}.")
                continue
            try:
                with started(peer) as other:
                    theirs = Rounds(other, calls_of(peer.calls, other.url), peer.keeps_connections)
                    prepare(other.url, theirs.calls)
                    told = _told(other.url, theirs.calls)
                    theirs.warm_up(warm_up)
                    for _ in range(rounds):
                        ours.round(seconds)
                        theirs.round(seconds)
            except (OSError, ClientError, BadReplyError, RuntimeError) as fault:
                report.notes.append(f"{peer.name} could not be measured: {fault}")
                continue
            beside = list(map(ratio, ours.rates[-rounds:], theirs.rates))
            report.add(peer.name, "requests/s", theirs.rates)
            report.add(f"{peer.name}, all its work", "µs CPU/request", theirs.work)
            report.add(f"simulator / {peer.name}", "ratio", beside)
            report.notes.append(f"{peer.name} {peer.version}: {told}.")
        api.check_on_hand(on_hand_after(calls.sent))
        api.close()
    if missing:
        report.notes.append(INSTALL)
    if not can_pin():
        report.notes.append("Not pinned: this machine cannot give server and client a core each.")
    return report


def _told(url: str, calls: Calls, within: float = SECONDS_TO_APPLY) -> str:
    kept = "kept" if keeps_state(url, calls, within) else "not kept"
    return f"an invalid delta is {refusal(url, calls)}, state is {kept}"


@contextmanager
def started(peer: Peer) -> Iterator[Server]:
    """A peer on a free port of this machine, for a while; ClientError where it does not start."""
    address, claim = claim_address("127.0.0.1", 0)
    claim.close()
    home = FOLDER.absolute() / peer.name
    with tempfile.TemporaryDirectory() as files:
        for name, content in peer.arrange().items():
            file = Path(files, name)
            file.parent.mkdir(exist_ok=True)
            file.write_bytes(content)
        module = f"{__package__}.peers.bounded"
        bounded = [sys.executable, "-m", module, str(address.port), str(LONGEST), files]
        command = peer.started_by(home, Path(files), address.port)
        with running([*bounded, *command], SERVER_CORE) as server:
            yield server
