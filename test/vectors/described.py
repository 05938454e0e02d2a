# SPDX-License-Identifier: BSD-2-Clause
"""described.py - what the vectors know of a set of APIs: `callgate dump model` (what is said) and `callgate dump plan` (where it sits on one VM), as objects.
Reads the two dumps and nothing else of the generator. Used by all other scripts here; decides nothing."""
import re
import subprocess
import yaml

INTEGERS = {f"{sign}{bits}": (int(bits), sign == "s") for sign in "us" for bits in (8, 16, 32, 64)}
RIGHTS = {"none": 0, "read": 1, "write": 2, "exec": 4}


class Loader(yaml.SafeLoader):
    """YAML 1.2 as callgate has it: yes, no, on, off are text."""


Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in rules if tag != "tag:yaml.org,2002:bool"] for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()}
Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(?:true|false)$"), list("tf"))


def load_yaml(text):
    return yaml.load(text, Loader)


class Type:
    """A type as an argument, a field or a datum has it. kind: int, bool, float, enum, flags, record, handle, bytes, string, list."""

    def __init__(self, text, api):
        words = text.split()
        self.optional, self.own = "optional" in words, "own" in words
        name, bound = re.fullmatch(r"(\w+)(?:\((.*)\))?", words[-1]).groups()
        self.max = int(bound[2:]) if bound and bound.startswith("..") else None
        self.array = int(bound) if bound and self.max is None else None
        self.named = None
        self.api = api
        self.name = name
        if name in INTEGERS:
            self.kind, (self.bits, self.signed) = "int", INTEGERS[name]
        elif name in ("f32", "f64"):
            self.kind, self.bits, self.signed = "float", int(name[1:]), False
        elif name == "bool":
            self.kind, self.bits, self.signed = "bool", 8, False
        elif name in ("bytes", "string"):
            self.kind = name
        else:
            self.set_named(api.types[name])
        self.element = None
        if self.max is not None and self.kind not in ("bytes", "string"):
            self.element, self.kind = Type(name, api), "list"

    def set_named(self, named):
        self.named = named
        base = named.get("enum") or named.get("flags")
        if base:
            self.kind = "enum" if "enum" in named else "flags"
            self.bits, self.signed = INTEGERS[base]
            self.values = {name: value["value"] for name, value in named["values"].items()}
            self.is_open = self.kind == "enum" and named["open"]
        elif "handle" in named or "fields" in named:
            self.kind, self.bits, self.signed = "handle", 32, False
        else:
            self.kind = "record"

    @property
    def is_scalar(self):
        return self.kind in ("int", "bool", "float", "enum", "flags")

    @property
    def is_buffer(self):
        return self.kind in ("bytes", "string", "list")

    @property
    def fields(self):
        return self.api.records[self.name]

    @property
    def is_value(self):
        """A plain integer or float: what calls that return their one result take."""
        return self.kind in ("int", "float") or (self.kind == "enum" and self.is_open)


class Item:
    def __init__(self, name, said, api, direction):
        said = {"type": said} if isinstance(said, str) else said
        self.name, self.direction = name, direction
        self.type = Type(said["type"], api)
        bounds = said.get("range")
        self.range = tuple(int(n) for n in bounds.split("..")) if bounds else None
        self.guard = said.get("guard", False)
        self.format = said.get("format")


class Call:
    def __init__(self, api, name, said):
        self.api, self.name, self.full = api, name, f"{api.name}.{name}"
        self.number = api.id << 16 | said["id"]
        self.right = RIGHTS[said["needs"]]
        self.fails = [api.errors[error] for error in said.get("fails", [])]
        self.items = []
        for direction in ("in", "inout", "out"):
            group = said.get(direction, {})
            group = {"result": group} if isinstance(group, str) else group
            self.items += [Item(item, text, api, direction) for item, text in group.items()]
        self.accessor = said.get("accessor", False)
        self.has_fails = "fails" in said

    def item(self, name):
        return next(item for item in self.items if item.name == name)


class Event:
    """is_handled: the guests have a handler for it; for those without data they have none."""

    def __init__(self, api, name, said):
        self.api, self.name, self.full, self.source = api.name, name, f"{api.name}.{name}", said["from"]
        self.source_type = Type(said["from"], api)
        self.data = [Item(datum, use, api, "in") for datum, use in (said.get("data") or {}).items()]
        self.is_handled = bool(self.data)


class Api:
    def __init__(self, text):
        said = load_yaml(text)
        self.name, self.id = said["api"], said["id"]
        self.types = said.get("types") or {}
        self.errors = {name: -63 - error["id"] for name, error in (said.get("errors") or {}).items()}
        self.records = {}
        for name, named in self.types.items():
            if "record" in named:
                self.records[name] = [Item(field, use, self, "field") for field, use in named["record"].items()]
        self.calls = {name: Call(self, name, call) for name, call in (said.get("calls") or {}).items()}
        for line in text.splitlines():
            accessor = re.fullmatch(r"  # (\w+): call number 0x(\w+), needs (\w+), (.*)", line)
            if accessor:
                name, number, needs, items = accessor.groups()
                call = {"id": int(number, 16) & 0xffff, "needs": needs, "in": {}, "out": {}, "accessor": True}
                for direction, item, use in re.findall(r'(in|out) (\w+) "([^"]+)"', items):
                    call[direction][item] = use
                self.calls[name] = Call(self, name, call)
        self.events = {name: Event(self, name, event) for name, event in (said.get("events") or {}).items()}


class Slot:
    """One slot of a call. role: value, present, address, count, capacity, count address, presence address."""

    def __init__(self, kind, sign, bits, cells, item, role, spilled):
        self.kind, self.signed, self.bits, self.cells = kind, sign == "s", int(bits), int(cells or 1)
        self.item, self.role, self.spilled = item, role, bool(spilled)


class Planned:
    """A call as one VM has it. form: value, count, status; result: the name of the item that comes back so, or None."""

    def __init__(self, name, number, index, form, result):
        self.name, self.number, self.index, self.form, self.result = name, number, index, form, result
        self.slots, self.guards = [], {}


class Plan:
    """callgate dump plan --vm VM."""

    def __init__(self, vm, text):
        self.vm, self.calls, self.layouts, self.types = vm, {}, {}, {}
        api = call = layout = None
        for line in text.splitlines():
            words = line.split()
            if line.startswith("plan for"):
                self.is_big = words[-1].startswith("be")
                self.short = "16" in words[-1]
            elif line.startswith("api "):
                api = words[1]
            elif match := re.match(r"  record (\w+): (\d+) bytes, align (\d+)", line):
                layout = {"size": int(match[2]), "align": int(match[3]), "fields": {}}
                self.layouts[f"{api}.{match[1]}"] = layout
            elif match := re.match(r"     ?\s*(\d+)  (\w+): (\d+)", line):
                layout["fields"][match[2]] = (int(match[1]), int(match[3]))
            elif match := re.match(r"  handle (\w+): type (\d+)", line):
                self.types[f"{api}.{match[1]}"] = int(match[2])
            elif match := re.match(r"  call (\w+) (0x\w+) index (\d+): (\w+) ?(\w+)?", line):
                call = Planned(f"{api}.{match[1]}", int(match[2], 16), int(match[3]), match[4], match[5])
                self.calls[call.name] = call
            elif match := re.match(r"    slot +\d+  (\w+) +([us])(\d+) +word \d+(?: in (\d+) cells)?  (\w+): ([a-z ]+?)( \(spilled\))?$", line):
                call.slots.append(Slot(*match.groups()))
            elif match := re.match(r"    guard (\d+)  (\w+)", line):
                call.guards[match[2]] = int(match[1])

    @property
    def address_bits(self):
        return 16 if self.short else 32


def dump(callgate, *arguments):
    return subprocess.run([callgate, "dump", *arguments], check=True, stdout=subprocess.PIPE, text=True).stdout


def read_apis(callgate, gate, files):
    """The APIs by name, in the order of the set: the gate's own first, which is in every set and so is read as it was written."""
    with open(gate, encoding="utf-8") as text:
        apis = [Api(text.read())] + [Api(dump(callgate, "model", file)) for file in files]
    return {api.name: api for api in apis}


def read_plan(callgate, vm, files):
    return Plan(vm, dump(callgate, "plan", "--vm", vm, *files))
