"""Every open point of the platform as a named switch: its values, its default, its evidence.

A switch `delta.duplicate` is the field `delta_duplicate`: the first underscore is the dot.
Defaults follow the user's own notes (the seed), then the newest documentation page.
"""

import difflib
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from typing import Any, Literal, cast, get_args, get_type_hints

MEBIBYTE = 1024 * 1024


class UnknownBehaviour(ValueError):  # noqa: N818 - named for what it is about
    """A switch or a value that does not exist; the message names those that do."""


def _switch(default: Any, effect: str, evidence: str, most: int | None = None) -> Any:
    return field(default=default, metadata={"effect": effect, "evidence": evidence, "most": most})


@dataclass(frozen=True, slots=True, kw_only=True)
class Behaviour:
    """How the simulator acts where the documentation leaves a choice."""

    batch_invalid_record: Literal["refuse_batch", "refuse_record"] = _switch(
        "refuse_batch",
        "A record that breaks the schema: the batch is refused whole (400), or the other records"
        " are applied and the bad one shows in the batch's results.",
        "Unknown: no page says whether validation is synchronous or by record.",
    )
    batch_unknown_catalogue: Literal["refuse", "no_match"] = _switch(
        "refuse",
        "A batch whose catalogueRef does not exist: refused (400), or accepted and its records"
        " end as a NO_MATCH event.",
        "Inferred: a missing entity is NO_MATCH for events (REST error codes, 26 May 2025).",
    )
    batch_custom_event: Literal["no_match", "apply"] = _switch(
        "no_match",
        "A batch that names another event than InventoryChanged: no ruleset of the reference"
        " workflow matches, or it is applied as if it were InventoryChanged.",
        "An event name must equal a ruleset's (Events API, 24 Oct 2025); custom names are allowed"
        " (Inventory Batch API, 24 Mar 2025).",
    )
    batch_results: Literal["records", "empty"] = _switch(
        "records",
        "The results list of an inventory batch: one row for each record, or always empty.",
        "Unknown: the Batch page (10 Dec 2024) describes record rows, not for which batch types.",
    )
    batch_events: Literal["without_preprocessing", "always", "never"] = _switch(
        "without_preprocessing",
        "Which batches write CREATE and BATCH_COMPLETE rows into the event log.",
        "Not operational under Batch Pre-Processing (Inventory batch events, 4 July 2025).",
    )
    batch_paging: Literal["string", "number"] = _switch(
        "string",
        "The JSON type of start, count and total in job and batch status replies.",
        "Documented as String (Batch API, 10 Dec 2024); no sample seen.",
    )
    job_closes: Literal["midnight_utc", "after_24_hours", "never"] = _switch(
        "midnight_utc",
        "When an open job becomes CLOSED and takes no more batches.",
        "Midnight UTC (Job API, 20 Feb 2025); an older lesson says 24 hours (3 Feb 2025).",
    )
    job_closed_status: Literal["400", "404"] = _switch(
        "400",
        "The HTTP status for a batch sent to a closed job.",
        "Unknown; 404 appears in the prose of the vendor's client.",
    )
    job_results: Literal["served", "absent"] = _switch(
        "served",
        "Whether GET /api/v4.1/job/{jobId}/results exists.",
        "Only the vendor's client calls it; no documentation page names it.",
    )
    preprocessing_account_setting: Literal["true", "false"] = _switch(
        "true",
        "The setting fc.enable.batch.preprocessing: false turns Batch Pre-Processing off whatever"
        " a job's meta.preprocessing says.",
        "Default true (Enable Batch Pre-Processing, 27 May 2025).",
    )
    preprocessing_duplicate_wins: Literal["last", "first"] = _switch(
        "last",
        "Which of several records for one quantity in a batch is kept by de-duplication.",
        "Inferred: no page says which.",
    )
    preprocessing_compares_attributes: Literal["no", "yes"] = _switch(
        "no",
        "Whether a record that differs only in its attributes counts as changed.",
        "The technical guide (10 Apr 2026) names quantity and status only; its text is cut.",
    )
    delta_duplicate: Literal["upsert", "reject", "accumulate"] = _switch(
        "upsert",
        "A deltaId seen before: the quantity is set again (a repeat changes nothing), the event"
        " fails, or the quantity is added.",
        "Seed: creates or updates. CreateDeltaInventoryQuantities (12 Aug 2025): creates, so a"
        " repeat would collide. Course notes: accumulates.",
    )
    delta_missing_position: Literal["fail", "create", "skip"] = _switch(
        "fail",
        "A delta for a position that does not exist: the whole event fails, the position is"
        " created, or that delta alone is left out.",
        "The rule halts (SplitDeltasAndDownToInventoryPosition, 12 Aug 2025).",
    )
    delta_missing_id: Literal["refuse", "generate"] = _switch(
        "refuse",
        "A delta without a deltaId: refused, or given a generated one (not safe to repeat).",
        "The rule page marks it optional, the how-to (28 Feb 2025) says it must be present.",
    )
    event_invalid_attributes: Literal["refuse", "fail"] = _switch(
        "refuse",
        "An inventory event whose attributes break their schema: refused at once (400), or"
        " accepted and FAILED in the event log.",
        "Unknown: the platform types attributes as free JSON; rules throw on wrong types.",
    )
    event_inventory_changed: Literal["refuse", "no_match"] = _switch(
        "refuse",
        "InventoryChanged sent through the Event API: refused (400), or NO_MATCH.",
        "To be raised by the Batch API only (Interface contracts, 27 Nov 2024).",
    )
    event_account_mismatch: Literal["refuse", "accept"] = _switch(
        "refuse",
        "An event whose accountId is not this account: refused (400), or the field is ignored.",
        "Unknown.",
    )
    event_success_status: Literal["SUCCESS", "COMPLETE"] = _switch(
        "SUCCESS",
        "The eventStatus in the log of an event that was applied (a sync reply says COMPLETE).",
        "Both are listed (Audit events, 26 Feb 2025); which row carries which is not.",
    )
    event_order: Literal["newest_first", "oldest_first"] = _switch(
        "newest_first", "The order in which GET /api/v4.1/event lists events.", "Unknown."
    )
    event_window: Literal["open", "limited"] = _switch(
        "open",
        "limited: a search refuses `from` older than 4 months and `to` over 1 month ahead.",
        "Only the notes of the vendor's client.",
    )
    retailer_mismatch: Literal["refuse", "ignore"] = _switch(
        "refuse",
        "A record's retailer that is not its job's, or an event on a catalogue of another"
        " retailer: refused (400), or the retailer given is ignored.",
        "Unknown: 401, 403 and NO_MATCH are plausible too.",
    )
    position_first_status: Literal["ACTIVE", "CREATED"] = _switch(
        "ACTIVE",
        "The status of a position after its first load.",
        "ACTIVE without threshold controls since module 2.2.0 (18 Feb 2025), inferred.",
    )
    schema_unknown_fields: Literal["accept", "refuse"] = _switch(
        "accept",
        "Fields that no page documents: accepted (and ignored), or refused.",
        "Unknown; the vendor's client passes extra fields through.",
    )
    schema_null_fields: Literal["accept", "refuse"] = _switch(
        "accept",
        "An optional field that is null: read as if it were not there, or refused.",
        "A null meta is documented (Send inventory batches, 9 Jan 2025); for other fields unknown.",
    )
    schema_string_numbers: Literal["refuse", "accept"] = _switch(
        "refuse",
        'Quantities written as text ("10"): refused, or read as numbers.',
        "Integer in every table; one lesson prints a quoted sample (3 Feb 2025).",
    )
    schema_decimal_whole_numbers: Literal["refuse", "accept"] = _switch(
        "refuse",
        "Quantities written 1.0 or 1e2: refused, or read as whole numbers.",
        "The rules take an Integer only (UpsertInventoryQuantity, 19 Mar 2026).",
    )
    http_content_type: Literal["strict", "any"] = _switch(
        "strict",
        "A body that is not declared application/json: refused (415), or read all the same.",
        "application/json is documented for every call; the refusal is not.",
    )
    http_max_body_bytes: int = _switch(
        10 * MEBIBYTE,
        "Bodies over this size are refused (413).",
        "Unknown for REST; GraphQL has 2 MB (Query limits, 25 Sept 2024).",
        1024 * MEBIBYTE,
    )
    oauth_refresh_token: Literal["issued", "absent"] = _switch(
        "issued",
        "Whether a password sign-in also gets a refresh token.",
        "Only where the account has them enabled (Authentication API notes, 3 Feb 2025).",
    )
    oauth_token_seconds: int = _switch(
        86_399,
        "How long an access token lasts, in seconds; the client FLUENT_INTEGRATION has 1800.",
        "86399 in a public sample of a reply.",
        10 * 86_400,
    )

    @classmethod
    def from_options(cls, options: Mapping[str, str]) -> "Behaviour":
        """The defaults with these switches set.

        Raises UnknownBehaviour for a name or a value that does not exist.
        """
        known = {switch.name: switch for switch in describe()}
        chosen: dict[str, Any] = {}
        for name, text in options.items():
            if name not in known:
                near = difflib.get_close_matches(name, known, n=1)
                hint = f"did you mean {near[0]}?" if near else "see `fluent-sim behaviours`."
                raise UnknownBehaviour(f"there is no behaviour switch {name!r}; {hint}")
            chosen[_field_name(name)] = known[name].read(text)
        return cls(**chosen)

    def value_of(self, name: str) -> str:
        """The value in force of a switch, as text."""
        return str(getattr(self, _field_name(name)))


@dataclass(frozen=True, slots=True)
class SwitchDescription:
    """One switch, for a person."""

    name: str
    values: tuple[str, ...]
    default: str
    effect: str
    evidence: str
    most: int | None = None

    def read(self, text: str) -> str | int:
        """The value that `text` names; raises UnknownBehaviour when it is none."""
        if self.most is None:
            if text in self.values:
                return text
        elif text.isascii() and text.isdigit() and len(text) < 16 and 1 <= int(text) <= self.most:
            return int(text)
        allowed = " or ".join(self.values)
        raise UnknownBehaviour(f"{self.name} cannot be {text!r}; it takes {allowed}.")


def describe() -> list[SwitchDescription]:
    """Every switch with its values, default, effect and evidence."""
    hints = get_type_hints(Behaviour)
    return [
        SwitchDescription(
            name=switch.name.replace("_", ".", 1),
            values=tuple(map(str, get_args(hints[switch.name])))
            or (f"a whole number from 1 to {switch.metadata['most']}",),
            default=str(switch.default),
            effect=cast(str, switch.metadata["effect"]),
            evidence=cast(str, switch.metadata["evidence"]),
            most=cast("int | None", switch.metadata["most"]),
        )
        for switch in fields(Behaviour)
        if switch.default is not MISSING
    ]


def _field_name(name: str) -> str:
    return name.replace(".", "_", 1)
