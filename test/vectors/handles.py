# SPDX-License-Identifier: BSD-2-Clause
"""handles.py - the reference's table of handles of one guest, after doc/abi.md: generation, index, 1; first in, first out; a closed slot gets the next generation.
Objects are numbers from 1. Knows which are owned and prints nothing: releases are a list."""


class Slot:
    def __init__(self, index):
        self.index, self.generation = index, 1
        self.close()

    def close(self):
        self.type = self.object = self.owned = self.doomed = None


class Handles:
    def __init__(self, short, count=16):
        self.index_bits = 6 if short else 9
        self.slots = [Slot(i) for i in range(count)]
        self.free = list(self.slots)
        self.released = []

    def name(self, slot):
        return slot.generation << (self.index_bits + 1) | slot.index << 1 | 1

    def live(self, handle):
        return next((slot for slot in self.slots if slot.type is not None and not slot.doomed and self.name(slot) == handle), None)

    def was_issued(self, handle):
        index, generation = handle >> 1 & ((1 << self.index_bits) - 1), handle >> (self.index_bits + 1)
        if not handle & 1 or index >= len(self.slots):
            return False
        slot = self.slots[index]
        return 1 <= generation < slot.generation or (generation == slot.generation and slot.type is not None)

    def count(self, type_):
        return sum(slot.type == type_ for slot in self.slots)

    def of(self, type_, number):
        return next((slot for slot in self.slots if slot.type == type_ and slot.object == number and not slot.doomed), None)

    def take(self, type_, number, owned):
        slot = self.free.pop(0)
        slot.type, slot.object, slot.owned = type_, number, owned
        return self.name(slot)

    def close(self, slot, release=True):
        if slot.owned and release:
            self.released.append(slot.object)
        slot.close()
        slot.generation += 1
        self.free.append(slot)

    def end(self):
        """The guest ends: what it owned is released, in the order of slots."""
        for slot in self.slots:
            if slot.type is not None:
                self.close(slot)
