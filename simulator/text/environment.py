"""Environment variables of ours that nobody reads: misspelt ones, and those that Kubernetes sets.

A variable that is unknown is told and passed over, not refused: an environment is shared, and
others may have named theirs with the same beginning.
"""

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches

# What the pods of a namespace are told of each service in it, here one called fluent-sim:
# https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables
_OF_A_SERVICE = re.compile(
    r"\w+_(SERVICE_HOST|SERVICE_PORT(_\w+)?|PORT_[0-9]+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)"
)
_ADDRESS = re.compile(r"(tcp|udp|sctp)://\S+:[0-9]+")


def is_set_by_kubernetes(name: str, value: str) -> bool:
    """Whether a variable tells where a service is, as `FLUENT_SIM_PORT=tcp://10.0.0.1:4141`."""
    if name.endswith("_PORT") and _ADDRESS.fullmatch(value):
        return True
    return _OF_A_SERVICE.fullmatch(name) is not None


def unknown_variables(
    environ: Mapping[str, str], prefix: str, known: Iterable[str]
) -> list[tuple[str, str]]:
    """Variables that begin with the prefix and are none of those known, in order of their names.

    Each with the known name that comes nearest, or an empty text when none is near. So are those
    that are a known name in other letters or without its separators, as `fluentsim_port`.
    """
    names = sorted(known)
    plain = {_plain(each): each for each in names}
    ends = {each.removeprefix(prefix): each for each in names}
    found = []
    for name in sorted(environ):
        # An empty one counts as not set, and one that cannot be printed was no slip of the pen.
        if name in names or not environ[name] or not name.isprintable():
            continue
        if is_set_by_kubernetes(name, environ[name]):
            continue
        if (meant := plain.get(_plain(name))) is not None:
            found.append((name, meant))
        elif name.startswith(prefix):
            # compared without what all have in common, which would make all of them near
            near = get_close_matches(name.removeprefix(prefix).upper(), ends, n=1)
            found.append((name, ends[near[0]] if near else ""))
    return found


def _plain(name: str) -> str:
    return "".join(filter(str.isalnum, name)).upper()
