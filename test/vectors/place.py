# SPDX-License-Identifier: BSD-2-Clause
"""place.py - addresses as vectors write them, and the memory of a guest as far as the vectors know it: the area, and the last bytes before the edge.
Where the area lies is known only when the guest runs, so an address is a base and an offset. Used by encode.py and reference.py."""
import re

AREA, EDGE = 384, 64


class CannotSay(Exception):
    """This VM has no way to say this vector. The argument is the kind of reason, for the table."""


NO_BITS = "no such bits"
ENDLESS = "nobody knows where its memory ends"
GOES_ON = "memory goes on there"


class Address:
    """base: area, edge (one past the last byte that can be written) or zero."""

    def __init__(self, base, offset):
        self.base, self.offset = base, offset

    def __add__(self, more):
        return Address(self.base, self.offset + more)

    def __repr__(self):
        return f"{self.base}{self.offset:+d}"


def address(text, bits, size):
    """`edge-4`, `zero+16`, `top-16` (counted from the end of all addresses), or `..edge+1`: what ends there. A number is from zero."""
    if isinstance(text, int):
        return Address("zero", text)
    ends, base, offset = re.fullmatch(r"(\.\.)?(area|edge|zero|top)([+-]\w+)?", text).groups()
    number = int(offset, 0) if offset else 0
    if base == "top":
        base, number = "zero", number + (1 << bits)
    return Address(base, number - (size if ends else 0))


def pattern(zone, index):
    """What every byte holds that no vector sets, so that a byte written by mistake shows."""
    return (index * 29 + (0xa5 if zone == "area" else 0x5b)) & 0xff


BLANK = {"area": bytes(pattern("area", i) for i in range(AREA)), "edge": bytes(pattern("edge", i) for i in range(EDGE))}


class Memory:
    """vm: one of vms.py."""

    def __init__(self, vm):
        self.vm = vm
        self.zones = {name: bytearray(zone) for name, zone in BLANK.items() if name == "area" or not vm.is_joined}

    def normal(self, at):
        return Address("area", at.offset + AREA) if at.base == "edge" and self.vm.is_joined else at

    def find(self, at, size):
        """The zone and the index in it; None: no memory of the guest."""
        at = self.normal(at)
        if at.base == "zero":
            return self.find_zero(at.offset, size)
        start, end = (at.offset, AREA) if at.base == "area" else (at.offset + EDGE, EDGE)
        if start >= 0 and start + size <= end:
            return at.base, start
        if size >= self.vm.largest or (at.base == "edge" and start + size > end):
            return None
        if at.base == "area" and self.vm.is_joined and start >= 0 and not self.vm.is_endless:
            return None
        raise CannotSay(ENDLESS if self.vm.is_endless else GOES_ON)

    def find_zero(self, offset, size):
        if self.vm.has_regions:
            is_used = 1 <= offset >> 28 <= 6
            if is_used:
                raise CannotSay(GOES_ON)
            return ("area", 0) if offset & 0xfffffff == 0 and size == 0 else None
        if offset > self.vm.largest or size > self.vm.largest:
            return None
        if size == 0:
            return "area", 0
        raise CannotSay(GOES_ON)

    def read(self, at, size):
        zone, index = self.find(at, size)
        return bytes(self.zones[zone][index:index + size])

    def write(self, at, data):
        zone, index = self.find(at, len(data))
        self.zones[zone][index:index + len(data)] = data

    def put_what_fits(self, at, data):
        """Bytes of a value that crosses the edge: those before it."""
        at = self.normal(at)
        if at.base == "zero":
            return
        zone = self.zones[at.base]
        start = at.offset + (EDGE if at.base == "edge" else 0)
        for i, byte in enumerate(data):
            if 0 <= start + i < len(zone):
                zone[start + i] = byte

    def changes(self, base):
        """Runs of bytes that differ from another memory: (zone, index, bytes)."""
        for name, zone in self.zones.items():
            other, run = base.zones[name], []
            for i in [] if zone == other else range(len(zone)):
                if zone[i] != other[i]:
                    run.append(i)
                elif run:
                    yield name, run[0], bytes(zone[run[0]:i])
                    run = []
            if run:
                yield name, run[0], bytes(zone[run[0]:])

    def copy(self):
        other = Memory(self.vm)
        other.zones = {name: bytearray(zone) for name, zone in self.zones.items()}
        return other


def are_apart(one, n, two, m):
    return n == 0 or m == 0 or one.base != two.base or one.offset + n <= two.offset or two.offset + m <= one.offset
