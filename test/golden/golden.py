#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""What the generator makes, byte for byte, and what it does where something is wrong: golden.py GENERATOR TWIN SOURCE-FOLDER

Compares plans and generated files with the files beside this one. With CALLGATE_GOLDEN=rewrite in the environment those files are
written anew instead; review them with git diff. TWIN is the program that prints a YAML file as JSON.
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile

GENERATOR, TWIN, SOURCE = (os.path.abspath(argument) for argument in sys.argv[1:4])
HERE = os.path.join(SOURCE, "test", "golden")
REWRITE = os.environ.get("CALLGATE_GOLDEN") == "rewrite"
OUR_APIS = [os.path.join(SOURCE, "api", name + ".yaml") for name in ("random", "saul", "coap", "log")]
SAUL = OUR_APIS[1]
ALL = os.path.join(SOURCE, "test", "generate", "all.yaml")
VMS = ("embedvm", "rbpf", "wamr")
BUILT_IN = sorted(name for name in os.listdir(os.path.join(SOURCE, "vm")) if os.path.exists(os.path.join(SOURCE, "vm", name, "vm.yaml")))
SAUL_FILES = ["host/host_saul.h", "body/be16p/body_saul.h", "body/le32/body_saul.h", "embedvm/glue.c", "rbpf/glue.c", "wamr/glue.c",
              "guest/embedvm/callgate/saul.evs", "guest/embedvm/callgate/saul.inc", "guest/rbpf/callgate/saul.h", "guest/wamr/callgate/saul.h",
              "guest/wamr/rust/src/saul.rs", "guest/wamr/assembly/saul.ts"]
TEMPLATES_HEAD = """# What templates may name

`callgate dump templates` prints these tables, and a test keeps this page equal to them. Templates are Mustache: `{{name}}` prints a value, escaped so that
it cannot end a C comment or a string, `{{{name}}}` prints it as it is, `{{#name}}` ... `{{/name}}` repeats for a list and tests a truth value,
`{{^name}}` ... `{{/name}}` is the opposite, `{{> name}}` includes `name.mustache`. Inside a section the names outside it can still be seen. A name that is
not in these tables is an error that says template, line and name.

A file in `--templates DIR/<vm>/` or `--templates DIR/` takes the place of the template of the same name; a VM's own folder comes next, then the common
ones. Those that hold checks (`entry`, `body.h`, `rows.h`, `record`, `list`, `posts.h`, `faces.h`) are callgate's own and are not replaced. Templates whose names end in `.html.mustache` or `.md.mustache` are those of `callgate doc` and print values escaped for HTML and Markdown instead;
so do those in `.rs.mustache` for Markdown, since comments of Rust are.
What "Reference" stands before is filled in for them only. Templates place what is decided elsewhere: the C of a body (`checks`, `invoke`, `after` ...) comes as finished lines in the order of
[abi.md](abi.md). The first class is what a file as a whole sees.

"""


def run(*arguments, cwd=None):
    done = subprocess.run([GENERATOR, *arguments], cwd=cwd, capture_output=True, text=True, timeout=120, check=False)
    return done.returncode, done.stdout, done.stderr


def gen(out, *apis, vm="embedvm,rbpf,wamr", cwd=None, more=()):
    return run("gen", "--vm", vm, *more, "-o", out, *apis, cwd=cwd)


def read(path):
    with open(path, "rb") as file:
        return file.read()


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def tree(folder):
    """Path, bytes and time of each file."""
    found = {}
    for base, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(base, name)
            found[os.path.relpath(path, folder)] = (read(path), os.stat(path).st_mtime_ns)
    return found


def contents(folder):
    return {path: data for path, (data, _) in tree(folder).items()}


def same(what, wanted, got):
    if wanted != got:
        raise AssertionError(f"{what}:\n--- wanted\n{wanted}\n--- got\n{got}")


def golden(name, got):
    path = os.path.join(HERE, name)
    if REWRITE:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(got)
        return
    wanted = read(path) if os.path.exists(path) else b""
    if wanted == got:
        return
    old, new = wanted.decode().split("\n"), got.decode().split("\n")
    at = next((i for i, pair in enumerate(zip(old, new)) if pair[0] != pair[1]), min(len(old), len(new)))
    raise AssertionError(f"{name} differs from line {at + 1} on (make golden rewrites it):\n-{''.join(old[at:at + 1])}\n+{''.join(new[at:at + 1])}")


# ---- what is made ----

def plans_are_as_expected(_):
    for vm in VMS:
        for name, apis in (("apis", OUR_APIS), ("all", [ALL])):
            code, out, err = run("dump", "plan", "--vm", vm, *apis)
            same("exit code and errors", (0, ""), (code, err))
            golden(f"plan/{vm}-{name}.plan", out.encode())


def files_are_as_expected(work):
    same("generation", (0, "", ""), gen(work + "/out", SAUL))
    for path in SAUL_FILES:
        golden("saul/" + path, read(os.path.join(work, "out", path)))


def templates_are_documented(_):
    code, out, err = run("dump", "templates")
    same("exit code and errors", (0, ""), (code, err))
    golden("../../doc/templates.md", (TEMPLATES_HEAD + out).encode())


def json_twins_give_the_same_files(work):
    twins = []
    for path in OUR_APIS + [ALL]:
        twin = os.path.join(work, os.path.basename(path).replace(".yaml", ".json"))
        write(twin, subprocess.run([TWIN, path], capture_output=True, text=True, check=True).stdout)
        twins.append(twin)
    more = ("--host", "fake")
    same("from YAML", (0, "", ""), gen(work + "/yaml", *OUR_APIS, ALL, more=more))
    same("from JSON", (0, "", ""), gen(work + "/json", *twins, more=more))
    yaml, json = contents(work + "/yaml"), contents(work + "/json")
    same("files", sorted(yaml), sorted(json))
    for path, data in yaml.items():
        same(path, data.decode(), json[path].decode())


def the_same_in_any_folder(work):
    os.makedirs(work + "/a/deep/er")
    shutil.copy(SAUL, work + "/a")
    shutil.copy(ALL, work + "/a")
    same("once", (0, "", ""), gen(work + "/one", "saul.yaml", "all.yaml", cwd=work + "/a"))
    same("again", (0, "", ""), gen("out", "../../saul.yaml", work + "/a/all.yaml", cwd=work + "/a/deep/er"))
    same("files", contents(work + "/one"), contents(work + "/a/deep/er/out"))
    for path, data in contents(work + "/one").items():
        assert work.encode() not in data, f"{path} holds a path of this machine"


def files_that_would_not_change_are_left_alone(work):
    gen(work + "/out", SAUL)
    before = tree(work + "/out")
    same("again", (0, "", ""), gen(work + "/out", SAUL))
    same("files", before, tree(work + "/out"))


# ---- where something is wrong ----

def a_bad_description_touches_nothing(work):
    gen(work + "/out", SAUL)
    before = tree(work + "/out")
    with open(SAUL, encoding="utf-8") as file:
        text = file.read()
    for name, bad in (("unknown type", text.replace("nth: {type: u8,", "nth: {type: u9,")), ("no YAML", text + "\n  - ]"), ("empty", "")):
        assert bad != text
        write(work + "/bad.yaml", bad)
        code, out, err = gen(work + "/out", SAUL.replace("saul", "random"), work + "/bad.yaml")
        same(name, (1, ""), (code, out))
        assert "bad.yaml:" in err, err
        same(name + ": files", before, tree(work + "/out"))
        code, _, _ = gen(work + "/never", work + "/bad.yaml")
        same(name, (1, False), (code, os.path.exists(work + "/never")))


def a_missing_description_touches_nothing(work):
    code, _, err = gen("out", "nothing.yaml", cwd=work)
    same("message", (1, "callgate: cannot read 'nothing.yaml': No such file or directory\n"), (code, err))
    same("files", [], os.listdir(work))


def an_output_folder_that_cannot_be(work):
    write(work + "/file", "text")
    code, out, err = gen("file/out", SAUL, cwd=work)
    same("message", (3, "", "callgate: cannot make the folder 'file/out': Not a directory\n"), (code, out, err))
    same("the file in its way", b"text", read(work + "/file"))


def an_output_file_that_cannot_be_written(work):
    gen(work + "/out", SAUL)
    os.makedirs(work + "/out/rbpf/glue.c.new")
    before = tree(work + "/out")
    code, _, err = gen("out", SAUL, SAUL.replace("saul", "log"), cwd=work)
    same("message", (3, "callgate: cannot write 'out/rbpf/glue.c.new': Is a directory\n"), (code, err))
    after = tree(work + "/out")
    same("files that were there", before, {path: after[path] for path in before if path in after})
    same("files left aside", [], [path for path in after if path.endswith(".new")])


# ---- templates and VMs of others ----

def templates_can_be_overridden(work):
    write(work + "/mine/host.h.mustache", "{{#api}}for all VMs: {{name}}\n{{/api}}")
    write(work + "/mine/rbpf/sdk.h.mustache", "{{#api}}for {{api.name}} on rbpf\n{{/api}}")
    same("generation", (0, "", ""), gen(work + "/out", SAUL, more=("--templates", work + "/mine")))
    same("plain", (0, "", ""), gen(work + "/plain", SAUL))
    out, plain = contents(work + "/out"), contents(work + "/plain")
    same("shared", b"for all VMs: saul\n", out["host/host_saul.h"])
    same("of one VM", b"for saul on rbpf\n", out["guest/rbpf/callgate/saul.h"])
    changed = sorted(path for path in plain if plain[path] != out[path])
    same("nothing else", ["guest/rbpf/callgate/gate.h", "guest/rbpf/callgate/saul.h", "host/host_gate.h", "host/host_saul.h"], changed)


def a_missing_value_is_an_error(work):
    rows = [
        ("a name that is not there", "one\ntwo {{nope}}\n", "mine/set.h.mustache:2: error: no value named 'nope' here (inside set)\n"),
        ("a section that is not there", "{{#nope}}{{/nope}}", "mine/set.h.mustache:1: error: no value named 'nope' here (inside set)\n"),
        ("a partial that is not there", "{{> nope}}", "nope.mustache"),
        ("a section without an end", "\n{{#apis}}", "mine/set.h.mustache:2: "),
    ]
    for name, text, wanted in rows:
        write(work + "/mine/set.h.mustache", text)
        code, out, err = gen("out", SAUL, more=("--templates", "mine"), cwd=work)
        same(name, (1, "", False), (code, out, os.path.exists(work + "/out")))
        assert wanted in err, f"{name}: {err}"


def a_vm_in_a_folder_of_its_own(work):
    shutil.copytree(os.path.join(SOURCE, "vm", "rbpf"), work + "/mine", ignore=shutil.ignore_patterns("engine", "*.c", "*.h", "*.md", "*.txt"))
    path = work + "/mine/vm.yaml"
    text = read(path).decode().replace("vm: rbpf", "vm: mine").replace("rbpf/", "mine/")
    write(path, text)
    same("generation", (0, "", ""), gen("out", SAUL, vm="./mine", cwd=work))
    same("of ours", (0, "", ""), gen("ours", SAUL, vm="rbpf", cwd=work))
    out, ours = contents(work + "/out"), contents(work + "/ours")
    same("files", sorted(path.replace("rbpf", "mine") for path in ours), sorted(out))
    for path, data in ours.items():
        same(path, data, out[path.replace("rbpf", "mine")])


WIDE = """callgate: 1
api: wide
id: 999
version: 1.0.0
calls:
  many:
    id: 1
    needs: none
    in: {a: bytes(..4), b: bytes(..4), c: bytes(..4), d: bytes(..4), e: bytes(..4), f: bytes(..4), g: bytes(..4), h: bytes(..4)COMMA}
  few: {id: 2, needs: none, in: {x: u64, y: u64, z: u64}}
"""


def calls_that_a_vm_cannot_carry(work):
    write(work + "/wide.yaml", WIDE.replace("COMMA", ""))
    same("sixteen slots", (0, "", ""), gen("out", "wide.yaml", cwd=work))
    write(work + "/wide.yaml", WIDE.replace("COMMA", ", i: u8"))
    message = ("wide.yaml:6:3: error: call 'many' needs 17 slots; VM '{}' carries 16 [R201]\n     6 |   many:\n       |   ^\n"
               "help: put some of its arguments into a record\n")
    for vm in VMS:
        same("seventeen slots", (1, "", message.format(vm)), gen("out2", "wide.yaml", vm=vm, cwd=work))
    same("nothing is made", False, os.path.exists(work + "/out2"))
    shutil.copytree(os.path.join(SOURCE, "vm", "rbpf"), work + "/tight", ignore=shutil.ignore_patterns("engine", "*.c", "*.h"))
    path = work + "/tight/vm.yaml"
    write(path, read(path).decode().replace("vm: rbpf", "vm: tight").replace("count: 5, spill: block", "count: 2"))
    write(work + "/wide.yaml", WIDE.replace("COMMA", "").replace("many:", "most:"))
    code, _, err = gen("out2", "wide.yaml", vm="./tight", cwd=work)
    same("exit code", 1, code)
    for wanted in ("call 'most' needs 16 slots; VM 'tight' carries 2 [R201]", "call 'few' needs 3 slots; VM 'tight' carries 2 [R201]"):
        assert wanted in err, err


GROWING = """callgate: 1
api: growing
id: 999
version: 1.0.0
types:
  mode: {enum: u8, values: {off: 0}}
  pair: {record: {x: u8, y: u16}}
errors: {io: {id: 1}}
calls:
  value: {id: 1, needs: none, in: {x: u8}, out: u8}
  other: {id: 2, needs: none, in: {m: mode, p: pair, n: {type: u8, range: 1..3}}, out: {z: u32}}
"""


def digests_see_what_travels(work):
    rows = [
        ("nothing", "", "", True), ("a doc", "needs: none, in: {x", "needs: none, doc: Hm., in: {x", True), ("a new value", "{off: 0}", "{off: 0, on: 1}", True),
        ("another range", "1..3", "1..9", True), ("one argument more", "m: mode", "m: mode, q: u8", False), ("an error where errors can be", "out: {z: u32}", "out: {z: u32}, fails: [io]", True),
        ("a right", "id: 2, needs: none", "id: 2, needs: read", True), ("a name", "z: u32", "y: u32", False), ("a type", "z: u32", "z: s32", False), ("a base", "enum: u8", "enum: u16", False),
        ("a field", "y: u16", "y: u16, z: u8", False), ("an id", "id: 2", "id: 3", False), ("a value that can fail now", "out: u8", "out: u8, fails: [io]", False),
        ("a range that makes a value a count", "{x: u8}", "{x: {type: u8, range: 0..9}}", False), ("a guard that makes a value a count", "{x: u8}", "{x: {type: u8, guard: true}}", False),
    ]

    def digest(text):
        write(work + "/growing.yaml", text)
        code, out, err = run("dump", "plan", "--vm", "rbpf", work + "/growing.yaml")
        same("exit code and errors", (0, ""), (code, err))
        return out[out.rindex("digest"):]

    first = digest(GROWING)
    for name, old, new, is_same in rows:
        changed = GROWING.replace(old, new, 1) if old else GROWING
        assert name == "nothing" or changed != GROWING, name
        same(name, is_same, digest(changed) == first)


def facts_that_nothing_is_generated_for(work):
    """The plan of such a VM can be looked at; glue that would compile and be wrong is not made."""
    facts = read(os.path.join(SOURCE, "vm", "rbpf", "vm.yaml")).decode().replace("vm: rbpf", "vm: other")
    for was, is_now in (("bits: 64", "bits: 32"),):
        write(work + "/other/vm.yaml", facts.replace(was, is_now))
        message = (f"callgate: VM 'other' has `{is_now}`, for which nothing can be generated yet\n"
                   "help: `callgate dump plan` shows its plan\n")
        same(is_now, (1, "", message), gen("out", OUR_APIS[0], vm="./other", cwd=work))
        same("the plan of " + is_now, 0, run("dump", "plan", "--vm", "./other", OUR_APIS[0], cwd=work)[0])
    same("nothing is made", False, os.path.exists(work + "/out"))


def wrong_use(work):
    rows = [
        ("no VM", ("gen", "-o", "out", SAUL), 2, "callgate gen: --vm is missing"), ("no folder", ("gen", "--vm", "rbpf", SAUL), 2, "callgate gen: -o is missing"),
        ("no description", ("gen", "--vm", "rbpf", "-o", "out"), 2, "no description given"), ("an option that is none", ("gen", "--vn", "rbpf"), 2, "unknown option"),
        ("a VM that is none", ("gen", "--vm", "rbqf", "-o", "out", SAUL), 1, "no VM named 'rbqf' is built in\nhelp: these are: " + " ".join(BUILT_IN)),
        ("a folder that is none", ("gen", "--vm", "./none", "-o", "out", SAUL), 1, "cannot read './none/vm.yaml'"), ("an empty name", ("gen", "--vm", "rbpf,", "-o", "out", SAUL), 2, "--vm wants names"),
        ("nothing to dump", ("dump",), 2, "what to dump is missing"), ("a stage that is none", ("dump", "soup"), 2, "cannot dump soup"), ("a plan without a VM", ("dump", "plan", SAUL), 2, "plan wants --vm"),
    ]
    for name, arguments, wanted, text in rows:
        code, _, err = run(*arguments, cwd=work)
        assert code == wanted and text in err, f"{name}: {code}, {err}"
    same("files", [], os.listdir(work))


TESTS = [plans_are_as_expected, files_are_as_expected, templates_are_documented, json_twins_give_the_same_files, the_same_in_any_folder,
         files_that_would_not_change_are_left_alone, a_bad_description_touches_nothing, a_missing_description_touches_nothing,
         an_output_folder_that_cannot_be, an_output_file_that_cannot_be_written, templates_can_be_overridden, a_missing_value_is_an_error,
         a_vm_in_a_folder_of_its_own, calls_that_a_vm_cannot_carry, digests_see_what_travels, facts_that_nothing_is_generated_for, wrong_use]


def main():
    failed = 0
    for test in TESTS:
        with tempfile.TemporaryDirectory() as work:
            try:
                test(work)
            except AssertionError as error:
                failed += 1
                print(f"FAILED {test.__name__.replace('_', ' ')}\n{str(error)[:3000]}")
    print(f"{len(TESTS) - failed} of {len(TESTS)} as expected")
    return 1 if failed else 0


sys.exit(main())
