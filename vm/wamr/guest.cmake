# SPDX-License-Identifier: BSD-2-Clause
# How C guests are compiled for this VM: read by callgate_guest().
set(CALLGATE_GUEST_FLAGS --target=wasm32 -mcpu=mvp -nostdlib -fuse-ld=lld -Wl,--no-entry -Wl,-z,stack-size=8192)
set(CALLGATE_GUEST_COMPILED .wasm)
set(CALLGATE_GUEST_SUFFIX .wasm)
set(CALLGATE_GUEST_PACK OFF)
