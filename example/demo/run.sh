#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# example/demo/run.sh BUILD: the demo. One guest source, compiled to WebAssembly and to eBPF, reports a sensor's reading to a real CoAP server.
# Everything stays on the loopback interface; what the server received is kept in BUILD/demo/server.log.
set -eu
build=${1:-build}
here=$(dirname "$0")
out=$build/demo
port=5683
mkdir -p "$out"
server=$(command -v coap-server-notls || command -v coap-server-openssl || command -v coap-server || command -v coap-server-gnutls || true)
client=$(command -v coap-client-notls || command -v coap-client-openssl || command -v coap-client || command -v coap-client-gnutls || true)
if [ -z "$server" ] || [ -z "$client" ]; then
    echo "demo: libcoap's server and client are missing; on Debian: apt install libcoap3-bin" >&2
    exit 3
fi

say() { printf '\n== %s\n' "$*"; }

say "A CoAP server: $(basename "$server") on 127.0.0.1:$port, as a process of its own"
"$server" -A 127.0.0.1 -p $port -d 10 -v 7 >"$out/server.log" 2>&1 &
server_pid=$!
trap 'kill $server_pid 2>/dev/null || true' EXIT INT TERM
tries=0
until "$client" -m get -B 1 "coap://127.0.0.1:$port/" >/dev/null 2>&1; do
    tries=$((tries + 1))
    if [ $tries -ge 20 ] || ! kill -0 $server_pid 2>/dev/null; then
        echo "demo: the server did not start; $out/server.log says why (is port $port taken?)" >&2
        exit 3
    fi
    sleep 0.1
done

wamr=$build/example/demo/thermo_wamr.wasm
rbpf=$build/example/demo/thermo_rbpf.rbf
guests=""
places=""
for vm in wamr rbpf; do
    eval "file=\$$vm"
    # shellcheck disable=SC2154 # set by eval
    if [ -f "$file" ]; then
        guests="$guests --policy $here/$vm.policy.yaml $file"
        places="$places $vm"
        last=$file
    else
        say "There is no guest for $vm: its engine, clang-19 or lld-19 was missing in the build; the others go on"
    fi
done
if [ -z "$guests" ]; then
    echo "demo: there are no guests at all" >&2
    exit 3
fi

say "The same C source on each VM, every call through the same gate (callgate run --trace)"
# shellcheck disable=SC2086
"$build/callgate" run --devices "$here/devices.yaml" --trace $guests 2>&1 | tee "$out/run.log"
say "What the server has now"
missing=0
for place in $places; do
    got=$("$client" -m get -B 2 "coap://127.0.0.1:$port/temp/$place" 2>/dev/null || true)
    sent=$(sed -n "s/^\[thermo-$place\] \([0-9-][0-9.]* C, next.*\)$/\1/p" "$out/run.log" | head -n 1)
    printf '   /temp/%-5s %s\n' "$place" "$got"
    if [ -z "$got" ] || [ "$got" != "$sent" ]; then
        echo "demo: the guest on $place sent '$sent'" >&2
        missing=1
    fi
done

say "A guest asks for more than its policy grants: it is refused before it runs"
if "$build/callgate" run --policy "$here/nothing.policy.yaml" "$last"; then
    echo "demo: it was not refused" >&2
    missing=1
fi
say "Kept: $out/server.log (what the server received), $out/run.log (the calls)"
exit $missing
