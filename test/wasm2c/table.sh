#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# What callgate-wasm2c refuses, so that nothing of a module becomes C text unseen: table.sh CALLGATE-WASM2C WORK-FOLDER
set -eu
tool=$1
work=$2
rm -rf "$work"
mkdir -p "$work"
bad=0

# module NAME SECTIONS: a module of these bytes, octal.
module() { printf '\0asm\001\0\0\0'"$2" > "$work/$1.wasm"; }
# refused NAME TEXT: the tool ends with 1, says so, and leaves no file.
refused() {
    if "$tool" guest "$work/$1.wasm" "$work/$1.c" 2> "$work/$1.err"; then
        echo "$1: was taken"
        bad=1
    elif ! grep -q "$2" "$work/$1.err" || [ -e "$work/$1.c" ]; then
        echo "$1: expected '$2': $(cat "$work/$1.err")"
        bad=1
    fi
}

type='\001\005\001\140\001\177\0'
module empty ''
"$tool" guest "$work/empty.wasm" "$work/empty.c"
grep -q 'const cg_wasm2c_program_t guest' "$work/empty.c"
module cut '\001\200'
refused cut 'section ends beyond the file'
module start '\010\001\0'
refused start 'start function'
module quoted "$type"'\002\014\001\004a\042\073x\003foo\0\0'
refused quoted 'no call of any API'
module memory '\002\010\001\001a\001m\002\0\001'
refused memory 'no call of any API'
module many "$type"'\002\007\377\377\377\177\001a\0'
refused many 'cut off'
module typeless '\002\007\001\001a\001b\0\005'
refused typeless 'cut off'
module twice "$type$type"
refused twice 'cut off'
module import_out "$type"'\002\007\001\001a\001b\0\0\007\013\001\007cg_main\0\0'
refused import_out 'exports an import'
module beyond "$type"'\007\013\001\007cg_main\0\011'
refused beyond 'cut off'
printf 'text' > "$work/text.wasm"
refused text 'not a WebAssembly module'
for name in '' 9a 'a b' A 'a"'; do
    if "$tool" "$name" "$work/empty.wasm" "$work/out.c" 2> /dev/null; then
        echo "the name '$name' was taken"
        bad=1
    fi
done

# A module cut at each byte is refused or taken, and never more than that.
size=$(wc -c < "$3")
at=0
while [ "$at" -lt "$size" ]; do
    head -c "$at" "$3" > "$work/part.wasm"
    code=0
    "$tool" guest "$work/part.wasm" "$work/part.c" 2> /dev/null || code=$?
    [ "$code" -le 1 ] || { echo "cut at $at: exit code $code"; bad=1; }
    at=$((at + 7))
done
exit $bad
