"""A snapshot's file as documents that a test can change, and all that can be read of a state."""

import gzip
import json
from collections import Counter
from typing import Any

from ...graphql.helpers.places import CREATE_LOCATION, location_input
from ...graphql.helpers.support import ask
from ...graphql.helpers.virtual_shop import Shop, mutate
from ...support import Client, Document, delta, deltas, record

PATH = "/__admin/snapshots"
GZIP = "application/gzip"
TOMORROW = "2026-01-02T12:00:00.000Z"
ALL_OF_IT = """{
  inventoryPositions(first: 100) { edges { node {
    id ref onHand status createdOn updatedOn
    quantities(first: 20) { edges { node { id ref type quantity status createdOn updatedOn
      parent { ref } condition expectedOn attributes { name type value } } } }
  } } }
  locations(first: 100) { edges { node { id ref name status createdOn } } }
  virtualCatalogues(first: 10) { edges { node { id ref attributes { name type value } } } }
  virtualPositions(first: 100) { edges { node { id ref quantity status updatedOn } } }
  networks(first: 10) { edges { node { id ref } } }
}"""


def fill(client: Client) -> None:
    """Have something of each kind that a snapshot holds."""
    client.load([record("SKU_1", "LOC_1", 100), record("SKU_2", "LOC_2", 50)])
    client.load(
        [
            record("SKU_1", "LOC_1", 90, type="RESERVED", ref="r", attributes={"a": [1, {"b": 2}]}),
            record("SKU_3", "LOC_1", 3, type="EXPECTED", ref="e"),
            record("SKU_2", "LOC_2", 50),
        ]
    )
    client.delta("SKU_1", "LOC_1", -1, "sale")
    client.delta("SKU_1", "LOC_1", -1, "sale")
    client.delta("SKU_9", "LOC_1", -1, "nowhere")
    client.reserve("SKU_2", "LOC_2", 5, "order-1")
    client.confirm("SKU_2", "LOC_2", "order-1", sold=3)
    ask(client, CREATE_LOCATION, input=location_input("X"))
    shop = Shop(client)
    shop.network("N1", "LOC_1")
    shop.group("CG")
    shop.virtual_catalogue("BASE:N", "BASE", networkIds=["N1"])
    child = {
        "ref": "child",
        "type": "RESERVED",
        "quantity": -1,
        "parent": {"ref": "e", "catalogue": {"ref": "DEFAULT:1"}},
    }
    key = {"ref": "SKU_3:LOC_1:DEFAULT", "catalogue": {"ref": "DEFAULT:1"}}
    mutate(client, "createInventoryQuantity", position=key, catalogue=key["catalogue"], **child)
    mutate(
        client,
        "updateVirtualPosition",
        ref="SKU_1:LOC_1",
        catalogue={"ref": "BASE:1"},
        quantity=7,
    )
    client.send({**deltas(delta("SKU_1", "LOC_1", 7, "later")), "scheduledOn": TOMORROW})
    client.load([record("SKU_2", "LOC_2", 49)])
    reads(client)  # which takes note of products and locations


def saved(client: Client, name: str = "a") -> bytes:
    """What it holds now, as a file."""
    taken = client.http.put(f"{PATH}/{name}", json={"replace": True})
    assert taken.status_code == 201, taken.get_data(as_text=True)
    reply = client.http.get(f"{PATH}/{name}/file")
    assert reply.status_code == 200
    return bytes(reply.data)


def lines_in(file: bytes) -> list[Document]:
    """The head and the lines."""
    return [json.loads(line) for line in gzip.decompress(file).splitlines()]


def packed(lines: list[Document], *, recount: bool = True) -> bytes:
    """A file of these, whose end says how many there are."""
    if recount and lines and lines[-1].get("kind") == "end":
        counted = Counter(str(line.get("kind")) for line in lines[1:-1])
        lines = [*lines[:-1], {**lines[-1], "lines": dict(counted)}]
    text = "".join(f"{json.dumps(line)}\n" for line in lines)
    return gzip.compress(text.encode(), 1)


def load(client: Client, file: bytes, name: str = "loaded", **query: str) -> Any:
    """Have a file kept by a name."""
    return client.http.put(f"{PATH}/{name}/file", data=file, content_type=GZIP, query_string=query)


def restore(client: Client, name: str = "loaded") -> None:
    """Go back to what was kept."""
    reply = client.http.post(f"{PATH}/{name}/restore")
    assert reply.status_code == 200, reply.get_data(as_text=True)


def reads(client: Client) -> Document:
    """All that can be asked for; every answer is one."""

    def told(path: str) -> Any:
        reply = client.http.get(path, headers=client.headers)
        assert reply.status_code < 500, reply.get_data(as_text=True)
        return reply.get_json()

    graphql = client.post("/graphql", {"query": ALL_OF_IT})
    assert graphql.status_code == 200, graphql.get_data(as_text=True)
    positions = told("/__admin/positions?count=100")["results"]
    return {
        "positions": [told(f"/__admin/positions/{each['ref']}") for each in positions],
        "past": [
            told(f"/__admin/positions/{each['ref']}?asOf=2025-12-31T00:00:00Z")
            for each in positions[:3]
        ],
        "graphql": graphql.get_json(),
        "events": [
            told(f"/api/v4.1/event?count=1000{which}")
            for which in ("", "&eventType=ORCHESTRATION_AUDIT", "&name=InventoryChanged")
        ],
        "jobs": [told(f"/api/v4.1/job/{number}") for number in range(1, 4)],
        "batches": [told(f"/api/v4.1/job/1/batch/{number}") for number in range(1, 8)],
        "records": [{**row, "request": None} for row in told("/__admin/ledger/records")["results"]],
        "clock": told("/__admin/clock"),
        "behaviours": told("/__admin/behaviours"),
        "health": told("/__admin/health")["catalogues"],
    }


def go_on(client: Client) -> None:
    """Traffic that meets what is there; each call is answered."""
    for path, body in (
        (f"/api/v4.1/job/{client.job()}/batch", batch_of(record("SKU_1", "LOC_1", 5))),
        ("/api/v4.1/event/sync", deltas(delta("SKU_1", "LOC_1", -2, "sale"))),
        ("/api/v4.1/event/sync", deltas(delta("SKU_3", "LOC_1", -2, "child"))),
    ):
        reply = client.post(path, body)
        assert reply.status_code < 500, reply.get_data(as_text=True)
        client.settle()
    reply = client.http.post("/__admin/clock/advance", json={"days": 3})
    assert reply.status_code < 500, reply.get_data(as_text=True)
    client.settle()
    client.forget_token()


def batch_of(*records: Document) -> Document:
    """A batch of these."""
    return {"action": "UPSERT", "entityType": "INVENTORY", "entities": list(records)}
