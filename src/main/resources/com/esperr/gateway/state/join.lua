-- From where a replica follows the changes of a map.
-- KEYS: changes, what is known about the map. ARGV: a name for this life of the map, if it has none.
if redis.call('HSETNX', KEYS[2], 'life', ARGV[1]) == 1 then
  redis.call('PEXPIRE', KEYS[2], 86400000)
end
local last = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)
local id = '0-0'
if last[1] then
  id = last[1][1]
end
return {redis.call('HGET', KEYS[2], 'life'), redis.call('HGET', KEYS[2], 'changes') or '0', id}
