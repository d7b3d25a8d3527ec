-- Acknowledges what a node has taken from its inbox, and moves the next entries to its pending list.
-- KEYS: inbox, pend, meta. ARGV: how many it has taken since its start, most entries, most bytes,
--   how long the inbox outlives its node in ms
-- Returns how many were lost because the inbox was full, and all entries that are pending.
redis.call('PEXPIRE', KEYS[3], ARGV[4]) -- a first write that needs no memory: the others may then use some
local meta = redis.call('HMGET', KEYS[3], 'done', 'lost')
local done = tonumber(ARGV[1])
local known = tonumber(meta[1] or '-1')
if known ~= done then
  if known >= 0 then
    redis.call('LTRIM', KEYS[2], done - known, -1)
  end
  redis.call('HSET', KEYS[3], 'done', ARGV[1])
end
if meta[2] then
  redis.call('HDEL', KEYS[3], 'lost')
end
local entries = redis.call('LRANGE', KEYS[2], 0, -1)
if #entries == 0 then
  local bytes = 0
  for i = 1, tonumber(ARGV[2]) do
    local entry = redis.call('LMOVE', KEYS[1], KEYS[2], 'LEFT', 'RIGHT')
    if not entry then
      break
    end
    entries[i] = entry
    bytes = bytes + #entry
    if bytes > tonumber(ARGV[3]) then
      break
    end
  end
end
return {tonumber(meta[2] or '0'), entries}
