# SPDX-License-Identifier: BSD-2-Clause
# size.awk - what a linked firmware consists of, from the map of GNU ld: lines of size.csv, "target,build,part,text,data,bss".
# Variables: target, build, calls (list "api:count ..."). A part is a room, or, for what is generated, an API.
function add(part, section, bytes)
{
    if (!(part in seen)) { seen[part] = ++parts; order[parts] = part }
    if (section ~ /^\.(data|sdata)/) { data[part] += bytes }
    else if (section ~ /^\.(bss|sbss|COMMON)/) { bss[part] += bytes }
    else { text[part] += bytes }
}
# The API that a generated section is for: .text.body_saul_read_le32, .text.serve_saul_read, .text.known_saul_class ...
function api_of(section,   i)
{
    for (i = 1; i <= api_count; i++) {
        if (section ~ "^\\.(text|rodata)(\\.unlikely)?\\.(body|thunk|ops|serve|call|known|get|kept|put|give|list_get|list_put|list_kept|host|release|native)_" api[i] "_") { return api[i] }
    }
    return ""
}
function part_of(file, section,   name)
{
    name = file
    sub(".*/", "", name)
    if (file ~ /\/gate\//) {
        if (name ~ /^(body|interpret|refuse|row|text)\.o$/) { return "gate: calls" }
        if (name == "handle.o") { return "gate: handles" }
        if (name ~ /^(guard|uri)\.o$/) { return "gate: guards and URIs" }
        if (name == "error.o") { return "gate: texts of errors" }
        return "gate: life of a guest"
    }
    if (file ~ /\/engine\//) { return name == "result.o" ? "rbpf texts" : "rbpf engine" }
    if (file ~ /\/adapter\//) { return name == "load.o" ? "load messages" : "rbpf adapter" }
    if (file ~ /\/generated\//) {
        if (api_of(section) != "") { return "api " api_of(section) }
        if (section ~ /cg_rows_/) { return "rows" }
        if (section ~ /\.numbers/) { return "numbers" }
        if (section ~ /\.table/) { return "table" }
        return "glue"
    }
    return ""
}
BEGIN { api_count = split(calls, pairs, " "); for (i = 1; i <= api_count; i++) { split(pairs[i], one, ":"); api[i] = one[1] } }
/^Linker script and memory map/ { linked = 1 }
!linked { next }
/^\/DISCARD\/|^OUTPUT|^ \.(comment|ARM|note|debug|riscv)/ { next }
/^ \.[a-zA-Z]/ { section = $1; if (NF == 1) { waiting = 1; next } at = $2; size = $3; file = $4; waiting = 0 }
waiting && /^ +0x/ { at = $1; size = $2; file = $3; waiting = 0; fresh = 1 }
/^ \.[a-zA-Z]/ || fresh {
    fresh = 0
    part = part_of(file, section)
    if (part != "" && size ~ /^0x/) { add(part, section, hex(size)) }
}
function hex(s,   n, i) { n = 0; s = tolower(substr(s, 3)); for (i = 1; i <= length(s); i++) { n = n * 16 + index("0123456789abcdef", substr(s, i, 1)) - 1 } return n }
END { for (i = 1; i <= parts; i++) { p = order[i]; printf "%s,%s,%s,%d,%d,%d\n", target, build, p, text[p], data[p], bss[p] } }
