#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Which calls SMALL builds have as descriptors: descriptors.sh GENERATOR SOURCE-FOLDER WORK-FOLDER
# A stage of the generator that adds a check without its op makes calls compiled: those of the real APIs (flags, given-away handles,
# 64 bits) and the others of all.yaml are listed.
# Prints what is otherwise; exit code 1 if there is anything.
set -u
generator=$1 source=$2 work=$3
rm -rf "$work"
mkdir -p "$work"
set -- random saul coap log event timer sys store
for api in "$@"; do
    set -- "$@" "$source/api/$api.yaml"
    shift
done
"$generator" gen --vm rbpf -o "$work/real" "$@" || exit 1
"$generator" gen --vm rbpf --host fake -o "$work/all" all.yaml || exit 1
failed=0
sed -n 's/^    {\.body = body_\([a-z0-9_]*\)_le32,.*/\1/p' "$work/real/body/le32/rows.h" | diff compiled.expected - || {
    echo 'another call of the real APIs is compiled in SMALL builds: which line of its body has no op?'
    failed=1
}
sed -n 's/^    DESCRIBED(\([a-z0-9_]*\)_le32,.*/\1/p' "$work/all/body/le32/rows.h" | diff descriptors.expected - || failed=1
exit $failed
