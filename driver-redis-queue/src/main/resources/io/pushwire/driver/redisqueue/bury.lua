-- Deletes the inbox of a dead node: its connections died with it.
-- KEYS: alive, inbox, pend, meta. ARGV: 1 = its own farewell
-- Returns 1; 0: it lives.
if ARGV[1] == '1' then
  redis.call('DEL', KEYS[1])
elseif redis.call('EXISTS', KEYS[1]) == 1 then
  return 0
end
redis.call('DEL', KEYS[2], KEYS[3], KEYS[4])
return 1
