#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""`callgate run` with files that are no guests, or were once: hostile.py BUILD DEMO [WORDS]

Whatever the file, the command ends by itself with 1 and a message, or runs what is left of a guest under its policy; it never dies.
Damage is made from fixed seeds, so a failure can be played again: the name of the case says file and place.
Exit codes: 0 all well, 1 a case failed, 77 there are no guests to spoil.
"""
import concurrent.futures
import os
import random
import sys

from demo import CONSTANT, GUESTS, built
from world import World

STEP = 97   # bytes between two places where a file is cut
FLIPS = 60  # damaged copies of each guest
ELF = b"\x7fELF\x02\x01\x01" + bytes(9)
WASM = b"\0asm\x01\0\0\0"
RBPF = b"rBPF" + bytes(28)

PLAIN = [
    ("empty file", b""),
    ("one byte", b"\0"),
    ("text", b"#!/bin/sh\nexit 0\n"),
    ("a policy", b"callgate_policy: 1\n"),
    ("a megabyte of zeros", bytes(1 << 20)),
    ("a megabyte of ones", b"\xff" * (1 << 20)),
    ("half of wasm's magic", b"\0as"),
    ("wasm's header alone", WASM),
    ("wasm of another version", b"\0asm\x02\0\0\0"),
    ("wasm with a section that never ends", WASM + b"\x01\xff\xff\xff\xff\x0f"),
    ("wasm with a length of six bytes", WASM + b"\x01\x80\x80\x80\x80\x80\x00"),
    ("wasm with a huge memory", WASM + b"\x05\x05\x01\x00\xff\xff\x03"),
    ("wasm with a section of an unknown kind", WASM + b"\x7f\x00"),
    ("wasm with an endless custom name", WASM + b"\x00\x06\xff\xff\xff\xff\x0fx"),
    ("rBPF's magic alone", b"rBPF"),
    ("rBPF's header alone", RBPF),
    ("rBPF with sizes near 2^32", b"rBPF" + bytes(12) + b"\xf8\xff\xff\xff" * 3 + b"\xff\xff\xff\xff"),
    ("ELF's magic alone", b"\x7fELF"),
    ("ELF's header alone", ELF + bytes(48)),
    ("ELF with sections at the end of all addresses", ELF + b"\x01\x00\xf7\x00\x01\x00\x00\x00" + bytes(16) + b"\xff" * 8 + bytes(4) +
     b"\x40\x00\x00\x00\x00\x00\x40\x00\xff\xff\x01\x00"),
]


def spoilt(data, seed):
    """A copy with a few bytes changed, most of them by one bit."""
    rng = random.Random(seed)
    out = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 5))):
        at = rng.randrange(len(out))
        out[at] = rng.randrange(256) if rng.random() < 0.3 else out[at] ^ 1 << rng.randrange(8)
    return bytes(out)


def cases(build):
    """Name, bytes, VM of the policy, whether it must fail."""
    for name, data in PLAIN:
        yield name, data, "rbpf", True
    for name in GUESTS:
        if built(build, name) is None:
            continue
        with open(built(build, name), "rb") as source:
            data = source.read()
        vm, file = GUESTS[name]
        for size in range(0, len(data), STEP):
            yield f"{file} cut at {size}", data[:size], vm, True
        yield f"{file} without its last byte", data[:-1], vm, file.endswith(".rbf")
        yield f"{file} twice", data + data, vm, not file.endswith(".o")
        for seed in range(FLIPS):
            yield f"{file} damaged by {seed}", spoilt(data, seed), vm, False


def play(build, demo, name, data, vm, must_fail):
    """None, or what went wrong. The port is one where nobody listens, so even a guest that survives does not return 0."""
    try:
        with World(build, demo) as world:
            port = world.nobody()
            world.file("spoilt", data)
            result = world.run("--devices", world.devices(CONSTANT), "--policy", world.policy(vm, port), "spoilt")
            if must_fail and result.code != 1:
                return f"exit code {result.code}:\n{result.out}{result.err}"
            if result.code not in (0, 1):
                return f"exit code {result.code}:\n{result.out}{result.err}"
            if result.code == 1 and not result.err.startswith("callgate: "):
                return f"no message:\n{result.out}{result.err}"
    except AssertionError as why:
        return str(why)
    return None


def main():
    build, demo = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    words = sys.argv[3] if len(sys.argv) > 3 else ""
    if not any(built(build, name) for name in GUESTS):
        print("the demo's guests were not built")
        return 77
    chosen = [one for one in cases(build) if words in one[0]]
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for one, why in zip(chosen, pool.map(lambda one: play(build, demo, *one), chosen)):
            if why is not None:
                failed += 1
                print(f"FAIL {one[0]}\n     {why}", flush=True)
    print(f"{len(chosen)} files, {failed} failed")
    return 1 if failed or not chosen else 0


if __name__ == "__main__":
    sys.exit(main())
