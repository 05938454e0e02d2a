#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Guest SDKs with their real compilers: languages.py rust|assembly GENERATOR BUILD SOURCE VM...

Builds example/languages in that language, runs it on each WebAssembly engine, and compares what it prints with what the program in C prints. Then: digests are
compared at load; every shape that travels comes back from a host of our own (echo_main); descriptions full of reserved words, and one that has everything, compile;
what must not compile does not.
Prints the sizes of the programs. Exit codes: 0 all well, 1 a case failed, 77 there is no compiler.
"""
import glob
import os
import shutil
import signal
import subprocess
import sys

LANGUAGE, GENERATOR, BUILD, SOURCE = sys.argv[1], *(os.path.abspath(argument) for argument in sys.argv[2:5])
ENGINES = [vm for vm in ("wamr", "wasm3") if vm in sys.argv[5:]]
HERE = os.path.join(SOURCE, "test", "languages")
EXAMPLE = os.path.join(SOURCE, "example", "languages")
WORK = os.path.join(BUILD, "languages", LANGUAGE)
WORDS = os.path.join(HERE, "words.yaml")
ALL = os.path.join(SOURCE, "test", "generate", "all.yaml")
ECHO = os.path.join(HERE, "echo.yaml")
OURS = sorted(path for path in glob.glob(os.path.join(SOURCE, "api", "*.yaml")) if os.path.basename(path) != "gate.yaml")
LAST_LINE = "three ticks, enough"
TARGET = "wasm32-unknown-unknown"


def run(*command, cwd=None, env=None, seconds=280):
    done = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, timeout=seconds, check=False)
    return done.returncode, done.stdout, done.stderr


def must(*command, **more):
    code, out, err = run(*command, **more)
    assert code == 0, f"{' '.join(command)} failed:\n{(err or out)[-3000:]}"
    return out


def skip(why):
    print(f"skipped: {why}")
    sys.exit(77)


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return path


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def sdk(name, *apis):
    """Generate that SDK only; its folder."""
    out = os.path.join(WORK, name)
    must(GENERATOR, "gen", "--vm", "wamr", "--sdk", LANGUAGE, "-o", out, *apis)
    guest = os.path.join(out, "guest", "wamr")
    assert os.listdir(guest) == [LANGUAGE], os.listdir(guest)
    return os.path.join(guest, LANGUAGE)


# ---- Rust ----

class Rust:
    """cargo, with the target's library as it comes, or built from Debian's rust-web-src. The latter needs unstable options of a stable compiler."""

    def __init__(self):
        home = os.path.join(os.environ.get("CARGO_HOME", os.path.expanduser("~/.cargo")), "bin")
        self.env = dict(os.environ, PATH=os.environ["PATH"] + os.pathsep + home, CARGO_TARGET_DIR=os.path.join(WORK, "target"))
        self.env.pop("RUSTFLAGS", None)
        self.options = []
        if not shutil.which("cargo", path=self.env["PATH"]):
            skip("there is no cargo")
        libraries = must("rustc", "--print", "target-libdir", "--target", TARGET, env=self.env).strip()
        root = must("rustc", "--print", "sysroot", env=self.env).strip()
        vendor = os.path.join(root, "lib", "rustlib", "src", "rust", "library", "vendor")
        if not glob.glob(os.path.join(libraries, "libcore-*.rlib")):
            if not os.path.isdir(vendor):
                skip(f"this Rust has no library for {TARGET}, nor its source; on Debian: apt install rust-web-src")
            self.env["RUSTC_BOOTSTRAP"] = "1"
            self.options = ["-Zbuild-std=core", "--config", 'source.crates-io.replace-with="vendored"', "--config", f'source.vendored.directory="{vendor}"']
        if not glob.glob(os.path.join(root, "lib", "rustlib", "*", "bin", "rust-lld")) and shutil.which("wasm-ld-19"):
            self.env["CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER"] = "wasm-ld-19"

        self.has_clippy = run("cargo", "clippy", "--version", env=self.env)[0] == 0
        if not self.has_clippy:
            print("not looked at by clippy: there is none")

    def cargo(self, folder, *command, **env):
        """The first of all may have to build the target's library, which takes a late machine minutes."""
        return run("cargo", *(command or ["build", "--release"]), "--offline", "--target", TARGET, *self.options, cwd=folder, env=dict(self.env, **env), seconds=800)

    def program(self, crate, name, source, features=None, edition="2021"):
        """A package made of the example's manifest, with another name and source: result of cargo, and where the program is."""
        folder = os.path.join(WORK, "packages", name)
        text = read(os.path.join(EXAMPLE, "rust", "Cargo.toml.in")).replace("@CRATE@", crate).replace("@SOURCE@/src/lib.rs", source)
        text = text.replace('name = "sense"', f'name = "{name}"').replace('edition = "2021"', f'edition = "{edition}"')
        if features is not None:
            text = text.replace('["saul", "random", "timer", "log"]', features)
        write(os.path.join(folder, "Cargo.toml"), text)
        return *self.cargo(folder), os.path.join(WORK, "target", TARGET, "release", name + ".wasm")

    def clean(self, *program, **more):
        """A program that compiles without a warning, clippy's included."""
        code, _, err, path = self.program(*program, **more)
        assert code == 0 and "warning" not in err, err
        if self.has_clippy:
            code, _, err = self.cargo(os.path.join(WORK, "packages", program[1]), "clippy", "--config", "build.rustflags=['-Dwarnings']")
            assert code == 0 and "warning" not in err, err
        return path

    def example(self):
        return self.clean(sdk("ours", *OURS), "sense", os.path.join(EXAMPLE, "rust", "src", "lib.rs"))

    def more(self):
        crate = os.path.join(WORK, "ours", "guest", "wamr", "rust")
        return self.clean(crate, "more", os.path.join(HERE, "more.rs"), '["event", "log", "saul", "store", "timer"]')

    def compiles(self, name, description):
        """Every wrapper is a public function of the crate, so all of it is compiled; warnings count."""
        source = write(os.path.join(WORK, name + ".rs"), "#![no_std]\n#![deny(warnings)]\ncallgate::entry!(main);\nfn main() {}\n")
        folder = sdk(name, description)
        code, _, err, _ = self.program(folder, "with_" + name, source, f'["{name}"]')
        assert code == 0 and "warning" not in err, err
        self.documents(name, folder)

    def echo(self):
        """In the newest edition, as `cargo new` makes it; the crate itself is of an older one."""
        folder = sdk("echo", ECHO)
        self.documents("echo", folder)
        return [self.clean(folder, "echo", os.path.join(HERE, "echo.rs"), '["echo"]', edition="2024")]

    def documents(self, name, folder):
        """Comments are Markdown here: what a description says links to nothing, and is no HTML."""
        if run("rustdoc", "--version", env=self.env)[0] != 0:
            print(f"{name} has no pages: there is no rustdoc")
            return
        code, _, err = self.cargo(folder, "doc", "--features", name, RUSTDOCFLAGS="-D warnings")
        assert code == 0 and "warning" not in err, err
        page = read(os.path.join(WORK, "target", TARGET, "doc", "callgate", name, "index.html"))
        assert "<b>" not in page and "<script>alert" not in page, f"{name}: a description is HTML in the pages of rustdoc"

    def refuses(self):
        crate = os.path.join(WORK, "ours", "guest", "wamr", "rust")
        for path in sorted(glob.glob(os.path.join(HERE, "fail", "*.rs"))):
            name = os.path.basename(path)[:-3]
            wanted = read(path).splitlines()[0][3:]
            code, _, err, _ = self.program(crate, name, path)
            assert code != 0 and wanted in err, f"{name}: wanted {wanted}, got {code}:\n{err}"
            print(f"ok: {name} does not compile")


# ---- AssemblyScript ----

class Assembly:
    """asc, of the version that package-lock.json names; installed into the build folder."""

    def __init__(self):
        modules = os.path.join(BUILD, "languages", "npm")
        self.asc = os.path.join(modules, "node_modules", "assemblyscript", "bin", "asc.js")
        if not shutil.which("node") or not shutil.which("npm"):
            skip("there is no node with npm; on Debian: apt install nodejs npm")
        os.makedirs(modules, exist_ok=True)
        lock = os.path.join(HERE, "package-lock.json")
        known = os.path.join(modules, "package-lock.json")
        if not os.path.exists(self.asc) or not os.path.exists(known) or read(known) != read(lock):
            shutil.copy(os.path.join(HERE, "package.json"), modules)
            code, _, err = 1, "", ""
            shutil.copy(lock, known)
            code, _, err = run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", cwd=modules)
            if code != 0:
                os.remove(known)
                skip(f"npm cannot install the compiler: {err[-300:]}")

    def compile(self, folder, source, out, runtime="stub"):
        return run("node", self.asc, source, "-Oz", "--runtime", runtime, "--use", "abort=", "--transform", "./callgate/callgate.mjs", "--path", folder,
                   "-o", out, cwd=folder)

    def folder(self, name, assembly):
        """A package of its own: callgate/ is the SDK, where imports of "callgate/..." find it."""
        folder = os.path.join(WORK, "packages", name)
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(assembly, os.path.join(folder, "callgate"))
        return folder

    def example(self):
        folder = self.folder("sense", sdk("ours", *OURS))
        shutil.copy(os.path.join(EXAMPLE, "assembly", "sense.ts"), folder)
        code, out, err = self.compile(folder, "sense.ts", "sense.wasm")
        assert code == 0, out + err
        return os.path.join(folder, "sense.wasm")

    def more(self):
        folder = self.folder("more", os.path.join(WORK, "ours", "guest", "wamr", "assembly"))
        shutil.copy(os.path.join(HERE, "more.ts"), folder)
        code, out, err = self.compile(folder, "more.ts", "more.wasm")
        assert code == 0, out + err
        return os.path.join(folder, "more.wasm")

    def compiles(self, name, description):
        """asc compiles what is exported; so everything is. Only what exports cannot be (AS235) is warned about."""
        folder = self.folder(name, sdk(name, description))
        write(os.path.join(folder, "main.ts"), f'export * from "callgate/{name}";\nexport function cg_main(): i32 {{ return 0; }}\n')
        code, out, err = self.compile(folder, "main.ts", "main.wasm")
        said = [line for line in (out + err).splitlines() if line.startswith(("ERROR", "WARNING")) and "AS235" not in line]
        assert code == 0 and not said, out + err

    def echo(self):
        folder = self.folder("echo", sdk("echo", ECHO))
        shutil.copy(os.path.join(HERE, "echo.ts"), folder)
        for runtime in ("stub", "incremental"):
            code, out, err = self.compile(folder, "echo.ts", runtime + ".wasm", runtime)
            assert code == 0 and not out + err, out + err
        return [os.path.join(folder, "stub.wasm"), os.path.join(folder, "incremental.wasm")]

    def refuses(self):
        folder = self.folder("fail", os.path.join(WORK, "ours", "guest", "wamr", "assembly"))
        write(os.path.join(folder, "main.ts"), 'import * as saul from "callgate/saul";\nimport * as timer from "callgate/timer";\n'
              "export function cg_main(): i32 { return timer.cancel(changetype<saul.Device>(1)); }\n")
        code, out, err = self.compile(folder, "main.ts", "main.wasm")
        assert code != 0 and "TS2322" in out + err, out + err
        print("ok: a handle of another type does not compile")


# ---- what is the same for all ----

MORE = """[more] 3 bytes again
[more] There is no such key.
[more] the policy does not allow this value
[more] waited, 1
[more] No event came in time.
[more] changed 2150 -2 1
[more] end""".splitlines()


def play(program, engine, policy=os.path.join(EXAMPLE, "sense.policy.yaml"), last=LAST_LINE):
    """What the program prints until its handler has said its last word; it is stopped then."""
    policy = read(policy)
    if engine == "wasm3":
        policy = policy.replace("steps: 100000", "steps: unlimited")
    path = write(os.path.join(WORK, engine + ".policy.yaml"), policy)
    command = [os.path.join(BUILD, "callgate"), "run", "--engine", engine, "--devices", os.path.join(EXAMPLE, "devices.yaml"), "--policy", path, program]
    child = subprocess.Popen(["timeout", "20", *command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    lines = []
    for line in child.stdout:
        lines.append(line.rstrip("\n"))
        if last in line:
            child.send_signal(signal.SIGTERM)
            break
    child.communicate(timeout=30)
    return lines


def broken_digest(program):
    """The host compares what the program was built against: one bit is another API."""
    with open(program, "rb") as file:
        data = bytearray(file.read())
    at = data.rindex(b"\x08callgate")
    assert (data[at - 1] - 9) % 8 == 0 and data[at - 1] > 9, "the section is no list of digests"
    data[at + 9 + 4] ^= 1
    path = os.path.join(WORK, "broken.wasm")
    with open(path, "wb") as file:
        file.write(data)
    lines = play(path, ENGINES[0])
    assert any("rebuild" in line or "digest" in line for line in lines) and LAST_LINE not in lines[-1], lines


def main():
    os.makedirs(WORK, exist_ok=True)
    tool = {"rust": Rust, "assembly": Assembly}[LANGUAGE]()
    program = tool.example()
    reference = os.path.join(BUILD, "example", "languages", "sense.wasm")
    if not os.path.exists(reference):
        skip("the program in C was not built: clang-19 or lld-19 is missing")
    for engine in ENGINES:
        wanted, got = play(reference, engine), play(program, engine)
        assert wanted == got and len(wanted) == 4, f"{engine}: in C:\n{wanted}\nin {LANGUAGE}:\n{got}"
        print(f"ok: the same as in C on {engine}")
    print(f"size: {os.path.getsize(program)} bytes, in C {os.path.getsize(reference)}")
    broken_digest(program)
    more = tool.more()
    for engine in ENGINES:
        got = play(more, engine, os.path.join(HERE, "more.policy.yaml"), MORE[-1])
        assert got == MORE, f"{engine}: {got}"
        print(f"ok: bytes, errors and events on {engine}")
    for echo in tool.echo():
        for engine in ENGINES:
            code, out, err = run(os.path.join(BUILD, "test", "languages", "echo_main"), engine, echo)
            assert code == 0, f"{echo} on {engine}: {out}{err}"
            print(f"ok: every shape comes back on {engine}")
    tool.compiles("words", WORDS)
    tool.compiles("all", ALL)
    tool.refuses()


try:
    main()
except AssertionError as error:
    print(f"FAILED: {error}")
    sys.exit(1)
