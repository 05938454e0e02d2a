# SPDX-License-Identifier: BSD-2-Clause
"""uri.py - `format: uri` as doc/policy.md has it, by means of Python's own readers of addresses. Part of the reference."""
import ipaddress
import re

FORM = re.compile(r"[a-z][a-z0-9+.-]*://(?:\[([0-9a-f:]+)\]|([0-9.]+)):(\d+)(/[\x21-\x7e]*)?")
NEVER = set('%\\@?#')


def is_uri(text):
    form = FORM.fullmatch(text)
    if not form or NEVER & set(text):
        return False
    six, four, port, path = form.groups()
    if int(port) > 65535 or str(int(port)) != port:
        return False
    try:
        found = ipaddress.IPv6Address(six) if six else ipaddress.IPv4Address(four)
    except ValueError:
        return False
    segments = (path or "/").split("/")[1:]
    return len(str(found)) > 0 and all(segment not in ("", ".", "..") for segment in segments if segments != [""])
