#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Which calls SMALL builds have as descriptors: descriptors.sh GENERATOR SOURCE-FOLDER WORK-FOLDER
# A stage of the generator that adds a check without its op makes calls compiled: none of the real APIs may be, and those of all.yaml are listed.
# Prints what is otherwise; exit code 1 if there is anything.
set -u
generator=$1 source=$2 work=$3
rm -rf "$work"
mkdir -p "$work"
"$generator" gen --vm rbpf -o "$work/real" "$source"/api/random.yaml "$source"/api/saul.yaml "$source"/api/coap.yaml "$source"/api/log.yaml || exit 1
"$generator" gen --vm rbpf --host fake -o "$work/all" all.yaml || exit 1
failed=0
if [ "$(grep -c '^    DESCRIBED(' "$work/real/rows.c")" -ne 18 ] || grep '^    {\.body = ' "$work/real/rows.c"; then
    echo 'a call of the real APIs is compiled in SMALL builds: which line of its body has no op?'
    failed=1
fi
sed -n 's/^    DESCRIBED(\([a-z0-9_]*\)_le32,.*/\1/p' "$work/all/rows.c" | diff descriptors.expected - || failed=1
exit $failed
