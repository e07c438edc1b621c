#!/bin/sh
# A connector in a shell with curl: a full load, a delta that is safe to send again, a look.
#
# Where it sends to and who it signs in as come from the environment: FLUENT_BASE_URL and the others.
set -eu

CATALOGUE="DEFAULT:$FLUENT_RETAILER_ID"

ANSWER=$(mktemp)
trap 'rm -f "$ANSWER"' EXIT

# What fails for the moment goes out again, the same to the letter: a call whose answer was lost may
# have been carried out all the same.
send() {
  for pause in 1 2 4 8 16 32; do
    told=$(curl --silent --max-time 30 --output "$ANSWER" \
      --write-out '%{http_code} %header{retry-after}' "$@") || told="no answer"
    case $told in
      200*) cat "$ANSWER" && return ;;
      "no answer" | 429* | 50[0234]*) ;;
      *) echo "$told" | cat - "$ANSWER" >&2 && return 1 ;;
    esac
    after=$(echo "$told" | sed -n 's/^[0-9]* \([0-9][0-9]*\)$/\1/p')
    if [ "${after:-0}" -gt "$pause" ]; then pause=$after; fi
    echo "$told; again in $pause s" >&2
    sleep "$pause"
  done
  return 1
}

call() {
  path=$1
  shift
  send "$FLUENT_BASE_URL$path" -H "Authorization: Bearer $TOKEN" "$@"
}

post() {
  call "$1" -H "Content-Type: application/json" --data "$2"
}

# The field of this name in the JSON that comes in; fails where there is none.
field() {
  tr -d '\n' | sed -n "s/.*\"$1\" *: *\"\{0,1\}\([^\",}]*\).*/\1/p" | grep .
}

# Try up to 60 times, once a second, whether a command prints what is expected.
until_it_is() {
  expected=$1
  shift
  for _ in $(seq 60); do
    found=$("$@")
    if [ "$found" = "$expected" ]; then return; fi
    sleep 1 # not more often: the platform has other work to do
  done
  echo "$*: found '$found', expected '$expected'" >&2
  exit 1
}

batch_status() {
  call "/api/v4.1/job/$JOB/batch/$BATCH" | field status
}

on_hand() {
  post /graphql '{
    "query": "query ($product: [String!], $location: [String]) { inventoryPositions(productRef: $product, locationRef: $location, first: 1) { edges { node { ref onHand } } } }",
    "variables": {"product": ["'"$1"'"], "location": ["'"$2"'"]}
  }' | field onHand
}

# Sign in.
TOKEN=$(send "$FLUENT_BASE_URL/oauth/token" \
  --data-urlencode grant_type=password \
  --data-urlencode "client_id=$FLUENT_CLIENT_ID" \
  --data-urlencode "client_secret=$FLUENT_CLIENT_SECRET" \
  --data-urlencode "username=$FLUENT_USERNAME" \
  --data-urlencode "password=$FLUENT_PASSWORD" \
  --data-urlencode scope=api | field access_token)

# A full load: a job, one batch of counts, and its status until it is COMPLETE.
record() {
  printf '{"skuRef": "%s", "locationRef": "%s", "qty": %s, "type": "LAST_ON_HAND", "status": "ACTIVE", "retailerId": %s}' \
    "$1" "$2" "$3" "$FLUENT_RETAILER_ID"
}
JOB=$(post /api/v4.1/job '{"name": "full load", "retailerId": "'"$FLUENT_RETAILER_ID"'"}' | field id)
BATCH=$(post "/api/v4.1/job/$JOB/batch" '{"action": "UPSERT", "entityType": "INVENTORY", "entities": [
  '"$(record SHIRT-M STORE-1 500)"',
  '"$(record SHIRT-L STORE-1 80)"'
]}' | field id)
until_it_is COMPLETE batch_status

# A change of stock. Its id is made once, so that no second try counts twice.
DELTA_ID=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
post /api/v4.1/event/async '{
  "name": "INVENTORY_DELTA", "accountId": "'"$FLUENT_ACCOUNT"'", "retailerId": "'"$FLUENT_RETAILER_ID"'",
  "entityRef": "'"$CATALOGUE"'", "entityType": "INVENTORY_CATALOGUE", "entitySubtype": "DEFAULT",
  "rootEntityRef": "'"$CATALOGUE"'", "rootEntityType": "INVENTORY_CATALOGUE",
  "attributes": {"deltas": [
    {"productRef": "SHIRT-M", "locationRef": "STORE-1", "qty": -3, "type": "DELTA", "deltaId": "'"$DELTA_ID"'"}
  ]}
}' > /dev/null

until_it_is 497 on_hand SHIRT-M STORE-1
echo "SHIRT-M at STORE-1: 497 on hand"
