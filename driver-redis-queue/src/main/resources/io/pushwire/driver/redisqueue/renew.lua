-- Renews a node's lease, if it stands.
-- KEYS: alive, inbox, pend, meta. ARGV: lease in ms, how long its inbox outlives it in ms
-- Returns 1; 0: it is gone, and others may have taken over.
if redis.call('PEXPIRE', KEYS[1], ARGV[1]) == 0 then
  return 0
end
for i = 2, 4 do
  redis.call('PEXPIRE', KEYS[i], ARGV[2])
end
return 1
