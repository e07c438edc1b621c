"""A connector that sends counts as batches: `python batch_sender.py POLLS COUNT...`.

Each count is a batch of its own; the status of each is asked for in the end, so many times at most,
once the simulator has applied all that nothing holds up.
"""

import http.client
import json
import os
import sys
import time

HOST, _, PREFIX = os.environ["FLUENT_BASE_URL"].removeprefix("http://").partition("/")
HEADERS = {"Content-Type": "application/json"}


def call(method: str, path: str, document: object = None) -> dict[str, str]:
    body = None if document is None else json.dumps(document)
    while True:
        connection = http.client.HTTPConnection(HOST, timeout=30)
        try:
            connection.request(method, f"/{PREFIX}{path}", body, HEADERS)
            return dict(json.loads(connection.getresponse().read()))
        except (OSError, http.client.HTTPException):
            continue
        finally:
            connection.close()


def main() -> None:
    polls, counts = int(sys.argv[1]), map(int, sys.argv[2:])
    names = ("client_id", "client_secret", "username", "password")
    pairs = "&".join(f"{name}={os.environ[f'FLUENT_{name.upper()}']}" for name in names)
    token = call("POST", f"/oauth/token?grant_type=password&scope=api&{pairs}")["access_token"]
    HEADERS["Authorization"] = f"Bearer {token}"
    job = call("POST", "/api/v4.1/job", {"name": "counts", "retailerId": "1"})["id"]
    batches = []
    for count in counts:
        record = {
            "locationRef": "LOC_MEL",
            "skuRef": "D45",
            "qty": count,
            "type": "LAST_ON_HAND",
            "retailerId": 1,
            "catalogueRef": "DEFAULT:1",
        }
        sent = {"action": "UPSERT", "entityType": "INVENTORY", "entities": [record]}
        batches.append(call("POST", f"/api/v4.1/job/{job}/batch", sent)["id"])
    call("POST", "/__admin/settle")
    for batch in batches:
        for _ in range(polls):
            if call("GET", f"/api/v4.1/job/{job}/batch/{batch}")["status"] == "COMPLETE":
                break
            time.sleep(0.01)


if __name__ == "__main__":
    main()
