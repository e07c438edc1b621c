"""`validate` and the server come to one verdict on the shape of a payload, whatever is in it."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
from fluent_oms_simulator import Settings, Simulator, build
from fluent_oms_simulator.contracts.reporting.run_report import Outcome
from fluent_oms_simulator.contracts.rules.rule import Severity
from fluent_oms_simulator.contracts.validation.kinds import Kind
from fluent_oms_simulator.contracts.validation.rule_choice import Choice, choose
from fluent_oms_simulator.contracts.validation.run import Validation, ValidationOptions
from fluent_oms_simulator.contracts.validation.sources import Source
from fluent_oms_simulator.errors import ApiError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .helpers.mutations import BASES, bodies, written

ALL = choose()
SHAPES = choose(["FOMS-B000", "FOMS-E000", "FOMS-J000"])
KINDS = {
    "batch": Kind.BATCH,
    "delta event": Kind.EVENT,
    "fulfilment event": Kind.EVENT,
    "job": Kind.JOB,
}
JOB = b'{"name":"n","retailerId":"1"}'
OF_THE_SERVER = re.compile(
    "expected (a retailer of account|the job's retailer|one that exists|this account"
    "|the retailer's catalogue|a catalogue of retailer)"
)
"""What only a server can know: its account, its retailers, its catalogues."""


@pytest.fixture(scope="module")
def simulator() -> Iterator[Simulator]:
    """One that only accepts: nothing of it is started that would apply what it has taken."""
    simulator = build(Settings(seed_data="none"))
    yield simulator
    simulator.close()


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("payloads") / "payload.json"


def refused_by(simulator: Simulator, kind: str, body: bytes) -> list[str]:
    """Why the server refuses a body; empty when it takes it."""
    try:
        if kind == "job":
            simulator.jobs.create_job(body)
        elif kind == "batch":
            job = cast("dict[str, str]", simulator.jobs.create_job(JOB).body)
            simulator.jobs.add_batch(job["id"], body)
        else:
            simulator.events.post_async(body)
    except ApiError as refusal:
        return [reason.message for reason in refusal.reasons]
    return []


def judged(file: Path, kind: str, body: bytes, choice: Choice) -> tuple[Outcome, list[str]]:
    """What `validate` says of a file with this content, by these rules."""
    file.write_bytes(body)
    report = Validation(ValidationOptions(choice, KINDS[kind])).run([Source(str(file))]).report
    told = [f"{f.finding.rule_id} {f.finding.pointer}: {f.finding.found}" for f in report.findings]
    return report.outcome(Severity.ERROR), told


def hold_to_one_verdict(simulator: Simulator, file: Path, kind: str, body: bytes) -> None:
    """Both ways: what the server refuses does not pass, and what it takes has no fault of shape."""
    refusals = refused_by(simulator, kind, body)

    verdict, told = judged(file, kind, body, ALL)
    if not all(map(OF_THE_SERVER.search, refusals)):
        assert verdict is not Outcome.PASSED, f"the server refuses it: {refusals}"

    verdict, told = judged(file, kind, body, SHAPES)
    assert verdict is Outcome.PASSED or refusals, f"the server takes it; validate says {told}"


@pytest.mark.parametrize("kind", BASES)
@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_validate_and_the_server_agree_on_the_shape(
    simulator: Simulator, file: Path, kind: str, data: st.DataObject
) -> None:
    hold_to_one_verdict(simulator, file, kind, data.draw(bodies(kind)))


@pytest.mark.slow
@pytest.mark.parametrize("kind", BASES)
@settings(max_examples=2_000, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_they_agree_on_very_many(
    simulator: Simulator, file: Path, kind: str, data: st.DataObject
) -> None:
    hold_to_one_verdict(simulator, file, kind, data.draw(bodies(kind)))


@pytest.mark.parametrize("kind", BASES)
def test_what_the_mutations_begin_with_is_sound(
    simulator: Simulator, file: Path, kind: str
) -> None:
    for base in BASES[kind]:
        body = written(base).encode()
        assert refused_by(simulator, kind, body) == []
        assert judged(file, kind, body, ALL) == (Outcome.PASSED, [])
