# SPDX-License-Identifier: BSD-2-Clause
"""bugs.py - the vectors' own test: each check of the reference is left out or bent in turn, and some vector must complain. Called by make.py bugs."""
import checks
import handles
import place
import reference

NOTHING = {
    "scalars are not looked at": (reference.Gate, "check_scalar"),
    "buffers may overlap": (reference.Gate, "check_overlap"),
    "there is always room for handles": (reference.Gate, "check_room"),
    "bytes cost nothing": (reference.Gate, "charge"),
    "named values may be anything": (reference.Gate, "check_meaning"),
    "guards are not asked": (reference.Gate, "check_guards"),
    "the host is believed": (reference.Gate, "check_kept"),
    "records are not looked into": (checks, "check_leaf"),
}


def longer(memory):
    find = memory.find
    return lambda self, at, size: find(self, at, size - 1 if size > 1 else size)


def one_off(memory):
    find = memory.find_zero
    return lambda self, offset, size: find(self, offset, size) if offset >> 28 != 15 else ("area", 0)


BENT = {
    "a range may be a byte longer": (place.Memory, "find", longer),
    "the end of addresses is memory": (place.Memory, "find_zero", one_off),
    "closed handles live": (handles.Handles, "close", lambda table: lambda self, slot, release=True: None),
    "what is given away is released": (handles.Handles, "close", lambda table: (lambda close: lambda self, slot, release=True: close(self, slot))(table.close)),
    "every text is UTF-8": (checks, "is_text", lambda module: lambda data: True),
    "every text is a URI": (checks, "is_uri", lambda module: lambda text: True),
    "bits beyond a slot's value are dropped": (reference.Gate, "logical", lambda gate: lambda self, slot, raw: raw if isinstance(raw, place.Address) else signed(raw, slot)),
    "every host error is the guest's": (reference.Gate, "host_error", lambda gate: lambda self, call, error: checks.refuse_unless(False, "QUOTA")),
    "counts are written as results too": (reference.Gate, "give_count", lambda gate: (lambda give: lambda self, item, count, is_result: give(self, item, count, False) if not is_result else 0)(
        gate.give_count)),
}


def signed(raw, slot):
    value = raw & ((1 << slot.bits) - 1)
    return value - (1 << slot.bits) if slot.signed and value >> (slot.bits - 1) else value


def all_bugs():
    """(what is wrong, where, name, the bent function)"""
    for what, (where, name) in NOTHING.items():
        yield what, where, name, lambda *_: None
    for what, (where, name, bend) in BENT.items():
        yield what, where, name, bend(where)


def run(complaints_of):
    """complaints_of(): plays everything, in how many vectors something is wrong. -> the bugs that nobody saw."""
    unseen = []
    for what, where, name, bent in all_bugs():
        sound = getattr(where, name)
        setattr(where, name, bent)
        try:
            count = complaints_of()
        finally:
            setattr(where, name, sound)
        print(f"{what}: {count} vectors complain")
        if count == 0:
            unseen.append(what)
    return unseen
