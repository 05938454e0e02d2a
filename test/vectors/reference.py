# SPDX-License-Identifier: BSD-2-Clause
"""reference.py - a naive gate, after doc/abi.md ("The order of checks") and nothing else: no trick, no speed. It interprets a plan: slots and memory in, what the
host sees, the result and memory out. Written apart from gate/ on purpose; never look there to make it agree: look into the documents.
Here is everything up to the host function; serve.py has the rest."""
import checks
import place
import values
from place import Address
from serve import Serving
from values import leaves, size_of


class Gate(Serving):
    """One guest. errors: name -> number. violations: names. policy: see policy.py. world: what outlives a call, see play.py."""

    def __init__(self, plan, errors, violations, policy, world):
        self.plan, self.errors, self.violations, self.policy = plan, errors, violations, policy
        self.handles, self.records = world.handles, world.records

    # ---- slots ----

    def logical(self, slot, raw):
        """The value of a slot, sign and all; WIDTH for bits beyond 32 that are no extension."""
        if isinstance(raw, Address):
            return raw
        width = checks.machine_bits(slot, self.plan)
        used = max(32, slot.bits) if width >= 32 else width
        value = raw & ((1 << used) - 1)
        if slot.signed and value >> (used - 1):
            value -= 1 << used
        checks.refuse_unless(value & ((1 << width) - 1) == raw, "WIDTH")
        return value

    def address(self, value):
        return value if isinstance(value, Address) else Address("zero", value)

    def take_slots(self, call, raw, memory, spill):
        if spill is not None and memory.find(self.address(spill), 8 * sum(slot.spilled for slot in call.slots)) is None:
            raise checks.Refused("MEMORY")
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
            checks.refuse_unless(present in (0, 1), "WIDTH")
            if not present:
                return
        checks.check_width(type_, value)
        if item.range:
            checks.refuse_unless(item.range[0] <= value <= item.range[1], "RANGE")

    def check_handle(self, item, call):
        handle = self.get(item, "value")
        if handle == 0 and item.type.optional:
            self.objects[item.name] = 0
            return
        slot = self.handles.live(handle)
        if slot is None or slot.type != self.type_number(item.type):
            self.is_forged = not self.handles.was_issued(handle)
            raise checks.Refused("HANDLE")
        checks.refuse_unless(self.policy.rights & call.right == call.right, "RIGHT")
        self.objects[item.name] = slot.object
        if item.type.own and item.direction == "in":
            checks.refuse_unless(slot.owned and handle not in self.given, "HANDLE")
            self.given.append(handle)

    def charge(self, count):
        checks.refuse_unless(count <= self.bytes_left, "QUOTA")
        self.bytes_left -= count

    def extent(self, at, size, is_written):
        at = self.address(at)
        place_ = self.memory.find(at, size)
        checks.refuse_unless(place_ is not None, "MEMORY")
        self.extents.append((self.memory.normal(at), size, is_written))

    def check_buffer(self, item, in_result):
        type_ = item.type
        size = size_of(type_.element or type_, self.plan)
        at, count, capacity = (self.get(item, role) for role in ("address", "count", "capacity"))
        if item.direction == "in":
            checks.refuse_unless(count <= type_.max, "RANGE")
            self.charge(count * size)
            self.extent(at, count * size, False)
            return
        room = min(capacity, type_.max)
        self.charge(room * size)
        if item.direction == "inout":
            checks.refuse_unless(count <= room, "RANGE")
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
                    checks.refuse_unless(place.are_apart(at, size, other, other_size), "OVERLAP")

    def room_for(self, type_):
        return min(len(self.handles.free), self.policy.most(type_.name) - self.handles.count(self.type_number(type_)))

    def check_room(self, call):
        outs = [item.type for item in call.items if item.direction == "out" and item.type.kind == "handle"]
        for type_ in outs:
            if type_.own:
                checks.refuse_unless(self.room_for(type_) >= sum(other.own and other.name == type_.name for other in outs), "QUOTA")
            else:
                checks.refuse_unless(self.handles.count(self.type_number(type_)) > 0 or self.room_for(type_) > 0, "QUOTA")

    # ---- copying in ----

    def read_element(self, type_, item, data):
        if type_.kind != "record":
            value = values.scalar_value(data, type_, self.plan.is_big)
            checks.check_leaf(type_, item, value)
            return checks.as_said(type_, value)
        record = {}
        for path, kind, field, offset in leaves(type_, self.plan):
            value = values.scalar_value(data[offset:offset + kind.bits // 8], kind, self.plan.is_big)
            checks.check_leaf(kind, field, value)
            checks.put(record, path, checks.as_said(kind, value))
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
        checks.refuse_unless(type_.kind == "bytes" or checks.is_text(data), "FORMAT")
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
                self.seen[item.name] = checks.as_said(item.type, self.get(item, "value")) if self.get(item, "present") in (None, 1) else None

    def check_meaning(self, call):
        for item in call.items:
            if item.direction == "in" and item.type.is_scalar and self.seen[item.name] is not None:
                checks.check_known(item.type, self.seen[item.name])
            if item.format == "uri":
                checks.refuse_unless(checks.is_uri(self.seen[item.name]), "FORMAT")

    def check_guards(self, call):
        for item in call.items:
            if item.guard:
                checks.refuse_unless(self.policy.allows(f"{call.full}.{item.name}", self.seen[item.name]), "GUARD")

    def type_number(self, type_):
        return self.plan.types[f"{type_.api.name}.{type_.name}"]

    # ---- a call ----

    def check(self, call, planned, raw, spill):
        checks.refuse_unless(call.full not in self.policy.denied, "DENIED")
        checks.refuse_unless(self.policy.calls > 1, "BUDGET")  # the guest has made one to learn what to do
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
        except checks.Refused as refused:
            memory.zones = self.before.zones
            ends = planned.form == "value" or (self.policy.violation == "trap" and (refused.name in self.violations or self.is_forged))
            error = self.errors.get(refused.name) or call.api.errors[refused.name]
            return ends, error, refused.name
