-- Takes a node out of a user's directory: it has no connection of his any more, or it is dead.
-- KEYS: list, own, pend. ARGV: node, its generation, epoch or '', acknowledged up to this offset, ttl in ms
-- Returns the node that the list was handed to, or ''.
redis.call('PEXPIRE', KEYS[2], ARGV[5]) -- a first write that needs no memory: the others may then use some
local own = redis.call('HMGET', KEYS[2], 'o', 'e', 's', 'h', 'd')
local holders, heir, there = '', nil, false
for node, generation in string.gmatch(own[4] or '', '(%S+)=(%d+)') do
  if node ~= ARGV[1] then
    heir = heir or node
    holders = holders .. (holders == '' and '' or ' ') .. node .. '=' .. generation
  elseif generation == ARGV[2] then
    there = true
  end
end
if not there then
  return '' -- it has registered again since, or it was taken out before
end
if own[1] ~= ARGV[1] then
  redis.call('HSET', KEYS[2], 'h', holders)
  return ''
end
local offset = tonumber(own[3] or '0')
local acknowledged = tonumber(ARGV[4])
if own[2] == ARGV[3] and acknowledged > offset then
  redis.call('LTRIM', KEYS[3], acknowledged - offset, -1)
  redis.call('HSET', KEYS[2], 's', string.format('%.0f', acknowledged))
  redis.call('HDEL', KEYS[2], 't')
end
if heir then
  local epoch = string.format('%.0f', tonumber(own[2]) + 1)
  redis.call('HSET', KEYS[2], 'o', heir, 'e', epoch, 'h', holders)
  return heir
end
if own[5] or redis.call('EXISTS', KEYS[3]) == 1 then
  redis.call('HDEL', KEYS[2], 'o', 'h')
else
  redis.call('DEL', KEYS[2])
end
return ''
