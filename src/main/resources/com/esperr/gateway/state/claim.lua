-- Whoever claims first has it.
-- KEYS: whose holder it keeps. ARGV: the holder, how long (milliseconds). Answers 1: his now, 2: his already, 0: another's.
if redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then
  return 1
end
return redis.call('GET', KEYS[1]) == ARGV[1] and 2 or 0
