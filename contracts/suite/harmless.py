"""Generated requests, changed so that they can do no harm to data that is not the run's own."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from fluent_oms_simulator.client.builders import INVENTORY_EVENTS
from fluent_oms_simulator.client.target_server import Target
from fluent_oms_simulator.contracts.target.names import Names

NAMES = ("skuRef", "productRef", "locationRef", "ref", "deltaId", "fulfilmentId", "inventoryId")
LONGEST_REF = 100
LONGEST_JOB_NAME = 255
LONG_AGO = "2020-01-01T00:00:00Z"
CONTROL_CHARACTERS = re.compile(r"[\x00-\x1f\x7f]")
LOOK = "{ __typename }"


class Harmless:
    """Puts every name under the run's prefix, and keeps what is wrong with it as it is."""

    def __init__(self, target: Target, names: Names) -> None:
        self._target = target
        self._prefix = names.prefix

    def body(self, operation_id: str, body: Any) -> Any:
        """A body that can be sent; one that is no object goes as it is."""
        if not isinstance(body, dict):
            return body
        change: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
            "createJob": self._job,
            "createBatch": self._batch,
            "sendEvent": self._event,
            "sendEventAndWait": self._event,
            "executeGraphql": self._graphql,
        }
        return change[operation_id](body) if operation_id in change else body

    def _job(self, job: dict[str, Any]) -> dict[str, Any]:
        changed = self._retailer(job)
        if "name" in job:
            changed = {**changed, "name": self._under_prefix(job["name"], LONGEST_JOB_NAME)}
        return changed

    def _retailer(self, document: dict[str, Any]) -> dict[str, Any]:
        retailer = document.get("retailerId")
        if isinstance(retailer, float) and retailer.is_integer():
            retailer = int(retailer)
        if isinstance(retailer, bool) or not isinstance(retailer, str | int):
            return document
        if isinstance(retailer, str) and not (_is_name(retailer) and len(retailer) <= 20):
            return document
        if isinstance(retailer, int) and not 0 <= retailer <= 9007199254740991:
            return document
        return {**document, "retailerId": self._target.retailer_id}

    def _batch(self, batch: dict[str, Any]) -> dict[str, Any]:
        changed = dict(batch)
        catalogue = batch.get("catalogueRef")
        if isinstance(catalogue, str) and _is_name(catalogue):
            changed["catalogueRef"] = self._target.catalogue_ref
        if "entities" in batch:
            changed["entities"] = self._own(batch["entities"])
        return changed

    def _event(self, event: dict[str, Any]) -> dict[str, Any]:
        changed = self._retailer(event)
        account = event.get("accountId")
        if isinstance(account, str) and _is_name(account):
            changed = {**changed, "accountId": self._target.account}
        if "scheduledOn" in event:
            changed = {**changed, "scheduledOn": _now_at_the_latest(event["scheduledOn"])}
        if "attributes" in event:  # whoever listens to an event may act on what it names
            changed = {**changed, "attributes": self._own(event["attributes"])}
        if (
            event.get("name") in INVENTORY_EVENTS
            and event.get("entityType") == "INVENTORY_CATALOGUE"
            and "entityId" not in event
        ):
            own = {"entityRef": self._target.catalogue_ref} if "entityRef" in event else {}
            return {**changed, **own}
        renamed: dict[str, Any] = {  # so that nothing runs it
            name: self._under_prefix(event[name])
            for name in ("name", "entityRef", "rootEntityRef")
            if name in event
        }
        return {**changed, **renamed}

    def _graphql(self, request: dict[str, Any]) -> dict[str, Any]:
        query = request.get("query")
        writes = isinstance(query, str) and ("mutation" in query or "subscription" in query)
        return {**request, "query": LOOK} if writes else request

    def _own(self, value: Any) -> Any:
        """Rows, or whatever stands in their place, with all that they name under the prefix."""
        if isinstance(value, list):
            return [self._own(each) for each in value]
        if not isinstance(value, dict):
            return value
        own = {name: self._own(each) for name, each in value.items()}
        named = {name: self._under_prefix(own[name]) for name in NAMES if name in own}
        return {**self._retailer(own), **named}

    def _under_prefix(self, name: object, longest: int = LONGEST_REF) -> object:
        if not isinstance(name, str) or not name:
            return name
        own = f"{self._prefix}-{name}"
        return own[:longest] if len(name) <= longest else own


def _now_at_the_latest(moment: object) -> object:
    """A time of its kind that has passed: an event that runs later would write after the run."""
    if isinstance(moment, str) and _is_name(moment) and not moment.isspace():
        return LONG_AGO
    if isinstance(moment, int | float) and not isinstance(moment, bool):
        return 0
    return moment


def _is_name(text: str) -> bool:
    """Whether a text could name something: what could not must stay as it is."""
    return 0 < len(text) <= LONGEST_REF and not CONTROL_CHARACTERS.search(text)
