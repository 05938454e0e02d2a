#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# example/building/run.sh BUILD [PORT]: the building. A thermostat in WebAssembly and a filter in eBPF run in one process, each under its policy, and do nothing but react;
# a real CoAP client, another process, asks, sets, and observes. Everything stays on the loopback interface. What was said is kept in BUILD/building.
# Exit codes: 0 all was as it should be, 1 something was not, 3 the machine lacks something.
set -eu
build=${1:-build}
port=${2:-5683}
here=$(dirname "$0")
out=$build/building
at=coap://127.0.0.1:$port
mkdir -p "$out"
client=$(command -v coap-client-notls || command -v coap-client-openssl || command -v coap-client || command -v coap-client-gnutls || true)
if [ -z "$client" ]; then
    echo "building: libcoap's client is missing; on Debian: apt install libcoap3-bin" >&2
    exit 3
fi
thermostat=$build/example/building/thermostat.wasm
filter=$build/example/building/filter.rbf
for file in "$thermostat" "$filter"; do
    if [ ! -f "$file" ]; then
        echo "building: there is no $file: its engine, clang-19 or lld-19 was missing in the build" >&2
        exit 3
    fi
done

say() { printf '\n== %s\n' "$*"; }
failed=0
wrong() { echo "building: $*" >&2; failed=1; }

say "Who needs what: callgate check, before anything runs"
"$build/callgate" check "$thermostat" --policy "$here/thermostat.policy.yaml" || wrong "the thermostat's policy does not fit"
"$build/callgate" check "$filter" --policy "$here/filter.policy.yaml" || wrong "the filter's policy does not fit"

say "Two guests of two VMs in one process, listening on 127.0.0.1:$port"
"$build/callgate" run --coap "127.0.0.1:$port" --devices "$here/devices.yaml" \
    --policy "$here/thermostat.policy.yaml" "$thermostat" --policy "$here/filter.policy.yaml" "$filter" >"$out/run.log" 2>&1 &
run=$!
trap 'kill $run 2>/dev/null || true' EXIT INT TERM
tries=0
until grep -q 'regulating' "$out/run.log" && "$client" -m get -B 1 "$at/temp" >/dev/null 2>&1; do
    tries=$((tries + 1))
    if [ $tries -ge 50 ] || ! kill -0 $run 2>/dev/null; then
        cat "$out/run.log" >&2
        echo "building: the guests did not start (is port $port taken?)" >&2
        exit 3
    fi
    sleep 0.1
done

# ask WHAT ARGS...: one request of the client, shown; its answer is in $answer.
ask() {
    what=$1
    shift
    answer=$("$client" "$@" 2>&1 || true)
    printf '   %-34s %s\n' "$what" "$answer"
}

say "A CoAP client in another process asks and sets"
ask 'GET /temp' -m get -B 2 "$at/temp"
case $answer in *' C') ;; *) wrong "/temp gave '$answer'" ;; esac
ask 'GET /target' -m get -B 2 "$at/target"
[ "$answer" = '21.0 C' ] || wrong "/target gave '$answer'"
ask 'PUT /target 23' -m put -B 2 -e 23 "$at/target"
ask 'PUT /target hot' -m put -B 2 -e hot "$at/target"
case $answer in 4.00*) ;; *) wrong "a target that is no number gave '$answer'" ;; esac
ask 'GET /target' -m get -B 2 "$at/target"
[ "$answer" = '23.0 C' ] || wrong "/target gave '$answer' after it was set to 23"
ask 'DELETE /temp' -m delete -B 2 "$at/temp"
case $answer in 4.05*) ;; *) wrong "DELETE gave '$answer'" ;; esac

say "It observes /temp for three seconds"
"$client" -m get -s 3 -B 5 "$at/temp" 2>/dev/null | tr -s '\n' | sed 's/C\([0-9-]\)/C\n\1/g' >"$out/observed.log" || true
seen=$(grep -c ' C' "$out/observed.log" || true)
sed -n '1,4s/^/   /p' "$out/observed.log"
echo "   ... $seen values in all"
[ "$seen" -ge 3 ] || wrong "an observer was told $seen values"

say "What the guests said and did meanwhile"
kill -USR1 $run
sleep 0.3
sed -n '/^guest /q; s/^/   /p' "$out/run.log" | head -n 14

say "How they stand: kill -USR1"
sed -n '/^guest /,$p' "$out/run.log" | sed 's/^/   /'
grep -q '^thermostat .* wamr ' "$out/run.log" || wrong "the table has no thermostat"

say "An orderly end: kill -TERM"
kill -TERM $run
code=0
wait $run || code=$?
trap - EXIT INT TERM
echo "   callgate run ended with $code"
[ $code -eq 143 ] || wrong "callgate run ended with $code, not 143"
say "Kept: $out/run.log, $out/observed.log"
exit $failed
