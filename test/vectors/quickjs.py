# SPDX-License-Identifier: BSD-2-Clause
"""quickjs.py - JavaScript for script.py: literals, calls, and texts of results."""
from place import CannotSay
from values import leaves

wraps = False  # a u64 is a BigInt
none = "null"
names_objects = True  # an object's text has its number

NO_TEXT = "a text is Unicode, so it has no other bytes"

PRELUDE = r"""import { contract, bell, vectors } from "callgate";
const as = (v, kind) => { if (typeof v !== kind) throw new Error(`${typeof v} and not ${kind}`); return v; };
const int = v => String(as(v, "number"));
const wide = v => String(as(v, "bigint"));
const truth = v => as(v, "boolean") ? "1" : "0";
const view = new DataView(new ArrayBuffer(8));
const real = (v, bits) => {
  view.setBigUint64(0, 0n);
  if (bits === 32) view.setFloat32(4, as(v, "number")); else view.setFloat64(0, as(v, "number"));
  return "0x" + view.getBigUint64(0).toString(16);
};
const from = (bits, width) => {
  view.setBigUint64(0, bits);
  return width === 32 ? view.getFloat32(4) : view.getFloat64(0);
};
const flags = (v, values) => {
  let sum = 0;
  for (const name of Object.keys(v)) sum += v[name] === true ? values[name] : NaN;
  return int(sum);
};
const digits = v => "'" + Array.from(v, b => b.toString(16).padStart(2, "0")).join("") + "'";
const hex = v => v instanceof Uint8Array ? digits(v) : "no bytes";
const utf8 = v => digits(Array.from(unescape(encodeURIComponent(as(v, "string"))), c => c.charCodeAt(0)));
const list = (v, show) => Array.isArray(v) ? "[" + v.map(show).join(" ") + "]" : "no array";
const maybe = (v, show) => v === null ? "-" : show(v);
const object = v => `${v}`.replace(" ", "_");
const h = {};
let count = 0, told = "", at = 0;
const tell = text => { told = told === "" ? text : told + " " + text; };
const attempt = (make, show) => {
  let r;
  try { r = make(); } catch (e) { return tell(e.api === undefined ? String(e) : e.name); }
  tell(show(r));
};
"""


def integer(value):
    return str(value) if -(1 << 53) < value < 1 << 53 else f"{value}n"


def truth(value):
    return "true" if value else "false"


def text(data, is_text):
    if not is_text:
        return f"new Uint8Array([{', '.join(map(str, data))}])"
    try:
        letters = bytes(data).decode("utf-8")
    except UnicodeDecodeError as error:
        raise CannotSay(NO_TEXT) from error
    return '"' + "".join(f"\\u{{{ord(letter):x}}}" for letter in letters) + '"'


def real(bits, width):
    return f"from({bits:#x}n, {width})"


def list(elements):  # pylint: disable=redefined-builtin
    return "[" + ", ".join(elements) + "]"


def record(fields):
    return "{" + ", ".join(f"{name}: {value}" for name, value in fields) + "}"


def object(name):  # pylint: disable=redefined-builtin
    return f"h.{name}"


def show(type_, value):
    """An expression: the text of a value of this type."""
    if type_.optional or type_.kind == "handle":
        return f"maybe({value}, v => {show_one(type_, 'v')})"
    return show_one(type_, value)


def show_one(type_, value):
    if type_.kind == "float":
        return f"real({value}, {type_.bits})"
    if type_.kind == "flags":
        return f"flags({value}, {type_.api.name}.types.{type_.name})"
    if type_.kind == "list":
        return f"list({value}, e => {show_one(type_.element, 'e')})"
    if type_.kind == "record":
        parts = []
        for path, kind, _, _ in leaves(type_, PLAN):
            member = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
            parts.append(show_one(kind, value + member))
        return '"{" + ' + ' + " " + '.join(parts) + ' + "}"'
    function = {"bool": "truth", "bytes": "hex", "string": "utf8", "handle": "object"}.get(type_.kind)
    return f"{function or ('wide' if type_.kind == 'int' and type_.bits == 64 else 'int')}({value})"


PLAN = None  # the order of a record's fields; set by make.py


def call(api, name, arguments, outs, kept):
    """Make the call, keep its objects, tell its results or its error."""
    got = "r0" if len(outs) < 2 else "{ " + ", ".join(f"{out}: r{i}" for i, (out, _) in enumerate(outs)) + " }"
    keep = "".join(f"h.{named} = r{i}; " for i, named in kept if named != "none")
    text_ = ' + "," + '.join(shown for _, shown in outs) if outs else 'r0 === undefined ? "OK" : "no results"'
    return f"attempt(() => {api}.{name}({', '.join(arguments)}), ({got}) => {{ {keep}return {text_}; }});"


def close(name):
    return f'h.{name}.close(); tell("OK");'


def handler(api, name, shown):
    arguments = ", ".join(["source"] + [f"v{i}" for i in range(len(shown))])
    return f'{api}.on.{name} = ({arguments}) => tell("(" + ' + ' + "," + '.join(shown) + ' + ")");'


def program(calls, handlers):
    """Run number n makes call n; the following ones tell six letters each, and a zero at the end."""
    lines = handlers + ["const calls = ["] + [f"() => {{ {one} }}," for one in calls] + ["];", "export function run() {"]
    lines += ["if (count < calls.length) { vectors.next(0); return calls[count++](); }", "let six = 0;"]
    lines += ["for (let i = 5; i >= 0; i--) six = six * 256 + (told.charCodeAt(at + i) || 0);", "at += 6;", "vectors.tell(six);", "}"]
    return "\n".join(lines) + "\n"
