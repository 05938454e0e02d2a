# SPDX-License-Identifier: BSD-2-Clause
# The WebAssembly engine. Not here yet: no target callgate::wamr_engine, so the VM is left out.
message(STATUS "callgate: wasm engine: not available yet")
