"""The simulator's own calls are answered however many of Fluent's wait."""

import json
import time
from concurrent.futures import ThreadPoolExecutor

from fluent_oms_simulator import Settings, build
from fluent_oms_simulator.serving.door.threads import FOR_CALLS, FOR_OUR_OWN

from ..support import delta, deltas
from .helpers.as_granian import SECONDS, AtTheDoor, Call

HEADERS = {"Content-Type": "application/json"}
EVENT = json.dumps(deltas(delta("D45", "LOC_MEL", 1, "d1"))).encode()


def test_health_is_told_while_more_calls_wait_for_the_worker_than_there_are_threads() -> None:
    waiting = Call("POST", "/api/v4.1/event/sync", EVENT, HEADERS)
    with (
        AtTheDoor(build(Settings(auth="off", seed_data="none"))) as door,
        ThreadPoolExecutor(FOR_CALLS + 6) as callers,
    ):
        door.simulator.settle()
        with door.simulator.worker.quiet():
            calls = [callers.submit(door.through, waiting) for _ in range(FOR_CALLS + 6)]
            while door.simulator.worker.in_line.waiting[0] < FOR_CALLS:
                time.sleep(0.001)
            health = door.through(Call("GET", "/__admin/health"))
        answers = [call.result() for call in calls]

    assert health.status == 200
    assert json.loads(health.body)["waiting"]["events"] >= FOR_CALLS
    assert {answer.status for answer in answers} == {400}  # there is no such position


def test_health_is_told_while_many_wait_until_all_is_applied() -> None:
    settle = Call("POST", "/__admin/settle", query=f"wait={SECONDS}")
    many = FOR_OUR_OWN + 4
    with (
        AtTheDoor(build(Settings(auth="off", seed_data="none"))) as door,
        ThreadPoolExecutor(many + 2) as callers,
    ):
        door.simulator.settle()
        with door.simulator.worker.quiet():
            event = callers.submit(
                door.through, Call("POST", "/api/v4.1/event/async", EVENT, HEADERS)
            )
            while door.simulator.worker.in_line.waiting[0] == 0 and not event.done():
                time.sleep(0.001)
            settling = [callers.submit(door.through, settle) for _ in range(many)]
            health = callers.submit(door.through, Call("GET", "/__admin/health"))
            told = health.result(SECONDS / 2).status
        answers = [call.result() for call in settling]

    assert told == 200
    assert {answer.status for answer in answers} == {200}
