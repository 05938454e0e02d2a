#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Drives `callgate run` and `callgate pack` with the toy VM: run.py PROGRAM [name...]

Each row is a sentence, the files it needs, the arguments, and what must come out: exit code, standard output, standard error.
In expected texts DIR stands for nothing: programs run inside their own folder.
"""
import os
import signal
import subprocess
import sys
import tempfile
import time

P = "callgate_policy: 1\n"
READ = P + "guest: reader\ncalls: {saul: [read, find]}\nguards: {saul.find.kind: any}\n"
REACTS = P + "calls: {timer: [every]}\nevents: {timer: [fired]}\n"
ENTRY_FAULT = "callgate: guest 'a' stopped: a division by zero at 0x10\n"
FAULT = "callgate: guest 'a' stopped in on_timer_fired: a division by zero at 0x10\n"
ANEW = "callgate: guest 'a' is started anew\n"
WAITS = P + "calls: {coap: [get]}\nguards: {coap.get.uri: any}\n"
BOTH = P + "calls: {timer: [every], coap: [get]}\nguards: {coap.get.uri: any}\nevents: {timer: [fired]}\n"
NONE = "callgate: note: a.toy has no policy, so nothing is granted (looked for a.policy.yaml and a.toy.policy.yaml)\n"
HELP = "help: callgate run --help\n"


def row(name, args, code, out="", err="", **files):
    return name, args, code, out, err, {k.replace("__", "-").replace("_", "."): v for k, v in files.items()}


ROWS = [
    # how guests end
    row("a guest that returns 0", ["a.toy"], 0, "[a] ended\n", "", a_toy="TOY10", a_policy_yaml=P),
    row("a source that is packed in memory", ["-I", "nowhere", "a.o"], 0, "[a] ended\n", "", a_o="toy textTOY10", a_policy_yaml=P),
    row("a source that is bad", ["a.o"], 1, "", "a.o:1:9: error: this text is bad\n", a_o="toy text", a_policy_yaml=P),
    row("a guest that returns 3", ["a.toy"], 1, "[a] ended\n", "callgate: guest 'a' returned 3\n", a_toy="TOY13", a_policy_yaml=P),
    row("a guest that returns an error of the gate", ["a.toy"], 1, "[a] ended\n",
        "callgate: guest 'a' returned -15 (as an error of the gate: the policy does not allow this value)\n", a_toy="TOY1m", a_policy_yaml=P),
    row("a guest that returns an error of an API", ["a.toy"], 1, "[a] ended\n", "callgate: guest 'a' returned -64\n", a_toy="TOY1n", a_policy_yaml=P),
    row("a guest without a policy runs with nothing granted", ["a.toy"], 0, "[a] ended\n", NONE, a_toy="TOY1h0"),
    row("a fault is told in the VM's words", ["a.toy"], 1, "[a] ended\n", "callgate: guest 'a' stopped: a division by zero at 0x10\n",
        a_toy="TOY1f", a_policy_yaml=P),
    row("steps used up", ["a.toy"], 1, "[a] ended\n", "callgate: guest 'a' stopped: it used up its steps (limits.steps: 77)\n",
        a_toy="TOY1s", a_policy_yaml=P + "limits: {steps: 77}\n"),
    row("no entry", ["a.toy"], 1, "[a] ended\n",
        "callgate: guest 'a' did not start: it has no entry function cg_main without arguments that returns an int\n",
        a_toy="TOY1e", a_policy_yaml=P),
    row("time used up", ["a.toy"], 1, "[a] ended\n", "callgate: guest 'a' stopped: it used up its time (limits.time_ms: 20)\n",
        a_toy="TOY1l", a_policy_yaml=P + "limits: {time_ms: 20}\n"),
    row("a guest that cannot be stopped ends the run", ["a.toy", "b.toy"], 1, "",
        "callgate: guest 'a' does not stop; the run is given up (it is in a host function that does not come back, or in a loop without calls that its VM cannot interrupt: give it smaller limits.steps and memory_bytes)\n",
        a_toy="TOY1k", a_policy_yaml=P + "limits: {time_ms: 20}\n", b_toy="TOY10", b_policy_yaml=P),
    row("guests of the same name are numbered", ["--policy", "p.yaml", "a.toy", "b.toy", "c.toy"], 1,
        "[reader] ended\n[reader-2] ended\n[reader-3] ended\n", "callgate: guest 'reader-3' returned 1\n",
        a_toy="TOY10", b_toy="TOY10", c_toy="TOY11", p_yaml=READ),
    row("the gate's reason names guest, call and argument", ["a.toy"], 1, "[reader] ended\n",
        "callgate: guest 'reader' stopped in saul.find: the policy does not allow this value (argument 'kind')\n",
        a_toy="TOY1g0", a_policy_yaml=READ),
    row("a forged handle is a violation and traps", ["a.toy"], 1, "[reader] ended\n",
        "callgate: guest 'reader' stopped in saul.read: no open object of that type has this handle (argument 'dev')\n",
        a_toy="TOY1h0", a_policy_yaml=READ),
    row("a violation may be an error", ["a.toy"], 0, "[reader] ended\n", "", a_toy="TOY1hh0", a_policy_yaml=READ + "violation: error\n"),
    row("a refusal that no argument is to blame for", ["a.toy"], 1, "[a] ended\n",
        "callgate: guest 'a' stopped in random.u32: a limit of the policy is used up: handles, bytes or a host resource\n",
        a_toy="TOY1u0", a_policy_yaml=P + "calls: {random: [u32]}\n"),
    row("one of two arguments", ["a.toy"], 1, "[a] ended\n",
        "callgate: guest 'a' stopped in probe.sum: an argument has bits beyond its type (argument 'a' or 'b')\n",
        a_toy="TOY1v0", a_policy_yaml=P + "calls: {probe: [sum]}\n"),
    row("killed after three violations", ["a.toy"], 1, "[a] ended\n",
        "callgate: guest 'a' was killed after 3 violations, the last in probe.sum: an argument has bits beyond its type (argument 'a' or 'b')\n",
        a_toy="TOY1vvvv0", a_policy_yaml=P + "calls: {probe: [sum]}\nviolation: {kill_after: 3}\n"),
    row("a call that is not granted is an error, not the end", ["a.toy"], 0, "[a] ended\n", "", a_toy="TOY1d0", a_policy_yaml=P),
    row("others go on", ["a.toy", "b.toy", "c.toy"], 1, "[c] ended\n[a] ended\n[c] ended\n"[len("[c] ended\n"):],
        "callgate: guest 'b' was refused: imports coap.put, which the policy does not grant\ncallgate: guest 'a' returned 1\n",
        a_toy="TOY11", a_policy_yaml=P, b_toy="TOY1x", b_policy_yaml=P, c_toy="TOY10", c_policy_yaml=P),
    # how guests are refused
    row("refused without a reason", ["a.toy"], 1, "", "callgate: guest 'a' was refused: it was made for another version of an API\n",
        a_toy="TOY1y", a_policy_yaml=P),
    row("not a valid program", ["a.toy"], 1, "", "callgate: guest 'a' was refused: it is not a valid program of this VM\n",
        a_toy="TOY1z", a_policy_yaml=P),
    row("a file that nobody knows", ["a.bin", "a.toy"], 1, "[a] ended\n", "callgate: a.bin: no VM of this command knows this file; it has: toy\n",
        a_bin="BIN", a_toy="TOY10", a_policy_yaml=P),
    row("an empty file", ["a.bin"], 1, "", "callgate: a.bin: no VM of this command knows this file; it has: toy\n", a_bin=""),
    row("a broken object file", ["a.o"], 1, "", None, a_o="\x7fELF nonsense"),
    row("no such guest stops all", ["a.toy", "b.toy"], 1, "", "callgate: b.toy: No such file or directory\n", a_toy="TOY10", a_policy_yaml=P),
    row("a folder is no guest", ["."], 1, "", "callgate: .: it is a folder\n"),
    # policies
    row("the policy before a guest is its own", ["--policy", "p.yaml", "a.toy"], 1, "[reader] ended\n",
        "callgate: guest 'reader' stopped in saul.find: the policy does not allow this value (argument 'kind')\n",
        a_toy="TOY1g0", a_policy_yaml=P, p_yaml=READ),
    row("a policy holds for all guests after it", ["--policy=p.yaml", "a.toy", "b.toy", "--policy", "q.yaml", "c.toy"], 0,
        "[reader] ended\n[reader-2] ended\n[other] ended\n", "", a_toy="TOY10", b_toy="TOY10", c_toy="TOY10", p_yaml=READ, q_yaml=P + "guest: other\n"),
    row("the policy after the whole name", ["a.toy"], 0, "[whole] ended\n", "", a_toy="TOY10", a_toy_policy_yaml=P + "guest: whole\n"),
    row("the policy after the stem comes first", ["a.toy"], 0, "[stem] ended\n", "", a_toy="TOY10",
        a_toy_policy_yaml=P + "guest: whole\n", a_policy_yaml=P + "guest: stem\n"),
    row("a policy that is not there", ["--policy", "p.yaml", "a.toy"], 1, "", "callgate: p.yaml: No such file or directory\n", a_toy="TOY10"),
    row("a bad policy runs nothing", ["a.toy", "b.toy"], 1, "",
        "b.policy.yaml:2:18: error: the API 'random' has no call 'u23'\n     2 | calls: {random: [u23]}\n       |                  ^\n"
        "help: did you mean 'u32'?\n", a_toy="TOY10", a_policy_yaml=P, b_toy="TOY10", b_policy_yaml=P + "calls: {random: [u23]}\n"),
    row("a bad policy of two guests is told of once", ["--policy", "p.yaml", "a.toy", "b.toy"], 1, "",
        "p.yaml:1:18: error: this is version 2 of the policy language, and only version 1 is known\n     1 | callgate_policy: 2\n"
        "       |                  ^\n", a_toy="TOY10", b_toy="TOY10", p_yaml="callgate_policy: 2\n"),
    row("a warning stops nothing", ["a.toy"], 0, "[a] ended\n",
        "a.policy.yaml:2:34: warning: no granted call needs the right 'write' of 'saul.device'\n",
        a_toy="TOY10", a_policy_yaml=P + "handles: {saul.device: {rights: [write]}}\n"),
    row("odd bytes of a file's name do not reach messages", ["a \x1b.toy"], 1, "[a__] ended\n", "callgate: guest 'a__' returned 1\n",
        **{"a \x1b_toy": "TOY11", "a \x1b_policy_yaml": P}),
    # devices
    row("a bad devices file runs nothing", ["--devices", "d.yaml", "a.toy"], 1, "",
        "d.yaml:1:19: error: this is version 9 of the devices file, and only version 1 is known\n     1 | callgate_devices: 9\n"
        "       |                   ^\n", a_toy="TOY10", a_policy_yaml=P, d_yaml="callgate_devices: 9\ndevices: []\n"),
    row("a devices file that is not there", ["--devices", "d.yaml", "a.toy"], 1, "", "callgate: d.yaml: No such file or directory\n",
        a_toy="TOY10", a_policy_yaml=P),
    row("a silent device is a warning", ["--devices=d.yaml", "a.toy"], 0, "[a] ended\n",
        "d.yaml:3:5: warning: device 't' will give only errors: its file is missing\n", a_toy="TOY10", a_policy_yaml=P,
        d_yaml="callgate_devices: 1\ndevices:\n  - {name: t, class: sense_temp, driver: sim, unit: temp_c, wave: csv, path: x}\n"),
    # threads
    row("guests that may wait have threads of their own", ["a.toy", "b.toy"], 0, None, "", a_toy="TOY1p0", a_policy_yaml=WAITS,
        b_toy="TOY1p0", b_policy_yaml=P),
    # events
    row("a handler runs after the entry, and its fault ends the guest", ["a.toy"], 1, "[a] on the main thread\n[a] ended\n", FAULT,
        a_toy="TOY1t0>pf", a_policy_yaml=REACTS),
    row("a guest whose policy receives nothing does not stay", ["a.toy"], 0, "[a] ended\n", "", a_toy="TOY10>p0", a_policy_yaml=P),
    row("an entry that fails ends a guest that has handlers", ["a.toy"], 1, "[a] ended\n", "callgate: guest 'a' returned 2\n",
        a_toy="TOY1t2>p0", a_policy_yaml=REACTS),
    row("a program of handlers alone", ["--engine", "toy", "a.toy"], 1, "[a] ended\n", FAULT, a_toy="TOY1te>f", a_policy_yaml=REACTS),
    row("entries run before events, one event a guest and round", ["a.toy", "b.toy"], 1,
        "[a] on the main thread\n[b] on the main thread\n[a] ended\n[b] ended\n", FAULT + FAULT.replace("'a'", "'b'"),
        a_toy="TOY1tp0>f", a_policy_yaml=REACTS, b_toy="TOY1tp0>f", b_policy_yaml=REACTS),
    row("a guest with handlers that may wait has them on its thread", ["a.toy"], 1, "[a] on a thread of its own\n[a] ended\n", FAULT, a_toy="TOY1t0>pf",
        a_policy_yaml=BOTH),
    # restarts
    row("a guest that always fails is given up", ["--restart", "a.toy"], 1, "[a] ended\n" * 6,
        (ENTRY_FAULT + ANEW) * 5 + ENTRY_FAULT + "callgate: guest 'a' is given up: it was started anew 5 times within 10 s\n", a_toy="TOY1f", a_policy_yaml=P),
    row("a guest that fails in a handler is made anew from its entry", ["--restart", "a.toy"], 1, "[a] ended\n" * 6,
        (FAULT + ANEW) * 5 + FAULT + "callgate: guest 'a' is given up: it was started anew 5 times within 10 s\n", a_toy="TOY1t0>f", a_policy_yaml=REACTS),
    row("what a program returns is final", ["--restart", "a.toy"], 1, "[a] ended\n", "callgate: guest 'a' returned 3\n", a_toy="TOY13", a_policy_yaml=P),
    row("a guest that was killed stays dead", ["--restart", "a.toy"], 1, "[a] ended\n",
        "callgate: guest 'a' was killed after 1 violation, the last in probe.sum: an argument has bits beyond its type (argument 'a' or 'b')\n",
        a_toy="TOY1v0", a_policy_yaml=P + "calls: {probe: [sum]}\nviolation: {kill_after: 1}\n"),
    # traces
    row("a trace", ["--trace", "a.toy"], 1, "[a] ended\n",
        "[a] saul.write(dev=none, data=<unreadable 0x0+8>) = denied (the policy does not grant this call)\n"
        "[a] random.u32() = quota (a limit of the policy is used up: handles, bytes or a host resource)\n"
        "callgate: guest 'a' stopped in random.u32: a limit of the policy is used up: handles, bytes or a host resource\n",
        a_toy="TOY1du0", a_policy_yaml=P + "calls: {random: [u32]}\n"),
    # wrong use
    row("no guest", [], 2, "", "callgate run: which guest?\n" + HELP),
    row("an unknown option", ["--polciy", "p", "a.toy"], 2, "", "callgate run: there is no option '--polciy'\n" + HELP),
    row("a policy without a value", ["a.toy", "--policy"], 2, "", "callgate run: --policy needs a value\n" + HELP),
    row("an empty value", ["--devices=", "a.toy"], 2, "", "callgate run: --devices needs a value\n" + HELP),
    row("a policy that no guest follows", ["a.toy", "--policy", "p.yaml"], 2, "", "callgate run: no guest follows --policy p.yaml\n" + HELP),
    row("two policies for no guest", ["--policy", "p", "--policy", "q", "a.toy"], 2, "", "callgate run: no guest follows --policy p\n" + HELP),
    row("devices given twice", ["--devices", "d", "--devices", "e", "a.toy"], 2, "", "callgate run: --devices was given twice\n" + HELP),
    row("an unknown engine", ["--engine", "lua", "a.toy"], 2, "", "callgate run: there is no engine 'lua'; there are: toy\n" + HELP),
    row("an engine that does not take the file", ["--engine", "toy", "a.bin"], 1, "", "callgate: a.bin: not a program of toy\n", a_bin="BIN"),
    row("a guest whose name begins with a dash", ["--", "-a.toy"], 0, "[-a] ended\n", "", __a_toy="TOY10", __a_policy_yaml=P),
]


def put(folder, files):
    for name, text in files.items():
        with open(os.path.join(folder, name), "wb") as out:
            out.write(text.encode("latin-1"))


def show(name, what, wanted, got):
    print(f"{name}\n  {what}: wanted {wanted!r}\n  {' ' * len(what)}  got    {got!r}")


def check(name, wanted, done):
    """Compare what came out; None in `wanted` is anything."""
    good = True
    for what, want, got in zip(("exit code", "output", "messages"), wanted, done):
        if want is not None and want != got:
            show(name, what, want, got)
            good = False
    return good


def run_row(program, subcommand, entry):
    name, args, code, out, err, files = entry
    with tempfile.TemporaryDirectory() as folder:
        put(folder, files)
        done = subprocess.run([program, subcommand, *args], cwd=folder, capture_output=True, timeout=60)
        return check(name, (code, out, err), (done.returncode, done.stdout.decode("latin-1"), done.stderr.decode("latin-1")))


def run_threads(program):
    name = "a guest that may wait runs on a thread of its own, the other on the main thread"
    with tempfile.TemporaryDirectory() as folder:
        put(folder, {"a.toy": "TOY1p0", "a.policy.yaml": WAITS, "b.toy": "TOY1p0", "b.policy.yaml": P})
        done = subprocess.run([program, "run", "a.toy", "b.toy"], cwd=folder, capture_output=True, timeout=60)
        lines = sorted(done.stdout.decode().splitlines())
        return check(name, (0, ["[a] ended", "[a] on a thread of its own", "[b] ended", "[b] on the main thread"]), (done.returncode, lines))


def run_signal(program, number, code):
    name = f"signal {number} stops all guests, ends them in reverse order, and the run exits with {code}"
    with tempfile.TemporaryDirectory() as folder:
        put(folder, {"a.toy": "TOY1pl0", "a.policy.yaml": WAITS, "b.toy": "TOY1pl0", "b.policy.yaml": P, "c.toy": "TOY10", "c.policy.yaml": P})
        child = subprocess.Popen([program, "run", "a.toy", "b.toy", "c.toy"], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(2):
            child.stdout.readline()
        time.sleep(0.05)
        child.send_signal(number)
        out, err = child.communicate(timeout=60)
        wanted = ["callgate: guest 'a' stopped: it was asked to", "callgate: guest 'b' stopped: it was asked to"]
        return check(name, (code, "[c] ended\n[b] ended\n[a] ended\n", wanted),
                     (child.returncode, out.decode(), sorted(err.decode().splitlines())))


def started(program, folder, *args, lines=0):
    child = subprocess.Popen([program, "run", *args], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    for _ in range(lines):
        child.stdout.readline()
    time.sleep(0.1)
    return child


def ticks(pid):
    with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return int(fields[11]) + int(fields[12])


def run_idle(program):
    name = "guests that wait for events use no time, and end without a word"
    with tempfile.TemporaryDirectory() as folder:
        put(folder, {"a.toy": "TOY1p0>p0", "a.policy.yaml": REACTS, "b.toy": "TOY1p0>p0",
                     "b.policy.yaml": BOTH})
        child = started(program, folder, "a.toy", "b.toy", lines=2)
        before = ticks(child.pid)
        time.sleep(1)
        used = ticks(child.pid) - before
        child.send_signal(signal.SIGTERM)
        out, err = child.communicate(timeout=60)
        return check(name, (143, "[b] ended\n[a] ended\n", "", True), (child.returncode, out.decode(), err.decode(), used <= 1))


def run_fair(program):
    name = "a guest with endless events leaves others theirs, and a full status shows both"
    with tempfile.TemporaryDirectory() as folder:
        put(folder, {"a.toy": "TOY1t0>r0", "a.policy.yaml": REACTS, "b.toy": "TOY1t0>pf", "b.policy.yaml": REACTS})
        child = started(program, folder, "a.toy", "b.toy", lines=1)
        child.send_signal(signal.SIGUSR1)
        time.sleep(0.1)
        child.send_signal(signal.SIGINT)
        _, err = child.communicate(timeout=60)
        rows = [line.split() for line in err.decode().splitlines() if not line.startswith("callgate:")]
        rows = [row[:3] + [row[4] > "0"] + row[9:] for row in rows]
        wanted = [["guest", "vm", "state", True, "refused", "violations", "restarts"], ["a", "toy", True, "0", "0", "0"], ["b", "toy", "ended", True, "0", "0", "0"]]
        rows[1:2] = [[row[0], row[1], *row[3:]] for row in rows[1:2]]
        return check(name, (130, wanted), (child.returncode, rows))


def run_twice(program):
    name = "a second signal ends the command at once"
    with tempfile.TemporaryDirectory() as folder:
        put(folder, {"a.toy": "TOY1pk", "a.policy.yaml": P})
        child = started(program, folder, "a.toy", lines=1)
        child.send_signal(signal.SIGTERM)
        time.sleep(0.1)
        child.send_signal(signal.SIGINT)
        began = time.monotonic()
        child.communicate(timeout=60)
        return check(name, (130, True), (child.returncode, time.monotonic() - began < 1.5))


def run_help(program):
    good = True
    for subcommand in ("run", "pack"):
        done = subprocess.run([program, subcommand, "--help"], capture_output=True, timeout=60)
        starts = done.stdout.decode().startswith(f"usage: callgate {subcommand} ")
        good = check(f"callgate {subcommand} --help", (0, True, ""), (done.returncode, starts, done.stderr.decode())) and good
    return good


PACK_HELP = "help: callgate pack --help\n"
PACK_ROWS = [
    row("pack: no file", [], 2, "", "callgate pack: which source?\n" + PACK_HELP),
    row("pack: an unknown option", ["-x", "a.o"], 2, "", "callgate pack: there is no option '-x'\n" + PACK_HELP),
    row("pack: -o without a file", ["a.o", "-o"], 2, "", "callgate pack: -o needs a file\n" + PACK_HELP),
    row("pack: two objects", ["a.o", "b.o"], 2, "", "callgate pack: one source at a time, not also 'b.o'\n" + PACK_HELP),
    row("pack: no such object", ["a.o"], 1, "", "callgate: a.o: No such file or directory\n"),
    row("pack: nobody's source", ["a.o"], 1, "", "callgate: a.o: no image is made of such a file; taken are: toy texts\n", a_o="nonsense"),
    row("pack: an error in a line", ["a.o"], 1, "", "a.o:1:9: error: this text is bad\n", a_o="toy text"),
    row("pack: an error as a whole, and a folder", ["a.o", "-Ia.o"], 1, "", "callgate: a.o: this text is bad\n", a_o="toy textTOY1"),
    row("pack: an image", ["a.o", "-I", "nowhere"], 0, "", "", a_o="toy textTOY1"),
    row("pack: -I without a folder", ["a.o", "-I"], 2, "", "callgate pack: -I needs a folder\n" + PACK_HELP),
]


def main():
    program = os.path.abspath(sys.argv[1])
    results = [run_row(program, "run", entry) for entry in ROWS]
    results += [run_row(program, "pack", entry) for entry in PACK_ROWS]
    results += [run_threads(program), run_signal(program, signal.SIGINT, 130), run_signal(program, signal.SIGTERM, 143), run_idle(program), run_fair(program),
                run_twice(program), run_help(program)]
    print(f"{len(results)} cases, {results.count(False)} not as expected")
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
