"""A history told to the model: each step's outcome, and what there is after it."""

from typing import Any

from .mutation_model import WrittenStock
from .promise_model import promised
from .steps import CONTROLS, NETWORKS, THRESHOLDS, Step
from .stock_model import Document, RefusedError
from .switches import Switches
from .virtual_model import Catalogue, Control, Group, Shop

HOUR = 3_600_000


class Told:
    """The model of a whole account."""

    def __init__(self, switches: Switches, now: int) -> None:
        self.switches = switches
        self.stock = WrittenStock(switches)
        self.shop = Shop(self.stock, NETWORKS)
        self.now = now
        self.scheduled: list[tuple[int, int, Step]] = []
        self.shop.groups = {CONTROLS: Group(), THRESHOLDS: Group()}
        for catalogue in (
            Catalogue("BASE:1", "BASE"),
            Catalogue("BASE:N", "BASE", ["N1"], CONTROLS, [THRESHOLDS]),
            Catalogue("AGG:N", "AGGREGATE", ["N1"], CONTROLS, [THRESHOLDS]),
            Catalogue("AGG:ALL", "AGGREGATE", [], CONTROLS),
            Catalogue("ATS:1", "ATS", ["N2"], CONTROLS),
        ):
            self.shop.catalogues[catalogue.ref] = catalogue

    def take(self, step: Step) -> object:
        """Take a step; returns what the simulator must answer."""
        if step.kind in ("deltas", "fulfil"):
            return self._event(step)
        try:
            outcome: object = getattr(self, f"_{step.kind}")(step.given)
        except RefusedError:
            return "refused"
        self.shop.follow()
        return outcome

    def _load(self, given: Document) -> object:
        outcomes = self.stock.load(
            given["entities"],
            preprocessing=given["preprocessing"],
            conditions=given.get("conditions"),
        )
        allowed = self.switches["preprocessing.account_setting"] == "true"
        without = not (given["preprocessing"] and allowed)
        shown = self.switches["batch.results"] == "records" or without
        return [outcome == "failed" for outcome in outcomes] if shown else []

    def _event(self, step: Step) -> str:
        if step.kind == "deltas" and not self._is_sound(step.given["deltas"]):
            refuses = self.switches["event.invalid_attributes"] == "refuse"
            return "refused" if refuses else "FAILED"
        if step.given["hours"] and self.switches["event.scheduled_on"] == "run_then":
            due = self.now + step.given["hours"] * HOUR
            self.scheduled.append((due, len(self.scheduled), step))
            return "SCHEDULED"
        return self._run(step)

    def _is_sound(self, deltas: list[Document]) -> bool:
        ids = [entry["deltaId"] for entry in deltas]
        if self.switches["delta.twice_in_event"] == "refuse" and len(set(ids)) < len(ids):
            return False
        return self.switches["delta.zero"] == "accept" or all(entry["qty"] for entry in deltas)

    def _run(self, step: Step) -> str:
        try:
            if step.kind == "deltas":
                self.stock.deltas(step.given["deltas"])
            else:
                self.stock.fulfil(step.given["items"])
        except RefusedError:
            return "FAILED"
        return "SUCCESS"

    def _advance(self, given: Document) -> str:
        self.now += given["hours"] * HOUR
        for due in sorted(each for each in self.scheduled if each[0] <= self.now):
            self._run(due[2])
        self.scheduled = [each for each in self.scheduled if each[0] > self.now]
        return "done"

    def _createInventoryPosition(self, given: Document) -> str:  # noqa: N802
        self.stock.create_position(given)
        return "done"

    def _updateInventoryPosition(self, given: Document) -> str:  # noqa: N802
        self.stock.update_position(given)
        return "done"

    def _updateInventoryPositionsStatusByLocation(self, given: Document) -> str:  # noqa: N802
        self.stock.status_by_location(given["location"], given["status"])
        return "done"

    def _createInventoryQuantity(self, given: Document) -> str:  # noqa: N802
        self.stock.create_quantity(given)
        return "done"

    def _updateInventoryQuantity(self, given: Document) -> str:  # noqa: N802
        self.stock.update_quantity(given)
        return "done"

    def _updateInventoryQuantitiesStatus(self, given: Document) -> str:  # noqa: N802
        self.stock.quantities_status(given["filter"], given["status"])
        return "done"

    def _control(self, given: Document) -> str:
        controls = self.shop.groups[given["group"]].controls
        what = {name: value for name, value in given.items() if name != "group"}
        known = controls.get(given["ref"])
        if known is None:
            controls[given["ref"]] = Control(**what)
        else:
            known.order, known.status = given["order"], given["status"]
            known.amount, known.gives = given.get("amount", 0), given.get("gives", "")
        return "done"

    def _group(self, given: Document) -> str:
        self.shop.groups[given["ref"]].status = given["status"]
        return "done"

    def _follow(self, given: Document) -> str:
        self.shop.followed = given["groups"]
        return "done"

    def _virtual(self, given: Document) -> str:
        catalogue = self.shop.catalogues[given["ref"]]
        catalogue.networks = given.get("networks", catalogue.networks)
        catalogue.threshold_groups = given.get("thresholds", catalogue.threshold_groups)
        return "done"

    def _segments(self, given: Document) -> str:
        self.shop.set_segments(given["catalogue"], given["ref"], given["segments"])
        return "done"

    # -- what there is -------------------------------------------------------------------------

    def shown(self, day: str) -> dict[str, Any]:
        """All that is compared, by name."""
        found: dict[str, Any] = {}
        for position in self.stock.positions.values():
            found[f"position {position.ref}"] = (position.on_hand, position.status)
            found[f"promise {position.ref} {day}"] = promised(self.stock, position, day)
        for row in self.stock.quantities.values():
            found[f"quantity {row.ref}"] = {
                "position": row.position,
                "type": row.type,
                "quantity": row.quantity,
                "status": row.status,
                "parent": row.parent,
                "attributes": row.attributes,
                **row.fields,
            }
        for each in self.shop.available():
            found[f"virtual {each.catalogue} {each.ref}"] = {
                "quantity": each.quantity,
                "status": each.status,
                "product": each.product,
                "group": each.group,
                "segments": self.shop.segments.get((each.catalogue, each.ref), []),
            }
        return found
