"""What queries find, against the plainest of searches."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from fluent_oms_simulator import Settings, build
from fluent_oms_simulator.clock import VirtualClock
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ..conftest import NOON
from ..support import Client, Document, record
from .helpers.random_catalogues import CATALOGUES, set_up, steps
from .helpers.support import KEY, ask, nodes, walked

COMMON = "id ref type workflowRef workflowVersion status createdOn updatedOn"
SELECTIONS = {
    "inventoryCatalogues": f"{COMMON} name description retailerRefs",
    "inventoryPositions": f"{COMMON} productRef onHand locationRef catalogue {{ ref }}",
    "inventoryQuantities": f"{COMMON} quantity condition expectedOn storageAreaRef "
    "catalogue { ref } position { ref }",
}
DATES = {"createdOn", "updatedOn", "expectedOn"}


@pytest.fixture(scope="module")
def shared() -> Iterator[Client]:
    """Emptied before each example."""
    clock = VirtualClock(NOON)
    # What batches do to its second catalogue is looked at here, not which one they may go to.
    takes_any = {"catalogue.other_types": "apply", "catalogue.not_active": "apply"}
    settings = Settings(seed_data="none", auth="off", retailers=("1", "2"), behaviours=takes_any)
    simulator = build(settings, clock)
    simulator.start()
    yield Client(simulator)
    simulator.close()


# -- filters at random -----------------------------------------------------------------------------


def _matches(row: Document, filters: Mapping[str, Any]) -> bool:
    """Every filter holds; of the values in one filter, any may."""
    for name, wanted in filters.items():
        found = row[name]
        if wanted is None:
            continue
        if name in DATES:
            since, until = wanted.get("from"), wanted.get("to")
            if found is None or (since and found < since) or (until and found > until):
                return False
        elif name == "catalogue":
            if found["ref"] != wanted["ref"]:
                return False
        elif name == "retailerRefs":
            if not any(set(some) <= set(found) for some in wanted):
                return False
        elif found not in wanted:
            return False
    return True


@st.composite
def filters_for(draw: st.DrawFn, rows: list[Document], names: list[str]) -> dict[str, Any]:
    """Filters by some fields, mostly by values that some row has."""
    filters: dict[str, Any] = {}
    for name in draw(st.lists(st.sampled_from(names), max_size=3, unique=True)):
        held = [row[name] for row in rows if row[name] is not None]
        values = st.sampled_from(held) if held else st.nothing()
        if name in DATES:
            ends = draw(st.sampled_from([("from",), ("to",), ("from", "to")]))
            moments = values if held else st.just("2026-01-01T00:00:00.000Z")
            filters[name] = {end: draw(moments) for end in ends}
        elif name == "catalogue":
            filters[name] = draw(st.sampled_from([*({"ref": c} for c in CATALOGUES), {"ref": "-"}]))
        elif name == "retailerRefs":
            filters[name] = draw(
                st.sampled_from([[["1"]], [["2"]], [["1", "2"]], [["3"], ["2"]], []])
            )
        else:
            other = 99 if name in ("onHand", "quantity", "workflowVersion") else "none"
            filters[name] = draw(st.lists(values | st.just(other), max_size=3)) or [other]
    return filters


def _declared(filters: Mapping[str, Any], field: str, client: Client) -> tuple[str, str]:
    query = client.simulator.graphql.schema.query_type
    assert query is not None
    kinds = {name: query.fields[field].args[name].type for name in filters}
    declared = ", ".join(f"${name}: {kind}" for name, kind in kinds.items())
    return f"({declared})" if kinds else "", "".join(f"{name}: ${name}, " for name in kinds)


@pytest.mark.slow
@given(made=steps, data=st.data())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_search_finds_what_a_look_at_every_row_finds(
    shared: Client, made: Any, data: st.DataObject
) -> None:
    set_up(shared, made)
    for field, selection in SELECTIONS.items():
        rows = walked(shared, field, 500, selection=selection)
        names = [
            name for name in selection.split() if name.isalpha() and name not in ("id", "position")
        ]
        names = sorted(set(names) - ({"name", "description"} if "catalogue" in names else set()))
        for _ in range(4):
            filters = data.draw(filters_for(rows, names))
            variables, arguments = _declared(filters, field, shared)
            query = f"""query {variables} {{ {field}({arguments} first: 500) {{
              edges {{ node {{ {selection} }} }} }} }}"""
            expected = [row for row in rows if _matches(row, filters)]

            assert nodes(ask(shared, query, **filters)[field]) == expected


@given(made=steps)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_position_in_a_list_is_as_a_query_for_it_alone_shows_it(
    shared: Client, made: Any
) -> None:
    set_up(shared, made)
    selection = "id " + SELECTIONS["inventoryPositions"]
    query = f"""query ($ref: String!, $catalogue: InventoryCatalogueKey!) {{
      inventoryPosition(ref: $ref, catalogue: $catalogue) {{ {selection} }} }}"""

    for row in walked(shared, "inventoryPositions", 500, selection=selection):
        key = {"ref": row["catalogue"]["ref"]}
        assert ask(shared, query, ref=row["ref"], catalogue=key)["inventoryPosition"] == row


@given(made=steps)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_everything_is_as_the_control_api_shows_it(shared: Client, made: Any) -> None:
    set_up(shared, made)
    selection = """ref onHand status productRef locationRef catalogue { ref }
      quantities(first: 500) { edges { node { ref type quantity status } } }"""
    found = {
        (row["catalogue"]["ref"], row["ref"]): (
            row["onHand"],
            row["status"],
            [tuple(quantity.values()) for quantity in nodes(row["quantities"])],
        )
        for row in walked(shared, "inventoryPositions", 20, selection=selection)
    }

    assert found == {
        (row["catalogueRef"], row["ref"]): (
            row["onHand"],
            row["status"],
            [(q["ref"], q["type"], q["quantity"], q["status"]) for q in row["quantities"]],
        )
        for row in shared.positions()
    }
    listed = walked(shared, "inventoryQuantities", 20, selection="ref type quantity status")
    assert [tuple(row.values()) for row in listed] == [
        quantity for _, _, quantities in found.values() for quantity in quantities
    ]


# -- worked numbers --------------------------------------------------------------------------------


def shown(client: Client) -> tuple[int, dict[str, tuple[int, str]]]:
    position = ask(
        client,
        f"""{{ inventoryPosition(ref: "A:L:DEFAULT", catalogue: {KEY}) {{
          onHand quantities {{ edges {{ node {{ ref quantity status }} }} }} }} }}""",
    )["inventoryPosition"]
    rows = nodes(position["quantities"])
    return position["onHand"], {
        row["ref"].removeprefix("A:L:DEFAULT:"): (row["quantity"], row["status"]) for row in rows
    }


def test_the_documented_numbers_are_read_back(client: Client) -> None:
    """Inventory reference behaviour, April 2025: cases 1 to 8."""
    client.load([record("A", "L", 150)])
    assert shown(client) == (150, {"LAST_ON_HAND": (150, "ACTIVE")})
    client.load([record("A", "L", 170)])
    client.reserve("A", "L", 3, "F1")
    assert shown(client)[0] == 167
    client.confirm("A", "L", "F1", sold=3)
    client.reserve("A", "L", 5, "F2")
    assert shown(client)[0] == 162
    client.load([record("A", "L", 167)])
    client.confirm("A", "L", "F2", sold=1, rejected=4)
    client.delta("A", "L", -2, "d1")

    assert shown(client) == (
        160,
        {
            "LAST_ON_HAND": (167, "ACTIVE"),
            "RESERVED:F1": (-3, "INACTIVE"),
            "SALE:F1": (-3, "INACTIVE"),
            "RESERVED:F2": (-5, "INACTIVE"),
            "SALE:F2": (-1, "ACTIVE"),
            "CORRECTION:F2": (-4, "ACTIVE"),
            "d1": (-2, "ACTIVE"),
        },
    )
    client.load([record("A", "L", 162)])
    assert shown(client)[0] == 162
    assert shown(client) == (client.on_hand("A", "L"), client.quantities("A", "L"))
