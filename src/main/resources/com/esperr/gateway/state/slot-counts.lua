-- The hits of a window with a high threshold, counted in slots, as SlotCounts keeps them.
-- KEYS: a hash of counts by number of slot. ARGV: now, a slot's length, slots in a window, when the key may be forgotten (milliseconds).
local slots = tonumber(ARGV[3])
local slot = math.floor(tonumber(ARGV[1]) / tonumber(ARGV[2]))
local counts = redis.call('HGETALL', KEYS[1])
local newest = slot
for i = 1, #counts, 2 do
  newest = math.max(newest, tonumber(counts[i]))
end
if newest - slot >= slots then
  redis.call('DEL', KEYS[1])
  counts = {}
  newest = slot
end
local hits = 1
for i = 1, #counts, 2 do
  if tonumber(counts[i]) <= newest - slots then
    redis.call('HDEL', KEYS[1], counts[i])
  else
    hits = hits + tonumber(counts[i + 1])
  end
end
redis.call('HINCRBY', KEYS[1], string.format('%.0f', newest), 1)
redis.call('PEXPIRE', KEYS[1], ARGV[4])
return hits
