"""Thousands of requests that no sound client sends: never a 5xx, always Fluent's shapes."""

import json
import random
import warnings
from collections.abc import Callable, Iterator

import pytest
from fluent_oms_simulator import Settings, build
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from ..conftest import MakeSimulator
from ..support import Client, record
from .helpers.attacks import ASYNC, ATTACKS, BATCH, HEAVY, JOB, SYNC, Attack, odd_headers
from .helpers.replies import SCHEMAS, is_refusal

LONG_STORM = 12_500
OWN_LISTS = ("", "__ui")
"""The pages that list what there is, to a program as JSON of our own."""
ON_HAND_TYPES = {"LAST_ON_HAND", "RESERVED", "SALE", "CORRECTION", "DELTA"}

KINDS = (
    "created",
    "token",
    "job_status",
    "job_results",
    "batch_status",
    "event_log",
    "event_item",
    "event_accepted",
    "event_result",
)


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    """One simulator for the whole storm, with a job 1 that never closes."""
    simulator = build(Settings(seed_data="none", behaviours={"job.closes": "never"}))
    simulator.start()
    found = Client(simulator)
    assert found.job() == "1"
    yield found
    simulator.close()


def assert_answered(attack: Attack, reply: TestResponse) -> None:
    """A refusal in one of Fluent's shapes, or a success that keeps to its schema."""
    text = reply.get_data()
    context = f"{attack}\n{reply.status_code}: {text[:500]!r}"
    assert reply.status_code < 500, context
    if attack.method in ("HEAD", "OPTIONS"):
        return
    assert reply.content_type == "application/json", context
    body = json.loads(text)
    if reply.status_code >= 400:
        assert is_refusal(body), context
    else:
        assert reply.status_code == 200, context
        if attack.path.strip("/") in OWN_LISTS or attack.path.lstrip("/").startswith("__admin"):
            assert isinstance(body, dict), context
        else:
            assert any(SCHEMAS.is_valid(kind, body) for kind in KINDS), context


def assert_still_right(client: Client, name: str) -> None:
    """The catalogue adds up, and a known sequence still gives the known stock."""
    client.settle()
    for position in client.positions():
        active = [
            row["quantity"]
            for row in position["quantities"]
            if row["status"] == "ACTIVE" and row["type"] in ON_HAND_TYPES
        ]
        assert position["onHand"] == sum(active), position
    job = client.job(preprocessing="skip")
    client.load([record(name, "KNOWN", 100), record(name, "OTHER", 50)], job=job)
    seen = [client.on_hand(name, "KNOWN")]
    for _ in range(2):
        client.delta(name, "KNOWN", -10, f"{name}-d1")
        seen.append(client.on_hand(name, "KNOWN"))
    client.reserve(name, "KNOWN", 7, "F1")
    seen.append(client.on_hand(name, "KNOWN"))
    client.confirm(name, "KNOWN", "F1", sold=5, rejected=2)
    seen.append(client.on_hand(name, "KNOWN"))
    client.load([record(name, "KNOWN", 95)], job=job)
    seen.append(client.on_hand(name, "KNOWN"))
    assert seen == [100, 90, 90, 83, 83, 95]
    assert client.on_hand(name, "OTHER") == 50


@pytest.mark.parametrize("attack_of", ATTACKS, ids=lambda attack: attack.__name__)
def test_a_storm_of_malformed_requests(
    client: Client, attack_of: Callable[[random.Random], Attack]
) -> None:
    storm(client, attack_of, HEAVY.get(attack_of, 300))

    assert_still_right(client, attack_of.__name__)


@pytest.mark.slow
@pytest.mark.parametrize("attack_of", ATTACKS, ids=lambda attack: attack.__name__)
def test_a_storm_that_lasts(client: Client, attack_of: Callable[[random.Random], Attack]) -> None:
    storm(client, attack_of, LONG_STORM)

    assert_still_right(client, f"{attack_of.__name__}_long")


@pytest.mark.slow
@pytest.mark.parametrize("attack_of", ATTACKS, ids=lambda attack: attack.__name__)
def test_a_refused_request_changes_nothing(
    make_simulator: MakeSimulator, attack_of: Callable[[random.Random], Attack]
) -> None:
    client = Client(make_simulator(job_closes="never"))
    client.load([record("A", "L", 5), record("SKU_1", "LOC_1", 5)], job=client.job())
    chance = random.Random(f"{attack_of.__name__} refused")
    before, refused = client.positions(), 0
    for _ in range(1_500):
        reply = sent(client, attack_of(chance))
        client.settle()
        after = client.positions()
        if reply.status_code >= 400:
            refused += 1
            assert after == before
        before = after

    assert refused or attack_of is odd_headers


def sent(client: Client, attack: Attack) -> TestResponse:
    """The reply to an attack, in one of Fluent's shapes."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        reply = attack.send(client)
    assert_answered(attack, reply)
    return reply


def storm(client: Client, attack_of: Callable[[random.Random], Attack], length: int) -> None:
    """So many attacks of a kind, some of which are refused."""
    chance = random.Random(f"{attack_of.__name__} {length}")
    statuses: set[int] = set()
    for number in range(length):
        statuses.add(sent(client, attack_of(chance)).status_code)
        if number % 100 == 0:
            client.settle()
    assert statuses & {400, 401, 404, 413, 415} or attack_of is odd_headers


json_documents = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20)
    | st.sampled_from(["1", "UPSERT", "INVENTORY", "INVENTORY_DELTA", "DEFAULT:1", "A", "L"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["qty", "skuRef", "type", "attributes", "name"]) | st.text(max_size=8),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


def object_of(*names: str) -> st.SearchStrategy[object]:
    """Objects with some of the right names, and anything at all under them."""
    return st.fixed_dictionaries({}, optional=dict.fromkeys(names, json_documents))


records = st.fixed_dictionaries(
    {"skuRef": st.just("A"), "locationRef": st.just("L"), "qty": st.just(1) | json_documents},
    optional={
        "type": st.sampled_from(["LAST_ON_HAND", "EXPECTED", "SALE"]) | json_documents,
        "ref": st.sampled_from(["R", "A:L:DEFAULT:SALE"]) | json_documents,
        "status": json_documents,
        "retailerId": json_documents,
        "attributes": json_documents,
        "correctedQty": json_documents,
    },
)

batches = st.fixed_dictionaries(
    {
        "action": st.just("UPSERT"),
        "entityType": st.just("INVENTORY"),
        "entities": st.lists(records | json_documents, max_size=3),
    },
    optional={
        "conditions": json_documents,
        "catalogueRef": json_documents,
        "event": json_documents,
        "source": json_documents,
    },
)

entries = object_of(
    "productRef", "locationRef", "qty", "deltaId", "type", "skuRef", "fulfilmentId", "saleQty"
)

events = st.fixed_dictionaries(
    {
        "name": st.sampled_from(["INVENTORY_DELTA", "UpdateInventoryQty", "InventoryChanged"]),
        "retailerId": st.just("1") | json_documents,
        "entityType": st.just("INVENTORY_CATALOGUE") | json_documents,
        "entityRef": st.just("DEFAULT:1") | json_documents,
        "attributes": st.fixed_dictionaries(
            {},
            optional={"deltas": st.lists(entries, max_size=3), "items": st.lists(entries)},
        )
        | json_documents,
    },
    optional={"entityId": json_documents, "accountId": json_documents, "meta": json_documents},
)

fuzz = settings(
    max_examples=150,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def assert_holds(client: Client, path: str, document: object) -> None:
    attack = Attack("POST", path, json.dumps(document).encode())
    assert_answered(attack, attack.send(client))


@fuzz
@given(document=json_documents, path=st.sampled_from([JOB, BATCH, ASYNC, SYNC]))
def test_any_document_is_answered(client: Client, path: str, document: object) -> None:
    assert_holds(client, path, document)


@fuzz
@given(document=batches)
def test_any_batch_is_answered(client: Client, document: object) -> None:
    assert_holds(client, BATCH, document)


@fuzz
@given(document=events, path=st.sampled_from([ASYNC, SYNC]))
def test_any_event_is_answered(client: Client, path: str, document: object) -> None:
    assert_holds(client, path, document)


@fuzz
@given(body=st.binary(max_size=200), path=st.sampled_from([JOB, BATCH, ASYNC, SYNC]))
def test_any_bytes_are_answered(client: Client, path: str, body: bytes) -> None:
    attack = Attack("POST", path, body)
    assert_answered(attack, attack.send(client))


def test_after_all_of_it_the_catalogue_is_right(client: Client) -> None:
    assert_still_right(client, "after_all")
    log = Attack("GET", "/api/v4.1/event", query="count=5000")
    assert_answered(log, log.send(client))
