-- SPDX-License-Identifier: BSD-2-Clause
-- react.lua - does nothing with an event, so that what is counted is the way there and back. The build makes a file of it for each case.
if "@case@" == "ticked" then
  source = bench.hang()
  function bench.on.ticked() end
else
  source = saul.find(130, 0):watch(10, 0)
  function saul.on.changed() end
end
return 0
