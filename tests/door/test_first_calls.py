"""What is answered while the application is not loaded yet."""

import errno
import json
import os
import threading
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import pytest
from fluent_oms_simulator import Settings, build, create_app
from fluent_oms_simulator.serving.late_application import LateApplication

from ..support import delta, deltas
from .helpers.as_granian import SECONDS, AtTheDoor, Call

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
GRANT = (
    b"grant_type=password&client_id=fluent-sim&client_secret=fluent-sim-secret"
    b"&username=sim&password=sim-password"
)


def never_loaded(_environ: Any, _start_response: Any) -> Iterable[bytes]:
    pytest.fail("the application was asked")


def test_the_first_calls_of_a_client_need_no_application() -> None:
    with AtTheDoor(build(Settings()), never_loaded) as served:
        assert served.simulator.settle()
        assert served.through(Call("GET", "/__admin/ready")).status == 200
        assert served.through(Call("GET", "/__admin/health")).status == 200

        grant = json.loads(served.through(Call("POST", "/oauth/token", GRANT, FORM)).body)
        signed_in = {
            "Authorization": f"Bearer {grant['access_token']}",
            "Content-Type": "application/json",
        }
        event = json.dumps(deltas(delta("D45", "LOC_MEL", -2, "one"))).encode()
        accepted = served.through(Call("POST", "/api/v4.1/event/async", event, signed_in))

        assert accepted.status == 200
        assert served.simulator.settle()
        found = json.loads(accepted.body)["id"]
        read = served.through(Call("GET", f"/api/v4.1/event/{found}", headers=signed_in))
        assert json.loads(read.body)["eventStatus"] == "SUCCESS"


def test_the_rest_is_loaded_once_somebody_was_told_that_it_is_ready() -> None:
    told: list[str] = []
    simulator = build(Settings(seed_data="none"))
    with AtTheDoor(simulator, never_loaded, lambda: told.append("ready")) as served:
        served.through(Call("GET", "/__admin/health"))
        assert told == []

        served.through(Call("GET", "/__admin/ready"))
        assert told == ["ready"]


class Counted:
    """Makes an application, and counts how often it did."""

    def __init__(self) -> None:
        self.made = 0
        self.may_go_on = threading.Event()

    def __call__(self) -> Any:
        assert self.may_go_on.wait(SECONDS)
        self.made += 1
        return lambda _environ, _start_response: [b"made"]


def test_it_is_made_once_however_many_ask_at_once() -> None:
    make = Counted()
    late = LateApplication(make)
    answers: list[Iterable[bytes]] = []
    asking = [
        threading.Thread(target=lambda: answers.append(late({}, lambda *_: lambda _: None)))
        for _ in range(8)
    ]
    for thread in asking:
        thread.start()
    late.load()
    late.load()

    make.may_go_on.set()
    for thread in asking:
        thread.join(SECONDS)

    assert answers == [[b"made"]] * 8
    assert make.made == 1


def test_one_that_could_not_be_made_is_told_to_each_who_asks() -> None:
    late = LateApplication(lambda: 1 / 0)  # type: ignore[arg-type, return-value]

    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            late({}, lambda *_: lambda _: None)


@pytest.mark.parametrize(
    "fault",
    [
        OSError(errno.EMFILE, os.strerror(errno.EMFILE)),
        ImportError(f"some.so: cannot open shared object file: {os.strerror(errno.EMFILE)}"),
    ],
    ids=["a file", "a library"],
)
def test_what_cannot_be_loaded_for_lack_of_files_is_loaded_once_there_are_some(
    fault: Exception,
) -> None:
    simulator = build(Settings(seed_data="none"))
    application = create_app(simulator)
    missing = [fault] * 3

    def make() -> "WSGIApplication":
        if missing:
            raise missing.pop()
        return application

    late = LateApplication(make)
    with AtTheDoor(simulator, late) as served:
        refused = served.through(Call("GET", "/__admin"))
        late.load()
        assert late._thread is not None
        late._thread.join(SECONDS)
        answered = served.through(Call("GET", "/__admin"))

    assert (refused.status, answered.status) == (503, 200)
    assert b"every file" in refused.body
