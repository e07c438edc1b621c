"""What the simulator says of a batch and of each of its records."""

from ...support import Client, Document
from .replies import of_kind

JOB = "/api/v4.1/job"


def status(client: Client, batch_id: str, job: str = "1", **query: str) -> Document:
    return of_kind("batch_status", client.get(f"{JOB}/{job}/batch/{batch_id}", **query))


def verdicts(client: Client, batch_id: str, job: str = "1") -> list[str]:
    """What the results say of each record, up to the first colon."""
    rows = status(client, batch_id, job)["results"]
    return [str(row["message"]).partition(":")[0] for row in rows]
