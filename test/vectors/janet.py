# SPDX-License-Identifier: BSD-2-Clause
"""janet.py - Janet for script.py: literals, calls, and texts of results."""
import struct

from place import NO_BITS, CannotSay
from values import leaves

wraps = False  # a u64 above 2^53 is an int/u64
none = "nil"
names_objects = False  # an object's text is its type alone

PRELUDE = r"""
(if (nil? (get (curenv) 'state)) (do (defglobal 'state @{:run 0 :told "" :at 0}) (defglobal 'h @{})))
(defn as [v kind] (if (= (type v) kind) v (error (string (type v) " and not " kind))))
(defn int [v] (string (if (= (type v) :core/u64) v (if (= (type v) :core/s64) v (as v :number)))))
(defn truth [v] (if (as v :boolean) "1" "0"))
(defn digits [v show] (def parts @"") (each byte v (buffer/push parts (string/format show byte))) (string parts))
(defn real [v bits]
  (def parts (if (= bits 32) (buffer/push-float32 @"" :be (as v :number)) (buffer/push-float64 @"" :be (as v :number))))
  (var from 0)
  (def all (digits parts "%02x"))
  (while (and (< from (- (length all) 1)) (= (in all from) 48)) (++ from))
  (string "0x" (string/slice all from)))
(defn flags [v values]
  (var sum 0)
  (eachp [name is] v (+= sum (if (= is true) (in values name) math/nan)))
  (int sum))
(defn hex [v] (string "'" (digits (as v :string) "%02x") "'"))
(defn list [v show] (string "[" (string/join (map show (as v :array)) " ") "]"))
(defn maybe [v show] (if (nil? v) "-" (show v)))
(defn tell [text] (put state :told (if (= (state :told) "") text (string (state :told) " " text))))
(defn attempt [[ok r] show] (tell (if ok (show r) (if (table? r) (r :name) (string r)))))
"""


def integer(value):
    if -(1 << 53) <= value <= 1 << 53:
        return str(value)
    return f'(int/{"s64" if value < 0 else "u64"} "{value}")'


def truth(value):
    return "true" if value else "false"


def text(data, _):
    return '"' + "".join(f"\\x{byte:02x}" for byte in data) + '"'


def real(bits, width):
    """A number's letters are not read exactly, so it is put together; there is one NaN."""
    value = struct.unpack("<f" if width == 32 else "<d", bits.to_bytes(width // 8, "little"))[0]
    if value != value:  # pylint: disable=comparison-with-itself
        raise CannotSay(NO_BITS)
    if value in (float("inf"), -float("inf")):
        return "math/inf" if value > 0 else "math/-inf"
    if value == 0:
        return "(* -1 0)" if bits else "0"
    above, below = value.as_integer_ratio()
    power = below.bit_length() - 1
    while above % 2 == 0:
        above, power = above // 2, power - 1
    return f"(math/ldexp {above} {-power})"


def list(elements):  # pylint: disable=redefined-builtin
    return "[" + " ".join(elements) + "]"


def record(fields):
    return "{" + " ".join(f":{name} {value}" for name, value in fields) + "}"


def object(name):  # pylint: disable=redefined-builtin
    return f"(h :{name})"


def show(type_, value):
    """An expression: the text of a value of this type."""
    if type_.optional or type_.kind == "handle":
        return f"(maybe {value} (fn [v] {show_one(type_, 'v')}))"
    return show_one(type_, value)


def show_one(type_, value):
    if type_.kind == "float":
        return f"(real {value} {type_.bits})"
    if type_.kind == "flags":
        return f"(flags {value} {type_.api.name}/{type_.name})"
    if type_.kind == "list":
        return f"(list {value} (fn [e] {show_one(type_.element, 'e')}))"
    if type_.kind == "record":
        parts = []
        for path, kind, _, _ in leaves(type_, PLAN):
            member = value
            for step in path:
                member = f"(in {member} {step if isinstance(step, int) else ':' + step})"
            parts.append(show_one(kind, member))
        return '(string "{" ' + ' " " '.join(parts) + ' "}")'
    return f"({ {'bool': 'truth', 'bytes': 'hex', 'string': 'hex', 'handle': 'string'}.get(type_.kind, 'int')} {value})"


PLAN = None  # the order of a record's fields; set by make.py


def call(api, name, arguments, outs, kept):
    """Make the call, keep its objects, tell its results or its error."""
    got = "r0" if len(outs) < 2 else "[" + " ".join(f"r{i}" for i in range(len(outs))) + "]"
    keep = "".join(f"(put h :{named} r{i}) " for i, named in kept if named != "none")
    text_ = '(string ' + ' "," '.join(shown for _, shown in outs) + ")" if outs else '(if (nil? r0) "OK" "no results")'
    return f"(attempt (protect ({' '.join([f'{api}/{name}'] + arguments)})) (fn [{got}] {keep}{text_}))"


def close(name):
    return f'(:close (h :{name})) (tell "OK")'


def handler(api, name, shown):
    arguments = " ".join(["source"] + [f"v{i}" for i in range(len(shown))])
    return f'(defn on_{api}_{name} [{arguments}] (tell (string "(" ' + ' "," '.join(shown) + ' ")")))'


def program(calls, handlers):
    """Run number n makes call n; the following ones tell six letters each, and a zero at the end."""
    lines = handlers + ["(++ (state :run))", "(case (state :run)"] + [f"{i + 1} (do (vectors/next 0) {one})" for i, one in enumerate(calls)]
    lines += ["(do (var six 0)", '(for i 0 6 (set six (+ (* six 256) (get (state :told) (+ (state :at) (- 5 i)) 0))))', "(+= (state :at) 6)", "(vectors/tell six)))"]
    return "\n".join(lines) + "\n"
