// A connector in Node with the vendor's client: a full load, a delta that is safe to send again, a
// look.
//
// Where it sends to and who it signs in as come from the environment: FLUENT_BASE_URL and the
// others. `npm install @fluentcommerce/fc-connect-sdk` beside this file; Node 20 or newer.

import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";

import { FluentClient } from "@fluentcommerce/fc-connect-sdk";

const retailerId = process.env.FLUENT_RETAILER_ID;
const catalogue = `DEFAULT:${retailerId}`;
const LOOKS = 60;
const TRIES = 6;

const POSITION = `
query ($product: [String!], $location: [String]) {
  inventoryPositions(productRef: $product, locationRef: $location) {
    edges { node { ref onHand } }
  }
}`;

// The client signs in by itself, and sends again by itself what was answered 5xx or not at all:
// a batch or an event too, the same to the letter. For a 429 and a failed sign-in see `patiently`.
const fluent = new FluentClient({
  baseUrl: process.env.FLUENT_BASE_URL,
  clientId: process.env.FLUENT_CLIENT_ID,
  clientSecret: process.env.FLUENT_CLIENT_SECRET,
  username: process.env.FLUENT_USERNAME,
  password: process.env.FLUENT_PASSWORD,
  retailerId,
});

/** What the client gives up on at once is tried again after a while: a 429, a failed sign-in. */
async function patiently(call) {
  for (let tried = 1; ; tried++) {
    try {
      return await call();
    } catch (fault) {
      const isForTheMoment = fault.statusCode === 429 || fault.statusCode >= 500;
      if (!isForTheMoment || tried === TRIES) throw fault;
      await sleep(1000 * 2 ** tried); // for how long the server asks, the client does not tell
    }
  }
}

/** A full load: a job, one batch of counts, and its status until it is COMPLETE. */
async function load(counts) {
  const job = await patiently(() => fluent.createJob({ name: "full load", retailerId }));
  const entities = counts.map((count) => ({
    ...count,
    type: "LAST_ON_HAND",
    status: "ACTIVE",
    retailerId: Number(retailerId),
  }));
  const payload = { action: "UPSERT", entityType: "INVENTORY", entities };
  const batch = await patiently(() => fluent.sendBatch(job.id, payload));
  for (let look = 0; look < LOOKS; look++) {
    const { status } = await patiently(() => fluent.getBatchStatus(job.id, batch.id));
    if (status === "COMPLETE") return; // the word is this one, whatever the client's samples say
    await sleep(1000); // not more often: the platform has other work to do
  }
  throw new Error(`batch ${batch.id} of job ${job.id} is not COMPLETE`);
}

/** A change of stock. Its id is made once, so that no second try counts twice. */
async function sendDelta(productRef, locationRef, qty) {
  const event = {
    name: "INVENTORY_DELTA",
    accountId: process.env.FLUENT_ACCOUNT,
    retailerId,
    entityRef: catalogue,
    entityType: "INVENTORY_CATALOGUE",
    entitySubtype: "DEFAULT",
    rootEntityType: "INVENTORY_CATALOGUE",
    rootEntityRef: catalogue,
    attributes: {
      deltas: [{ productRef, locationRef, qty, type: "DELTA", deltaId: randomUUID() }],
    },
  };
  await patiently(() => fluent.sendEvent(event, "async"));
}

/** What Fluent has on hand; undefined where it knows no such position. */
async function onHand(product, location) {
  const variables = { product: [product], location: [location] };
  const { data } = await patiently(() => fluent.graphql({ query: POSITION, variables }));
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
