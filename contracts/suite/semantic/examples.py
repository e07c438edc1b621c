"""What the examples of the semantic contracts are drawn from."""

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

_usual = settings.default or settings()


def _examples(number: int) -> settings:
    """Against a server that may be far away: examples are small, and not made smaller still."""
    return settings(
        max_examples=max(1, number),
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )


MANY = _examples(_usual.max_examples // 2)
"""Half of what the run's profile says, for one example is a dozen requests."""

FEW = _examples(_usual.max_examples // 4)
"""For contracts whose single example is dozens of requests."""

COUNTS = st.integers(min_value=0, max_value=1_000)

CHANGES = st.integers(min_value=-60, max_value=60).filter(bool)
"""A delta of 0 is not a change, and refused."""

AMOUNTS = st.integers(min_value=1, max_value=30)
