"""No secret that a caller has sent is told: not where it belongs, and not where it does not."""

import base64
import json
from typing import Any
from urllib.parse import quote

import pytest
from fluent_oms_simulator.text.redaction import MOST_NAMED, REDACTED, Redaction, is_secret
from hypothesis import given
from hypothesis import strategies as st

from ..support import Client, Document, delta, deltas

SECRET = "hunter2-Zx9qLmV"
EVENT, JOB, SIGN_IN = "/api/v4.1/event/async", "/api/v4.1/job", "/oauth/token"
FORMATS = ("text", "json", "junit", "sarif", "github", "markdown")
WRITTEN = json.dumps({"password": SECRET})
BASIC = base64.b64encode(f"sim:{SECRET}".encode()).decode()
WIDE = "".join(chr(ord(letter) + 0xFEE0) for letter in "password")
PACKED = "".join(f"%{ord(letter):02X}" for letter in "client_secret")

QUERIES = {
    "by name": f"client_secret={SECRET}",
    "in camel case": f"clientSecret={SECRET}",
    "in capitals": f"CLIENT-SECRET={SECRET}",
    "behind a semicolon": f"x=1;client_secret={SECRET}",
    "under a packed name": f"{PACKED}={SECRET}",
    "under a name packed twice": f"{quote(PACKED)}={SECRET}",
    "under a wide name": f"{quote(WIDE)}={SECRET}",
    "as an entry of a list": f"password[]={SECRET}",
    "as a field of a user": f"user[password]={SECRET}",
    "with a colon": f"client_secret:{SECRET}",
    "inside a value": f"state={quote(f'x&client_secret={SECRET}')}",
    "inside JSON": f"variables={quote(WRITTEN)}",
    "as a bearer": f"q={quote(f'Bearer {SECRET}')}",
    "as basic credentials": f"q={quote(f'Basic {BASIC}')}",
    "as a key": f"api-key={SECRET}",
}
IN_PLACE_OF = {
    "grant_type": f"grant_type={SECRET}",
    "client_id": f"grant_type=password&client_id={SECRET}&client_secret=x",
    "username": f"grant_type=password&username={SECRET}",
    "a name": f"grant_type=password&{SECRET}",
    "a name with a value": f"grant_type=password&{SECRET}=1",
    "all": SECRET,
}
DOCUMENTS: dict[str, Any] = {
    "a field": {"name": "n", "retailerId": "1", "clientSecret": SECRET},
    "a field of a field": {"name": "n", "retailerId": "1", "auth": {"user": {"passwd": SECRET}}},
    "a list": {"name": "n", "retailerId": "1", "meta": [{"api_key": SECRET}]},
    "a text": {"name": f"login with password={SECRET} now", "retailerId": "1"},
    "a text of JSON": {"name": WRITTEN, "retailerId": "1"},
    "a name": {"name": "n", "retailerId": "1", f"password={SECRET}": 1},
    "a wrong field": {"name": "n", "retailerId": "1", "password": SECRET, "status": SECRET},
}
GRAPHQL: dict[str, Any] = {
    "a variable": {"query": "query q($password: String!) { a }", "variables": {"password": SECRET}},
    "a variable of another type": {
        "query": "query q($token: Int!) { inventoryPositions(first: $token) { edges { cursor } } }",
        "variables": {"token": SECRET},
    },
    "an argument": {"query": f'{{ login(user: "a", password: "{SECRET}") {{ id }} }}'},
}


def all_that_is_told(client: Client) -> str:
    """Of the requests until now, in every way."""
    assert client.simulator.settle()
    listed = client.http.get("/__admin/requests?count=1000")
    told = listed.get_data(as_text=True)
    for one in listed.get_json()["results"]:
        told += client.http.get(f"/__admin/requests/{one['id']}").get_data(as_text=True)
        for form in ("curl", "pytest"):
            sent_again = client.http.get(f"/__admin/requests/{one['id']}?as={form}")
            told += sent_again.get_data(as_text=True)
    for form in FORMATS:
        told += client.http.get(f"/__admin/conformance?format={form}").get_data(as_text=True)
    return told


def hides(client: Client) -> None:
    """Hold all that is told to have no secret, and no search to find one."""
    told = all_that_is_told(client)
    for secret in (SECRET, quote(SECRET), BASIC):
        assert [part[-200:] for part in told.split(secret)[:-1]] == []
    assert seen(client, text=SECRET[:9]) == []
    assert seen(client, path=SECRET[:9]) == []


def seen(client: Client, **filters: str) -> list[Document]:
    reply = client.http.get("/__admin/requests", query_string=filters)
    found: list[Document] = reply.get_json()["results"]
    return found


@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)
@pytest.mark.parametrize("path", [EVENT, "/api/v4.1/event", SIGN_IN, "/oauth/tokens", "/nothing"])
def test_no_query_tells_a_secret(client: Client, path: str, query: str) -> None:
    client.http.get(f"{path}?{query}", headers=client.headers)
    client.http.post(f"{path}?{query}", headers=client.headers)

    hides(client)


@pytest.mark.parametrize("form", IN_PLACE_OF.values(), ids=IN_PLACE_OF)
def test_no_secret_in_the_wrong_field_of_a_sign_in_is_told(client: Client, form: str) -> None:
    declared = "application/x-www-form-urlencoded"
    client.http.post(SIGN_IN, data=form, content_type=declared)
    client.http.post(f"{SIGN_IN}?{form}")
    client.http.post(SIGN_IN, json={"grant_type": "password", "client_secret": SECRET})
    client.http.post(SIGN_IN, data=form, content_type="text/plain")

    hides(client)
    assert seen(client, operation="issueToken")


@pytest.mark.parametrize("document", DOCUMENTS.values(), ids=DOCUMENTS)
def test_no_body_tells_a_secret(client: Client, document: Document) -> None:
    client.post(JOB, document)
    client.post(JOB, document | {"retailerId": None})
    client.post(EVENT, deltas(delta("D45", "LOC_MEL", -1, "d1")) | document)
    client.post(EVENT, {**document, "retailerId": []})
    client.post(f"{JOB}/1/batch", {"action": "UPSERT", "entities": [document]} | document)
    client.post("/graphql", document)

    hides(client)


@pytest.mark.parametrize("document", GRAPHQL.values(), ids=GRAPHQL)
def test_no_graphql_tells_a_secret(client: Client, document: Document) -> None:
    client.post("/graphql", document)

    hides(client)


@pytest.mark.parametrize("body", [WRITTEN[:-2], f"\xff{WRITTEN}", WRITTEN + WRITTEN])
def test_no_broken_body_tells_a_secret(client: Client, body: str) -> None:
    for path in (JOB, EVENT, "/graphql"):
        headers = {**client.headers, "Content-Type": "application/json"}
        client.http.post(path, data=body.encode("latin-1"), headers=headers)

    hides(client)


@pytest.mark.parametrize("scheme", ["Bearer", "Basic", "token", "ApiKey"])
def test_what_was_shown_to_be_let_in_is_told_nowhere(client: Client, scheme: str) -> None:
    shown = BASIC if scheme == "Basic" else SECRET
    headers = {"Authorization": f"{scheme} {shown}", "User-Agent": f"connector {SECRET}"}
    for path in (f"/api/v4.1/event/{SECRET}", f"{SIGN_IN};password={SECRET}", SIGN_IN):
        client.http.get(f"{path}?name={SECRET}", headers=headers)

    hides(client)


def test_a_token_in_force_is_told_nowhere(client: Client) -> None:
    client.sign_in()
    token = client.headers["Authorization"].split()[1]
    headers = client.headers | {"User-Agent": token}
    client.http.get(f"/api/v4.1/event/{token}?name={token}", headers=headers)
    client.post(JOB, {"name": f"sync {token}", "retailerId": "1"})

    assert token not in all_that_is_told(client)
    assert seen(client, text=token[:8]) == []


def test_what_is_no_secret_is_told_as_it_was_sent(client: Client) -> None:
    body = {"name": "token_type and basic information, secretly", "retailerId": "1", "x": "100%"}
    client.post(f"{JOB}?name=a%20b+c;d&start=%C3%A9", body)
    [found] = seen(client, operation="createJob")
    whole = client.http.get(f"/__admin/requests/{found['id']}").get_json()

    assert found["query"] == "name=a%20b+c;d&start=%C3%A9"
    assert REDACTED not in str(whole)
    assert seen(client, text="basic information") == [found]


def test_the_command_for_curl_has_a_gap_for_each_secret(client: Client) -> None:
    client.post(JOB, {"name": "n", "retailerId": "1", "password": SECRET})
    [found] = seen(client, operation="createJob")
    command = client.http.get(f"/__admin/requests/{found['id']}?as=curl").get_data(as_text=True)

    assert '{"name":"n","password":"<redacted>","retailerId":"1"}' in command


WORDS = ("client", "user", "new", "access", "api", "x", "my")
SECRET_WORDS = ("password", "secret", "token", "passwd", "apikey", "authorization")


def test_of_a_body_that_names_thousands_of_secrets_none_is_told_where_it_is_named(
    client: Client,
) -> None:
    secrets = [f"s3cret-{number}" for number in range(2_000)]
    named = {f"password{number}": secret for number, secret in enumerate(secrets)}

    # Each of them would be looked for in each of the texts: some hundred are.
    assert len(Redaction().secrets_of("", json.dumps(named).encode())) == MOST_NAMED
    client.post(EVENT, {"name": "E", "attributes": named})
    [request] = client.http.get("/__admin/requests?operation=sendEvent").get_json()["results"]
    told = client.http.get(f"/__admin/requests/{request['id']}").get_data(as_text=True)

    assert "s3cret-" not in told
    assert told.count(REDACTED) == len(secrets)


@given(
    st.lists(st.sampled_from(WORDS), max_size=3),
    st.sampled_from(SECRET_WORDS),
    st.sampled_from(["", "_", "-", ".", " ", "%5F", "%255f"]),
    st.sampled_from([str.lower, str.upper, str.title]),
)
def test_a_name_is_a_secrets_however_it_is_spelt(
    before: list[str], word: str, between: str, spelt: Any
) -> None:
    assert is_secret(between.join(map(spelt, [*before, word])))


@pytest.mark.parametrize("name", ["token_type", "tokenSeconds", "name", "passenger", "oauth"])
def test_other_names_are_none(name: str) -> None:
    assert not is_secret(name)


@given(st.text(max_size=60), st.text(max_size=60))
def test_what_is_known_stands_in_no_text(before: str, after: str) -> None:
    assert SECRET not in Redaction([SECRET]).text(before + SECRET + after)


@given(st.recursive(st.text(max_size=8) | st.integers(), lambda inner: st.lists(inner, max_size=3)))
def test_a_body_without_secrets_stays_as_it_is(document: object) -> None:
    body = json.dumps(document).encode()
    told = Redaction().body(body)
    assert told == body.decode() or REDACTED in told
