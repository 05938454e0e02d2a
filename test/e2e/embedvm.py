#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""EmbedVM programs through the command: embedvm.py BUILD SOURCE

Text that is run as it stands, packed, and with errors; programs of the original compiler, which have no header.
Exit codes: 0 all well, 1 a case failed, 77 there is nothing to test with.
"""
import os
import subprocess
import sys
import tempfile

BUILD, SOURCE = (os.path.abspath(path) for path in sys.argv[1:3])
COMMAND = os.path.join(BUILD, "callgate")
SDK = os.path.join(BUILD, "api", "callgate_callgate_generated", "guest", "embedvm")
TICKS = os.path.join(SOURCE, "test", "e2e", "guest", "ticks.evs")
POLICY = "callgate_policy: 1\ncalls: {timer: [every, cancel], log: [print]}\nhandles: {timer.alarm: {max: 1}}\nevents: {timer: [fired]}\n"
ALL = "callgate_policy: 1\ncalls: {log: [print]}\nlimits: {memory_bytes: 65536}\n"


def put(folder, name, content):
    path = os.path.join(folder, name)
    with open(path, "wb") as file:
        file.write(content if isinstance(content, bytes) else content.encode())
    return path


def call(folder, *arguments, timeout=60):
    done = subprocess.run([COMMAND, *arguments], cwd=folder, capture_output=True, text=True, timeout=timeout)
    return done.returncode, done.stdout, done.stderr


def same(wanted, got):
    assert wanted == got, f"\nwanted {wanted!r}\ngot    {got!r}"


def until_line(folder, line, *arguments):
    """Run until it prints the line, for a guest with handlers stays."""
    with subprocess.Popen([COMMAND, *arguments], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as child:
        got = child.stdout.readline()
        while got and not got.endswith(line + "\n"):
            got = child.stdout.readline()
        child.terminate()
        _, err = child.communicate(timeout=60)
    assert got.endswith(line + "\n"), (got, err)


def text_runs(folder):
    until_line(folder, "two ticks", "run", "-I", SDK, "--policy", put(folder, "p.yaml", POLICY), TICKS)


def packed_runs(folder):
    same((0, "", ""), call(folder, "pack", f"-I{SDK}", TICKS, "-o", "t.evm"))
    put(folder, "t.policy.yaml", POLICY)
    same(0, call(folder, "check", "t.evm")[0])
    code, out, _ = call(folder, "policy", "-I", SDK, TICKS)
    same(0, code)
    assert "timer: [fired]" in out, out
    until_line(folder, "two ticks", "run", "t.evm")


def errors_have_places(folder):
    put(folder, "a.evs", "function cg_main()\n    push nobody\nend\n")
    code, out, err = call(folder, "pack", "a.evs")
    same((1, ""), (code, out))
    assert err.startswith("a.evs:2:10: error: "), err
    same(False, os.path.exists(os.path.join(folder, "a.evm")))
    put(folder, "b.evs", '.include "callgate/none.evs"\n')
    code, _, err = call(folder, "run", "-I", SDK, "b.evs")
    same(1, code)
    assert "b.evs:1:" in err and "callgate/none.evs" in err, err


def ungranted_calls_are_named(folder):
    policy = put(folder, "p.yaml", POLICY.replace("[every, cancel]", "[every]"))
    code, _, err = call(folder, "run", "-I", SDK, "--policy", policy, TICKS)
    same(1, code)
    assert "imports timer.cancel, which the policy does not grant: add `timer: [cancel]` under `calls:`" in err, err


def handlers_are_compared(folder):
    put(folder, "a.policy.yaml", POLICY)
    put(folder, "a.evs", '.include "callgate/timer.evs"\nfunction cg_main()\nend\n.export on_timer_fired\nfunction on_timer_fired(alarm, count)\nend\n')
    code, _, err = call(folder, "run", "-I", SDK, "a.evs")
    same(1, code)
    assert "has on_timer_fired with 2 arguments; it is given 3" in err, err
    put(folder, "a.evs", "function cg_main()\nend\n.export on_timer_fired\nfunction on_timer_fired(alarm, count_high, count_low)\nend\n")
    code, _, err = call(folder, "run", "-I", SDK, "a.evs")
    same(1, code)
    assert "has on_timer_fired, but was not built with the .evs of its API" in err, err


def example_blinks(folder):
    example = os.path.join(SOURCE, "example", "blinker")
    until_line(folder, "blinked twice", "run", "--devices", os.path.join(example, "devices.yaml"), "--policy", os.path.join(example, "blinker.policy.yaml"),
               os.path.join(BUILD, "example", "blinker", "blinker.evm"))


# What the original compiler makes of: $uf0(4, 1, 12, 2) and a text, in its order: arguments last first, their number, the call.
# 90-97 push -0..7, 98 xx a byte, b0 user function 0, 9d drop, 9c return.
def flat(folder, lead=b""):
    text = b"flat"
    code = bytes([0x98, 4, 0x98, 0, 0x98, 1, 0x98, 4, 0x98, 4, 0xb0, 0x9d, 0x9c])
    return put(folder, "flat.bin", lead + code[:3] + bytes([len(lead) + len(code)]) + code[4:] + text)


def flat_programs_run(folder):
    put(folder, "flat.policy.yaml", ALL)
    code, out, err = call(folder, "run", "--engine", "embedvm", os.path.basename(flat(folder)))
    same((0, ""), (code, err))
    assert out.endswith("] flat\n"), out
    put(folder, "flat.policy.yaml", ALL.replace("65536", "4096"))
    code, _, err = call(folder, "run", "--engine", "embedvm", "flat.bin")
    same(1, code)
    assert "needs 65536 bytes of memory, the policy gives 4096" in err, err
    code, _, err = call(folder, "run", "flat.bin")  # any file may be called so
    same(1, code)
    assert "no VM of this command knows this file" in err, err
    same((0, "", ""), call(folder, "pack", "flat.bin"))
    put(folder, "flat.policy.yaml", "callgate_policy: 1\nlimits: {memory_bytes: 65536}\n")
    same((0, ""), call(folder, "run", "flat.evm")[:2])  # it says nothing of its calls, so the call itself is refused


# Functions that a program includes come before its own; only the .sym that the compiler writes says where main is.
def a_flat_program_starts_at_its_main(folder):
    put(folder, "flat.policy.yaml", ALL)
    flat(folder, bytes([0xfe]) * 5)  # no instruction: a start there is a fault
    same(1, call(folder, "run", "--engine", "embedvm", "flat.bin")[0])
    put(folder, "flat.sym", "0000 domain (other)\n0003 main_loop (other)\n0005 main (other)\n0018 _end (other)")
    code, out, err = call(folder, "run", "--engine", "embedvm", "flat.bin")
    same((0, ""), (code, err))
    assert out.endswith("] flat\n"), out
    for text, why in (("0005 mine (other)\n", "flat.sym: names no function main, where the program starts"),
                      ("005 main (other)\n00x5 main\n\0\0\0\0 main ", "flat.sym: names no function main, where the program starts"),
                      ("0016 main (other)\n", "flat.sym: puts main behind the end of the program: is it another program's?")):
        put(folder, "flat.sym", text)
        same((1, "", f"callgate: {why}\n"), call(folder, "pack", "flat.bin"))


def main():
    if not os.path.isdir(SDK):
        return 77
    bad = 0
    for case in (text_runs, packed_runs, errors_have_places, ungranted_calls_are_named, handlers_are_compared, example_blinks, flat_programs_run,
                 a_flat_program_starts_at_its_main):
        with tempfile.TemporaryDirectory() as folder:
            try:
                case(folder)
            except AssertionError as error:
                print(f"{case.__name__}: {error}")
                bad += 1
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
