# SPDX-License-Identifier: BSD-2-Clause
"""policy.py - the policy of a vector: what it says differs from one that grants all and limits nothing that counts."""
from described import RIGHTS

KEYS = {"rights", "things", "bytes", "calls", "denied", "violation", "guards"}
SLOTS, PLENTY = 16, 60000

# As the player has them in policy_guards.
TEXTS = [b"/temp", b"/log/*"]
RANGES = [(-3, -1), (5, 5)]


class Policy:
    def __init__(self, said, apis):
        unknown = set(said) - KEYS
        if unknown:
            raise ValueError(f"a policy has no {unknown}")
        self.rights = sum(RIGHTS[right] for right in said.get("rights", ["read", "write", "exec"]))
        self.things = said.get("things", SLOTS)
        self.bytes = said.get("bytes", PLENTY)
        self.calls = said.get("calls", 1000)
        self.denied = said.get("denied", [])
        self.violation = said.get("violation", "error")
        self.has_guards = said.get("guards", True)
        self.numbers = {call.number: call.full for api in apis.values() for call in api.calls.values()}

    def most(self, type_name):
        return self.things if type_name == "thing" else SLOTS

    def knows(self, number):
        return number in self.numbers and self.numbers[number] not in self.denied

    def allows(self, _, value):
        if not self.has_guards:
            return False
        if isinstance(value, str):
            data = value.encode("latin-1")
            return any(data.startswith(text[:-1]) and len(data) >= len(text) if text.endswith(b"*") else data == text for text in TEXTS)
        return any(low <= value <= high for low, high in RANGES)
