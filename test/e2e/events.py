#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""What people are told about events, with small guests of every VM: events.py BUILD

A handler that is not there, a program that waits in vain, what `policy` prints for one that waits, the status of one that waits, traced events.
Exit codes: 0 all well, 1 a case failed, 77 there is nothing to test with.
"""
import glob
import os
import signal
import subprocess
import sys
import tempfile
import time

BUILD = os.path.abspath(sys.argv[1])
COMMAND = os.path.join(BUILD, "callgate")
TICKS = "callgate_policy: 1\ncalls: {timer: [every, cancel], log: [print]}\nhandles: {timer.alarm: {max: 1}}\n"
FIRED = "events: {timer: [fired]}\n"


def put(folder, name, text):
    with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
        file.write(text)
    return name


def start(folder, *arguments):
    return subprocess.Popen([COMMAND, *arguments], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def call(folder, *arguments):
    child = start(folder, *arguments)
    out, err = child.communicate(timeout=60)
    return child.returncode, out, err


def same(wanted, got):
    assert wanted == got, f"\nwanted {wanted!r}\ngot    {got!r}"


def no_handler(folder, vm):
    """`waits` has no handler and here no event.wait either: what it is to receive is told to be dropped."""
    policy = put(folder, "p.yaml", TICKS + "optional: {event: [wait]}\n" + FIRED)
    code, _, err = call(folder, "run", "--policy", policy, program("waits", vm))
    same(f"callgate: guest 'waits_{vm}' is to receive timer.fired, but has no on_timer_fired: those events will be dropped", err.splitlines()[0])
    same(1, code)


def waits_in_vain(folder, vm):
    policy = put(folder, "p.yaml", TICKS.replace("calls: {", "calls: {event: [wait], "))
    code, out, _ = call(folder, "check", "--policy", policy, program("waits", vm))
    assert "waits in vain: it calls event.wait, but receives no event (list some under `events:`)" in out.splitlines(), out
    same(0, code)


def least_policy(folder, vm):
    code, out, err = call(folder, "policy", program("waits", vm))
    same((0, ""), (code, err))
    assert "events:\n  timer: [fired]  # it calls event.wait: keep those that it takes\n" in out, out
    child = start(folder, "run", "--policy", put(folder, "p.yaml", out), program("waits", vm))
    same("three ticks", child.stdout.readline().split("] ")[1].rstrip())
    time.sleep(0.3)  # it goes on to wait
    child.send_signal(signal.SIGUSR1)
    lines = [child.stderr.readline() for _ in range(2)]
    child.send_signal(signal.SIGINT)
    same([f"waits_{vm}", vm, "waits", "0/8", "0/4"], [lines[1].split()[i] for i in (0, 1, 2, 6, 7)])
    child.communicate(timeout=60)
    same(130, child.returncode)


def uncounted(folder, vm):
    """The draft for a VM that counts no steps says so, or it would not load."""
    if vm != "wamr" or "wasm3" not in sys.argv:
        return
    code, out, err = call(folder, "policy", "--engine", "wasm3", program("ticks", vm))
    same((0, "", True), (code, err, "steps: unlimited" in out))
    same(0, call(folder, "check", "--engine", "wasm3", "--policy", put(folder, "p.yaml", out), program("ticks", vm))[0])


def traced(folder, vm):
    child = start(folder, "run", "--trace", "--policy", put(folder, "p.yaml", TICKS + FIRED), program("ticks", vm))
    lines = [child.stderr.readline().replace(f"_{vm}", "") for _ in range(5)]
    child.send_signal(signal.SIGINT)
    child.communicate(timeout=60)
    same(["[ticks] timer.every(period=20) -> alarm=#1\n", "[ticks] on_timer_fired(alarm=#1, count=1)\n", "[ticks] on_timer_fired(alarm=#1, count=2)\n",
          "[ticks] timer.cancel(alarm=#1) = ok\n", "[ticks] log.print(text=\"two ticks\") = ok\n"], lines)


def program(name, vm):
    return glob.glob(os.path.join(BUILD, "test", "e2e", f"{name}_{vm}.[!o]*"))[0]


def main():
    bad = 0
    vms = [vm for vm in sys.argv[2:] if glob.glob(os.path.join(BUILD, "test", "e2e", f"ticks_{vm}.[!o]*"))]
    for case, vm in [(case, vm) for case in (no_handler, waits_in_vain, least_policy, uncounted, traced) for vm in vms]:
        with tempfile.TemporaryDirectory() as folder:
            try:
                case(folder, vm)
            except AssertionError as error:
                print(f"{case.__name__} {vm}: {error}")
                bad += 1
    return 77 if not vms else 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
