-- Takes a node out of users' directories: it has no connection of theirs any more, or it is dead.
-- KEYS: list, own, pend of each; on a Cluster all in one slot. ARGV: node, ttl in ms, and for each:
--   its generation, epoch, acknowledged up to this offset
-- Returns for each the node that the list was handed to, or ''.
local function leave(own, pend, generation, epoch, acknowledged)
  local known = redis.call('HMGET', own, 'o', 'e', 's', 'h', 'd')
  local holders, heir, there = '', nil, false
  for node, its in string.gmatch(known[4] or '', '(%S+)=(%d+)') do
    if node ~= ARGV[1] then
      heir = heir or node
      holders = holders .. (holders == '' and '' or ' ') .. node .. '=' .. its
    elseif its == generation then
      there = true
    end
  end
  if not there then
    return '' -- it has registered again since, or it was taken out before
  end
  redis.call('PEXPIRE', own, ARGV[2]) -- a first write that needs no memory: the others may then use some
  if known[1] ~= ARGV[1] then
    redis.call('HSET', own, 'h', holders)
    return ''
  end
  local offset = tonumber(known[3] or '0')
  if known[2] == epoch and acknowledged > offset then
    redis.call('LTRIM', pend, acknowledged - offset, -1)
    redis.call('HSET', own, 's', string.format('%.0f', acknowledged))
    redis.call('HDEL', own, 't')
  end
  if heir then
    local following = string.format('%.0f', tonumber(known[2]) + 1)
    redis.call('HSET', own, 'o', heir, 'e', following, 'h', holders)
    return heir
  end
  if known[5] or redis.call('EXISTS', pend) == 1 then
    redis.call('HDEL', own, 'o', 'h')
  else
    redis.call('DEL', own)
  end
  return ''
end

local heirs = {}
for i = 1, #KEYS / 3 do
  heirs[i] = leave(KEYS[3 * i - 1], KEYS[3 * i], ARGV[3 * i], ARGV[3 * i + 1], tonumber(ARGV[3 * i + 2]))
end
return heirs
