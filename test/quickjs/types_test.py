#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""The declarations that the generator makes, under the real tsc: types_test.py GENERATOR SOURCE FOLDER

Right uses must pass, strictly; each wrong one must be found, in its line. So must the declarations of a description that uses everything. tsc is the one of package-lock.json;
it is installed under FOLDER, once. Exit code 77, which is skipped: npm is not there, or cannot get it.
"""
import os
import re
import shutil
import subprocess
import sys

GENERATOR, SOURCE, FOLDER = (os.path.abspath(path) for path in sys.argv[1:4])
HERE = os.path.dirname(os.path.abspath(__file__))
FLAGS = "--noEmit --strict --target es2022 --module nodenext --moduleResolution nodenext --lib es2022,esnext.disposable".split()
SKIPPED = 77


def compiler():
    """The path of tsc, or None with a line that says why."""
    tsc = os.path.join(FOLDER, "node_modules", "typescript", "bin", "tsc")
    if shutil.which("npm") is None or shutil.which("node") is None:
        print("there is no npm (Debian: npm)")
        return None
    os.makedirs(FOLDER, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copyfile(os.path.join(HERE, "types", name), os.path.join(FOLDER, name))
    if not os.path.exists(tsc):
        done = subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=FOLDER, capture_output=True, text=True, timeout=300, check=False)
        if done.returncode != 0:
            print("npm cannot get tsc: " + done.stderr.strip().split("\n")[-1])
            return None
    return tsc


def declarations(name, sources):
    out = os.path.join(FOLDER, name)
    subprocess.run([GENERATOR, "gen", "--vm", os.path.join(SOURCE, "vm", "quickjs") + "/", "-o", out, *sources], check=True)
    folder = os.path.join(out, "guest", "quickjs", "callgate")
    return [os.path.join(folder, file) for file in sorted(os.listdir(folder))]


def check(tsc, files):
    """The lines of the last file where tsc finds errors, and all it says."""
    done = subprocess.run(["node", tsc, *FLAGS, *files], cwd=FOLDER, capture_output=True, text=True, timeout=300, check=False)
    found = re.findall(r"^(\S+?)\((\d+),\d+\): error", done.stdout, re.MULTILINE)
    return {int(line) for path, line in found if os.path.basename(path) == os.path.basename(files[-1])}, len(found), done.stdout


def main():
    tsc = compiler()
    if tsc is None:
        return SKIPPED
    api = os.path.join(SOURCE, "api")
    all_of_us = declarations("apis", [os.path.join(api, name) for name in sorted(os.listdir(api)) if name.endswith(".yaml") and name != "gate.yaml"])
    everything = declarations("all", [os.path.join(SOURCE, "test", "generate", "all.yaml")])
    for name in ("good.mts", "bad.mts"):
        shutil.copyfile(os.path.join(HERE, "types", name), os.path.join(FOLDER, name))
    with open(os.path.join(FOLDER, "bad.mts"), encoding="utf-8") as file:
        wrong = {number for number, line in enumerate(file, 1) if line.endswith("// wrong\n")}
    bad = 0
    for files, wanted in ((everything, set()), (all_of_us + [os.path.join(FOLDER, "good.mts")], set()), (all_of_us + [os.path.join(FOLDER, "bad.mts")], wrong)):
        lines, count, text = check(tsc, files)
        if lines != wanted or (not wanted and count != 0):
            print(f"{os.path.basename(files[-1])}: missed {sorted(wanted - lines)}, not wanted {sorted(lines - wanted)}\n{text[:3000]}")
            bad += 1
    print(f"{3 - bad} of 3 as expected")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
