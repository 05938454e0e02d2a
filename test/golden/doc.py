#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""What `callgate doc` makes, byte for byte, and that every page is well-formed and complete in itself: doc.py GENERATOR SOURCE-FOLDER

With CALLGATE_GOLDEN=rewrite in the environment the files in doc/ are written anew instead; review them with git diff.
"""
import glob
import html.parser
import os
import re
import shutil
import subprocess
import sys
import tempfile

GENERATOR, SOURCE = (os.path.abspath(argument) for argument in sys.argv[1:3])
HERE = os.path.join(SOURCE, "test", "golden", "doc")
REWRITE = os.environ.get("CALLGATE_GOLDEN") == "rewrite"
SMALL = os.path.join(HERE, "small.yaml")
ALL = os.path.join(SOURCE, "test", "generate", "all.yaml")
OURS = sorted(path for path in glob.glob(os.path.join(SOURCE, "api", "*.yaml")) if not path.endswith("gate.yaml"))
SETS = [[SMALL], [ALL], OURS]
VOID = {"meta", "link", "input", "br"}


def doc(out, *arguments, cwd=None):
    done = subprocess.run([GENERATOR, "doc", "-o", out, *arguments], cwd=cwd, capture_output=True, text=True, timeout=120, check=False)
    return done.returncode, done.stdout, done.stderr


def made(out, *arguments, cwd=None):
    """The files of a run that must succeed, by name."""
    same("exit code and messages", (0, "", ""), doc(out, *arguments, cwd=cwd))
    folder = os.path.join(cwd or "", out)
    found = {}
    for name in sorted(os.listdir(folder)):
        with open(os.path.join(folder, name), encoding="utf-8") as file:
            found[name] = file.read()
    return found


def same(what, wanted, got):
    if wanted != got:
        raise AssertionError(f"{what}:\n--- wanted\n{wanted}\n--- got\n{got}")


class Page(html.parser.HTMLParser):
    """Reads a page as strictly as XML: every element is closed, in order. Notes ids, links, and what each element is inside of."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.open, self.ids, self.links, self.labels, self.wrong, self.resources, self.text = [], [], [], [], [], [], []
        self.columns = []
        self.feed(text)
        self.close()
        self.wrong += [f"<{tag}> is never closed" for tag in self.open]

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        if len(values) != len(attrs):
            self.wrong.append(f"<{tag}> line {self.getpos()[0]} has an attribute twice")
        self.ids += [values["id"]] if "id" in values else []
        self.labels += [values["for"]] if "for" in values else []
        self.labels += values.get("aria-labelledby", "").split()
        if tag == "a":
            self.links.append(values.get("href", ""))
        self.resources += [tag] if tag in ("script", "iframe", "object", "embed", "img") else []
        self.resources += [values[key] for key in ("src", "srcset", "action", "data") if key in values]
        self.resources += [values["href"]] if tag == "link" and not values["href"].startswith("data:") else []
        if tag in ("p", "pre", "figure", "table", "ul", "dl", "div") and "p" in self.open:
            self.wrong.append(f"<{tag}> line {self.getpos()[0]} inside a paragraph")
        if tag == "table":
            self.columns = []
        if tag == "tr":
            self.columns.append(0)
        if tag in ("td", "th"):
            self.columns[-1] += 1
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag in VOID or not self.open or self.open[-1] != tag:
            self.wrong.append(f"</{tag}> line {self.getpos()[0]} inside {self.open[-3:]}")
            return
        self.open.pop()
        if tag == "table" and len(set(self.columns)) > 1:
            self.wrong.append(f"a table that ends in line {self.getpos()[0]} has rows of {sorted(set(self.columns))} cells")

    def handle_data(self, data):
        self.text.append(data)


def golden(name, got):
    path = os.path.join(HERE, name)
    if REWRITE:
        with open(path, "w", encoding="utf-8") as file:
            file.write(got)
        return
    with open(path, encoding="utf-8") as file:
        old, new = file.read().split("\n"), got.split("\n")
    at = next((i for i, pair in enumerate(zip(old, new)) if pair[0] != pair[1]), min(len(old), len(new)))
    if old != new:
        raise AssertionError(f"doc/{name} differs from line {at + 1} on (make golden rewrites it):\n-{''.join(old[at:at + 1])}\n+{''.join(new[at:at + 1])}")


# ---- the tests ----

def a_small_api_is_as_expected(work):
    for name, text in made(work + "/out", "--vm", "rbpf,wamr", SMALL).items():
        golden(name, text)


def pages_are_well_formed(work):
    for i, apis in enumerate(SETS):
        text = made(f"{work}/{i}", *apis)["api.html"]
        page = Page(text)
        same("faults", [], page.wrong)
        same("ids that stand twice", [], sorted({name for name in page.ids if page.ids.count(name) > 1}))
        same("links that lead nowhere", [], sorted(link for link in page.links if link[:1] != "#" or link[1:] not in page.ids))
        same("labels of nothing", [], sorted(name for name in page.labels if name not in page.ids))
        same("resources", [], page.resources)
        same("addresses and imports", [], re.findall(r"url\(|@import|https?://\S*", text))


def every_call_has_an_anchor(work):
    for i, apis in enumerate(SETS):
        found = made(f"{work}/{i}", *apis)
        page = Page(found["api.html"])
        for path in apis:
            with open(path, encoding="utf-8") as file:
                api = re.search(r"^api: (\w+)", file.read(), re.M).group(1)
            plan = subprocess.run([GENERATOR, "dump", "plan", "--vm", "wamr", path], capture_output=True, text=True, check=True).stdout
            plan = plan[plan.index(f"api {api} "):]
            names = [f"{api}.{name}" for name in re.findall(r"^  call (\w+)", plan, re.M)] + [f"{api}.event.{name}" for name in re.findall(r"^  event (\w+)", plan, re.M)]
            same("calls and events without an anchor", [], [name for name in names if name not in page.ids or f'<a id="{name}">' not in found["api.md"]])


def markdown_is_well_formed(work):
    for i, apis in enumerate(SETS):
        text = made(f"{work}/{i}", *apis)["api.md"]
        ids = re.findall(r'<a id="([^"]+)"></a>', text)
        same("ids that stand twice", len(ids), len(set(ids)))
        plain = re.sub(r"```.*?```", "", text, flags=re.S)
        same("links that lead nowhere", [], sorted({link for link in re.findall(r"(?<!\\)\]\(#([^)]+)\)", plain) if link not in ids}))
        cells = None
        for line in plain.split("\n"):
            if not line.startswith("|"):
                cells = None
                continue
            count = len(re.findall(r"(?<!\\)\|", line))
            assert cells in (None, count), f"a row of {count} cells in a table of {cells}: {line}"
            cells = count


def every_text_is_there(work):
    """Texts of the description that would be markup are seen as they are."""
    found = made(work + "/out", SMALL)
    seen = "".join(Page(found["api.html"]).text)
    for text in ("Small & <b>whole</b>, with a | bar and *stars*.", 'Ahead & "on".', "Its name, or <any>.", "-500..500 mm", "1..1000 ms", "300 mm/s", "CG_ERR_DENIED", "SMALL_ERR_STUCK", "may wait"):
        assert text in seen, text
    for text in (r"Small \& \<b\>whole\</b\>, with a \| bar and \*stars\*.", r'Ahead \& "on".', "-500..500 mm"):
        assert text in found["api.md"], text


def formats_and_vms(work):
    both = made(work + "/both", SMALL)
    same("both", ["api.html", "api.md"], list(both))
    same("said", both, made(work + "/said", "--format", "both", SMALL))
    same("html", {"api.html": both["api.html"]}, made(work + "/html", "--format=html", SMALL))
    same("md", {"api.md": both["api.md"]}, made(work + "/md", "--format", "md", SMALL))
    assert "slot 4 has the address of the block" in both["api.md"] and "block + 8 (spilled)" in both["api.md"]
    one = made(work + "/one", "--vm", "wamr", SMALL)
    assert "rbpf" not in one["api.html"] + one["api.md"] and "spilled" not in one["api.md"]
    code, out, err = doc(work + "/none", "--vm", "rbqf", SMALL)
    same("a VM that is none", (1, "", False), (code, out, os.path.exists(work + "/none")))
    assert "no VM named 'rbqf' is built in" in err, err


def a_vm_named_twice_is_one(work):
    same("named twice", made("once", "--vm", "rbpf,wamr", SMALL, cwd=work), made("twice", "--vm", "rbpf,wamr,rbpf", SMALL, cwd=work))


def the_same_in_any_folder(work):
    os.makedirs(work + "/a/deep")
    shutil.copy(SMALL, work + "/a")
    once = made("out", "small.yaml", cwd=work + "/a")
    same("again", once, made("out", work + "/a/small.yaml", cwd=work + "/a/deep"))
    for name, text in once.items():
        assert work not in text and SOURCE not in text, f"{name} holds a path of this machine"


def a_fault_leaves_what_was_there(work):
    before = made(work + "/out", SMALL)
    with open(work + "/bad.yaml", "w", encoding="utf-8") as file:
        file.write("callgate: 1\napi: bad\n")
    code, out, err = doc(work + "/out", work + "/bad.yaml")
    same("exit code", (1, ""), (code, out))
    assert "bad.yaml:" in err, err
    os.makedirs(work + "/mine")
    with open(work + "/mine/doc_call.md.mustache", "w", encoding="utf-8") as file:
        file.write("{{nope}}")
    code, out, err = doc(work + "/out", "--templates", work + "/mine", SMALL)
    same("exit code", (1, ""), (code, out))
    assert "doc_call.md.mustache:1: error: no value named 'nope' here" in err, err
    with open(work + "/out/api.md", encoding="utf-8") as file:
        same("api.md", before["api.md"], file.read())


TESTS = [a_small_api_is_as_expected, pages_are_well_formed, every_call_has_an_anchor, markdown_is_well_formed, every_text_is_there, formats_and_vms,
         a_vm_named_twice_is_one, the_same_in_any_folder, a_fault_leaves_what_was_there]


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
