"""What is remembered of the heads of requests, of which most come again and again."""

import gc
import tracemalloc

from fluent_oms_simulator.serving.door.environ import environ_of

from .helpers.as_granian import Call

MEBIBYTE = 1024 * 1024


def head(number: int) -> None:
    name = f"X-{number}-" + "x" * 20_000
    environ = environ_of(Call("GET", "/", headers={name: "here"}).scope(), b"")
    assert environ["HTTP_" + name.upper().replace("-", "_")] == "here"


def test_names_of_headers_as_long_as_a_head_are_not_kept() -> None:
    head(0)
    tracemalloc.start()
    try:
        for number in range(500):
            head(number)
        gc.collect()
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert held < MEBIBYTE
