"""What was kept for later and is let go of before is forgotten, however it was kept."""

import weakref

import pytest
from fluent_oms_simulator.domain.events import Event, EventContext
from fluent_oms_simulator.stores.set_aside import Later, Piece, SetAside

MANY = 1_000


class Line:
    """Where work is put in line."""

    def __init__(self, ended: list[int], number: int) -> None:
        self.ended = ended
        self.number = number

    def put(self) -> None:
        self.ended.append(self.number)


def kept(
    aside: SetAside, by: str, count: int
) -> tuple[list[Later], list[int], list[weakref.ref[Line]]]:
    ended: list[int] = []
    laters: list[Later] = []
    lines: list[weakref.ref[Line]] = []
    event = Event("1", "X", "1", EventContext("X"), 0, b"{}")
    for number in range(count):
        line = Line(ended, number)
        piece = Piece(event, line.put)
        lines.append(weakref.ref(line))
        if by == "time":
            laters.append(aside.keep_until(piece, 1_000 - number))
        else:
            laters.append(aside.keep_for_polls(piece, number, 3))
    return laters, ended, lines


@pytest.mark.parametrize("by", ["time", "polls"])
def test_nothing_is_left_of_what_was_let_go_of(by: str) -> None:
    aside = SetAside()
    laters, ended, lines = kept(aside, by, MANY)

    for later in laters:
        later.put_in_line()
    laters.clear()
    del later

    assert ended == list(range(MANY))
    assert [line for line in lines if line() is not None] == []
    assert (aside.for_later, aside.next_at(), bool(aside)) == ((0, 0), None, False)
    aside.put_due(None)
    aside.polled(1)
    assert len(ended) == MANY


def test_the_others_stay_and_come_in_the_order_of_their_time() -> None:
    aside = SetAside()
    laters, ended, _ = kept(aside, "time", 10)

    for later in laters[::2]:
        later.put_in_line()
    assert aside.for_later == (5, 0)
    aside.put_due(1_000)

    assert ended == [0, 2, 4, 6, 8, 9, 7, 5, 3, 1]


def test_a_batch_that_was_asked_for_often_enough_is_forgotten() -> None:
    aside = SetAside()
    _, ended, _ = kept(aside, "polls", 2)

    for _ in range(3):
        aside.polled(0)

    assert ended == [0]
    assert aside.for_later == (1, 0)
