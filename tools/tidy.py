#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""The style of the house as a test: tools/tidy.py [--root DIR] [--cc COMPILER]...

Reads the tree (not git), so it also sees files that are not committed yet. Prints `path:line: rule: text` for each
finding and what was aimed at but not reached as `path:line: aim: text`. Exit code 1 where there is a finding.
Exceptions stand in tools/tidy_exceptions.txt, `rule path reason`; one that is not needed any more is a finding itself,
and there may never be more than EXCEPTIONS_MAX. Changes nothing.
"""
import argparse
import os
import re
import subprocess
import sys

from tidy_c import functions_of, includes_of, without_comments

FUNCTION_MAX, FUNCTION_AIM = 70, 40
FILE_MAX, FILE_AIM = 800, 400
GATE_MAX = 1700
EXCEPTIONS_MAX = 0

SPDX = "SPDX-License-Identifier: BSD-2-Clause"
STRICT = ("-std=c11 -Wall -Wextra -Wconversion -Wsign-conversion -Wshadow -Wswitch-enum -Wstrict-prototypes "
          "-Wmissing-prototypes -Wundef -Wcast-qual -Wvla -Werror").split()
BANNED = "strcpy strcat sprintf vsprintf gets strtok alloca atoi system popen".split()
# The gate has memory functions of its compiler and nothing else: no heap, no text functions, no way out.
BANNED_IN_GATE = BANNED + "malloc calloc realloc free strlen strcmp strncmp strncpy strchr strstr printf snprintf abort exit".split()
PRODUCT = ("include", "gate", "vm", "host", "yaml", "gen", "cli")
# What a compiler brings without a C library, and string.h for the mem* functions it emits itself.
FREESTANDING = {"stdint.h", "stddef.h", "stdbool.h", "limits.h", "stdarg.h", "stdalign.h", "stdnoreturn.h", "float.h",
                "stdatomic.h", "string.h"}

# The dependency law: a room of the left may include rooms of the right, itself, and headers of its system.
# Rooms that are not named here (test, bench, example) may include all.
LAW = {
    "include": (),
    "gate": ("include",),
    "vm": ("include",),
    "host": ("include",),
    "yaml": (),
    "gen": ("yaml",),
    "cli": ("include", "gate", "vm", "host", "yaml", "gen"),
}
# Rooms that others of their kind may include: what several engines share, and no engine of its own.
SHARED = ("vm/wasm", "vm/objects")
# Headers of others, and the product rooms that may include them.
FOREIGN = {
    "libfyaml.h": ("yaml",),
    "wasm_export.h": ("vm/wamr",),
    "lua.h": ("vm/lua",),
    "lauxlib.h": ("vm/lua",),
    "lualib.h": ("vm/lua",),
    "quickjs.h": ("vm/quickjs",),
    "janet.h": ("vm/janet",),
    "wasm3.h": ("vm/wasm3",),
    "coap3/coap.h": ("host/linux",),
    "cmocka.h": (),
}
# Folders with files that are input or output of tests rather than code of ours.
NOT_OURS = {".git", "build", "golden", "expected", "fixtures", "__pycache__"}


class Tree:
    """The files of a tree, read once, and what was found in them."""

    def __init__(self, root):
        self.root = root
        self.findings = []
        self.aims = []
        self.texts = {}
        self.templates = {}  # .mustache: looked at for names only
        for folder, folders, names in os.walk(root):
            folders[:] = sorted(d for d in folders if d not in NOT_OURS and not d.startswith("build-"))
            for name in sorted(names):
                path = os.path.relpath(os.path.join(folder, name), root)
                if is_text(path) or name.endswith(".mustache"):
                    with open(os.path.join(folder, name), encoding="utf-8", errors="replace", newline="") as file:
                        (self.texts if is_text(path) else self.templates)[path] = file.read()

    def find(self, rule, path, line, text):
        self.findings.append((rule, path, line, text))

    def sources(self, *rooms):
        """Paths of C files, of all rooms or of those named, in order."""
        return [p for p in self.texts if p.endswith((".c", ".h")) and (not rooms or p.split("/")[0] in rooms)]


def is_text(path):
    name = os.path.basename(path)
    return name.endswith((".c", ".h", ".cmake", ".py", ".sh")) or name in ("CMakeLists.txt", "Makefile")


def room_of(path):
    """The room of a path: its first folder, for vm and host the first two."""
    parts = path.split("/")
    return "/".join(parts[:2]) if parts[0] in ("vm", "host") and len(parts) > 2 else parts[0]


def check_opening(tree):
    for path, text in tree.texts.items():
        lines = text.split("\n")
        if path.endswith((".c", ".h")):
            if lines[0] != "/* " + SPDX + " */":
                tree.find("opening", path, 1, "the first line must be /* " + SPDX + " */")
            elif len(lines) < 2 or not lines[1].startswith("/*"):
                tree.find("opening", path, 2, "after the licence comes one comment: job, neighbours, what it never does")
        elif not any(line == "# " + SPDX for line in lines[:2]):
            tree.find("opening", path, 1, "the first or second line must be # " + SPDX)


def check_blanks(tree):
    for path, text in tree.texts.items():
        for number, line in enumerate(text.split("\n"), 1):
            if "\t" in line and os.path.basename(path) != "Makefile":
                tree.find("tab", path, number, "use four spaces")
            if line.endswith((" ", "\t", "\r")):
                tree.find("trailing", path, number, "blanks or a carriage return at the end of the line")
        if not text.endswith("\n") or text.endswith("\n\n"):
            tree.find("end", path, text.count("\n"), "a file ends with one newline")


def check_length(tree):
    for path in tree.sources():
        size = tree.texts[path].count("\n")
        measure(tree, "file-length", path, 1, "the file", size, FILE_MAX, FILE_AIM)
        for function in functions_of(tree.texts[path]):
            measure(tree, "function-length", path, function.line, function.name, function.size, FUNCTION_MAX, FUNCTION_AIM)
    gate = sum(code_lines(tree.texts[path]) for path in tree.sources("gate"))
    if gate > GATE_MAX:
        tree.find("gate-length", "gate", 1, f"{gate} lines of code in all, {GATE_MAX} are allowed")


def code_lines(text):
    """Lines that are neither blank nor comment: so that the limit does not speak against explaining."""
    return sum(1 for line in without_comments(text).split("\n") if line.strip())


def measure(tree, rule, path, line, what, size, most, aim):
    if size > most:
        tree.find(rule, path, line, f"{what} has {size} lines, {most} are allowed")
    elif size > aim:
        tree.aims.append((path, line, f"{what} has {size} lines, {aim} are aimed at"))


def check_banned(tree):
    for path in tree.sources(*PRODUCT):
        banned = BANNED_IN_GATE if room_of(path) in ("gate", "include") else BANNED
        pattern = re.compile(r"(?<![\w.>])(" + "|".join(banned) + r")\s*\(")
        for number, line in enumerate(without_comments(tree.texts[path]).split("\n"), 1):
            for match in pattern.finditer(line):
                tree.find("banned", path, number, f"{match.group(1)}() is not used in {room_of(path)}")


def check_recursion(tree):
    """No function of the gate calls itself, directly or through others of the gate and the public headers."""
    calls, places = {}, {}
    for path in tree.sources("gate", "include"):
        for function in functions_of(tree.texts[path]):
            calls.setdefault(function.name, set()).update(re.findall(r"\b(\w+)\s*\(", function.body))
            places[function.name] = (path, function.line)
    for name in calls:
        seen, todo = set(), list(calls[name])
        while todo:
            callee = todo.pop()
            if callee in calls and callee not in seen:
                seen.add(callee)
                todo.extend(calls[callee])
        if name in seen:
            tree.find("recursion", *places[name], f"{name}() can come to call itself")


def resolve(tree, path, name):
    """The file of the tree that `#include name` in `path` may mean: beside it, from the root, or by the end of its path."""
    beside = os.path.normpath(os.path.join(os.path.dirname(path), name))
    for candidate in (beside, name, "include/" + name):
        if candidate in tree.texts:
            return candidate
    room = room_of(path)
    same = [p for p in tree.texts if p.endswith("/" + name)]
    return next((p for p in same if room_of(p) == room), same[0] if same else None)


def check_law(tree):
    for path in tree.sources(*PRODUCT):
        room = room_of(path)
        for line, name in includes_of(tree.texts[path]):
            target = resolve(tree, path, name)
            if target is None:
                check_foreign(tree, path, line, room, name)
            elif room_of(target) in SHARED and room.split("/")[0] == room_of(target).split("/")[0]:
                continue
            elif room_of(target) != room and room_of(target).split("/")[0] not in LAW[room.split("/")[0]]:
                tree.find("law", path, line, f"{room} must not include {target}")
            elif room != "cli" and room.split("/")[0] == room_of(target).split("/")[0] and room_of(target) != room:
                tree.find("law", path, line, f"{room} must not include {target}: rooms of one kind do not know each other")


def check_names(tree):
    """Generator and gate know no VM, VMs know no host: their names do not even stand in comments there, or in templates."""
    for kind, rooms in (("vm", ("gen", "gate")), ("host", ("vm",))):
        names = {path.split("/")[1] for path in tree.texts if path.startswith(kind + "/") and path.count("/") > 1 and room_of(path) not in SHARED}
        texts = {path: tree.texts[path] for path in tree.sources(*rooms)}
        texts.update((path, text) for path, text in tree.templates.items() if path.split("/")[0] in rooms)
        for path, text in texts.items():
            for number, line in enumerate(text.split("\n"), 1):
                for name in () if line.startswith("#include") else sorted(names):  # those are check_law's
                    if re.search(r"(?<![a-z0-9])" + name + r"(?![a-z0-9])", line, re.I):
                        tree.find("names", path, number, f"{room_of(path)} must not name the {kind} '{name}'")


def check_foreign(tree, path, line, room, name):
    if name in FOREIGN and room not in FOREIGN[name] and room != "cli":
        tree.find("law", path, line, f"{room} must not include <{name}>")
    elif name.startswith("callgate/"):
        tree.find("law", path, line, f"there is no include/{name}")
    elif room in ("gate", "include") and name not in FREESTANDING:
        tree.find("law", path, line, f"{room} is freestanding: it must not include <{name}>")


def check_headers(tree, compilers):
    """Each public header compiles alone and twice, in both forms of the gate."""
    for path in tree.sources("include"):
        name = path[len("include/"):]
        program = f"#include <{name}>\n#include <{name}>\nextern int tidy_unit;\n"
        for compiler in compilers:
            for form in ([], ["-DCG_FAST=1"]):
                command = [compiler, *STRICT, *form, "-fsyntax-only", "-I", os.path.join(tree.root, "include"), "-x", "c", "-"]
                done = subprocess.run(command, input=program, capture_output=True, text=True, check=False)
                if done.returncode != 0:
                    first = next((x for x in done.stderr.split("\n") if "error" in x), done.stderr.strip())
                    tree.find("header-alone", path, 1, f"{' '.join([compiler, *form])}: {first}")


def check_strict(tree):
    """Every library and program of ours gets the flags of the house, -Wvla among them. An engine that a VM's folder compiles (callgate_<vm>_engine) is not ours."""
    target = re.compile(r"^\s*add_(?:library|executable)\(\s*([^\s)]+)([^)]*)", re.M)
    for path, text in tree.texts.items():
        if os.path.basename(path) != "CMakeLists.txt":
            continue
        for match in target.finditer(text):
            is_engine = path.startswith("vm/") and match.group(1) == f"callgate_{path.split('/')[1]}_engine"
            if is_engine or re.match(r"\s+(INTERFACE|ALIAS|IMPORTED)\b", match.group(2)):
                continue
            if not re.search(r"callgate_(strict|hosted)\(\s*" + re.escape(match.group(1)) + r"\s*\)", text):
                line = text.count("\n", 0, match.start(1)) + 1
                tree.find("strict", path, line, f"{match.group(1)}: callgate_strict() or callgate_hosted() is missing")


def read_exceptions(tree):
    """{(rule, path): line}; a line is `rule path reason`."""
    exceptions = {}
    path = os.path.join(tree.root, "tools", "tidy_exceptions.txt")
    if not os.path.exists(path):
        return exceptions
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            words = line.split(None, 2)
            if not words or words[0].startswith("#"):
                continue
            if len(words) < 3:
                tree.find("exceptions", "tools/tidy_exceptions.txt", number, "wanted: rule path reason")
            else:
                exceptions[(words[0], words[1])] = number
    return exceptions


def apply_exceptions(tree):
    exceptions = read_exceptions(tree)
    if len(exceptions) > EXCEPTIONS_MAX:
        tree.find("exceptions", "tools/tidy_exceptions.txt", 1,
                  f"{len(exceptions)} exceptions, {EXCEPTIONS_MAX} are allowed: mend the code instead")
    used = {(rule, path) for rule, path, _, _ in tree.findings}
    tree.findings = [f for f in tree.findings if (f[0], f[1]) not in exceptions]
    for key, number in exceptions.items():
        if key not in used:
            tree.find("exceptions", "tools/tidy_exceptions.txt", number, f"not needed any more, remove it: {' '.join(key)}")


def tidy(root, compilers):
    """Run all checks; the tree with what was found."""
    tree = Tree(root)
    for check in (check_opening, check_blanks, check_length, check_banned, check_recursion, check_law, check_names, check_strict):
        check(tree)
    check_headers(tree, compilers)
    apply_exceptions(tree)
    return tree


def main():
    here = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    parser = argparse.ArgumentParser(description="The style of the house as a test.")
    parser.add_argument("--root", default=here, help="the tree to look at; default: this one")
    parser.add_argument("--cc", action="append", help="compiler for the public headers; may be repeated; default: cc")
    options = parser.parse_args()
    tree = tidy(options.root, options.cc or ["cc"])
    for path, line, text in sorted(tree.aims):
        print(f"{path}:{line}: aim: {text}")
    for rule, path, line, text in sorted(tree.findings, key=lambda f: (f[1], f[2])):
        print(f"{path}:{line}: {rule}: {text}")
    print(f"tidy: {len(tree.texts)} files, {len(tree.findings)} findings, {len(tree.aims)} above what is aimed at")
    return 1 if tree.findings else 0


if __name__ == "__main__":
    sys.exit(main())
