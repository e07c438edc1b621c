"""Preprocessing: which records of a batch are dropped before they are applied."""

import pytest

from ..conftest import MakeSimulator
from ..support import Client, Document, batch, record
from .helpers.batch_results import JOB, status, verdicts
from .helpers.replies import of_kind, refusals


def test_an_unchanged_record_is_dropped_by_preprocessing(client: Client) -> None:
    job = client.job()
    first = client.load([record("A", "L", 5), record("B", "L", 5)], job=job)
    second = client.load([record("A", "L", 5), record("B", "L", 6)], job=job)

    assert verdicts(client, first) == ["applied", "applied"]
    assert verdicts(client, second) == ["unchanged", "applied"]
    [row, _] = status(client, second)["results"]
    assert (row["entityRef"], row["entityId"]) == ("A:L:DEFAULT", "1")


@pytest.mark.parametrize(
    ("setting", "meta", "preprocesses"),
    [
        ("true", {"preprocessing": "skip"}, False),
        ("true", {"preprocessing": "enabled"}, True),
        ("true", {"preprocessing": "SKIP"}, True),
        ("true", {"preprocessing": "other"}, True),
        ("true", {}, True),
        ("true", None, True),
        ("true", "omitted", True),
        ("false", {"preprocessing": "skip"}, False),
        ("false", {"preprocessing": "enabled"}, False),
        ("false", "omitted", False),
    ],
)
def test_when_batches_are_preprocessed(
    make_simulator: MakeSimulator, setting: str, meta: object, preprocesses: bool
) -> None:
    # Send inventory batches, 9 Jan 2025.
    client = Client(make_simulator(preprocessing_account_setting=setting))
    document: Document = {"name": "x", "retailerId": "1", "meta": meta}
    if meta == "omitted":
        del document["meta"]
    job = of_kind("created", client.post(JOB, document))["id"]
    client.load([record("A", "L", 5)], job=job)

    again = client.load([record("A", "L", 5)], job=job)

    assert verdicts(client, again, job) == ["unchanged" if preprocesses else "applied"]


@pytest.mark.parametrize(
    ("wins", "said", "on_hand"),
    [
        ("last", ["duplicate", "applied", "duplicate", "applied"], 3),
        ("first", ["applied", "applied", "duplicate", "duplicate"], 1),
    ],
)
def test_duplicates_in_a_batch(
    make_simulator: MakeSimulator, wins: str, said: list[str], on_hand: int
) -> None:
    client = Client(make_simulator(preprocessing_duplicate_wins=wins))
    records = [
        record("A", "L", 1),
        record("B", "L", 9),
        record("A", "L", 2),
        record("A", "L", 3),
    ]
    batch_id = client.load(records, job=client.job())

    assert verdicts(client, batch_id) == said
    assert client.on_hand("A", "L") == on_hand


def test_duplicates_without_preprocessing_are_applied_in_turn(client: Client) -> None:
    job = client.job(preprocessing="skip")
    batch_id = client.load([record("A", "L", 1), record("A", "L", 2)], job=job)

    assert verdicts(client, batch_id) == ["applied", "applied"]
    (count,) = client.position("A:L:DEFAULT")["quantities"]
    assert [state["quantity"] for state in count["history"]] == [1, 2]


def test_the_last_of_several_records_for_one_quantity_stands_for_them(client: Client) -> None:
    load = client.load(
        [
            record("D45", "LOC_MEL", 1),
            record("D45", "LOC_MEL", 2),
            record("D45", "LOC_MEL", 3, type="EXPECTED"),
            record("D45", "LOC_MEL", 4, ref="LOT_1"),
            record("D45", "LOC_SYD", 5),
            record("D45", "LOC_MEL", 6),
        ]
    )

    assert verdicts(client, load) == ["duplicate", "duplicate", *["applied"] * 4]
    assert client.on_hand("D45", "LOC_MEL") == 10


@pytest.mark.parametrize("conditions", [None, {}])
def test_a_transient_quantity_keeps_an_equal_count_from_being_dropped(
    client: Client, conditions: object
) -> None:
    job = client.job()
    client.load([record("A", "L", 10)], job=job)
    client.delta("A", "L", 5, "d")
    assert client.on_hand("A", "L") == 15

    batch_id = client.load([record("A", "L", 10)], job=job, conditions=conditions)

    assert verdicts(client, batch_id) == ["applied"]
    assert client.quantities("A", "L")["d"] == (5, "INACTIVE")
    assert client.on_hand("A", "L") == 10


@pytest.mark.parametrize(
    ("related", "said"),
    [
        ([], "unchanged"),
        ([{"type": "SALE", "status": "ACTIVE"}], "unchanged"),
        ([{"type": "DELTA", "status": "INACTIVE"}], "unchanged"),
        ([{"type": "DELTA", "status": "ACTIVE"}], "applied"),
        (
            [{"type": "SALE", "status": "ACTIVE"}, {"type": "DELTA", "status": "ACTIVE"}],
            "applied",
        ),
    ],
)
def test_conditions_replace_the_default_transients(
    client: Client, related: list[Document], said: str
) -> None:
    job = client.job()
    client.load([record("A", "L", 10)], job=job)
    client.delta("A", "L", 5, "d")

    conditions = {"hasRelatedInventoryQuantities": related}
    batch_id = client.load([record("A", "L", 10)], job=job, conditions=conditions)

    assert verdicts(client, batch_id) == [said]
    assert client.on_hand("A", "L") == (15 if said == "unchanged" else 10)


@pytest.mark.parametrize(
    ("related", "pointer"),
    [
        ("x", "/conditions/hasRelatedInventoryQuantities"),
        ([5], "/conditions/hasRelatedInventoryQuantities/0"),
        ([{"type": 5, "status": "ACTIVE"}], "/conditions/hasRelatedInventoryQuantities/0/type"),
        ([{"status": "ACTIVE"}], "/conditions/hasRelatedInventoryQuantities/0/type"),
    ],
)
def test_conditions_that_are_none(client: Client, related: object, pointer: str) -> None:
    document = batch(record("A", "L", 1), conditions={"hasRelatedInventoryQuantities": related})
    [(_, message)] = refusals(client.post(f"{JOB}/{client.job()}/batch", document))

    assert pointer in message


@pytest.mark.parametrize(
    ("first", "then", "reason"),
    [
        (
            record("A", "L", 5, ref="SHP_C", type="IN_TRANSIT"),
            record("A", "L", 5, ref="SHP_C"),
            "SHP_C has the type IN_TRANSIT, it cannot become LAST_ON_HAND",
        ),
        (
            record("A", "L", 5),
            record("A", "L", 5, ref="A:L:DEFAULT:LAST_ON_HAND", type="ON_ORDER"),
            "A:L:DEFAULT:LAST_ON_HAND is kept for the simulator's own use",
        ),
        (
            record("A", "L", 5, ref="SHP_C", type="IN_TRANSIT"),
            record("B", "L", 5, ref="SHP_C", type="IN_TRANSIT"),
            "SHP_C already belongs to position A:L:DEFAULT",
        ),
    ],
)
@pytest.mark.parametrize("amount", [5, 6])
def test_a_ref_that_stands_for_something_else_is_refused_also_where_the_amount_is_the_same(
    client: Client, first: Document, then: Document, reason: str, amount: int
) -> None:
    client.load([first, record("B", "L", 1)])
    again = client.load([{**then, "qty": amount}])

    [row] = status(client, again)["results"]
    assert row["responseCode"] == "500"
    assert reason in row["message"]


def test_attributes_are_kept_and_do_not_make_a_record_changed(client: Client) -> None:
    job = client.job()
    attributes = {"expectedOn": "2026-01-01T00:00:00Z", "pallet": {"deep": [1, None]}}
    client.load([record("A", "L", 10, attributes=attributes)], job=job)
    again = client.load([record("A", "L", 10, attributes={"other": 1})], job=job)

    assert verdicts(client, again) == ["unchanged"]
    assert client.on_hand("A", "L") == 10


def messages(client: Client, *records: Document) -> list[str]:
    """What is told of each record of a batch."""
    return [row["message"] for row in status(client, client.load([*records]))["results"]]


MAY, JUNE = "2026-05-01T00:00:00Z", "2026-06-01T00:00:00Z"


@pytest.mark.parametrize(
    ("attributes", "told"),
    [
        ({"expectedOn": JUNE}, ", although expectedOn differs: "),
        ({"expectedOn": JUNE, "segment1": "new"}, ", although segment1, expectedOn differ: "),
        (
            {"expectedOn": MAY, "parentRef": "A:L:DEFAULT:LAST_ON_HAND"},
            "although parentRef differs",
        ),
    ],
)
def test_a_record_that_is_dropped_tells_which_fields_are_not_written(
    client: Client, attributes: Document, told: str
) -> None:
    """The technical guide (10 Apr 2026) compares quantity and status."""
    order = record("A", "L", 50, ref="PO1", type="ON_ORDER")
    first = [record("A", "L", 10), {**order, "attributes": {"expectedOn": MAY}}]
    client.load(first)

    [message] = messages(client, {**order, "attributes": attributes})

    assert message.startswith("unchanged: dropped by Batch Pre-Processing, although ")
    assert told in message
    assert 'meta.preprocessing "skip"' in message
    assert messages(client, *first) == ["unchanged: dropped by Batch Pre-Processing"] * 2


def test_a_plain_count_that_is_given_a_field_tells_that_it_is_not_written(client: Client) -> None:
    count = record("A", "L", 10)
    client.load([count])

    [message] = messages(client, {**count, "attributes": {"condition": "NEW"}})
    assert "although condition differs" in message


def test_attributes_can_make_a_record_changed(make_simulator: MakeSimulator) -> None:
    client = Client(make_simulator(preprocessing_compares_attributes="yes"))
    job = client.job()
    client.load([record("A", "L", 10, attributes={"a": 1})], job=job)
    same = client.load([record("A", "L", 10, attributes={"a": 1})], job=job)
    other = client.load([record("A", "L", 10, attributes={"a": 2})], job=job)

    assert verdicts(client, same) == ["unchanged"]
    assert verdicts(client, other) == ["applied"]


def test_a_status_in_a_record_is_compared_but_not_applied(client: Client) -> None:
    # UpsertInventoryQuantity, 19 Mar 2026, and the technical guide, 10 Apr 2026.
    job = client.job()
    client.load([record("A", "L", 10)], job=job)
    batch_id = client.load([record("A", "L", 10, status="INACTIVE")], job=job)

    assert verdicts(client, batch_id) == ["applied"]
    assert client.on_hand("A", "L") == 10


def test_a_sale_is_cleared_by_an_equal_count_also_where_the_count_has_attributes(
    client: Client,
) -> None:
    attributes = {"condition": "NEW"}
    client.load([record("D45", "LOC_MEL", 10, attributes=attributes)])
    client.confirm("D45", "LOC_MEL", "F1", sold=2)
    client.load([record("D45", "LOC_MEL", 10, attributes=attributes)])

    assert client.on_hand("D45", "LOC_MEL") == 10
