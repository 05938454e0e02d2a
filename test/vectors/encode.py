# SPDX-License-Identifier: BSD-2-Clause
"""encode.py - a call as a vector says it, as slots and memory of one VM. Addresses stay a base and an offset: the guest's memory is where it is.
Uses the plan only; knows no rule of the gate."""
import re

import place
import values
from checks import machine_bits
from place import AREA, Address, CannotSay

SPILL_AT = AREA - place.EDGE - 96


def handle_number(text, world):
    """The number of a handle: a name, `name ^ bits`, `name + n`, none, or a number."""
    if isinstance(text, int):
        return text
    name, operator, operand = re.fullmatch(r"(\w+)(?: ([+^-]) (\w+))?", text).groups()
    number = 0 if name == "none" else world.handles_of[name]
    change = int(operand, 0) if operand else 0
    return number ^ change if operator == "^" else number - change if operator == "-" else number + change


class Encoder:
    """One call on its way into slots. said: the vector's call, in, place, raw."""

    def __init__(self, said, call, planned, world, memory):
        self.said, self.call, self.planned, self.world, self.memory = said, call, planned, world, memory
        self.plan, self.next = world.plan, 0
        self.at = {}
        self.raw = dict(said.get("raw", {}))

    def given(self, item):
        return self.said.get("in", {}).get(item.name)

    def reserve(self, size):
        at = Address("area", self.next)
        self.next += (size + 15) // 8 * 8
        assert self.next <= SPILL_AT, "the area is too small for this vector"
        return at

    def size_of(self, item):
        element = values.size_of(item.type.element or item.type, self.plan)
        if not item.type.is_buffer:
            return element
        count = len(values.elements(item.type, self.given(item))) if item.direction == "in" else self.capacity(item)
        return element * count

    def capacity(self, item):
        capacity = self.raw.get(f"{item.name}.capacity", item.type.max)
        return capacity if capacity <= 64 else item.type.max

    def place_of(self, item, what=None):
        """Where the item, or its count or presence, lies; asked once."""
        key = f"{item.name}.{what}" if what else item.name
        if key not in self.at:
            size = self.size_of(item) if what is None else 4
            said = self.said.get("place", {}).get(key)
            self.at[key] = self.reserve(size) if said is None else place.address(said, self.plan.address_bits, size)
        return self.at[key]

    def put_in(self, item):
        value, at = self.given(item), self.place_of(item)
        size = self.size_of(item) if item.direction == "in" or item.type.kind == "record" else values.size_of(item.type.element or item.type, self.plan) * len(value)
        under = self.memory.read(at, size) if self.is_known(at, size) else bytes(size)
        self.memory.put_what_fits(at, values.memory_bytes(item.type, value, self.plan, under))

    def is_known(self, at, size):
        try:
            return self.memory.find(at, size) is not None
        except CannotSay:
            return False

    def value_of(self, item, role):
        if role in ("address", "presence address", "count address"):
            return self.place_of(item, {"address": None, "presence address": "has", "count address": "count"}[role])
        value = self.given(item)
        if role == "present":
            return int(value is not None)
        if role == "count":
            return len(values.elements(item.type, value))
        if role == "capacity":
            return item.type.max
        if item.type.kind == "handle" or (isinstance(value, str) and item.type.kind == "int"):
            return handle_number(value, self.world)
        return 0 if value is None else values.number(item.type, value)

    def slot(self, slot):
        item = self.call.item(slot.item)
        key = slot.item if slot.role == "value" else f"{slot.item}.{slot.role.replace(' ', '_')}"
        value = self.raw.pop(key, None)
        if value is None:
            value = self.value_of(item, slot.role)
        elif isinstance(value, str):
            value = place.address(value, self.plan.address_bits, 0) if slot.role.endswith("address") else handle_number(value, self.world)
        if isinstance(value, Address):
            if value.base == "zero":
                return fit(value.offset, slot, self.plan)
            return value
        return fit(value, slot, self.plan)

    def encode(self):
        """-> (slots, address of the spill block or None)"""
        for item in self.call.items:
            if item.direction != "out" and (item.type.is_buffer or item.type.kind == "record"):
                self.put_in(item)
        slots = [self.slot(slot) for slot in self.planned.slots]
        spill = None
        if any(slot.spilled for slot in self.planned.slots):
            said = self.raw.pop("spill", None)
            spill = Address("area", SPILL_AT) if said is None else place.address(said, self.plan.address_bits, 8 * sum(slot.spilled for slot in self.planned.slots))
        elif "spill" in self.raw:
            raise CannotSay("no spill block")
        if self.raw:
            raise CannotSay("no such slot")
        return slots, spill


def fit(value, slot, plan):
    """A number as the bits of its slot; where two numbers would be the same bits, or there is no room, it cannot be said."""
    bits = machine_bits(slot, plan)
    is_untyped = slot.kind == "int" and not plan.short
    low = -(1 << (bits - 1)) if slot.signed or is_untyped else 0
    high = 1 << (bits - 1) if slot.signed and not is_untyped else 1 << bits
    if not low <= value < high:
        raise CannotSay(place.NO_BITS)
    return value & ((1 << bits) - 1)
