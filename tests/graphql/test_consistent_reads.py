"""One reply shows one moment, however much changes while it is put together."""

import itertools
import sys
import threading
import time
from collections.abc import Callable, Iterator

import pytest
from fluent_oms_simulator import Simulator

from ..support import Client, Document, batch, delta, deltas, record
from .helpers.support import KEY, ask, nodes

READS = 60
LONGEST = 120.0
"""Seconds in which, on a busy machine, something must have changed between the reads."""
TOTAL = 1_000
"""What each of the two pairs of positions has together, always."""

ROW = """ref onHand quantities(first: 100) { edges { node { quantity status type } } }
  quantitiesAggregate(status: ["ACTIVE", "CREATED"]) { sum }"""


def _one(alias: str, product: str) -> str:
    ref = f"{product}:L:DEFAULT"
    return f'{alias}: inventoryPosition(ref: "{ref}", catalogue: {KEY}) {{ {ROW} }}'


ALIASES = f"{{ {_one('a', 'A')} {_one('b', 'B')} {_one('c', 'C')} {_one('d', 'D')} }}"
PAGE = f"{{ inventoryPositions {{ edges {{ node {{ {ROW} }} }} }} }}"
PAGES = f"""{{ {
    "".join(
        f'p{p}: inventoryPositions(productRef: "{p}") {{ edges {{ node {{ {ROW} }} }} }}'
        for p in "ABCD"
    )
} }}"""
QUANTITIES = f"""{{ inventoryQuantities(first: 500) {{ edges {{ node {{ quantity status type
  position {{ {ROW} }} }} }} }} }}"""


def by_alias(data: Document) -> list[Document]:
    return list(data.values())


def by_page(data: Document) -> list[Document]:
    return nodes(data["inventoryPositions"])


def by_pages(data: Document) -> list[Document]:
    return [row for page in data.values() for row in nodes(page)]


def by_quantities(data: Document) -> list[Document]:
    rows = [row["position"] for row in nodes(data["inventoryQuantities"])]
    assert len({repr(row) for row in rows}) == 4, "a position looks different seen from another row"
    return list({row["ref"]: row for row in rows}.values())


def reads_while(nothing_happens: Callable[[], bool]) -> Iterator[int]:
    """So many reads, and more while nothing happens between them."""
    until = time.monotonic() + LONGEST
    for number in itertools.count():
        if number >= READS and not (nothing_happens() and time.monotonic() < until):
            return
        yield number


@pytest.fixture
def busy(simulator: Simulator) -> Iterator[Client]:
    """Stock moves from A to B by events and from C to D by batches, all the time."""
    client = Client(simulator)
    client.load([record(product, "L", TOTAL // 2) for product in "ABCD"])
    job = client.job(preprocessing="skip")
    stopped = threading.Event()
    faults: list[BaseException] = []

    def move_by_events(sender: Client, turn: int) -> None:
        amount, place = 1 + turn % 300, turn % 20
        moves = delta("A", "L", -amount, f"a{place}"), delta("B", "L", amount, f"b{place}")
        assert sender.post("/api/v4.1/event/sync", deltas(*moves)).status_code == 200

    def move_by_batches(sender: Client, turn: int) -> None:
        part = turn % TOTAL
        document = batch(record("C", "L", part), record("D", "L", TOTAL - part))
        assert sender.post(f"/api/v4.1/job/{job}/batch", document).status_code == 200
        sender.settle()

    def keep_on(work: Callable[[Client, int], None], sender: Client) -> None:
        turn = 0
        try:
            while not stopped.is_set():
                turn += 1
                work(sender, turn)
        except BaseException as error:
            faults.append(error)

    # Applications are made here: in 3.11, code that is compiled in two threads at once may fail.
    threads = [
        threading.Thread(target=keep_on, args=(work, Client(simulator)))
        for work in (move_by_events, move_by_batches)
    ]
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    for thread in threads:
        thread.start()
    yield client
    stopped.set()
    for thread in threads:
        thread.join(30)
    sys.setswitchinterval(interval)
    assert faults == []


@pytest.mark.parametrize(
    ("query", "rows_of"),
    [(ALIASES, by_alias), (PAGE, by_page), (PAGES, by_pages), (QUANTITIES, by_quantities)],
    ids=["aliases", "page", "pages", "quantities"],
)
def test_a_reply_never_shows_half_of_an_event_or_of_a_batch(
    busy: Client, query: str, rows_of: Callable[[Document], list[Document]]
) -> None:
    seen: list[set[int]] = [set(), set()]
    for _ in reads_while(lambda: min(map(len, seen)) < 5):
        rows = {row["ref"][0]: row for row in rows_of(ask(busy, query))}
        on_hand = {product: row["onHand"] for product, row in rows.items()}

        assert on_hand["A"] + on_hand["B"] == TOTAL
        assert on_hand["C"] + on_hand["D"] == TOTAL
        for row in rows.values():
            counting = [q["quantity"] for q in nodes(row["quantities"]) if q["status"] == "ACTIVE"]
            assert row["onHand"] == sum(counting) == row["quantitiesAggregate"]["sum"]
        seen[0].add(on_hand["A"])
        seen[1].add(on_hand["C"])

    assert min(map(len, seen)) >= 5, "nothing changed while it was read"


def test_a_mutation_is_not_torn_apart_by_what_comes_at_the_same_time(busy: Client) -> None:
    """Amounts that mutations write go in whole, and each reply shows its own."""
    create = f"""mutation {{ createInventoryQuantity(input: {{ref: "M", catalogue: {KEY},
      position: {{ref: "A:L:DEFAULT", catalogue: {KEY}}}, type: "SALE", quantity: 0
    }}) {{ ref }} }}"""
    ask(busy, create)
    update = f"""mutation ($n: Int) {{
      updateInventoryQuantity(input: {{ref: "M", catalogue: {KEY}, quantity: $n}}) {{
        quantity position {{ {ROW} }} }} }}"""
    for turn in range(1, READS // 2):
        changed = ask(busy, update, n=-turn)["updateInventoryQuantity"]
        position = changed["position"]

        assert changed["quantity"] == -turn
        assert position["onHand"] == sum(row["quantity"] for row in nodes(position["quantities"]))
        both = ask(busy, ALIASES)
        assert both["a"]["onHand"] + both["b"]["onHand"] == TOTAL - turn
