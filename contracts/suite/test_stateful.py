"""Calls in a row: what one call hands out, the next can use. The links of the description."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import hypothesis
import schemathesis
from fluent_oms_simulator.client.builders import record
from fluent_oms_simulator.client.fluent_api import Api
from fluent_oms_simulator.contracts.suite.checks import SHAPE
from fluent_oms_simulator.contracts.suite.described import described
from fluent_oms_simulator.contracts.suite.harmless import Harmless
from fluent_oms_simulator.contracts.target.generated_calls import GeneratedCalls
from fluent_oms_simulator.contracts.target.names import Names
from schemathesis.core.transport import Response

STEPS = 8


def test_what_a_call_hands_out_the_next_can_use(api: Api, names: Names) -> None:
    """Job, batch, their states; event, its entry in the log: with a token of each row's own."""
    harmless = Harmless(api.target, names)
    schema = described(only_valid=True)

    class Calls(schema.as_state_machine()):  # type: ignore[misc]
        def setup(self) -> None:
            signed_in = api.sign_in()
            assert signed_in.status == 200, signed_in
            self.token = signed_in.document["access_token"]
            self.batches: dict[str, list[str]] = defaultdict(list)
            self.events: list[str] = []

        def before_call(self, case: schemathesis.Case[Any]) -> None:
            case.body = harmless.body(_operation(case), case.body)

        def call(self, case: schemathesis.Case[Any], **_options: Any) -> Response:
            event_id = case.path_parameters.get("eventId")
            if event_id in self.events:
                api.wait_for_event(event_id)
            return case.call(
                base_url=api.target.url,
                session=GeneratedCalls(api.wire),
                headers={"Authorization": f"Bearer {self.token}"},
            )

        def validate_response(
            self, response: Response, case: schemathesis.Case[Any], **_options: Any
        ) -> None:
            case.validate_response(response, checks=SHAPE)
            operation_id = _operation(case)
            if response.status_code == 200:
                self.remember(operation_id, case.path_parameters, response.json())
                self.compare(operation_id, case, response.json())
            else:
                self.check_refusal(operation_id, case.path_parameters, response)

        def remember(self, operation_id: str, ids: dict[str, Any], document: Any) -> None:
            if operation_id == "createJob":
                assert document["id"] not in self.batches, f"the job {document['id']} came twice"
                self.batches[document["id"]] = []
            elif operation_id == "createBatch":
                known = self.batches[ids["jobId"]]
                assert document["id"] not in known, f"the batch {document['id']} came twice"
                known.append(document["id"])
            elif operation_id == "sendEvent":
                assert document["id"] not in self.events, f"the event {document['id']} came twice"
                self.events.append(document["id"])

        def compare(self, operation_id: str, case: schemathesis.Case[Any], document: Any) -> None:
            ids = case.path_parameters
            if operation_id in ("getJob", "getBatch"):
                assert document["jobId"] == ids["jobId"], f"asked for the job {ids['jobId']}"
            if operation_id == "getBatch":
                assert document["batchId"] == ids["batchId"], f"asked for {ids['batchId']}"
            if operation_id == "getJob" and not case.query and ids["jobId"] in self.batches:
                shown = [batch["batchId"] for batch in document["batch"]]
                assert set(shown) == set(self.batches[ids["jobId"]]), "not the batches of the job"
            if operation_id == "getEvent":
                assert document["id"] == ids["eventId"], f"asked for the event {ids['eventId']}"
            if operation_id == "findEvents" and case.query.get("eventId") in self.events:
                found = {entry["id"] for entry in document["results"]}
                assert found <= {case.query["eventId"]}, "the search shows other events"

        def check_refusal(self, operation_id: str, ids: dict[str, Any], response: Response) -> None:
            known_job = ids.get("jobId") in self.batches
            is_known = {
                "getJob": known_job,
                "createBatch": known_job,
                "getBatch": ids.get("batchId") in self.batches.get(ids.get("jobId", ""), ()),
                "getEvent": ids.get("eventId") in self.events,
            }
            assert not (is_known.get(operation_id) and response.status_code == 404), (
                f"{operation_id} answered 404 for an id that the server has handed out: {ids}"
            )

    Calls.run(
        settings=hypothesis.settings(
            phases=[hypothesis.Phase.generate],  # made smaller, a failure takes minutes to tell
            stateful_step_count=STEPS,
        )
    )


def test_each_link_of_the_description_leads_somewhere(api: Api, names: Names) -> None:
    """Once each, with the ids as they come, where the machine above takes chances."""
    product, location = names.product(), names.location()
    job = api.open_job()
    batch = api.send_batch(job, [record(product, location, 1)]).document["id"]
    event = api.send_event(api.event(f"{names.prefix}-Unknown", None)).document["id"]
    api.wait_for_event(event)
    path = f"/api/v4.1/job/{job}"

    for link, key, expected in (
        (path, "jobId", job),
        (f"{path}/batch/{batch}", "batchId", batch),
        (f"/api/v4.1/event/{event}", "id", event),
    ):
        answer = api.call("GET", link)
        assert answer.status == 200, (
            f"GET {link} answered {answer.status} for an id that the server has handed out"
        )
        assert answer.document[key] == expected, f"GET {link} shows another {key}"
    batches = api.call("GET", path).document["batch"]
    assert [shown["batchId"] for shown in batches] == [batch], "the job shows other batches"
    found = api.events(eventId=event).document["results"]
    assert [entry["id"] for entry in found] == [event], "the search shows other events"


def _operation(case: schemathesis.Case[Any]) -> str:
    operation_id: str = case.operation.definition.raw["operationId"]
    return operation_id
