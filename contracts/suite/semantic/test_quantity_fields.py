"""The fields that quantities have since 2026: set by batches, found by filters, kept by updates."""

from fluent_oms_simulator.client.fluent_api import Api
from fluent_oms_simulator.contracts.suite.semantic.asking import mutated
from fluent_oms_simulator.contracts.suite.semantic.position import Position
from fluent_oms_simulator.contracts.suite.semantic.quantities import (
    EARLY,
    LATE,
    LATER,
    TEXTS,
    quantities,
    require_fields,
    total,
)
from fluent_oms_simulator.contracts.target.names import Names


def loaded(api: Api, *records: dict[str, object]) -> None:
    """Load these records without Batch Pre-Processing, in their order."""
    api.load(list(records), preprocessing="skip")


def test_attributes_that_are_fields_are_set_on_the_quantity_and_found(
    api: Api, names: Names
) -> None:
    """Send enhanced inventory attributes, 23 Mar 2026."""
    require_fields(api)
    position = Position(api, names)
    plain, rich = names.delta_id(), names.delta_id()
    attributes = {**TEXTS, "expectedOn": EARLY, "expiresOn": LATE, "pallet": "7"}
    loaded(
        api,
        position.record(10),
        position.record(4, type="EXPECTED", ref=plain),
        position.record(5, type="EXPECTED", ref=rich, attributes=attributes),
    )
    shown = quantities(api, position)[rich]

    assert {name: shown[name] for name in TEXTS} == TEXTS
    assert shown["expectedOn"].startswith(EARLY[:-1])
    assert shown["expiresOn"].startswith(LATE[:-1])
    assert shown["attributes"].get("pallet") == "7"
    for name, value in TEXTS.items():
        assert list(quantities(api, position, **{name: [value]})) == [rich], name
        assert not quantities(api, position, **{name: ["ANOTHER"]}), name
    for name in ("expectedOn", "expiresOn"):
        within, before = {"from": EARLY, "to": LATE}, {"to": "2031-01-01T00:00:00Z"}
        assert list(quantities(api, position, **{name: within})) == [rich], name
        assert not quantities(api, position, **{name: before}), name
    position.shows(10)


def test_an_update_of_a_quantity_leaves_what_it_does_not_name(api: Api, names: Names) -> None:
    """GraphQL schema docs, UpdateInventoryQuantityInput: attributes are written by name."""
    require_fields(api)
    position = Position(api, names)
    ref = names.delta_id()
    kind = {"type": "EXPECTED", "ref": ref}
    first = {"segment1": "EU", "channel": "WEB", "expectedOn": EARLY, "lane": "1", "pallet": "7"}
    loaded(api, position.record(10), position.record(5, **kind, attributes=first))
    loaded(api, position.record(6, **kind, attributes={"segment1": "US", "pallet": "8"}))
    shown = quantities(api, position)[ref]

    assert shown["quantity"] == 6
    assert [shown[name] for name in ("segment1", "channel")] == ["US", "WEB"]
    assert (shown["expectedOn"] or "").startswith(EARLY[:-1])
    assert [shown["attributes"].get(name) for name in ("lane", "pallet")] == ["1", "8"]


def test_a_reservation_is_found_under_the_quantity_that_it_commits(api: Api, names: Names) -> None:
    """Stock Segmentation, 27 Mar 2026."""
    require_fields(api)
    position = Position(api, names)
    shelf, other, held = (names.delta_id() for _ in range(3))
    under = {"type": "RESERVED", "ref": held, "attributes": {"parentRef": shelf}}
    loaded(api, position.record(10, ref=shelf), position.record(7, ref=other))
    loaded(api, position.record(-3, **under))

    parent = quantities(api, position)[held]["parent"]
    assert parent is not None
    assert parent["ref"] == shelf
    catalogue = {"ref": api.target.catalogue_ref}
    below = quantities(api, position, parent={"ref": shelf, "catalogue": catalogue})
    assert list(below) == [held]
    assert not quantities(api, position, parent={"ref": other, "catalogue": catalogue})
    position.shows(14)


def test_a_parent_of_another_position_is_not_taken(api: Api, names: Names) -> None:
    """GraphQL schema docs, CreateInventoryQuantityInput: it is of the same position."""
    require_fields(api)
    position = Position(api, names)
    neighbour = Position(api, names, product=position.product)
    shelf, held = names.delta_id(), names.delta_id()
    loaded(api, position.record(10), neighbour.record(8, ref=shelf))
    under = {"type": "RESERVED", "ref": held, "attributes": {"parentRef": shelf}}
    loaded(api, position.record(-3, **under))

    assert held not in quantities(api, position)
    position.shows(10)
    neighbour.shows(8)


def test_no_quantity_stands_above_itself(api: Api, names: Names) -> None:
    require_fields(api)
    position = Position(api, names)
    top, below = names.delta_id(), names.delta_id()
    loaded(api, position.record(10, ref=top))
    loaded(api, position.record(4, type="SHELF", ref=below, attributes={"parentRef": top}))
    catalogue = {"ref": api.target.catalogue_ref}
    for parent in (top, below):
        key = {"ref": parent, "catalogue": catalogue}
        answer = mutated(
            api, "updateInventoryQuantity", ref=top, catalogue=catalogue, quantity=99, parent=key
        )
        assert answer.document.get("errors"), answer.text

    shown = quantities(api, position)[top]
    assert (shown["parent"], shown["quantity"]) == (None, 10)


def test_a_record_with_a_date_that_is_none_is_not_applied(api: Api, names: Names) -> None:
    """UpsertInventoryQuantity, 12 Aug 2025: the rule throws; a server may refuse it at once."""
    position = Position(api, names)
    position.count(10)
    job = api.open_job("skip")
    bad = position.record(12, attributes={"expectedOn": "next week"})
    answer = api.send_batch(job, [bad])
    if answer.status == 200:
        api.wait_for_batch(job, str(answer.document["id"]))

    assert answer.status < 500, answer.text
    position.shows(10)


def test_future_stock_adds_up_as_of_a_date(api: Api, names: Names) -> None:
    """Available to promise is asked for with a range of expectedOn (Future Inventory)."""
    require_fields(api)
    position = Position(api, names)
    records = [position.record(10)]
    for quantity, expected in ((50, EARLY), (20, LATER), (7, LATE)):
        ref = names.delta_id()
        more = {"type": "ON_ORDER", "ref": ref, "attributes": {"expectedOn": expected}}
        records.append(position.record(quantity, **more))
    loaded(api, *records)

    for until, promised in (("2031-01-01T00:00:00Z", 0), (EARLY, 50), (LATER, 70), (LATE, 77)):
        seen = total(api, position, type=["ON_ORDER"], expectedOn={"to": until})
        assert seen == promised, f"{seen} of 50, 20 and 7 on order come until {until}"
    position.shows(10)
