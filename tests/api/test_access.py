"""Who is let in: whoever may use the rule that answers, however its path was written."""

import re

import pytest
from fluent_oms_simulator import Settings, Simulator, create_app
from fluent_oms_simulator.intake.operation_names import called
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from ..admin.helpers.conformance_support import report
from ..conftest import MakeSimulator
from ..support import Client
from .helpers.replies import INVALID_TOKEN

SPELLINGS = ("{}", "/{}", "//{}", "///{}", "{}/", "/{}/")
"""What routing takes for the same path; `%2f` and `%2F` reach it as slashes."""

WITHOUT_TOKEN = {"/", "/oauth/token", "/openapi.json"}
OURS = ("/__admin", "/__ui")


def needs_token(rule: Rule) -> bool:
    return rule.rule not in WITHOUT_TOKEN and not rule.rule.startswith(OURS)


def spelled(client: Client, method: str, path: str, **headers: str) -> TestResponse:
    """A call whose path reaches the application just as it is written here."""
    return client.http.open(
        "/", method=method, headers=headers, environ_overrides={"PATH_INFO": path}
    )


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_no_call_of_fluents_is_answered_without_a_token_however_its_path_is_written(
    client: Client, spelling: str
) -> None:
    walked = set()
    for rule in client.http.application.url_map.iter_rules():
        path = spelling.format(re.sub(r"<[^>]+>", "1", rule.rule))
        for method in rule.methods or () if needs_token(rule) else ():
            reply = spelled(client, method, path)
            assert reply.status_code == 401, f"{method} {path}: {reply.status}"
            if method != "HEAD":
                assert reply.get_json() == INVALID_TOKEN
            walked.add(rule.rule)

    assert len(walked) >= 10
    assert {"/graphql", "/api/v4.1/event", "/api/v4.1/job/<job_id>/batch"} <= walked


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_the_same_path_answers_with_a_token(client: Client, spelling: str) -> None:
    path = spelling.format("/api/v4.1/event")

    assert spelled(client, "GET", path, **client.headers).status_code == 200


def test_a_rule_that_says_nothing_of_its_callers_needs_a_token(simulator: Simulator) -> None:
    app = create_app(simulator)
    app.add_url_rule("/new", view_func=lambda: "open", endpoint="new")

    assert app.test_client().get("/new").get_json() == INVALID_TOKEN


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_the_control_api_asks_for_its_token_however_its_path_is_written(
    make_simulator: MakeSimulator, spelling: str
) -> None:
    settings = Settings(seed_data="none", host="0.0.0.0", admin_token="s3cret")
    guarded = Client(make_simulator(settings=settings))

    for method, path in (("POST", "/__admin/reset"), ("GET", "/__admin/positions")):
        assert spelled(guarded, method, spelling.format(path)).status_code == 401


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_only_fluents_calls_are_examined_however_their_path_is_written(
    client: Client, spelling: str
) -> None:
    token = client.headers
    before = report(client)["counts"]["requests"]
    for path in ("/__admin/health", "/__ui/docs", "/openapi.json", "/__admin/nothing"):
        spelled(client, "GET", spelling.format(path))
    spelled(client, "GET", spelling.format("/api/v4.1/event"), **token)

    assert report(client)["counts"]["requests"] == before + 1
    assert called("GET", spelling.format("/api/v4.1/event")).operation == "findEvents"
