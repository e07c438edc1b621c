"""What a process that serves a simulator is tuned for: short pauses and a small heap."""

import ctypes
import gc
import sys

# Python's own 5 ms would let a running batch keep a reply waiting as long.
SECONDS_BETWEEN_SWITCHES = 0.001

# The caretaker has the young looked through five times a second (door/caretaker.py), which counts.
COLLECTOR_THRESHOLDS = (10_000, 5, 1_000_000)

# glibc raises its threshold as large blocks are freed, after which request bodies and growing
# columns are carved out of the heap and leave holes: a fifth of the memory of a full catalogue.
M_MMAP_THRESHOLD = -3
LARGE_BLOCK = 1024 * 1024


def tune() -> None:
    """Let replies wait little for other threads and the garbage collector; waste no memory.

    Call it once, when everything is set up that the first answers need.
    """
    sys.setswitchinterval(SECONDS_BETWEEN_SWITCHES)
    # What start-up made stays for good. After it, records and quantities live long and hold no
    # cycles: the young are looked through in small lots, the old as good as never, for one look
    # at a million of them would keep replies waiting for a tenth of a second.
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECTOR_THRESHOLDS)
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None
    if mallopt is not None:
        mallopt(M_MMAP_THRESHOLD, LARGE_BLOCK)
