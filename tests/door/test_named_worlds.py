"""The door finds the world of a request as Flask does, and has nothing in it wait for another."""

import json

import pytest
from fluent_oms_simulator import Settings, build

from ..support import batch, delta, deltas, record
from .helpers.as_granian import AtTheDoor, Call
from .test_differential import GRANT, SIGN_IN, Twins

JSON = {"Content-Type": "application/json"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
NAMED = {"X-Fluent-Sim-Namespace": "alpha"}
EVENT = json.dumps(deltas(delta("D45", "LOC_MEL", -2, "one"))).encode()
BATCH = json.dumps(batch(record("SKU_1", "LOC_1", 5))).encode()
JOB = b'{"name":"n","retailerId":"1"}'
STILL = b'{"clock":{"now":"2026-01-01T12:00:00Z","frozen":true}}'
MAKE = Call("PUT", "/__admin/namespaces/alpha", STILL, JSON)


@pytest.mark.parametrize("auth", ["off", "strict"])
def test_door_and_flask_find_the_same_one(auth: str) -> None:
    with Twins(auth) as twins:
        assert twins.agree(MAKE).status == 201
        for base in ("/__ns/alpha", "/__ns/nobody", "/__ns/", "/__ns", "//__ns/alpha", ""):
            for call in (
                Call("POST", f"{base}/api/v4.1/event/async", EVENT, JSON),
                Call("POST", f"{base}/api/v4.1/job", JOB, JSON),
                Call("POST", f"{base}/api/v4.1/job/1/batch", BATCH, JSON),
                Call("GET", f"{base}/api/v4.1/job/1/batch/1"),
                Call("GET", f"{base}/api/v4.1/job/1"),
                Call("GET", f"{base}/api/v4.1/job/1", headers={"X-Fluent-Sim-Namespace": "beta"}),
                Call("POST", f"{base}/api/v4.1/job", JOB, {**JSON, **NAMED}),
                Call("POST", f"{base}{SIGN_IN}", GRANT.encode(), FORM),
                Call("GET", f"{base}/__admin/ready"),
                Call("GET", f"{base}/__admin/health", headers=NAMED),
                Call("GET", f"{base}/__admin/positions"),
                Call("GET", f"{base}/"),
                Call("GET", base or "/"),
                Call("GET", f"{base}/nothing"),
            ):
                twins.agree(call)
        twins.agree(Call("DELETE", "/__admin/namespaces/alpha"))
        twins.agree(Call("GET", "/__ns/alpha/__admin/ready"))


def test_a_token_leads_through_the_door_to_where_it_was_issued() -> None:
    with AtTheDoor(build(Settings(seed_data="none"))) as served:
        served.through(MAKE)
        signed_in = served.through(Call("POST", f"/__ns/alpha{SIGN_IN}", GRANT.encode(), FORM))
        token = json.loads(signed_in.body)["access_token"]
        headers = {**JSON, "Authorization": f"Bearer {token}"}

        assert served.through(Call("POST", "/api/v4.1/job", JOB, headers)).status == 200

        worlds = served.simulator.worlds
        assert worlds is not None
        assert worlds.find("alpha").simulator.job_store.find("1") is not None
        assert served.simulator.job_store.find("1") is None


def test_what_was_accepted_in_a_named_one_is_applied_before_the_end() -> None:
    with AtTheDoor(build(Settings(seed_data="none", auth="off"))) as served:
        served.through(MAKE)
        worlds = served.simulator.worlds
        assert worlds is not None
        alpha = worlds.find("alpha").simulator
        assert alpha.settle()
        with alpha.worker.quiet():
            served.through(Call("POST", "/__ns/alpha/api/v4.1/job", JOB, JSON))
            served.through(Call("POST", "/__ns/alpha/api/v4.1/job/1/batch", BATCH, JSON))
            assert alpha.is_busy

    with alpha.store.view() as (account, _):
        [catalogue] = account.catalogues.values()
        assert len(catalogue.positions) == 1
