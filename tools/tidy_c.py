# SPDX-License-Identifier: BSD-2-Clause
"""As much C as tidy.py needs: comments, includes, and where functions begin and end.

Not a parser: it goes by brackets, which is enough for code that is formatted as ours is. Lines keep their numbers.
"""
import re
from typing import NamedTuple


class Function(NamedTuple):
    name: str
    line: int   # of the first line of its signature
    size: int   # lines from there to the closing brace
    body: str   # without comments and texts


TOKEN = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)


def without_comments(text):
    """The text with comments, strings and character constants blanked out, line for line."""
    def blank(match):
        found = match.group(0)
        keep = found[0] if found[0] in "\"'" else ""
        return keep + "\n" * found.count("\n") + (keep if keep else " ")
    return TOKEN.sub(blank, text)


def includes_of(text):
    """(line, name) of each #include."""
    found = []
    for number, line in enumerate(text.split("\n"), 1):
        match = re.match(r'\s*#\s*include\s*[<"]([^>"]+)[>"]', line)
        if match:
            found.append((number, match.group(1)))
    return found


def one_branch(text, keep_last):
    """The text with preprocessor lines blanked out and one branch kept of each #if ... #else ... #endif: the first or the last.
    Branches may open a brace each, which would be counted twice."""
    lines, result, stack = text.split("\n"), [], []
    continued = False
    for number, line in enumerate(lines):
        word = re.match(r"\s*#\s*(\w+)", line) if not continued else None
        directive = word.group(1) if word else None
        if directive in ("if", "ifdef", "ifndef"):
            stack.append(not keep_last or not has_else(lines, number))
        elif directive in ("elif", "else") and stack:
            stack[-1] = keep_last and directive == "else"
        elif directive == "endif" and stack:
            stack.pop()
        blank = continued or directive is not None or not all(stack)
        continued = (continued or directive is not None) and line.endswith("\\")
        result.append("" if blank else line)
    return "\n".join(result)


def has_else(lines, number):
    """Has the #if at this line an #else of its own?"""
    depth = 0
    for line in lines[number:]:
        word = re.match(r"\s*#\s*(\w+)", line)
        directive = word.group(1) if word else ""
        if directive in ("if", "ifdef", "ifndef"):
            depth += 1
        elif directive == "endif":
            depth -= 1
            if depth == 0:
                return False
        elif directive == "else" and depth == 1:
            return True
    return False


def functions_of(text):
    """All function definitions, in whichever branch of the preprocessor they are."""
    found = {}
    plain = without_comments(text)
    for keep_last in (False, True):
        for function in functions_in(one_branch(plain, keep_last)):
            known = found.get((function.name, function.line))
            if known is None or function.size > known.size:
                found[(function.name, function.line)] = function
    return sorted(found.values(), key=lambda f: f.line)


def functions_in(text):
    depth, begin, head, head_at, opened = 0, 0, "", 0, 0
    for at, char in enumerate(text):
        if char == "{":
            if depth == 0:
                head, head_at, opened = text[begin:at], begin, at
            depth += 1
        elif char == "}":
            depth = max(0, depth - 1)
            if depth == 0:
                name = function_name(head)
                if name:
                    first = head_at + len(head) - len(head.lstrip())
                    line = text.count("\n", 0, first) + 1
                    yield Function(name, line, text.count("\n", first, at) + 1, text[opened:at])
                begin = at + 1
        elif char == ";" and depth == 0:
            begin = at + 1


def function_name(head):
    """The name a function's head declares, or None where it is the head of a type or an initialiser."""
    head = re.sub(r"__attribute__\s*\(\(.*?\)\)", " ", head, flags=re.S).strip()
    if not head.endswith(")") or re.search(r"(?<![=!<>])=(?!=)", head):
        return None
    depth = 0
    for at in range(len(head) - 1, -1, -1):
        depth += {")": 1, "(": -1}.get(head[at], 0)
        if depth == 0:
            match = re.search(r"(\w+)\s*$", head[:at])
            return match.group(1) if match else None
    return None
