# SPDX-License-Identifier: BSD-2-Clause
"""make.py - what becomes of the vectors:
  make.py tables OUT     plays all vectors on the reference gate and writes the C tables, the host functions and the guests of all VMs into OUT
  make.py reference      plays them, prints how many there are; each that is not as it says is an error
  make.py doc            compares doc/vectors.md with the vectors; with CALLGATE_GOLDEN=rewrite in the environment it is written anew
  make.py bugs           breaks the reference in many ways, one at a time; that no vector complains is an error
Options for all: --callgate COMMAND (callgate-gen), --source DIR (the repository)."""
import argparse
import os
import sys

import bugs
import emit_doc
import emit_evs
import emit_guest
import emit_host
import emit_table
from checks import read_errors
from described import read_apis, read_plan
from place import CannotSay
from play import Player, Wrong
from read import is_hostile, read_all
from script import Script
from vms import COLUMNS, SCRIPTS, TABLES

FILES = ["test/contract/contract.yaml", "test/events/bell.yaml", "test/vectors/api/vectors.yaml"]


class Session:
    """The vectors, the APIs, and for each table its plan."""

    def __init__(self, callgate, source):
        files = [os.path.join(source, file) for file in FILES]
        self.apis = read_apis(callgate, os.path.join(source, "api/gate.yaml"), files)
        self.errors, self.violations = read_errors(os.path.join(source, "include/callgate/error.h"))
        self.groups = read_all(os.path.join(source, "test/vectors/vectors"))
        self.plans = {name: read_plan(callgate, vm.plan, files) for name, vm in TABLES.items()}
        for name, language in SCRIPTS.items():
            language.PLAN = self.plans[name]

    def player(self, table):
        return Player(self.apis, self.plans[table], TABLES[table], self.errors, self.violations)

    def vectors(self):
        return [vector for _, vectors in self.groups for vector in vectors]

    def play(self, table):
        """-> ([(vector, steps, policy, seen)], {name: kind of reason it cannot be said}, [complaints]). For VMs of tagged values also the program, and what it tells."""
        player, played, silent, wrong = self.player(table), [], {}, []
        script = Script(SCRIPTS[table], player) if table in SCRIPTS else None
        for vector in self.vectors():
            try:
                result = (vector, *player.play(vector))
                played.append(result + script.write(vector, result[1]) if script else result)
            except CannotSay as reason:
                silent[vector["name"]] = str(reason)
            except Wrong as reason:
                wrong.append(f"{table}: {vector['name']}: {reason}")
            except (KeyError, ValueError, TypeError, AttributeError, IndexError, AssertionError) as reason:
                wrong.append(f"{table}: {vector['name']}: it cannot be played: {reason!r}")
        return played, silent, wrong


def write(folder, name, text):
    path = os.path.join(folder, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def tables(session, out):
    complaints = []
    for name, vm in TABLES.items():
        played, _, wrong = session.play(name)
        complaints += wrong
        plan = session.plans[name]
        if name in SCRIPTS:
            write(out, f"scripts_{name}.c", emit_table.write_scripts(name, SCRIPTS[name].PRELUDE, plan, played))
            continue
        write(out, f"vectors_{name}.c", emit_table.write(name, vm, plan, played, session.player(name).result_bits))
    write(out, "host_calls.c", emit_host.write(session.apis, session.plans["rbpf"]))
    write(out, "guest_rbpf.c", emit_guest.write(session.apis, session.plans["rbpf"], False))
    write(out, "guest_typed.c", emit_guest.write(session.apis, session.plans["wasm"], True))
    write(out, "guest.evs", emit_evs.write(session.apis, session.plans["embedvm"]))
    return complaints


def reference(session):
    complaints = []
    for name in TABLES:
        played, silent, wrong = session.play(name)
        complaints += wrong
        print(f"{name}: {len(played)} vectors as said, {len(silent)} that it cannot say, {len(wrong)} wrong")
    vectors = session.vectors()
    print(f"{len(vectors)} vectors, {sum(map(is_hostile, vectors))} of them hostile")
    return complaints


def document(session, source):
    path = os.path.join(source, "doc/vectors.md")
    text = emit_doc.write(session.groups, COLUMNS, {name: session.play(name)[1] for name in TABLES})
    if os.environ.get("CALLGATE_GOLDEN") == "rewrite":
        write(os.path.dirname(path), os.path.basename(path), text)
        return []
    with open(path, encoding="utf-8") as file:
        return [] if file.read() == text else ["doc/vectors.md is not what the vectors give: sh tools/build.sh dev golden"]


def broken(session):
    return [f"nobody saw that {bug}" for bug in bugs.run(lambda: len(session.play("rbpf")[2]))]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["tables", "reference", "doc", "bugs"])
    parser.add_argument("out", nargs="?")
    parser.add_argument("--callgate", required=True)
    parser.add_argument("--source", required=True)
    arguments = parser.parse_args()
    session = Session(arguments.callgate, arguments.source)
    what = {"tables": lambda: tables(session, arguments.out), "reference": lambda: reference(session), "doc": lambda: document(session, arguments.source),
            "bugs": lambda: broken(session)}
    complaints = what[arguments.what]()
    for complaint in complaints:
        print(complaint, file=sys.stderr)
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
