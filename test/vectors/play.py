# SPDX-License-Identifier: BSD-2-Clause
"""play.py - plays a vector on the reference gate for one VM: each of its calls encoded, refused or served, and what is then in memory.
Compares with what the vector says; the result is what every engine must show. Used by make.py."""
import copy

import values
from checks import Refused, Reply, check_leaf, leaves_of
from described import Type
from encode import Encoder
from handles import Handles
from place import Memory
from policy import Policy
from reference import Gate

POST_BAD = -3


class Wrong(Exception):
    """The vector says one thing, the reference another; or the vector makes no sense."""


class Step:
    """One call of a vector on one VM: what the player needs."""


class World:
    """What lives as long as a vector's guest: handles, and the objects by their names in the vector."""

    def __init__(self, plan):
        self.plan, self.handles, self.numbers, self.handles_of, self.records, self.types = plan, Handles(plan.short), {}, {}, {}, {}

    def number(self, name):
        if name in (None, "none"):
            return 0
        return self.numbers.setdefault(name, len(self.numbers) + 1)


class Player:
    def __init__(self, apis, plan, vm, errors, violations):
        self.apis, self.plan, self.vm, self.errors, self.violations = apis, plan, vm, errors, violations

    def call_of(self, name):
        api, call = name.split(".")
        return self.apis[api].calls[call]

    # ---- replies ----

    def default(self, type_, item):
        if type_.is_buffer:
            return "" if type_.kind != "list" else []
        if type_.kind == "record":
            return {field.name: [self.default(bare(field.type), field)] * field.type.array if field.type.array else self.default(field.type, field)
                    for field in type_.fields}
        if item is not None and item.range:
            return item.range[0]
        return min(type_.values.values()) if type_.kind == "enum" else 0

    def reply(self, said, call, world):
        said = dict(said or {})
        error = said.pop("error", 0)
        error = self.errors.get(error) or call.api.errors.get(error) if isinstance(error, str) else error
        outs, claims = {}, {}
        for item in call.items:
            if item.direction == "in":
                continue
            if item.type.kind == "handle":
                outs[item.name] = world.number(said.pop(item.name, "none"))
                continue
            outs[item.name] = said.pop(item.name) if item.name in said else self.default(item.type, item)
            if f"{item.name}.count" in said:
                claims[item.name] = said.pop(f"{item.name}.count")
        if said:
            raise Wrong(f"the host of {call.full} gives no {', '.join(said)}")
        return Reply(error, outs, claims)

    def reply_bytes(self, call, reply):
        if call.accessor or call.api.id == 0:
            return b""
        return values.scalar_bytes(reply.error, 4, False) + b"".join(
            values.reply_bytes(item.type, reply.outs[item.name], reply.claims.get(item.name), self.plan) for item in call.items if item.direction != "in")

    # ---- text ----

    def seen(self, call, of, capacities):
        """What the host function prints of values by item."""
        parts = []
        for item in call.items:
            text = "-" if of.get(item.name) is None else values.show(item.type, of[item.name], self.plan)
            if item.direction == "in":
                parts.append(text)
            elif item.type.is_buffer:
                parts.append((text if item.direction == "inout" else "") + f"/{capacities[item.name]}")
        return f"{call.name}({','.join(parts)})"

    def said_seen(self, said, call, gate, world):
        """The same from the vector, without any slot."""
        of = {}
        for item in call.items:
            if item.direction != "out":
                value = {**said.get("in", {}), **said.get("sees", {})}.get(item.name)
                of[item.name] = world.number(value) if item.type.kind == "handle" else value
        return self.seen(call, of, self.capacities(call, gate))

    def capacities(self, call, gate):
        return {item.name: min(gate.get(item, "capacity"), item.type.max) for item in call.items if item.type.is_buffer and item.direction != "in"}

    # ---- a call ----

    def step(self, said, world, policy):
        call, planned = self.call_of(said["call"]), self.plan.calls[said["call"]]
        blank, memory = Memory(self.vm), Memory(self.vm)
        raw, spill = Encoder(said, call, planned, world, memory).encode()
        step = Step()
        step.is_event, step.world = False, copy.copy(world)
        step.world.types = dict(world.types)
        step.call, step.planned, step.raw, step.spill = call, planned, raw, spill
        step.before = list(memory.changes(blank))
        reply = self.reply(said.get("host"), call, world)
        step.reply = self.reply_bytes(call, reply)
        filled = memory.copy()
        gate = Gate(self.plan, self.errors, self.violations, policy, world)
        step.ends, step.result, step.error = gate.call(call, planned, raw, spill, memory, reply)
        step.after = list(memory.changes(filled))
        step.spill_index = memory.find(spill, 8)[1] if spill is not None and memory.find(spill, 8) else -1
        step.seen = []
        if gate.is_called and not call.accessor:
            step.seen.append(self.seen(call, gate.seen, self.capacities(call, gate)))
        step.seen += [f"~{number}" for number in world.handles.released]
        world.handles.released.clear()
        for item in call.items:
            if item.name in gate.made and isinstance((said.get("host") or {}).get(item.name), str):
                world.handles_of[said["host"][item.name]] = gate.made[item.name]
                world.types[said["host"][item.name]] = f"{item.type.api.name}.{item.type.name}"
        step.gate, step.outs = gate, reply.outs
        return step

    def event(self, said, world):
        """An event is posted: what the handler is given, where the guest holds the source and the host kept to its types."""
        api, name = said["event"].split(".")
        event, step = self.apis[api].events[name], Step()
        step.is_event, step.index, step.seen, step.after, step.raw = True, self.event_index(said["event"]), [], [], []
        number = world.number(said["from"])
        data = said.get("data", {})
        step.reply = bytes([number]) + b"".join(values.reply_element(item.type, data[item.name], self.plan) for item in event.data)
        step.error, step.data = event_fault(event, data, self.plan), [(item, data[item.name]) for item in event.data]
        step.result = POST_BAD if step.error else 0
        slot = world.handles.of(self.plan.types[f"{api}.{event.source}"], number)
        if step.error or not slot or not event.is_handled:
            return step
        step.raw = [world.handles.name(slot)] + [self.argument(item, data[item.name], step) for item in event.data]
        return step

    def event_index(self, name):
        return [event.full for api in self.apis.values() for event in api.events.values()].index(name)

    def argument(self, item, value, step):
        """As the handler of the guest writes it down; the bytes of a record at the start of the area."""
        if item.type.kind == "record":
            size = values.size_of(item.type, self.plan)
            step.after.append(("area", 0, values.memory_bytes(item.type, value, self.plan, bytes(size))))
            return 0
        width = max(16, item.type.bits) if self.plan.short else 64
        return values.number(item.type, value) & ((1 << width) - 1)

    def compare_event(self, said, step):
        found = step.error or ("OK" if step.raw else "UNHANDLED")
        if found != said["gives"]:
            raise Wrong(f"gives {said['gives']}, but the reference has {found}")

    def compare(self, said, step, world):
        """Does the reference do what the vector says?"""
        gives = said["gives"]
        name = step.error or "OK"
        wanted = gives if isinstance(gives, str) else "OK"
        if name != wanted:
            raise Wrong(f"gives {wanted}, but the reference has {name}")
        if step.call.api.id != 0 and not step.call.accessor:
            is_called = "host" in said or wanted == "OK"
            if is_called != step.gate.is_called:
                raise Wrong(f"the host function is {'not ' if is_called else ''}called by the reference")
            if is_called and self.said_seen(said, step.call, step.gate, world) != step.seen[0]:
                raise Wrong(f"the host sees {step.seen[0]}, but the vector says {self.said_seen(said, step.call, step.gate, world)}")
        if isinstance(gives, dict):
            self.compare_outs(gives, step, world)

    def compare_outs(self, gives, step, world):
        """What the guest finds, read back from its memory or the result, by the vector's words."""
        for name, value in gives.items():
            item = step.call.item(name)
            found = step.gate.found(item, step.planned, step.result)
            value = world.number(value) if item.type.kind == "handle" else value
            if found != value and (None in (found, value) or values.show(item.type, value, self.plan) != values.show(item.type, found, self.plan)):
                raise Wrong(f"{name} is {found!r}, but the vector says {value!r}")

    def compare_releases(self, said, seen, world):
        """Where the vector says which objects the host has to release until the guest has ended: those, in this order, each once."""
        found = [text[1:] for text in seen if text.startswith("~")]
        wanted = [str(world.number(name)) for name in said.get("releases", [])]
        if "releases" in said and found != wanted:
            raise Wrong(f"objects {found} are released, but the vector says {wanted}")

    def result_bits(self, step):
        """The result as the guest stores it: a plain value as it travels, else a signed number."""
        if self.plan.short:
            return step.result & 0xffff
        if step.planned.form != "value" or step.ends:
            return step.result & ((1 << 64) - 1)
        type_ = step.call.item(step.planned.result).type
        bits = 32 if self.vm.is_typed and type_.bits <= 32 else 64
        return step.result & ((1 << bits) - 1)

    def play(self, vector):
        """-> (steps, policy, text of what the host printed). CannotSay if this VM has no words for it."""
        world, policy = World(self.plan), Policy(vector.get("policy", {}), self.apis)
        steps, seen = [], []
        for said in vector["before"]:
            steps.append(self.event(said, world) if "event" in said else self.step(said, world, policy))
            seen += steps[-1].seen
            if steps[-1].error and "gives" not in said:
                raise Wrong(f"{said['call']} before it: {steps[-1].error}")
        step = self.event(vector, world) if "event" in vector else self.step(vector, world, policy)
        steps.append(step)
        if step.is_event:
            self.compare_event(vector, step)
        else:
            self.compare(vector, step, world)
        world.handles.end()
        seen += step.seen + [f"~{number}" for number in world.handles.released]
        self.compare_releases(vector, seen, world)
        return steps, policy, " ".join(seen)


def event_fault(event, data, plan):
    """BAD where a datum is outside its type."""
    try:
        for item in event.data:
            for kind, field, value in leaves_of(item.type, item, data[item.name], plan):
                check_leaf(kind, field, values.number(kind, value))
    except Refused:
        return "BAD"
    return None


def bare(type_):
    """The type of one element of a fixed array."""
    return Type(type_.name, type_.api)
