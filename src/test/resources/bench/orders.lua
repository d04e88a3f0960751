-- A wrk script: every request is an order. Set by the environment:
--   TOKENS  file of buyers' tokens, one a line; without it buyers say who they are in X-Uid, which is enough for peers
--   GIFTS   an order is for one of the gifts 1 to GIFTS
--   LINES   different gifts in one order, next to each other
--   KEYS    1: every order has an Idempotency-Key of its own
--   RATE    requests a second in all; without it every connection sends the next as soon as it has its answer
--   COUNT   pieces of each; 0 is refused when the cart is read, before anything is asked of a database
local function number(name, otherwise) return tonumber(os.getenv(name) or "") or otherwise end

local GIFTS, LINES, COUNT = number("GIFTS", 1), number("LINES", 1), number("COUNT", 1)
local PAUSE = number("RATE", 0) > 0 and 1000 * number("CONNECTIONS", 1) / number("RATE", 0) or 0
local KEYS = number("KEYS", 0) == 1
-- Where this table lies differs in every process: without it, loads that start together would draw the same carts and keys.
local origin = tonumber(tostring({}):match("0x(%x+)"), 16)
math.randomseed(origin)
local buyers, sent, run = {}, 0, os.time() .. "-" .. string.format("%x", origin)
created, declined, unavailable, other = 0, 0, 0, 0
local threads = {}

if os.getenv("TOKENS") then
  for token in io.lines(os.getenv("TOKENS")) do buyers[#buyers + 1] = "Bearer " .. token end
end

function setup(thread) threads[#threads + 1] = thread end

local function cart()
  local first, lines = math.random(0, GIFTS - 1), {}
  for line = 0, LINES - 1 do lines[line + 1] = string.format('"%d": %d', (first + line) % GIFTS + 1, COUNT) end
  return "{" .. table.concat(lines, ", ") .. "}"
end

function request()
  sent = sent + 1
  local headers = { ["Content-Type"] = "application/json" }
  if #buyers > 0 then
    headers["Authorization"] = buyers[sent % #buyers + 1]
  else
    headers["X-Uid"] = tostring(sent % 1000000 + 1)
  end
  if KEYS then headers["Idempotency-Key"] = run .. "-" .. sent end
  return wrk.format("POST", nil, headers, cart())
end

-- Arrivals like those of strangers: the pauses between them are exponentially distributed.
if PAUSE > 0 then
  function delay() return math.floor(-PAUSE * math.log(1 - math.random())) end
end

function response(status)
  if status == 201 then created = created + 1
  elseif status == 503 then unavailable = unavailable + 1
  elseif status == 409 then declined = declined + 1
  else other = other + 1 end
end

-- One line of numbers: seconds, answers by kind, failures of connections, time-outs, p50 and p99 in milliseconds.
function done(summary, latency)
  local all = { created = 0, declined = 0, unavailable = 0, other = 0 }
  for _, thread in ipairs(threads) do
    for kind, count in pairs(all) do all[kind] = count + thread:get(kind) end
  end
  local errors = summary.errors
  print(string.format("RESULT %.3f %d %d %d %d %d %d %.3f %.3f", summary.duration / 1e6, all.created, all.declined,
    all.unavailable, all.other, errors.connect + errors.read + errors.write, errors.timeout,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
