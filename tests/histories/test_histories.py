"""Random histories, played by the simulator and by a model that was written from the pages alone.

After every step both must agree on its outcome (of a batch: of each record), on every stock on
hand, position status, quantity with its fields and dates, virtual position, on what can be promised
as of a date, and on the events that were raised. No virtual position changes without being dated.
"""

from collections.abc import Iterator
from typing import Any, Literal

import pytest
from fluent_oms_simulator import Settings, build
from fluent_oms_simulator.clock import VirtualClock
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from ..conftest import NOON
from ..support import Client
from .helpers.player import Player
from .helpers.shrinking import shortest
from .helpers.steps import Step, histories
from .helpers.switches import PROFILES, SINGLE
from .helpers.told import Told
from .helpers.words import DAYS

Single = tuple[str, str] | None
Profile = Literal["strict", "documented"]


class DisagreementError(AssertionError):
    """The simulator and the model say different things."""


class Stage:
    """Where histories are played; one simulator for each set of switches, reset before each."""

    def __init__(self) -> None:
        self._players: dict[tuple[Profile, Single], Player] = {}

    def play(self, profile: Profile, single: Single, history: list[Step]) -> None:
        """Play a history; where they disagree, tell the shortest one that shows it."""
        try:
            self._play(profile, single, history)
        except DisagreementError:
            short = shortest(history, lambda fewer: self._disagrees(profile, single, fewer))
            lines = "\n".join(f"  {step}" for step in short)
            told = f"{profile} profile, {single}, {len(history)} steps made {len(short)}:\n{lines}"
            with pytest.raises(DisagreementError) as caught:
                self._play(profile, single, short)
            raise AssertionError(f"{told}\n{caught.value}") from None

    def close(self) -> None:
        """Stop the simulators."""
        for player in self._players.values():
            player.client.simulator.close()

    def _disagrees(self, profile: Profile, single: Single, history: list[Step]) -> bool:
        try:
            self._play(profile, single, history)
        except DisagreementError:
            return True
        except Exception:  # a part is gone that a step needs
            return False
        return False

    def _play(self, profile: Profile, single: Single, history: list[Step]) -> None:
        player = self._player(profile, single)
        player.begin()
        told = Told({**PROFILES[profile], **dict([single] if single else [])}, player.clock.now())
        for number, step in enumerate(history):
            day = DAYS[number % len(DAYS)]
            told.now = player.clock.now() + 1
            expected, answered = told.take(step), player.take(step)
            if answered != expected:
                raise DisagreementError(f"{step} came to {answered}, for the model to {expected}")
            compare(player.reader.shown(day), told.shown(day), step)
            left, raised = player.reader.raised(), told.raised()
            if left != raised:
                raise DisagreementError(f"{step} raised {left}, for the model {raised}")

    def _player(self, profile: Profile, single: Single) -> Player:
        player = self._players.get((profile, single))
        if player is None:
            behaviours = {"job.closes": "never", **dict([single] if single else [])}
            chosen = Settings(seed_data="none", profile=profile, behaviours=behaviours)
            simulator = build(chosen, clock=VirtualClock(NOON))
            simulator.start()
            player = self._players[profile, single] = Player(Client(simulator))
        return player


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    """A stage that is closed in the end."""
    made = Stage()
    yield made
    made.close()


def compare(found: dict[str, Any], expected: dict[str, Any], step: Step) -> None:
    """Everything that differs, by its name."""
    differing = [
        f"  {name}: {found.get(name)}, for the model {expected.get(name)}"
        for name in found | expected
        if found.get(name) != expected.get(name)
    ]
    if differing:
        raise DisagreementError("\n".join([f"after {step}", *differing]))


chances = {
    "profile": st.sampled_from(sorted(PROFILES)),
    "single": st.none() | st.sampled_from(SINGLE),
    "history": histories,
}
plain = settings(
    deadline=None,
    phases=[Phase.explicit, Phase.generate],  # made shorter here, where steps are known
    suppress_health_check=[HealthCheck.too_slow],
)


@settings(plain, max_examples=15)
@given(**chances)
def test_the_simulator_agrees_with_the_pages(
    stage: Stage, profile: Profile, single: Single, history: list[Step]
) -> None:
    stage.play(profile, single, history)


@pytest.mark.slow
@settings(plain, max_examples=100)
@given(**chances)
def test_the_simulator_agrees_with_the_pages_for_many_histories(
    stage: Stage, profile: Profile, single: Single, history: list[Step]
) -> None:
    stage.play(profile, single, history)


@pytest.mark.exhaustive
@settings(plain, max_examples=1_000)
@given(**chances)
def test_the_simulator_agrees_with_the_pages_for_a_thousand_histories(
    stage: Stage, profile: Profile, single: Single, history: list[Step]
) -> None:
    stage.play(profile, single, history)
