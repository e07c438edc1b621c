"""The profiles: two ways to be right, and single switches that go over them."""

import pytest
from fluent_oms_simulator import Settings
from fluent_oms_simulator.behaviour import Behaviour, describe, told, values_of
from fluent_oms_simulator.serving.banner import banner
from fluent_oms_simulator.switches import PROFILES, Profile, SwitchDescription

from ..conftest import MakeSimulator
from ..support import Client

DOCUMENTED = {
    "batch.invalid_record": "refuse_record",
    "batch.results": "without_preprocessing",
    "batch.unknown_catalogue": "no_match",
    "delta.missing_id": "fail",
    "event.inventory_changed": "apply",
    "event.invalid_attributes": "fail",
    "oauth.refresh_token": "enabled_clients",
    "virtual.without_networks": "none",
}
"""What the documented profile sets otherwise than the strict one (the facts of 26 Nov 2026, 5)."""


def test_the_strict_profile_is_the_defaults() -> None:
    assert values_of("strict") == {}
    assert Behaviour.from_options({}) == Behaviour.from_options({}, "strict") == Behaviour()


def test_the_documented_profile_takes_more_and_fails_later() -> None:
    assert values_of("documented") == DOCUMENTED
    behaviour = Behaviour.from_options({}, "documented")
    assert {name: behaviour.value_of(name) for name in DOCUMENTED} == DOCUMENTED
    # The seed outranks the newest page, which only creates.
    assert behaviour.delta_duplicate == "upsert"


def test_a_single_switch_goes_over_the_profile() -> None:
    behaviour = Behaviour.from_options({"event.invalid_attributes": "refuse"}, "documented")

    assert behaviour.event_invalid_attributes == "refuse"
    assert behaviour.batch_invalid_record == "refuse_record"


@pytest.mark.parametrize("switch", describe(), ids=lambda switch: switch.name)
@pytest.mark.parametrize("profile", PROFILES)
def test_every_profile_has_a_value_that_exists(switch: SwitchDescription, profile: Profile) -> None:
    assert str(switch.read(switch.value_in(profile))) == switch.value_in(profile)


@pytest.mark.parametrize(
    ("settings", "line"),
    [
        (Settings(), "  profile        strict"),
        (Settings(profile="documented"), "  profile        documented"),
        (
            Settings(behaviours={"job.closes": "never"}),
            "  profile        strict, with job.closes=never",
        ),
    ],
)
def test_the_start_says_how_the_simulator_acts(settings: Settings, line: str) -> None:
    assert line in banner(settings, "http://127.0.0.1:4141").splitlines()


def test_a_simulator_tells_the_profile_it_was_started_with(make_simulator: MakeSimulator) -> None:
    settings = Settings(profile="documented", behaviours={"batch.invalid_record": "refuse_batch"})
    client = Client(make_simulator(settings=settings))
    document = client.http.get("/__admin/behaviours").get_json()

    assert document["profile"] == "documented"
    assert client.http.get("/__admin/health").get_json()["profile"] == "documented"
    rows = {row["name"]: row for row in document["behaviours"]}
    assert rows["batch.invalid_record"]["value"] == "refuse_batch"
    assert rows["event.invalid_attributes"]["value"] == "fail"
    assert rows["event.invalid_attributes"]["documented"] == "fail"


def test_what_a_verdict_belongs_to_is_told_in_words() -> None:
    assert told("strict", {}) == "profile strict"
    switches = {"job.closes": "never", "delta.duplicate": "reject"}
    assert told("documented", switches) == (
        "profile documented, with delta.duplicate=reject, job.closes=never"
    )
