# SPDX-License-Identifier: BSD-2-Clause
# Every good description passes the JSON Schema, and the schema refuses what it can see.
# A second opinion by python3-jsonschema and python3-yaml; exits with 77 where they are not installed.
#     validate.py SCHEMA FILE...
import json
import re
import sys

try:
    import jsonschema
    import yaml
except ImportError as missing:
    print(f"skipped: {missing}; apt-get install python3-jsonschema python3-yaml")
    sys.exit(77)


class Loader(yaml.SafeLoader):
    """YAML 1.2's core schema: `on` and `yes` are text, 1.0.0 is, too."""


Loader.yaml_implicit_resolvers = {}
for tag, pattern, first in (
    ("bool", r"^(true|false)$", "tf"),
    ("int", r"^(-?(0|[1-9][0-9]*)|0x[0-9a-fA-F]+)$", "-0123456789"),
    ("float", r"^-?([0-9]+\.[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?$", "-.0123456789"),
    ("null", r"^(~|null|)$", ["~", "n", ""]),
):
    Loader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(pattern), list(first))

BAD = [
    ("an unknown key", lambda d: d.update(author="me")),
    ("no id", lambda d: d.pop("id")),
    ("another language", lambda d: d.update(callgate=2)),
    ("a name in upper case", lambda d: d["calls"].update(Go={"id": 9, "needs": "read"})),
    ("a call without needs", lambda d: d["calls"].update(go={"id": 9})),
    ("an unknown right", lambda d: d["calls"].update(go={"id": 9, "needs": "admin"})),
    ("a pointer", lambda d: d["calls"].update(go={"id": 9, "needs": "read", "in": {"a": "u8*"}})),
    ("an unknown key of an argument", lambda d: d["calls"].update(go={"id": 9, "needs": "read", "in": {"a": {"type": "u8", "colour": 1}}})),
    ("an error id of 33", lambda d: d.update(errors={"a": {"id": 33}})),
]


def main(schema_path, paths):
    with open(schema_path, encoding="utf-8") as file:
        schema = json.load(file)
    jsonschema.Draft7Validator.check_schema(schema)
    validator = jsonschema.Draft7Validator(schema)
    failed = 0
    for path in paths:
        with open(path, encoding="utf-8") as file:
            description = json.load(file) if path.endswith(".json") else yaml.load(file, Loader)
        for error in validator.iter_errors(description):
            print(f"{path}: {'/'.join(map(str, error.path))}: {error.message}")
            failed += 1
        if "calls" not in description:
            continue
        for what, spoil in BAD:
            bad = json.loads(json.dumps(description))
            spoil(bad)
            if validator.is_valid(bad):
                print(f"{path}: the schema takes {what}")
                failed += 1
    print(f"{len(paths)} descriptions, {failed} faults")
    return 1 if failed or not paths else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
