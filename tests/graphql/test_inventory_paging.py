"""Walks over lists that stand still, and over lists that change under the reader."""

from collections.abc import Callable, Iterator
from itertools import count

import pytest
from fluent_oms_simulator import Settings, build
from hypothesis import given, settings
from hypothesis import strategies as st

from ..conftest import MakeSimulator
from ..support import Client, delta, deltas, record
from .helpers.support import KEY, ask, code_of, errors_of, nodes, pages, refs, walked

ROWS = 23
LISTS = ("inventoryPositions", "inventoryQuantities")


def catalogue_of(rows: int) -> list[dict[str, object]]:
    return [record(f"P{number}", f"L{number % 3}", number) for number in range(rows)]


@pytest.fixture(scope="module")
def still() -> Iterator[Client]:
    """A catalogue that no test changes, with more than one quantity at some positions."""
    simulator = build(Settings(seed_data="none"))
    simulator.start()
    client = Client(simulator)
    client.load(catalogue_of(ROWS))
    for number in range(0, ROWS, 4):
        client.delta(f"P{number}", f"L{number % 3}", -1, f"d{number}")
    yield client
    simulator.close()


@given(
    field=st.sampled_from(LISTS),
    size=st.integers(1, ROWS + 10),
    filters=st.sampled_from(["", 'status: "ACTIVE"', 'type: ["DELTA", "DEFAULT"]', "ref: []"]),
)
@settings(max_examples=40, deadline=None)
def test_a_walk_forward_and_one_backward_meet_the_same_rows_once(
    still: Client, field: str, size: int, filters: str
) -> None:
    everything = walked(still, field, 500, filters=filters)

    assert walked(still, field, size, filters=filters) == everything
    assert walked(still, field, size, filters=filters, backward=True) == everything
    ids = [row["id"] for row in everything]
    assert len(set(ids)) == len(ids)
    assert bool(ids) == (filters != "ref: []")


@pytest.mark.parametrize("field", LISTS)
def test_positions_are_listed_in_order_of_creation_with_their_quantities(
    still: Client, field: str
) -> None:
    rows = [row["ref"] for row in walked(still, field, 7)]
    position_refs = [f"P{number}:L{number % 3}:DEFAULT" for number in range(ROWS)]

    if field == "inventoryPositions":
        assert rows == position_refs
    else:
        expected: list[str] = []
        for number, ref in enumerate(position_refs):
            expected += [f"{ref}:LAST_ON_HAND"] + [f"d{number}"] * (number % 4 == 0)
        assert rows == expected


@pytest.mark.parametrize("field", LISTS)
def test_a_page_says_whether_rows_lie_before_and_behind_it(still: Client, field: str) -> None:
    total = len(walked(still, field, 500))
    for backward in (False, True):
        seen = [page["pageInfo"] for page in pages(still, field, 10, backward=backward)]
        if backward:
            seen.reverse()
        number = -(-total // 10)

        assert seen == [
            {"hasNextPage": place < number - 1, "hasPreviousPage": place > 0}
            for place in range(number)
        ]


def test_a_page_as_large_as_the_list_has_nothing_behind_it(still: Client) -> None:
    for size, more in ((ROWS - 1, True), (ROWS, False), (ROWS + 1, False)):
        page = next(pages(still, "inventoryPositions", size))

        assert page["pageInfo"] == {"hasNextPage": more, "hasPreviousPage": False}


def test_a_page_may_lie_between_two_cursors(still: Client) -> None:
    edges = next(pages(still, "inventoryPositions", 500))["edges"]
    query = """query ($a: String, $b: String) {
      up: inventoryPositions(after: $a, before: $b, first: 2) { edges { node { ref } }
        pageInfo { hasNextPage hasPreviousPage } }
      down: inventoryPositions(after: $a, before: $b, last: 2) { edges { node { ref } } } }"""
    data = ask(still, query, a=edges[3]["cursor"], b=edges[7]["cursor"])

    assert refs(data["up"]) == [edge["node"]["ref"] for edge in edges[4:6]]
    assert data["up"]["pageInfo"] == {"hasNextPage": True, "hasPreviousPage": True}
    assert refs(data["down"]) == [edge["node"]["ref"] for edge in edges[5:7]]


def test_a_page_has_ten_rows_unless_a_size_is_asked_for(still: Client) -> None:
    def size(arguments: str) -> int:
        return len(
            ask(still, f"{{ inventoryPositions{arguments} {{ edges {{ cursor }} }} }}")[
                "inventoryPositions"
            ]["edges"]
        )

    assert [size(text) for text in ("", "(first: null)", "(last: 3)", "(first: 0)")] == [
        10,
        10,
        3,
        0,
    ]
    assert size("(first: 500)") == ROWS


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        ("first: -1", "C0122E", "`first` is -1"),
        ("last: -5", "C0122E", "`last` is -5"),
        ("first: 1, last: 1", "C0140E", "`first` and `last`"),
        ("first: 2147483648", "C0140E", "2147483648"),
        ('first: "1"', "C0140E", "Int"),
        ("first: 1.0", "C0140E", "Int"),
    ],
)
@pytest.mark.parametrize("field", LISTS)
def test_a_page_size_that_cannot_be_is_refused(
    still: Client, field: str, arguments: str, code: str, words: str
) -> None:
    ((found, message),) = errors_of(still, f"{{ {field}({arguments}) {{ edges {{ cursor }} }} }}")

    assert (found, words in message) == (code, True), message


CURSORS = [
    "",
    "garbage",
    "cm93OjA",
    "cm93OjA=!",
    "cm93OjA=\n",
    "cm93Oi0x",
    "cm93Og==",
    "cm93OjAw",
    "cm93OsKy",
    "cm93OjFfMA==",
    "é",
    "\x00",
    "0",
    "A" * 1_000_000,
    "row:1",
    "Y3Vyc29yOjE=",
]


@pytest.mark.parametrize("field", LISTS)
@pytest.mark.parametrize("cursor", CURSORS, ids=lambda cursor: repr(cursor[:12]))
def test_a_cursor_that_this_server_did_not_make_is_refused(
    still: Client, field: str, cursor: str
) -> None:
    for argument in ("after", "before"):
        query = f"query ($c: String) {{ {field}({argument}: $c) {{ edges {{ cursor }} }} }}"

        assert code_of(still, query, c=cursor) == "C0140E"


# What happens between two pages, each with the number of the page as its own number.
CHANGES: dict[str, Callable[[Client, int], object]] = {
    "batch": lambda client, n: client.load(
        [record(f"P{n}", f"L{n % 3}", 1_000 + n), record(f"NEW{n}", "L0", n)]
    ),
    "delta": lambda client, n: client.send(
        deltas(*(delta(f"P{k}", f"L{k % 3}", 1, f"x{n}-{k}") for k in range(0, ROWS, 5)))
    ),
    "mutation": lambda client, n: ask(
        client,
        f"""mutation {{
          updateInventoryPosition(input: {{ref: "P{n}:L{n % 3}:DEFAULT", catalogue: {KEY},
            onHand: {n}, status: "S{n}"}}) {{ id }}
          updateInventoryQuantity(input: {{ref: "P{n + 1}:L{(n + 1) % 3}:DEFAULT:LAST_ON_HAND",
            catalogue: {KEY}, quantity: {n}}}) {{ id }}
          createInventoryPosition(input: {{ref: "M{n}", catalogue: {KEY}, type: "DEFAULT",
            productRef: "M{n}", locationRef: "L"}}) {{ id }} }}""",
    ),
}


@pytest.mark.parametrize("backward", [False, True])
@pytest.mark.parametrize("change", CHANGES)
def test_no_row_is_skipped_or_repeated_while_the_catalogue_changes(
    client: Client, change: str, backward: bool
) -> None:
    client.load(catalogue_of(ROWS))
    before = [row["id"] for row in walked(client, "inventoryPositions", 500)]
    seen: list[str] = []
    numbers = count()
    for page in pages(client, "inventoryPositions", 4, backward=backward):
        rows = [row["id"] for row in nodes(page)]
        seen = rows + seen if backward else seen + rows
        CHANGES[change](client, next(numbers))

    assert len(set(seen)) == len(seen)
    # What is new comes at the end, so a walk forward meets it and one backward does not.
    assert seen[: len(before)] == before
    if backward or change == "delta":
        assert seen == before
    else:
        assert len(seen) > len(before)


@pytest.mark.parametrize("change", CHANGES)
def test_no_quantity_is_skipped_or_repeated_while_the_catalogue_changes(
    client: Client, change: str
) -> None:
    client.load(catalogue_of(ROWS))
    before = {row["id"] for row in walked(client, "inventoryQuantities", 500)}
    seen: list[str] = []
    numbers = count()
    for page in pages(client, "inventoryQuantities", 4):
        seen += [row["id"] for row in nodes(page)]
        CHANGES[change](client, next(numbers))

    assert len(set(seen)) == len(seen)
    assert before <= set(seen)


def test_a_reader_can_go_on_later_from_where_it_stopped(client: Client) -> None:
    client.load(catalogue_of(ROWS))
    walk = pages(client, "inventoryPositions", 10)
    stopped = next(walk)["edges"][-1]["cursor"]
    client.load([record("LATER", "L", 1)])
    query = """query ($c: String) {
      rest: inventoryPositions(after: $c, first: 500) { edges { node { ref } } }
      seen: inventoryPositions(before: $c, last: 500) { edges { node { ref } } } }"""
    data = ask(client, query, c=stopped)

    assert len(data["seen"]["edges"]) == 9
    assert refs(data["rest"])[-1] == "LATER:L:DEFAULT"
    assert len(data["rest"]["edges"]) == ROWS - 10 + 1


def test_a_walk_over_the_catalogues_of_two_retailers_meets_each_row_once(
    make_simulator: MakeSimulator,
) -> None:
    client = Client(make_simulator(settings=Settings(seed_data="none", retailers=("1", "2"))))
    client.load(catalogue_of(8))
    client.load(catalogue_of(5), job=client.job(retailer="2"))
    for field in LISTS:
        everything = walked(client, field, 3, selection="id ref catalogue { ref }")
        owners = [row["catalogue"]["ref"] for row in everything]

        assert owners == ["DEFAULT:1"] * 8 + ["DEFAULT:2"] * 5
        assert len({row["id"] for row in everything}) == 13
        assert everything == walked(
            client, field, 3, selection="id ref catalogue { ref }", backward=True
        )
        assert [row["ref"] for row in everything[:5]] == [row["ref"] for row in everything[8:]]


def test_the_quantities_of_one_position_are_paged_too(client: Client) -> None:
    client.load([record("P", "L", 5)])
    for start in range(0, 1_000, 100):
        client.send(deltas(*(delta("P", "L", 1, f"d{n:03}") for n in range(start, start + 100))))
    query = f"""query ($after: String) {{
      inventoryPosition(ref: "P:L:DEFAULT", catalogue: {KEY}) {{ onHand
        quantities(first: 300, after: $after) {{ edges {{ cursor node {{ ref quantity }} }}
          pageInfo {{ hasNextPage }} }} }} }}"""
    found: list[dict[str, object]] = []
    after = None
    for more in (True, True, True, False):
        position = ask(client, query, after=after)["inventoryPosition"]
        page = position["quantities"]
        found += nodes(page)
        after = page["edges"][-1]["cursor"]
        assert page["pageInfo"]["hasNextPage"] is more

    assert [row["ref"] for row in found] == [
        "P:L:DEFAULT:LAST_ON_HAND",
        *(f"d{number:03}" for number in range(1_000)),
    ]
    assert position["onHand"] == 1_005 == sum(int(str(row["quantity"])) for row in found)
