"""Open points of jobs and batches."""

from contextlib import suppress

import pytest
from fluent_oms_simulator.client.client_errors import LateError
from fluent_oms_simulator.client.fluent_api import Api
from fluent_oms_simulator.contracts.suite.observations.probing import is_taken, meaning
from fluent_oms_simulator.contracts.suite.semantic.asking import data_of
from fluent_oms_simulator.contracts.suite.semantic.position import Observe, Position
from fluent_oms_simulator.contracts.target.names import Names
from fluent_oms_simulator.contracts.target.observed import either


def test_what_one_invalid_record_does_to_its_batch(
    api: Api, names: Names, observe: Observe
) -> None:
    good, bad = Position(api, names), Position(api, names)
    answer = api.send_batch(api.open_job(), [good.record(10), bad.record({})])

    value = meaning(answer.status, {400: "refuse_batch", 200: "refuse_record"})
    observe(
        "batch.invalid_record", value, f"a count that is an object was answered {answer.status}"
    )


def test_whether_a_count_may_be_negative(api: Api, names: Names, observe: Observe) -> None:
    position = Position(api, names)
    taken = is_taken(api, position, position.record(-1))

    value = "accept" if taken else "refuse"
    observe("batch.negative_count", value, f"a count of -1 was {'' if taken else 'not '}applied")


def test_what_a_batch_for_an_unknown_catalogue_does(
    api: Api, names: Names, observe: Observe
) -> None:
    position, job = Position(api, names), api.open_job()
    unknown = f"{names.product()}:{api.target.retailer_id}"
    answer = api.send_batch(job, [position.record(1)], catalogueRef=unknown)
    if answer.status == 200:
        api.wait_for_batch(job, str(answer.document["id"]))

    value = meaning(answer.status, {400: "refuse", 200: "no_match"})
    observe("batch.unknown_catalogue", value, f"the batch was answered {answer.status}")
    position.shows(None)


def test_what_a_batch_with_an_event_of_its_own_does(
    api: Api, names: Names, observe: Observe
) -> None:
    position = Position(api, names)
    applied = is_taken(api, position, position.record(1), event=names.product())

    value = "apply" if applied else "no_match"
    observe("batch.custom_event", value, f"its record was {'' if applied else 'not '}applied")


def test_whether_a_batch_shows_results_and_how_it_writes_numbers(
    api: Api, names: Names, observe: Observe
) -> None:
    preprocessed, plain = (
        Position(api, names).count(1, preprocessing=asked) for asked in (None, "skip")
    )
    shown = tuple(bool(batch["results"]) for batch in (preprocessed, plain))
    told: dict[object, str] = {
        (True, True): "records",
        (False, False): "empty",
        (False, True): "without_preprocessing",
    }
    value = meaning(shown, told)
    if value == "records" and not is_preprocessed(api, names):
        value = either("records", "without_preprocessing")
    why = f"one record has {len(preprocessed['results'])} results, {len(plain['results'])} without"
    observe("batch.results", value, f"{why} pre-processing")
    batch = plain
    kinds = {type(batch[name]).__name__ for name in ("start", "count", "total")}
    value = meaning(frozenset(kinds), {frozenset({"str"}): "string", frozenset({"int"}): "number"})
    observe("batch.paging", value, f"start is {batch['start']!r}, total is {batch['total']!r}")


def test_which_batches_are_in_the_event_log(api: Api, names: Names, observe: Observe) -> None:
    """Where nothing is pre-processed, "always" cannot be told from "without_preprocessing"."""
    preprocessed, plain = (
        _is_logged(api, Position(api, names), preprocessing) for preprocessing in (None, "skip")
    )

    if preprocessed and not is_preprocessed(api, names):
        pytest.skip("batches are never pre-processed here")
    value = meaning(
        (preprocessed, plain),
        {
            (False, True): "without_preprocessing",
            (True, True): "always",
            (False, False): "never",
        },
    )
    why = f"BATCH_COMPLETE is {_there(preprocessed)} with pre-processing, {_there(plain)} without"
    observe("batch.events", value, why)


def _there(is_there: bool) -> str:
    return "there" if is_there else "not there"


def _is_logged(api: Api, position: Position, preprocessing: str | None) -> bool:
    job = api.open_job(preprocessing)
    api.load([position.record(1)], job=job)
    query = {"context.rootEntityType": "JOB", "context.rootEntityId": job}

    def rows() -> bool:
        found = api.events(**query).document["results"]
        return any(row["name"] == "BATCH_COMPLETE" for row in found)

    with suppress(LateError):
        return bool(api.eventually(rows, 0.1 if api.target.is_ours else 10))
    return False


def test_whether_a_job_has_results(api: Api, observe: Observe) -> None:
    answer = api.call("GET", f"/api/v4.1/job/{api.open_job()}/results")

    value = meaning(answer.status, {200: "served", 404: "absent"})
    observe("job.results", value, f"the path was answered {answer.status}")


def test_what_a_record_of_another_retailer_does(api: Api, names: Names, observe: Observe) -> None:
    """The record stays in this retailer's job, under a name of the run."""
    position = Position(api, names)
    other = str(int(api.target.retailer_id) + 1)
    taken = is_taken(api, position, position.record(1, retailerId=other))

    value = "ignore" if taken else "refuse"
    observe("retailer.mismatch", value, f"the record was {'' if taken else 'not '}applied")


def is_preprocessed(api: Api, names: Names, **more: object) -> bool:
    """Whether a count that is unchanged is dropped in a job that does not say skip.

    A dropped count clears no delta, under conditions that name none.
    """
    position = Position(api, names)
    position.count(10)
    position.change(3)
    conditions = {"hasRelatedInventoryQuantities": [{"type": "EXPECTED", "status": "INACTIVE"}]}
    api.load([position.record(10, **more)], conditions=conditions)
    return bool(api.on_hand(position.product, position.location) == 13)


def test_what_pre_processing_drops(api: Api, names: Names, observe: Observe) -> None:
    if not is_preprocessed(api, names):
        observe("preprocessing.account_setting", "false", "an unchanged record was applied")
        return
    observe("preprocessing.account_setting", "true", "an unchanged record was dropped")
    is_same = is_preprocessed(api, names, attributes={"grade": "A"})
    why = f"a record with other attributes was {'dropped' if is_same else 'applied'}"
    observe("preprocessing.compares_attributes", "no" if is_same else "yes", why)


def test_which_of_two_records_for_one_position_holds(
    api: Api, names: Names, observe: Observe
) -> None:
    if not is_preprocessed(api, names):
        pytest.skip("batches are never pre-processed here")
    position = Position(api, names)
    api.load([position.record(1), position.record(2)])
    on_hand = api.on_hand(position.product, position.location)

    value = meaning(on_hand, {2: "last", 1: "first"})
    observe("preprocessing.duplicate_wins", value, f"of 1 and then 2, {on_hand} holds")


def test_whether_fields_beside_the_attributes_are_set(
    api: Api, names: Names, observe: Observe
) -> None:
    position, ref, when = Position(api, names), names.delta_id(), "2030-03-23T00:00:00Z"
    api.load([position.record(5, type="EXPECTED", ref=ref, expectedOn=when)])
    query = """query Q($ref: String!, $catalogue: InventoryCatalogueKey!) {
      inventoryQuantity(ref: $ref, catalogue: $catalogue) { expectedOn } }"""
    catalogue = {"ref": api.target.catalogue_ref}
    found = data_of(api.graphql(query, ref=ref, catalogue=catalogue))["inventoryQuantity"]

    value = "ignore" if found["expectedOn"] is None else "set"
    observe("batch.outer_fields", value, f"expectedOn is read back as {found['expectedOn']}")
