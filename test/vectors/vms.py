# SPDX-License-Identifier: BSD-2-Clause
"""vms.py - the VMs that vectors are played on, and what their guests' memory is like. A VM of words is a row here, and a guest (guest_c.py, guest_evs.py)."""

import janet
import lua
import quickjs


class Vm:
    """plan: name for `dump plan`. is_joined: the area ends where memory ends. largest: no memory of such a guest has so many bytes.
    has_regions: the top four bits of an address name a region. is_endless: a range is never refused for its end."""

    def __init__(self, plan, is_joined, largest, has_regions=False, is_endless=False, is_typed=False):
        self.plan, self.is_joined, self.largest = plan, is_joined, largest
        self.has_regions, self.is_endless, self.is_typed = has_regions, is_endless, is_typed


# Tables of vectors. WebAssembly has one for all of its engines: they run the same guest.
TABLES = {
    "rbpf": Vm("rbpf", True, 1 << 28, has_regions=True),
    "wasm": Vm("wamr", False, 1 << 20, is_typed=True),
    "native": Vm("native", True, 1 << 28, has_regions=True, is_endless=True, is_typed=True),
    "embedvm": Vm("embedvm", False, 8192),
}

# VMs of tagged values, and the modules that write their language. Their values lie in a block of the adapter's, as a guest without a limit of slots would have laid them.
SCRIPTS = {"lua": lua, "quickjs": quickjs, "janet": janet}
TABLES.update({name: Vm(name, True, 1 << 28, has_regions=True) for name in SCRIPTS})

# VMs that play them, and by which table.
COLUMNS = [("rbpf", "rbpf"), ("wamr", "wasm"), ("wasm3", "wasm"), ("wasm2c", "wasm"), ("native", "native"), ("embedvm", "embedvm")] + [(name, name) for name in SCRIPTS]
