"""The audit waits, reads to the end, keeps to its bounds, and says what it could not do."""

from __future__ import annotations

import threading

import pytest
from fluent_oms_simulator.client.client_errors import SignInError, UnreachableError
from fluent_oms_simulator.client.target_server import Target
from fluent_oms_simulator.loadtests.audit.reading_target import AuditTarget
from fluent_oms_simulator.loadtests.audit.reconcile import reconcile
from fluent_oms_simulator.loadtests.ledger.ledger import Ledger
from fluent_oms_simulator.loadtests.reporting.run_result import AuditResult, DiscrepancyKind
from fluent_oms_simulator.loadtests.traffic.trade_events import Count, Position, Sent

from ..conftest import MakeSimulator
from ..support import limit
from .helpers.audit_rig import (
    SHIRT,
    SHOES,
    SOCKS,
    Deltas,
    doubling,
    dropping,
    sale,
    sender,
    verdict,
)


@pytest.mark.slow
def test_quantities_that_were_folded_are_judged_by_their_sum(
    make_simulator: MakeSimulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit(monkeypatch, "EVENT_QUANTITIES", 40)
    verdicts = []
    for change in (None, dropping("d7"), doubling("d7")):
        with sender(make_simulator(), change) as senders:
            senders.load(Count(SHIRT, 1000), Count(SHOES, 1000))
            for number in range(60):
                senders.event(sale(f"d{number}", SHIRT, -10 - number))
            senders.load(Count(SHOES, 900))
            for number in range(60, 120):
                senders.event(sale(f"d{number}", SHOES, -10 - number))

            result = senders.audit(rows_kept=20)

        verdicts.append(verdict(result))

    assert verdicts == [(0, 0, 0), (1, 0, 0), (0, 1, 0)]


def test_a_long_list_of_quantities_is_read_to_its_end(make_simulator: MakeSimulator) -> None:
    with sender(make_simulator(), dropping("d550")) as senders:
        senders.load(Count(SHIRT, 5000))
        for start in range(0, 700, 100):
            senders.event(*(sale(f"d{number}", SHIRT) for number in range(start, start + 100)))
        senders.load(Count(SHIRT, 80))

        result = senders.audit(page_size=10)

    assert verdict(result) == (1, 0, 0)
    assert result.examples[0].delta_id == "d550"


def test_the_audit_waits_for_what_was_accepted(make_simulator: MakeSimulator) -> None:
    simulator = make_simulator()
    with sender(simulator) as senders:
        senders.load(Count(SHIRT, 10))
        with simulator.worker.quiet():
            senders.event(sale("a", SHIRT))
            found: list[AuditResult] = []
            audit = threading.Thread(
                target=lambda: found.append(senders.audit(quiet_for=10.0, settle_within=20.0))
            )
            audit.start()
            audit.join(0.3)
            was_waiting = audit.is_alive()
        audit.join()

    assert was_waiting
    assert verdict(found[0]) == (0, 0, 0)


def test_the_audit_gives_up_waiting_in_time(make_simulator: MakeSimulator) -> None:
    with sender(make_simulator(), dropping("a")) as senders:
        senders.load(Count(SHIRT, 10))
        senders.event(sale("a", SHIRT))

        result = senders.audit(quiet_for=600.0, settle_within=0.2)

    assert not result.settled
    assert result.lost == 1
    assert result.seconds < 600


def test_more_that_is_lost_than_examples_is_counted_all_the_same(
    make_simulator: MakeSimulator,
) -> None:
    with sender(make_simulator(), lambda _: [[]]) as senders:
        senders.load(Count(SHIRT, 500))
        senders.event(*(sale(f"d{number}", SHIRT) for number in range(90)))

        result = senders.audit(examples=12)

    assert result.lost == 90
    assert len(result.examples) == 12


def test_positions_of_others_do_not_matter(make_simulator: MakeSimulator) -> None:
    with sender(make_simulator()) as senders:
        senders.load(Count(SHIRT, 10), Count(Position("SHIRT", "LOC_SYD"), 5))
        ledger, senders.ledger = senders.ledger, Ledger()
        senders.ledger.load([Count(SHIRT, 10)], Sent("batch", 1.0, 2.0, 200), 3.0)

        assert verdict(senders.audit()) == (0, 0, 0)
        assert len(list(ledger.positions())) == 2


def test_requests_keep_to_the_rate(make_simulator: MakeSimulator) -> None:
    with sender(make_simulator()) as senders:
        senders.load(*(Count(Position(f"P{number}", "L"), 1) for number in range(40)))

        result = senders.audit(page_size=5, max_rate=40)

    assert result.clean
    assert result.requests >= 8
    assert result.seconds >= (result.requests - 1) / 40 * 0.9


def test_a_server_that_does_not_let_the_audit_in_is_told_in_a_sentence(
    make_simulator: MakeSimulator,
) -> None:
    with sender(make_simulator()) as senders:
        senders.load(Count(SHIRT, 10))

        with pytest.raises(SignInError, match="POST /oauth/token answered 400"):
            senders.audit(password="another")


def test_a_server_that_is_not_there_is_told_in_a_sentence() -> None:
    ledger = Ledger()
    ledger.load([Count(SHIRT, 10)], Sent("batch", 1.0, 2.0, 200), 3.0)

    with pytest.raises(UnreachableError, match="nothing listens there"):
        reconcile(ledger, AuditTarget(Target("http://127.0.0.1:9"), timeout=1.0))


def test_a_lost_delta_comes_with_what_the_event_log_says(make_simulator: MakeSimulator) -> None:
    with sender(make_simulator()) as senders:
        senders.load(Count(SHIRT, 10))
        senders.event(sale("a", SHIRT), sale("b", SOCKS))

        result = senders.audit()

    assert verdict(result) == (2, 0, 0)
    for found in result.examples:
        assert "the event is FAILED: " in found.explanation
        assert "SOCKS:LOC_SYD" in found.explanation


def test_examples_show_every_kind(make_simulator: MakeSimulator) -> None:
    def change(deltas: Deltas) -> list[Deltas]:
        return [[each for each in deltas if not each["deltaId"].startswith("lost")]]

    with sender(make_simulator(), change) as senders:
        senders.load(Count(SHIRT, 500), Count(SHOES, 7))
        senders.event(*(sale(f"lost{number}", SHIRT) for number in range(30)))
        senders.ledger.load([Count(SHOES, 8)], Sent("batch", 4e9, 4e9, 200), 4e9)

        result = senders.audit(examples=5)

    assert (result.lost, result.wrong) == (30, 1)
    assert [each.kind for each in result.examples] == [
        *[DiscrepancyKind.LOST] * 4,
        DiscrepancyKind.WRONG,
    ]


@pytest.mark.slow
def test_quantities_that_were_retired_and_forgotten_are_not_lost(
    make_simulator: MakeSimulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit(monkeypatch, "EVENT_QUANTITIES", 40)
    with sender(make_simulator(), dropping("d115")) as senders:
        senders.load(Count(SHIRT, 1000), Count(SHOES, 1000))
        for number in range(30):
            senders.event(sale(f"d{number}", SHIRT))
        senders.load(Count(SHIRT, 900))
        for number in range(60, 120):
            senders.event(sale(f"d{number}", SHOES))
        senders.load(Count(SHOES, 900))

        kept_few, kept_all = senders.audit(rows_kept=20), senders.audit()

    assert verdict(kept_few) == (1, 0, 0)
    assert kept_few.examples[0].delta_id == "d115"
    assert kept_all.lost > 30
