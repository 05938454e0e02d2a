# SPDX-License-Identifier: BSD-2-Clause
"""reference.py - a naive gate, after doc/abi.md ("The order of checks") and nothing else: no trick, no speed. It interprets a plan: slots and memory in, what the
host sees, the result and memory out. Written apart from gate/ on purpose; never look there to make it agree: look into the documents."""
import re

import place
import values
from place import Address
from uri import is_uri
from values import elements, leaves, pick, size_of

PASSING = ("SPACE", "QUOTA", "DENIED", "STOPPED")


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


class Gate:
    """One guest. errors: name -> number. violations: names. policy: see policy.py. world: what outlives a call, see play.py."""

    def __init__(self, plan, errors, violations, policy, world):
        self.plan, self.errors, self.violations, self.policy = plan, errors, violations, policy
        self.handles, self.records = world.handles, world.records

    # ---- slots ----

    def logical(self, slot, raw):
        """The value of a slot, sign and all; WIDTH for bits beyond 32 that are no extension."""
        if isinstance(raw, Address):
            return raw
        width = machine_bits(slot, self.plan)
        used = max(32, slot.bits) if width >= 32 else width
        value = raw & ((1 << used) - 1)
        if slot.signed and value >> (used - 1):
            value -= 1 << used
        refuse_unless(value & ((1 << width) - 1) == raw, "WIDTH")
        return value

    def address(self, value):
        return value if isinstance(value, Address) else Address("zero", value)

    def take_slots(self, call, raw, memory, spill):
        if spill is not None and memory.find(self.address(spill), 8 * sum(slot.spilled for slot in call.slots)) is None:
            raise Refused("MEMORY")
        self.of = {}
        for slot, value in zip(call.slots, raw):
            self.of[slot.item, slot.role] = self.logical(slot, value)

    def get(self, item, role):
        return self.of.get((item.name, role))

    # ---- checks ----

    def check_scalar(self, item):
        type_, value = item.type, self.get(item, "value")
        present = self.get(item, "present")
        if present is not None:
            refuse_unless(present in (0, 1), "WIDTH")
            if not present:
                return
        check_width(type_, value)
        if item.range:
            refuse_unless(item.range[0] <= value <= item.range[1], "RANGE")

    def check_handle(self, item, call):
        handle = self.get(item, "value")
        if handle == 0 and item.type.optional:
            self.objects[item.name] = 0
            return
        slot = self.handles.live(handle)
        if slot is None or slot.type != self.type_number(item.type):
            self.is_forged = not self.handles.was_issued(handle)
            raise Refused("HANDLE")
        refuse_unless(self.policy.rights & call.right == call.right, "RIGHT")
        self.objects[item.name] = slot.object
        if item.type.own and item.direction == "in":
            refuse_unless(slot.owned and handle not in self.given, "HANDLE")
            self.given.append(handle)

    def charge(self, count):
        refuse_unless(count <= self.bytes_left, "QUOTA")
        self.bytes_left -= count

    def extent(self, at, size, is_written):
        at = self.address(at)
        place_ = self.memory.find(at, size)
        refuse_unless(place_ is not None, "MEMORY")
        self.extents.append((self.memory.normal(at), size, is_written))

    def check_buffer(self, item, in_result):
        type_ = item.type
        size = size_of(type_.element or type_, self.plan)
        at, count, capacity = (self.get(item, role) for role in ("address", "count", "capacity"))
        if item.direction == "in":
            refuse_unless(count <= type_.max, "RANGE")
            self.charge(count * size)
            self.extent(at, count * size, False)
            return
        room = min(capacity, type_.max)
        self.charge(room * size)
        if item.direction == "inout":
            refuse_unless(count <= room, "RANGE")
        self.extent(at, capacity * size, True)
        if not in_result:
            self.extent(self.get(item, "count address"), 2 if self.plan.short else 4, True)

    def check_places(self, item, in_result):
        if item.type.is_buffer:
            self.check_buffer(item, in_result)
        elif item.type.kind == "record" and item.direction == "in":
            self.extent(self.get(item, "address"), size_of(item.type, self.plan), False)
        elif item.direction == "out" and not in_result:
            if self.get(item, "presence address") is not None:
                self.extent(self.get(item, "presence address"), 1, True)
            self.extent(self.get(item, "address"), size_of(item.type, self.plan), True)

    def check_overlap(self):
        for i, (at, size, is_written) in enumerate(self.extents):
            for other, other_size, other_written in self.extents[i + 1:]:
                if is_written or other_written:
                    refuse_unless(place.are_apart(at, size, other, other_size), "OVERLAP")

    def room_for(self, type_):
        return min(len(self.handles.free), self.policy.most(type_.name) - self.handles.count(self.type_number(type_)))

    def check_room(self, call):
        outs = [item.type for item in call.items if item.direction == "out" and item.type.kind == "handle"]
        for type_ in outs:
            if type_.own:
                refuse_unless(self.room_for(type_) >= sum(other.own and other.name == type_.name for other in outs), "QUOTA")
            else:
                refuse_unless(self.handles.count(self.type_number(type_)) > 0 or self.room_for(type_) > 0, "QUOTA")

    # ---- copying in ----

    def read_element(self, type_, item, data):
        if type_.kind != "record":
            value = values.scalar_value(data, type_, self.plan.is_big)
            check_leaf(type_, item, value)
            return as_said(type_, value)
        record = {}
        for path, kind, field, offset in leaves(type_, self.plan):
            value = values.scalar_value(data[offset:offset + kind.bits // 8], kind, self.plan.is_big)
            check_leaf(kind, field, value)
            put(record, path, as_said(kind, value))
        return record

    def read(self, item):
        type_ = item.type
        at = self.address(self.get(item, "address"))
        if type_.kind == "record":
            return self.read_element(type_, None, self.memory.read(at, size_of(type_, self.plan)))
        count = self.get(item, "count")
        if type_.kind == "list":
            size = size_of(type_.element, self.plan)
            data = self.memory.read(at, count * size)
            return [self.read_element(type_.element, None, data[i * size:(i + 1) * size]) for i in range(count)]
        data = self.memory.read(at, count)
        refuse_unless(type_.kind == "bytes" or is_text(data), "FORMAT")
        return data.decode("latin-1")

    def copy_in(self, call):
        for item in call.items:
            if item.direction == "out":
                continue
            if item.type.is_buffer or item.type.kind == "record":
                self.seen[item.name] = self.read(item)
            elif item.type.kind == "handle":
                self.seen[item.name] = self.objects[item.name]
            else:
                self.seen[item.name] = as_said(item.type, self.get(item, "value")) if self.get(item, "present") in (None, 1) else None

    def check_meaning(self, call):
        for item in call.items:
            if item.direction == "in" and item.type.is_scalar and self.seen[item.name] is not None:
                check_known(item.type, self.seen[item.name])
            if item.format == "uri":
                refuse_unless(is_uri(self.seen[item.name]), "FORMAT")

    def check_guards(self, call):
        for item in call.items:
            if item.guard:
                refuse_unless(self.policy.allows(f"{call.full}.{item.name}", self.seen[item.name]), "GUARD")

    # ---- the host and after ----

    def host_error(self, call, error):
        names = {number: name for name, number in self.errors.items()}
        if names.get(error) in PASSING:
            raise Refused(names[error])
        if error in call.fails:
            raise Refused(next(name for name, number in call.api.errors.items() if number == error))
        raise Refused("HOST")

    def own_results(self, call, reply, made):
        failed = None
        for item in call.items:
            if item.direction != "out" or item.type.kind != "handle" or not item.type.own:
                continue
            number, type_ = reply.outs[item.name], self.type_number(item.type)
            if number == 0:
                failed = failed or (None if item.type.optional else "HOST")
                made[item.name] = 0
            elif self.handles.of(type_, number):
                failed = failed or "HOST"
            elif self.room_for(item.type) < 1:
                self.handles.released.append(number)
                failed = failed or "QUOTA"
            else:
                made[item.name] = self.handles.take(type_, number, True)
        refuse_unless(failed is None, failed)

    def lent_results(self, call, reply, made):
        for item in call.items:
            if item.direction != "out" or item.type.kind != "handle" or item.type.own:
                continue
            number, type_ = reply.outs[item.name], self.type_number(item.type)
            refuse_unless(number != 0 or item.type.optional, "HOST")
            known = self.handles.of(type_, number) if number else None
            if number and not known:
                refuse_unless(self.room_for(item.type) >= 1, "QUOTA")
            made[item.name] = self.handles.name(known) if known else self.handles.take(type_, number, False) if number else 0

    def check_kept(self, call, reply):
        for item in call.items:
            if item.direction == "in" or item.type.kind == "handle":
                continue
            value = reply.outs[item.name]
            if item.type.is_buffer:
                room = min(self.get(item, "capacity"), item.type.max)
                refuse_unless(reply.claims.get(item.name, len(elements(item.type, value))) <= room, "HOST")
                self.check_kept_elements(item.type, value)
            elif not (item.type.optional and value is None):
                self.check_kept_elements(item.type, [value], item)

    def check_kept_elements(self, type_, many, item=None):
        try:
            if type_.kind == "string":
                refuse_unless(is_text(elements(type_, many)), "HOST")
            elif type_.kind != "bytes":
                for value in many:
                    element = type_.element or type_
                    for kind, field, leaf in leaves_of(element, item, value, self.plan):
                        check_leaf(kind, field, values.number(kind, leaf))
        except Refused:
            raise Refused("HOST") from None

    def copy_out(self, call, planned, reply, made):
        result = 0
        for item in call.items:
            if item.direction == "in":
                continue
            value = made.get(item.name) if item.type.kind == "handle" else reply.outs[item.name]
            is_result = planned.result == item.name
            if item.type.is_buffer:
                count = len(elements(item.type, value))
                self.give(item.type, value, self.get(item, "address"), count * size_of(item.type.element or item.type, self.plan))
                result = self.give_count(item, count, is_result) or result
            elif is_result:
                result = values.number(item.type, value)
            else:
                self.give_single(item, value)
        return result

    def give(self, type_, value, at, size):
        at = self.address(at)
        if size:
            self.memory.write(at, values.memory_bytes(type_, value, self.plan, self.memory.read(at, size)))

    def give_count(self, item, count, is_result):
        if is_result:
            return count
        size = 2 if self.plan.short else 4
        self.memory.write(self.address(self.get(item, "count address")), values.scalar_bytes(count, size, self.plan.is_big))
        return None

    def give_single(self, item, value):
        has = self.get(item, "presence address")
        if has is not None:
            self.memory.write(self.address(has), bytes([value is not None]))
            if value is None:
                return
        self.give(item.type, value, self.get(item, "address"), size_of(item.type, self.plan))

    def type_number(self, type_):
        return self.plan.types[f"{type_.api.name}.{type_.name}"]

    # ---- a call ----

    def check(self, call, planned, raw, spill):
        refuse_unless(call.full not in self.policy.denied, "DENIED")
        refuse_unless(self.policy.calls > 1, "BUDGET")  # the guest has made one to learn what to do
        self.take_slots(planned, raw, self.memory, spill)
        ins = [item for item in call.items if item.direction == "in"]
        for item in ins:
            if item.type.is_scalar:
                self.check_scalar(item)
        for item in ins:
            if item.type.kind == "handle":
                self.check_handle(item, call)
        for item in call.items:
            self.check_places(item, planned.result == item.name)
        self.check_overlap()
        self.check_room(call)
        self.copy_in(call)
        self.check_meaning(call)
        self.check_guards(call)

    def host(self, call, reply):
        """The host function runs. An honest one that has more to give than there is room for says so before it does anything."""
        self.is_called = True
        for item in call.items:
            if item.type.is_buffer and item.direction != "in" and not reply.error and item.name not in reply.claims:
                room = min(self.get(item, "capacity"), item.type.max)
                if len(elements(item.type, reply.outs[item.name])) > room:
                    reply.error = self.errors["SPACE"]
        if reply.error:
            self.host_error(call, reply.error)
        for item in call.items:
            if item.type.kind == "bytes" and item.direction != "in":  # the guest's own memory
                self.give(item.type, reply.outs[item.name], self.get(item, "address"), len(reply.outs[item.name]))
        self.before = self.memory.copy()

    def finish(self, call, planned, reply):
        for handle in self.given:
            self.handles.close(self.handles.live(handle), release=False)
        made = {}
        try:
            self.own_results(call, reply, made)
            self.check_kept(call, reply)
            self.lent_results(call, reply, made)
        except Refused:
            for item in call.items:
                slot = self.handles.live(made.get(item.name, 0))
                if slot is not None and item.type.own:
                    self.handles.close(slot)
            raise
        self.made = made
        return self.copy_out(call, planned, reply, made)

    def answer(self, call):
        """The gate's own calls."""
        if call.name == "allowed":
            return int(self.policy.knows(self.get(call.item("number"), "value")))
        handle = self.get(call.item("handle"), "value")
        slot = self.handles.live(handle)
        self.is_forged = slot is None and not self.handles.was_issued(handle)
        refuse_unless(slot is not None, "HANDLE")
        self.handles.close(slot)
        return 0

    def accessor(self, call, planned):
        """A field of a record that stays with the host: the object's number stands for it, its fields begin as zeros."""
        record = self.records.setdefault(self.objects["object"], {})
        kind, field = call.name[len(call.items[0].type.name) + 1:].split("_", 1)
        type_ = next(item.type for item in call.items[0].type.fields if item.name == field)
        index = self.seen.get("index", 0)
        refuse_unless(index < (type_.array or 1), "RANGE")
        if kind == "set":
            record[field, index] = self.seen["value"]
            return 0
        made = Reply(0, {"result": record.get((field, index), 0)}, {})
        return self.copy_out(call, planned, made, {})

    def found(self, item, planned, result):
        """What the guest finds afterwards: an output, read back. A handle comes as the number of its object."""
        is_result, type_ = planned.result == item.name, item.type
        if type_.is_buffer:
            count = result if is_result else self.count_at(item)
            size = size_of(type_.element or type_, self.plan)
            data = self.memory.read(self.address(self.get(item, "address")), count * size)
            parts = [self.read_element(type_.element, None, data[i * size:(i + 1) * size]) for i in range(count)] if type_.element else None
            return data.decode("latin-1") if parts is None else parts
        has = self.get(item, "presence address")
        if has is not None and self.memory.read(self.address(has), 1) == b"\0":
            return None
        if is_result:
            value = result
        elif type_.kind == "handle":
            value = int.from_bytes(self.memory.read(self.address(self.get(item, "address")), size_of(type_, self.plan)), "big" if self.plan.is_big else "little")
        else:
            value = self.read_element(type_, None, self.memory.read(self.address(self.get(item, "address")), size_of(type_, self.plan)))
        if type_.kind == "handle":
            slot = self.handles.live(value)
            return slot.object if slot else 0
        return as_said(type_, value) if is_result else value

    def count_at(self, item):
        size = 2 if self.plan.short else 4
        return int.from_bytes(self.memory.read(self.address(self.get(item, "count address")), size), "big" if self.plan.is_big else "little")

    def call(self, call, planned, raw, spill, memory, reply):
        """One call by the guest -> (does it end the activation, result or error number, name of the error or None). Then is_called, seen, made say what happened."""
        self.memory, self.bytes_left = memory, self.policy.bytes
        self.objects, self.given, self.extents, self.seen, self.made = {}, [], [], {}, {}
        self.is_forged = self.is_called = False
        self.before = memory.copy()
        try:
            self.check(call, planned, raw, spill)
            if call.api.id == 0:
                return False, self.answer(call), None
            if call.accessor:
                return False, self.accessor(call, planned), None
            self.host(call, reply)
            return False, self.finish(call, planned, reply), None
        except Refused as refused:
            memory.zones = self.before.zones
            ends = planned.form == "value" or (self.policy.violation == "trap" and (refused.name in self.violations or self.is_forged))
            error = self.errors.get(refused.name) or call.api.errors[refused.name]
            return ends, error, refused.name


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
