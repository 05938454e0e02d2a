#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Begins a VM of each kind with `callgate new-vm`, generates for it, builds all of it strictly, and runs a host program that asks it to load a guest:
new_vm.py PROGRAM COMPILER SOURCE FLAGS LIBRARY..."""
import os
import subprocess
import sys
import tempfile

PROGRAM, COMPILER, SOURCE, FLAGS = os.path.abspath(sys.argv[1]), sys.argv[2], os.path.abspath(sys.argv[3]), sys.argv[4].split()
LIBRARIES = [os.path.abspath(path) for path in sys.argv[5:]]
HOST = os.path.join(SOURCE, "test", "install", "fixtures", "project")
MAIN = """#include "callgate/guest.h"
#include "set.h"
#include <stdio.h>
#include <stdlib.h>
extern const cg_vm_t cg_vm_@vm@;
int main(void)
{
    static cg_guest_t guest;
    static const uint32_t granted[1];
    static const uint8_t image[] = "x";
    char message[256] = "";
    cg_policy_t policy = {.guest = "x", .granted = granted, .unlimited_steps = true, .calls = 1, .bytes = 1, .memory_bytes = 65536, .slots = 2};
    const cg_guest_config_t config = {.vm = &cg_vm_@vm@, .image = image, .image_size = sizeof image - 1, .message = message, .message_size = sizeof message};
    const uint32_t needed = cg_guest_storage(&config, &policy);
    void *storage = calloc(1, needed);
    const int failed = cg_guest_init(&guest, &config, &policy, storage, needed);
    printf("%d %d %d %s\\n", failed == CG_LOAD_IMAGE, (int)config.vm->handle_bits, (int)config.vm->is_uncounted, message);
    policy.unlimited_steps = false;
    policy.steps = 10;
    printf("%d %s\\n", cg_guest_init(&guest, &config, &policy, storage, needed) == CG_LOAD_POLICY, message);
    free(storage);
    return 0;
}
"""
STRICT = ("-std=c11 -Wall -Wextra -Wconversion -Wsign-conversion -Wshadow -Wswitch-enum -Wstrict-prototypes -Wmissing-prototypes -Wundef -Wcast-qual -Wvla -Werror").split()


def do(folder, *args):
    return subprocess.run(args, cwd=folder, capture_output=True, text=True, check=False)


def new(folder, kind, name):
    made = do(folder, PROGRAM, "new-vm", name, *kind)
    assert made.returncode == 0 and made.stdout == f"./{name}: made; its README.md says what is to do\n" and made.stderr == "", made
    files = sorted(os.listdir(os.path.join(folder, name)))
    assert files == ["CMakeLists.txt", "README.md", "adapter.c", "glue.c.mustache", "vm.yaml"], files
    for file in files:
        with open(os.path.join(folder, name, file), encoding="utf-8") as text:
            content = text.read()
        assert "@vm@" not in content and "@VM@" not in content and (file == "glue.c.mustache" or name in content), file
    again = do(folder, PROGRAM, "new-vm", name)
    assert (again.returncode, again.stderr) == (1, f"callgate: ./{name}: is there already; nothing was changed\n"), again


def builds(folder, name):
    made = do(folder, PROGRAM, "gen", "--vm", f"./{name}", "-o", f"out_{name}", os.path.join(HOST, "tank.yaml"))
    assert made.returncode == 0, made.stderr
    out = f"out_{name}"
    with open(os.path.join(folder, f"{name}.c"), "w", encoding="utf-8") as text:
        text.write(MAIN.replace("@vm@", name))
    includes = [f"-I{path}" for path in (os.path.join(SOURCE, "include"), os.path.join(SOURCE, "vm", "objects"), out, f"{out}/host")]
    sources = [f"{name}.c", f"{name}/adapter.c", os.path.join(HOST, "host.c")] + [f"{out}/{file}.c" for file in ("set", "catalog", "rows", "events", f"{name}/glue")]
    for flags in (["-DCG_FAST=1"], []):
        done = do(folder, COMPILER, *STRICT, *FLAGS, *flags, *includes, *sources, *LIBRARIES, "-o", "host")
        assert done.returncode == 0, done.stderr
        done = do(folder, "./host")
        assert (done.returncode, done.stderr) == (0, ""), done
        lines = done.stdout.split("\n")
        assert lines[0].startswith("1 31 1 ") and f"the adapter of {name} is not written yet" in lines[0], lines
        assert lines[1].startswith("1 ") and "cannot count steps" in lines[1], lines
    done = do(folder, COMPILER, *STRICT, *FLAGS, "-DCG_FAST=1", "-DCG_TRACE=1", *includes, "-fsyntax-only", f"{out}/{name}/glue.c")
    assert done.returncode == 0, done.stderr


def main():
    with tempfile.TemporaryDirectory() as folder:
        for kind, name in (([], "fable"), (["--objects"], "a_2"), (["--words"], "wordy"), (["--words"], "a_name_of_16_let")):
            new(folder, kind, name)
            builds(folder, name)
        os.mkdir(os.path.join(folder, "vm"))
        made = do(folder, PROGRAM, "new-vm", "-o", "vm", "fable")
        assert made.returncode == 0 and os.path.exists(os.path.join(folder, "vm", "fable", "vm.yaml")), made
    return 0


if __name__ == "__main__":
    sys.exit(main())
