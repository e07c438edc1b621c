"""What can be seen of each switch of webhooks."""

from ...outbound.helpers.hooked import PATH, add, advance, deliveries, send
from ...outbound.helpers.receivers import Answer, close, hang, receiving, url_of_nobody
from ...support import Client
from .behaviour_observations import HOUR


def retry_schedule(client: Client) -> object:
    """How often an event was posted at once, after half a minute, and after 26 hours."""
    found = []
    with receiving(*[500] * 9) as receiver:
        add(client, receiver.url)
        send(client)
        deliveries(client)
        for hours in (0.0, 1 / 120, 26):
            advance(client, milliseconds=int(hours * HOUR))
            found.append(len(receiver.received))
    return found


def failure(client: Client) -> object:
    """Which answers have an event posted again: of none, 302, 404, and 503."""
    answers: tuple[Answer, ...] = (close, 302, 404, 503)
    found = []
    for answer in answers:
        with receiving(answer) as receiver:
            add(client, receiver.url)
            send(client)
            deliveries(client)
            found.append(len(receiver.received) > 1)
    return found


def timeout_seconds(client: Client) -> object:
    """What is told of a receiver that says nothing."""
    with receiving(hang) as receiver:
        add(client, receiver.url, retrySchedule="none")
        send(client)
        [delivery] = deliveries(client)
    return delivery["attempts"][0]["problem"]


def ports(client: Client) -> object:
    """Of two webhooks, the second of which names port 443."""
    wishes = ({"url": url_of_nobody()}, {"url": "https://127.0.0.1/"})
    return [client.http.put(f"{PATH}/a", json=wish).status_code for wish in wishes]
