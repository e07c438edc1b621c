"""What a simulator shows, over its public surface."""

import json
from typing import Any

from fluent_oms_simulator.clock import moment, timestamp

from ...graphql.helpers.support import ask, nodes, refs
from ...support import Client
from .stock_model import FIELDS, Document, Raised
from .words import CATALOGUE, count_of, key

SHOWN = f"""{{
  inventoryPositions(first: 50) {{ edges {{ node {{ ref onHand status createdOn updatedOn
    quantities(first: 100) {{ edges {{ node {{ ref type status quantity parent {{ ref }}
      createdOn updatedOn attributes {{ name value }} {" ".join(FIELDS)} }} }} }} }} }} }}
  virtualPositions(first: 200) {{ edges {{ node {{ ref status quantity type productRef groupRef
    updatedOn catalogue {{ ref }} segments {{ type value }} attributes {{ name value }} }} }} }}
}}"""


class Reader:
    """A client of a simulator that looks at all that there is."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.since = 0
        """When the last step was taken."""
        self._seen: dict[str, Document] = {}

    def forget(self) -> None:
        """Begin anew."""
        self._seen = {}

    def shown(self, day: str) -> dict[str, Any]:
        """All that is compared, by name."""
        found: dict[str, Any] = {}
        data = ask(self.client, SHOWN)
        for position in nodes(data["inventoryPositions"]):
            found[f"position {position['ref']}"] = {
                "onHand": position["onHand"],
                "status": position["status"],
                **_dates(position),
            }
            for row in nodes(position["quantities"]):
                found[f"quantity {row['ref']}"] = {
                    "position": position["ref"],
                    "type": row["type"],
                    "quantity": row["quantity"],
                    "status": row["status"],
                    "parent": row["parent"] and row["parent"]["ref"],
                    "attributes": _attributes(row),
                    **_dates(row),
                    **({"created": None} if row["ref"] == count_of(position["ref"]) else {}),
                    **{name: _plain(row[name]) for name in FIELDS if row[name] is not None},
                }
        reply = self.client.http.get("/__admin/positions", query_string={"asOf": day, "count": 50})
        for position in reply.get_json()["results"]:
            promise = position["availableToPromise"]
            del promise["asOf"]
            found[f"promise {position['ref']} {day}"] = promise
        for each in nodes(data["virtualPositions"]):
            name = f"virtual {each['catalogue']['ref']} {each['ref']}"
            found[name] = {
                "quantity": each["quantity"],
                "status": each["status"],
                "type": each["type"],
                "product": each["productRef"],
                "group": each["groupRef"],
                "attributes": _attributes(each),
                "segments": each["segments"],
            }
            is_new = self._seen.get(name) != found[name]
            self._seen[name] = found[name].copy()
            is_told = moment(each["updatedOn"]) >= self.since
            found[name]["missed by its date"] = is_new and not is_told
        return found

    def raised(self) -> list[Raised]:
        """The events of the last step, and those that it has raised."""
        found = []
        for which in ({"eventType": "ORCHESTRATION"}, {"name": "BATCH_COMPLETE"}):
            query = {"from": timestamp(self.since), "count": "500", **which}
            found += self.client.get("/api/v4.1/event", **query).get_json()["results"]
        return sorted(_raised(row) for row in found)

    def quantities(self, given: Document) -> Document:
        """Quantities by their fields, and how much they are, asked for in three ways."""
        filters = ", ".join(f"{name}: {_text(value)}" for name, value in given["filters"].items())
        some = f"({filters})" if filters else ""
        position = f"position: {_text(key(given['position']))}"
        where = f"ref: {_text(given['position'])}, catalogue: {_text(CATALOGUE)}"
        data = ask(
            self.client,
            f"""{{ total: inventoryQuantityAggregate({position} {filters}) {{ count sum }}
            inventoryPosition({where}) {{ total: quantitiesAggregate{some} {{ count sum }}
              quantities(first: 100 {filters}) {{ edges {{ node {{ ref }} }} }} }} }}""",
        )
        found = data["inventoryPosition"]
        if found is None:
            return {"refs": [], "total": data["total"]}
        assert found["total"] == data["total"]
        return {"refs": sorted(refs(found["quantities"])), "total": data["total"]}

    def sum(self, given: Document) -> Document:
        """Positions of a product, and what they have on hand."""
        filters = " ".join(f"{name}: {_text(value)}" for name, value in given.items())
        where = f"catalogue: {_text(CATALOGUE)} {filters}"
        found: Document = ask(
            self.client, f"{{ sum: inventoryPositionAggregate({where}) {{ count sum }} }}"
        )["sum"]
        return found


def _raised(row: Document) -> Raised:
    context, said = row["context"], ""
    if context["entityType"] == "BATCH":
        return Raised(row["name"], "BATCH")
    if row["name"] == "InventoryChanged" and row["source"] == "batch":
        position = _attributes(row).get("inventoryPosition")
        said = _said(position) if position else ""
    named = context["entityType"], context["entityRef"]
    return Raised(row["name"], *named, row["eventStatus"], said)


def _said(position: Document) -> str:
    row = position["inventoryQuantity"]
    assert position["ref"] == f"{position['productRef']}:{position['locationRef']}:DEFAULT"
    assert row["qty"] == position["qty"]
    place = f"{position['productRef']} at {position['locationRef']}"
    return f"{place}: {row['ref']} of {row['type']} is {row['qty']}"


def _text(value: Any) -> str:
    """A value as a GraphQL document has it."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}: {_text(part)}" for name, part in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_text, value)) + "]"
    return json.dumps(value)


def _attributes(row: Document) -> Document:
    return {each["name"]: each["value"] for each in row["attributes"] or ()}


def _dates(row: Document) -> Document:
    return {"created": moment(row["createdOn"]), "updated": moment(row["updatedOn"])}


def _plain(value: str) -> str:
    """A date as it was sent."""
    return value.replace(".000+00:00", "Z").replace(".000Z", "Z")
