"""What GraphQL mutations do to a stock (GraphQL schema docs; a release of 13 Apr 2026)."""

from .question_model import asked_for
from .stock_model import FIELDS, Document, Position, Quantity, RefusedError, known_in, said
from .workflow_model import WorkedStock


class WrittenStock(WorkedStock):
    """A stock that callers set up and correct, too."""

    def create_position(self, given: Document) -> None:
        """createInventoryPosition."""
        if given["ref"] in self.positions:
            raise RefusedError
        where = given["productRef"], given["locationRef"]
        self.new_position(Position(given["ref"], *where, "CREATED", given.get("onHand", 0)))

    def update_position(self, given: Document) -> None:
        """updateInventoryPosition."""
        position = known_in(self.positions, given["ref"])
        if "status" in given:
            self._write_status(position, given["status"])
        position.on_hand = given.get("onHand", position.on_hand)
        self.written(position)

    def status_by_location(self, location: str, status: str) -> int:
        """updateInventoryPositionsStatusByLocation; returns how many those are."""
        found = [each for each in self.positions.values() if each.location == location]
        for position in found:
            self._write_status(position, status)
            self.written(position)
        return len(found)

    def _write_status(self, position: Position, status: str) -> None:
        position.status, position.is_due = status, status == "CREATED"

    def create_quantity(self, given: Document) -> None:
        """createInventoryQuantity: CREATED, until an update says otherwise."""
        given = said(given)
        ref, where = given["ref"], given["position"]["ref"]
        position = known_in(self.positions, where)
        if ref in self.quantities:
            raise RefusedError
        row = Quantity(ref, where, given["type"], given["quantity"], "CREATED")
        check_count(row.type, row.quantity)
        self._write_input(row, given)
        self.new_quantity(row)
        self.calculate(position)

    def update_quantity(self, given: Document) -> None:
        """updateInventoryQuantity."""
        given = said(given)
        row = known_in(self.quantities, given["ref"])
        if "type" in given or "quantity" in given:
            check_count(given.get("type", row.type), given.get("quantity", row.quantity))
        self._write_input(row, given)
        row.status = given.get("status", row.status)
        row.type = given.get("type", row.type)
        row.quantity = given.get("quantity", row.quantity)
        row.updated = self.now
        self.calculate(self.positions[row.position])

    def quantities_status(self, given: Document, status: str) -> int:
        """updateInventoryQuantitiesStatus; returns how many those are."""
        position = known_in(self.positions, given["position"]["ref"])
        filters = {name: value for name, value in given.items() if name != "position"}
        found = asked_for(self, position.ref, filters)
        for row in found:
            row.status, row.updated = status, self.now
        if found:
            self.calculate(position)
        return len(found)

    def _write_input(self, row: Quantity, given: Document) -> None:
        if "parent" in given:
            parent = given["parent"]["ref"]
            if not self.may_stand_under(row.ref, row.position, parent):
                raise RefusedError
            row.parent = parent
        row.fields |= {name: given[name] for name in FIELDS if name in given}
        row.attributes |= {each["name"]: each["value"] for each in given.get("attributes", ())}


def check_count(kind: str, quantity: int) -> None:
    """Of mutations: C0122E is the code of a negative value, which a count of stock never has."""
    if kind == "LAST_ON_HAND" and quantity < 0:
        raise RefusedError
