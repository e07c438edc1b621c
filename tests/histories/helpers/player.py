"""A history told to a simulator, over its public surface, and what it shows after each step."""

from fluent_oms_simulator.clock import VirtualClock, timestamp

from ...graphql.helpers.places import CREATE_LOCATION, location_input
from ...graphql.helpers.support import answer_of, ask, post
from ...graphql.helpers.virtual_shop import Shop, mutate
from ...support import Client, batch, deltas, event, updates
from .reader import Reader
from .steps import Step
from .stock_model import Document
from .told import HOUR
from .words import CATALOGUE, CONTROLS, LOCATIONS, NETWORKS, THRESHOLDS

NAMES = {"QUANTITY_BUFFER": "buffer", "MASTER_BUFFER": "buffer", "BULK_THRESHOLD": "threshold"}


class Player:
    """A client of a simulator that plays histories, one after the other."""

    def __init__(self, client: Client) -> None:
        self.client = client
        clock = client.simulator.clock
        assert isinstance(clock, VirtualClock)
        self.clock = clock
        self.reader = Reader(client)
        self._controls: set[str] = set()
        self._jobs: dict[bool, str] = {}
        self._scheduled: list[str] = []

    def in_another(self, client: Client) -> "Player":
        """Who goes on with the history in another simulator, which holds the same."""
        other = Player(client)
        other._controls, other._jobs = set(self._controls), dict(self._jobs)
        other._scheduled = list(self._scheduled)
        return other

    def begin(self) -> None:
        """An empty account, but for places, groups and virtual catalogues."""
        assert self.client.http.post("/__admin/reset").status_code == 200
        self._controls, self._jobs, self._scheduled = set(), {}, []
        self.reader.forget()
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
        self.reader.since = self.clock.now()
        given = step.given
        if step.kind == "load":
            return self._load(given)
        if step.kind == "deltas":
            return self._event(deltas(*given["deltas"]), given)
        if step.kind == "fulfil":
            return self._event(updates(*given["items"]), given)
        if step.kind == "changed":
            position = as_position(given["record"])
            return self._event(event("InventoryChanged", {"inventoryPosition": position}), given)
        if step.kind == "advance":
            self.clock.advance(given["hours"] * HOUR)
            self.client.forget_token()
            self.client.settle()
            return [self.client.event(each)["eventStatus"] for each in self._scheduled]
        if step.kind == "quantities":
            return self.reader.quantities(given)
        if step.kind == "sum":
            return self.reader.sum(given)
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
        return {
            "total": int(found["total"]),
            "results": [_verdict(row) for row in found["results"]],
        }

    def _event(self, document: Document, given: Document) -> str:
        if "hours" in given:
            document["scheduledOn"] = timestamp(self.clock.now() + given["hours"] * HOUR)
        way = "sync" if "sync" in given else "async"
        reply = self.client.post(f"/api/v4.1/event/{way}", document)
        self.client.settle()
        answered = reply.get_json()
        if "errors" in answered:
            assert reply.status_code == 400
            return "refused"
        if way == "sync":
            assert (reply.status_code == 200) == (answered["eventStatus"] == "COMPLETE")
            return str(answered["eventStatus"])
        status = str(self.client.event(answered["id"])["eventStatus"])
        if status == "SCHEDULED":
            self._scheduled.append(answered["id"])
        return status

    def _written(self, step: Step) -> object:
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
        if step.kind == "updateInventoryPositionsStatusByLocation":
            where = {"catalogue": CATALOGUE, "locationRef": given["location"]}
            return self._bulk(
                step.kind, "InventoryPositionsLocationFilterInput", where, given["status"]
            )
        if step.kind == "updateVirtualPositionsStatusByGroup":
            which = {"catalogue": {"ref": given["catalogue"]}, "groupRef": given["group"]}
            return self._bulk(step.kind, "VirtualPositionsGroupFilterInput", which, given["status"])
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
        return "refused" if self._data(query, {"input": given}) is None else "done"

    def _bulk(self, name: str, kind: str, which: Document, status: str) -> object:
        query = f"""mutation ($which: {kind}!, $input: StatusInput!) {{
          {name}(filter: $which, input: $input) {{ count }} }}"""
        data = self._data(query, {"which": which, "input": {"status": status}})
        return "refused" if data is None else data[name]["count"]

    def _data(self, query: str, given: Document) -> Document | None:
        answer = answer_of(post(self.client, query, given))
        codes = [error["extensions"]["code"] for error in answer.get("errors", ())]
        assert "C0140E" not in codes, "no sound input"
        return None if codes else answer["data"]


def as_position(record: Document) -> Document:
    """A record as InventoryChanged carries it (LoadInventoryPositionData, 12 Aug 2025)."""
    quantity = {n: record[n] for n in ("ref", "type", "status", "attributes") if n in record}
    position: Document = {"productRef": record["skuRef"], "locationRef": record["locationRef"]}
    said: Document = {"inventoryQuantity": {**quantity, "qty": record["qty"]}} if quantity else {}
    return {**position, "qty": record["qty"], **said}


def _named(groups: list[str]) -> Document:
    return {"name": "controlGroups", "type": "JSON", "value": groups}


def _verdict(row: Document) -> tuple[str, str]:
    """What became of a record; of those that failed the message says more."""
    word = row["message"].partition(":")[0]
    return (word if row["responseCode"] == "200" else "failed"), row["responseCode"]
