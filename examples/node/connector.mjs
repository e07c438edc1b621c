// A connector in Node with fetch: a full load, a delta that is safe to send again, a look.
//
// Where it sends to and who it signs in as come from the environment: FLUENT_BASE_URL and the
// others. Node 18 or newer; no packages.

import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";

const {
  FLUENT_BASE_URL: baseUrl,
  FLUENT_ACCOUNT: accountId,
  FLUENT_RETAILER_ID: retailerId,
} = process.env;
const catalogue = `DEFAULT:${retailerId}`;

const MS_TO_ANSWER = 30_000;
const TRIES = 6;
const LOOKS = 60;
const FOR_THE_MOMENT = [429, 500, 502, 503, 504];

const POSITION = `
query ($product: [String!], $location: [String]) {
  inventoryPositions(productRef: $product, locationRef: $location, first: 1) {
    edges { node { ref onHand } }
  }
}`;

let token = "";

/** What a call is answered with 200; anything else is thrown, with its status. */
async function send(path, options) {
  const answer = await fetch(baseUrl + path, {
    signal: AbortSignal.timeout(MS_TO_ANSWER),
    ...options,
  });
  if (answer.ok) return await answer.json();
  throw Object.assign(new Error(`status ${answer.status}: ${await answer.text()}`), {
    status: answer.status,
    retryAfter: Number(answer.headers.get("Retry-After")),
  });
}

async function signIn() {
  const form = new URLSearchParams({
    grant_type: "password",
    client_id: process.env.FLUENT_CLIENT_ID,
    client_secret: process.env.FLUENT_CLIENT_SECRET,
    username: process.env.FLUENT_USERNAME,
    password: process.env.FLUENT_PASSWORD,
    scope: "api",
  });
  return (await send("/oauth/token", { method: "POST", body: form })).access_token;
}

/**
 * The answer to a call. One whose answer was lost may have been carried out all the same: it goes
 * out again, the same to the letter.
 */
async function call(method, path, document) {
  const body = document && JSON.stringify(document);
  for (let tried = 0; tried < TRIES; tried++) {
    let pause = 2 ** tried;
    try {
      token ||= await signIn();
      const headers = { Authorization: `Bearer ${token}`, "Content-Type": "application/json" };
      return await send(path, { method, headers, body });
    } catch (fault) {
      if (fault.status === 401 && token) token = ""; // it has expired before its time
      else if (fault.status && !FOR_THE_MOMENT.includes(fault.status)) throw fault;
      pause = Math.max(pause, fault.retryAfter ?? 0);
      console.error(`${method} ${path}: ${fault.message}; again in ${pause} s`);
    }
    await sleep(pause * 1000);
  }
  throw new Error(`${method} ${path} failed ${TRIES} times`);
}

/** A full load: a job, one batch of counts, and its status until it is COMPLETE. */
async function load(counts) {
  const job = (await call("POST", "/api/v4.1/job", { name: "full load", retailerId })).id;
  const entities = counts.map((count) => ({
    ...count,
    type: "LAST_ON_HAND",
    status: "ACTIVE",
    retailerId: Number(retailerId),
  }));
  const batch = { action: "UPSERT", entityType: "INVENTORY", entities };
  const batchId = (await call("POST", `/api/v4.1/job/${job}/batch`, batch)).id;
  for (let look = 0; look < LOOKS; look++) {
    const { status } = await call("GET", `/api/v4.1/job/${job}/batch/${batchId}`);
    if (status === "COMPLETE") return;
    await sleep(1000); // not more often: the platform has other work to do
  }
  throw new Error(`batch ${batchId} of job ${job} is not COMPLETE`);
}

/** A change of stock. Its id is made once, so that no second try counts twice. */
async function sendDelta(productRef, locationRef, qty) {
  await call("POST", "/api/v4.1/event/async", {
    name: "INVENTORY_DELTA",
    accountId,
    retailerId,
    entityRef: catalogue,
    entityType: "INVENTORY_CATALOGUE",
    entitySubtype: "DEFAULT",
    rootEntityType: "INVENTORY_CATALOGUE",
    rootEntityRef: catalogue,
    attributes: {
      deltas: [{ productRef, locationRef, qty, type: "DELTA", deltaId: randomUUID() }],
    },
  });
}

/** What Fluent has on hand; undefined where it knows no such position. */
async function onHand(product, location) {
  const variables = { product: [product], location: [location] };
  const { data } = await call("POST", "/graphql", { query: POSITION, variables });
  return data.inventoryPositions.edges[0]?.node.onHand;
}

await load([
  { skuRef: "SHIRT-M", locationRef: "STORE-1", qty: 500 },
  { skuRef: "SHIRT-L", locationRef: "STORE-1", qty: 80 },
]);
await sendDelta("SHIRT-M", "STORE-1", -3);
let found;
for (let look = 0; look < LOOKS && found !== 497; look++) {
  if (look) await sleep(1000);
  found = await onHand("SHIRT-M", "STORE-1");
}
if (found !== 497) throw new Error(`SHIRT-M at STORE-1: ${found} on hand, expected 497`);
console.log(`SHIRT-M at STORE-1: ${found} on hand`);
