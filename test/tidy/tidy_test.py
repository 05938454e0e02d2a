#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""A test of tools/tidy.py: small trees, and exactly what must be found in them.

tidy_test.py TOOLS COMPILER. A row is a name, files, and the findings wanted as `path:line: rule`.
"""
import os
import sys
import tempfile

sys.path.insert(0, sys.argv[1])
import tidy  # noqa: E402 (the folder is known only now)

COMPILER = sys.argv[2]
OPEN = "/* SPDX-License-Identifier: BSD-2-Clause */\n/* A file of a test. */\n"
HASH = "# SPDX-License-Identifier: BSD-2-Clause\n"


def header(name, text):
    """A public header that is in order but for its text."""
    guard = f"CALLGATE_{name.upper()}_H"
    return f"{OPEN}#ifndef {guard}\n#define {guard}\n{text}#endif\n"


def function(name, lines, word="int"):
    """A function of so many lines in all."""
    return f"{word} {name}(void)\n{{\n" + "    step();\n" * (lines - 3) + "}\n"


ROWS = [
    ("a tree in order has no finding",
     {"include/callgate/a.h": header("a", "#include <stdint.h>\ntypedef uint32_t a_t;\n"),
      "gate/a.c": OPEN + '#include "callgate/a.h"\n' + function("go", 20),
      "cli/main.c": OPEN + '#include <callgate/a.h>\n#include "../gen/g.h"\n', "gen/g.h": OPEN,
      "CMakeLists.txt": HASH}, []),

    ("a file without licence", {"gen/a.c": "int a;\n"}, ["gen/a.c:1: opening"]),
    ("a file without its opening comment", {"gen/a.c": OPEN.split("\n")[0] + "\nint a;\n"}, ["gen/a.c:2: opening"]),
    ("a script without licence", {"tools/a.sh": "#!/bin/sh\ntrue\n"}, ["tools/a.sh:1: opening"]),
    ("a licence after #! is seen", {"tools/a.sh": "#!/bin/sh\n" + HASH}, []),
    ("a licence in the wrong words", {"gen/a.c": OPEN.replace("BSD-2", "MIT-2")}, ["gen/a.c:1: opening"]),

    ("a VM's name in the generator", {"vm/rbpf/a.c": OPEN, "gen/a.c": OPEN + "/* as rBPF does */\n"}, ["gen/a.c:3: names"]),
    ("a VM's name in an identifier of the gate", {"vm/wamr/a.c": OPEN, "gate/a.c": OPEN + "int cg_wamr;\n"}, ["gate/a.c:3: names"]),
    ("a VM's name as part of another word", {"vm/ab/a.c": OPEN, "gate/a.c": OPEN + "int table;\n"}, []),
    ("a host's name in a VM", {"host/linux/a.c": OPEN, "vm/rbpf/a.c": OPEN + "int linux_ok;\n"}, ["vm/rbpf/a.c:3: names"]),
    ("a VM's name in a common template", {"vm/rbpf/a.c": OPEN, "gen/template/a.mustache": "{{name}}\nint cg_rbpf_{{name}};\n"}, ["gen/template/a.mustache:2: names"]),
    ("a VM's name in a template of its own, and the name of a variable",
     {"vm/rbpf/a.c": OPEN, "vm/rbpf/a.mustache": "rbpf {{vm}}\n", "gen/template/a.mustache": "{{vm}}\n"}, []),
    ("a host's name in a template of a VM", {"host/linux/a.c": OPEN, "vm/rbpf/a.mustache": "linux\n"}, ["vm/rbpf/a.mustache:1: names"]),
    ("names where all are known", {"host/linux/a.c": OPEN, "vm/rbpf/a.c": OPEN, "cli/a.c": OPEN + "int rbpf, linux_ok;\n"}, []),

    ("a tab", {"gen/a.c": OPEN + "\tint a;\n"}, ["gen/a.c:3: tab"]),
    ("a tab in a Makefile is its syntax", {"Makefile": HASH + "all:\n\ttrue\n"}, []),
    ("a blank at the end", {"gen/a.c": OPEN + "int a; \n"}, ["gen/a.c:3: trailing"]),
    ("a carriage return", {"gen/a.c": OPEN + "int a;\r\n"}, ["gen/a.c:3: trailing"]),
    ("no newline at the end", {"gen/a.c": OPEN + "int a;"}, ["gen/a.c:2: end"]),
    ("an empty line at the end", {"gen/a.c": OPEN + "int a;\n\n"}, ["gen/a.c:4: end"]),

    ("a function of 70 lines passes", {"gen/a.c": OPEN + function("go", 70)}, []),
    ("a function of 71 lines", {"gen/a.c": OPEN + function("go", 71)}, ["gen/a.c:3: function-length"]),
    ("a long function after a short one, with the right line",
     {"gen/a.c": OPEN + function("a", 10) + "\n" + function("b", 80)}, ["gen/a.c:14: function-length"]),
    ("a long function behind #else",
     {"gen/a.c": OPEN + "#if A\n" + function("a", 9) + "#else\n" + function("a", 90) + "#endif\n"},
     ["gen/a.c:14: function-length"]),
    ("braces opened by both branches of an #if are counted once",
     {"gen/a.c": OPEN + "int a(void)\n{\n#if A\n    if (a) {\n#else\n    if (b) {\n#endif\n    }\n}\n" + function("b", 60)}, []),
    ("braces in texts and comments do not count",
     {"gen/a.c": OPEN + 'int a(void)\n{\n    put("{{{"); /* } */ put(\'}\');\n}\n' + function("b", 60)}, []),
    ("a long table is no function",
     {"gen/a.c": OPEN + "static const int table[] = {\n" + "    1,\n" * 100 + "};\n"}, []),
    ("a long macro is no function",
     {"gen/a.c": OPEN + "#define A(x) \\\n" + "    f(x) { \\\n" * 100 + "    end\n"}, []),
    ("a file of 801 lines", {"gen/a.c": OPEN + "int a;\n" * 799}, ["gen/a.c:1: file-length"]),
    ("a gate of 1701 lines of code in three files",
     {f"gate/{name}.c": OPEN + f"int {name};\n" * (569 if name == "c" else 566) for name in "abc"}, ["gate:1: gate-length"]),
    ("a gate of 1700 lines of code, comments and blank lines not counted",
     {f"gate/{name}.c": OPEN + "/* because */\nint b;\n" * 340 for name in "abcde"}, []),

    ("each banned function",
     {"gen/a.c": OPEN + "".join(f"x = {name}(y);\n" for name in tidy.BANNED)},
     [f"gen/a.c:{line}: banned" for line in range(3, 3 + len(tidy.BANNED))]),
    ("a banned name in a comment, a text, a member or a longer name is none",
     {"gen/a.c": OPEN + '/* system() */\nx = "system()"; x->system(1); x.atoi(2); my_system(3);\n'}, []),
    ("a banned function in a test is the test's business", {"test/unit/a.c": OPEN + "x = atoi(y);\n"}, []),
    ("the heap in the gate", {"gate/a.c": OPEN + "x = malloc(1);\n"}, ["gate/a.c:3: banned"]),
    ("the heap elsewhere", {"gen/a.c": OPEN + "x = malloc(1);\n"}, []),
    ("a function of the gate that calls itself",
     {"gate/a.c": OPEN + "int go(int n)\n{\n    return n ? go(n - 1) : 0;\n}\n"}, ["gate/a.c:3: recursion"]),
    ("two functions of the gate that call each other",
     {"gate/a.c": OPEN + "int a(int n)\n{\n    return b(n);\n}\n", "gate/b.c": OPEN + "int b(int n)\n{\n    return a(n);\n}\n"},
     ["gate/a.c:3: recursion", "gate/b.c:3: recursion"]),

    ("the gate includes a VM", {"gate/a.c": OPEN + '#include "../vm/x/x.h"\n', "vm/x/x.h": OPEN}, ["gate/a.c:3: law"]),
    ("the gate includes the host", {"gate/a.c": OPEN + '#include "h.h"\n', "host/linux/h.h": OPEN}, ["gate/a.c:3: law"]),
    ("the gate includes a system header", {"gate/a.c": OPEN + "#include <stdio.h>\n"}, ["gate/a.c:3: law"]),
    ("a VM includes the host", {"vm/x/a.c": OPEN + '#include "host/linux/h.h"\n', "host/linux/h.h": OPEN}, ["vm/x/a.c:3: law"]),
    ("a VM includes another VM", {"vm/x/a.c": OPEN + '#include "../y/y.h"\n', "vm/y/y.h": OPEN}, ["vm/x/a.c:3: law"]),
    ("a VM includes the inside of the gate", {"vm/x/a.c": OPEN + '#include "gate/g.h"\n', "gate/g.h": OPEN}, ["vm/x/a.c:3: law"]),
    ("a VM includes its own engine", {"vm/x/a.c": OPEN + '#include "engine/e.h"\n', "vm/x/engine/e.h": OPEN}, []),
    ("the host includes a VM", {"host/linux/a.c": OPEN + '#include "x.h"\n', "vm/x/x.h": OPEN}, ["host/linux/a.c:3: law"]),
    ("one host includes another", {"host/linux/a.c": OPEN + '#include "../riot/r.h"\n', "host/riot/r.h": OPEN}, ["host/linux/a.c:3: law"]),
    ("the generator includes a public header",
     {"gen/a.c": OPEN + "#include <callgate/a.h>\n", "include/callgate/a.h": header("a", "")}, ["gen/a.c:3: law"]),
    ("yaml includes the generator", {"yaml/a.c": OPEN + '#include "../gen/g.h"\n', "gen/g.h": OPEN}, ["yaml/a.c:3: law"]),
    ("a public header includes a private one",
     {"include/callgate/a.h": header("a", '#include "../../gate/g.h"\n'), "gate/g.h": OPEN}, ["include/callgate/a.h:5: law"]),
    ("a public header that is not there", {"vm/x/a.c": OPEN + "#include <callgate/a.h>\n"}, ["vm/x/a.c:3: law"]),
    ("two headers of the same name: the room's own is meant",
     {"vm/x/a.c": OPEN + '#include "e.h"\n', "vm/x/engine/e.h": OPEN, "host/linux/e.h": OPEN}, []),
    ("libfyaml outside yaml", {"gen/a.c": OPEN + "#include <libfyaml.h>\n"}, ["gen/a.c:3: law"]),
    ("libfyaml in yaml", {"yaml/a.c": OPEN + "#include <libfyaml.h>\n"}, []),
    ("a VM that includes what its kind shares", {"vm/x/a.c": OPEN + '#include "m.h"\n', "vm/wasm/m.h": OPEN}, []),
    ("a host that includes what VMs share", {"host/x/a.c": OPEN + '#include "m.h"\n', "vm/wasm/m.h": OPEN}, ["host/x/a.c:3: law"]),
    ("WAMR outside its VM", {"vm/x/a.c": OPEN + "#include <wasm_export.h>\n"}, ["vm/x/a.c:3: law"]),

    ("a public header that needs another one first",
     {"include/callgate/a.h": header("a", "typedef uint32_t a_t;\n")}, ["include/callgate/a.h:1: header-alone"] * 2),
    ("a public header without a guard",
     {"include/callgate/a.h": OPEN + "typedef struct a { int a; } a_t;\n"}, ["include/callgate/a.h:1: header-alone"] * 2),
    ("a public header that converts silently, in the FAST form only",
     {"include/callgate/a.h": header("a", "#ifdef CG_FAST\nstatic inline char a(int x) { return x; }\n#endif\n")},
     ["include/callgate/a.h:1: header-alone"]),

    ("a library without the flags of the house",
     {"gen/CMakeLists.txt": HASH + "add_library(gen STATIC a.c)\n"}, ["gen/CMakeLists.txt:2: strict"]),
    ("a VM's engine is not ours, what is named like another's is",
     {"vm/x/CMakeLists.txt": HASH + "add_library(callgate_x_engine STATIC a.c)\nadd_library(callgate_y_engine STATIC a.c)\n"}, ["vm/x/CMakeLists.txt:3: strict"]),
    ("a library with them", {"gen/CMakeLists.txt": HASH + "add_library(gen STATIC a.c)\ncallgate_hosted(gen)\n"}, []),
    ("a library without code", {"gen/CMakeLists.txt": HASH + "add_library(gen INTERFACE)\n"}, []),

    ("an exception that is not needed",
     {"tools/tidy_exceptions.txt": "tab gen/a.c because\n"},
     ["tools/tidy_exceptions.txt:1: exceptions"] * (2 if tidy.EXCEPTIONS_MAX == 0 else 1)),
    ("an exception without a reason", {"tools/tidy_exceptions.txt": "tab gen/a.c\n"}, ["tools/tidy_exceptions.txt:1: exceptions"]),
    ("files of others are passed over",
     {"build/a.c": "x", "test/golden/expected/a.c": "x", ".git/a.c": "x", "build-dev/b.c": "x"}, []),
]


def run(files):
    """What tidy finds in a tree of these files, sorted."""
    with tempfile.TemporaryDirectory() as root:
        for path, text in files.items():
            os.makedirs(os.path.join(root, os.path.dirname(path)), exist_ok=True)
            with open(os.path.join(root, path), "w", encoding="utf-8", newline="") as file:
                file.write(text)
        return sorted(f"{path}:{line}: {rule}" for rule, path, line, _ in tidy.tidy(root, [COMPILER]).findings)


def main():
    failed = 0
    for name, files, wanted in ROWS:
        found = run(files)
        if found != sorted(wanted):
            failed += 1
            print(f"FAILED: {name}\n    wanted {sorted(wanted)}\n    found  {found}")
    print(f"tidy_test: {len(ROWS) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
