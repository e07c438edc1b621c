"""The fixtures, the marker and the options of the plugin, as a user's tests meet them."""

from __future__ import annotations

import pytest
from fluent_oms_simulator import FluentServer
from fluent_oms_simulator.client.simulator_process import simulator_command, started
from fluent_oms_simulator.settings import ADMIN_TOKEN_ENV, Settings

from .helpers.inner_runs import RunTests

pytest_plugins = ["pytester"]


def test_every_test_has_a_clean_world(run_tests: RunTests) -> None:
    run_tests(
        """
        @pytest.mark.parametrize("number", range(3))
        def test_stock(fluent_oms, number):
            assert fluent_oms.on_hand(*PLACE) is None
            fluent_oms.load({PLACE: number})
            assert send(fluent_oms, delta(*PLACE, -1, "pos-1")) == 200
            fluent_oms.assert_on_hand({PLACE: number - 1})
            assert fluent_oms.requests.count() == 2
        """
    ).assert_outcomes(passed=3)


def test_a_world_is_dropped_with_its_test_also_where_that_fails(
    run_tests: RunTests, fluent_oms_server: FluentServer
) -> None:
    before = namespaces(fluent_oms_server)

    run_tests(
        """
        def test_one(fluent_oms, make_fluent_oms):
            make_fluent_oms()
            assert False

        @pytest.fixture
        def broken(fluent_oms):
            raise RuntimeError

        def test_two(broken): ...
        """
    ).assert_outcomes(failed=1, errors=1)

    assert namespaces(fluent_oms_server) == before


def test_where_it_is_and_who_signs_in_are_fixtures(run_tests: RunTests) -> None:
    run_tests(
        f"""
        def test_it(fluent_oms_url, fluent_oms_credentials, fluent_oms):
            assert fluent_oms_url == fluent_oms.url
            assert fluent_oms_credentials == fluent_oms.credentials
            assert fluent_oms_credentials.client_id == {Settings().client_id!r}
        """
    ).assert_outcomes(passed=1)


def test_worlds_are_made_as_a_test_wants_them(run_tests: RunTests) -> None:
    run_tests(
        """
        def test_it(make_fluent_oms):
            added = make_fluent_oms(behaviours={"delta.duplicate": "accumulate"})
            other = make_fluent_oms(account="OTHER", at="2026-11-26T23:59:58Z", frozen=True)
            for world in (added, other):
                world.load({PLACE: 10})
                for _ in range(2):
                    assert send(world, delta(*PLACE, -1, "pos-1")) == 200
            assert (added.on_hand(*PLACE), other.on_hand(*PLACE)) == (8, 9)
            assert other.clock.now.minute == 59

        def test_that(make_fluent_oms):
            make_fluent_oms(fault="lost-replies")
        """
    ).assert_outcomes(passed=1, failed=1)


def test_a_world_may_have_a_server_to_itself(run_tests: RunTests) -> None:
    run_tests(
        """
        def test_it(make_fluent_oms, fluent_oms_server):
            world = make_fluent_oms(own_server=True, account="OTHER")
            assert not world.url.startswith(fluent_oms_server.url)
            assert world.url.count("/") == 2
            assert send(world, delta(*PLACE, -1, "pos-1")) == 200
        """
    ).assert_outcomes(passed=1)


def test_a_marker_says_how_the_world_of_a_test_is(run_tests: RunTests) -> None:
    run_tests(
        """
        pytestmark = pytest.mark.fluent_oms(
            behaviours={"delta.duplicate": "accumulate", "delta.zero": "accept"}, seed=1
        )

        @pytest.mark.fluent_oms(
            behaviours={"delta.zero": "refuse"},
            faults="lost-replies",
            seed=3,
            at="2026-11-26T23:59:58Z",
            frozen=True,
        )
        def test_it(fluent_oms):
            assert fluent_oms.clock.now.isoformat() == "2026-11-26T23:59:58+00:00"
            assert [each.id for each in fluent_oms.faults.armed] == [
                "lost-replies.reset", "lost-replies.gateway-timeout"
            ]
            fluent_oms.faults.clear()
            assert send(fluent_oms, delta(*PLACE, 0, "pos-1")) == 400
            fluent_oms.load({PLACE: 10})
            for _ in range(2):
                send(fluent_oms, delta(*PLACE, -1, "pos-2"))
            assert fluent_oms.on_hand(*PLACE) == 8
        """,
        "--strict-markers",
    ).assert_outcomes(passed=1)


@pytest.mark.parametrize(
    ("marker", "told"),
    [
        ("fault='x'", "The marker fluent_oms: it knows no fault; did you mean faults?"),
        ("at=5", "The marker fluent_oms: *expected the words of make_fluent_oms*"),
        ("faults=7", "The marker fluent_oms: *expected the words of make_fluent_oms*"),
        ("behaviours={1: 2}", "The marker fluent_oms: *expected the words of make_fluent_oms*"),
        ("zebra=1", "The marker fluent_oms: it knows no zebra; expected one of account,*"),
        ("'lost-replies'", "*fluent_oms: found 'lost-replies' without a name, expected such as*"),
        (
            "faults='lost'",
            "The marker fluent_oms: 'preset' is invalid: at /faults/preset found*",
        ),
        ("behaviours={'a': 'b'}", "The marker fluent_oms: *behaviours/a*"),
        ("retailers=7", "*retailers: found 7, expected ids as texts, such as *"),
        ("retailers=[7]", "*retailers: found ?7?, expected ids as texts, such as *"),
        ("settling=7", "*settling: found 7, expected a mode or a mapping*"),
        ("faults=['reset']", "*faults: found *reset*, expected a preset's name, a rule or rules*"),
        (
            "unstruck='no'",
            "*unstruck: found 'no', expected fail, warn, ignore;*",
        ),
        ("at='noon'", "The marker fluent_oms: *clock/now*"),
    ],
)
def test_a_marker_of_no_use_is_told_in_a_sentence(
    run_tests: RunTests, marker: str, told: str
) -> None:
    result = run_tests(
        f"""
        @pytest.mark.fluent_oms({marker})
        def test_it(fluent_oms): ...
        """
    )

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([told])
    result.stdout.no_fnmatch_line("*Traceback*")


def test_the_marker_is_listed(run_tests: RunTests) -> None:
    run_tests("", "--markers").stdout.fnmatch_lines(["@pytest.mark.fluent_oms(behaviours=*"])


def test_the_fixtures_are_listed_with_what_they_are_for(run_tests: RunTests) -> None:
    run_tests("", "--fixtures").stdout.fnmatch_lines(
        [
            "fluent_oms_server*",
            "make_fluent_oms*",
            "fluent_oms --*",
            "*A world for this test alone*",
        ]
    )


# -- for a whole run -------------------------------------------------------------------------------


def test_ini_options_hold_for_every_world(run_tests: RunTests) -> None:
    ini = """
fluent_oms_profile = documented
fluent_oms_behaviours =
    delta.duplicate = accumulate
    delta.zero=accept
"""
    run_tests(
        """
        def test_it(fluent_oms, make_fluent_oms):
            other = make_fluent_oms(behaviours={"delta.duplicate": "upsert"}, profile="strict")
            for world in (fluent_oms, other):
                world.load({PLACE: 10})
                for qty in (-1, -1, 0):
                    assert send(world, delta(*PLACE, qty, f"pos-{qty}")) == 200
            assert (fluent_oms.on_hand(*PLACE), other.on_hand(*PLACE)) == (8, 9)
        """,
        ini=ini,
    ).assert_outcomes(passed=1)


def test_a_switch_without_a_value_is_told(run_tests: RunTests) -> None:
    run_tests(
        "def test_it(fluent_oms): ...", ini="fluent_oms_behaviours = delta.zero"
    ).stdout.fnmatch_lines(["fluent_oms_behaviours: found 'delta.zero', expected NAME=VALUE"])


USES_IT = """
def test_it(fluent_oms, fluent_oms_server):
    fluent_oms.load({PLACE: 1})
    send(fluent_oms, delta(*PLACE, -1, "pos-1"))
    assert fluent_oms.on_hand(*PLACE) == 0
    print(fluent_oms_server.url)
"""


@pytest.mark.parametrize("where", ["process", "in-process"])
def test_a_server_is_a_process_or_in_this_one(run_tests: RunTests, where: str) -> None:
    run_tests(USES_IT, "--fluent-oms-server", where).assert_outcomes(passed=1)


def test_a_server_may_be_named_in_the_ini_file(
    run_tests: RunTests, fluent_oms_server: FluentServer
) -> None:
    result = run_tests(USES_IT, "-s", ini=f"fluent_oms_server = {fluent_oms_server.url}")

    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines([f"*{fluent_oms_server.url}*"])


def test_a_server_that_wants_a_token_is_given_the_one_in_the_environment(
    run_tests: RunTests, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = "a-token-of-our-own"
    with started(simulator_command("--admin-token", token)) as server:
        monkeypatch.setenv(ADMIN_TOKEN_ENV, token)
        run_tests(USES_IT, "--fluent-oms-server", server.url).assert_outcomes(passed=1)
        monkeypatch.delenv(ADMIN_TOKEN_ENV)
        run_tests(USES_IT, "--fluent-oms-server", server.url).assert_outcomes(errors=1)


def test_a_server_that_cannot_be_is_told(run_tests: RunTests) -> None:
    result = run_tests(USES_IT, "--fluent-oms-server", "thread")

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(
        ["fluent_oms_server is 'thread': expected process, in-process, or the URL of a simulator*"]
    )


def test_a_server_that_is_not_there_is_told(run_tests: RunTests) -> None:
    result = run_tests(USES_IT, "--fluent-oms-server", "http://127.0.0.1:9")

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*nothing listens there*"])


def test_a_call_that_cannot_be_ends_at_the_line_of_the_test(run_tests: RunTests) -> None:
    told = run_tests(
        """
        def test_status(fluent_oms):
            fluent_oms.faults.status(999)

        def test_load(fluent_oms):
            fluent_oms.load({PLACE: -5})

        def test_stock(fluent_oms):
            fluent_oms.assert_on_hand({"SKU_1": 5})

        def test_clock(fluent_oms):
            fluent_oms.clock.set("yesterday")

        def test_word(make_fluent_oms):
            make_fluent_oms(acount="OTHER")
        """
    )

    told.assert_outcomes(failed=5)
    told.stdout.no_fnmatch_line("*control_calls.py*")
    told.stdout.no_fnmatch_line("*harness*py:*")


# -- faults that strike nothing --------------------------------------------------------------------

ARMS = """
def test_it(fluent_oms):
    fluent_oms.load({PLACE: 5})
    fluent_oms.faults.status(503, operation="sendEvent", nth=2)
    assert send(fluent_oms, delta(*PLACE, -1, "pos-1")) == 200
"""
UNSTRUCK = (
    "The fault r1 (status for operation sendEvent, nth 2) has struck nothing: 1 such request came,"
    " but for its number."
)


def test_a_test_in_which_a_fault_has_struck_nothing_fails(run_tests: RunTests) -> None:
    result = run_tests(ARMS)

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [UNSTRUCK, 'Arm it for what is sent, disarm() it, or choose unstruck="ignore".']
    )
    result.stdout.no_fnmatch_line("*Traceback*")


@pytest.mark.parametrize(
    ("how", "outcome"),
    [("ignore", {"passed": 1}), ("warn", {"passed": 1, "warnings": 1}), ("fail", {"failed": 1})],
)
@pytest.mark.parametrize("where", ["marker", "ini file"])
def test_what_is_done_about_it_is_chosen(
    run_tests: RunTests, where: str, how: str, outcome: dict[str, int]
) -> None:
    mark = f"\n@pytest.mark.fluent_oms(unstruck='{how}')" if where == "marker" else ""
    ini = f"fluent_oms_unstruck = {'warn' if mark else how}\n"
    result = run_tests(mark + ARMS, "-W", "default", ini=ini)

    result.assert_outcomes(**outcome)
    assert (UNSTRUCK in result.stdout.str()) is (how != "ignore")


def test_one_with_which_a_world_begins_is_looked_at_too_and_no_test_fails_twice(
    run_tests: RunTests,
) -> None:
    rule = {"kind": "status", "status": 503, "limit": {"times": 1}, "id": "busy"}
    run_tests(
        f"""
        @pytest.mark.fluent_oms(faults={rule})
        def test_marked(fluent_oms): ...

        def test_own_server(make_fluent_oms):
            make_fluent_oms(faults={rule}, own_server=True)

        def test_that_has_failed(make_fluent_oms):
            make_fluent_oms(faults={rule}, own_server=True)
            assert False

        @pytest.mark.fluent_oms(faults={rule})
        def test_that_has_struck(fluent_oms):
            fluent_oms.load({{PLACE: 5}})
            with pytest.raises(Exception):
                send(fluent_oms, delta(*PLACE, -1, "pos-1"))

        @pytest.mark.fluent_oms(faults="slow-batches")
        def test_preset(fluent_oms):
            fluent_oms.faults.status(503, probability=0.5, times=1)
        """
    ).assert_outcomes(failed=3, passed=2)


def test_a_choice_that_there_is_not_is_told(run_tests: RunTests) -> None:
    run_tests("def test_it(fluent_oms): ...", ini="fluent_oms_unstruck = no").stdout.fnmatch_lines(
        ["fluent_oms_unstruck: found 'no', expected fail, warn, ignore"]
    )


def test_what_a_server_in_the_process_cannot_do_is_refused_in_a_marker_too(
    run_tests: RunTests,
) -> None:
    result = run_tests(
        """
        @pytest.mark.fluent_oms(faults="lost-replies")
        def test_it(fluent_oms): ...
        """,
        "--fluent-oms-server",
        "in-process",
    )

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["The marker fluent_oms: reset cannot be had from a server in *"])


def namespaces(server: FluentServer) -> int:
    """How many worlds a server has."""
    told = server._calls.document("GET", "/__admin/namespaces")
    return int(told["total"])
