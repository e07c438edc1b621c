"""A history told to the model: each step's outcome, and what there is after it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from .mutation_model import WrittenStock
from .promise_model import promised
from .question_model import asked_for, summed_up
from .steps import Step
from .stock_model import Document, Raised, RefusedError
from .switches import Switches
from .virtual_model import Catalogue, Control, Group
from .words import CONTROLS, NETWORKS, THRESHOLDS, count_of
from .workflow_model import APPLIED, CHANGED, ROOT
from .written_model import Written, WrittenShop

HOUR = 3_600_000
NAMES = {"deltas": "INVENTORY_DELTA", "fulfil": "UpdateInventoryQty", "changed": CHANGED}


@dataclass
class Scheduled:
    """An event that is for later."""

    due: int
    number: int
    step: Step
    status: str = "SCHEDULED"


class Told:
    """The model of a whole account."""

    def __init__(self, switches: Switches, now: int) -> None:
        self.switches = switches
        self.stock = WrittenStock(switches)
        self.shop = WrittenShop(self.stock, NETWORKS)
        self.now = now
        self.scheduled: list[Scheduled] = []
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
        self._at(self.now)
        self.stock.raised.clear()
        try:
            outcome: object = self._taken(step)
        except RefusedError:
            return "refused"
        self.shop.follow()
        return outcome

    def raised(self) -> list[Raised]:
        """The events of the last step, and those that it has raised."""
        return sorted(self.stock.raised)

    def _at(self, now: int) -> None:
        self.now = self.stock.now = now

    def _taken(self, step: Step) -> object:
        if step.kind in NAMES:
            return self._event(step)
        outcome = getattr(self, f"_{step.kind}")(step.given)
        self._heard()
        return "done" if outcome is None else outcome

    def _heard(self) -> None:
        self.shop.settle()
        self.stock.notified.clear()

    def _load(self, given: Document) -> Document:
        verdicts = self.stock.load(
            given["entities"],
            preprocessing=given["preprocessing"],
            conditions=given.get("conditions"),
        )
        allowed = self.switches["preprocessing.account_setting"] == "true"
        without = not (given["preprocessing"] and allowed)
        if self.switches["batch.events"] == "always" or (
            without and self.switches["batch.events"] == "without_preprocessing"
        ):
            self.stock.raised += [Raised(name, "BATCH") for name in ("CREATE", "BATCH_COMPLETE")]
        shown = {"records": True, "empty": False, "without_preprocessing": without}
        return {
            "total": len(verdicts),
            "results": verdicts if shown[self.switches["batch.results"]] else [],
        }

    def _event(self, step: Step) -> str:
        status = self._status(step)
        self.stock.raised.append(Raised(NAMES[step.kind], *ROOT, status))
        return "COMPLETE" if "sync" in step.given and status == "SUCCESS" else status

    def _status(self, step: Step) -> str:
        if step.kind == "changed" and self.switches["event.inventory_changed"] == "refuse":
            raise RefusedError
        if any(self.switches[switch] == "refuse" for switch in self._broken(step)):
            raise RefusedError
        if "hours" in step.given and self.switches["event.scheduled_on"] == "run_then":
            due = self.now + step.given["hours"] * HOUR
            self.scheduled.append(Scheduled(due, len(self.scheduled), step))
            return "SCHEDULED"
        return self._run(step)

    def _broken(self, step: Step) -> Iterator[str]:
        """The switches that say what comes of what is no sound event."""
        if step.kind == "deltas":
            deltas = step.given["deltas"]
            ids = [entry["deltaId"] for entry in deltas if "deltaId" in entry]
            if len(ids) < len(deltas):
                yield "delta.missing_id"
            twice = len(set(ids)) < len(ids) and self.switches["delta.twice_in_event"] == "refuse"
            zero = not all(entry["qty"] for entry in deltas)
            if twice or (zero and self.switches["delta.zero"] == "refuse"):
                yield "event.invalid_attributes"
        applied = self.switches["event.inventory_changed"] == "apply"
        if step.kind == "changed" and applied and not self.stock.is_sound(step.given["record"]):
            yield "event.invalid_attributes"

    def _run(self, step: Step) -> str:
        if step.kind == "changed" and self.switches["event.inventory_changed"] == "no_match":
            return "NO_MATCH"
        if any(self._broken(step)):
            return "FAILED"
        try:
            if step.kind == "deltas":
                self.stock.deltas(step.given["deltas"])
            elif step.kind == "fulfil":
                self.stock.fulfil(step.given["items"])
            elif self.stock.upsert(step.given["record"]) != APPLIED:
                return "FAILED"
        except RefusedError:
            return "FAILED"
        finally:
            self._heard()
        return "SUCCESS"

    def _advance(self, given: Document) -> list[str]:
        """Time goes by; returns where all events stand that were for later."""
        self._at(self.now + given["hours"] * HOUR)
        for each in sorted(self.scheduled, key=lambda one: (one.due, one.number)):
            if each.due <= self.now and each.status == "SCHEDULED":
                each.status = self._run(each.step)
        return [each.status for each in self.scheduled]

    def _createInventoryPosition(self, given: Document) -> None:  # noqa: N802
        self.stock.create_position(given)

    def _updateInventoryPosition(self, given: Document) -> None:  # noqa: N802
        self.stock.update_position(given)

    def _updateInventoryPositionsStatusByLocation(self, given: Document) -> int:  # noqa: N802
        return self.stock.status_by_location(given["location"], given["status"])

    def _createInventoryQuantity(self, given: Document) -> None:  # noqa: N802
        self.stock.create_quantity(given)

    def _updateInventoryQuantity(self, given: Document) -> None:  # noqa: N802
        self.stock.update_quantity(given)

    def _updateInventoryQuantitiesStatus(self, given: Document) -> int:  # noqa: N802
        return self.stock.quantities_status(given["filter"], given["status"])

    def _control(self, given: Document) -> None:
        group = self.shop.groups[given["group"]]
        what = {name: value for name, value in given.items() if name != "group"}
        known = group.controls.get(given["ref"])
        if known is None:
            known = group.controls[given["ref"]] = Control(**what)
        else:
            known.order, known.status = given["order"], given["status"]
            known.amount, known.gives = given.get("amount", 0), given.get("gives", "")
        if group.status == "ACTIVE":
            self.shop.changed.append((given["group"], known))

    def _group(self, given: Document) -> None:
        group = self.shop.groups[given["ref"]]
        if "ACTIVE" in (group.status, given["status"]):
            self.shop.changed += [(given["ref"], one) for one in group.controls.values()]
        group.status = given["status"]

    def _follow(self, given: Document) -> None:
        self.shop.followed = given["groups"]

    def _virtual(self, given: Document) -> None:
        catalogue = self.shop.catalogues[given["ref"]]
        catalogue.networks = given.get("networks", catalogue.networks)
        catalogue.threshold_groups = given.get("thresholds", catalogue.threshold_groups)

    def _createVirtualPosition(self, given: Document) -> None:  # noqa: N802
        self.shop.create(given)

    def _updateVirtualPosition(self, given: Document) -> None:  # noqa: N802
        self.shop.update(given)

    def _updateVirtualPositionsStatusByGroup(self, given: Document) -> int:  # noqa: N802
        return self.shop.status_by_group(given["catalogue"], given["group"], given["status"])

    def _quantities(self, given: Document) -> Document:
        found = asked_for(self.stock, given["position"], given["filters"])
        total = {"count": len(found), "sum": sum(row.quantity for row in found)}
        return {"refs": sorted(row.ref for row in found), "total": total}

    def _sum(self, given: Document) -> Document:
        return summed_up(self.stock, given, NETWORKS)

    # -- what there is -------------------------------------------------------------------------

    def shown(self, day: str) -> dict[str, Any]:
        """All that is compared, by name."""
        found: dict[str, Any] = {}
        for position in self.stock.positions.values():
            found[f"position {position.ref}"] = {
                "onHand": position.on_hand,
                "status": position.status,
                "created": position.created,
                "updated": position.updated,
            }
            found[f"promise {position.ref} {day}"] = promised(self.stock, position, day)
        for row in self.stock.quantities.values():
            found[f"quantity {row.ref}"] = {
                "position": row.position,
                "type": row.type,
                "quantity": row.quantity,
                "status": row.status,
                "parent": row.parent,
                "attributes": row.attributes,
                "created": None if row.ref == count_of(row.position) else row.created,
                "updated": row.updated,
                **row.fields,
            }
        for each in self.shop.shown():
            written = self.shop.written.get((each.catalogue, each.ref), Written())
            found[f"virtual {each.catalogue} {each.ref}"] = {
                "quantity": each.quantity,
                "status": each.status,
                "type": each.type,
                "product": each.product,
                "group": each.group,
                "attributes": written.attributes,
                "segments": written.segments,
                "missed by its date": False,
            }
        return found
