"""What is observed of a simulator, written to a file, makes another simulator act the same."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from fluent_oms_simulator.behaviour import Behaviour, describe
from fluent_oms_simulator.contracts.reporting.run_report import Verdict
from fluent_oms_simulator.contracts.running.contract_run import run
from fluent_oms_simulator.contracts.running.learn import contradictions, write_switches
from fluent_oms_simulator.contracts.running.options import Options
from fluent_oms_simulator.settings import Settings, resolve
from fluent_oms_simulator.switches import PROFILES, Profile

from ..support import first_at_once
from .helpers.suite_runs import in_a_hurry

SWITCHES = {switch.name: switch for switch in describe()}

POSTED = "a receiver would have to be reached, which no published call sets up"

OURS = "a bound of the simulator's, which no platform tells"

UNSEEN = {
    "job.closes": "only in hours",
    "batch.largest_page": "more batches than a page may have would have to be sent",
    "job.closed_status": "a job closes only in hours",
    "catalogue.not_active": "a catalogue would have to be made, and none can be removed",
    "catalogue.other_types": "a catalogue would have to be made, and none can be removed",
    "event.scheduled_on": "an event that runs later would write after the run",
    "graphql.max_complexity": "the formula is not published, so that no query has a known cost",
    "graphql.max_tokens": OURS,
    "graphql.max_fields": OURS,
    "graphql.max_comparisons": OURS,
    "graphql.max_values": OURS,
    "graphql.max_rows_read": OURS,
    "graphql.max_body_bytes": "megabytes would have to be sent",
    "event.most_entries": "thousands of deltas would have to be sent",
    "http.max_body_bytes": "megabytes would have to be sent",
    "http.overload_status": "a server would have to be overloaded",
    "position.inactive": "the catalogue of all probes would have to be given thresholds",
    "promise.future_types": "no published call tells what can be promised",
    "promise.parts": "no published call tells what can be promised",
    "webhook.retry_schedule": POSTED,
    "webhook.failure": POSTED,
    "webhook.timeout_seconds": POSTED,
    "webhook.ports": POSTED,
}
"""Switches that no probe asks about, and why."""

NUMBERS = {
    "event.largest_page": ("250", "7000", "5000"),
    "graphql.default_page": ("7", "40", "10"),
    "graphql.largest_page": ("250", "500", "5000"),
    "graphql.max_depth": ("25", "60", "20"),
    "graphql.location_ref_length": ("12", "20", "8"),
    "virtual.most_segments": ("50", "200", "100"),
    "oauth.token_seconds": ("3600", "600", "86399"),
}

HIDES = {
    "preprocessing.account_setting": (
        "false",
        {
            "preprocessing.compares_attributes",
            "preprocessing.duplicate_wins",
            "batch.events",
        },
    ),
    "delta.duplicate": ("reject", {"delta.twice_in_event"}),
    "graphql.page_too_large": ("clamp", {"graphql.largest_page"}),
}
"""A value under which other switches make no difference that could be seen."""


ALIKE = {"oauth.refresh_token": ("enabled_clients", "absent")}
"""A value that looks as another one does to the client of these tests."""


def nth_values(number: int) -> dict[str, str]:
    """The values in this place of every switch that can be seen; the last one where it has fewer.

    Place 0 is that of the values that are not the default.
    """
    chosen = {}
    for name, switch in SWITCHES.items():
        if name in UNSEEN:
            continue
        others = [value for value in switch.values if value != switch.default]
        values = (*others, switch.default)
        if switch.most:
            values = NUMBERS.get(name, (switch.default,))
        chosen[name] = values[min(number, len(values) - 1)]
    return chosen


def seen_of(behaviours: Mapping[str, str]) -> dict[str, str]:
    """Those of the values that can be seen beside each other, as they look."""
    hidden = {
        name
        for switch, (value, others) in HIDES.items()
        if behaviours.get(switch) == value
        for name in others
    }
    return {
        name: ALIKE[name][1] if name in ALIKE and value == ALIKE[name][0] else value
        for name, value in behaviours.items()
        if name not in hidden
    }


def visible(number: int) -> dict[str, str]:
    """The nth values, with nothing that would hide others; those have a set of their own."""
    values = nth_values(number)
    shown = {
        name: next(each for each in SWITCHES[name].values if each != value)
        for name, (value, _) in HIDES.items()
        if values[name] == value
    }
    return values | shown


SETS = {
    "the first other values": visible(0),
    "the second other values": visible(1),
    "the defaults": visible(2),
    "what hides other switches": {name: value for name, (value, _) in HIDES.items()},
}


def observed(behaviours: Mapping[str, str], file: Path, profile: Profile = "strict") -> Settings:
    """The settings that a simulator with these switches is observed to need."""
    options = Options(
        select=("observations",),
        profile=profile,
        behaviours=behaviours,
        learn=file,
        max_examples=16,
        seed=1,
    )
    with in_a_hurry(with_shape=False):
        report = run(options)
    failed = [check for check in report.checks if check.verdict is Verdict.FAILED]
    assert not failed
    return resolve({}, {}, file)


def test_every_switch_that_is_a_number_has_values_to_be_found_out() -> None:
    numbers = {name for name, switch in SWITCHES.items() if switch.most and name not in UNSEEN}
    without = sorted(numbers - set(NUMBERS))

    assert not without, (
        f"NUMBERS of this file has no values for {', '.join(without)}, nor UNSEEN a reason why a"
        " server cannot be asked"
    )


@pytest.mark.slow
@pytest.mark.parametrize("name", first_at_once(SETS))
def test_a_simulator_started_from_what_was_observed_acts_the_same(
    tmp_path: Path, name: str
) -> None:
    first = observed(SETS[name], tmp_path / "first.toml")
    second = observed(first.behaviours, tmp_path / "second.toml", first.profile)

    expected = seen_of(SETS[name])
    acts = Behaviour.from_options(first.behaviours, first.profile)
    learnt = seen_of({switch: acts.value_of(switch) for switch in expected})
    wrong = sorted(switch for switch in expected if learnt[switch] != expected[switch])
    assert not wrong, (
        f"{', '.join(wrong)}: a test in contracts/suite/observations/ has to find it out, or UNSEEN"
        " of this file to say why it cannot be seen"
    )
    assert (second.profile, second.behaviours) == (first.profile, first.behaviours)
    assert (tmp_path / "second.toml").read_text().splitlines()[3:] == (
        tmp_path / "first.toml"
    ).read_text().splitlines()[3:]


@pytest.mark.slow
@pytest.mark.parametrize("profile", PROFILES)
def test_what_is_learnt_of_a_profile_is_its_name_and_nothing_else(
    tmp_path: Path, profile: Profile
) -> None:
    learnt = observed({}, tmp_path / "learned.toml", profile)

    assert learnt.profile == profile
    assert learnt.behaviours == {}


def test_the_round_trip_has_every_value_of_every_switch_that_can_be_seen() -> None:
    tried = {(name, value) for one in SETS.values() for name, value in seen_of(one).items()}
    tried |= {(name, value) for name, (value, _) in ALIKE.items()}
    wanted = {
        (name, value)
        for name, switch in SWITCHES.items()
        if name not in UNSEEN and not switch.most
        for value in switch.values
    }

    assert wanted <= tried
    assert set(UNSEEN) <= set(SWITCHES)


def test_what_no_switch_can_say_stays_as_a_comment(tmp_path: Path) -> None:
    file = tmp_path / "new" / "learned.toml"
    learnt = write_switches(
        [
            ("delta.duplicate", "reject", "the repeat\nFAILED"),
            ("delta.duplicate", "reject", "so it did elsewhere"),
            ("retailer.mismatch", "403", "the record was forbidden"),
            ("event.order", "newest_first", "at first"),
            ("event.order", "oldest_first", "later on"),
            ("some.thing", "else", 'with "quotes" \x07'),
            ("graphql.default_page", "25", "rows"),
            ("oauth.token_seconds", "0", "expired"),
        ],
        file,
    )

    assert learnt.told("new.toml") == (
        "8 observations on 6 points: new.toml names the profile strict and sets 2 values over it;"
        " comments keep 4 more"
    )
    assert resolve({}, {}, file).behaviours == {
        "delta.duplicate": "reject",
        "graphql.default_page": "25",
    }
    text = file.read_text()
    for kept in ("403", "newest_first: at first", "oldest_first: later on", "some.thing = else"):
        assert kept in text
    assert "# the repeat FAILED\n" in text
    assert "\x07" not in text


def test_the_nearest_profile_is_named_and_what_differs_from_it_set(tmp_path: Path) -> None:
    file = tmp_path / "learned.toml"
    write_switches(
        [
            ("event.invalid_attributes", "fail", "it FAILED"),
            ("batch.invalid_record", "refuse_record", "200"),
            ("delta.missing_id", "refuse", "400"),
            ("oauth.refresh_token", "absent or enabled_clients", "there was none"),
        ],
        file,
    )

    settings = resolve({}, {}, file)
    assert (settings.profile, settings.behaviours) == (
        "documented",
        {"delta.missing_id": "refuse"},
    )
    assert "of 4 switches that were observed 1 differ from it" in file.read_text()


def test_what_may_be_of_several_values_is_set_to_the_first_and_says_so(tmp_path: Path) -> None:
    file = tmp_path / "learned.toml"
    write_switches(
        [
            ("oauth.refresh_token", "absent or enabled_clients", "there was none"),
            ("batch.invalid_record", "refuse_batch", "400"),
        ],
        file,
    )

    assert resolve({}, {}, file).behaviours == {"oauth.refresh_token": "absent"}
    assert "# there was none; it may be any of absent or enabled_clients\n" in file.read_text()
    seen = [("oauth.refresh_token", "absent or enabled_clients", "none")]
    assert contradictions(seen, {"oauth.refresh_token": "absent"}) == []
    assert contradictions(seen, {}, "documented") == []
    assert len(contradictions(seen, {})) == 1


def test_nothing_observed_is_a_file_that_changes_nothing(tmp_path: Path) -> None:
    learnt = write_switches([], tmp_path / "learned.toml")

    assert resolve({}, {}, tmp_path / "learned.toml").behaviours == {}
    assert learnt.told("new.toml") == (
        "no observations on no points: new.toml names the profile strict and sets no values over it"
    )


def test_a_simulator_that_does_not_act_by_its_switches_is_told_of() -> None:
    seen = [
        ("delta.duplicate", "accumulate", "10 and 5 and 5 make 20"),
        ("event.order", "newest_first", "two events"),
        ("no.switch", "at all", "whatever"),
    ]

    assert contradictions(seen, {"delta.duplicate": "accumulate"}) == []
    ((name, sentence),) = contradictions(seen, {})
    assert name == "delta.duplicate"
    assert "upsert" in sentence
    assert "10 and 5 and 5 make 20" in sentence
