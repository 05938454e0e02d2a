# SPDX-License-Identifier: BSD-2-Clause
"""serve.py - the second half of the reference: the host function, and everything after it, as doc/abi.md has it ("The order of checks", 14 to 18).
Part of reference.Gate, which has the first half and the fields."""
import checks
import values
from values import elements, size_of

PASSING = ("SPACE", "QUOTA", "DENIED", "STOPPED")


class Serving:
    """self: a reference.Gate within a call."""

    # ---- the host and after ----

    def host_error(self, call, error):
        names = {number: name for name, number in self.errors.items()}
        if names.get(error) in PASSING:
            raise checks.Refused(names[error])
        if error in call.fails:
            raise checks.Refused(next(name for name, number in call.api.errors.items() if number == error))
        raise checks.Refused("HOST")

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
        checks.refuse_unless(failed is None, failed)

    def lent_results(self, call, reply, made):
        for item in call.items:
            if item.direction != "out" or item.type.kind != "handle" or item.type.own:
                continue
            number, type_ = reply.outs[item.name], self.type_number(item.type)
            checks.refuse_unless(number != 0 or item.type.optional, "HOST")
            known = self.handles.of(type_, number) if number else None
            if number and not known:
                checks.refuse_unless(self.room_for(item.type) >= 1, "QUOTA")
            made[item.name] = self.handles.name(known) if known else self.handles.take(type_, number, False) if number else 0

    def check_kept(self, call, reply):
        for item in call.items:
            if item.direction == "in" or item.type.kind == "handle":
                continue
            value = reply.outs[item.name]
            if item.type.is_buffer:
                room = min(self.get(item, "capacity"), item.type.max)
                checks.refuse_unless(reply.claims.get(item.name, len(elements(item.type, value))) <= room, "HOST")
                self.check_kept_elements(item.type, value)
            elif not (item.type.optional and value is None):
                self.check_kept_elements(item.type, [value], item)

    def check_kept_elements(self, type_, many, item=None):
        try:
            if type_.kind == "string":
                checks.refuse_unless(checks.is_text(elements(type_, many)), "HOST")
            elif type_.kind != "bytes":
                for value in many:
                    element = type_.element or type_
                    for kind, field, leaf in checks.leaves_of(element, item, value, self.plan):
                        checks.check_leaf(kind, field, values.number(kind, leaf))
        except checks.Refused:
            raise checks.Refused("HOST") from None

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
        except checks.Refused:
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
        checks.refuse_unless(slot is not None, "HANDLE")
        self.handles.close(slot)
        return 0

    def accessor(self, call, planned):
        """A field of a record that stays with the host: the object's number stands for it, its fields begin as zeros."""
        record = self.records.setdefault(self.objects["object"], {})
        kind, field = call.name[len(call.items[0].type.name) + 1:].split("_", 1)
        type_ = next(item.type for item in call.items[0].type.fields if item.name == field)
        index = self.seen.get("index", 0)
        checks.refuse_unless(index < (type_.array or 1), "RANGE")
        if kind == "set":
            record[field, index] = self.seen["value"]
            return 0
        made = checks.Reply(0, {"result": record.get((field, index), 0)}, {})
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
        return checks.as_said(type_, value) if is_result else value

    def count_at(self, item):
        size = 2 if self.plan.short else 4
        return int.from_bytes(self.memory.read(self.address(self.get(item, "count address")), size), "big" if self.plan.is_big else "little")
