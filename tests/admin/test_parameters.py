"""A misspelt query parameter is named: refused by the control API, told of Fluent's own paths."""

from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import pytest
import yaml
from fluent_oms_simulator import create_app
from fluent_oms_simulator.admin import PARAMETERS
from fluent_oms_simulator.contracts.rules.obligations.queries import KNOWN
from fluent_oms_simulator.errors import MOST_LISTED_NAMES
from fluent_oms_simulator.operations import parameters
from fluent_oms_simulator.operations.parameters import nearest

from ..support import Client, record
from .helpers.conformance_support import rules

OPENAPI = Path(__file__).parents[2] / "contracts" / "openapi.yaml"
PROBES = {"admin.health", "admin.ready"}


@pytest.mark.parametrize(
    ("path", "given", "meant"),
    [
        ("positions", "product=A", "productRef"),
        ("positions", "productref=A", "productRef"),
        ("positions", "location_ref=L", "locationRef"),
        ("positions", "location=L", "locationRef"),
        ("positions", "strat=1", "start"),
        ("positions/A:L:DEFAULT", "catalogRef=DEFAULT:1", "catalogueRef"),
        ("conformance", "fail_on=warning", "failOn"),
        ("conformance", "fromat=text", "format"),
        (
            "positions",
            "colour=red",
            "one of productRef, locationRef, catalogueRef, text, asOf, quantities, start, count",
        ),
        ("behaviours", "name=x", "no parameter"),
        ("positions/A:L:DEFAULT", "colour=red", "one of catalogueRef, asOf, changes, start, count"),
    ],
)
def test_the_control_api_refuses_what_it_would_pass_over(
    client: Client, path: str, given: str, meant: str
) -> None:
    client.load([record("A", "L", 5)])

    reply = client.http.get(f"/__admin/{path}?{given}")

    assert reply.status_code == 400
    name = given.partition("=")[0]
    message = reply.get_json()["errors"][0]["message"]
    assert message.startswith(f"'{name}' is invalid: in the query at ?{name} found ")
    assert message.rstrip(".").endswith(f"expected {meant}")


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b'{"drop": ' + b"[" * 300 + b"]" * 300 + b"}", "nests deeper than 200 levels"),
        (b'{"keep": "tokens", "keep": "faults"}', "at /keep found"),
        (b'{"keep": "tok', "not valid JSON"),
        (b'["tokens"]', 'found ["tokens"], expected an object'),
    ],
    ids=["too deep", "a key twice", "cut off", "no object"],
)
def test_a_reset_whose_body_cannot_be_read_resets_nothing(
    client: Client, body: bytes, told: str
) -> None:
    client.load([record("A", "L", 5)])

    reply = client.http.post("/__admin/reset", data=body, content_type="application/json")

    assert reply.status_code == 400
    assert told in reply.get_json()["errors"][0]["message"]
    assert client.on_hand("A", "L") == 5


def test_a_misspelt_reset_resets_nothing(client: Client) -> None:
    client.load([record("A", "L", 5)])

    assert client.http.post("/__admin/reset?conformence=drop").status_code == 400
    assert client.http.post("/__admin/conformance/reset?all=1").status_code == 400
    assert client.http.get("/__admin/positions").get_json()["total"] == 1


def test_what_is_known_is_taken_also_when_it_is_repeated(client: Client) -> None:
    client.load([record("A", "L", 5)])

    for query in ("productRef=B&productRef=A", "start=0&count=5&count=6", "catalogueRef=", ""):
        reply = client.http.get(f"/__admin/positions?{query}")
        assert (reply.status_code, reply.get_json()["total"]) == (200, 1)
    for probe in ("health", "ready"):
        assert client.http.get(f"/__admin/{probe}?_=1764165000").status_code == 200


def test_every_call_of_the_control_api_says_what_it_takes(client: Client) -> None:
    views = {
        rule.endpoint
        for rule in create_app(client.simulator).url_map.iter_rules()
        if rule.endpoint.startswith("admin.")
    }

    assert views - PROBES <= set(PARAMETERS)


def test_a_filter_that_fluent_would_pass_over_is_told(client: Client) -> None:
    reply = client.get("/api/v4.1/event", entityRef="DEFAULT:1", count="5").get_json()
    assert "results" in reply

    entry = rules(client)["FOMS-O012"]
    [example] = entry["examples"]
    assert example["found"] == '"entityRef" in the query'
    assert example["expected"] == "context.entityRef"


def test_what_fluents_own_queries_hold_is_not_told(client: Client) -> None:
    token = client.headers
    repeated = "context.rootEntityType=JOB&context.rootEntityType=BATCH&name=&start=0"
    assert client.http.get(f"/api/v4.1/event?{repeated}", headers=token).status_code == 200
    job = client.job()
    client.get(f"/api/v4.1/job/{job}", start="0", count="1")
    client.http.get("/api/v4.1/location?agentNetwork=1", headers=token)

    assert "FOMS-O012" not in rules(client)


def described() -> Iterator[Any]:
    document: Any = yaml.safe_load(OPENAPI.read_text(encoding="utf-8"))

    def resolved(entry: Any) -> Any:
        if "$ref" not in entry:
            return entry
        found = document
        for step in entry["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        return found

    for path in document["paths"].values():
        for method, operation in path.items():
            if method in ("get", "post", "put", "patch", "delete"):
                listed = [*path.get("parameters", ()), *operation.get("parameters", ())]
                given = map(resolved, listed)
                names = {entry["name"] for entry in given if entry["in"] == "query"}
                yield pytest.param(operation["operationId"], names, id=operation["operationId"])


@pytest.mark.parametrize(("operation", "names"), list(described()))
def test_the_rule_knows_what_the_description_names(operation: str, names: set[str]) -> None:
    assert set(KNOWN[operation]) == names


@pytest.fixture
def looked_for(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What parameters something near was looked for."""
    words: list[str] = []

    def counting(word: str, *given: Any, **how: Any) -> list[str]:
        words.append(word)
        return get_close_matches(word, *given, **how)

    monkeypatch.setattr(parameters, "get_close_matches", counting)
    return words


def test_of_very_many_unknown_parameters_the_first_are_told(
    client: Client, looked_for: list[str]
) -> None:
    reply = client.http.get("/__admin/positions?" + "&".join(f"strat{n}" for n in range(5_000)))

    errors = reply.get_json()["errors"]
    assert reply.status_code == 400
    assert len(errors) == len(looked_for) + 1 == MOST_LISTED_NAMES + 1
    assert errors[0]["message"].rstrip(".").endswith("expected start")
    assert "4,980 more" in errors[-1]["message"]


def test_of_very_many_parameters_that_fluent_would_pass_over_the_first_are_told(
    client: Client, looked_for: list[str]
) -> None:
    client.get("/api/v4.1/event", **{f"entityRef{n}": "x" for n in range(1_000)})

    assert rules(client)["FOMS-O012"]["times"] == MOST_LISTED_NAMES
    assert len(looked_for) <= MOST_LISTED_NAMES


def test_nothing_near_is_looked_for_where_a_name_is_too_long_for_a_slip(
    client: Client, looked_for: list[str]
) -> None:
    assert client.http.get(f"/__admin/positions?{'start' * 1_000}").status_code == 400
    assert looked_for == []


def test_nothing_is_near_what_is_like_nothing() -> None:
    assert nearest("zzz", ("start", "count")) is None
    assert nearest("", ("start", "count")) is None
    assert nearest("\ud800" * 3, ("start",)) is None
    assert nearest("x" * 100_000, ("start",)) is None
