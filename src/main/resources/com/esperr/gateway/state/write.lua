-- Takes a write to a replicated map, unless a later one is there, and tells the replicas of it.
-- KEYS: records by key, when they may be forgotten, changes, what is known about the map.
-- ARGV: key, when it was written, record behind that ("expiry sign value"), until when it is kept, writer, number of the write,
-- 1 if it was written a while ago, longest stream of changes. Times are epoch milliseconds.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
-- Many writes in one millisecond run ahead of the clock; a clock that is wrong must not win for long.
local at = math.min(tonumber(ARGV[2]), now + 1000)
local before = redis.call('HGET', KEYS[1], ARGV[1])
if before then
  local beforeAt = tonumber(string.match(before, '^%S+ (%d+) '))
  if beforeAt > at or (beforeAt == at and ARGV[7] == '1') then
    return {0, before}
  end
end
local record = string.format('%.0f ', at) .. ARGV[3]
local number = redis.call('HINCRBY', KEYS[4], 'changes', 1)
local id = redis.call('XADD', KEYS[3], 'MAXLEN', '~', ARGV[8], '*',
  'key', ARGV[1], 'record', record, 'writer', ARGV[5], 'write', ARGV[6], 'number', number)
redis.call('HSET', KEYS[1], ARGV[1], id .. ' ' .. record)
redis.call('ZADD', KEYS[2], ARGV[4], ARGV[1])
local last = redis.call('ZRANGE', KEYS[2], -1, -1, 'WITHSCORES')
local decade = 315360000000
local till = string.format('%.0f', math.min(math.max(tonumber(last[2]), now), now + decade) + 3600000)
for i = 1, 4 do
  redis.call('PEXPIREAT', KEYS[i], till)
end
return {1, id}
