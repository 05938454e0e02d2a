#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Brings a Debian machine to what callgate needs: tools/setup.sh demo|check|bench.
#   Looks first; says each package it installs and why; a second run finds nothing to do. Asks nothing.
#   Elsewhere it lists what is missing. Exit codes: 0 ready, 2 wrong use, 3 the machine lacks something.
# Never: removes a package, adds an archive, or installs a cargo where one that is new enough is on PATH.
set -u

# For what | package | least version | command that shows it on other systems | why
# A version is the least that was tried; Debian's security updates may be newer.
# A VM whose engine is a package of the system has its line in vm/<vm>/packages.
packages() {
    cat "$(dirname "$0")"/../vm/*/packages 2>/dev/null
    cat <<'TABLE'
demo|gcc|4:12.2.0|gcc|compiles callgate
demo|libc6-dev|2.36|-|compiles callgate
demo|make|4.3|make|the front door
demo|cmake|3.25.1|cmake|the build
demo|ninja-build|1.11.1|ninja|the build
demo|pkgconf|1.8.1|pkg-config|finds the libraries
demo|libfyaml-dev|0.7.12|pkg:libfyaml|reads descriptions and policies (YAML)
demo|libcoap3-dev|4.3.1|pkg:libcoap-3-notls|the CoAP API on Linux
demo|libcoap3-bin|4.3.1|coap-server-notls|a real CoAP server for the demo and the tests
demo|clang-19|1:19.1.7|clang-19|compiles guests to WebAssembly and eBPF
demo|ca-certificates|20230311|-|lets cargo check where the WebAssembly engine comes from
demo|lld-19|1:19.1.7|wasm-ld-19|links WebAssembly guests
check|wabt|1.0.32|wasm2c|compiles WebAssembly guests ahead of time
check|libclang-rt-19-dev|1:19.1.7|-|the sanitizers of the clang build
check|libcmocka-dev|1.1.5|pkg:cmocka|the unit tests
check|python3|3.11.2|python3|the style check and some tests
check|python3-yaml|6.0|-|the vectors of test/vectors
check|valgrind|1:3.19.0|valgrind|counts instructions
check|gcc-arm-none-eabi|15:12.2|arm-none-eabi-gcc|measures code size for Cortex-M
check|libnewlib-arm-none-eabi|3.3.0|-|C headers for Cortex-M
bench|swig|4.1.0|swig|glue for Lua to compare with
TABLE
}
cargo_min=1.85
node_min=18

say() { printf 'callgate: %s\n' "$*"; }
die() { printf 'callgate: error: %s\n' "$*" >&2; exit 3; }

# wanted: the lines of the table for this use. Each use takes in the one before it.
wanted() {
    case "$use" in
        demo) packages | grep '^demo|' ;;
        check) packages | grep -v '^bench|' ;;
        bench) packages ;;
    esac
}

# version_at_least HAVE WANT: for versions of the form 1.85.0
version_at_least() {
    [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]
}

cargo_ready() {
    have=$(PATH="$PATH:${CARGO_HOME:-${HOME:-/}/.cargo}/bin" cargo --version 2>/dev/null | sed -n 's/^cargo \([0-9][0-9.]*\).*/\1/p')
    [ -n "$have" ] && version_at_least "$have" "$cargo_min"
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        env DEBIAN_FRONTEND=noninteractive "$@"
    elif [ -t 0 ]; then
        sudo env DEBIAN_FRONTEND=noninteractive "$@"
    else
        sudo -n env DEBIAN_FRONTEND=noninteractive "$@"
    fi
}

# apt ARGS...: three tries, for mirrors fail now and then; waits for another apt to end.
apt() {
    for pause in 5 15 0; do
        if as_root apt-get -q -o Acquire::Retries=3 -o DPkg::Lock::Timeout=600 "$@"; then
            return 0
        fi
        [ "$pause" -eq 0 ] || { say "apt-get $1 failed; trying again in $pause s"; sleep "$pause"; }
    done
    return 1
}

update_once() {
    [ -z "${updated:-}" ] || return 0
    if [ "$(id -u)" -ne 0 ] && ! command -v sudo >/dev/null; then
        die "not root, and there is no sudo; as root, run: apt-get install$*"
    fi
    apt update >/dev/null || say "apt-get update failed; going on with the lists that are here"
    updated=yes
}

# debian_look: sets `missing` (names) and prints why; refuses packages that are installed but too old.
debian_look() {
    missing=
    old=
    found=$(dpkg-query -W -f '${db:Status-Status} ${Package} ${Version}\n' 2>/dev/null | grep '^installed ')
    while IFS='|' read -r _ name least _ why; do
        have=$(printf '%s\n' "$found" | sed -n "s/^installed $name //p" | head -n 1)
        if [ -z "$have" ]; then
            say "to install: $name >= $least ($why)"
            missing="$missing $name"
        elif ! dpkg --compare-versions "$have" ge "$least"; then
            say "too old: $name $have, needed is >= $least ($why)"
            old="$old $name"
        fi
    done <<LIST
$(wanted)
LIST
}

# candidates_new_enough: refuses before anything is changed when the archive has only an older version.
candidates_new_enough() {
    for name in $missing $old; do
        least=$(packages | sed -n "s/^[a-z]*|$name|\([^|]*\)|.*/\1/p")
        offered=$(LC_ALL=C apt-cache policy "$name" | sed -n 's/^  Candidate: //p')
        if [ -z "$offered" ] || [ "$offered" = "(none)" ]; then
            die "no package $name in this system's archives; callgate is made for Debian 12 (bookworm) with its updates, or newer"
        fi
        dpkg --compare-versions "$offered" ge "$least" ||
            die "the archive offers $name $offered, callgate needs >= $least; use Debian 12 (bookworm) or newer"
    done
}

debian_packages() {
    debian_look
    [ -n "$missing$old" ] || return 0
    update_once "$missing$old"
    candidates_new_enough
    # shellcheck disable=SC2086 # the names are words
    apt install -y --no-install-recommends $missing $old || die "apt-get could not install:$missing$old"
    debian_look
    [ -z "$missing$old" ] || die "still missing or too old after the installation:$missing$old"
}

# The wasm engine comes as a package for cargo. Without it all else still builds, so nothing here is fatal.
debian_cargo() {
    if [ -n "${WAMR_DIR:-}" ] || cargo_ready; then
        return 0
    fi
    update_once " cargo-web"
    for name in cargo-web cargo; do
        offered=$(LC_ALL=C apt-cache policy "$name" | sed -n 's/^  Candidate: //p')
        if [ -n "$offered" ] && dpkg --compare-versions "$offered" ge "$cargo_min"; then
            say "to install: $name $offered (fetches the WebAssembly engine)"
            apt install -y --no-install-recommends "$name" && cargo_ready && return 0
        fi
    done
    say "warning: no cargo >= $cargo_min, so the WebAssembly engine cannot be fetched; all else works"
}

# Rust guests need the library of their target: with rustup that is a component, with Debian's compiler it is built from the source, of the same version.
debian_rust_guests() {
    cargo_ready || return 0
    path="$PATH:${CARGO_HOME:-${HOME:-/}/.cargo}/bin"
    libraries=$(PATH=$path rustc --print target-libdir --target wasm32-unknown-unknown 2>/dev/null)
    source=$(PATH=$path rustc --print sysroot 2>/dev/null)/lib/rustlib/src/rust/library/vendor
    for found in "$libraries"/libcore-*.rlib "$source"; do
        [ ! -e "$found" ] || return 0
    done
    version=$(dpkg-query -W -f '${Version}' rustc-web 2>/dev/null)
    if [ -n "$version" ]; then
        update_once " rust-web-src"
        say "to install: rust-web-src $version (the library of Rust guests)"
        apt install -y --no-install-recommends "rust-web-src=$version" && return 0
    fi
    say "warning: this Rust has no library for wasm32-unknown-unknown (rustup target add wasm32-unknown-unknown); the tests of Rust guests are skipped"
}

node_ready() {
    have=$(node --version 2>/dev/null | sed -n 's/^v\([0-9][0-9.]*\).*/\1/p')
    [ -n "$have" ] && version_at_least "$have" "$node_min" && command -v npm >/dev/null
}

# The compilers of AssemblyScript and TypeScript run in node, and npm brings them. Not in the table: where node comes from elsewhere it has its npm with it.
debian_node() {
    node_ready && return 0
    update_once " nodejs npm"
    say "to install: nodejs, npm (compile guests in AssemblyScript, check declarations in TypeScript)"
    apt install -y --no-install-recommends nodejs npm && node_ready && return 0
    say "warning: no node >= $node_min with npm; the tests of AssemblyScript guests and of TypeScript declarations are skipped"
}

elsewhere() {
    lacking=
    while IFS='|' read -r _ name least shows why; do
        case "$shows" in
            -) continue ;;
            pkg:*) pkg-config --exists "${shows#pkg:}" 2>/dev/null && continue ;;
            *) command -v "$shows" >/dev/null && continue ;;
        esac
        say "missing: ${shows#pkg:} ($why; on Debian $name >= $least)"
        lacking=yes
    done <<LIST
$(wanted)
LIST
    cargo_ready || say "missing: cargo >= $cargo_min (fetches the WebAssembly engine; without it all else works)"
    [ "$use" = demo ] || node_ready || say "missing: node >= $node_min with npm (compiles guests in AssemblyScript; without it their tests, and those of TypeScript declarations, are skipped)"
    [ -z "$lacking" ] || die "this is not Debian, so nothing was installed; install the above and try again"
}

use=${1:-}
case "$use" in
    demo | check | bench) [ $# -eq 1 ] ;;
    *) false ;;
esac || { echo "usage: tools/setup.sh demo|check|bench" >&2; exit 2; }

if command -v apt-get >/dev/null && command -v dpkg-query >/dev/null; then
    debian_packages
    debian_cargo
    if [ "$use" != demo ]; then
        debian_rust_guests
        debian_node
    fi
else
    elsewhere
fi
say "set-up: ready for $use"
