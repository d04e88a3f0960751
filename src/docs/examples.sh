#!/usr/bin/env bash
# Every call of the API at least once, against the shop that `mvn spring-boot:test-run` opens. Says what it does, shows the
# command and the answer, and ends with an error at the first answer that is not the expected one.
#
#   src/docs/examples.sh [shop] [management port]
set -euo pipefail

SHOP=${1:-http://127.0.0.1:8080}
MANAGEMENT=${2:-http://127.0.0.1:8081}
JSON='Content-Type: application/json'

answer=$(mktemp)
trap 'rm -f "$answer"' EXIT

fail() { printf '\nFAILED: %s\n' "$*" >&2; exit 1; }

# call METHOD path status "what it does" arguments of curl ...
# Afterwards BODY is the answer's body, and LOCATION where it sends a browser to.
call() {
    local method=$1 path=$2 expected=$3 what=$4 command status
    shift 4
    printf -v command ' %q' "$@"
    command=${command//"$(printf %q "$BUYER")"/'$BUYER'}
    command=${command//"$(printf %q "$OPERATOR")"/'$OPERATOR'}
    printf '\n# %s: %s %s\n$ curl -X %s%s\n' "$what" "$method" "$path" "$method" "$command"
    read -r status LOCATION < <(curl -sS -X "$method" -o "$answer" -w '%{http_code} %{redirect_url}\n' "$@")
    BODY=$(<"$answer")
    printf '%s %s\n%.600s\n' "$status" "$LOCATION" "$BODY"
    [[ $status == "$expected" ]] || fail "$method $path was answered with $status, not $expected"
}

# The first value of a member of the answer.
value() {
    [[ $BODY =~ \"$1\":\"?([^\",}]*) ]] || fail "there is no $1 in the answer"
    printf '%s' "${BASH_REMATCH[1]}"
}

expect() { [[ $BODY == *"$1"* ]] || fail "the answer should have $1"; }

token() { curl -sSf "$SHOP/dev/tokens" -H "$JSON" -d "$1"; }

# What the buyer does in a browser, at the local Alipay. BACK is the address that the browser is sent to afterwards.
pay_at_the_cashier() {
    local page
    page=$(curl -sSf "$1" | grep -o '/cashier/[a-z0-9-]*/pay')
    BACK=$(curl -sSf -o /dev/null -w '%{redirect_url}' -X POST "${1%%/gateway.do*}$page")
    printf '\n# The buyer pays at the cashier\n'
}

# a buyer who never came before, so that this can be run again
buyer=$((100000 + RANDOM * 32768 + RANDOM))
BUYER="Authorization: Bearer $(token "{\"uid\": $buyer}")"
OPERATOR="Authorization: Bearer $(token '{"uid": 1, "operator": true}')"

call GET /openapi.yaml 200 "The document that describes all of these" "$SHOP/openapi.yaml"
expect 'openapi: 3.1'

call GET /sign-in 200 "How people sign in on the pages" "$SHOP/sign-in"
expect '"kind":"demo"'

call GET /gifts 200 "A page of gifts" "$SHOP/gifts?limit=2"
expect '"next":"/gifts?after='

call POST /gifts 201 "An operator puts a gift on sale" "$SHOP/gifts" -H "$OPERATOR" -H "$JSON" \
    -d '{"name": "Tea set", "price": "9.90", "stock": 100}'
gift=$(value id)

call GET /gifts/{id} 200 "The gift" "$SHOP/gifts/$gift"
expect '"stock":100'

call PATCH /gifts/{id} 200 "The operator adds 50 pieces at another price" "$SHOP/gifts/$gift" -H "$OPERATOR" -H "$JSON" \
    -d '{"restock": 50, "price": "8.80"}'
expect '"stock":150'

call GET /gifts/events 200 "The stock as it changes, for two seconds" -N --max-time 2 "$SHOP/gifts/events"
expect 'event: gifts'
expect 'data: []'

call POST /orders 201 "A buyer orders two pieces" "$SHOP/orders" -H "$BUYER" -H "$JSON" -H "Idempotency-Key: cart-1" \
    -d "{\"$gift\": 2}"
expect '"total_amount":"17.60"'
order=$(value order_code)

call POST /orders 200 "Sent again, it is the same order" "$SHOP/orders" -H "$BUYER" -H "$JSON" -H "Idempotency-Key: cart-1" \
    -d "{\"$gift\": 2}"
expect "\"order_code\":\"$order\""

call POST /orders 409 "More than there is" "$SHOP/orders" -H "$BUYER" -H "$JSON" -d "{\"$gift\": 200}"
expect '"type":"/problems/out-of-stock"'

call POST /orders 401 "Without a token" "$SHOP/orders" -H "$JSON" -d "{\"$gift\": 1}"
expect '"type":"/problems/not-authenticated"'

call GET /orders 200 "The buyer's orders" "$SHOP/orders?limit=5" -H "$BUYER"
expect "\"order_code\":\"$order\""

call GET /orders/{order_code} 200 "The order" "$SHOP/orders/$order" -H "$BUYER"
expect '"status":1'

call GET /orders/{order_code}/events 200 "The order as it changes, for two seconds" -N --max-time 2 \
    "$SHOP/orders/$order/events" -H "$BUYER"
expect 'event: order'
expect "\"order_code\":\"$order\""

call POST /orders/{order_code}/pay 200 "Where to pay" "$SHOP/orders/$order/pay" -H "$BUYER"
pay_at_the_cashier "$(value pay_url)"

call GET /alipay/return 303 "The browser comes back from Alipay and goes on to the order's page" "$BACK"
[[ $LOCATION == *"$order"* ]] || fail "the browser was sent to '$LOCATION'"

call POST /orders/{order_code}/ship 200 "The operator ships the paid order" -H "$OPERATOR" "$SHOP/orders/$order/ship"
expect '"status":3'

call POST /orders/{order_code}/receive 200 "The buyer confirms receipt" -H "$BUYER" "$SHOP/orders/$order/receive"
expect '"status":4'

call POST /orders/{order_code}/refund 202 "One piece was broken: the operator pays it back" "$SHOP/orders/$order/refund" \
    -H "$OPERATOR" -H "$JSON" -H "Idempotency-Key: broken-1" -d "{\"$gift\": 1}"
expect '"amount":"8.80"'

call GET /orders/{order_code}/payments 200 "What came in for the order and what went out" "$SHOP/orders/$order/payments" \
    -H "$BUYER"
expect '"cause":"operator"'

call POST /orders 201 "Another order" "$SHOP/orders" -H "$BUYER" -H "$JSON" -H "Idempotency-Key: cart-2" -d "{\"$gift\": 1}"
regretted=$(value order_code)

call POST /orders/{order_code}/cancel 200 "The buyer gives it up" -H "$BUYER" "$SHOP/orders/$regretted/cancel"
expect '"status":5'

call POST /alipay/notify 400 "Somebody who is not Alipay tells of a payment" "$SHOP/alipay/notify" \
    -d "out_trade_no=$order&trade_status=TRADE_SUCCESS&sign=bm90IGEgc2lnbmF0dXJl&sign_type=RSA2"
expect failure

call GET /payments/discrepancies 200 "What does not agree with Alipay" "$SHOP/payments/discrepancies" -H "$OPERATOR"
expect '"discrepancies":['

call GET /desk/orders 200 "An operator looks for the buyer's orders" "$SHOP/desk/orders?uid=$buyer&status=4,5" -H "$OPERATOR"
expect "\"order_code\":\"$regretted\""

call GET /desk/payments 200 "What came in for an order, and what went back" "$SHOP/desk/payments?order_code=$order" -H "$OPERATOR"
expect '"refunded_amount":"8.80"'

call GET /desk/events 200 "How the service works, for three seconds" -N --max-time 3 "$SHOP/desk/events" -H "$OPERATOR"
expect 'event: figures'

call GET /actuator/books 200 "Whether goods, orders and money agree" "$MANAGEMENT/actuator/books" -H "$OPERATOR"
expect '"balanced":true'

call POST /actuator/books 200 "Whether they agree with what the buyer was answered, too" "$MANAGEMENT/actuator/books" \
    -H "$OPERATOR" -H 'Content-Type: text/csv' --data-binary "uid,idempotency_key,status,problem,order_code
$buyer,cart-1,201,,$order
$buyer,cart-2,201,,$regretted
"
expect '"answers":2'
expect '"balanced":true'

printf '\nEvery call was answered as expected.\n'
