"""What a webhook is sent of an event: the event as JSON.

Fluent docs: order update contract, 13 Dec 2023, names the fields; entityStatus, type, attributes,
meta and the two lists of logs are of samples in public clients. All ids are text.
"""

import orjson

from ..domain.account.ports import CatalogueStore
from ..domain.events import Event
from ..domain.sizes import compact
from ..domain.workflow.audit import known_context

META = {"mode": "SYNC", "simulation": False, "models": []}


class WebhookPayloads:
    """Writes events as webhooks carry them."""

    def __init__(self, store: CatalogueStore, account: str) -> None:
        self._store = store
        self._account = account

    def body_of(self, event: Event) -> bytes:
        """The body for an event; its entity has the status of now.

        An entityId that nobody knows is null; what may be left out is where nothing is known of it.
        """
        context = known_context(event)
        subtype, status = self._catalogue(event)
        optional = {
            "entitySubtype": context.entity_subtype or subtype,
            "entityStatus": status,
            "rootEntityId": context.root_entity_id,
            "rootEntityType": context.root_entity_type,
            "rootEntityRef": context.root_entity_ref,
        }
        body = orjson.dumps(
            {
                "id": event.id,
                "name": event.name,
                "type": "NORMAL",
                "accountId": self._account,
                "retailerId": event.retailer_id,
                "entityId": context.entity_id,
                "entityRef": context.entity_ref,
                "entityType": context.entity_type,
                **{name: value for name, value in optional.items() if value is not None},
                "attributes": orjson.loads(event.body).get("attributes") or {},
                "meta": META,
                "trailLogs": [],
                "errorLogs": [],
            }
        )
        return compact(body)  # it is kept

    def _catalogue(self, event: Event) -> tuple[str | None, str | None]:
        """Type and status of the inventory catalogue that an event is for, if there is one."""
        with self._store.reading(event.catalogue_ref) as catalogue:
            if catalogue is None:
                return None, None
            return catalogue.ref.type, catalogue.profile.status
