"""Signing in: three grants, two ways to send them, what a token is good for and how long."""

import dataclasses

import pytest
from fluent_oms_simulator import Settings, Simulator
from fluent_oms_simulator.clock import VirtualClock
from werkzeug.test import TestResponse

from ..conftest import MakeSimulator
from ..support import Client
from .helpers.replies import INVALID_TOKEN, Document, oauth_refusal, of_kind

SECOND = 1_000
HOUR = 3_600 * SECOND

PASSWORD = {
    "grant_type": "password",
    "client_id": "fluent-sim",
    "client_secret": "fluent-sim-secret",
    "username": "sim",
    "password": "sim-password",
    "scope": "api",
}


@pytest.fixture
def clocked(make_simulator: MakeSimulator, clock: VirtualClock) -> Client:
    return Client(make_simulator(clock=clock))


def without(name: str, **changes: str) -> dict[str, str]:
    return {key: value for key, value in (PASSWORD | changes).items() if key != name}


def token(client: Client, **parameters: str) -> Document:
    return of_kind("token", client.sign_in(**parameters))


def call(client: Client, authorization: str | None) -> TestResponse:
    headers = {} if authorization is None else {"Authorization": authorization}
    return client.http.get("/api/v4.1/event", headers=headers)


def assert_unauthorised(reply: TestResponse) -> None:
    assert reply.status_code == 401
    assert reply.get_json() == INVALID_TOKEN
    assert reply.headers["WWW-Authenticate"].startswith("Bearer")


def test_the_password_grant(client: Client) -> None:
    reply = client.http.post("/oauth/token", data=PASSWORD)
    body = of_kind("token", reply)

    assert body["token_type"] == "bearer"
    assert body["expires_in"] == 86_399
    assert body["scope"] == "api"
    assert body["Retailer_id"] == "1"
    assert body["Roles"] == []
    assert {"FirstName", "LastName", "User_id", "refresh_token"} < set(body)
    assert reply.headers["Cache-Control"] == "no-store"
    assert call(client, f"Bearer {body['access_token']}").status_code == 200


def test_the_client_credentials_grant(client: Client) -> None:
    form = {key: PASSWORD[key] for key in ("client_id", "client_secret", "scope")}
    reply = client.http.post("/oauth/token", data=form | {"grant_type": "client_credentials"})
    body = of_kind("token", reply)

    assert "refresh_token" not in body
    assert call(client, f"Bearer {body['access_token']}").status_code == 200


def test_the_refresh_token_grant(client: Client) -> None:
    first = token(client)
    form = {
        "grant_type": "refresh_token",
        "client_id": "fluent-sim",
        "client_secret": "fluent-sim-secret",
        "refresh_token": first["refresh_token"],
    }
    second = of_kind("token", client.http.post("/oauth/token", data=form))

    assert second["access_token"] != first["access_token"]
    assert second["refresh_token"] != first["refresh_token"]
    for body in (first, second):
        assert call(client, f"Bearer {body['access_token']}").status_code == 200


def test_parameters_may_come_in_the_query_string(client: Client) -> None:
    for content_type in (None, "application/json"):
        reply = client.http.post("/oauth/token", query_string=PASSWORD, content_type=content_type)
        of_kind("token", reply)


def test_the_form_wins_over_the_query_string(client: Client) -> None:
    reply = client.http.post(
        "/oauth/token", query_string=PASSWORD | {"password": "wrong"}, data=PASSWORD
    )

    of_kind("token", reply)


def test_a_form_and_a_query_string_complete_each_other(client: Client) -> None:
    secrets = {key: PASSWORD[key] for key in ("password", "client_secret")}
    rest = {key: value for key, value in PASSWORD.items() if key not in secrets}

    of_kind("token", client.http.post("/oauth/token", query_string=rest, data=secrets))


def test_scope_and_account_header_are_accepted_and_not_required(client: Client) -> None:
    headers = {"fluent.account": "FCTRAIN1001"}

    of_kind("token", client.http.post("/oauth/token", data=without("scope"), headers=headers))


def test_every_sign_in_gives_another_token_and_leaves_the_first_in_force(client: Client) -> None:
    first, second = token(client), token(client)

    assert first["access_token"] != second["access_token"]
    assert call(client, f"Bearer {first['access_token']}").status_code == 200


@pytest.mark.parametrize(
    "wrong", [{"username": "x"}, {"password": "x"}, {"password": "SIM-PASSWORD"}]
)
def test_a_wrong_user(client: Client, wrong: dict[str, str]) -> None:
    reply = client.http.post("/oauth/token", data=PASSWORD | wrong)

    assert reply.status_code == 400
    assert reply.get_json() == {"error": "invalid_grant", "error_description": "Bad credentials"}


@pytest.mark.parametrize("wrong", [{"client_id": "x"}, {"client_secret": "x"}, {"client_id": "é"}])
@pytest.mark.parametrize("grant", ["password", "client_credentials", "refresh_token"])
def test_a_wrong_client(client: Client, grant: str, wrong: dict[str, str]) -> None:
    form = PASSWORD | {"grant_type": grant, "refresh_token": "x"} | wrong
    reply = client.http.post("/oauth/token", data=form)

    assert oauth_refusal(reply, 401)[0] == "invalid_client"


@pytest.mark.parametrize("grant", ["authorization_code", "PASSWORD", "implicit", "é"])
def test_an_unsupported_grant(client: Client, grant: str) -> None:
    reply = client.http.post("/oauth/token", data=PASSWORD | {"grant_type": grant})
    error, description = oauth_refusal(reply)

    assert error == "unsupported_grant_type"
    assert "client_credentials" in description


@pytest.mark.parametrize(
    "name", ["grant_type", "client_id", "client_secret", "username", "password"]
)
@pytest.mark.parametrize("is_empty", [True, False])
def test_a_missing_parameter(client: Client, name: str, is_empty: bool) -> None:
    form = PASSWORD | {name: ""} if is_empty else without(name)
    error, description = oauth_refusal(client.http.post("/oauth/token", data=form))

    assert error == "invalid_request"
    assert name in description


def test_a_missing_refresh_token(client: Client) -> None:
    error, description = oauth_refusal(client.sign_in(grant_type="refresh_token"))

    assert error == "invalid_request"
    assert "refresh_token" in description


def test_a_refresh_token_is_good_once(client: Client) -> None:
    refresh = token(client)["refresh_token"]
    token(client, grant_type="refresh_token", refresh_token=refresh)

    reply = client.sign_in(grant_type="refresh_token", refresh_token=refresh)

    assert reply.status_code == 400
    assert reply.get_json() == {
        "error": "invalid_grant",
        "error_description": "Invalid refresh token",
    }


def test_a_wrong_client_does_not_use_a_refresh_token_up(client: Client) -> None:
    refresh = token(client)["refresh_token"]
    client.sign_in(grant_type="refresh_token", refresh_token=refresh, client_secret="wrong")

    token(client, grant_type="refresh_token", refresh_token=refresh)


@pytest.mark.parametrize("kind", ["access_token", "unknown"])
def test_what_is_no_refresh_token(client: Client, kind: str) -> None:
    value = token(client).get(kind, "unknown")
    reply = client.sign_in(grant_type="refresh_token", refresh_token=value)

    assert oauth_refusal(reply)[0] == "invalid_grant"


def test_an_access_token_lasts_a_day(clocked: Client, clock: VirtualClock) -> None:
    authorization = f"Bearer {token(clocked)['access_token']}"

    clock.advance(86_398 * SECOND)
    assert call(clocked, authorization).status_code == 200
    clock.advance(SECOND)
    assert_unauthorised(call(clocked, authorization))


def test_a_refresh_token_lasts_a_day(clocked: Client, clock: VirtualClock) -> None:
    early, late = token(clocked), token(clocked)

    clock.advance(24 * HOUR - SECOND)
    token(clocked, grant_type="refresh_token", refresh_token=early["refresh_token"])
    clock.advance(SECOND)
    reply = clocked.sign_in(grant_type="refresh_token", refresh_token=late["refresh_token"])
    assert oauth_refusal(reply) == ("invalid_grant", "Invalid refresh token")


def test_the_integration_client_has_half_an_hour(
    make_simulator: MakeSimulator, clock: VirtualClock
) -> None:
    settings = Settings(seed_data="none", client_id="FLUENT_INTEGRATION")
    client = Client(make_simulator(clock=clock, settings=settings))
    body = token(client)

    assert body["expires_in"] == 1800
    clock.advance(1799 * SECOND)
    assert call(client, f"Bearer {body['access_token']}").status_code == 200
    clock.advance(SECOND)
    assert_unauthorised(call(client, f"Bearer {body['access_token']}"))
    renewed = token(client, grant_type="refresh_token", refresh_token=body["refresh_token"])
    assert renewed["expires_in"] == 1800


def test_the_lifetime_is_a_switch(make_simulator: MakeSimulator, clock: VirtualClock) -> None:
    client = Client(make_simulator(clock=clock, oauth_token_seconds="5"))
    body = token(client)

    assert body["expires_in"] == 5
    clock.advance(5 * SECOND)
    assert_unauthorised(call(client, f"Bearer {body['access_token']}"))


def test_refresh_tokens_are_a_switch(make_simulator: MakeSimulator) -> None:
    assert "refresh_token" not in token(Client(make_simulator(oauth_refresh_token="absent")))


def test_a_client_for_which_they_are_enabled_renews_its_token(
    make_simulator: MakeSimulator,
) -> None:
    settings = Settings(seed_data="none", client_id="FLUENT_INTEGRATION", profile="documented")
    client = Client(make_simulator(settings=settings))

    renewed = token(
        client, grant_type="refresh_token", refresh_token=token(client)["refresh_token"]
    )

    assert call(client, f"Bearer {renewed['access_token']}").status_code == 200
    other = Client(make_simulator(settings=Settings(seed_data="none", profile="documented")))
    assert "refresh_token" not in token(other)


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER", "bEaReR"])
def test_the_scheme_is_compared_without_case(client: Client, scheme: str) -> None:
    assert call(client, f"{scheme} {token(client)['access_token']}").status_code == 200


@pytest.mark.parametrize(
    "authorization",
    [None, "", "Bearer", "Bearer ", "Bearer unknown", "Basic eDp5", "{token}", "Token {token}"],
)
@pytest.mark.parametrize("path", ["/api/v4.1/event", "/api/v4.1/job/1", "/graphql", "/api/nope"])
def test_a_missing_or_unknown_token(client: Client, authorization: str | None, path: str) -> None:
    value = token(client)["access_token"]
    headers = {}
    if authorization is not None:
        headers["Authorization"] = authorization.format(token=value)
    assert_unauthorised(client.http.get(path, headers=headers))


def test_a_token_in_another_case_is_unknown(client: Client) -> None:
    assert_unauthorised(call(client, f"Bearer {token(client)['access_token'].upper()}x"))


def test_a_refresh_token_is_no_access_token(client: Client) -> None:
    assert_unauthorised(call(client, f"Bearer {token(client)['refresh_token']}"))


def test_an_unauthorised_post_changes_nothing(client: Client) -> None:
    assert_unauthorised(client.http.post("/api/v4.1/job", json={"name": "x", "retailerId": "1"}))

    assert client.job() == "1"


def test_authentication_can_be_off(make_simulator: MakeSimulator) -> None:
    client = Client(make_simulator(settings=Settings(seed_data="none", auth="off")))

    for authorization in (None, "Bearer unknown", "é"):
        assert call(client, authorization).status_code == 200
    of_kind("token", client.sign_in())
    assert oauth_refusal(client.sign_in(password="wrong"))[0] == "invalid_grant"


def test_tokens_outlive_a_reset(client: Client) -> None:
    authorization = f"Bearer {token(client)['access_token']}"
    client.http.post("/__admin/reset")

    assert call(client, authorization).status_code == 200


def test_a_simulator_has_its_own_credentials(make_simulator: MakeSimulator) -> None:
    mine = Settings(
        seed_data="none", client_id="me", client_secret="mäh", username="ü", password="p&=+ %"
    )
    simulator: Simulator = make_simulator(settings=dataclasses.replace(mine, retailers=("7", "8")))

    assert token(Client(simulator))["Retailer_id"] == "7"
