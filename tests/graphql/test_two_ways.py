"""Queries are answered as the library alone would answer them, to the byte."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

import orjson
import pytest
from fluent_oms_simulator import Settings, Simulator, build
from fluent_oms_simulator.clock import VirtualClock
from fluent_oms_simulator.errors import ApiError
from fluent_oms_simulator.graphql import executor
from fluent_oms_simulator.graphql.endpoint import engine
from fluent_oms_simulator.graphql.executor import RowExecutor
from fluent_oms_simulator.operations.pace import Slots
from graphql.execution import Executor
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ..conftest import NOON
from ..support import Client, delta, deltas, item, record, updates
from .helpers.places import two_locations
from .helpers.random_queries import requests
from .helpers.support import KEY, ask, nodes
from .helpers.virtual_shop import open_shop

LARGEST = 2**31 - 1
POSITION = f'{{ref: "D45:MEL:DEFAULT", catalogue: {KEY}}}'
SWITCHES: Mapping[str, Mapping[str, str]] = {
    "as usual": {},
    "with little room": {"graphql.max_values": "60", "graphql.max_rows_read": "4000"},
    "with no room for large replies": {},
    "with other ways": {
        "graphql.page_info_cursors": "served",
        "graphql.catalogues_argument": "accept",
        "graphql.page_too_large": "refuse",
        "graphql.unknown_entity": "null",
    },
}
MUTATIONS = {
    "a position": f"""updateInventoryPosition(input: {{ref: "D45:MEL:DEFAULT",
        catalogue: {KEY}, status: "ACTIVE"}})""",
    "a catalogue": 'updateInventoryCatalogue(input: {ref: "DEFAULT:1", name: "n"})',
    "nothing": 'updateInventoryCatalogue(input: {ref: "nope", name: "n"})',
}

SPARSE = (
    "{ locations { edges { node { ref openingSchedule { id allHours monStart } } } } }",
    "{ inventoryQuantities { edges { node { ref attributes { name value } } } } }",
    "{ virtualPositions { edges { node { ref segments { type value } attributes { name } } } } }",
)


class Planned(RowExecutor):
    """Tells how many values it has counted."""

    counted: ClassVar[int]

    def _count(self, values: int) -> None:
        super()._count(values)
        Planned.counted = self._values


class ByTheLibrary(Planned):
    """Counts the values of a reply, and leaves all else to the library."""

    def execute_fields(
        self,
        parent_type: Any,
        source_value: Any,
        path: Any,
        grouped_field_set: Any,
        position_context: Any,
    ) -> dict[str, Any]:
        self._count(len(grouped_field_set))
        found: dict[str, Any] = Executor.execute_fields(  # type: ignore[assignment]
            self, parent_type, source_value, path, grouped_field_set, position_context
        )
        return found


def furnish(client: Client) -> None:
    """Some of everything, with values that are null, too large, or given by hand."""
    open_shop(client)
    two_locations(client)
    attributes = {"origin": "ERP", "level": 3, "none": None, "deep": {"a": [1, None]}}
    client.load([record("C", "L", 1, ref="own", attributes=attributes), record("B", "L", LARGEST)])
    client.load([record("D45", "SYD", 7, type="EXPECTED", expectedOn="2030-01-01T00:00:00Z")])
    # On hand no longer fits into 32 bits, which the schema's Int cannot show.
    client.send(deltas(delta("B", "L", LARGEST, "d1"), delta("D45", "MEL", -2, "d2")))
    client.send(updates(item("D45", "MEL", "F1", reservedQty=-1)))
    ask(
        client,
        f"""mutation {{
          createInventoryQuantity(input: {{ref: "lot", catalogue: {KEY}, position: {POSITION},
            type: "DELTA", quantity: 2, condition: "NEW", expectedOn: "2030-01-01T00:00:00Z",
            attributes: [{{name: "a", type: "JSON", value: {{b: [1]}}}}]}}) {{ id }}
          createInventoryPosition(input: {{ref: "mine", catalogue: {KEY}, type: "OTHER",
            productRef: "N", locationRef: "L", onHand: 4,
            attributes: [{{name: "a", type: "STRING", value: "b"}}]}}) {{ id }}
          createInventoryCatalogue(input: {{ref: "OTHER:X", type: "DEFAULT", name: "other",
            retailerRefs: ["1", "2"]}}) {{ id }}
          updateInventoryCatalogue(input: {{ref: "DEFAULT:1", name: "stock",
            attributes: [{{name: "a", type: "STRING", value: "b"}}]}}) {{ id }}
          createSetting(input: {{name: "s", context: "ACCOUNT", contextId: 0, valueType: "STRING",
            value: "v"}}) {{ id }} }}""",
    )


@pytest.fixture(scope="module", params=SWITCHES)
def furnished(request: pytest.FixtureRequest) -> Iterator[Simulator]:
    chosen = Settings(seed_data="none", behaviours=SWITCHES[request.param])
    with pytest.MonkeyPatch.context() as patch:
        simulator = build(chosen, VirtualClock(NOON))
        simulator.start()
        furnish(Client(simulator))
        if request.param == "with no room for large replies":
            patch.setattr(executor, "LARGE", 40)
            patch.setattr(simulator.graphql, "_large", Slots(0, "large replies", "wait"))
        yield simulator
        simulator.close()


def answer(simulator: Simulator, body: bytes, way: type[Planned]) -> tuple[object, ...]:
    """What is answered, and how many values were counted for it where it was not refused."""
    Planned.counted = 0
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "RowExecutor", way)
        try:
            reply = simulator.graphql.post(body)
        except ApiError as refused:
            return refused.status, refused.reasons
    counted = Planned.counted if reply.body.get("data") else 0
    return reply.status, reply.reason, orjson.dumps(reply.body), counted


def hold_to_one_answer(simulator: Simulator, body: bytes) -> None:
    assert answer(simulator, body, Planned) == answer(simulator, body, ByTheLibrary), body


quick = settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
long = settings(quick, max_examples=1_000)


@pytest.mark.slow
@quick
@given(data=st.data())
def test_a_query_is_answered_as_by_the_library(furnished: Simulator, data: st.DataObject) -> None:
    hold_to_one_answer(furnished, data.draw(requests(furnished.graphql.schema)).body)


@pytest.mark.slow
@long
@given(data=st.data())
def test_thousands_of_queries_are_answered_as_by_the_library(
    furnished: Simulator, data: st.DataObject
) -> None:
    hold_to_one_answer(furnished, data.draw(requests(furnished.graphql.schema)).body)


@pytest.mark.parametrize("query", SPARSE)
def test_what_few_rows_have_is_shown_of_the_right_ones(furnished: Simulator, query: str) -> None:
    hold_to_one_answer(furnished, orjson.dumps({"query": query}))


@pytest.mark.parametrize("start", MUTATIONS.values(), ids=MUTATIONS)
@settings(quick, max_examples=15)
@given(data=st.data())
def test_what_a_mutation_shows_is_shown_as_by_the_library(
    furnished: Simulator, start: str, data: st.DataObject
) -> None:
    """The same mutation twice, at one moment, leaves things as they are."""
    hold_to_one_answer(furnished, data.draw(requests(furnished.graphql.schema, start)).body)


def test_the_library_is_asked_no_more_often_where_rows_are_more(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.load([record(f"P{number}", "L", number) for number in range(50)])
    fields: list[str] = []
    execute_field = Executor.execute_field

    def counting(*given: Any) -> Any:
        fields.append(given[3][0].node.name.value)
        return execute_field(*given)

    monkeypatch.setattr(Executor, "execute_field", counting)
    page = """query ($first: Int) { inventoryPositions(first: $first) {
        edges { cursor node { __typename ref onHand catalogue { ref name } attributes { name } } }
        pageInfo { hasNextPage } } }"""

    for rows in (1, 50):
        found = ask(client, page, first=rows)["inventoryPositions"]

        assert len(nodes(found)) == rows
    assert fields == 2 * ["inventoryPositions"]
