"""The fault rules that are armed, how often each has struck, and what they have struck.

Everything here is of one simulator. With nothing armed a request costs one look at `is_armed`.
"""

import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager

from ..clock import Clock
from ..domain import bounds
from ..domain.as_of import Mark
from ..domain.bounds import Tally
from ..domain.jobs import Job
from ..domain.trouble.draws import delay_of, draw
from ..domain.trouble.fault_kinds import Does
from ..domain.trouble.fault_rules import FaultRule
from ..domain.trouble.points import Point
from ..domain.trouble.quotas import SlidingWindow
from ..domain.trouble.sightings import Sighting
from ..errors import shortened
from .armed_rule import ArmedRule, Beginning, Firing, Remembered, Strike


class Meeting:
    """One request among the rules that are for it, which it meets point by point."""

    __slots__ = ("_faults", "_rules", "ordinal", "seen")

    def __init__(
        self, faults: "ArmedFaults", rules: Sequence[ArmedRule], seen: Sighting, ordinal: int
    ) -> None:
        self._faults = faults
        self._rules = rules
        self.ordinal = ordinal
        """How often this one has come, itself included; 0 where nothing is armed."""
        self.seen = seen

    def may_be_struck_at(self, point: Point) -> bool:
        """Whether a rule could strike it there, as far as can be told without counting."""
        return any(armed.rule.strikes_at(point, self.seen.operation) for armed in self._rules)

    @property
    def may_be_struck(self) -> bool:
        """Whether a rule could strike it at some point."""
        return any(map(self.may_be_struck_at, Point))

    def strikes_at(self, point: Point) -> Iterator[Strike]:
        """The faults that strike it there, in the order of their rules; the last one may end it."""
        for armed in self._rules:
            if not armed.rule.strikes_at(point, self.seen.operation):
                continue
            strike = self._faults.strike(armed, point, self.seen, self.ordinal)
            if strike is not None:
                yield strike
                if armed.rule.does.ends_the_call:
                    return


class ArmedFaults:
    """The rules of a simulator, and the log of what they have struck.

    `mark` tells how far the account has come.
    """

    def __init__(self, clock: Clock, mark: Callable[[], Mark] = Mark) -> None:
        self._clock = clock
        self._mark = mark
        self._lock = threading.Lock()
        self._rules: tuple[ArmedRule, ...] = ()
        self._memory = Tally(bounds.FAULT_MEMORY)
        self._entries = Tally(bounds.FAULT_FIRINGS)
        self._ordinals: Remembered[int] = Remembered(self._memory)
        self._log: deque[Firing] = deque()
        self._number = 0
        self.delayed: set[int] = set()
        """The calls that were held up, by an id of each, until it is recorded what came of them."""
        self._of_calls = self._new_keeper()
        self._set_back: Beginning | None = None
        self.seed = 0
        self.is_armed = False
        """Whether there is any rule; read by every request."""

    @property
    def rules(self) -> tuple[ArmedRule, ...]:
        """Those in force, in order."""
        return self._rules

    @property
    def fired(self) -> int:
        """How many strikes there were since the rules were armed, with those of single calls."""
        return self._number

    def arm(self, rules: Iterable[FaultRule], seed: int) -> None:
        """These rules and no others; all is counted from the beginning."""
        armed = self._armed(rules)
        with self._lock:
            gone = (*self._rules, self._of_calls)
            self._forget(gone)
            self._ordinals.clear()
            self._log.clear()
            self._entries.held = self._number = 0
            for tally in self.tallies():
                tally.lost = 0
            self.seed = seed
            self._put(armed)
        _let_go(gone)

    def add(self, rules: Iterable[FaultRule]) -> None:
        """These rules after the others."""
        armed = self._armed(rules)
        with self._lock:
            self._put([*self._rules, *armed])

    def disarm(self, rule_id: str | None = None) -> bool:
        """Remove a rule, or all; what it holds goes on at once. False where there is no such.

        With all of them goes what faults of single calls hold.
        """
        with self._lock:
            gone = [armed for armed in self._rules if rule_id in (None, armed.rule.id)]
            self._put([armed for armed in self._rules if armed not in gone])
            if rule_id is None:
                gone.append(self._of_calls)
            self._forget(gone)
            if not self._rules:
                self._ordinals.clear()
        _let_go(gone)
        return bool(gone)

    def begin_anew(self, mark: Mark) -> None:
        """After a reset the same request is another one, and all that there is is seen.

        Rules stay, with how often they have struck, and for which tokens.
        """
        with self._lock:
            self._ordinals.clear()
            for armed in (*self._rules, self._of_calls):
                armed.jobs.clear()  # there are none of them any more
            _see_all(self._rules, Beginning(self._clock.now(), mark))
            set_back = self._set_back
            if set_back is not None and not set_back.mark.is_within(mark):
                self._set_back = None  # that was in another state

    def clock_was_set_back(self) -> None:
        """Have all that there is now be seen by every late reader.

        What came before it and what comes after it are in no order of time, and who was told of
        either by its time would see a mixture that never was.
        """
        set_back = self._set_back = Beginning(self._clock.now(), self._mark())
        _see_all(self._rules, set_back)

    def see_all(self) -> None:
        """Have all that there is now be seen also by late readers, such as seed data."""
        if _are_late(self._rules):
            _see_all(self._rules, Beginning(self._clock.now(), self._mark()))

    def _armed(self, rules: Iterable[FaultRule]) -> list[ArmedRule]:
        armed = [ArmedRule(rule, self._memory) for rule in rules]
        if _are_late(armed):
            _see_all(armed, Beginning(self._clock.now(), self._mark()))
        return armed

    def _new_keeper(self) -> ArmedRule:
        """What has all that the faults of single calls leave behind."""
        return ArmedRule(FaultRule("", "", {}), self._memory)

    def meet(self, seen: Sighting, single: Sequence[FaultRule] = ()) -> Meeting:
        """A request meets the rules that are armed, and those of its own."""
        rules = self._rules
        ordinal = 0
        if rules:
            with self._lock:
                ordinal = (self._ordinals.get(seen.identity) or 0) + 1
                self._ordinals.keep(seen.identity, ordinal)
        if single:
            own, keeper = Tally(bounds.FAULT_MEMORY), self._of_calls
            began = self._set_back
            rules = (*(ArmedRule(rule, own, began, keeper=keeper) for rule in single), *rules)
        fitting = [armed for armed in rules if armed.rule.match.fits(seen)]
        # A call may be held for long, and its lines take many times what they are read from.
        return Meeting(self, fitting, seen._replace(lines=()), ordinal)

    def strike(self, armed: ArmedRule, point: Point, seen: Sighting, ordinal: int) -> Strike | None:
        """What a rule that is for a request does to it at a point; None where it lets it pass."""
        rule, match = armed.rule, armed.rule.match
        with self._lock:
            now = self._clock.now()
            if armed.is_gone or (rule.does.does is Does.LOOKS_BACK and seen.may_change):
                return None
            if rule.kind == "token_expired" and (known := armed.tokens.get(seen.token or "")):
                return self._fire(armed, point, seen, ordinal) if now >= known else None
            if not rule.limit.holds(armed.expired or armed.fired, now):
                return None
            if match.attempt is not None and ordinal != match.attempt:
                return None
            armed.matched += 1
            if match.nth is not None and armed.matched != match.nth:
                return None
            if armed.matched % match.every_nth:
                return None
            if match.probability < 1 and not (
                draw(self.seed, rule.id, seen.identity, ordinal) < match.probability
            ):
                return None
            if rule.kind == "token_expired":
                until = now + int(1000 * rule.settings["afterSeconds"])
                armed.tokens.keep(seen.token or "", until)
                armed.expired += 1
                if now < until:
                    return None
            wait = 0
            if (quota := rule.quota) is not None:
                key = seen.client if quota.per == "client" else ""
                wait = armed.windows.find(key, SlidingWindow).wait(quota, now)
                if not wait:
                    return None
            return self._fire(armed, point, seen, ordinal, wait)

    def close_early(self, armed: ArmedRule, job: Job) -> None:
        """Close a job, until the rule is removed."""
        with self._lock:
            if not armed.is_gone:
                job.closes_early = True
                armed.kept_by.jobs.keep(str(job.number), job)

    def _fire(
        self,
        armed: ArmedRule,
        point: Point,
        seen: Sighting,
        ordinal: int,
        wait: int = 0,
    ) -> Strike:
        rule = armed.rule
        armed.fired += 1
        self._number += 1
        told = seen._replace(  # in little memory, and without what is secret
            token=None,
            user=None,
            path=shortened(seen.path),
            identity=shortened(seen.identity),
            agent=shortened(seen.agent),
            operation=shortened(seen.operation),
        )
        firing = Firing(self._number, self._clock.now(), rule.id, rule.kind, point, told)
        self._log.append(firing)
        self._entries.held += 1
        while self._entries.is_over:
            self._log.popleft()
            self._entries.held -= 1
            self._entries.lost += 1
        delay = 0.0
        if (wanted := rule.settings.get("delay")) is not None:
            drawn = draw(self.seed, rule.id, seen.identity, ordinal, "delay")
            delay = delay_of(wanted, drawn) / 1000
        return Strike(armed, firing, delay, wait)

    @contextmanager
    def holding(self, armed: ArmedRule, release: Callable[[], object]) -> Iterator[None]:
        """Let `release` be called once a rule is removed; at once where it is gone already."""
        waiting = armed.kept_by.waiting
        with self._lock:
            if not armed.is_gone:
                waiting.add(release)
        if armed.is_gone:
            release()
        try:
            yield
        finally:
            waiting.discard(release)

    def newest_first(self) -> Iterator[Firing]:
        """What was struck, as far as it is kept."""
        with self._lock:
            kept = list(self._log)
        return reversed(kept)

    @property
    def dropped(self) -> int:
        """How many strikes are no longer told."""
        return self._entries.lost

    def __len__(self) -> int:
        return len(self._log)

    def tallies(self) -> list[Tally]:
        """How much is held."""
        return [self._entries, self._memory]

    def _put(self, rules: Sequence[ArmedRule]) -> None:
        self._rules = tuple(rules)
        self.is_armed = bool(rules)

    def _forget(self, rules: Iterable[ArmedRule]) -> None:
        for armed in rules:
            armed.end()
            if armed is self._of_calls:
                self._of_calls = self._new_keeper()


def _are_late(rules: Iterable[ArmedRule]) -> bool:
    return any(armed.rule.does.does is Does.LOOKS_BACK for armed in rules)


def _see_all(rules: Iterable[ArmedRule], beginning: Beginning) -> None:
    for armed in rules:
        armed.beginning = beginning


def _let_go(rules: Iterable[ArmedRule]) -> None:
    for armed in rules:
        for release in armed.waiting.copy():  # one step, as others are added meanwhile
            release()
