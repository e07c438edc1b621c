"""The caretaker has the young objects looked through, however few are left of those made."""

import subprocess
import sys

LETS_GO = """
import gc, multiprocessing, threading, weakref
from fluent_oms_simulator.serving.door.caretaker import Caretaker

class Door:
    is_busy = False
    def give_up(self, *, all_of_them=False): pass
    def finish(self): print("finished", flush=True)

class Knot:
    def __init__(self): self.itself = self

gc.disable()
gone = threading.Event()
weakref.finalize(Knot(), gone.set)
stopping, stop = multiprocessing.Pipe(duplex=False)
Caretaker(Door(), stopping).start()
print("gone" if gone.wait(60) else "kept", flush=True)
stop.send_bytes(b"stop")
threading.Event().wait(60)
"""


def test_what_holds_itself_is_let_go_of_though_the_collector_sees_no_need() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LETS_GO], capture_output=True, text=True, timeout=200, check=False
    )

    assert (done.returncode, done.stdout, done.stderr) == (0, "gone\nfinished\n", "")


def test_a_process_that_was_asked_to_stop_ends_whatever_fails_on_the_way() -> None:
    fails = 'def finish(self): raise KeyError("a defect")'
    program = LETS_GO.replace('def finish(self): print("finished", flush=True)', fails)
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=200, check=False
    )

    assert (done.returncode, done.stdout) == (0, "gone\n")
    assert "a defect" in done.stderr
