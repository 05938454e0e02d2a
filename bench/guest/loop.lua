-- SPDX-License-Identifier: BSD-2-Clause
-- loop.lua - the guests of the benchmark in Lua, for generated glue, glue by hand and SWIG's: one call before the loop, then so many as the host says.
-- The build makes a file of it for each case.
local case = "@case@"
local rounds = bench.rounds()
if case == "empty" then
  for _ = 1, rounds do end
elseif case == "u32" then
  local u32 = random.u32
  u32()
  for _ = 1, rounds do u32() end
elseif case == "fill" then
  local fill = random.fill
  assert(#fill(16) == 16)
  for _ = 1, rounds do fill(16) end
elseif case == "read" or case == "fields" then
  local dev, read = saul.find(130, 0), saul.read
  local data = saul.phydat and saul.phydat() or {}
  read(dev, data)
  assert(data.scale == -2)
  if case == "read" then
    for _ = 1, rounds do read(dev, data) end
  else
    local unit, scale
    for _ = 1, rounds do
      read(dev, data)
      unit, scale = data.unit, data.scale
    end
    assert(unit == 2 and scale == -2)
  end
elseif case == "say" then
  local it, say = bench.open(), bench.say
  say(it, "hello world")
  for _ = 1, rounds do say(it, "hello world") end
end
return 0
