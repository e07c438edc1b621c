"""How many, as a sentence has it: one delta was, two deltas were."""


def were(count: int, one: str, many: str) -> str:
    """So many, with their verb: `1 delta was`, `2 deltas were`."""
    return f"1 {one} was" if count == 1 else f"{count:,} {many} were"


def of_all_were(some: int, count: int, one: str, many: str) -> str:
    """Some of all, with their verb: `the one delta was`, `1 of 2 deltas was`."""
    if count == 1:
        return f"the one {one} was"
    return f"{some:,} of {count:,} {many} {'was' if some == 1 else 'were'}"
