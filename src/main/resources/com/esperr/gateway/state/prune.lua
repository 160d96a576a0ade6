-- Forgets records that have expired, and the first to expire if there are too many; answers how many.
-- KEYS: records by key, when they may be forgotten. ARGV: most records, most to forget in one step.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local most = tonumber(ARGV[2])
local gone = redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', now, 'LIMIT', 0, most)
local excess = math.min(redis.call('ZCARD', KEYS[2]) - tonumber(ARGV[1]), most)
if #gone < excess then
  gone = redis.call('ZRANGE', KEYS[2], 0, excess - 1)
end
for i = 1, #gone do
  redis.call('HDEL', KEYS[1], gone[i])
  redis.call('ZREM', KEYS[2], gone[i])
end
return #gone
