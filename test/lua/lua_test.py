#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Lua guests, run by the command: lua_test.py BUILD [NAME]

Each case is a script, and either what it prints through log.print, or how the command says that it was stopped. How they are checked, and in which time: ../scripts/scripts.py.
"""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "scripts"))
from scripts import MEMORY, STEPS, Scripts

LUA = Scripts(".lua", memory=200000, steps=100000)

# A table whose length is 2^62, in 64 elements.
HOLES = "local t = {} for k = 0, 62 do t[1 << k] = 1 end t[5] = 1 if #t ~= 1 << 62 then error(#t) end "
NAMES = "local function names(t) local l = {} for k, v in pairs(t) do if type(v) == 'function' then l[#l + 1] = k end end table.sort(l) return table.concat(l, ' ') end "
# Coroutines that wait with something to be closed, which closes the one before.
CLOSERS = ("local n, last = 0 for i = 1, COUNT do local before = last last = coroutine.create(function() local x <close> = setmetatable({}, {__close = function() n = n + 1 "
           "if before then coroutine.close(before) end end}) coroutine.yield() end) coroutine.resume(last) end log.print(tostring(coroutine.close(last)) .. ' ' .. n)")

GOOD = [
    ("what there is", NAMES + "for _, t in ipairs({_G, string, table, utf8, coroutine, math}) do log.print(names(t)) end",
     ["assert collectgarbage error getmetatable ipairs load next pairs pcall rawequal rawget rawlen rawset select setmetatable tonumber tostring type xpcall",
      "byte char find format gmatch gsub len lower match pack packsize rep reverse sub unpack upper", "concat insert move pack remove sort unpack",
      "char codepoint codes len offset", "close create isyieldable resume running status wrap yield",
      "abs acos asin atan ceil cos deg exp floor fmod log max min modf rad random randomseed sin sqrt tan tointeger type ult"]),
    ("tables", "local t = {3, 1, 2} table.sort(t) table.insert(t, 1, 9) table.insert(t, 7) log.print(table.concat(t, ',') .. table.remove(t, 1) .. table.remove(t) .. #t .. "
     "select('#', table.unpack(t)) .. table.concat(t, '', 2)) table.sort(t, function(a, b) return a > b end) log.print(table.concat(table.move(t, 1, 3, 2), ','))",
     ["9,1,2,3,7973323", "3,3,2,1"]),
    ("an object's list", "local c = setmetatable({}, {__index = {add = table.insert}}) for i = 1, 2000 do c:add(i) end log.print(#c .. '')", ["2000"]),
    ("closing within closing", CLOSERS.replace("COUNT", "3"), ["true 3"]),
    ("closing within closing within closing", CLOSERS.replace("COUNT", "90"), ["true 3"]),
    ("dying within dying", "local n = 0 local function f() local x <close> = setmetatable({}, {__close = function() n = n + 1 pcall(coroutine.wrap(f)) end}) error('x') end "
     "pcall(coroutine.wrap(f)) log.print(n .. '')", ["3"]),
    ("numbers and bytes", "log.print(type(random.u32()) .. #random.fill(8) .. #random.fill(0))", ["number80"]),
    ("an enum by name and by number", "log.print(tostring(saul.find('sense_temp', 0) == saul.find(saul.class.sense_temp, 0)))", ["true"]),
    ("a lent object is one object, with methods", "local d = saul.find('sense_temp', 0) log.print(tostring(d) .. ' ' .. d:name() .. ' ' .. saul.name(d))", ["device #1 bench bench"]),
    ("a record and a number", "local d, n = saul.find('sense_temp', 0):read() log.print(d.val[1] .. ' ' .. d.unit .. ' ' .. d.scale .. ' ' .. n)", ["2154 2 -2 1"]),
    ("a table to be filled", "local t = {} log.print(tostring(saul.read(saul.find('sense_temp', 0), t) == t) .. ' ' .. t.val[1])", ["true 2154"]),
    ("a record object to be filled", "local d, t = saul.find('sense_temp', 0), saul.phydat() local u, n = saul.read(d, t) "
     "log.print(tostring(u == t) .. ' ' .. t.val[1] .. ' ' .. t.unit .. ' ' .. t.scale .. ' ' .. n .. ' ' .. tostring(t) .. ' ' .. tostring(t.nothing))", ["true 2154 2 -2 1 phydat nil"]),
    ("fields of a record object", "local t = saul.phydat() t.val = {1, -2, 3} t.unit = 'temp_c' t.scale = -1 log.print(t.val[2] .. ' ' .. t.unit .. ' ' .. t.scale .. ' ' .. saul.phydat().unit)", ["-2 2 -1 0"]),
    ("a record object is given", "local t = saul.phydat() log.print(select(2, pcall(saul.write, saul.find('sense_temp', 0), t)).name)", ["not_supported"]),
    ("fields that do not fit", "local t = saul.phydat() for _, f in ipairs({{'unit', 256}, {'scale', -129}, {'scale', 'x'}, {'val', {1}}, {'more', 1}}) do "
     "log.print(tostring(select(2, pcall(function() t[f[1]] = f[2] end))):gsub('^guest:1: ', '')) end log.print(t.unit .. ' ' .. t.scale)",
     ["field unit is not in the range of its type", "field scale is not in the range of its type", "field scale is not an integer", "field val is not a list of the declared length",
      "phydat has no such field", "0 0"]),
    ("a record object is no object", "local a, t = timer.every(1000), saul.phydat() t.val = {3, 0, 0} log.print(tostring(pcall(a.close, t)) .. tostring(pcall(saul.name, t)) .. tostring(t) .. ' ' .. t.val[1] .. tostring(a))",
     ["falsefalsephydat 3alarm #1"]),
    ("a record object in the library", "local a, t = timer.every(1000), saul.phydat() t.val = {3, 0, 0} local out = '' for _, f in ipairs({function() timer.cancel(t) end, function() local x <close> = t end, "
     "function() rawlen(t) end, function() rawset(t, 1, 1) end, function() rawget(t, 1) end, function() next(t) end, function() setmetatable(t, {}) end, function() table.insert(t, 1) end, "
     "function() table.sort(t) end, function() table.unpack(t) end, function() table.move({1}, 1, 1, 1, t) end, function() table.unpack(t, 1, 2000) end}) do out = out .. (pcall(f) and 'y' or 'n') end "
     "log.print(out .. tostring(a) .. ' ' .. t.val[1] .. select('#', table.unpack(t, 1, 3)) .. type(t) .. ' ' .. getmetatable(t) .. string.format(' %s', t))",
     ["nnnnnnnnnnnnalarm #1 33userdata phydat phydat"]),
    ("an object is no record object", "local d = saul.find('sense_temp', 0) local t = saul.read(d, d) log.print(type(t) .. t.val[1])", ["table2154"]),
    ("values that need another way", "local f, d = saul.find, nil for _, kind in ipairs({130, 130.0, 'sense_temp'}) do d = f(kind, 0) end log.print(tostring(d) .. tostring(pcall(f, '130', 0)) .. tostring(pcall(f, 130.5, 0)))",
     ["device #1falsefalse"]),
    ("more arguments than there are", "random.u32(1, 2, {}) log.print('a', 'b')", ["a"]),
    ("an error is a table", "local ok, e = pcall(saul.find, 'sense_temp', 99) log.print(tostring(ok) .. ' ' .. e.api .. ' ' .. e.call .. ' ' .. e.code .. ' ' .. e.name)",
     ["false saul find -64 not_found"]),
    ("an error has a text", "log.print(tostring(select(2, pcall(saul.find, 'sense_temp', 99))))", ["saul.find: No such device."]),
    ("another kind", "log.print(tostring(select(2, pcall(saul.read, 5)))) log.print(tostring(select(2, pcall(log.print, 5))))",
     ["saul.read: argument 1 is not device", "log.print: argument 1 is not a string"]),
    ("an unknown name", "log.print(tostring(select(2, pcall(saul.find, 'warmth', 0))))", ["saul.find: argument 1 is not an integer, or the name of a value"]),
    ("a call that is not granted", "log.print(select(2, pcall(sys.name)).name) log.print(select(2, pcall(timer.once, 'x')).name)", ["DENIED", "DENIED"]),
    ("a closed object", "local a = timer.every(1000) a:close() log.print(tostring(a) .. ' ' .. select(2, pcall(timer.cancel, a)).name)", ["alarm (closed) HANDLE"]),
    ("an object given away", "local a = timer.every(1000) timer.cancel(a) log.print(tostring(a))", ["alarm (closed)"]),
    ("closed at the end of a block", "for i = 1, 9 do local a <close> = timer.every(1000) end log.print('nine')", ["nine"]),
    ("closed by the collector", "local n = 0 for i = 1, 100 do if pcall(timer.every, 1000) then n = n + 1 end local t = {} for k = 1, 10 do t[k] = ('x'):rep(50) .. k end end "
     "log.print(tostring(n > 10))", ["true"]),
    ("no addresses", "log.print(tostring({}) .. tostring(log.print) .. tostring(coroutine.create(log.print)) .. ('%s%5s'):format({}, log.print) .. tostring(setmetatable({}, {__name = 'x'})))",
     ["tablefunctionthreadtablefunctiontable"]),
    ("no pointers", "log.print(tostring(select(2, pcall(string.format, '%-20p', {})))) log.print(tostring(select(2, pcall(math.randomseed))) .. select('#', math.randomseed(1)))",
     ["%p is left out", "bad argument #1 to 'math.randomseed' (number expected, got no value)0"]),
    ("the same seed", "local a = math.random(1000000) math.randomseed(0) log.print(tostring(a == math.random(1000000)))", ["true"]),
    ("format", "log.print(('%d %5.1f %q %s %%p'):format(7, 1.25, 'a', nil))", ["7   1.2 \"a\" nil %p"]),
    ("an empty program", "", []),
    ("line ends of others", "log.print('a')\r\nlog.print('b')\r\n", ["a", "b"]),
    ("coroutines", "local c = coroutine.wrap(function() local ok, v = pcall(coroutine.yield, 7) log.print('in ' .. v) end) log.print('out ' .. c()) c(8)", ["out 7", "in 8"]),
    ("text chunks", "log.print(tostring(load('return 6 * 7')()) .. ' ' .. tostring(load(string.char(27) .. 'Lua')))", ["42 nil"]),
    ("event.wait", "local a = timer.every(20) local e = event.wait(1000) log.print(e.api .. ' ' .. e.id .. ' ' .. e.size)", ["6 1 4"]),
    ("a result", "return 0", []),
    ("constants", "log.print(saul.name_max .. '')", ["31"]),
    ("matching", "for k, v in ('a=1, b=2'):gmatch('(%w+)=(%w+)') do log.print(k .. v) end log.print((('a.b'):gsub('%.', '-')))", ["a1", "b2", "a-b"]),
]
STOPPED = [
    ("calls with values of another kind are paid for", "for i = 0, 3000 do local _, e = pcall(timer.every, 'x') if e.name == 'BUDGET' then error('paid ' .. i) end end", "paid 400"),
    ("a number that is too large", "timer.every(2^40)", "stopped in timer.every: an argument has bits beyond its type"),
    ("a number below 0", "timer.every(-1)", "stopped in timer.every: an argument has bits beyond its type"),
    ("an endless loop", "while true do end", STEPS),
    ("an endless loop that catches", "while true do pcall(function() while true do end end) end", STEPS),
    ("coroutines that catch in coroutines", "local function f() while true do pcall(coroutine.wrap(f)) end end f()", STEPS),
    ("resume that catches", "local function f() while true do coroutine.resume(coroutine.create(f)) end end f()", STEPS),
    ("xpcall with a handler that loops", "while true do xpcall(error, function() while true do end end) end", STEPS),
    ("a wrapped coroutine with something to close", "coroutine.wrap(function() local x <close> = setmetatable({}, {__close = function() while true do end end}) while true do end end)()",
     STEPS),
    ("load that loops", "while true do load(function() while true do end end) end", STEPS),
    ("close that loops", "while true do pcall(function() local x <close> = setmetatable({}, {__close = function() while true do end end}) end) end", STEPS),
    ("all memory", "local t = {} while true do t[#t + 1] = ('x'):rep(1000) end", MEMORY),
    ("memory that is always full", "local t = {} pcall(function() while true do t[#t + 1] = ('x'):rep(50) .. #t end end) while true do pcall(string.rep, 'y', 3000) end",
     STEPS),
    ("a huge string", "return ('x'):rep(1e9)", MEMORY),
    ("a pattern that backtracks", "return ('a'):rep(50000):find(('a*'):rep(20) .. 'b')", "pattern too costly"),
    ("a move without end", "table.move({}, 1, 1e15, 2)", "too many elements for one call"),
    ("nothing, repeated without end", "error(#(''):rep(math.maxinteger) .. ' bytes')", "0 bytes"),
    ("concat of what is looked up elsewhere", "table.concat(setmetatable({}, {__index = table.concat}), '', 1, math.maxinteger)", "too many elements for one call"),
    ("concat of a long chain", "local p = setmetatable({}, {__index = table.concat}) for i = 1, 500 do p = setmetatable({}, {__index = p}) end table.concat(p, '', 1, 90000)", "too many elements for one call"),
    ("insert before a length that is none", HOLES + "table.insert(t, 1, 0)", "too many elements for one call"),
    ("remove before a length that is none", HOLES + "table.remove(t, 1)", "too many elements for one call"),
    ("sort of a length that is none", HOLES + "table.sort(t, pcall)", "too many elements for one call"),
    ("sort of one long text", "local s, t = ('a'):rep(50000), {} for i = 1, 2000 do t[i] = s end table.sort(t)", STEPS),
    ("a long text in a long text", "('a'):rep(60000):find(('a'):rep(30000) .. 'b', 1, true)", "pattern too costly"),
    ("a long replacement", "('a'):rep(3000):gsub('()', ('%1'):rep(25000))", "pattern too costly"),
    ("patterns that cost", "while true do ('a'):rep(3000):find('.-b') end", STEPS),
    ("format of one long text", "local s, t = ('a'):rep(40000), {} for i = 1, 900 do t[i] = s end ('%.1s'):rep(900):format(table.unpack(t))", STEPS),
    ("load of nothing without end", "local s = (' '):rep(50000) load(function() return s end)", STEPS),
    ("a chain of __call", "local m = {} local t = setmetatable({}, m) m.__call = t while true do pcall(t) end", STEPS),
    ("coroutines for a few steps each", "while true do coroutine.wrap(function() for i = 1, 400 do end end)() end", STEPS),
    ("a length of its own", "table.insert(setmetatable({}, {__len = function() return 1e15 end}), 1, 1)", "not for a table with __len"),
    ("unpack", "return table.unpack({}, 1, 1e8)", "too many elements for one call"),
    ("a finalizer", "setmetatable({}, {__gc = function() end})", "a metatable with __gc cannot be set"),
    ("a deep recursion", "local function f() return 1 + f() end f()", MEMORY),
    ("brackets without end", "load(('('):rep(100000))", MEMORY),
    ("an error whose text is an error", "error(setmetatable({}, {__tostring = function() error('x') end}))", "x"),
    ("an error that is a table", "error({1})", "stopped: raised a table\n"),
    ("the metatable of an object", "getmetatable(timer.every(10)).__index = nil", "attempt to index a string value"),
    ("what was left out", "return io or os or debug or package or require or dofile or string.dump or print or x.y", "attempt to index a nil value"),
    ("a syntax error", "x = = 1", "is not a sound program: guest:1: unexpected symbol near '='"),
    ("a program that is cut off", "log.print('a')\nfor i = 1, 3 do", "'end' expected"),
    ("bytes that are no text", "x = \0", "no VM of this command knows this file"),
    ("a text that is too long", "log.print(('x'):rep(300))", "log.print: an argument is outside its declared range"),
    ("calls after the end", "pcall(timer.every, 2^40) while true do pcall(log.print, 'on') end", "an argument has bits beyond its type"),
]
TICKS = """alarm = timer.every(20)
seen = 0
function timer.on.fired(a, count) -- count may jump where the machine is late
  seen = seen + 1
  log.print(seen .. ' ' .. tostring(a == alarm))
  if seen == 3 then timer.cancel(a) end
end"""


def inspected(folder, script, _):
    """What a program calls cannot be seen before it runs, and that is said."""
    LUA.run(folder, script)
    for command, wanted in (("check", (0, True)), ("policy", (1, False))):
        done = LUA.call(folder, command, "a.lua")
        said = (done.stdout + done.stderr).count("lua programs look up what they call while they run")
        assert (done.returncode, done.stdout != "", said) == (*wanted, 1), (command, done)


if __name__ == "__main__":
    sys.exit(LUA.main([(LUA.good, *row) for row in GOOD] + [(LUA.stopped, *row) for row in STOPPED] + [
        (LUA.ticks, "events", TICKS, None), (LUA.small, "too little memory", "log.print('a')", 20000), (inspected, "inspected", "", None)]))
