# SPDX-License-Identifier: BSD-2-Clause
"""script.py - vectors for VMs of tagged values: each becomes a program of its own, whose values are literals, and which tells what it got as a text.
A language (lua.py, janet.py, quickjs.py) says how things are written. The program is run once for each call, then again and again until it has told everything, so that telling costs nothing
of what a policy limits. What such a VM cannot say is found out here, by kind."""
import values
from place import NO_BITS, CannotSay
from play import bare

NO_ADDRESSES = "no addresses: values are the engine's"
NO_FORGING = "objects are not numbers, so none can be forged"
OTHER_KIND = "a value of another kind is the language's own error"
METHOD = "closing is a method, and nothing closes twice"
NO_ABSENT = "what is absent has no value"
NO_SIZES = "a value has no count or room apart from itself"


class Script:
    """language: see lua.py. player: play.Player for its plan."""

    def __init__(self, language, player):
        self.language, self.player, self.plan = language, player, player.plan

    # ---- what can be said ----

    def raw_value(self, item, value):
        if item.type.kind == "handle":
            raise CannotSay(NO_FORGING)
        if item.type.kind not in ("int", "enum", "flags") or isinstance(value, str):
            raise CannotSay(OTHER_KIND)
        if not -(1 << 63) <= value < 1 << 64:
            raise CannotSay(NO_BITS)
        return self.language.integer(value)

    def argument(self, item, said, world):
        raw, type_ = said.get("raw", {}), item.type
        if item.name in raw:
            if type_.optional and item.type.kind != "handle" and said.get("in", {}).get(item.name) is None:
                raise CannotSay(NO_ABSENT)
            return self.raw_value(item, raw[item.name])
        value = said.get("in", {}).get(item.name)
        if type_.kind == "handle":
            if value == "none" and type_.optional:
                return self.language.none
            if value not in world.types or world.types[value] != f"{type_.api.name}.{type_.name}":
                raise CannotSay(OTHER_KIND)
            return self.language.object(value)
        return self.language.none if value is None else self.literal(type_, value)

    def literal(self, type_, value):
        """What the description calls a value, as one of the language."""
        write = self.language
        if type_.kind == "bool":
            if value not in (0, 1):
                raise CannotSay(OTHER_KIND)
            return write.truth(bool(value))
        if type_.kind == "float":
            return write.real(values.number(type_, value), type_.bits)
        if type_.kind in ("bytes", "string"):
            return write.text(values.elements(type_, value), type_.kind == "string")
        if type_.kind == "list":
            return write.list([self.literal(type_.element, element) for element in value])
        if type_.kind == "record":
            return write.record([(field.name, write.list([self.literal(bare(field.type), one) for one in value[field.name]]) if field.type.array
                                  else self.literal(field.type, value[field.name])) for field in type_.fields])
        return write.integer(values.number(type_, value))

    def rooms(self, call, said):
        """How much is wanted of each result that is a buffer, in order; records have such a place, too."""
        raw, rooms = dict(said.get("raw", {})), []
        for item in call.items:
            wanted = raw.pop(f"{item.name}.capacity", None)
            if item.direction == "out" and (item.type.is_buffer or item.type.kind == "record"):
                rooms.append(self.language.none if wanted is None else self.language.integer(wanted))
            if wanted is not None and (item.direction != "out" or wanted > item.type.max):
                raise CannotSay(NO_SIZES)
        if any("." in key for key in raw):
            raise CannotSay(NO_SIZES if any(key.endswith("count") for key in raw) else NO_ADDRESSES if any("address" in key for key in raw) else OTHER_KIND)
        if "spill" in raw:
            raise CannotSay(NO_ADDRESSES)
        return rooms

    # ---- a step ----

    def call(self, said, step, world):
        """-> a statement that makes the call and tells about it."""
        call = step.call
        if said.get("place"):
            raise CannotSay(NO_ADDRESSES)
        if call.full == "gate.close" and step.error is None and not said.get("raw"):
            return self.language.close(said["in"]["handle"])
        if call.api.id == 0:
            raise CannotSay(METHOD)
        arguments = [self.argument(item, said, world) for item in call.items if item.direction != "out"] + self.rooms(call, said)
        outs = [item for item in call.items if item.direction != "in"]
        keep = [(i, (said.get("host") or {}).get(item.name)) for i, item in enumerate(outs) if item.type.kind == "handle"]
        return self.language.call(call.api.name, call.name, arguments, [(item.name, self.language.show(item.type, f"r{i}")) for i, item in enumerate(outs)],
                                  [one for one in keep if isinstance(one[1], str)])

    def told(self, step):
        """What the program tells of this step."""
        if step.is_event:
            return [f"({','.join(self.shown(item.type, value) for item, value in step.data)})"] if step.raw else []
        if step.ends:
            return []
        if step.error:
            return [step.error]
        outs = [item for item in step.call.items if item.direction != "in"]
        if step.call.api.id == 0 or not outs:
            return ["OK"]
        return [",".join(self.shown_out(item, step) for item in outs)]

    def shown_out(self, item, step):
        if item.type.kind == "handle":
            handle = step.gate.made[item.name]
            number = f"_#{(handle >> 1 & 15) + 1}" if self.language.names_objects else ""
            return item.type.name + number if handle else "-"
        value = step.gate.found(item, step.planned, step.result) if step.call.accessor else step.outs[item.name]
        return "-" if value is None else self.shown(item.type, value)

    def shown(self, type_, value):
        if type_.kind == "list":
            return "[" + " ".join(self.shown(type_.element, element) for element in value) + "]"
        if type_.kind == "record":
            return "{" + " ".join(self.shown(kind, values.pick(value, path)) for path, kind, _, _ in values.leaves(type_, self.plan)) + "}"
        if type_.kind == "int" and type_.bits == 64 and self.language.wraps and value >= 1 << 63:
            return str(value - (1 << 64))
        return values.show(type_, value, self.plan)

    def write(self, vector, steps):
        """-> (program, what it tells)"""
        parts, told = [], []
        said_steps = vector["before"] + [vector]
        for said, step in zip(said_steps, steps):
            if step.is_event:
                api, name = said["event"].split(".")
                event = self.player.apis[api].events[name]
                if any(item.type.kind == "bool" and data not in (0, 1) for item, data in step.data):
                    raise CannotSay(OTHER_KIND)
                parts.append(None)
                if event.is_handled:
                    parts[-1] = self.language.handler(api, name, [self.language.show(item.type, f"v{i}") for i, (item, _) in enumerate(step.data)])
            else:
                parts.append(self.call(said, step, step.world))
            told += self.told(step)
        calls = [part for part, step in zip(parts, steps) if not step.is_event]
        handlers = [part for part, step in zip(parts, steps) if step.is_event and part]
        return self.language.program(calls, handlers), " ".join(told)
