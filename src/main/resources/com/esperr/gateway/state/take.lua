-- Whoever takes first has it. KEYS: what is taken. Answers what lay there, or nothing.
local value = redis.call('GET', KEYS[1])
if value then
  redis.call('DEL', KEYS[1])
end
return value
