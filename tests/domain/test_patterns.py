"""Texts in which % stands for any text."""

import re

from fluent_oms_simulator.domain.search.criteria import Pattern, Patterns
from hypothesis import given
from hypothesis import strategies as st

TEXTS = st.text("abA.", max_size=12)


def matches_by_expression(pattern: str, text: str) -> bool:
    parts = map(re.escape, pattern.casefold().split("%"))
    return re.fullmatch(".*".join(parts), text.casefold(), re.DOTALL) is not None


@given(st.text("abA.%", max_size=8), TEXTS)
def test_a_pattern_matches_as_the_expression_would_that_it_stands_for(
    pattern: str, text: str
) -> None:
    assert Pattern(pattern).matches(text) == matches_by_expression(pattern, text)


@given(st.lists(st.one_of(st.none(), st.text("ab%", max_size=5)), max_size=4), TEXTS)
def test_of_several_any_may_match_and_a_text_without_the_sign_only_as_it_is(
    texts: list[str | None], text: str
) -> None:
    expected = text in texts or any(
        matches_by_expression(each, text) for each in texts if each and "%" in each
    )
    assert Patterns(texts).matches(text) == expected


def test_a_long_pattern_takes_no_longer_than_its_text_is() -> None:
    assert not Pattern("%a" * 5_000 + "%b").matches("a" * 100_000)
