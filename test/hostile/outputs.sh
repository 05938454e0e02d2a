#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# outputs.sh GENERATOR FOLDER DESCRIPTION - folders of VMs whose outputs go astray are refused before a byte is written.
# Reads the description; writes below FOLDER only.
generator=$1
folder=$2
description=$3
failed=0
esc=$(printf '\033')

# row NAME CODE FROM TO: what the generator answers to an output
row() {
    rm -rf "$folder"
    mkdir -p "$folder/vm"
    for part in one sdk_vm sdk_slot_type; do
        printf 'hello\n' >"$folder/vm/$part.mustache"
    done
    cat >"$folder/vm/vm.yaml" <<EOF
vm: evil
values: words
slot: {bits: 64, kinds: [i32, i64, f32, f64]}
wide: low_high
memory: {address: 32, endian: little, align: natural}
handle: 31
number: name
steps: instructions
outputs:
  - {from: $3, to: $4}
EOF
    message=$("$generator" gen --vm "$folder/vm" -o "$folder/out/a/b" "$description" 2>&1)
    code=$?
    case $message in *"$esc"*) echo "$1: the message holds an escape"; failed=1 ;; esac
    if [ "$code" -ne "$2" ]; then
        echo "$1: exit code $code, wanted $2: $message"
        failed=1
    fi
    if [ "$2" -ne 0 ] && [ -e "$folder/out" ]; then
        echo "$1: files were written"
        failed=1
    fi
}

row "a plain output" 0 one.mustache one.h
row "an output in a folder" 0 one.mustache '"evil/{vm}/one-1.h"'
row "a name that begins with a dot" 0 one.mustache .one
row "an output above its folder" 1 one.mustache ../one.h
row "an output above its folder, later" 1 one.mustache a/../../one.h
row "an absolute output" 1 one.mustache /one.h
row "the folder itself" 1 one.mustache .
row "a folder as a file" 1 one.mustache a/
row "an empty part" 1 one.mustache a//b
row "a dot inside" 1 one.mustache a/./b
row "an empty output" 1 one.mustache '""'
row "an output with an escape" 1 one.mustache '"a\e[31m"'
row "an output of two lines" 1 one.mustache '"a\nb"'
row "an output with a backslash" 1 one.mustache "'a\b'"
row "a template with an escape" 1 '"\e[31m"' one.h
row "a template above its folder" 1 ../one.mustache one.h
row "a template that is the folder above" 1 .. one.h
exit $failed
