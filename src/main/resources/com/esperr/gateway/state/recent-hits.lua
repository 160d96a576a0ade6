-- The hits of a window with a low threshold, one by one, as RecentHits keeps them.
-- KEYS: a list of times, ascending. ARGV: now, the window's length, its threshold, when the key may be forgotten (milliseconds).
local now = tonumber(ARGV[1])
local length = tonumber(ARGV[2])
local threshold = tonumber(ARGV[3])
local newest = tonumber(redis.call('LINDEX', KEYS[1], -1) or '')
if newest then
  if newest - now >= length then
    redis.call('DEL', KEYS[1])
  elseif newest > now then
    now = newest
  end
end
local hits = redis.call('RPUSH', KEYS[1], string.format('%.0f', now))
while tonumber(redis.call('LINDEX', KEYS[1], 0)) <= now - length do
  redis.call('LPOP', KEYS[1])
  hits = hits - 1
end
while hits > threshold do
  redis.call('LPOP', KEYS[1])
  hits = hits - 1
end
redis.call('PEXPIRE', KEYS[1], ARGV[4])
return hits
