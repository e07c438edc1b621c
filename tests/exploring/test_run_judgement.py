"""What a disturbed run did wrong is told by what it did to the stock, compared with a clean one."""

from collections import Counter

from fluent_oms_simulator.exploring.run_judgement import (
    Breaks,
    Effect,
    ObservedRun,
    complaints,
    levels,
)

MEL = ("DEFAULT:1", "D45", "LOC_MEL")
SYD = ("DEFAULT:1", "D45", "LOC_SYD")
SALE = Effect(MEL, "SALE", -1)
CLEAN = ObservedRun({MEL: 98, SYD: 80}, Counter({SALE: 2}), {}, "", (), (), frozenset())


def judged(run: ObservedRun, *, has_ended: bool = True) -> dict[Breaks, str]:
    return {
        each.breaks: each.why for each in complaints(run, CLEAN, has_ended=has_ended, within=30)
    }


def test_a_run_that_ends_alike_is_not_complained_of() -> None:
    assert judged(CLEAN) == {}


def test_less_done_to_a_position_is_a_loss() -> None:
    run = CLEAN._replace(stock={MEL: 99, SYD: 80}, effects=Counter({SALE: 1}))

    assert judged(run) == {
        Breaks.LOSES: "D45 at LOC_MEL ends at 99, expected 98 (missing: SALE of -1)"
    }


def test_more_done_to_a_position_is_a_doubling() -> None:
    run = CLEAN._replace(stock={MEL: 96, SYD: 80}, effects=Counter({SALE: 4}))

    assert judged(run) == {
        Breaks.DOUBLES: "D45 at LOC_MEL ends at 96, expected 98 (too many: 2 times SALE of -1)"
    }


def test_the_same_done_with_another_end_is_another_order() -> None:
    why = "D45 at LOC_MEL ends at 90, expected 98 (all was applied, in another order)"

    assert judged(CLEAN._replace(stock={MEL: 90, SYD: 80})) == {Breaks.REORDERS: why}


def test_one_loss_and_one_doubling_at_one_position_are_both_told() -> None:
    other = Effect(MEL, "SALE", -3)
    run = CLEAN._replace(stock={MEL: 96, SYD: 80}, effects=Counter({SALE: 1, other: 1}))

    assert set(judged(run)) == {Breaks.LOSES, Breaks.DOUBLES}


def test_a_position_that_is_not_there_is_told() -> None:
    run = CLEAN._replace(stock={SYD: 80}, effects=Counter())

    assert judged(run)[Breaks.LOSES].startswith("D45 at LOC_MEL is not there, expected 98")


def test_a_position_that_nobody_expected_is_told() -> None:
    new = ("DEFAULT:1", "NEW", "LOC_MEL")
    run = CLEAN._replace(
        stock={**CLEAN.stock, new: 1}, effects=CLEAN.effects + Counter({Effect(new, "SALE", 1): 1})
    )

    assert judged(run) == {
        Breaks.DOUBLES: "NEW at LOC_MEL ends at 1, expected not to be there (too many: SALE of +1)"
    }


def test_a_delta_under_two_bodies_is_told_though_the_stock_agrees() -> None:
    run = CLEAN._replace(doubled={"sale-1": "was taken in under several bodies"})

    assert judged(run) == {Breaks.DOUBLES: "delta sale-1 was taken in under several bodies"}


def test_one_that_was_ended_is_told_beside_what_it_lost() -> None:
    run = CLEAN._replace(stock={MEL: 99, SYD: 80}, effects=Counter({SALE: 1}))

    found = judged(run, has_ended=False)

    assert found[Breaks.ENDLESS] == "after 30 s it had not ended"
    assert Breaks.LOSES in found


def test_of_many_positions_five_are_told_and_the_others_counted() -> None:
    places = [("DEFAULT:1", f"P{number}", "L") for number in range(8)]
    clean = CLEAN._replace(stock=dict.fromkeys(places, 2))
    run = CLEAN._replace(stock=dict.fromkeys(places, 1))

    [complaint] = complaints(run, clean, has_ended=True, within=30)

    assert complaint.why.count(" ends at ") == 5
    assert complaint.why.endswith("; and 3 more")


def test_a_test_looks_at_the_positions_that_are_written_to() -> None:
    [touched] = levels(CLEAN._replace(before={MEL: 100, SYD: 80}))

    assert touched == ("D45", "LOC_MEL", 100, 98)
