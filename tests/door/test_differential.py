"""The door and Flask give one answer, to the byte, whatever comes."""

import json
import re
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from fluent_oms_simulator import Settings, Simulator, build
from fluent_oms_simulator.clock import VirtualClock
from fluent_oms_simulator.operations import administration
from fluent_oms_simulator.serving.door.raw_answers import RawAnswer
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ..conftest import NOON
from ..contracts.helpers.mutations import BASES, bodies, written
from ..support import batch, delta, deltas, record
from .helpers.as_granian import AtTheDoor, Call

JSON = {"Content-Type": "application/json"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
PATHS = {
    "batch": "/api/v4.1/job/1/batch",
    "delta event": "/api/v4.1/event/async",
    "fulfilment event": "/api/v4.1/event/sync",
    "job": "/api/v4.1/job",
}
MADE_UP = re.compile(rb"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{32}")
"""Ids and tokens, which no two simulators share."""


class Twins:
    """Two simulators that are told the same, one through the door and one past it."""

    def __init__(self, auth: str, *, stock: bool = True, admin_token: str | None = None) -> None:
        self._stock = stock
        at = Settings(seed_data="demo", auth=auth, admin_token=admin_token)  # type: ignore[arg-type]
        self._inside, self._outside = (AtTheDoor(build(at, VirtualClock(NOON))) for _ in range(2))
        self._still = pytest.MonkeyPatch()

    def __enter__(self) -> "Twins":
        # They are as old as each other, whenever each is asked.
        self._still.setattr(administration, "time", SimpleNamespace(monotonic=lambda: 7.0))
        for twin in (self._inside, self._outside):
            twin.simulator.started_at = 0.0
        self._inside.__enter__()
        self._outside.__enter__()
        if not self._stock:
            return self
        for path, body in (
            ("/api/v4.1/job", {"name": "first", "retailerId": "1"}),
            ("/api/v4.1/job/1/batch", batch(record("SKU_1", "LOC_1", 5))),
        ):
            self.agree(Call("POST", path, json.dumps(body).encode(), JSON))
        return self

    def __exit__(self, *_: object) -> None:
        self._still.undo()
        self._inside.__exit__(None, None, None)
        self._outside.__exit__(None, None, None)

    def agree(self, call: Call) -> RawAnswer:
        """Hold both ways to one answer, which is returned; all of it has been applied then."""
        through = self._inside.through(call)
        past = self._outside.past(call)
        for twin in (self._inside, self._outside):
            settle(twin.simulator)

        assert through.status == past.status, (call, through, past)
        assert headers(through) == headers(past), call
        assert told(through) == told(past), call
        return through

    def remember_the_same(self) -> None:
        """Hold the reports on all that came to one text."""
        query = Call("GET", "/__admin/conformance", query="format=json")
        reports = [told(twin.past(query)) for twin in (self._inside, self._outside)]
        assert reports[0] == reports[1]

    def break_it(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Plant a defect where events are kept, where tokens are made, and in what is told."""
        for twin in (self._inside, self._outside):
            monkeypatch.setattr(twin.simulator.event_log, "add", lambda _: 1 / 0)
            monkeypatch.setattr(twin.simulator.access_tokens, "issue", lambda **_: 1 / 0)
            for name in ("ready", "health"):
                monkeypatch.setattr(twin.simulator.admin, name, lambda **_: 1 / 0)


def settle(simulator: Simulator) -> None:
    """Have all applied that was accepted and examined what was said: health counts what waits."""
    worlds = simulator.worlds
    assert worlds is not None
    assert worlds.settle(60)
    for one in (simulator, *(world.simulator for world in worlds)):
        if one.examination is not None:
            with one.examination.examined():
                pass


def told(answer: RawAnswer) -> bytes:
    return MADE_UP.sub(b"made up", answer.body)


def headers(answer: RawAnswer) -> set[tuple[str, str]]:
    """All but what becomes of the connection, which only the door knows."""
    named = {(name.lower(), value) for name, value in answer.headers}
    return {pair for pair in named if pair[0] != "connection"}


@pytest.fixture(scope="module")
def twins() -> Iterator[Twins]:
    with Twins("off") as found:
        yield found


EVENT = json.dumps(deltas(delta("D45", "LOC_MEL", -2, "one"))).encode()
JOB = b'{"name":"n","retailerId":"1"}'
HEADERS = {
    "plain": JSON,
    "no type": {},
    "another type": {"Content-Type": "text/plain"},
    "a type with a charset": {"Content-Type": "application/json; charset=utf-8"},
    "a type in capitals": {"Content-Type": "Application/JSON"},
    "a form": FORM,
    "packed": {**JSON, "Content-Encoding": "gzip"},
    "packed in an unknown way": {**JSON, "Content-Encoding": "br"},
    "from a page": {**JSON, "Origin": "http://other.example"},
    "from a page of its own": {**JSON, "Origin": "http://localhost:4141"},
    "by a browser": {**JSON, "Sec-Fetch-Site": "cross-site"},
    "with a token": {**JSON, "Authorization": "Bearer wrong"},
    "with a password": {**JSON, "Authorization": "Basic YTpi"},
    "by a named client": {**JSON, "User-Agent": "connector/1.0"},
    "that asks first": {**JSON, "Expect": "100-continue"},
    "of another host": {**JSON, "Host": "other.example"},
    "of this host by its address": {**JSON, "Host": "127.0.0.1"},
}
READ = [
    "/api/v4.1/event",
    "/api/v4.1/event/none",
    "/api/v4.1/event/0b6a4d34-57e9-4e3a-8b1c-000000000000",
    "/api/v4.1/event/%20",
    "/api/v4.1/job/1",
    "/api/v4.1/job/99",
    "/api/v4.1/job/-1",
    "/api/v4.1/job/1/batch/1",
    "/api/v4.1/job/1/batch/99",
    "/api/v4.1/job/99/batch/1",
    "/api/v4.1/job/1/results",
    "/api/v4.1/job/1/",
    "//api/v4.1/job/1",
    "/api/v4.1/jobs/1",
    "/api/v4.1/job/é",
    "/",
    "/__admin/ready",
    "/__admin/ready/",
    "/__admin/positions",
]


@pytest.mark.parametrize("sent", HEADERS.values(), ids=HEADERS)
@pytest.mark.parametrize("path", [*PATHS.values(), "/graphql", "/oauth/token", "/nothing"])
def test_one_answer_whatever_the_headers(twins: Twins, path: str, sent: dict[str, str]) -> None:
    for body in (EVENT, JOB, b"", None):
        twins.agree(Call("POST", path, body, sent))


def test_one_refusal_where_a_token_is_needed() -> None:
    with Twins("strict", stock=False) as strict:
        for sent in HEADERS.values():
            for path in PATHS.values():
                assert strict.agree(Call("POST", path, EVENT, sent)).status in (401, 403)
        for path in READ[:12]:
            assert strict.agree(Call("GET", path)).status == 401


TWICE = [
    ("Content-Type", "application/json"),
    ("Content-Type", "text/plain"),
    ("Authorization", "Bearer other"),
    ("User-Agent", "other"),
]


@pytest.mark.parametrize("again", TWICE, ids=str)
def test_one_answer_where_a_header_stands_twice(again: tuple[str, str]) -> None:
    sent = {**JSON, "Authorization": "Bearer wrong", "User-Agent": "one"}
    for auth in ("off", "strict"):
        with Twins(auth, stock=False) as own:
            for path in PATHS.values():
                own.agree(Call("POST", path, EVENT, sent, twice=(again,)))
            own.agree(Call("GET", "/api/v4.1/job/1", headers=sent, twice=(again,)))


@pytest.mark.parametrize("path", READ)
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"])
def test_one_answer_to_what_reads(twins: Twins, path: str, method: str) -> None:
    for query in ("", "count=1", "nonsense=%ff", "start=-1", "name=é"):
        twins.agree(Call(method, path, query=query))
    twins.agree(Call(method, path, b"x", JSON))


@pytest.mark.parametrize("admin_token", [None, "open-sesame"])
def test_one_answer_to_how_it_is(admin_token: str | None) -> None:
    with Twins("strict", stock=False, admin_token=admin_token) as asked:
        shown = [{"Authorization": f"{scheme} open-sesame"} for scheme in ("Bearer", "bEARER", "B")]
        for sent in (*HEADERS.values(), *shown, {"Authorization": "\xff"}):
            plain = {name: value for name, value in sent.items() if name != "Content-Type"}
            for path in ("/__admin/ready", "/__admin/health"):
                asked.agree(Call("GET", path, headers=sent))
                asked.agree(Call("GET", path, headers=plain))
                asked.agree(Call("GET", path, b"x", headers=plain))
                asked.agree(Call("GET", path, headers=plain, twice=(("Authorization", "B"),)))
        # Of one that has had no traffic, which health counts as it is examined.
        for method in ("HEAD", "POST", "PUT", "OPTIONS"):
            for query in ("", "nonsense=%ff"):
                asked.agree(Call(method, "/__admin/health", query=query))
        asked.agree(Call("GET", "/__admin/health", query="nonsense=%ff"))
        asked.agree(Call("GET", "/__admin/health/"))


SIGN_IN = "/oauth/token"
GRANT = (
    "grant_type=password&client_id=fluent-sim&client_secret=fluent-sim-secret"
    "&username=sim&password=sim-password"
)
FORMS = {
    "sound": GRANT,
    "of a client alone": GRANT.replace("password&", "client_credentials&"),
    "of a spent token": GRANT.replace("password&", "refresh_token&refresh_token=none&"),
    "of no known grant": GRANT.replace("password&", "magic&"),
    "with a wrong secret": GRANT.replace("fluent-sim-secret", "wrong"),
    "with a wrong password": GRANT.replace("sim-password", "wrong"),
    "with a field twice": f"{GRANT}&username=other&grant_type=magic",
    "with an empty field": GRANT.replace("=sim&", "=&"),
    "without a field": GRANT.replace("username=sim&", ""),
    "with signs that stand for others": GRANT.replace("sim-secret", "sim%2Dsecret") + "&+a=%20",
    "with fields of no meaning": f"&&=&a&{GRANT}&=b;c=d&&",
    "in another alphabet": f"{GRANT}&username=\u00e9",
    "that is not UTF-8": f"{GRANT}&username=%ff",
    "that is long": f"{GRANT}&filler={'x' * 5_000}",
    "that is empty": "",
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_one_answer_to_who_signs_in(twins: Twins, form: str) -> None:
    for sent in HEADERS.values():
        for declared in (FORM, {**FORM, "Content-Type": FORM["Content-Type"] + "; charset=utf-8"}):
            twins.agree(Call("POST", SIGN_IN, form.encode(), {**sent, **declared}))
    for encoding in ("latin-1", "utf-16"):
        twins.agree(Call("POST", SIGN_IN, form.encode(encoding), FORM))
    twins.agree(Call("POST", SIGN_IN, form.encode(), FORM, twice=(("Content-Type", "text/plain"),)))
    twins.agree(Call("POST", SIGN_IN, form.encode(), FORM, query="username=other&scope=%ff"))
    twins.agree(Call("POST", SIGN_IN, None, FORM, query=form if form.isascii() else ""))
    twins.agree(Call("PUT", SIGN_IN, form.encode(), FORM))


@pytest.mark.parametrize("kind", PATHS)
def test_one_answer_to_what_is_sound(twins: Twins, kind: str) -> None:
    for base in BASES[kind]:
        twins.agree(Call("POST", PATHS[kind], written(base).encode(), JSON))


def hold_to_one_answer(twins: Twins, kind: str, body: bytes) -> None:
    twins.agree(Call("POST", PATHS[kind], body, JSON))


quick = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
long = settings(quick, max_examples=2_500)


@pytest.mark.parametrize("kind", PATHS)
@quick
@given(data=st.data())
def test_one_answer_to_what_is_broken(twins: Twins, kind: str, data: st.DataObject) -> None:
    hold_to_one_answer(twins, kind, data.draw(bodies(kind)))


SIGNS = st.sampled_from("&=+;%\xe9\x00 a") | st.sampled_from(["%ff", "%20", "username=", "\ufeff"])


@quick
@given(st.lists(SIGNS | st.sampled_from(GRANT.split("&")), max_size=30).map("".join))
def test_one_answer_to_a_broken_form(twins: Twins, form: str) -> None:
    twins.agree(Call("POST", SIGN_IN, form.encode(), FORM))


@pytest.mark.slow
@pytest.mark.parametrize("kind", PATHS)
@long
@given(data=st.data())
def test_one_answer_to_thousands_that_are_broken(
    twins: Twins, kind: str, data: st.DataObject
) -> None:
    hold_to_one_answer(twins, kind, data.draw(bodies(kind)))


def test_one_memory_of_what_came() -> None:
    with Twins("off") as fresh:
        for sent in HEADERS.values():
            for path in PATHS.values():
                fresh.agree(Call("POST", path, EVENT, sent))
        for path in READ[:12]:
            fresh.agree(Call("GET", path))
        for form in FORMS.values():
            sent = {**FORM, "Authorization": "Bearer other", "User-Agent": "connector/1.0"}
            fresh.agree(Call("POST", SIGN_IN, form.encode(), sent))
        fresh.agree(Call("GET", "/__admin/ready"))

        fresh.remember_the_same()


def test_a_defect_is_told_in_one_way(monkeypatch: pytest.MonkeyPatch) -> None:
    with Twins("off") as broken:
        broken.break_it(monkeypatch)

        assert broken.agree(Call("POST", PATHS["delta event"], EVENT, JSON)).status == 500
        for path in ("/__admin/ready", "/__admin/health"):
            assert broken.agree(Call("GET", path)).status == 500
        assert broken.agree(Call("POST", SIGN_IN, GRANT.encode(), FORM)).status == 500


def test_a_stream_of_deltas_leaves_no_bells_to_be_rung() -> None:
    with AtTheDoor(build(Settings(seed_data="none", auth="off"))) as served:
        call = Call("POST", PATHS["delta event"], EVENT, JSON)
        for _ in range(3_000):
            assert served.through(call).status == 200
        assert served.simulator.settle()

        assert served.simulator.worker._bell.qsize() < 10
