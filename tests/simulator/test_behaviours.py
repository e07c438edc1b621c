"""Every behaviour switch: what each of its values does, seen from outside.

The table is complete by test: a switch or a value that is added must be added here.
"""

from collections.abc import Callable, Mapping

import pytest
from fluent_oms_simulator import Settings
from fluent_oms_simulator.behaviour import Behaviour, describe
from fluent_oms_simulator.clock import VirtualClock
from fluent_oms_simulator.switches import SwitchDescription, UnknownBehaviour

from ..conftest import MakeSimulator
from ..support import Client
from .helpers import behaviour_observations as observe
from .helpers import graphql_observations as graphql
from .helpers import quantity_observations as quantities
from .helpers import virtual_observations as virtual
from .helpers import webhook_observations as webhooks

Observe = Callable[[Client], object]


MEL, SYD, PER = (f"D45:{location}:DEFAULT" for location in ("LOC_MEL", "LOC_SYD", "LOC_PER"))

TABLE: Mapping[str, tuple[Observe, Mapping[str, object]]] = {
    "batch.invalid_record": (
        observe.invalid_record,
        {"refuse_batch": (400, {}, None), "refuse_record": (200, {MEL: 10}, ["200", "500"])},
    ),
    "batch.unknown_catalogue": (
        observe.unknown_catalogue,
        {"refuse": (400, {}, []), "no_match": (200, {}, ["NO_MATCH"])},
    ),
    "batch.custom_event": (
        observe.custom_event,
        {
            "no_match": ("404", {}, [("StockCounted", "NO_MATCH")]),
            "apply": ("200", {MEL: 1}, [("StockCounted", "SUCCESS")]),
        },
    ),
    "batch.results": (
        observe.batch_results,
        {
            "records": [("COMPLETE", "1", 1)] * 2,
            "empty": [("COMPLETE", "1", 0)] * 2,
            "without_preprocessing": [("COMPLETE", "1", 0), ("COMPLETE", "1", 1)],
        },
    ),
    "batch.events": (
        observe.batch_events,
        {
            "without_preprocessing": ([], ["BATCH_COMPLETE", "CREATE"]),
            "always": (["BATCH_COMPLETE", "CREATE"], ["BATCH_COMPLETE", "CREATE"]),
            "never": ([], []),
        },
    ),
    "batch.largest_page": (
        observe.largest_page_of_batches,
        {"2": (["2", "2"], 2), "5000": (["3", "3"], 3)},
    ),
    "batch.outer_fields": (
        quantities.outer_fields,
        {"set": ([True] * 3, 1), "ignore": ([False] * 3, 0)},
    ),
    "batch.paging": (observe.paging, {"string": [["0", "1", "1"]] * 2, "number": [[0, 1, 1]] * 2}),
    "job.closes": (
        observe.closing_hours,
        {"midnight_utc": "OOCCCC", "after_24_hours": "OOOOCC", "never": "OOOOOO"},
    ),
    "job.closed_status": (observe.closed_status, {"400": (400, {}), "404": (404, {})}),
    "job.results": (observe.job_results, {"served": 200, "absent": 404}),
    "preprocessing.account_setting": (
        observe.account_setting,
        {"true": ["unchanged", "unchanged", "applied"], "false": ["applied"] * 3},
    ),
    "preprocessing.duplicate_wins": (
        observe.duplicate_wins,
        {
            "last": ({MEL: 2}, ["duplicate", "applied"]),
            "first": ({MEL: 1}, ["applied", "duplicate"]),
        },
    ),
    "preprocessing.compares_attributes": (
        observe.compares_attributes,
        {"no": ["unchanged"], "yes": ["applied"]},
    ),
    "delta.duplicate": (
        observe.duplicate_delta,
        {
            "upsert": (["SUCCESS", "SUCCESS", "SUCCESS"], {MEL: 17}),
            "reject": (["SUCCESS", "FAILED", "FAILED"], {MEL: 15}),
            "accumulate": (["SUCCESS", "SUCCESS", "SUCCESS"], {MEL: 27}),
        },
    ),
    "delta.missing_position": (
        observe.missing_position,
        {
            "fail": ("FAILED", {MEL: 10}),
            "create": ("SUCCESS", {MEL: 11, SYD: -2}),
            "skip": ("SUCCESS", {MEL: 11}),
        },
    ),
    "delta.missing_id": (
        observe.missing_delta_id,
        {
            "refuse": ([400, 400, "SUCCESS"], {MEL: 13}),
            "generate": (["SUCCESS", "SUCCESS", "SUCCESS"], {MEL: 18}),
            "fail": (["FAILED", "FAILED", "SUCCESS"], {MEL: 13}),
        },
    ),
    "batch.negative_count": (
        observe.negative_count,
        {"refuse": (400, {}), "accept": (200, {MEL: -1})},
    ),
    "delta.zero": (
        observe.zero_delta,
        {"refuse": (400, {MEL: 10}), "accept": ("SUCCESS", {MEL: 10})},
    ),
    "delta.twice_in_event": (
        observe.twice_in_event,
        {
            "refuse": ([400, 400], {MEL: 10, SYD: 10}),
            "repeat": (["SUCCESS", "FAILED"], {MEL: 17, SYD: 10}),
        },
    ),
    "event.most_entries": (
        observe.most_entries,
        {"2": (["SUCCESS", 400], {MEL: 12}), "3": (["SUCCESS", "SUCCESS"], {MEL: 15})},
    ),
    "event.no_entries": (
        observe.no_entries,
        {"refuse": [400, 400], "accept": ["SUCCESS", "SUCCESS"]},
    ),
    "event.invalid_attributes": (
        observe.invalid_attributes,
        {"refuse": (400, {MEL: 10}), "fail": ("FAILED", {MEL: 10})},
    ),
    "event.inventory_changed": (
        observe.inventory_changed,
        {
            "refuse": ([400, 400], {MEL: 11}),
            "no_match": (["NO_MATCH", "NO_MATCH"], {MEL: 11}),
            "apply": (["SUCCESS", "SUCCESS"], {MEL: 7, SYD: 3}),
        },
    ),
    "event.account_mismatch": (
        observe.account_mismatch,
        {"refuse": (400, {MEL: 10}), "accept": ("SUCCESS", {MEL: 11})},
    ),
    "event.scheduled_on": (
        observe.scheduled_on,
        {
            "run_then": (("SCHEDULED", {MEL: 10}), ("SUCCESS", {MEL: 11})),
            "ignore": (("SUCCESS", {MEL: 11}), ("SUCCESS", {MEL: 11})),
        },
    ),
    "event.success_status": (
        observe.success_status,
        {"SUCCESS": ("COMPLETE", "SUCCESS"), "COMPLETE": ("COMPLETE", "COMPLETE")},
    ),
    "event.order": (
        observe.event_order,
        {"newest_first": ["second", "first"], "oldest_first": ["first", "second"]},
    ),
    "event.largest_page": (observe.largest_page, {"2": [2, 2, 2], "5000": [2, 3, 5000]}),
    "event.page_too_large": (
        observe.page_too_large,
        {"clamp": [(200, 5000), (200, 5000)], "refuse": [(200, 5000), (400, None)]},
    ),
    "event.audit": (observe.event_audit, {"recorded": (14, 19), "off": (0, 5)}),
    "event.window": (observe.event_window, {"open": [200, 200, 200], "limited": [400, 400, 200]}),
    "retailer.mismatch": (
        observe.retailer_mismatch,
        {
            "refuse": ([400, 400, 400], {("DEFAULT:2", "LOC_PER"): 10}),
            "ignore": (
                [200, 200, "SUCCESS"],
                {
                    ("DEFAULT:1", "LOC_MEL"): 10,
                    ("DEFAULT:2", "LOC_SYD"): 10,
                    ("DEFAULT:2", "LOC_PER"): 11,
                },
            ),
        },
    ),
    "catalogue.not_active": (
        observe.catalogue_not_active,
        {"no_match": [(400, "NO_MATCH")], "apply": [(200, "SUCCESS")]},
    ),
    "catalogue.other_types": (
        observe.catalogue_other_types,
        {"no_match": [(400, "NO_MATCH")], "apply": [(200, "SUCCESS")]},
    ),
    "position.first_status": (observe.first_status, {"ACTIVE": "ACTIVE", "CREATED": "CREATED"}),
    "graphql.default_page": (graphql.default_page, {"10": (10, 12), "3": (3, 12)}),
    "graphql.largest_page": (
        graphql.largest_page,
        {"5000": [6, 6, 6], "5": [5, 5, 5]},
    ),
    "graphql.page_too_large": (
        graphql.page_too_large,
        {"refuse": ["", "C0001E", "C0001E"], "clamp": ["", "", ""]},
    ),
    "graphql.quantity_filter": (
        graphql.quantity_filter,
        {"values": [2, 1, 1, 1], "range": [4, 3, "C0140E", "C0140E"]},
    ),
    "graphql.catalogues_argument": (
        graphql.catalogues_argument,
        {"refuse": "C0140E", "accept": 1},
    ),
    "graphql.page_info_cursors": (
        graphql.page_info_cursors,
        {"absent": "C0140E", "served": True},
    ),
    "graphql.unknown_entity": (
        graphql.unknown_entity,
        {"null": ["", "", ""], "error": ["C0120E", "C0120E", "C0120E"]},
    ),
    "graphql.max_complexity": (
        graphql.max_complexity,
        {"11": ["", "C0001E"], "12": ["", ""], "10": ["C0001E", "C0001E"]},
    ),
    "graphql.max_depth": (graphql.max_depth, {"4": ["", "C0001E"], "5": ["", ""]}),
    "graphql.max_tokens": (graphql.max_tokens, {"8": ["", "C0140E"], "9": ["", ""]}),
    "graphql.max_fields": (graphql.max_fields, {"2": ["", "C0001E"], "3": ["", ""]}),
    "graphql.max_comparisons": (graphql.max_comparisons, {"1": ["", "C0001E"], "3": ["", ""]}),
    "graphql.max_values": (graphql.max_values, {"10": ["", "C0001E"], "11": ["", ""]}),
    "graphql.max_rows_read": (graphql.max_rows_read, {"100": ["C0001E"], "1000": [""]}),
    "graphql.virtual_search": (
        graphql.virtual_search,
        {"any_product": {"L1": 2, "L2": 1}, "every_product": {"L1": 2}},
    ),
    "graphql.max_body_bytes": (
        graphql.max_body_bytes,
        {"500": [200, 413], "501": [200, 200]},
    ),
    "graphql.syntax_error_status": (
        graphql.syntax_error_status,
        {"400": (400, 200), "200": (200, 200)},
    ),
    "graphql.location_ref_length": (
        observe.location_ref_length,
        {"8": [True, False], "9": [True, True]},
    ),
    "position.counted_statuses": (
        virtual.counted_statuses,
        {"created_and_active": (15, 15), "active": (10, 15)},
    ),
    "position.further_types": (
        quantities.further_types,
        {"stored": (8, 10), "counted": (7, 9)},
    ),
    "position.reserved_ahead": (quantities.reserved_ahead, {"apart": 9, "counted": 5}),
    "virtual.floor": (virtual.floor, {"zero": (0, 5), "none": (-5, 5)}),
    "virtual.location_floor": (virtual.floor, {"none": (0, 5), "zero": (0, 10)}),
    "virtual.aggregate_statuses": (
        virtual.aggregate_statuses,
        {"not_inactive": [14, 10], "active": [10, 10]},
    ),
    "virtual.without_networks": (
        virtual.without_networks,
        {
            "all_locations": ({"D45:MEL": 10, "D45:SYD": 4}, {"D45": 14}, {"D45:HD": 14}),
            "none": ({}, {}, {"D45:HD": 14}),
        },
    ),
    "virtual.own_types": (
        virtual.own_types,
        {"aggregate": {"D45:HD": 14}, "created": {}},
    ),
    "virtual.most_segments": (virtual.most_segments, {"100": 3, "3": 3, "2": "C0125E"}),
    "position.inactive": (
        virtual.inactive_positions,
        {"stays": "INACTIVE", "thresholds": "OUT_OF_STOCK"},
    ),
    "promise.future_types": (
        virtual.future_types,
        {"dated": [15, 22], "named": [10, 17]},
    ),
    "promise.parts": (virtual.parts, {"beside": [17, 67], "within": [17, 60]}),
    "schema.unknown_fields": (
        observe.unknown_fields,
        {"accept": [200, 200, 200, "SUCCESS", 200], "refuse": [400] * 5},
    ),
    "schema.string_numbers": (
        observe.string_numbers,
        {"refuse": (400, 400, {SYD: 10}), "accept": (200, "SUCCESS", {MEL: 10, SYD: 7})},
    ),
    "schema.null_fields": (
        observe.null_fields,
        {"accept": ([200, 200, "SUCCESS"], {MEL: 11}), "refuse": ([400, 400, 400], {MEL: 10})},
    ),
    "schema.decimal_whole_numbers": (
        observe.decimal_whole_numbers,
        {
            "refuse": (400, [400, 400, 400], {SYD: 10}),
            "accept": (200, ["SUCCESS", "SUCCESS", 400], {MEL: 10, SYD: 6}),
        },
    ),
    "http.content_type": (
        observe.content_type,
        {"strict": [200, 415, 415], "any": [200, 200, 200]},
    ),
    "http.overload_status": (
        observe.overload_status,
        {"503": ({200, 503}, "1"), "429": ({200, 429}, "1")},
    ),
    "http.content_encoding": (observe.content_encoding, {"decode": 200, "refuse": 415}),
    "http.max_body_bytes": (observe.max_body_bytes, {"500": [200, 413], "600": [200, 200]}),
    "oauth.refresh_token": (
        observe.refresh_token,
        {
            "issued": (True, True),
            "absent": (False, False),
            "enabled_clients": (False, True),
        },
    ),
    "oauth.token_seconds": (observe.token_seconds, {"60": (60, 404, 401), "600": (600, 404, 401)}),
    "webhook.retry_schedule": (
        webhooks.retry_schedule,
        {
            "default": [2, 5, 5],
            "without_immediate": [1, 4, 4],
            "exponential": [2, 2, 5],
            "none": [1, 1, 1],
        },
    ),
    "webhook.failure": (
        webhooks.failure,
        {
            "not_2xx": [True, True, True, True],
            "server_errors": [True, False, False, True],
            "no_answer": [True, False, False, False],
        },
    ),
    "webhook.timeout_seconds": (
        webhooks.timeout_seconds,
        {"1": "no answer within 1 s", "2": "no answer within 2 s"},
    ),
    "webhook.ports": (webhooks.ports, {"any": [201, 200], "80_and_443": [400, 201]}),
}

ROWS = [(name, value) for name, (_, outcomes) in TABLE.items() for value in outcomes]
LONG = {"http.overload_status", "webhook.timeout_seconds"}
"""Switches that take seconds to be seen."""


def each_of(rows: list[tuple[str, str]], *, slow: set[str]) -> pytest.MarkDecorator:
    """Each value of each switch, these switches among the slow tests."""
    return pytest.mark.parametrize(
        ("name", "value"),
        [
            pytest.param(
                name,
                value,
                id=f"{name}={value}",
                marks=pytest.mark.slow if name in slow else (),
            )
            for name, value in rows
        ],
    )


@each_of(ROWS, slow=LONG)
def test_a_switch_does_what_it_says(
    make_simulator: MakeSimulator, clock: VirtualClock, name: str, value: str
) -> None:
    settings = Settings(seed_data="none", retailers=("1", "2"), behaviours={name: value})
    client = Client(make_simulator(clock=clock, settings=settings))
    observation, outcomes = TABLE[name]

    assert observation(client) == outcomes[value]


def switch_name(switch: SwitchDescription) -> str:
    return switch.name


def test_the_table_holds_no_switch_that_there_is_not() -> None:
    assert set(TABLE) - {switch.name for switch in describe()} == set()


@pytest.mark.parametrize("switch", describe(), ids=switch_name)
def test_the_table_holds_every_value_of_a_switch(switch: SwitchDescription) -> None:
    assert switch.name in TABLE, (
        f"TABLE of this file has no {switch.name}: write what can be seen of it into the file of"
        " its subject in tests/simulator/helpers/, and into TABLE what each of its values shows"
    )
    _, outcomes = TABLE[switch.name]

    if switch.most is None:
        missing = set(switch.values) - set(outcomes)
        assert not missing, f"TABLE says of {switch.name} nothing for {', '.join(missing)}"
        assert set(outcomes) == set(switch.values)
        assert switch.default in switch.values
    else:
        assert len(outcomes) > 1
    assert len({repr(outcome) for outcome in outcomes.values()}) > 1


@pytest.mark.parametrize("switch", describe(), ids=switch_name)
def test_a_switch_says_what_it_changes_and_on_what_evidence(switch: SwitchDescription) -> None:
    assert switch.effect.endswith(".")
    assert switch.evidence.endswith(".")
    assert switch.read(switch.default) == getattr(Behaviour(), switch.name.replace(".", "_", 1))


def test_options_set_switches_and_leave_the_others() -> None:
    behaviour = Behaviour.from_options({"delta.duplicate": "reject", "http.max_body_bytes": "9"})

    assert behaviour.delta_duplicate == "reject"
    assert behaviour.http_max_body_bytes == 9
    assert behaviour.value_of("http.max_body_bytes") == "9"
    assert behaviour.value_of("delta.missing_position") == "fail"


def test_a_switch_that_does_not_exist_is_refused_with_the_nearest_one() -> None:
    with pytest.raises(UnknownBehaviour, match=r"'delta\.duplicates'.*mean delta\.duplicate\?"):
        Behaviour.from_options({"delta.duplicates": "upsert"})


def test_a_switch_like_no_other_is_refused_with_the_way_to_list_them() -> None:
    with pytest.raises(UnknownBehaviour, match="see `fluent-sim behaviours`"):
        Behaviour.from_options({"xyzzy": "1"})


def test_a_value_that_does_not_exist_is_refused_with_those_that_do() -> None:
    with pytest.raises(UnknownBehaviour, match="'twice'; it takes upsert or reject or accumulate"):
        Behaviour.from_options({"delta.duplicate": "twice"})


@pytest.mark.parametrize("text", ["0", "-1", "1.0", "", "1e3", "\u0661", "9" * 30, "864001"])
def test_a_number_out_of_range_is_refused(text: str) -> None:
    with pytest.raises(UnknownBehaviour, match="a whole number from 1 to 864000"):
        Behaviour.from_options({"oauth.token_seconds": text})


def test_the_control_api_lists_the_values_in_force(make_simulator: MakeSimulator) -> None:
    client = Client(make_simulator(delta_duplicate="reject"))
    listed = client.http.get("/__admin/behaviours").get_json()["behaviours"]

    assert {row["name"]: row["value"] for row in listed} == {
        switch.name: "reject" if switch.name == "delta.duplicate" else switch.default
        for switch in describe()
    }
