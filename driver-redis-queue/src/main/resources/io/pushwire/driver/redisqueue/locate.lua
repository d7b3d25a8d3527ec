-- Says which of the lists exist, after EXISTS said that some do. KEYS: lists of one slot.
local found = {}
for i = 1, #KEYS do
  if redis.call('EXISTS', KEYS[i]) == 1 then
    found[#found + 1] = i - 1
  end
end
return found
