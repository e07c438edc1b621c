"""Every operation, with data that fits its description and data that does not."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import schemathesis
from fluent_oms_simulator.client.builders import record
from fluent_oms_simulator.client.fluent_api import Api
from fluent_oms_simulator.contracts.suite.checks import SHAPE
from fluent_oms_simulator.contracts.suite.described import described
from fluent_oms_simulator.contracts.suite.harmless import Harmless
from fluent_oms_simulator.contracts.suite.judgement import (
    KINDS,
    Judgement,
    fields_at_fault,
    judge,
)
from fluent_oms_simulator.contracts.target.generated_calls import GeneratedCalls
from fluent_oms_simulator.contracts.target.names import Names
from schemathesis.core.transport import Response
from schemathesis.specs.openapi.checks import negative_data_rejection

DESCRIBED = described()
ANSWERED_WITH_400 = ("sendEventAndWait", "executeGraphql")
"""Operations that answer 400 to a good body, too: for what became of it, or what it says."""


@pytest.fixture(scope="session")
def there(api: Api, names: Names) -> dict[str, str]:
    """A job and a batch that exist."""
    job = api.open_job()
    batch = api.load([record(names.product(), names.location(), 1)], job)
    return {"jobId": job, "batchId": str(batch["batchId"])}


@DESCRIBED.parametrize()
def test_an_operation_answers_as_described(
    case: schemathesis.Case[Any], api: Api, names: Names, there: dict[str, str]
) -> None:
    operation_id = case.operation.definition.raw["operationId"]
    case.body = Harmless(api.target, names).body(operation_id, case.body)
    if case.query or operation_id == "createBatch":
        case.path_parameters = {
            name: there.get(name, value) for name, value in case.path_parameters.items()
        }

    answer = case.call(
        base_url=api.target.url,
        session=GeneratedCalls(api.wire),
        headers={"Authorization": f"Bearer {api.token}"},
    )

    case.validate_response(answer, checks=SHAPE)
    if case.method == "GET" and not leaves_open(str(answer.request.url)):
        case.validate_response(answer, checks=[negative_data_rejection])
    if operation_id in KINDS and answer.request.headers.get("Content-Type") == "application/json":
        check_verdict(operation_id, answer)


def leaves_open(url: str) -> bool:
    """Whether a query is right or wrong by what no page tells: an empty or an unknown value."""
    sent = parse_qsl(urlsplit(url).query, keep_blank_values=True)
    return any(value == "" or name == "eventStatus" for name, value in sent)


def check_verdict(operation_id: str, answer: Response) -> None:
    """A body that fits is taken; one that does not is refused, and the field at fault is named."""
    sent = body_of(answer)
    judgement = judge(operation_id, sent)
    status = answer.status_code
    if judgement is Judgement.INVALID:
        assert 400 <= status < 500, (
            f"a body that breaks the schema was answered {status}, expected 400; at fault:"
            f" {', '.join(sorted(fields_at_fault(operation_id, sent))) or 'the whole body'}"
        )
        check_naming(operation_id, sent, answer)
    elif judgement is Judgement.VALID and operation_id not in ANSWERED_WITH_400:
        assert status == 200, f"a body that fits the schema was answered {status}, expected 200"


def check_naming(operation_id: str, sent: bytes, answer: Response) -> None:
    """A refusal says which field it is about."""
    at_fault = fields_at_fault(operation_id, sent)
    document: Any = answer.json()
    messages = [str(error["message"]) for error in document.get("errors", ())]
    assert not at_fault or any(name in message for name in at_fault for message in messages), (
        f"the refusal names none of the fields at fault ({', '.join(sorted(at_fault))}): {messages}"
    )


def body_of(answer: Response) -> bytes:
    """The bytes that were sent."""
    body = answer.request.body
    return body.encode() if isinstance(body, str) else body if isinstance(body, bytes) else b""
