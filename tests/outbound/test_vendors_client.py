"""The vendor's own client takes what is posted, with the key as the control API tells it."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from ..examples.helpers.programs import SECONDS, install_client, program
from ..support import Client
from .helpers.hooked import add, deliveries, send
from .helpers.receivers import receiving

SCRIPT = """
import { readFileSync } from "node:fs";
import { FluentClient, WebhookValidationService } from "@fluentcommerce/fc-connect-sdk";

const { publicKey, pem, headers, body } = JSON.parse(readFileSync(0, "utf8"));
const nothing = () => {};
const logger = { debug: nothing, info: nothing, warn: nothing, error: nothing };
const sha512 = { "fluent-signature": headers["fluent-signature"] };
const md5 = { "flex.signature": headers["flex.signature"] };

const isValid = async (sent, key, raw = body) => {
  try {
    return (await new WebhookValidationService({}, logger).validateWebhook(raw, sent, key)).isValid;
  } catch {
    return false;
  }
};
const client = new FluentClient({
  baseUrl: "http://127.0.0.1:9", clientId: "fluent-sim", clientSecret: "fluent-sim-secret",
  username: "sim", password: "sim-password", publicKey,
});
console.log(JSON.stringify({
  sha512: await isValid(sha512, publicKey),
  both: await isValid(headers, publicKey),
  changed: await isValid(sha512, publicKey, body + " "),
  pem: await isValid(sha512, pem),
  md5: await isValid(md5, publicKey),
  client: await client.validateWebhook(JSON.parse(body), headers["fluent-signature"], body),
  clientChanged: await client.validateWebhook(
    JSON.parse(body), headers["fluent-signature"], body + " "),
}));
"""


@pytest.mark.slow
def test_it_takes_the_signature_with_the_bare_key_and_the_fields(
    client: Client, tmp_path: Path
) -> None:
    install_client(tmp_path)
    (tmp_path / "validate.mjs").write_text(SCRIPT)
    with receiving() as receiver:
        add(client, receiver.url)
        send(client)
        deliveries(client)
    [received] = receiver.received
    key = client.http.get("/__admin/webhook-key").get_json()
    headers = {name.lower(): value for name, value in received.headers.items()}

    done = subprocess.run(
        [program("node"), "validate.mjs"],
        cwd=tmp_path,
        input=json.dumps({**key, "headers": headers, "body": received.body.decode()}),
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    # A PEM and the MD5 signature it never takes, which is its own fault.
    assert json.loads(done.stdout.splitlines()[-1]) == {
        "sha512": True,
        "both": True,
        "changed": False,
        "pem": False,
        "md5": False,
        "client": True,
        "clientChanged": False,
    }
