# SPDX-License-Identifier: BSD-2-Clause
"""read.py - the vectors of test/vectors/*.yaml, each with everything it needs said: `each` written out, steps before it as calls. Knows no VM."""
import copy
import glob
import os
import re

from described import load_yaml

KEYS = {"name", "call", "in", "place", "raw", "host", "gives", "sees", "before", "policy", "event", "from", "data", "releases"}
WORDS = {
    "open": lambda name, kind=1: {"call": "contract.open", "in": {"kind": kind}, "host": {"thing": name}},
    "lend": lambda name, nth=0: {"call": "contract.lend", "in": {"nth": nth}, "host": {"thing": name}},
    "borrow": lambda name: {"call": "contract.borrow", "in": {"kind": 1}, "host": {"thing": name}},
    "other": lambda name: {"call": "contract.another", "host": {"other": name}},
    "dial": lambda name: {"call": "contract.dial", "host": {"dial": name}},
    "close": lambda name: {"call": "gate.close", "in": {"handle": name}},
    "hang": lambda name: {"call": "bell.hang", "in": {"name": 1}, "host": {"bell": name}},
    "watch": lambda name: {"call": "vectors.watch", "host": {"source": name}},
    "give": lambda name: {"call": "contract.give", "in": {"thing": name, "is_wanted": True}, "host": {}},
}


class BadVector(Exception):
    pass


def before(text):
    if isinstance(text, dict):
        return text
    words = text.split()
    return WORDS[words[0]](*words[1:])


def merge(base, more):
    """more over base; mappings are merged."""
    result = copy.deepcopy(base)
    for key, value in more.items():
        result[key] = merge(result[key], value) if isinstance(value, dict) and isinstance(result.get(key), dict) else copy.deepcopy(value)
    return result


def leaves_of(value, prefix=""):
    for key, inner in value.items():
        if isinstance(inner, dict):
            yield from leaves_of(inner, key)
        else:
            yield str(key), inner


def word(value):
    return str(value).lower() if isinstance(value, bool) else str(value)


def written_out(family):
    """One vector for each of `each`. `{word}` in the name stands for what the element says of that word, `{case}` for its own."""
    if "each" not in family:
        return [family]
    result = []
    base = {key: value for key, value in family.items() if key != "each"}
    for element in family["each"]:
        words = dict(leaves_of(element))
        vector = merge(base, {key: value for key, value in element.items() if key != "case"})
        vector["name"] = re.sub(r"\{([\w.]+)\}", lambda match: word(words[match[1]]), base["name"])
        result.append(vector)
    return result


def is_hostile(vector):
    """The gate refuses: something of the guest's, or what the host does. Not where the host function fails as it may."""
    gives = vector["gives"]
    return isinstance(gives, str) and gives not in ("OK", "UNHANDLED") and gives != (vector.get("host") or {}).get("error")


def read_group(path):
    said = load_yaml(open(path, encoding="utf-8").read())
    vectors = []
    for family in said["vectors"]:
        for vector in written_out(family):
            if set(vector) - KEYS or "gives" not in vector or "name" not in vector:
                raise BadVector(f"{path}: '{vector.get('name')}': unknown words {set(vector) - KEYS}, or no name or gives")
            vector["before"] = [before(step) for step in vector.get("before", [])]
            vector["group"] = said["group"]
            vectors.append(vector)
    return said["group"], vectors


def read_all(folder):
    """[(group, vectors)], in the order of files."""
    groups = [read_group(path) for path in sorted(glob.glob(os.path.join(folder, "*.yaml")))]
    names = [vector["name"] for _, vectors in groups for vector in vectors]
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise BadVector(f"names that are there twice: {sorted(twice)}")
    return groups
