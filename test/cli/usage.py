#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Drives the real `callgate` command: usage.py PROGRAM

Each row is a sentence, the arguments, the exit code, and what the first line of standard output and of standard error must begin with
(None: anything, "": nothing at all).
"""
import os
import subprocess
import sys
import tempfile

ROWS = [
    ("no subcommand", [], 2, "", "usage: callgate SUBCOMMAND"),
    ("help", ["--help"], 0, "usage: callgate SUBCOMMAND", ""),
    ("help by its short name", ["-h"], 0, "usage: callgate SUBCOMMAND", ""),
    ("help as a subcommand", ["help"], 0, "usage: callgate SUBCOMMAND", ""),
    ("version", ["--version"], 0, "callgate 0.", ""),
    ("an unknown subcommand", ["bench"], 2, "", "callgate: there is no subcommand 'bench'"),
    ("a subcommand that is nearly right", ["rum"], 2, "", "callgate: there is no subcommand 'rum'"),
    ("help of gen", ["gen", "--help"], 0, "usage: callgate gen", ""),
    ("help of dump", ["dump", "--help"], 0, "usage: callgate dump", ""),
    ("help of doc", ["doc", "--help"], 0, "usage: callgate doc", ""),
    ("doc without arguments", ["doc"], 2, "", "callgate doc: -o is missing"),
    ("doc without a description", ["doc", "-o", "out"], 2, "", "callgate doc: no description given"),
    ("doc in a format that is none", ["doc", "--format", "pdf", "-o", "out", "text"], 2, "", "callgate doc: --format is html, md or both, not pdf"),
    ("doc in a format that is not said", ["doc", "-o", "out", "text", "--format"], 2, "", "callgate doc: unknown option, or its value is missing: --format"),
    ("doc for a host", ["doc", "--host", "linux", "-o", "out", "text"], 2, "", "callgate doc: unknown option, or its value is missing: --host"),
    ("doc of a file that is not there", ["doc", "-o", "out", "nowhere.yaml"], 1, "", "callgate: cannot read 'nowhere.yaml'"),
    ("doc of a file that describes nothing", ["doc", "-o", "out", "text"], 1, "", "text:1:1: error: "),
    ("a format for gen", ["gen", "--format", "md", "--vm", "wamr", "-o", "out", "text"], 2, "", "callgate gen: unknown option, or its value is missing: --format"),
    ("an SDK in a language that has none", ["gen", "--vm", "wamr", "--sdk", "c,perl", "-o", "out", "text"], 2, "", "callgate gen: --sdk wants c, rust and assembly with commas between, not c,perl"),
    ("SDKs with a comma too many", ["gen", "--vm", "wamr", "--sdk", "rust,", "-o", "out", "text"], 2, "", "callgate gen: --sdk wants c, rust and assembly with commas between, not rust,"),
    ("no SDK", ["gen", "--vm", "wamr", "--sdk", "", "-o", "out", "text"], 2, "", "callgate gen: --sdk wants c, rust and assembly with commas between, not "),
    ("SDKs for doc", ["doc", "--sdk", "c", "-o", "out", "text"], 2, "", "callgate doc: unknown option, or its value is missing: --sdk"),
    ("help of run", ["run", "--help"], 0, "usage: callgate run", ""),
    ("help of pack", ["pack", "--help"], 0, "usage: callgate pack", ""),
    ("gen without arguments", ["gen"], 2, "", "callgate gen: "),
    ("dump without arguments", ["dump"], 2, "", "callgate dump: "),
    ("run without arguments", ["run"], 2, "", "callgate run: which guest?"),
    ("pack without arguments", ["pack"], 2, "", "callgate pack: which source?"),
    ("help of new-vm", ["new-vm", "--help"], 0, "usage: callgate new-vm", ""),
    ("new-vm without a name", ["new-vm"], 2, "", "callgate new-vm: which name?"),
    ("new-vm with a bad name", ["new-vm", "My-VM"], 2, "", "callgate new-vm: 'My-VM' is no name for a VM: "),
    ("new-vm with a name that is a path", ["new-vm", "../x"], 2, "", "callgate new-vm: '../x' is no name for a VM: "),
    ("new-vm with a name that is too long", ["new-vm", "a" * 17], 2, "", "callgate new-vm: 'aaaaaaaaaaaaaaaaa' is no name for a VM: "),
    ("new-vm with two names", ["new-vm", "a", "b"], 2, "", "callgate new-vm: one VM at a time, not also 'b'"),
    ("new-vm of both kinds", ["new-vm", "--words", "--objects", "a"], 2, "", "callgate new-vm: --objects or --words, once"),
    ("new-vm with an unknown option", ["new-vm", "--fast", "a"], 2, "", "callgate new-vm: there is no option '--fast'"),
    ("new-vm without the folder's place", ["new-vm", "a", "-o"], 2, "", "callgate new-vm: -o needs a folder, once"),
    ("new-vm with a name that is taken", ["new-vm", "text"], 1, "", "callgate: ./text: is there already"),
    ("new-vm in a folder that is not there", ["new-vm", "a", "-o", "nowhere"], 1, "", "callgate: nowhere/a: No such file or directory"),
    ("run of a file that is not there", ["run", "nowhere.wasm"], 1, "", "callgate: nowhere.wasm: No such file or directory"),
    ("run of a file that no VM knows", ["run", "text"], 1, "", "callgate: text: no VM of this command knows this file; it has: "),
    ("run of half a WebAssembly module", ["run", "half.wasm"], 1, "", "callgate: note: half.wasm has no policy"),
    ("run of half an rBPF image", ["run", "half.rbf"], 1, "", "callgate: note: half.rbf has no policy"),
    ("run of half an object file", ["run", "half.o"], 1, "", "callgate: half.o: "),
    ("pack of half an object file", ["pack", "half.o"], 1, "", "callgate: half.o: "),
]

FILES = {"text": b"not a program\n", "half.wasm": b"\0asm\1\0\0\0\1\xff", "half.rbf": b"rBPF\0\0\0\0", "half.o": b"\x7fELF\2\1\1" + b"\0" * 20}


def begins(text, wanted):
    return wanted is None or (text == "" if wanted == "" else text.startswith(wanted))


def main():
    program = os.path.abspath(sys.argv[1])
    wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        for name, content in FILES.items():
            with open(os.path.join(folder, name), "wb") as out:
                out.write(content)
        for name, args, code, out, err in ROWS:
            done = subprocess.run([program, *args], cwd=folder, capture_output=True, timeout=60)
            texts = done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace")
            if done.returncode != code or not begins(texts[0], out) or not begins(texts[1], err):
                print(f"{name}\n  exit code: wanted {code}, got {done.returncode}\n  output   {texts[0]!r}\n  messages {texts[1]!r}")
                wrong += 1
        left = sorted(os.listdir(folder))
        if left != sorted(FILES):
            print(f"files were left: {left}")
            wrong += 1
    print(f"{len(ROWS) + 1} cases, {wrong} not as expected")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
