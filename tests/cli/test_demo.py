"""`fluent-sim demo` tells the story with the numbers that the documentation leads to."""

import re
import subprocess
import sys


def test_the_demo_tells_the_story_and_ends_with_zero() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "fluent_oms_simulator", "demo"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    on_hand = re.findall(r"(D45:LOC_\w+:DEFAULT)\W+(\d+)\W+ACTIVE", done.stdout)
    loaded, after_events, after_count = on_hand[:3], on_hand[3:6], on_hand[6:9]
    names = ("D45:LOC_BNE:DEFAULT", "D45:LOC_MEL:DEFAULT", "D45:LOC_SYD:DEFAULT")
    assert dict(loaded) == dict(zip(names, ("25", "100", "80"), strict=True))
    assert dict(after_events) == dict(zip(names, ("20", "110", "50"), strict=True))
    assert dict(after_count) == dict(zip(names, ("20", "108", "50"), strict=True))
    assert "FAILED" in done.stdout
