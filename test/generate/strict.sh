#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Generated code under the strict flags: strict.sh GENERATOR SOURCE-FOLDER WORK-FOLDER [WAMR-INCLUDE]
# Glue FAST, SMALL and traced, with gcc and clang-19 as far as they are here; every header alone; guests for both targets.
# Prints what does not compile; exit code 1 if there is any.
set -u
generator=$1 source=$2 work=$3 wamr=${4:-}
strict="-std=c11 -Wall -Wextra -Wconversion -Wsign-conversion -Wshadow -Wswitch-enum -Wstrict-prototypes -Wmissing-prototypes -Wundef -Wcast-qual -Wvla -Werror"
here=$(pwd)
rm -rf "$work"
mkdir -p "$work"
"$generator" gen --vm embedvm,rbpf,wamr --host fake -o "$work/out" all.yaml || exit 1
cd "$work/out" || exit 1
failed=0

# compile WHAT COMPILER ARG...: one file from standard input or by name, nothing kept.
compile() {
    what=$1
    shift
    # shellcheck disable=SC2086 # the flags are words
    if ! "$@" $strict -c -o /dev/null >log 2>&1; then
        echo "$what does not compile:"
        head -n 20 log
        failed=$((failed + 1))
    fi
}

folders="-I$source/include -I$here -I. -Ihost -I$source/vm/embedvm -I$source/vm/rbpf -I$source/vm/wamr"
glue="embedvm/glue.c rbpf/glue.c"
if [ -n "$wamr" ]; then
    folders="$folders -isystem $wamr"
    glue="$glue wamr/glue.c"
fi
for cc in gcc clang-19; do
    command -v "$cc" >/dev/null || continue
    for file in set.c catalog.c rows.c events.c bind.c; do # the same in all builds
        # shellcheck disable=SC2086
        compile "$file ($cc)" "$cc" -O1 $folders "$file"
    done
    for file in $glue; do
        for build in -DCG_FAST=1 -DCG_NO_CATALOG=1 "-DCG_FAST=1 -DCG_TRACE=1"; do
            # shellcheck disable=SC2086
            compile "$file ($cc $build)" "$cc" -O1 $build $folders "$file"
        done
    done
    for header in set.h host/host_all.h host/host_gate.h body/le32/body_all.h body/le32/body_gate.h body/be16p/body_all.h; do
        echo "#include \"$header\"" >alone.c
        for build in -DCG_FAST=1 -UCG_FAST; do
            # shellcheck disable=SC2086
            compile "$header alone ($cc $build)" "$cc" $build $folders alone.c
        done
    done
done

if command -v clang-19 >/dev/null; then
    for target in "rbpf bpf" "wamr wasm32"; do
        # shellcheck disable=SC2086
        set -- $target
        for header in callgate gate all; do
            echo "#include <callgate/$header.h>" >alone.c
            compile "<callgate/$header.h> alone for $2" clang-19 "--target=$2" -ffreestanding -O2 "-Iguest/$1" alone.c
        done
    done
fi

# Guest and host headers do not go together.
printf '#include "host/host_all.h"\n#include <callgate/all.h>\n' >both.c
# shellcheck disable=SC2086
if gcc $folders -Iguest/wamr -c both.c -o /dev/null 2>log || ! grep -q 'this header is for guests' log; then
    echo "host and guest headers in one file are not refused"
    failed=$((failed + 1))
fi
[ "$failed" -eq 0 ]
