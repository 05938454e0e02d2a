# SPDX-License-Identifier: BSD-2-Clause
"""values.py - values as vectors write them, as bytes of a guest's memory, as bytes of a host's reply, and as the text that host functions print.
In vectors a text has one character for each byte; an enum may be a name; a handle is the name of an object, or none."""
import struct


def bits_of(value, bits):
    """A float as its IEEE 754 bits; a number that is given as {bits: n} is taken as it is."""
    if isinstance(value, dict):
        return value["bits"]
    return struct.unpack("<I" if bits == 32 else "<Q", struct.pack("<f" if bits == 32 else "<d", value))[0]


def number(type_, value):
    """A scalar of a vector as an integer."""
    if type_.kind == "float":
        return bits_of(value, type_.bits)
    if type_.kind in ("enum", "flags") and isinstance(value, str):
        return sum(type_.values[name] for name in value.split("|"))
    return int(value)


def size_of(type_, plan):
    if type_.kind == "record":
        return plan.layouts[f"{type_.api.name}.{type_.name}"]["size"]
    if type_.kind == "handle":
        return 2 if plan.short else 4
    return 1 if type_.kind in ("bytes", "string") else type_.bits // 8


def scalar_bytes(value, size, is_big):
    return (value & ((1 << (8 * size)) - 1)).to_bytes(size, "big" if is_big else "little")


def scalar_value(data, type_, is_big):
    return int.from_bytes(data, "big" if is_big else "little", signed=type_.signed)


def leaves(type_, plan, start=0):
    """The scalars of a record in order: (path, type, item, offset)."""
    layout = plan.layouts[f"{type_.api.name}.{type_.name}"]
    for field in type_.fields:
        offset, size = layout["fields"][field.name]
        for i in range(field.type.array or 1):
            path = (field.name, i) if field.type.array else (field.name,)
            at = start + offset + i * size
            if field.type.kind == "record":
                for inner, kind, item, place in leaves(field.type, plan, at):
                    yield path + inner, kind, item, place
            else:
                yield path, field.type, field, at


def pick(value, path):
    for step in path:
        value = value[step]
    return value


def elements(type_, value):
    return value.encode("latin-1") if type_.kind in ("bytes", "string") else value


def write_element(type_, value, plan, into, at):
    """A scalar or a record into a bytearray; padding stays."""
    if type_.kind == "record":
        for path, kind, _, offset in leaves(type_, plan):
            write_element(kind, pick(value, path), plan, into, at + offset)
    else:
        size = size_of(type_, plan)
        into[at:at + size] = scalar_bytes(number(type_, value), size, plan.is_big)


def memory_bytes(type_, value, plan, under):
    """The value as guest memory has it, over the bytes that are there."""
    if type_.kind in ("bytes", "string"):
        return elements(type_, value)
    data = bytearray(under)
    if type_.kind == "list":
        size = size_of(type_.element, plan)
        for i, element in enumerate(value):
            write_element(type_.element, element, plan, data, i * size)
    else:
        write_element(type_, value, plan, data, 0)
    return bytes(data)


# ---- text ----

def show_scalar(type_, value):
    value = number(type_, value)
    return f"{value:#x}" if type_.kind == "float" else str(value)


def show_hex(data):
    return "'" + data.hex() + "'"


def show(type_, value, plan):
    """As the host function prints what it was given. Handles are numbers of objects here."""
    if type_.kind == "handle":
        return f"#{value}"
    if type_.kind in ("bytes", "string"):
        return show_hex(elements(type_, value))
    if type_.kind == "list":
        return "[" + " ".join(show(type_.element, element, plan) for element in value) + "]"
    if type_.kind == "record":
        return "{" + " ".join(show_scalar(kind, pick(value, path)) for path, kind, _, _ in leaves(type_, plan)) + "}"
    return show_scalar(type_, value)


# ---- replies ----

def reply_element(type_, value, plan):
    if type_.kind == "record":
        return b"".join(scalar_bytes(number(kind, pick(value, path)), kind.bits // 8, False) for path, kind, _, _ in leaves(type_, plan))
    return scalar_bytes(number(type_, value), type_.bits // 8, False)


def reply_bytes(type_, value, claim, plan):
    """What the generated host function reads, in order: a number of an object, a presence and a scalar, leaves of a record, or a claim (the count it will say,
    -1: as many as there are), a count and elements. Little-endian."""
    if type_.kind == "handle":
        return bytes([value])
    if type_.optional:
        return bytes([value is not None]) + reply_element(type_, 0 if value is None else value, plan)
    if type_.is_buffer:
        items = elements(type_, value)
        data = bytes(items) if type_.kind != "list" else b"".join(reply_element(type_.element, element, plan) for element in items)
        return scalar_bytes(-1 if claim is None else claim, 4, False) + bytes([len(items)]) + data
    return reply_element(type_, value, plan)
