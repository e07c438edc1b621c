"""Where a simulator listens: an address of its own, and as many connections as there may be."""

import contextlib
import ipaddress
import socket
import sys
from dataclasses import dataclass

from ..errors import shortened
from ..text.origins import host_name

# Connections at once; the next one waits, unanswered, for one of them to end.
MOST_CONNECTIONS = 16_384
# Of the files that a process may open, what is not for connections.
OTHER_FILES = 128


class ServeError(Exception):
    """Why a simulator cannot be started, as a sentence for the person who tried."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where the server listens, and under which name it is reached."""

    ip: str
    port: int
    url: str


def claim_address(host: str, port: int, host_from: str = "--host") -> tuple[Address, socket.socket]:
    """An address that nobody else listens on, and the socket that keeps it ours.

    `host_from` is where the host was read, for a message.

    granian binds with SO_REUSEPORT on Linux, where two simulators would silently share a port and
    each get a part of the calls. Hence a first bind that shares with nobody.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError:  # a label that is empty or too long
        raise ServeError(f"{host_from}: {shortened(host)}: no name that a host can have") from None
    except OSError as fault:
        raise ServeError(f"{host_from}: {shortened(host)}: {fault.strerror or fault}") from None
    # `localhost` is often both; clients try IPv4 first.
    family, _, _, _, where = min(found, key=lambda item: item[0] != socket.AF_INET)
    claim = socket.socket(family, socket.SOCK_STREAM)
    try:
        if sys.platform == "win32":
            claim.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:  # a port whose last server has just closed its connections is free
            claim.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        claim.bind(where)
    except OSError as fault:
        claim.close()
        reason = fault.strerror or str(fault)
        raise ServeError(
            f"cannot listen on {host} port {port}: {reason}; choose another with --port"
            " (0 picks a free one) or --host"
        ) from None
    ip, free_port = claim.getsockname()[:2]
    if sys.platform == "linux":
        # Kept bound, never listening: granian may join, a second simulator's first bind may not.
        claim.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 0)
        claim.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    else:
        claim.close()
    return Address(ip, free_port, f"http://{_reachable(host, ip)}:{free_port}"), claim


def most_connections() -> int:
    """How many connections may be open at once, after raising the limit of files to the hard one.

    A system that allows few files is left with fewer, and never with an `accept` that fails.
    """
    if sys.platform == "win32":
        return MOST_CONNECTIONS
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_CONNECTIONS + OTHER_FILES
    if hard != resource.RLIM_INFINITY:
        wanted = min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
            soft = wanted
    files = wanted if soft == resource.RLIM_INFINITY else soft
    return max(1, min(MOST_CONNECTIONS, files - OTHER_FILES))


def _reachable(host: str, ip: str) -> str:
    """The host as a client on this machine writes it, however all addresses were meant by it."""
    listens = ipaddress.ip_address(ip)
    mapped = getattr(listens, "ipv4_mapped", None) or listens
    if mapped.is_unspecified:
        host = "::1" if mapped.version == 6 else "127.0.0.1"
    elif ":" not in host and host_name(host) is None:  # such as `*`, which some resolvers know
        host = ip
    return f"[{host}]" if ":" in host else host
