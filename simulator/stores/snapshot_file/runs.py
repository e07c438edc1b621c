"""Names with how often each follows itself: how a snapshot writes thousands of verdicts."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from .unreadable import SnapshotFault


def written_runs(names: Iterable[str]) -> list[tuple[str, int]]:
    """Each name with how often it follows itself."""
    return [(name, sum(1 for _ in run)) for name, run in groupby(names)]


def runs_of(
    runs: Sequence[tuple[str, int]], codes: Mapping[str, int], length: int, where: str
) -> bytes:
    """A byte for each, which are to be so many; raises SnapshotFault."""
    for place, (name, _) in enumerate(runs):
        if name not in codes:
            raise SnapshotFault(f"{where}/{place}", name, f"one of {', '.join(codes)}")
    total = sum(times for _, times in runs)
    if total != length:
        raise SnapshotFault(where, f"{total:,} of them", f"{length:,}, one for each")
    return b"".join(bytes([codes[name]]) * times for name, times in runs)
