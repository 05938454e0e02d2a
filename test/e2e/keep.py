#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""What guests store outlives the run, whatever ends it; alarms reach their handlers: keep.py BUILD

Each VM's guest is started four times over one folder: twice ended by SIGTERM, once by SIGKILL, once more to see that all was kept. Beside it runs a guest of another name
over the same folder, whose values are its own.
"""
import os
import signal
import subprocess
import sys
import tempfile
import time

POLICY = """callgate_policy: 1
guest: {name}
calls: {{store: [get, put], sys: [granted], timer: [once], log: [print]}}
events: {{timer: [fired]}}
guards: {{store.get.key: [starts], store.put.key: [starts]}}
handles: {{timer.alarm: {{max: 1}}}}
limits: {{steps: 10000, calls: 20, memory_bytes: 65536}}
"""
GUESTS = {"wamr": "keep_wamr.wasm", "rbpf": "keep_rbpf.rbf"}


def lines_of(command, wanted, end):
    """Run until so many lines came, then end it. What it printed."""
    child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    seen = []
    until = time.time() + 30
    while len(seen) < wanted and time.time() < until:
        line = child.stdout.readline()
        if line == "":
            break
        seen.append(line.strip())
    child.send_signal(end)
    rest, _ = child.communicate(timeout=30)
    code = 128 + end if end != signal.SIGKILL else -signal.SIGKILL
    assert child.returncode == code, (child.returncode, seen, rest)
    # One that is still in its handler when the signal comes says that it was stopped.
    return sorted(line for line in seen + rest.split("\n")[:-1] if not line.endswith("stopped: it was asked to"))


def case(command, guest, folder):
    store = os.path.join(folder, "store")
    policies = []
    for name in ("one", "two"):
        policies.append(os.path.join(folder, name + ".yaml"))
        with open(policies[-1], "w", encoding="utf-8") as out:
            out.write(POLICY.format(name=name))
    run = [command, "run", "--store", store, "--policy", policies[0], guest]
    for start, end in enumerate((signal.SIGTERM, signal.SIGKILL, signal.SIGTERM, signal.SIGTERM), 1):
        got = lines_of(run, 2, end)
        assert got == ["[one] fired", f"[one] start {start}"], got
    got = lines_of(run + ["--policy", policies[1], guest], 4, signal.SIGTERM)
    assert got == ["[one] fired", "[one] start 5", "[two] fired", "[two] start 1"], got


def main():
    build = sys.argv[1]
    files = [os.path.join(build, "test", "e2e", file) for file in GUESTS.values()]
    files = [file for file in files if os.path.exists(file)]
    if not files:
        print("keep: there are no guests: skipped")
        return 77
    for file in files:
        with tempfile.TemporaryDirectory() as folder:
            case(os.path.join(build, "callgate"), file, folder)
            print(f"{os.path.basename(file)}: kept through 5 starts")
    return 0


if __name__ == "__main__":
    sys.exit(main())
