"""What batches and events leave behind: InventoryChanged for each record, CREATE for what is new.

Fluent docs: Inventory catalogue workflow interface contracts, 27 Nov 2024 (InventoryChanged comes
from the Batch API); how Inventory Batch Pre-Processing works, 23 Mar 2026 (only what has changed
goes on); workflow event execution, 29 Aug 2025 (CREATE for positions and quantities).
"""

import pytest
from fluent_oms_simulator import Settings
from fluent_oms_simulator.domain.workflow.batch_story import BatchStory

from ..conftest import MakeSimulator
from ..support import Client, Document, delta, deltas, item, limit, record, tally, updates
from .helpers.audit_rows import EVENT, MEL, SYD, search, values
from .helpers.replies import of_kind, refusals

CHANGED = "InventoryChanged"

Told = tuple[str, str | None, str]


def told(rows: list[Document]) -> list[Told]:
    """Name, entity and status of rows, in order of happening."""
    return [(row["name"], row["context"]["entityRef"], row["eventStatus"]) for row in rows]


def created(*refs: str) -> list[Told]:
    return [("CREATE", ref, "SUCCESS") for ref in refs]


def test_each_record_that_is_applied_raises_inventory_changed(client: Client) -> None:
    client.load([record("D45", "LOC_MEL", 10), record("D45", "LOC_SYD", 20)], source="ERP")

    rows = search(client, name=CHANGED)
    assert told(rows) == [(CHANGED, "DEFAULT:1", "SUCCESS")] * 2
    assert [values(row)["inventoryPosition"] for row in rows] == [
        {
            "ref": ref,
            "productRef": "D45",
            "locationRef": place,
            "qty": qty,
            "inventoryQuantity": {
                "ref": f"{ref}:LAST_ON_HAND",
                "type": "LAST_ON_HAND",
                "qty": qty,
            },
        }
        for ref, place, qty in ((MEL, "LOC_MEL", 10), (SYD, "LOC_SYD", 20))
    ]
    assert {(row["type"], row["category"], row["source"]) for row in rows} == {
        ("ORCHESTRATION", "ORDER_WORKFLOW", "ERP")
    }
    assert rows[0]["context"] == {
        "sourceEvents": [],
        "entityType": "INVENTORY_CATALOGUE",
        "entityId": "1",
        "entityRef": "DEFAULT:1",
        "rootEntityType": "INVENTORY_CATALOGUE",
        "rootEntityId": "1",
        "rootEntityRef": "DEFAULT:1",
    }


def test_what_preprocessing_drops_raises_nothing(client: Client) -> None:
    client.load([record("D45", "LOC_MEL", 10)])
    client.load([record("D45", "LOC_MEL", 10), record("D45", "LOC_SYD", 5)])
    client.load([record("D45", "LOC_SYD", 6), record("D45", "LOC_SYD", 7)])

    assert [values(row)["inventoryPosition"]["qty"] for row in search(client, name=CHANGED)] == [
        10,
        5,
        7,
    ]


@pytest.mark.parametrize("preprocessing", ["skip", "enabled"])
def test_new_positions_and_quantities_raise_create(client: Client, preprocessing: str) -> None:
    client.load([record("D45", "LOC_MEL", 10)], preprocessing=preprocessing)
    client.load(
        [
            record("D45", "LOC_MEL", 11),
            record("D45", "LOC_MEL", 3, type="EXPECTED"),
            record("D45", "LOC_MEL", 4, type="EXPECTED", ref="PO-1"),
        ],
        preprocessing=preprocessing,
    )
    client.load([record("D45", "LOC_MEL", 5, type="EXPECTED", ref="PO-1")])

    rows = search(client, name="CREATE")
    rows = [row for row in rows if row["context"]["entityType"] != "BATCH"]
    assert told(rows) == created(MEL, f"{MEL}:LAST_ON_HAND", f"{MEL}:EXPECTED", "PO-1")
    causes = [row["context"]["sourceEvents"][0] for row in rows]
    assert causes[0] == causes[1]
    assert [client.event(cause)["name"] for cause in causes] == [CHANGED] * 4
    assert values(client.event(causes[3]))["inventoryPosition"]["inventoryQuantity"] == {
        "ref": "PO-1",
        "type": "EXPECTED",
        "qty": 4,
    }


def test_the_event_of_a_record_is_found_by_what_it_made(client: Client) -> None:
    batch = client.load(
        [
            record("D45", "LOC_MEL", 10),
            record("D45", "LOC_MEL", 4, type="ON_ORDER", ref="PO-1"),
        ],
        preprocessing="skip",
    )

    [made] = search(client, name="CREATE", **{"context.entityRef": "PO-1"})
    [cause] = made["context"]["sourceEvents"]
    assert client.event(cause)["name"] == CHANGED
    assert client.event(cause)["outcome"].startswith(f"batch {batch} /entities/1: ")
    audit = search(client, eventType="ORCHESTRATION_AUDIT", **{"context.sourceEvents": cause})
    assert audit == []
    assert {row["name"] for row in search(client, eventType="ORCHESTRATION_AUDIT")} == {
        "BATCH_COMPLETE"
    }


def test_a_position_without_a_count_gets_a_new_quantity(make_simulator: MakeSimulator) -> None:
    client = Client(make_simulator(delta_missing_position="create"))
    sent = client.delta("D45", "LOC_MEL", 3, "d1")
    assert told(search(client, name="CREATE")) == created(MEL, "d1")
    assert search(client, name="CREATE")[0]["context"]["sourceEvents"] == [sent["id"]]

    client.load([record("D45", "LOC_MEL", 10)])
    client.load([record("D45", "LOC_MEL", 11)])
    assert told(search(client, name="CREATE"))[2:] == created(f"{MEL}:LAST_ON_HAND")


def test_deltas_and_reservations_raise_create_for_their_quantities(client: Client) -> None:
    client.load([record("D45", "LOC_MEL", 100)])
    client.send(deltas(delta("D45", "LOC_MEL", -1, "a"), delta("D45", "LOC_MEL", -2, "b")))
    client.send(deltas(delta("D45", "LOC_MEL", -1, "a"), delta("D45", "LOC_MEL", -2, "c")))
    client.send(updates(item("D45", "LOC_MEL", "F1", reservedQty=-5)))
    client.send(updates(item("D45", "LOC_MEL", "F1", saleQty=-5)))
    client.send(deltas(delta("D45", "NOWHERE", 1, "z")))

    rows = search(client, name="CREATE")[2:]
    assert told(rows) == created("a", "b", "c", f"{MEL}:RESERVED:F1", f"{MEL}:SALE:F1")
    assert {row["context"]["entityType"] for row in rows} == {"INVENTORY_QUANTITY"}


def test_a_created_row_has_the_id_that_graphql_shows(client: Client) -> None:
    client.load([record("D45", "LOC_MEL", 10), record("D45", "LOC_MEL", 4, type="EXPECTED")])
    client.delta("D45", "LOC_MEL", -1, "d1")
    rows_of = "{name} {{ edges {{ node {{ id ref }} }} }}".format
    query = f"{{ {rows_of(name='inventoryQuantities')} {rows_of(name='inventoryPositions')} }}"
    data = client.post("/graphql", {"query": query}).get_json()["data"]
    shown = {
        (edge["node"]["ref"], edge["node"]["id"])
        for rows in data.values()
        for edge in rows["edges"]
    }

    rows = search(client, name="CREATE")
    assert {(row["context"]["entityRef"], row["context"]["entityId"]) for row in rows} == shown
    for row in rows:
        for name in ("entityId", "entityRef"):
            wanted = {f"context.{name}": row["context"][name], "name": "CREATE"}
            assert row in search(client, **wanted)


def test_records_that_fail_or_match_nothing_are_told_one_by_one(
    make_simulator: MakeSimulator,
) -> None:
    client = Client(make_simulator(batch_invalid_record="refuse_record"))
    client.load([record("A:B", "C", 1), record("A", "B:C", 2), record("D", "L", -1)])
    client.load([record("D45", "LOC_MEL", 1), record("D45", "LOC_SYD", 1)], event="StockTake")

    failed = search(client, eventStatus="FAILED")
    assert [row["name"] for row in failed] == [CHANGED] * 2
    assert "batch 1 /entities/1: the position ref A:B:C:DEFAULT" in failed[0]["outcome"]
    assert "/entities/2/qty" in failed[1]["outcome"]
    unmatched = search(client, eventStatus="NO_MATCH")
    assert told(unmatched) == [("StockTake", "DEFAULT:1", "NO_MATCH")] * 2
    assert "batch 2 /entities/1: no ruleset is named 'StockTake'" in unmatched[1]["outcome"]


def test_every_row_is_found_by_its_id(client: Client) -> None:
    client.load([record("D45", "LOC_MEL", 10), record("D45", "LOC_SYD", 20)])
    client.delta("D45", "LOC_MEL", 1, "d")
    rows = search(client)

    assert len({row["id"] for row in rows}) == len(rows) == 6 + 16
    for row in rows:
        assert of_kind("event_item", client.get(f"{EVENT}/{row['id']}")) == row
        assert search(client, eventId=row["id"]) == [row]
    first = rows[0]["id"]
    assert [row["name"] for row in search(client, **{"context.sourceEvents": first})] == [
        "CREATE",
        "CREATE",
    ]


@pytest.mark.parametrize("ending", ["0000", "0004", "ffff", "000A", "+001", "zzzz"])
def test_a_row_of_a_batch_that_does_not_exist(client: Client, ending: str) -> None:
    client.load([record("D45", "LOC_MEL", 10)])
    row_id = search(client, name=CHANGED)[0]["id"][:-4] + ending

    refusals(client.get(f"{EVENT}/{row_id}"), 404)
    assert search(client, eventId=row_id) == []


@pytest.mark.parametrize("order", ["newest_first", "oldest_first"])
@pytest.mark.parametrize(
    "query",
    [
        {},
        {"name": CHANGED},
        {"name": "CREATE"},
        {"eventType": "ORCHESTRATION"},
        {"context.entityType": "INVENTORY_QUANTITY"},
        {"context.entityRef": "DEFAULT:1"},
        {"context.entityRef": "S3:L:DEFAULT"},
        {"context.entityRef": "S3:L:DEFAULT:LAST_ON_HAND"},
        {"context.entityId": "1"},
        {"context.rootEntityId": "1"},
        {"eventStatus": "SUCCESS", "category": "ORDER_WORKFLOW"},
        {"context.entityRef": "NO:SUCH"},
    ],
    ids=str,
)
def test_pages_are_parts_of_the_whole_list(
    make_simulator: MakeSimulator, order: str, query: dict[str, str]
) -> None:
    client = Client(make_simulator(event_order=order))
    for amount in (1, 2, 3):
        client.load([record(f"S{number}", "L", amount) for number in range(7)])
        client.delta("S3", "L", 1, f"d{amount}")

    def page(start: int, count: int) -> tuple[list[str], bool]:
        reply = client.get(EVENT, start=str(start), count=str(count), **query).get_json()
        return [row["id"] for row in reply["results"]], reply["hasMore"]

    whole, _ = page(0, 5_000)
    if query == {"name": CHANGED}:
        assert len(whole) == 21
    for count in (1, 4):
        paged: list[str] = []
        for start in range(0, len(whole) + count, count):
            rows, has_more = page(start, count)
            assert has_more == (start + count < len(whole))
            paged += rows
        assert paged == whole


def test_only_the_rows_of_the_page_are_made(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        client.load([record(f"S{n}", "L", 1) for n in range(1_000)], preprocessing="skip")
    made: list[int] = []
    row = BatchStory.row

    def counting(story: BatchStory, number: int) -> object:
        made.append(number)
        return row(story, number)

    monkeypatch.setattr(BatchStory, "row", counting)
    found = client.get(EVENT, name=CHANGED, start="2500", count="5").get_json()

    assert (len(found["results"]), found["hasMore"]) == (5, True)
    assert len(made) <= 100
    made.clear()
    assert search(client, name="NoSuchEvent") == search(client, retailerId="2") == []
    assert search(client, **{"context.entityRef": "NO:SUCH:DEFAULT"}) == []
    assert made == []


def test_what_a_batch_has_raised_counts_as_one_entry_of_the_log(
    make_simulator: MakeSimulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit(monkeypatch, "EVENTS", 2)
    client = Client(make_simulator())
    for amount in (1, 2, 3):
        client.load([record(f"S{n}", "L", amount) for n in range(50)])

    rows = search(client, name=CHANGED)
    assert {values(row)["inventoryPosition"]["qty"] for row in rows} == {2, 3}
    assert len(rows) == 100
    assert (tally(client, "events")["held"], tally(client, "events")["lost"]) == (2, 1)
    assert tally(client, "eventBytes")["held"] > 2 * 50 * 9


def test_rows_of_batches_outlive_the_batch_and_not_a_reset(
    make_simulator: MakeSimulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit(monkeypatch, "BATCHES", 1)
    client = Client(make_simulator())
    client.load([record("D45", "LOC_MEL", 1)])
    client.load([record("D45", "LOC_MEL", 2)])
    assert client.get("/api/v4.1/job/1/batch/1").status_code == 404
    assert len(search(client, name=CHANGED)) == 2

    assert client.http.post("/__admin/reset").status_code == 200
    assert search(client) == []


def test_seed_data_raises_nothing(make_simulator: MakeSimulator) -> None:
    client = Client(make_simulator(settings=Settings(seed_data="demo")))
    client.settle()

    assert client.positions()
    assert search(client) == []


def test_a_later_count_leaves_what_earlier_rows_tell(client: Client) -> None:
    client.load([record("D45", "LOC_MEL", 10)])
    before = search(client)
    client.load([record("D45", "LOC_MEL", 11)])
    client.delta("D45", "LOC_MEL", 5, "d")

    assert search(client)[: len(before)] == before


def test_a_row_tells_the_type_that_its_quantity_had_then(client: Client) -> None:
    client.load(
        [
            record("D45", "LOC_MEL", 10),
            record("D45", "LOC_MEL", 3, type="ON_ORDER", ref="PO-1"),
            record("D45", "LOC_MEL", 4, type="EXPECTED", ref="PO-2"),
        ]
    )
    before = search(client)
    change = """mutation { updateInventoryQuantity(input: {
        ref: "PO-1", catalogue: {ref: "DEFAULT:1"}, type: "IN_TRANSIT"}) { type } }"""
    reply = client.post("/graphql", {"query": change}).get_json()
    assert reply == {"data": {"updateInventoryQuantity": {"type": "IN_TRANSIT"}}}

    rows = search(client, name=CHANGED)
    told_types = [values(r)["inventoryPosition"]["inventoryQuantity"]["type"] for r in rows]
    assert told_types == ["LAST_ON_HAND", "ON_ORDER", "EXPECTED"]
    assert search(client)[: len(before)] == before
