#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""`callgate policy` and `callgate check` with the demo's guests of every VM: inspect.py BUILD DEMO

What `policy` prints makes `check` content and lets `run` succeed; other policies are told what they lack and what they grant in vain.
Exit codes: 0 all well, 1 a case failed, 77 there is nothing to test with.
"""
import os
import subprocess
import sys

from world import ACK, CHANGED, World, environment, packet

DEVICE = "{name: bench, class: sense_temp, driver: sim, unit: temp_c, scale: -2, wave: constant, value: 21.54}"
GUESTS = {"wamr": "thermo_wamr.wasm", "rbpf": "thermo_rbpf.rbf"}
MORE = "callgate_policy: 1\ncalls: {log: [print], random: [u32, fill]}\nlimits: {memory_bytes: 1}\n"


def changed(message):
    return [(0, packet(ACK, CHANGED, message.number, message.token))]


def call(world, *args):
    done = subprocess.run([world.command, *args], cwd=world.folder, capture_output=True, text=True, timeout=60, env=environment())
    return done.returncode, done.stdout, done.stderr


def round_trip(world, file):
    server = world.responder(changed)
    guest = world.guest(os.path.join(world.build, "example", "demo", file), server.port)
    code, text, err = call(world, "policy", guest)
    assert (code, err) == (0, ""), (code, err)
    policy = world.file("printed.yaml", text)
    code, out, err = call(world, "check", "--policy", policy, guest)
    lines = out.splitlines()
    assert (code, err, len(lines)) == (0, "", 2), (code, out, err)
    assert lines[0].startswith("memory: ") and lines[1] == f"{guest} would load", lines
    result = world.run("--devices", world.devices(DEVICE), "--policy", policy, guest)
    assert result.code == 0 and result.err == "", (result.code, result.err)
    assert len(server.received) == 1


def lacks(world, file):
    guest = world.guest(os.path.join(world.build, "example", "demo", file), 5683)
    code, out, err = call(world, "check", "--policy", world.file("more.yaml", MORE), guest)
    assert code == 1 and "would load" not in out, (code, out)
    for line in ("not granted: saul.find (add `saul: [find]` under `calls:`)", "not granted: coap.put (add `coap: [put]` under `calls:`)",
                 "granted, never used: random.fill"):
        assert line in out.splitlines(), (line, out)
    assert out.splitlines()[-1].endswith(" bytes needed, 1 given"), out
    assert f"callgate: guest '{file.split('.')[0]}' was refused: " in err, err


def wrong(world, _):
    guest = world.file("a.bin", "nonsense")
    for command in ("check", "policy"):
        assert call(world, command)[0] == 2
        assert call(world, command, "--polciy", "x", guest)[0] == 2
        assert call(world, command, guest)[0] == 1
        assert call(world, command, "missing")[0] == 1
        assert call(world, command, "--help")[1].startswith(f"usage: callgate {command} ")


def main():
    build, demo = sys.argv[1:3]
    files = [file for file in GUESTS.values() if os.path.exists(os.path.join(build, "example", "demo", file))]
    if not files:
        return 77
    bad = 0
    for case, file in [(case, file) for case in (round_trip, lacks) for file in files] + [(wrong, "")]:
        with World(build, demo) as world:
            try:
                case(world, file)
            except AssertionError as error:
                print(f"{case.__name__} {file}: {error}")
                bad += 1
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
