"""Open points of what a body may contain, and of signing in."""

import gzip

import orjson
import pytest
from fluent_oms_simulator.client.fluent_api import Api
from fluent_oms_simulator.contracts.suite.observations.probing import is_taken, meaning
from fluent_oms_simulator.contracts.suite.semantic.position import Observe, Position
from fluent_oms_simulator.contracts.target.names import Names
from fluent_oms_simulator.contracts.target.observed import either

INTEGRATION_CLIENT = "FLUENT_INTEGRATION"

LENIENT: dict[str, tuple[object, dict[str, object]]] = {
    "schema.unknown_fields": (10, {"noOneKnowsThisField": 1}),
    "schema.null_fields": (10, {"ref": None}),
    "schema.string_numbers": ("10", {}),
    "schema.decimal_whole_numbers": (10.0, {}),
}


@pytest.mark.parametrize("switch", LENIENT)
def test_what_is_let_through_in_a_record(
    api: Api, names: Names, observe: Observe, switch: str
) -> None:
    quantity, more = LENIENT[switch]
    position = Position(api, names)
    taken = is_taken(api, position, position.record(quantity, **more))

    value = "accept" if taken else "refuse"
    given = {"qty": quantity, **more}
    observe(switch, value, f"a record with {given} was {'' if taken else 'not '}applied")


def test_whether_a_body_must_say_that_it_is_json(api: Api, observe: Observe) -> None:
    body = orjson.dumps({"name": api.job_name, "retailerId": api.target.retailer_id})
    answer = api.call("POST", "/api/v4.1/job", data=body, content_type="text/plain")

    value = meaning(answer.status, {415: "strict", 200: "any"})
    observe("http.content_type", value, f"text/plain was answered {answer.status}")


def test_whether_a_packed_body_is_unpacked(api: Api, observe: Observe) -> None:
    body = gzip.compress(orjson.dumps({"name": api.job_name, "retailerId": api.target.retailer_id}))
    packed = {"Content-Encoding": "gzip"}
    answer = api.call(
        "POST", "/api/v4.1/job", data=body, content_type="application/json", headers=packed
    )

    value = meaning(answer.status, {415: "refuse", 200: "decode"})
    observe("http.content_encoding", value, f"a body in gzip was answered {answer.status}")


def test_what_signing_in_gives(api: Api, observe: Observe) -> None:
    answer = api.sign_in()
    assert answer.status == 200
    is_renewable = bool(answer.document.get("refresh_token"))

    value = "issued" if is_renewable else "absent"
    if not is_renewable and api.target.client_id != INTEGRATION_CLIENT:
        value = either("absent", "enabled_clients")
    observe("oauth.refresh_token", value, "by the reply to the password grant")
    seconds = answer.document["expires_in"]
    observe("oauth.token_seconds", str(seconds), "by expires_in, of which some may have passed")
