-- Makes a node the owner of a user's list, whoever had it before; the epoch is the fence.
-- KEYS: list, own, pend. ARGV: node, its generation, ttl of the directory in ms, a new list epoch
-- Returns epoch, owner before or '', how many wait (-1: not a list), how many are pending, list epoch.
redis.call('PEXPIRE', KEYS[2], ARGV[3]) -- a first write that needs no memory: the others may then use some
local own = redis.call('HMGET', KEYS[2], 'o', 'e', 'l', 'h')
local time = redis.call('TIME')
local epoch = tonumber(time[1]) * 1000000 + tonumber(time[2])
local before = tonumber(own[2] or '0')
if epoch <= before then
  epoch = before + 1
end
local text = string.format('%.0f', epoch)
local holders = ARGV[1] .. '=' .. ARGV[2]
for node, generation in string.gmatch(own[4] or '', '(%S+)=(%d+)') do
  if node ~= ARGV[1] then
    holders = holders .. ' ' .. node .. '=' .. generation
  end
end
redis.call('HSET', KEYS[2], 'o', ARGV[1], 'e', text, 'h', holders, 'l', own[3] or ARGV[4])
redis.call('PEXPIRE', KEYS[2], ARGV[3])
local waiting = redis.pcall('LLEN', KEYS[1])
if type(waiting) == 'table' then
  waiting = -1
end
return {text, own[1] or '', waiting, redis.call('LLEN', KEYS[3]), own[3] or ARGV[4]}
