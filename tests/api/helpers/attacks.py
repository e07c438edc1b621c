"""Requests that no sound client sends, made up at random out of sound ones."""

import json
import random
import string
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from werkzeug.test import TestResponse

from ...support import Client, batch, delta, deltas, event, item, record, updates

JOB = "/api/v4.1/job"
BATCH = "/api/v4.1/job/1/batch"
ASYNC = "/api/v4.1/event/async"
SYNC = "/api/v4.1/event/sync"


@dataclass(frozen=True)
class Attack:
    """One request, as a server hands it to the application."""

    method: str
    path: str
    body: bytes = b""
    content_type: str | None = "application/json"
    query: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    environ: dict[str, str] = field(default_factory=dict)

    def send(self, client: Client) -> TestResponse:
        raw = {
            "PATH_INFO": self.path.encode(errors="surrogatepass").decode("latin-1"),
            "QUERY_STRING": self.query.encode(errors="surrogatepass").decode("latin-1"),
            **self.environ,
        }
        return client.http.open(
            "/",
            method=self.method,
            data=self.body,
            content_type=self.content_type,
            headers={**client.headers, **self.headers},
            environ_overrides=raw,
        )


PAYLOADS: list[tuple[str, object]] = [
    (JOB, {"name": "load", "retailerId": "1", "meta": {"preprocessing": "skip"}}),
    (
        BATCH,
        batch(
            record("SKU_1", "LOC_1", 500, correctedQty=0, retailerId=1),
            record("SKU_1", "LOC_2", -5, type="EXPECTED", ref="R1", attributes={"a": [1]}),
            source="ERP",
            event="InventoryChanged",
            catalogueRef="DEFAULT:1",
            conditions={"hasRelatedInventoryQuantities": [{"type": "SALE", "status": "ACTIVE"}]},
        ),
    ),
    (
        ASYNC,
        deltas(
            delta("SKU_1", "LOC_1", -10, "123AT"),
            delta("SKU_1", "LOC_1", 20, "123AY"),
            accountId="FCTRAIN1001",
        ),
    ),
    (SYNC, updates(item("SKU_1", "LOC_1", "100", quantity=0, reserveQty="-5", saleQty=0))),
    (SYNC, event("InventoryChanged", None)),
    (ASYNC, event("Other", {"a": {"b": [None, True, 1.5]}}, source="S", type="NORMAL")),
]

JUNK: list[object] = [
    None,
    True,
    False,
    0,
    -1,
    1.0,
    1.5,
    -0.0,
    2**31,
    -(2**31) - 1,
    2**53,
    2**63,
    2**64,
    -(2**64),
    10**30,
    1e308,
    5e-324,
    "",
    "1",
    "-5",
    "+",
    "٣",
    "\x00",
    "\x7f",
    "\u2028",
    "\ud800",
    "😀",
    "DEFAULT:1",
    "A:B:C",
    "/",
    "x" * 101,
    "x" * 5000,
    "' OR 1=1",
    "${7*7}",
    "__proto__",
    [],
    [[]],
    {},
    {"": {}},
    [None] * 300,
    ["x", 1, {"qty": 5}],
    {"$ref": "#"},
    {"qty": {"qty": {"qty": 1}}},
]


def mutated(chance: random.Random, value: object) -> object:
    """The document with one part replaced, dropped, doubled or wrapped."""
    if isinstance(value, dict) and value and chance.random() < 0.85:
        key = chance.choice(list(value))
        changed = dict(value)
        match chance.randrange(8):
            case 0:
                del changed[key]
            case 1:
                changed[chance.choice(string.ascii_letters)] = chance.choice(JUNK)
            case 2:
                changed[key + chance.choice(["", " ", "X", "\x00"])] = chance.choice(JUNK)
            case _:
                changed[key] = mutated(chance, value[key])
        return changed
    if isinstance(value, list) and value and chance.random() < 0.85:
        index = chance.randrange(len(value))
        listed = list(value)
        match chance.randrange(6):
            case 0:
                del listed[index]
            case 1:
                listed.append(value[index])
            case 2:
                listed *= chance.choice([0, 2, 60])
            case _:
                listed[index] = mutated(chance, value[index])
        return listed
    if isinstance(value, int) and chance.random() < 0.3:
        return chance.choice([value + 0.5, float(value), -value, str(value), value * 2**40])
    if isinstance(value, str) and chance.random() < 0.3:
        return chance.choice([value.lower(), value + " ", value[::-1], value * 40, [value]])
    return chance.choice(JUNK)


def corrupted(chance: random.Random, body: bytes) -> bytes:
    """The bytes with some flipped, cut, doubled or put in."""
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(len(body) + 1)
        match chance.randrange(6):
            case 0:
                body = body[:at]
            case 1:
                body = body[:at] + bytes([chance.randrange(256)]) + body[at + 1 :]
            case 2:
                body = body[:at] + chance.choice(TOKENS) + body[at:]
            case 3:
                body = body[:at] + body[chance.randrange(len(body) + 1) :]
            case 4:
                body = body[:at] + body[at : at + 20] * 2 + body[at + 20 :]
            case _:
                body = body[:at] + body[at + 1 :]
    return body


TOKENS = [
    b"{",
    b"}",
    b"[",
    b"]",
    b'"',
    b",",
    b":",
    b"\\",
    b"\\u0000",
    b"\\ud800",
    b"1e400",
    b"NaN",
    b"-",
    b".0",
    b"e9",
    b"\x00",
    b"\xff\xfe",
    b"\xed\xa0\x80",
    b"\xef\xbb\xbf",
    b"[" * 300,
    b'{"a":' * 1100,
    b"9" * 400,
    b" " * 50,
    b"/**/",
    b"null",
]


def mutated_payload(chance: random.Random) -> Attack:
    path, document = chance.choice(PAYLOADS)
    for _ in range(chance.randint(1, 4)):
        document = mutated(chance, document)
    if chance.random() < 0.1:
        path = chance.choice([JOB, BATCH, ASYNC, SYNC])
    return Attack("POST", path, json.dumps(document).encode())


def corrupted_payload(chance: random.Random) -> Attack:
    path, document = chance.choice(PAYLOADS)
    return Attack("POST", path, corrupted(chance, json.dumps(document).encode()))


def odd_declaration(chance: random.Random) -> Attack:
    path, document = chance.choice(PAYLOADS)
    attack = Attack(
        "POST",
        path,
        json.dumps(document).encode(),
        chance.choice(
            [
                None,
                "",
                ";",
                "application/json; charset=nope",
                "application/json; charset=utf-16",
                "application/json;;;=;",
                "text/plain",
                "multipart/form-data",
                "multipart/form-data; boundary=",
                "application/x-www-form-urlencoded",
                "é/ü",
                "x" * 5000,
            ]
        ),
    )
    length = chance.choice([None, "", "abc", "-1", "0", "5", "9" * 12, "9" * 40, "1e3", "٣"])
    if length is not None:
        raw = length.encode().decode("latin-1")
        attack = replace(attack, environ={"CONTENT_LENGTH": raw})
    coding = chance.choice([None, "gzip", "deflate", "nope"])
    if coding is not None:
        attack = replace(attack, headers={"Content-Encoding": coding})
    return attack


SEGMENTS = [
    "",
    "api",
    "API",
    "v4.1",
    "v4",
    "job",
    "1",
    "2",
    "01",
    "batch",
    "event",
    "async",
    "sync",
    "results",
    "oauth",
    "token",
    "__admin",
    "health",
    "ready",
    "positions",
    "behaviours",
    "SKU_1:LOC_1:DEFAULT",
    ":::",
    "..",
    ".",
    "%2F",
    "%00",
    "\x00",
    "\n",
    "é",
    "\ud800",
    "٣",
    "9" * 50,
    "x" * 3000,
    "a b",
    "?",
    "#",
    ";",
    "\\",
    "{}",
    "<script>",
]


def odd_path(chance: random.Random) -> Attack:
    if chance.random() < 0.5:
        path = chance.choice([JOB, BATCH, ASYNC, "/api/v4.1/event", "/__admin/positions"])
        path += "/" + "/".join(chance.choices(SEGMENTS, k=chance.randint(1, 3)))
    else:
        path = "/" * chance.randint(0, 2) + "/".join(
            chance.choices(SEGMENTS, k=chance.randint(1, 6))
        )
    method = chance.choice(["GET", "GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "X-Y", "get"])
    if path.startswith("/__ui") or path == "/openapi.json":
        method = "PUT"
    return Attack(method, path, b"{}" if method == "POST" else b"")


QUERY_NAMES = [
    "start",
    "count",
    "from",
    "to",
    "name",
    "category",
    "retailerId",
    "eventType",
    "eventStatus",
    "eventId",
    "context.entityType",
    "context.entityId",
    "context.entityRef",
    "context.rootEntityType",
    "context.rootEntityId",
    "context.rootEntityRef",
    "context.sourceEvents",
    "productRef",
    "locationRef",
    "catalogueRef",
    "x",
    "",
]

QUERY_VALUES = [
    "",
    "0",
    "1",
    "-1",
    "1.5",
    "1e3",
    "9" * 15,
    "9" * 16,
    "9" * 400,
    "%D9%A3",
    "٣",
    "%00",
    "%ff%fe",
    "%ED%A0%80",
    "%",
    "%zz",
    "+",
    "DEFAULT:1",
    "SKU_1",
    "LOC_1",
    "NO_MATCH",
    "2026-02-05T06:31:56.895Z",
    "2026-02-05T06:31:56.895+00:00",
    "2026-02-05T06%3A31%3A56.895%2B00%3A00",
    "0001-01-01T00:00:00%2B14:00",
    "0001-01-01",
    "9999-12-31T23:59:59.999999-14:00",
    "9999-12-31",
    "2026-02-30",
    "2026-W06-4",
    "20260205",
    "T",
    "now",
    "10000-01-01T00:00:00Z",
    "x" * 5000,
]


def odd_query(chance: random.Random) -> Attack:
    path = chance.choice(
        ["/api/v4.1/event", "/api/v4.1/event", "/__admin/positions", JOB + "/1", BATCH + "/1"]
    )
    parts = [
        chance.choice(QUERY_NAMES)
        + chance.choice(["=", "=", "=", ""])
        + chance.choice(QUERY_VALUES)
        for _ in range(chance.randint(1, 4))
    ]
    return Attack("GET", path, query=chance.choice(["&", "&", ";", "&&"]).join(parts))


def odd_authorization(chance: random.Random) -> Attack:
    value = chance.choice(
        [
            "",
            " ",
            "Bearer",
            "Bearer ",
            "bearer  ",
            "Bearer x",
            "Bearer x y z",
            "Basic Zm9vOmJhcg==",
            "Basic ====",
            "Basic é",
            "Digest username=",
            "Digest =,=,",
            "Negotiate",
            "é",
            "Bearer é",
            "Bearer " + "x" * 9000,
            "Bearer\tx",
            "null",
            "\xff\xfe",
        ]
    )
    path = chance.choice([JOB, BATCH, ASYNC, "/api/v4.1/event", "/api/nope", "/graphql"])
    return Attack(chance.choice(["GET", "POST"]), path, headers={"Authorization": value})


FORM = (
    b"grant_type=password&client_id=fluent-sim&client_secret=fluent-sim-secret"
    b"&username=sim&password=sim-password&scope=api"
)

MULTIPART = (
    b'--B\r\nContent-Disposition: form-data; name="grant_type"\r\n\r\npassword\r\n'
    b'--B\r\nContent-Disposition: form-data; name="client_id"; filename="a"\r\n'
    b"Content-Type: text/plain; charset=utf-16\r\n\r\nfluent-sim\r\n--B--\r\n"
)


def odd_sign_in(chance: random.Random) -> Attack:
    attack = Attack("POST", "/oauth/token", FORM, "application/x-www-form-urlencoded")
    match chance.randrange(6):
        case 0:
            return replace(attack, body=corrupted(chance, FORM))
        case 1:
            kind = chance.choice(["B", '"B"', "", "é", "x" * 300, "B; charset=nope"])
            body = corrupted(chance, MULTIPART)
            return replace(attack, body=body, content_type=f"multipart/form-data; boundary={kind}")
        case 2:
            body = corrupted(chance, FORM) + b"&x=%ff%fe&%ff=%00&=&&=;"
            return replace(attack, body=body)
        case 3:
            query = corrupted(chance, FORM).decode("latin-1")
            return replace(attack, body=b"", content_type=None, query=query)
        case 4:
            body = b"&".join(b"a%d=1" % number for number in range(chance.choice([10, 2000])))
            return replace(attack, body=body)
        case _:
            names = chance.sample(["grant_type", "client_id", "username", "password"], 2)
            body = FORM + b"".join(b"&%s=%%f0%%9f" % name.encode() for name in names)
            return replace(attack, body=body, content_type=chance.choice(["application/json", "x"]))


def odd_headers(chance: random.Random) -> Attack:
    name = chance.choice(
        ["Host", "Cookie", "Accept", "Range", "fluent.account", "Expect", "X-Forwarded-Host"]
    )
    value = chance.choice(["", "é", "[", "a:b:c", "x" * 5000, "%00", "bytes=9-1", "\xff", "a=b;=;"])
    return Attack("GET", "/api/v4.1/event", headers={name: value})


ATTACKS: list[Callable[[random.Random], Attack]] = [
    mutated_payload,
    corrupted_payload,
    odd_declaration,
    odd_path,
    odd_query,
    odd_authorization,
    odd_sign_in,
    odd_headers,
]

HEAVY: dict[Callable[[random.Random], Attack], int] = {
    mutated_payload: 1200,
    corrupted_payload: 1000,
    odd_path: 800,
    odd_query: 600,
}
