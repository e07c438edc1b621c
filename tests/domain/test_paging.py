"""Pages of any list, from either end, against the list itself."""

from collections.abc import Sequence

from fluent_oms_simulator.domain.search.paging import Page, Section, Window, page
from hypothesis import given
from hypothesis import strategies as st

BASE = 1_000
"""Keys of one section stay below the base of the next."""

keys = st.lists(st.integers(0, BASE - 1), max_size=30, unique=True).map(sorted)
cursors = st.none() | st.integers(0, 3 * BASE)
sizes = st.integers(0, 8)


@st.composite
def lists(draw: st.DrawFn) -> tuple[list[Section], list[int]]:
    """Sections, and all of their rows that match."""
    sections, rows = [], []
    for number in range(draw(st.integers(0, 3))):
        held = draw(keys)
        wanted = draw(st.none() | st.sets(st.sampled_from(held)) if held else st.none())

        def matching(some: Sequence[int], wanted: set[int] | None = wanted) -> Sequence[int]:
            return some if wanted is None else [key for key in some if key in wanted]

        sections.append(Section(held, None if wanted is None else matching, number * BASE))
        rows += [number * BASE + key for key in matching(held)]
    return sections, rows


@given(lists(), sizes, cursors, cursors)
def test_a_page_is_the_first_or_last_rows_between_two_keys(
    made: tuple[list[Section], list[int]], size: int, after: int | None, before: int | None
) -> None:
    sections, rows = made
    between = [
        key for key in rows if (after is None or key > after) and (before is None or key < before)
    ]

    forward = page(sections, Window(size, after, before))
    backward = page(sections, Window(size, after, before, backward=True))

    assert forward.keys == between[:size]
    assert forward.has_next == (len(between) > size)
    assert backward.keys == between[max(0, len(between) - size) :]
    assert backward.has_previous == (len(between) > size)


@given(lists(), sizes, cursors)
def test_rows_beyond_the_cursor_are_never_denied(
    made: tuple[list[Section], list[int]], size: int, cursor: int | None
) -> None:
    sections, rows = made
    forward = page(sections, Window(size, after=cursor))
    backward = page(sections, Window(size, before=cursor, backward=True))

    if cursor is None:
        assert not forward.has_previous
        assert not backward.has_next
    else:
        assert forward.has_previous or not any(key <= cursor for key in rows)
        assert backward.has_next or not any(key >= cursor for key in rows)


@given(lists(), st.integers(1, 8))
def test_a_walk_meets_every_row_once_and_in_order(
    made: tuple[list[Section], list[int]], size: int
) -> None:
    sections, rows = made
    there: list[int] = []
    back: list[int] = []
    cursor: int | None = None
    more = True
    while more:
        found = page(sections, Window(size, after=cursor))
        there += found.keys
        cursor, more = (found.keys or [0])[-1], found.has_next
    cursor, more = None, True
    while more:
        found = page(sections, Window(size, before=cursor, backward=True))
        back += reversed(found.keys)
        cursor, more = (found.keys or [0])[0], found.has_previous

    assert there == rows
    assert back == rows[::-1]


def test_a_page_of_a_long_list_without_a_filter_looks_at_no_more_than_one_block() -> None:
    seen: list[int] = []

    def matching(some: Sequence[int]) -> Sequence[int]:
        seen.extend(some)
        return some

    found = page([Section(range(1_000_000), matching)], Window(500, after=999_000))

    assert found == Page(list(range(999_001, 999_501)), True, True)
    assert len(seen) <= 1_024


def test_a_cursor_beyond_any_list_is_no_fault() -> None:
    sections = [Section(range(10)), Section([], None, BASE)]
    far = 10**80

    assert page(sections, Window(5, after=far)) == Page([], True, False)
    assert page(sections, Window(5, before=far)).keys == [0, 1, 2, 3, 4]
