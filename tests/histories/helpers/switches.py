"""What the model takes for granted where pages leave something open: the profiles, and one switch.

From the second profile's table (26 Nov 2026); only the switches that change what a history shows.
"""

from collections.abc import Mapping

Switches = Mapping[str, str]

STRICT: Switches = {
    "batch.invalid_record": "refuse_batch",
    "batch.negative_count": "refuse",
    "batch.results": "records",
    "batch.outer_fields": "set",
    "batch.events": "without_preprocessing",
    "preprocessing.account_setting": "true",
    "preprocessing.duplicate_wins": "last",
    "preprocessing.compares_attributes": "no",
    "delta.duplicate": "upsert",
    "delta.missing_position": "fail",
    "delta.missing_id": "refuse",
    "delta.zero": "refuse",
    "delta.twice_in_event": "refuse",
    "event.invalid_attributes": "refuse",
    "event.inventory_changed": "refuse",
    "event.scheduled_on": "run_then",
    "position.first_status": "ACTIVE",
    "position.inactive": "stays",
    "position.counted_statuses": "created_and_active",
    "position.further_types": "stored",
    "position.reserved_ahead": "apart",
    "virtual.floor": "zero",
    "virtual.location_floor": "none",
    "virtual.aggregate_statuses": "not_inactive",
    "virtual.without_networks": "all_locations",
    "virtual.own_types": "aggregate",
    "promise.future_types": "dated",
    "promise.parts": "beside",
}

DOCUMENTED: Switches = {
    **STRICT,
    "batch.invalid_record": "refuse_record",
    "batch.results": "without_preprocessing",
    "delta.missing_id": "fail",
    "event.invalid_attributes": "fail",
    "event.inventory_changed": "apply",
    "virtual.without_networks": "none",
}

PROFILES: Mapping[str, Switches] = {"strict": STRICT, "documented": DOCUMENTED}

SINGLE: tuple[tuple[str, str], ...] = (
    ("batch.negative_count", "accept"),
    ("batch.results", "empty"),
    ("batch.outer_fields", "ignore"),
    ("batch.events", "always"),
    ("batch.events", "never"),
    ("preprocessing.account_setting", "false"),
    ("preprocessing.duplicate_wins", "first"),
    ("preprocessing.compares_attributes", "yes"),
    ("delta.duplicate", "reject"),
    ("delta.duplicate", "accumulate"),
    ("delta.missing_position", "create"),
    ("delta.missing_position", "skip"),
    ("delta.zero", "accept"),
    ("delta.twice_in_event", "repeat"),
    ("event.scheduled_on", "ignore"),
    ("event.inventory_changed", "apply"),
    ("event.inventory_changed", "no_match"),
    ("position.first_status", "CREATED"),
    ("position.inactive", "thresholds"),
    ("position.counted_statuses", "active"),
    ("position.further_types", "counted"),
    ("position.reserved_ahead", "counted"),
    ("virtual.floor", "none"),
    ("virtual.location_floor", "zero"),
    ("virtual.aggregate_statuses", "active"),
    ("virtual.without_networks", "none"),
    ("virtual.own_types", "created"),
    ("promise.future_types", "named"),
    ("promise.parts", "within"),
)
"""Values that one history may set over its profile."""
