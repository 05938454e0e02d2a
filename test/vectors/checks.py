# SPDX-License-Identifier: BSD-2-Clause
"""checks.py - what the reference knows of single values: widths, ranges, names, texts; and the words that its parts share. Knows no call and no guest."""
import re

from uri import is_uri  # noqa: F401 - reached through this module, so that bugs.py can bend it
from values import leaves, pick


def read_errors(path):
    """Number and violation of each error, from the closed table in error.h."""
    rows = re.findall(r"X\((\w+), (-\d+), (true|false), ", open(path, encoding="utf-8").read())
    return {name: int(number) for name, number, _ in rows}, {name for name, _, violation in rows if violation == "true"}


class Refused(Exception):
    def __init__(self, name):
        super().__init__(name)
        self.name = name


def refuse_unless(is_good, name):
    if not is_good:
        raise Refused(name)


class Reply:
    """What a host function does: error (a number, 0: none), outs (item -> value), claims (item -> the count it says, where that is not the truth)."""

    def __init__(self, error, outs, claims):
        self.error, self.outs, self.claims = error, outs, claims


def machine_bits(slot, plan):
    """Bits of the place in which a slot travels."""
    return {"i32": 32, "i64": 64, "f32": 32, "f64": 64}.get(slot.kind, 16 * slot.cells if plan.short else 64)


def leaves_of(type_, item, value, plan):
    """(type, field, value) of each scalar in it."""
    if type_.kind == "record":
        return [(kind, field, pick(value, path)) for path, kind, field, _ in leaves(type_, plan)]
    return [(type_, item, value)]


def check_width(type_, value):
    low, high = (-(1 << (type_.bits - 1)), (1 << (type_.bits - 1)) - 1) if type_.signed else (0, 1 if type_.kind == "bool" else (1 << type_.bits) - 1)
    refuse_unless(low <= value <= high, "WIDTH")


def check_known(type_, value):
    if type_.kind == "enum" and not type_.is_open:
        refuse_unless(value in type_.values.values(), "VALUE")
    if type_.kind == "flags":
        refuse_unless(value & ~sum(type_.values.values()) == 0, "VALUE")


def check_leaf(type_, item, value):
    check_width(type_, value)
    check_known(type_, value)
    if item is not None and item.range:
        refuse_unless(item.range[0] <= value <= item.range[1], "RANGE")


def as_said(type_, value):
    """A number as vectors write it: a float by its bits."""
    return {"bits": value & ((1 << type_.bits) - 1)} if type_.kind == "float" else value


def is_text(data):
    try:
        return "\0" not in data.decode("utf-8")
    except UnicodeDecodeError:
        return False


def put(record, path, value):
    for step, following in zip(path, path[1:]):
        if isinstance(record, list) and step == len(record):
            record.append([] if isinstance(following, int) else {})
        elif isinstance(record, dict):
            record.setdefault(step, [] if isinstance(following, int) else {})
        record = record[step]
    if isinstance(record, list):
        record.append(value)
    else:
        record[path[-1]] = value
