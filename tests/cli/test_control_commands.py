"""`fluent-sim clock` and its neighbours, beside a running simulator."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path

import pytest
from fluent_oms_simulator.client.fluent_api import Api
from fluent_oms_simulator.client.target_server import Target

from ..support import batch, delta, deltas, first_at_once, record
from .conftest import Server, serving
from .helpers.command_line import ENVIRON, commands, fluent_sim, options_of

SET = ("set", "2026-11-26T23:59:58Z", "--frozen")


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving("--seed-data", "none") as server:
        yield server


@pytest.mark.parametrize(
    ("moves", "told"),
    first_at_once(
        [
            ([SET], "2026-11-26T23:59:58.000+00:00 (it stands still)"),
            (
                [SET, ("advance", "--hours", "24")],
                "2026-11-27T23:59:58.000+00:00 (it stands still)",
            ),
            ([SET, ("run", "3600"), ("freeze",)], "(it stands still)"),
            ([SET, ("unfreeze",)], "(1 times the machine's pace)"),
            ([SET, ("run", "60"), ("show",)], "(60 times the machine's pace)"),
            ([SET, ("follow",)], "(1 times the machine's pace)"),
        ]
    ),
    ids=str,
)
def test_each_move_tells_the_time(server: Server, moves: list[tuple[str, ...]], told: str) -> None:
    for move in moves:
        done = fluent_sim("clock", *move, "--url", server.url)
        assert (done.returncode, done.stderr) == (0, "")

    assert done.stdout.strip().endswith(told)
    fluent_sim("clock", "follow", "--url", server.url)


def test_what_is_refused_ends_it_with_the_reason(server: Server) -> None:
    done = fluent_sim("clock", "set", "tomorrow", "--url", server.url)

    assert (done.returncode, done.stdout) == (2, "")
    assert 'at /now found "tomorrow", expected a moment such as' in done.stderr


def test_no_simulator_is_told_in_a_sentence() -> None:
    done = fluent_sim("clock", "show", "--url", "http://127.0.0.1:9")

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("fluent-sim clock: no simulator answers at http://127.0.0.1:9")


NOBODY = "http://127.0.0.1:9"


@pytest.mark.parametrize(
    "words",
    [
        ("--url", "URL", "show"),
        ("show", "--url", "URL"),
        ("--url", NOBODY, "show", "--url", "URL"),
        ("--token", "one", "--url", "URL", "set", "2026-11-26T23:59:58Z"),
    ],
    ids=" ".join,
)
def test_the_simulator_may_be_named_before_the_verb_and_behind_it(
    server: Server, words: tuple[str, ...]
) -> None:
    done = fluent_sim("clock", *(server.url if word == "URL" else word for word in words))

    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.slow
def test_a_token_before_the_verb_goes_over_the_environments() -> None:
    with serving("--seed-data", "none", "--admin-token", "right") as server:
        environ = ENVIRON | {"FLUENT_SIM_ADMIN_TOKEN": "wrong"}
        call = ("clock", "--url", server.url)

        assert fluent_sim(*call, "--token", "right", "show", env=environ).returncode == 0
        assert fluent_sim(*call, "show", "--token", "right", env=environ).returncode == 0
        assert fluent_sim(*call, "--token", "right", "show").returncode == 0
        assert fluent_sim(*call, "show", env=environ).returncode == 2


def test_every_group_takes_before_its_verbs_which_simulator_is_meant() -> None:
    groups = {words[:-1] for words in commands() if {"--url", "--token"} <= options_of(words)}
    groups -= {()}

    assert ("clock",) in groups
    assert [words for words in groups if not {"--url", "--token"} <= options_of(words)] == []


@pytest.mark.parametrize(
    ("group", "verbs"),
    first_at_once(
        [
            ("faults", "add, arm, disarm"),
            ("namespaces", "drop, list, make"),
            ("snapshot", "drop, list, load"),
        ]
    ),
)
def test_a_group_without_a_verb_names_them(group: str, verbs: str) -> None:
    done = fluent_sim(group, "--url", "http://127.0.0.1:9")

    assert (done.returncode, done.stdout) == (2, "")
    assert f"Missing verb: expected one of {verbs}" in done.stderr
    assert fluent_sim(group).stderr.startswith("Usage: ")


def test_settling_tells_what_waits(server: Server) -> None:
    done = fluent_sim("settle", "--wait", "5", "--url", server.url)

    assert (done.returncode, done.stdout) == (0, "0 events and 0 batches wait.\n")


def test_what_came_of_deltas_is_told_a_line_each(server: Server) -> None:
    api = Api(Target(server.url))
    sent = deltas(delta("NONE", "LOC_MEL", -1, "d\x1b1"))
    api.call("POST", "/api/v4.1/event/sync", json=sent)
    api.close()

    done = fluent_sim("ledger", "--fate", "neverApplied", "--url", server.url)

    totals, line = done.stdout.splitlines()
    assert totals == "1 deltas arrived 1 times, acknowledged 0 times: 1 neverApplied."
    assert line.startswith(r"d\x1b1  NONE at LOC_MEL  +0  neverApplied  (1 refused)")
    assert fluent_sim("ledger", "--fate", "x", "--url", server.url).returncode == 2


def test_stock_jobs_and_events_are_told_with_why(server: Server) -> None:
    api = Api(Target(server.url))
    job = api.post("/api/v4.1/job", {"name": "night", "retailerId": "1"})["id"]
    sent = batch(record("TOLD", "LOC", 10), record("TOLD", "LOC", 10))
    made = api.post(f"/api/v4.1/job/{job}/batch", sent)["id"]
    fluent_sim("settle", "--url", server.url)
    sale = deltas(delta("TOLD", "LOC", -3, "told-1"))
    event = api.call("POST", "/api/v4.1/event/sync", json=sale).fields["eventId"]
    api.call("POST", "/api/v4.1/event/sync", json={**sale, "name": "TOLD"})
    api.close()

    def told(*words: str) -> list[str]:
        done = fluent_sim(*words, "--url", server.url)
        assert done.returncode == 0, done.stderr
        return done.stdout.splitlines()

    assert told("stock", "tol loc")[0].startswith("         7  TOLD:LOC:DEFAULT  ACTIVE  ")
    shown = told("stock", "--ref", "TOLD:LOC:DEFAULT")
    assert shown[0] == "7 on hand of  TOLD:LOC:DEFAULT  ACTIVE"
    assert f"  0 -> 10  batch {made} /entities/" in shown[3]
    assert f"  10 -> 7  event {event} /attributes/deltas/0  request " in shown[4]
    [sold] = told("stock", "--virtual", "--product", "TOLD", "--location", "LOC")
    assert sold == "         7  TOLD:LOC  in BASE:1  (TOLD:LOC:DEFAULT adds 7: 7)"
    assert "night  1 of 1 batches COMPLETE  1 applied, 1 duplicate" in told("jobs")[0]
    [of_job] = told("jobs", "--job", job)
    assert of_job.startswith(f"batch {made}  job {job}  COMPLETE  ")
    no_match, advice = told("events", "--status", "NO_MATCH", "--name", "TOLD")
    assert "no ruleset is named 'TOLD'" in no_match
    assert advice.startswith("    Send the event under a name that the workflow has")
    first, *story = told("events", event)
    assert "SUCCESS  INVENTORY_DELTA" in first
    assert "snapshot" in story[0]
    assert fluent_sim("events", "none", "--url", server.url).returncode == 2


def test_the_request_that_changed_a_position_is_told(server: Server) -> None:
    api = Api(Target(server.url))
    job = api.post("/api/v4.1/job", {"name": "j", "retailerId": "1"})["id"]
    for count in (10, 3):
        sent = batch(record("BISECTED", "LOC", count))
        api.post(f"/api/v4.1/job/{job}/batch", sent)
        fluent_sim("settle", "--url", server.url)
    told = fluent_sim("ledger", "--records", "--product", "BISECTED", "--url", server.url)
    newest, oldest = told.stdout.splitlines()
    assert newest.endswith("BISECTED at LOC  LAST_ON_HAND 3  applied")
    assert "LAST_ON_HAND 10  applied  superseded by batch " in oldest
    asked = ("bisect", "BISECTED", "LOC", "--url", server.url)

    found = fluent_sim(*asked, "--below", "5")
    assert found.returncode == 0
    assert found.stdout.startswith("BISECTED:LOC:DEFAULT: 10 -> 3 at ")
    assert "by request " in found.stdout
    assert (fluent_sim(*asked, "--below", "0").returncode, fluent_sim(*asked).returncode) == (1, 2)
    assert api.call("POST", "/__admin/reset", token=None).status == 200
    api.close()


def test_requests_are_told_a_line_each_whatever_was_sent(server: Server) -> None:
    with closing(HTTPConnection(server.url.removeprefix("http://"))) as connection:
        for path in ("/api/v4.1/a%1b%5b31m%0ab", "/api/v4.1/event"):
            connection.request("GET", path)
            assert connection.getresponse().read()

    done = fluent_sim("requests", "--count", "2", "--url", server.url)

    newest, hostile, *more = done.stdout.splitlines()
    assert "401  findEvents  (" in newest
    assert r"GET /api/v4.1/a\x1b[31m\nb" in hostile
    assert "\x1b" not in done.stdout
    assert more in ([], ["There are more: --start and --count page them."])
    written = fluent_sim("requests", "--pytest", newest.split()[0], "--url", server.url).stdout
    assert 'answer = fluent_oms.send("GET", "/api/v4.1/event", token=None)' in written
    earlier = fluent_sim("requests", "--before", newest.split()[0], "--url", server.url)
    assert earlier.stdout.splitlines()[0] == hostile
    assert fluent_sim("requests", "--after", newest.split()[0], "--url", server.url).stdout == ""


@pytest.mark.parametrize(
    ("words", "told"),
    first_at_once(
        [
            (("requests", "--forget", "--status", "4xx"), "--forget goes without --status"),
            (("requests", "--curl", "1", "--pytest", "1"), "--curl goes without --pytest"),
            (("requests", "--pytest", "1", "--path", "x"), "--pytest goes without --path"),
            (("stock", "--ref", "A:B", "--virtual"), "--ref goes without --virtual"),
            (("stock", "A", "--ref", "A:B"), "--ref goes without TEXT"),
            (("stock", "--virtual", "A"), "--virtual goes without TEXT"),
            (("events", "ID", "--status", "FAILED"), "ID goes without --status"),
            (
                ("behaviours", "--profile", "documented", "--set", "job.closes=never"),
                "--set goes without --profile",
            ),
            (("behaviours", "--profile", "strict"), "--url goes without --profile"),
        ]
    ),
    ids=str,
)
def test_what_would_be_passed_over_beside_another_option_is_refused(
    server: Server, words: tuple[str, ...], told: str
) -> None:
    done = fluent_sim(*words, "--url", server.url)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"fluent-sim {words[0]}: {told}")
    assert len(done.stderr.splitlines()) == 1


def test_to_forget_requests_of_one_kind_forgets_none(server: Server) -> None:
    with closing(HTTPConnection(server.url.removeprefix("http://"))) as connection:
        connection.request("GET", "/api/v4.1/event")
        assert connection.getresponse().read()

    fluent_sim("requests", "--forget", "--status", "500", "--url", server.url)

    assert "401  findEvents" in fluent_sim("requests", "--url", server.url).stdout


def test_switches_of_a_running_simulator_are_told_as_json(server: Server) -> None:
    named = ("behaviours", "--url", server.url, "--format", "json")

    changed = fluent_sim(*named, "--set", "job.closes=never")

    told = json.loads(changed.stdout)
    assert told["profile"] == "strict"
    assert {"job.closes": "never"}.items() <= {
        each["name"]: each["value"] for each in told["behaviours"]
    }.items()
    assert fluent_sim(*named[:3], "--restore").stdout == ""
    markdown = fluent_sim(*named[:3], "--format", "markdown")
    assert (markdown.returncode, markdown.stdout) == (2, "")
    assert "--format markdown is for all switches" in markdown.stderr


def test_switches_of_a_running_simulator_are_changed_and_restored(server: Server) -> None:
    named = ("behaviours", "--url", server.url)
    first = ("--set", "delta.duplicate=reject", "--set", "job.closes=never")

    changed = fluent_sim(*named, *first)
    assert (changed.returncode, changed.stdout) == (
        0,
        "job.closes=never\ndelta.duplicate=reject\n",
    )
    assert fluent_sim(*named, "--set", "delta.duplicate=").stdout == "job.closes=never\n"
    assert fluent_sim(*named).stdout == "job.closes=never\n"
    assert fluent_sim(*named, "--restore").stdout == ""

    refused = fluent_sim(*named, "--set", "position.inactive=stays")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "start a simulator or a namespace with it" in refused.stderr
    assert "expected NAME=VALUE" in fluent_sim(*named, "--set", "delta.duplicate").stderr


def test_a_namespace_is_made_used_listed_and_dropped(server: Server) -> None:
    made = fluent_sim(
        "namespaces",
        *("make", "orders", "--account", "OTHERS", "--retailer", "7", "--at", SET[1], "--frozen"),
        *("--behaviour", "delta.duplicate=reject", "--url", server.url),
    )
    address = f"{server.url}/__ns/orders"
    assert (made.returncode, made.stdout, made.stderr) == (0, f"{address}\n", "")

    shown = fluent_sim("clock", "show", "--url", address)
    assert shown.stdout == "2026-11-26T23:59:58.000+00:00 (it stands still)\n"
    listed = fluent_sim("namespaces", "list", "--url", server.url).stdout
    assert listed.startswith(f"{address} (idle for ")
    assert listed.endswith("1 of at most 1,000.\n")

    assert fluent_sim("namespaces", "drop", "orders", "--url", server.url).returncode == 0
    gone = fluent_sim("clock", "show", "--url", address)
    assert (gone.returncode, gone.stdout) == (2, "")
    assert "There is no namespace 'orders'" in gone.stderr


@pytest.mark.slow
def test_a_namespace_is_made_with_faults_and_a_settling(server: Server) -> None:
    named = ("namespaces", "make", "--url", server.url)
    made = fluent_sim(*named, "broken", "--faults", "lost-replies", "--settling", "time:500")
    assert (made.returncode, made.stderr) == (0, "")
    address = made.stdout.strip()

    assert "lost-replies.reset" in fluent_sim("faults", "show", "--url", address).stdout
    assert "milliseconds 500" in fluent_sim("settling", "show", "--url", address).stdout
    assert fluent_sim("faults", "show", "--url", server.url).stdout.startswith("no fault is armed")

    for option, value, expected in (
        ("--settling", "soon", "expected immediate, manual, or time:"),
        ("--faults", "lost", '"flaky-network"'),
    ):
        refused = fluent_sim(*named, "other", option, value)
        assert (refused.returncode, refused.stdout) == (2, "")
        assert expected in refused.stderr
    assert fluent_sim("namespaces", "drop", "broken", "--url", server.url).returncode == 0


def test_a_switch_of_a_namespace_without_a_value_is_refused(server: Server) -> None:
    done = fluent_sim(
        "namespaces", "make", "orders", "--behaviour", "delta.duplicate", "--url", server.url
    )

    assert (done.returncode, done.stdout) == (2, "")
    assert "expected NAME=VALUE" in done.stderr


@pytest.mark.slow
def test_a_snapshot_is_taken_listed_restored_and_dropped(server: Server) -> None:
    named = ("--url", server.url)

    taken = fluent_sim("snapshot", "take", "empty", *named)
    assert taken.returncode == 0
    assert taken.stdout.startswith("empty: 0 positions, at ")
    again = fluent_sim("snapshot", "take", "empty", *named)
    assert (again.returncode, again.stdout) == (2, "")
    assert fluent_sim("snapshot", "take", "empty", "--replace", *named).returncode == 0
    assert fluent_sim("snapshot", "list", *named).stdout.startswith("empty (")
    assert fluent_sim("snapshot", "restore", "empty", *named).stdout.startswith("It is as it was")
    assert fluent_sim("snapshot", "drop", "empty", *named).returncode == 0
    assert "There is no snapshot" in fluent_sim("snapshot", "restore", "empty", *named).stderr


def test_a_snapshot_is_saved_to_a_file_and_loaded_elsewhere(server: Server, tmp_path: Path) -> None:
    named, file = ("--url", server.url), tmp_path / "demo.ndjson.gz"
    other = fluent_sim("namespaces", "make", "other", *named).stdout.strip()
    assert fluent_sim("snapshot", "take", "demo", *named).returncode == 0

    assert fluent_sim("snapshot", "save", "demo", str(file), *named).stdout.startswith("demo: ")
    again = fluent_sim("snapshot", "save", "demo", str(file), *named)
    assert (again.returncode, again.stdout) == (2, "")
    assert "add --overwrite" in again.stderr
    assert fluent_sim("snapshot", "save", "new", str(file), "--overwrite", *named).returncode == 0

    loaded = fluent_sim("snapshot", "load", str(file), "--restore", "--url", other)
    assert loaded.returncode == 0
    assert loaded.stdout.startswith("new: 0 positions, as of ")
    assert "Not in the file: " in loaded.stdout
    assert "It is as it was at " in loaded.stdout
    assert fluent_sim("snapshot", "load", str(file), "mine", "--url", other).returncode == 0
    listed = fluent_sim("snapshot", "list", "--url", other).stdout
    assert [line.split()[0] for line in listed.splitlines()] == ["new", "mine"]


def test_a_snapshot_goes_through_a_pipe(server: Server, tmp_path: Path) -> None:
    named = ("--url", server.url)

    with (tmp_path / "piped.ndjson.gz").open("wb") as piped:
        saved = fluent_sim("snapshot", "save", "piped", "-", *named, cwd=tmp_path, stdout=piped)
    assert (saved.returncode, saved.stderr.count("\n")) == (0, 1)
    assert saved.stderr.startswith("piped: ")
    assert [each.name for each in tmp_path.iterdir()] == ["piped.ndjson.gz"]

    with (tmp_path / "piped.ndjson.gz").open("rb") as piped:
        loaded = fluent_sim("snapshot", "load", "-", "back", *named, stdin=piped)
    assert (loaded.returncode, loaded.stderr) == (0, "")
    assert loaded.stdout.startswith("back: ")


def test_what_the_file_of_a_snapshot_says_begins_no_line(server: Server, tmp_path: Path) -> None:
    named, file = ("--url", server.url), tmp_path / "odd.ndjson.gz"
    assert fluent_sim("snapshot", "save", "odd", str(file), *named).returncode == 0
    head, _, rest = gzip.decompress(file.read_bytes()).partition(b"\n")
    planted = {**json.loads(head), "notInHere": ["tokens\n::error::planted\x1b[31m"]}
    file.write_bytes(gzip.compress(json.dumps(planted).encode() + b"\n" + rest))

    told = fluent_sim("snapshot", "load", str(file), "planted", *named)

    assert told.returncode == 0
    assert "planted" in told.stdout
    assert "\x1b" not in told.stdout
    assert "\n::error" not in told.stdout


def test_what_is_no_snapshot_is_not_loaded(server: Server, tmp_path: Path) -> None:
    named, file = ("--url", server.url), tmp_path / "notes.txt"
    file.write_text("buy milk")

    without = fluent_sim("snapshot", "load", str(file), *named)
    assert (without.returncode, without.stdout) == (2, "")
    assert "notes.txt does not begin as the file of a snapshot does" in without.stderr
    named_so = fluent_sim("snapshot", "load", str(file), "notes", *named)
    assert (named_so.returncode, named_so.stdout) == (2, "")
    assert "it is no snapshot" in named_so.stderr


@pytest.mark.slow
def test_a_file_is_added_to_a_running_simulator(server: Server, tmp_path: Path) -> None:
    named = ("--url", server.url)
    lines = [f"SKU_{number},LOC_1,{number}" for number in range(6_000)]
    (tmp_path / "stock.csv").write_text("\n".join(["productRef,locationRef,onHand", *lines]))
    entities = [{"skuRef": "A", "locationRef": "B", "qty": 1, "correctedQty": 0}] * 2_500
    (tmp_path / "stock.json").write_text(json.dumps(entities))
    (tmp_path / "broken.json").write_text("{")

    told = fluent_sim("seed", str(tmp_path / "stock.csv"), *named)
    assert (told.returncode, told.stdout, told.stderr) == (0, "6,000 records\n", "")
    assert fluent_sim("seed", str(tmp_path / "stock.json"), *named).stdout == "2,500 records\n"
    (tmp_path / "stock.csv").write_text(
        "\n".join(["productRef,locationRef,onHand", *lines, "SKU_LAST,LOC_1,many"])
    )
    (tmp_path / "stock.json").write_text(json.dumps([*entities, {**entities[0], "qty": -5}]))
    wrong_line = fluent_sim("seed", str(tmp_path / "stock.csv"), *named).stderr
    assert "line 6002 column 16" in wrong_line
    wrong_record = fluent_sim("seed", str(tmp_path / "stock.json"), *named).stderr
    assert "record 2500: 'qty' is invalid: at /qty found -5" in wrong_record
    broken = fluent_sim("seed", str(tmp_path / "broken.json"), *named)
    assert (broken.returncode, broken.stdout) == (2, "")
    assert broken.stderr.startswith("fluent-sim seed: the file is not JSON")
    assert "fluent-sim seed" in fluent_sim("seed", str(tmp_path / "none"), *named).stderr
    (tmp_path / "deep.json").write_text('[{"attributes": ' + "[" * 300 + "]" * 300 + "}]")
    deep = fluent_sim("seed", str(tmp_path / "deep.json"), *named)
    assert (deep.returncode, deep.stdout) == (2, "")
    assert deep.stderr.startswith("fluent-sim seed: the file nests deeper")


def test_a_file_of_long_records_and_lines_is_sent_in_parts_that_are_taken(
    server: Server, tmp_path: Path
) -> None:
    named = ("--url", server.url)
    refs = [f"{number:05}" + "\N{FULLWIDTH LATIN SMALL LETTER A}" * 70 for number in range(5_000)]
    lines = [f"{ref},LOC_1,1" for ref in refs]
    (tmp_path / "stock.csv").write_text("\n".join(["productRef,locationRef,onHand", *lines]))
    entity = {"skuRef": "A", "locationRef": "B", "qty": 1, "attributes": {"a": "x" * 2_000}}
    (tmp_path / "stock.json").write_text(json.dumps([entity] * 1_000))

    told = [fluent_sim("seed", str(tmp_path / f"stock.{kind}"), *named) for kind in ("csv", "json")]
    assert [(each.stdout, each.stderr) for each in told] == [
        ("5,000 records\n", ""),
        ("1,000 records\n", ""),
    ]


@pytest.mark.parametrize(
    ("wanted", "told"),
    first_at_once(
        [
            (("time", "500"), "time, distribution fixed, milliseconds 500, seed 0"),
            (
                ("time", "--uniform", "1", "9", "--seed", "7"),
                "time, distribution uniform, from 1, to 9, seed 7",
            ),
            (
                ("time", "--lognormal", "300", "0.8"),
                "time, distribution lognormal, median 300, sigma 0.8, seed 0",
            ),
            (("manual",), "manual"),
            (("immediate",), "immediate"),
        ]
    ),
    ids=str,
)
def test_how_fast_it_settles_is_chosen_and_shown(
    server: Server, wanted: tuple[str, ...], told: str
) -> None:
    chosen = fluent_sim("settling", *wanted, "--url", server.url)
    shown = fluent_sim("settling", "show", "--url", server.url)

    assert (chosen.returncode, chosen.stderr) == (0, "")
    assert chosen.stdout == shown.stdout == f"{told}; 0 events and 0 batches held\n"


def test_what_fits_no_choice_ends_it_with_the_reason(server: Server) -> None:
    done = fluent_sim("settling", "time", "--url", server.url)

    assert (done.returncode, done.stdout) == (2, "")
    assert "/milliseconds is missing" in done.stderr


def test_what_is_left_on_purpose_is_no_failure() -> None:
    with serving("--settling", "manual", "--auth", "off") as server:
        with closing(HTTPConnection(server.url.removeprefix("http://"))) as connection:
            for number in range(2):
                body = json.dumps(deltas(delta("D45", "LOC_MEL", 1, f"d{number}")))
                headers = {"Content-Type": "application/json"}
                connection.request("POST", "/api/v4.1/event/async", body, headers)
                assert connection.getresponse().read()
        one = fluent_sim("settle", "--units", "1", "--url", server.url)

    assert (one.returncode, one.stdout) == (
        0,
        "0 events and 0 batches wait; 1 events and 0 batches are held.\n",
    )


@pytest.mark.parametrize(
    ("form", "expectation", "code", "told"),
    first_at_once(
        [
            ("text", {"requests": {"deltaId": "no"}, "never": True}, 0, "passed"),
            (
                "text",
                {"requests": {"deltaId": "no"}, "exactly": 1},
                1,
                "expected exactly 1, found 0",
            ),
            ("text", {"effect": "everyBatchPolledToComplete"}, 2, "no batch was accepted"),
            ("json", {"requests": {"deltaId": "no"}, "exactly": 1}, 1, '"verdict": "failed"'),
            ("junit", {"requests": {"deltaId": "no"}, "exactly": 1}, 1, "<failure"),
            ("text", {"requests": {"deltaId": "no"}, "never": True}, 0, "judged by profile strict"),
        ]
    ),
    ids=str,
)
def test_expectations_are_verified_with_an_exit_code(
    server: Server, tmp_path: Path, form: str, expectation: object, code: int, told: str
) -> None:
    file = tmp_path / "expected.json"
    file.write_text(json.dumps({"expectations": [expectation]}))
    fluent_sim("requests", "--forget", "--url", server.url)  # other tests call this server, too

    done = fluent_sim("verify", str(file), "--format", form, "--url", server.url)

    assert (done.returncode, done.stderr) == (code, "")
    assert told in done.stdout


@pytest.mark.parametrize(
    ("content", "why"),
    first_at_once(
        [
            (b"{", "is not JSON"),
            (b"[]", "expected an object"),
            (b'{"expectations": [{}]}', "expected exactly one of requests"),
            (b" " * 1_048_577, "has more than 1,048,576 bytes"),
        ]
    ),
    ids=["broken", "a list", "no expectation", "too long"],
)
def test_a_file_that_holds_no_expectations_is_refused(
    server: Server, tmp_path: Path, content: bytes, why: str
) -> None:
    file = tmp_path / "expected.json"
    file.write_bytes(content)

    done = fluent_sim("verify", str(file), "--url", server.url)

    assert (done.returncode, done.stdout) == (2, "")
    assert why in done.stderr
