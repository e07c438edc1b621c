"""A history told to a simulator, over its public surface, and what it shows after each step."""

from typing import Any

from fluent_oms_simulator.clock import VirtualClock, timestamp

from ...graphql.helpers.places import CREATE_LOCATION, location_input
from ...graphql.helpers.support import answer_of, ask, nodes, post
from ...graphql.helpers.virtual_shop import Shop, mutate
from ...support import Client, batch, deltas, updates
from .steps import CONTROLS, LOCATIONS, NETWORKS, THRESHOLDS, Step
from .stock_model import FIELDS, Document
from .told import HOUR

CATALOGUE = {"ref": "DEFAULT:1"}
NAMES = {"QUANTITY_BUFFER": "buffer", "MASTER_BUFFER": "buffer", "BULK_THRESHOLD": "threshold"}

SHOWN = f"""{{
  inventoryPositions(first: 50) {{ edges {{ node {{ ref onHand status
    quantities(first: 100) {{ edges {{ node {{ ref type status quantity parent {{ ref }}
      attributes {{ name value }} {" ".join(FIELDS)} }} }} }} }} }} }}
  virtualPositions(first: 200) {{ edges {{ node {{ ref status quantity productRef groupRef
    catalogue {{ ref }} segments {{ type value }} }} }} }}
}}"""


class Player:
    """A client of a simulator that plays histories, one after the other."""

    def __init__(self, client: Client) -> None:
        self.client = client
        clock = client.simulator.clock
        assert isinstance(clock, VirtualClock)
        self.clock = clock
        self._controls: set[str] = set()
        self._jobs: dict[bool, str] = {}

    def begin(self) -> None:
        """An empty account, but for places, groups and virtual catalogues."""
        assert self.client.http.post("/__admin/reset").status_code == 200
        self._controls, self._jobs = set(), {}
        self.client.forget_token()
        for ref in LOCATIONS:
            ask(self.client, CREATE_LOCATION, input=location_input(ref))
        shop = Shop(self.client)
        for name, locations in NETWORKS.items():
            shop.network(name, *locations)
        for group in (CONTROLS, THRESHOLDS):
            shop.group(group)
        named = {"attributes": [_named([THRESHOLDS])]}
        shop.virtual_catalogue("BASE:N", "BASE", networkIds=["N1"], **named)
        shop.virtual_catalogue("AGG:N", "AGGREGATE", networkIds=["N1"], **named)
        shop.virtual_catalogue("AGG:ALL", "AGGREGATE")
        shop.virtual_catalogue("ATS:1", "ATS", networkIds=["N2"])

    def take(self, step: Step) -> object:
        """Take a step; returns what the simulator answers."""
        self.clock.advance(1)
        given = step.given
        if step.kind == "load":
            return self._load(given)
        if step.kind == "deltas":
            return self._event(deltas(*given["deltas"]), given["hours"])
        if step.kind == "fulfil":
            return self._event(updates(*given["items"]), given["hours"])
        if step.kind == "advance":
            self.clock.advance(given["hours"] * HOUR)
            self.client.forget_token()
            self.client.settle()
            return "done"
        return self._written(step)

    def _load(self, given: Document) -> object:
        with_preprocessing = given["preprocessing"]
        if with_preprocessing not in self._jobs:
            asked = "enabled" if with_preprocessing else "skip"
            self._jobs[with_preprocessing] = self.client.job(preprocessing=asked)
        job = self._jobs[with_preprocessing]
        more = {}
        if "conditions" in given:
            more = {"conditions": {"hasRelatedInventoryQuantities": given["conditions"]}}
        reply = self.client.post(f"/api/v4.1/job/{job}/batch", batch(*given["entities"], **more))
        self.client.settle()
        if reply.status_code == 400:
            return "refused"
        found = self.client.batch(str(reply.get_json()["id"]), job)
        assert found["status"] == "COMPLETE"
        return [row["responseCode"] != "200" for row in found["results"]]

    def _event(self, document: Document, hours: int) -> str:
        if hours:
            document["scheduledOn"] = timestamp(self.clock.now() + hours * HOUR)
        reply = self.client.post("/api/v4.1/event/async", document)
        self.client.settle()
        if reply.status_code == 400:
            return "refused"
        return str(self.client.event(reply.get_json()["id"])["eventStatus"])

    def _written(self, step: Step) -> str:
        given = step.given
        if step.kind == "control":
            return self._control(given)
        if step.kind == "group":
            return self._mutate("updateControlGroup", given)
        if step.kind == "follow":
            named = [_named(given["groups"])]
            return self._mutate("updateInventoryCatalogue", {**CATALOGUE, "attributes": named})
        if step.kind == "virtual":
            what: Document = {"ref": given["ref"]}
            if "networks" in given:
                what["networkIds"] = given["networks"]
            if "thresholds" in given:
                what["attributes"] = [_named(given["thresholds"])]
            return self._mutate("updateVirtualCatalogue", what)
        if step.kind == "segments":
            return self._mutate(
                "updateVirtualPosition", {**given, "catalogue": {"ref": given["catalogue"]}}
            )
        if step.kind == "updateInventoryPositionsStatusByLocation":
            where = {"catalogue": CATALOGUE, "locationRef": given["location"]}
            return self._bulk(
                step.kind, "InventoryPositionsLocationFilterInput", where, given["status"]
            )
        if step.kind == "updateInventoryQuantitiesStatus":
            return self._bulk(
                step.kind, "InventoryQuantityFilterInput", given["filter"], given["status"]
            )
        return self._mutate(step.kind, given)

    def _control(self, given: Document) -> str:
        ref, key = given["ref"], {"ref": given["group"]}
        values = []
        if "amount" in given:
            values += [{"name": NAMES[given["kind"]], "type": "NUMBER", "value": given["amount"]}]
        if "gives" in given:
            values += [{"name": "status", "type": "STRING", "value": given["gives"]}]
        order = given["order"]
        if ref not in self._controls:
            self._controls.add(ref)
            context = [
                {"type": name.upper(), "property": "ref", "value": given[name]}
                for name in ("product", "location", "catalogue")
                if name in given
            ]
            first = [*values, {"name": "context", "type": "CONTEXT", "value": context}]
            made = {"ref": ref, "controlGroup": key, "type": given["kind"], "name": ref}
            mutate(self.client, "createControl", **made, values=first, executionOrder=order)
        changed = {"ref": ref, "controlGroup": key, "values": values, "executionOrder": order}
        return self._mutate("updateControl", {**changed, "status": given["status"]})

    def _mutate(self, name: str, given: Document) -> str:
        kind = f"{name[0].upper()}{name[1:]}Input"
        query = f"mutation ($input: {kind}) {{ {name}(input: $input) {{ ref }} }}"
        return self._outcome(query, {"input": given})

    def _bulk(self, name: str, kind: str, which: Document, status: str) -> str:
        query = f"""mutation ($which: {kind}!, $input: StatusInput!) {{
          {name}(filter: $which, input: $input) {{ count }} }}"""
        given = {"which": which, "input": {"status": status}}
        return self._outcome(query, given)

    def _outcome(self, query: str, given: Document) -> str:
        codes = [
            e["extensions"]["code"]
            for e in answer_of(post(self.client, query, given)).get("errors", ())
        ]
        assert "C0140E" not in codes, "no sound input"
        return "refused" if codes else "done"

    # -- what there is -------------------------------------------------------------------------

    def shown(self, day: str) -> dict[str, Any]:
        """All that is compared, by name."""
        found: dict[str, Any] = {}
        data = ask(self.client, SHOWN)
        for position in nodes(data["inventoryPositions"]):
            found[f"position {position['ref']}"] = (position["onHand"], position["status"])
            for row in nodes(position["quantities"]):
                found[f"quantity {row['ref']}"] = {
                    "position": position["ref"],
                    "type": row["type"],
                    "quantity": row["quantity"],
                    "status": row["status"],
                    "parent": row["parent"] and row["parent"]["ref"],
                    "attributes": {each["name"]: each["value"] for each in row["attributes"]},
                    **{name: _plain(row[name]) for name in FIELDS if row[name] is not None},
                }
        reply = self.client.http.get("/__admin/positions", query_string={"asOf": day, "count": 50})
        for position in reply.get_json()["results"]:
            promise = position["availableToPromise"]
            del promise["asOf"]
            found[f"promise {position['ref']} {day}"] = promise
        for each in nodes(data["virtualPositions"]):
            found[f"virtual {each['catalogue']['ref']} {each['ref']}"] = {
                "quantity": each["quantity"],
                "status": each["status"],
                "product": each["productRef"],
                "group": each["groupRef"],
                "segments": each["segments"],
            }
        return found


def _named(groups: list[str]) -> Document:
    return {"name": "controlGroups", "type": "JSON", "value": groups}


def _plain(value: str) -> str:
    """A date as it was sent."""
    return value.replace(".000+00:00", "Z").replace(".000Z", "Z")
