"""Every open point of the platform as a named switch: its values, its default, its evidence.

A switch `delta.duplicate` is the field `delta_duplicate`: the first underscore is the dot.
There are two profiles, named sets of values. `strict`, the defaults, tells a fault at once with its
place; `documented` takes what the pages let one think that the platform takes, and fails later.
Where the user's own notes (the seed) say something, both follow them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from .switches import (
    DOCUMENTED,
    STRICT,
    Profile,
    SwitchDescription,
    describe_switches,
    field_name,
    read_options,
    switch,
)

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Behaviour:
    """How the simulator acts where the documentation leaves a choice."""

    batch_invalid_record: Literal["refuse_batch", "refuse_record"] = switch(
        "refuse_batch",
        "A record that breaks the schema: the batch is refused whole (400), or the other records"
        " are applied and the bad one shows in the batch's results.",
        "Unknown: no page says whether validation is synchronous or by record.",
        documented="refuse_record",
    )
    batch_negative_count: Literal["refuse", "accept"] = switch(
        "refuse",
        "A LAST_ON_HAND below 0 in a record: a fault of the record, or taken as it is.",
        "Unknown: no page names a least quantity. Negative quantities of other types are shown, a"
        " negative count is not.",
    )
    batch_unknown_catalogue: Literal["refuse", "no_match"] = switch(
        "refuse",
        "A batch whose catalogueRef does not exist: refused (400), or accepted and its records"
        " end as a NO_MATCH event.",
        "Inferred: a missing entity is NO_MATCH for events (REST error codes, 26 May 2025).",
        documented="no_match",
    )
    batch_custom_event: Literal["no_match", "apply"] = switch(
        "no_match",
        "A batch that names another event than InventoryChanged: no ruleset of the reference"
        " workflow matches, or it is applied as if it were InventoryChanged.",
        "An event name must equal a ruleset's (Events API, 24 Oct 2025); custom names are allowed"
        " (Inventory Batch API, 24 Mar 2025).",
    )
    batch_results: Literal["records", "empty", "without_preprocessing"] = switch(
        "records",
        "The results list of an inventory batch: one row for each record, always empty, or rows"
        " only where Batch Pre-Processing is off.",
        "Unknown: the Batch page (10 Dec 2024) describes record rows, not for which batch types;"
        " Batch Pre-Processing merges batches (technical guide, 10 Apr 2026), so that there would"
        " be none to tell.",
        documented="without_preprocessing",
    )
    batch_events: Literal["without_preprocessing", "always", "never"] = switch(
        "without_preprocessing",
        "Which batches write CREATE and BATCH_COMPLETE rows into the event log.",
        "Not operational under Batch Pre-Processing (Inventory batch events, 4 July 2025).",
    )
    batch_outer_fields: Literal["set", "ignore"] = switch(
        "set",
        "expectedOn, expiry, lot, uom and effectiveFrom beside a record's attributes: set on the"
        " quantity (as expectedOn, expiresOn and manufacturerBatchNumber, the others as attributes,"
        " and what the attributes say goes before), or ignored.",
        "Inferred: fields of a record in the vendor's client and its templates; the pages have such"
        " values among the attributes only (Send enhanced inventory attributes, 23 Mar 2026).",
    )
    batch_paging: Literal["string", "number"] = switch(
        "string",
        "The JSON type of start, count and total in job and batch status replies.",
        "Documented as String (Batch API, 10 Dec 2024); no sample seen.",
    )
    batch_largest_page: int = switch(
        5_000,
        "The largest `count` of a job's batches and of a batch's results: a larger one is cut to it"
        " (the reply's `count` says so). A job's results have no pages: at most so many batches are"
        " summed up, and so many errors told.",
        "Unknown; 5,000 is the advice for events (Using the Event API, 13 Dec 2023), and what a"
        " batch may have.",
        20_000,
    )
    job_closes: Literal["midnight_utc", "after_24_hours", "never"] = switch(
        "midnight_utc",
        "When an open job becomes CLOSED and takes no more batches.",
        "Midnight UTC (Job API, 20 Feb 2025); an older lesson says 24 hours (3 Feb 2025).",
    )
    job_closed_status: Literal["400", "404"] = switch(
        "400",
        "The HTTP status for a batch sent to a closed job.",
        "Unknown; 404 appears in the prose of the vendor's client.",
    )
    job_results: Literal["served", "absent"] = switch(
        "served",
        "Whether GET /api/v4.1/job/{jobId}/results exists.",
        "Only the vendor's client calls it; no documentation page names it.",
    )
    preprocessing_account_setting: Literal["true", "false"] = switch(
        "true",
        "The setting fc.enable.batch.preprocessing: false turns Batch Pre-Processing off whatever"
        " a job's meta.preprocessing says.",
        "Default true (Enable Batch Pre-Processing, 27 May 2025).",
    )
    preprocessing_duplicate_wins: Literal["last", "first"] = switch(
        "last",
        "Which of several records for one quantity in a batch is kept by de-duplication.",
        "Inferred: no page says which.",
    )
    preprocessing_compares_attributes: Literal["no", "yes"] = switch(
        "no",
        "Whether a record that differs only in its attributes counts as changed: own ones, or those"
        " that are fields of a quantity, such as expectedOn, expiresOn, condition, segment1 or"
        " parentRef. Where it is dropped its result names the fields that were not written.",
        "The technical guide (10 Apr 2026) names quantity and status only; its text is cut.",
    )
    delta_duplicate: Literal["upsert", "reject", "accumulate"] = switch(
        "upsert",
        "A deltaId seen before: the quantity is set again (a repeat changes nothing), the event"
        " fails, or the quantity is added.",
        "Seed: creates or updates, and it outranks the newest page, CreateDeltaInventoryQuantities"
        " (12 Aug 2025): creates, so a repeat would collide. No page lets a repeat of a deltaId add"
        " up; course notes describe another thing, one row for all deltas of a position.",
    )
    delta_missing_position: Literal["fail", "create", "skip"] = switch(
        "fail",
        "A delta for a position that does not exist: the whole event fails, the position is"
        " created, or that delta alone is left out.",
        "The rule halts (SplitDeltasAndDownToInventoryPosition, 12 Aug 2025).",
    )
    delta_missing_id: Literal["refuse", "generate", "fail"] = switch(
        "refuse",
        "A delta without a deltaId: refused (400), given a generated one (not safe to repeat), or"
        " the event is accepted and FAILED.",
        "The how-to (28 Feb 2025) says it must be present; the rule page, which is newer (12 Aug"
        " 2025), marks it optional, and the quantity that the rule creates needs a ref.",
        documented="fail",
    )
    delta_zero: Literal["refuse", "accept"] = switch(
        "refuse",
        "A delta of 0: a fault of the event, or written as a quantity of 0.",
        "Unknown: the pages call it an increment or a decrement, and name no least one.",
    )
    delta_twice_in_event: Literal["refuse", "repeat"] = switch(
        "refuse",
        "The same deltaId twice in one event: a fault of the event, or the second is a repeat of"
        " the first, as delta.duplicate has it.",
        "Unknown: the rule goes through the deltas one by one (12 Aug 2025), no page forbids it.",
    )
    event_most_entries: int = switch(
        5_000,
        "The most deltas or items of an event; more are a fault of the event.",
        "Unknown for events: 5,000 is what a batch may have (Inventory batch, 9 Feb 2025).",
        20_000,
    )
    event_no_entries: Literal["refuse", "accept"] = switch(
        "refuse",
        "An event whose list of deltas or items is empty: a fault of the event, or it succeeds and"
        " does nothing.",
        "Unknown.",
    )
    event_invalid_attributes: Literal["refuse", "fail"] = switch(
        "refuse",
        "An inventory event whose attributes break their schema: refused at once (400), or"
        " accepted and FAILED in the event log.",
        "Unknown: the platform types attributes as free JSON; rules throw on wrong types.",
        documented="fail",
    )
    event_inventory_changed: Literal["refuse", "no_match", "apply"] = switch(
        "refuse",
        "InventoryChanged sent through the Event API: refused (400), NO_MATCH, or applied as a"
        " record of a batch is, without pre-processing.",
        "To be raised by the Batch API only (Interface contracts, 27 Nov 2024): a warning, while"
        " the ruleset is there for whatever raises the event.",
        documented="apply",
    )
    event_account_mismatch: Literal["refuse", "accept"] = switch(
        "refuse",
        "An event whose accountId is not this account: refused (400), or the field is ignored.",
        "Unknown.",
    )
    event_scheduled_on: Literal["run_then", "ignore"] = switch(
        "run_then",
        "An event with a scheduledOn in the future: SCHEDULED until then, by the simulator's clock,"
        " or run at once.",
        "Events have the field (ScheduleEvent, 6 Aug 2025) and the status (Audit events, 26 Feb"
        " 2025); whether a caller may send it is unknown.",
    )
    event_success_status: Literal["SUCCESS", "COMPLETE"] = switch(
        "SUCCESS",
        "The eventStatus in the log of an event that was applied (a sync reply says COMPLETE).",
        "Both are listed (Audit events, 26 Feb 2025); which row carries which is not.",
    )
    event_order: Literal["newest_first", "oldest_first"] = switch(
        "newest_first", "The order in which GET /api/v4.1/event lists events.", "Unknown."
    )
    event_largest_page: int = switch(
        5_000,
        "The largest `count` of GET /api/v4.1/event.",
        "Advice: no more than 5,000, larger ones may time out (Using the Event API, 13 Dec 2023).",
        20_000,
    )
    event_page_too_large: Literal["clamp", "refuse"] = switch(
        "clamp",
        "A larger `count` than event.largest_page: cut to it (the reply's `count` says so), or"
        " refused (400).",
        "Advice in the documentation, a maximum in the notes of the vendor's client.",
    )
    event_audit: Literal["recorded", "off"] = switch(
        "recorded",
        "Whether the event log also shows ORCHESTRATION_AUDIT rows: what each executed event read,"
        " ran and changed.",
        "Audit events, 26 Feb 2025.",
    )
    event_window: Literal["open", "limited"] = switch(
        "open",
        "limited: a search refuses `from` older than 4 months and `to` over 1 month ahead.",
        "Only the notes of the vendor's client.",
    )
    retailer_mismatch: Literal["refuse", "ignore"] = switch(
        "refuse",
        "A record's retailer that is not its job's, or an event on a catalogue of another"
        " retailer: refused (400), or the retailer given is ignored.",
        "Unknown: 401, 403 and NO_MATCH are plausible too.",
    )
    catalogue_not_active: Literal["no_match", "apply"] = switch(
        "no_match",
        "Events and batches for an inventory catalogue whose status is not ACTIVE: no ruleset"
        " matches (a batch is refused where batch.unknown_catalogue=refuse), or they are applied.",
        "A new catalogue is to be made ACTIVE (Configure a master retailer, 9 Feb 2025); rulesets"
        " match by status (Workflow event execution, 29 Aug 2025).",
    )
    catalogue_other_types: Literal["no_match", "apply"] = switch(
        "no_match",
        "Events and batches for an inventory catalogue of another type than DEFAULT: no ruleset"
        " matches (a batch is refused where batch.unknown_catalogue=refuse), or they are applied.",
        "Batches go to the catalogue of type DEFAULT (course notes, undated; Inventory Batch API,"
        " 24 Mar 2025); a workflow is for one type, and the reference one is for DEFAULT.",
    )
    position_first_status: Literal["ACTIVE", "CREATED"] = switch(
        "ACTIVE",
        "The status of a position after its first load.",
        "ACTIVE without threshold controls since module 2.2.0 (18 Feb 2025), inferred.",
    )
    position_inactive: Literal["stays", "thresholds"] = switch(
        "stays",
        "An INACTIVE position of a catalogue with threshold controls when its stock changes: it"
        " stays INACTIVE, or gets the status of its stock.",
        "The rule names no status that it leaves alone (12 Aug 2025); INACTIVE is what a position"
        " of an INACTIVE product or location becomes (Inventory quantity types, 10 Jan 2025).",
    )
    position_counted_statuses: Literal["created_and_active", "active"] = switch(
        "created_and_active",
        "The statuses of quantities that are stock on hand. Only mutations make CREATED ones.",
        "CREATED and ACTIVE in the sample of CalculateOnHand (12 Aug 2025); only ACTIVE in"
        " Inventory quantity types (10 Jan 2025).",
    )
    position_further_types: Literal["stored", "counted"] = switch(
        "stored",
        "Quantities of the types SOFT_RESERVE and RETURNED: kept without being stock on hand, or"
        " counted like the documented types. A new count leaves them as they are.",
        "Only a guide of the vendor's community has them (undated); the documented formula does not"
        " (Inventory quantity types, 10 Jan 2025).",
    )
    position_reserved_ahead: Literal["apart", "counted"] = switch(
        "apart",
        "A RESERVED quantity under one that is no stock on hand, such as goods on order: it leaves"
        " the stock on hand as it is, or lessens it like any other reservation.",
        "Inferred: expected stock can be reserved before its receipt (Future Inventory, 27 Mar"
        " 2026); CalculateOnHand (12 Aug 2025) looks at types and statuses only.",
    )
    virtual_floor: Literal["zero", "none"] = switch(
        "zero",
        "A base virtual position whose buffer exceeds its stock: 0, or below 0 as computed. An"
        " exclusion is always 0, and an aggregate never below it.",
        "Unknown for base positions; aggregates end at 0 (Master buffer, 8 May 2025).",
    )
    virtual_location_floor: Literal["none", "zero"] = switch(
        "none",
        "A location whose buffer exceeds its stock: what is missing lessens the aggregate, or the"
        " location adds 0 to it.",
        "Unknown: the floor of the whole sum is documented (Master buffer, 8 May 2025).",
    )
    virtual_aggregate_statuses: Literal["not_inactive", "active"] = switch(
        "not_inactive",
        "Which positions an aggregate sums up: all but CREATED and INACTIVE ones, or ACTIVE ones"
        " only.",
        "A parameter of the aggregating rule (8 May 2025); the shipped value is not visible.",
    )
    virtual_without_networks: Literal["all_locations", "none"] = switch(
        "all_locations",
        "What a virtual catalogue without networkIds covers: every location, or none.",
        "Unknown; the notifying rule looks for a network of the location (12 Aug 2025), so that"
        " nothing would be covered before networks are set up.",
        documented="none",
    )
    virtual_own_types: Literal["aggregate", "created"] = switch(
        "aggregate",
        "A virtual catalogue of another type than BASE and AGGREGATE, such as ATS: it sums up"
        " stock as an AGGREGATE does, or has only the positions that mutations create.",
        "VIRTUAL_CATALOGUE::ATS is an aggregate in a public deployment script; the workflow of a"
        " type is an account's own.",
    )
    virtual_most_segments: int = switch(
        100,
        "The most virtual segments of one virtual position.",
        "The default of a configured limit (GraphQL schema docs, UpdateVirtualPositionInput).",
        10_000,
    )
    promise_future_types: Literal["dated", "named"] = switch(
        "dated",
        "Which ACTIVE quantities with an expectedOn are available to promise from that date on:"
        " those of any type that is no stock on hand, or EXPECTED, ON_ORDER and IN_TRANSIT only.",
        "On order and in transit are named as states, a purchase order as an example (Future"
        " inventory, 27 Mar 2026; Send enhanced attributes, 23 Mar 2026), EXPECTED in the schema"
        " docs; no page lists the types.",
    )
    promise_parts: Literal["beside", "within"] = switch(
        "beside",
        "A future quantity under another, as a shipment is under its order, in what can be"
        " promised: it counts beside that one, or is a part of it, so that what is left of the"
        " order is its amount less what is under it, never below 0.",
        "Unknown: inventoryQuantityAggregate with expectedOn sums up all rows alike; a parent is"
        " documented for parts of stock, not for what it then still stands for (Stock Segmentation"
        " and Future Inventory, 27 Mar 2026).",
    )
    graphql_default_page: int = switch(
        10,
        "Rows of a connection that is asked for without first or last; never more than"
        " graphql.largest_page.",
        "10 (GraphQL operations, 16 Oct 2024; GraphQL queries, 3 June 2025).",
        500,
    )
    graphql_largest_page: int = switch(
        5_000,
        "The most rows that first or last may ask for.",
        "5,000 (GraphQL operations, 16 Oct 2024); for products the schema docs say 500, undated.",
        10_000,
    )
    graphql_page_too_large: Literal["clamp", "refuse"] = switch(
        "clamp",
        "More rows asked for than graphql.largest_page: cut to it, or refused (C0001E).",
        "Replaced by the largest page (GraphQL operations, 16 Oct 2024).",
    )
    graphql_quantity_filter: Literal["values", "range"] = switch(
        "values",
        "What onHand: [Int] and quantity: [Int] filter by: any of these numbers, or the range from"
        " the first to the second (null is open).",
        "A list in the schema, as all others are, where any may match; its meaning is unknown.",
    )
    graphql_catalogues_argument: Literal["refuse", "accept"] = switch(
        "refuse",
        "The argument catalogues: [...] beside catalogue, which templates of the vendor's client"
        " send.",
        "The published schemas know catalogue only.",
    )
    graphql_page_info_cursors: Literal["absent", "served"] = switch(
        "absent",
        "Whether pageInfo has startCursor and endCursor.",
        "Absent from the published schemas; some samples of the vendor's client select endCursor.",
    )
    graphql_unknown_entity: Literal["null", "error"] = switch(
        "null",
        "A query for one entity that does not exist: null, or null with an error (C0120E).",
        "Unknown; C0120E is documented for mutations (GraphQL error codes, 12 June 2025).",
    )
    graphql_location_ref_length: int = switch(
        8,
        "The longest ref of a location that createLocation takes (C0141E beyond). Positions may"
        " name longer ones all the same.",
        "8 in a copy of the published schema (June 2022); samples have 4 to 5 characters.",
        100,
    )
    graphql_max_complexity: int = switch(
        11_111,
        "The most backend queries that a GraphQL query may cause (C0001E beyond).",
        "11,111 (GraphQL query limits, 25 Sept 2024).",
        1_000_000,
    )
    graphql_max_depth: int = switch(
        20,
        "The most levels of fields inside fields (C0001E beyond).",
        "Unknown: no page seen names a depth (the list of limits, 25 Sept 2024, is cut).",
        100,
    )
    graphql_max_tokens: int = switch(
        10_000,
        "The most words and signs of a GraphQL document (a syntax error beyond).",
        "Not the platform's, whose limit is the size of a request.",
        1_000_000,
    )
    graphql_max_fields: int = switch(
        20_000,
        "The most fields of a GraphQL document, its fragments written out (C0001E beyond).",
        "Not the platform's, whose limit is that of backend queries.",
        1_000_000,
    )
    graphql_max_comparisons: int = switch(
        100_000,
        "How often a GraphQL document may repeat fields of one name at one place, or fragments,"
        " each counted with each before it (C0001E beyond).",
        "Not the platform's; the time that validation takes grows with it.",
        10_000_000,
    )
    graphql_max_values: int = switch(
        500_000,
        "The most values that a reply to a query may hold (C0001E beyond); for a mutation, the most"
        " that it might hold.",
        "Not the platform's, whose limit is that of backend queries; for the memory of this one.",
        100_000_000,
    )
    graphql_max_rows_read: int = switch(
        4_000_000,
        "The most rows that one GraphQL request may look at, or what takes as long (C0001E"
        " beyond).",
        "Not the platform's; about half a second, for which nobody else is answered.",
        1_000_000_000,
    )
    graphql_virtual_search: Literal["any_product", "every_product"] = switch(
        "any_product",
        "Which locations searchVirtualInventory gives: those with enough of any of the products, or"
        " of every one.",
        "Unknown; empty where no stock is found of the products (a copy of the schema, 2023).",
    )
    graphql_max_body_bytes: int = switch(
        2 * MEBIBYTE,
        "GraphQL requests over this size are refused (413).",
        "2 MB (GraphQL query limits, 25 Sept 2024).",
        1024 * MEBIBYTE,
    )
    graphql_syntax_error_status: Literal["400", "200"] = switch(
        "400",
        "The HTTP status of a document that is not GraphQL; one that does not fit the schema is"
        " 200.",
        "Only the notes of the vendor's client.",
    )
    schema_unknown_fields: Literal["accept", "refuse"] = switch(
        "accept",
        "Fields that no page documents: accepted (and ignored), or refused.",
        "Unknown; the vendor's client passes extra fields through.",
    )
    schema_null_fields: Literal["accept", "refuse"] = switch(
        "accept",
        "An optional field that is null: read as if it were not there, or refused.",
        "A null meta is documented (Send inventory batches, 9 Jan 2025); for other fields unknown.",
    )
    schema_string_numbers: Literal["refuse", "accept"] = switch(
        "refuse",
        'Quantities written as text ("10"): refused, or read as numbers.',
        "Integer in every table; one lesson prints a quoted sample (3 Feb 2025).",
    )
    schema_decimal_whole_numbers: Literal["refuse", "accept"] = switch(
        "refuse",
        "Quantities written 1.0 or 1e2: refused, or read as whole numbers.",
        "The rules take an Integer only (UpsertInventoryQuantity, 19 Mar 2026).",
    )
    http_content_type: Literal["strict", "any"] = switch(
        "strict",
        "A body that is not declared application/json: refused (415), or read all the same.",
        "application/json is documented for every call; the refusal is not.",
    )
    http_content_encoding: Literal["decode", "refuse"] = switch(
        "decode",
        "A body with Content-Encoding gzip or deflate: unpacked within http.max_body_bytes, or"
        " refused (415) as other encodings are.",
        "Unknown: no page names encodings of a request.",
    )
    http_max_body_bytes: int = switch(
        10 * MEBIBYTE,
        "Bodies over this size are refused (413).",
        "Unknown for REST; GraphQL has 2 MB (Query limits, 25 Sept 2024).",
        1024 * MEBIBYTE,
    )
    http_overload_status: Literal["503", "429"] = switch(
        "503",
        "The HTTP status, with Retry-After, for an event or a batch while too much waits already.",
        "Unknown: no page gives a rate, a body or a header; notes of the vendor's client name 429.",
    )
    oauth_refresh_token: Literal["issued", "absent", "enabled_clients"] = switch(
        "issued",
        "Whether a password sign-in also gets a refresh token: always, never, or only that of the"
        " client FLUENT_INTEGRATION.",
        "Only where the account has them enabled (Authentication API notes, 3 Feb 2025); a public"
        " summary of 31 Mar 2026 names that client.",
        documented="enabled_clients",
    )
    oauth_token_seconds: int = switch(
        86_399,
        "How long an access token lasts, in seconds; the client FLUENT_INTEGRATION has 1800.",
        "86399 in a public sample of a reply.",
        10 * 86_400,
    )
    webhook_retry_schedule: Literal["default", "without_immediate", "exponential", "none"] = switch(
        "default",
        "When a webhook that has failed is sent again, where it has no schedule of its own: at"
        " once, then after 2, 4 and 8 seconds; only after 2, 4 and 8; at once, then after a minute,"
        " an hour and a day; never.",
        "Immediate, 2, 4 and 8 s, or exponential by a workflow's setting (Retry schedule, 14 Feb"
        " 2024); 3 retries within 14 s (Webhook receivers, 30 July 2024), which is newer and"
        " looser.",
    )
    webhook_failure: Literal["not_2xx", "server_errors", "no_answer"] = switch(
        "not_2xx",
        "What has a webhook sent again: no answer or any status but 2xx (so a redirect, which is"
        " not followed), no answer or 5xx, or no answer only.",
        "Unknown: a receiver should answer 200, and a connection timeout is tried again (Webhook"
        " receivers, 30 July 2024); no page tells of other statuses.",
    )
    webhook_timeout_seconds: int = switch(
        10,
        "Seconds of the machine's time that a receiver of webhooks has to answer.",
        "Unknown: it should answer quickly and work afterwards (Webhook receivers, 30 July 2024).",
        600,
    )
    webhook_ports: Literal["any", "80_and_443"] = switch(
        "any",
        "Which ports a webhook may name.",
        "80 and 443 only (Webhooks, in the integration lessons, undated); a receiver in a test"
        " seldom has one of these.",
    )

    @classmethod
    def from_options(cls, options: Mapping[str, str], profile: Profile = STRICT) -> "Behaviour":
        """The values of a profile, with these switches set over them.

        Raises UnknownBehaviour for a name or a value that does not exist.
        """
        return cls(**read_options(describe(), {**values_of(profile), **options}))

    def value_of(self, name: str) -> str:
        """The value in force of a switch, as text."""
        return str(getattr(self, field_name(name)))


def describe() -> tuple[SwitchDescription, ...]:
    """Every switch with its values, default, effect and evidence."""
    return describe_switches(Behaviour)


def values_of(profile: Profile) -> dict[str, str]:
    """The switches that a profile sets otherwise than the defaults, by name."""
    return {
        switch.name: switch.documented
        for switch in describe()
        if profile == DOCUMENTED and switch.documented != switch.default
    }


def told(profile: Profile, options: Mapping[str, str]) -> str:
    """How a simulator acts, in words: its profile, and the switches that were set over it."""
    over = ", ".join(f"{name}={value}" for name, value in sorted(options.items()))
    return f"profile {profile}, with {over}" if over else f"profile {profile}"
