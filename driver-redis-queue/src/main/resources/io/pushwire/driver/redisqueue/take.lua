-- Makes a node the owner of users' lists, whoever had them before; the epoch is the fence.
-- KEYS: list, own, pend of each; on a Cluster all in one slot. ARGV: node, ttl of the directory
--   in ms, and for each: the node's generation
-- Returns for each: epoch, owner before or '', how many wait (-1: not a list), how many are pending,
--   list epoch.
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
local fresh = string.format('%.0f', now)
local taken = {}
redis.call('PEXPIRE', KEYS[2], ARGV[2]) -- a first write that needs no memory: the others may then use some
for i = 1, #KEYS, 3 do
  local list, own, pend = KEYS[i], KEYS[i + 1], KEYS[i + 2]
  local known = redis.call('HMGET', own, 'o', 'e', 'l', 'h')
  local text = fresh
  if known[2] and tonumber(known[2]) >= now then
    text = string.format('%.0f', tonumber(known[2]) + 1)
  end
  local holders = ARGV[1] .. '=' .. ARGV[2 + (i + 2) / 3]
  if known[4] then
    for node, generation in string.gmatch(known[4], '(%S+)=(%d+)') do
      if node ~= ARGV[1] then
        holders = holders .. ' ' .. node .. '=' .. generation
      end
    end
  end
  redis.call('HSET', own, 'o', ARGV[1], 'e', text, 'h', holders, 'l', known[3] or text)
  redis.call('PEXPIRE', own, ARGV[2])
  local waiting, pending = 0, 0
  if redis.call('EXISTS', list, pend) > 0 then
    waiting = redis.pcall('LLEN', list)
    if type(waiting) == 'table' then
      waiting = -1
    end
    pending = redis.call('LLEN', pend)
  end
  taken[#taken + 1] = {text, known[1] or '', waiting, pending, known[3] or text}
end
return taken
