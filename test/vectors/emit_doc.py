# SPDX-License-Identifier: BSD-2-Clause
"""emit_doc.py - doc/vectors.md: every vector on every VM. A cell says that the vector is played there, or by its letter the kind of reason why it cannot be said."""
from read import is_hostile

HEAD = """<!-- Made by test/vectors/make.py doc; `sh tools/build.sh dev golden` makes it again. -->
# Vectors: one set for all VMs

A vector says a call, its arguments, where they lie, what the host answers, and what the guest must get; nothing of any VM. [test/vectors](../test/vectors/README.md) encodes each
for each VM and has it played by a guest of that VM, with the FAST and the SMALL gate: slots, memory before and after, the result, and what the host function sees are compared byte by
byte with what a naive reference gate makes of the vector. There is no list of exceptions. A vector that a VM cannot say is left out there by a rule; a letter says by which.

%d vectors, %d of them hostile: refused, or the host function breaks its contract.

"""


def letters(reasons):
    return {reason: chr(ord("a") + i) for i, reason in enumerate(sorted(reasons))}


def escaped(text):
    return "".join(c if 32 <= ord(c) < 127 and c not in "|`*_<>[]\\" else f"\\{c}" if 32 <= ord(c) < 127 else f"\\\\x{ord(c):02x}" for c in text)


def gives(vector):
    return vector["gives"] if isinstance(vector["gives"], str) else "OK"


def row(cells):
    return "| " + " | ".join(cells) + " |"


def write(groups, columns, silent):
    """columns: (VM, table). silent: table -> {name of vector: reason}."""
    letter = letters({reason for reasons in silent.values() for reason in reasons.values()})
    vectors = [vector for _, group in groups for vector in group]
    vms = [vm for vm, _ in columns]
    lines = ["| | it cannot be said there, because |", "|---|---|"] + [row([mark, reason]) for reason, mark in letter.items()]
    lines += ["", "## How many are played", "", row(["group", "vectors", "hostile"] + vms), "|---" * (3 + len(vms)) + "|"]
    for name, group in groups + [("all", vectors)]:
        counts = [str(sum(vector["name"] not in silent[table] for vector in group)) for _, table in columns]
        lines.append(row([name, str(len(group)), str(sum(map(is_hostile, group)))] + counts))
    for name, group in groups:
        lines += ["", f"## {name[0].upper()}{name[1:]}", "", row(["vector", "gives"] + vms), "|---" * (2 + len(vms)) + "|"]
        for vector in group:
            lines.append(row([escaped(vector["name"]), gives(vector)] + [letter.get(silent[table].get(vector["name"]), "+") for _, table in columns]))
    return HEAD % (len(vectors), sum(map(is_hostile, vectors))) + "\n".join(lines) + "\n"
