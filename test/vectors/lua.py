# SPDX-License-Identifier: BSD-2-Clause
"""lua.py - Lua for script.py: literals, calls, and texts of results."""
from values import leaves

wraps = True  # a u64 above 2^63 - 1 shows as a negative number
none = "nil"
names_objects = True  # an object's text has its number

PRELUDE = r"""
local function int(v) return string.format("%d", v) end
local function truth(v) return v == true and "1" or v == false and "0" or "?" end
local function real(v, from, to) return string.format("0x%x", (string.unpack(to, string.pack(from, v)))) end
local function flags(v, values)
  local sum = 0
  for name in pairs(v) do sum = sum + values[name] end
  return string.format("%d", sum)
end
local function hex(v)
  local digits = {}
  for i = 1, #v do digits[i] = string.format("%02x", v:byte(i)) end
  return "'" .. table.concat(digits) .. "'"
end
local function list(v, show)
  local parts = {}
  for i = 1, #v do parts[i] = show(v[i]) end
  return "[" .. table.concat(parts, " ") .. "]"
end
local function maybe(v, show) if v == nil then return "-" end return show(v) end
local function object(v) return (string.gsub(tostring(v), " ", "_")) end
local function tell(text) told = told == "" and text or told .. " " .. text end
"""


def integer(value):
    return str(value) if -(1 << 62) < value < 1 << 62 else f"0x{value & ((1 << 64) - 1):x}"


def truth(value):
    return "true" if value else "false"


def text(data, _=False):
    return '"' + "".join(f"\\x{byte:02x}" for byte in data) + '"'


def real(bits, width):
    return f'(string.unpack("<{"f" if width == 32 else "d"}", {text(bits.to_bytes(width // 8, "little"))}))'


def list(elements):  # pylint: disable=redefined-builtin
    return "{" + ", ".join(elements) + "}"


def record(fields):
    return "{" + ", ".join(f"{name} = {value}" for name, value in fields) + "}"


def object(name):  # pylint: disable=redefined-builtin
    return f"h.{name}"


def show(type_, value):
    """An expression: the text of a value of this type."""
    if type_.optional or type_.kind == "handle":
        return f"maybe({value}, function(v) return {show_one(type_, 'v')} end)"
    return show_one(type_, value)


def show_one(type_, value):
    if type_.kind == "bool":
        return f"truth({value})"
    if type_.kind == "float":
        return f'real({value}, "<{"f" if type_.bits == 32 else "d"}", "<I{type_.bits // 8}")'
    if type_.kind == "flags":
        return f"flags({value}, {type_.api.name}.{type_.name})"
    if type_.kind in ("bytes", "string"):
        return f"hex({value})"
    if type_.kind == "list":
        return f"list({value}, function(e) return {show_one(type_.element, 'e')} end)"
    if type_.kind == "handle":
        return f"object({value})"
    if type_.kind == "record":
        parts = []
        for path, kind, _, _ in leaves(type_, PLAN):
            member = "".join(f"[{step + 1}]" if isinstance(step, int) else f".{step}" for step in path)
            parts.append(show_one(kind, value + member))
        return '"{" .. ' + ' .. " " .. '.join(parts) + ' .. "}"'
    return f"int({value})"


PLAN = None  # the order of a record's fields; set by make.py


def call(api, name, arguments, outs, kept):
    """Make the call, keep its objects, tell its results or its error. outs: (name, expression of its text)"""
    shown = [one for _, one in outs]
    results = [f"r{i}" for i in range(len(shown))]
    lines = [f"local {', '.join(['ok'] + (results or ['r0']))} = pcall({', '.join([f'{api}.{name}'] + arguments)})"]
    lines += [f"if ok then h.{named} = r{i} end" for i, named in kept if named != "none"]
    text_ = ' .. "," .. '.join(shown) if shown else '"OK"'
    return "\n".join(lines + [f"if ok then tell({text_}) else tell(r0.name or tostring(r0)) end"])


def close(name):
    return f'h.{name}:close() tell("OK")'


def handler(api, name, shown):
    arguments = ", ".join(["source"] + [f"v{i}" for i in range(len(shown))])
    return f"function {api}.on.{name}({arguments}) tell({chr(34)}({chr(34)} .. " + ' .. "," .. '.join(shown) + f" .. {chr(34)}){chr(34)}) end"


def program(calls, handlers):
    """Run number n makes call n; the following ones tell six letters each, and a zero at the end."""
    lines = ['if run == nil then run, told, at, h = 0, "", 0, {} end'] + handlers + ["run = run + 1"]
    for i, one in enumerate(calls):
        lines += [f"if run == {i + 1} then", "vectors.next(0)", one, "return 0", "end"]
    lines += ["local six = 0", "for i = 6, 1, -1 do six = six << 8 | (told:byte(at + i) or 0) end", "at = at + 6", "vectors.tell(six)", "return 0"]
    return "\n".join(lines) + "\n"
