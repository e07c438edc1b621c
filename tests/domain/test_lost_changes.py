"""Which changes are lost that were refused for their token: none that came in under another id."""

import pytest
from fluent_oms_simulator.domain.verification.lost_changes import SentChange, lost_changes

SIGN_INS = "s"


def lost(story: str) -> list[str]:
    """What is lost of a story: `a1` was turned away, `A1` came in, `s` is somebody signing in.

    The letter is the change, the digit its id; the same id that comes again is one change.
    """
    steps = story.split()
    sign_ins = [number for number, step in enumerate(steps) if step == "s"]
    seen: dict[str, list[int]] = {}
    for number, step in enumerate(steps):
        if step != "s":
            seen.setdefault(step.lower(), []).append(number)
    changes = [
        SentChange(
            name,
            name[0],
            numbers[0],
            numbers[-1],
            steps[numbers[0]].islower(),
            all(steps[number].islower() for number in numbers),
        )
        for name, numbers in seen.items()
    ]

    def has_signed_in(after: int, until: int) -> bool:
        return any(after < number < until for number in sign_ins)

    return lost_changes(changes, has_signed_in)


@pytest.mark.parametrize(
    ("story", "expected"),
    [
        ("a1", "a1"),
        ("a1 s A1", ""),
        ("a1 s A2", ""),
        ("a1 A2", ""),
        ("a1 s b2 s B2", "a1"),
        ("A1 a2", "a2"),
        # a new id for each attempt, each time with a new token
        ("a1 s a2 s A3", ""),
        ("a1 s a2 s a3", "a3"),
        # three sales with one token, of which none, or one, came again
        ("a1 a2 a3 s B4", "a1 a2 a3"),
        ("a1 a2 a3 s A4", "a2 a3"),
        ("a1 a2 s A3 A4", ""),
        # the second sale repeated, the first forgotten
        ("a1 a2 s A2", "a1"),
        ("a1 a2 s A1 A2", ""),
        ("a1 a2 s a1 s A3", "a1"),
        # the first is sent again after the second has come in: they are two
        ("a1 A2 a1", "a1"),
        ("a1 A2 a1 A1", ""),
        ("a1 A2 a1 A3", ""),
    ],
)
def test_one_that_came_later_stands_for_one_that_was_turned_away(story: str, expected: str) -> None:
    assert lost(story) == expected.split()


def test_what_cannot_be_read_is_like_nothing_else() -> None:
    changes = [
        SentChange("one", None, 1, 1, was_turned_away_first=True, never_came_in=True),
        SentChange("two", None, 2, 2, was_turned_away_first=False, never_came_in=False),
    ]

    assert lost_changes(changes, lambda *_: True) == ["one"]
