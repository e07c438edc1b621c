"""A connector is run under one schedule of faults after the other, and what breaks it is told."""

from pathlib import Path

import pytest
from fluent_oms_simulator.exploring.candidate_faults import CandidateFault
from fluent_oms_simulator.exploring.run_judgement import Breaks, NotExploredError

from .helpers.explored import PLAIN_PYTHON, batch_sender, connector, explored, found

TELLING = ("lost-reply", "token-expired", "unavailable")


def test_one_that_never_retries_loses_stock_when_a_reply_is_lost(server: str) -> None:
    search = explored(server, connector("never-retries", 2), depth=1, until="first")

    assert found(search) == {"sendEvent#1:lost-reply": "loses stock"}
    [finding] = search.findings
    assert [each.why for each in finding.complaints] == [
        "D45 at LOC_MEL ends at 99, expected 98 (missing: SALE of -1)"
    ]
    assert finding.ending == "It said so: its exit code was 1."
    assert finding.said == "sale-1 is lost"
    assert [(seen["operation"], seen["status"], seen["faults"]) for seen in finding.requests] == [
        ("issueToken", 200, []),
        ("sendEvent", 0, ["reset"]),
    ]
    assert finding.is_steady


def test_one_that_retries_under_a_new_delta_id_doubles_stock_when_a_reply_is_lost(
    server: str,
) -> None:
    search = explored(server, connector("new-delta-id"), depth=1, until="first")

    assert found(search) == {"sendEvent#1:lost-reply": "doubles stock"}
    [finding] = search.findings
    assert [each.why for each in finding.complaints] == [
        "D45 at LOC_MEL ends at 98, expected 99 (too many: SALE of -1)"
    ]
    assert finding.ending == "Its exit code was 0, as if all had gone well."


def test_one_that_forgets_the_expiry_of_its_token_loses_stock_when_it_expires(server: str) -> None:
    search = explored(server, connector("forgets-expiry"), depth=1, until="first")

    assert found(search) == {"any#1:token-expired": "loses stock"}
    assert search.counts[0].tried == 2


@pytest.mark.slow
def test_one_that_retries_well_is_cleared(server: str) -> None:
    search = explored(server, connector("well"), depth=2, only=TELLING)

    assert not search.findings
    assert not search.ended_early
    assert [(each.size, each.all, each.tried) for each in search.counts] == [(1, 4, 4), (2, 7, 7)]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("manner", "breaks"),
    [
        ("never-retries", {Breaks.LOSES}),
        ("new-delta-id", {Breaks.DOUBLES}),
        ("forgets-expiry", {Breaks.LOSES}),
        ("well", set()),
    ],
)
def test_of_all_single_faults_each_connector_is_broken_in_its_own_way(
    server: str, manner: str, breaks: set[Breaks]
) -> None:
    search = explored(server, connector(manner, 2), depth=1, until="all")

    [counts] = search.counts
    assert counts.tried == counts.all == 36
    told = {each.breaks for finding in search.findings for each in finding.complaints}
    assert told == breaks
    if manner == "forgets-expiry":
        assert list(found(search)) == ["any#1:token-expired", "any#2:token-expired"]


@pytest.mark.slow
def test_one_that_retries_well_is_cleared_of_all_pairs_of_faults(server: str) -> None:
    search = explored(server, connector("well"), depth=2)

    assert not search.findings
    assert not search.ended_early
    assert [(each.size, each.tried, each.left) for each in search.counts] == [
        (1, 22, 0),
        (2, 239, 0),
    ]


def test_a_batch_that_is_not_polled_to_its_end_is_told(server: str) -> None:
    search = explored(server, batch_sender(1, 90), depth=1, only=("batch-held",))

    assert found(search) == {"createBatch#1:batch-held": "leaves a batch unpolled"}


def test_one_that_polls_on_is_cleared_of_a_batch_that_takes_its_time(server: str) -> None:
    assert not explored(server, batch_sender(10, 90), depth=1, only=("batch-held",)).findings


def test_a_batch_whose_id_nobody_was_told_need_not_be_polled(server: str) -> None:
    assert not explored(server, batch_sender(2_000, 90), depth=1, only=("lost-reply",)).findings


@pytest.mark.slow
def test_counts_that_overtake_each_other_reorder_stock(server: str) -> None:
    search = explored(server, batch_sender(2_000, 90, 80), depth=1, only=("applied-late",))

    assert found(search) == {"createBatch#1:applied-late": "reorders stock"}
    [finding] = search.findings
    assert [each.why for each in finding.complaints] == [
        "D45 at LOC_MEL ends at 90, expected 80 (all was applied, in another order)"
    ]


def test_one_that_never_polls_is_told_once_and_searched_for_the_rest(server: str) -> None:
    search = explored(server, batch_sender(0, 90, 80), depth=1, only=("applied-late",))

    assert found(search) == {
        "": "leaves a batch unpolled",
        "createBatch#1:applied-late": "reorders stock",
    }


def test_a_connector_that_goes_wrong_undisturbed_is_told_as_that(server: str) -> None:
    expected = b"deltaId,productRef,locationRef,qty\nsale-1,D45,LOC_MEL,-1\nsale-2,D45,LOC_MEL,-1\n"

    search = explored(server, connector("well"), expected=expected)

    [finding] = search.findings
    assert not finding.schedule
    assert [each.why for each in finding.complaints] == ["delta sale-2 (-1) was not applied"]
    assert search.ended_early == "it is wrong undisturbed"


def test_a_list_that_cannot_be_read_is_not_explored_with(server: str) -> None:
    expected = b"deltaId,productRef,locationRef,qty\nsale-1,D45,LOC_MEL,many\n"

    with pytest.raises(NotExploredError, match="of what is expected, line 2 cannot be read"):
        explored(server, connector("well"), expected=expected)


@pytest.mark.parametrize("expected", [b"", b"deltaId,productRef,locationRef,qty\n"])
def test_a_file_that_expects_nothing_clears_nobody(server: str, expected: bytes) -> None:
    with pytest.raises(NotExploredError, match="of what is expected there is nothing"):
        explored(server, connector("well"), expected=expected)


def test_what_was_expected_is_held_against_each_run(server: str) -> None:
    expected = b"deltaId,productRef,locationRef,qty\nsale-1,D45,LOC_MEL,-1\n"

    search = explored(
        server, connector("new-delta-id"), expected=expected, depth=1, only=("unavailable",)
    )

    # The stock is right, under another deltaId than the one that was to be sent.
    assert found(search) == {"sendEvent#1:unavailable": "does not send what was expected"}


@pytest.mark.parametrize("until", ["each", pytest.param("all", marks=pytest.mark.slow)])
def test_what_is_known_to_break_it_is_tried_again_only_if_all_is_asked_for(
    server: str, until: str
) -> None:
    command = connector("new-delta-id", 2)

    search = explored(server, command, depth=2, only=("lost-reply", "token-expired"), until=until)

    first, second = search.counts
    assert (first.all, second.all) == (4, 6)
    if until == "each":
        assert list(found(search)) == ["sendEvent#1:lost-reply"]
        assert (first.tried, first.known, second.tried, second.known) == (3, 1, 1, 5)
    else:
        # Pairs are reduced to the one fault that does it.
        assert list(found(search)) == ["sendEvent#1:lost-reply", "sendEvent#2:lost-reply"]
        assert (first.tried, second.tried, second.convicted) == (4, 6, 5)


@pytest.mark.slow
def test_a_larger_schedule_is_reduced_to_the_faults_that_do_it(server: str) -> None:
    search = explored(server, connector("new-delta-id"), depth=1, only=("token-expired",))
    schedule = tuple(map(CandidateFault.read, ("any#1:token-expired", "sendEvent#1:lost-reply")))

    finding = search._reduced(schedule, search.runs.run(schedule))

    assert finding.key == "sendEvent#1:lost-reply"


def test_the_budget_ends_it_and_what_is_left_is_counted(server: str) -> None:
    search = explored(server, connector("well"), depth=2, budget=0)

    assert search.ended_early == "the budget is used up"
    assert [(each.tried, each.left) for each in search.counts] == [(0, 22), (0, 239)]
    assert not search.is_whole


@pytest.mark.slow
def test_what_is_not_all_tried_is_not_cleared(server: str) -> None:
    search = explored(server, connector("well"), depth=1, only=TELLING)
    assert search.is_whole

    search.ended_early = "the budget is used up"
    assert not search.findings
    assert not search.is_whole


@pytest.mark.parametrize(
    ("command", "why"),
    [
        (["true"], "sent nothing to the address in FLUENT_BASE_URL; it said nothing"),
        (["sh", "-c", "echo no; exit 3"], "ended with the exit code 3; it said: no"),
        (
            ["sh", "-c", "setsid sleep 600 & exit 0"],
            "sent nothing to the address in FLUENT_BASE_URL, and left a process behind;"
            " it said nothing",
        ),
    ],
)
def test_a_command_that_does_nothing_undisturbed_is_not_explored(
    server: str, command: list[str], why: str
) -> None:
    with pytest.raises(NotExploredError) as told:
        explored(server, command)

    assert str(told.value) == f"without any fault the command {why}"


def test_one_that_does_not_do_the_same_twice_is_not_explored(server: str, tmp_path: Path) -> None:
    text = (
        "import pathlib, runpy, sys; once = pathlib.Path(sys.argv[1]); more = once.exists();"
        " once.touch(); sys.argv = ['', 'well', '2' if more else '1'];"
        " runpy.run_path(%r, run_name='__main__')"
    )
    command = [*PLAIN_PYTHON, "-c", text % connector("well")[3], str(tmp_path / "once")]

    with pytest.raises(NotExploredError, match="two undisturbed runs of it differ"):
        explored(server, command)
