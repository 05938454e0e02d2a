# SPDX-License-Identifier: BSD-2-Clause
# The second WebAssembly engine, wasm3, as callgate::wasm3_engine: its C files, compiled as part of this build. In this order:
#   1. -DWASM3_DIR=  a source tree of wasm3 0.9, the folder that has source/wasm3.h;
#   2. the pinned package wasm3x-sys, which carries wasm3's C sources: brought by cargo, checked, once, under CALLGATE_DEPS_DIR.
# Without either the configuration goes on, says what is missing, and there is no target: this VM is left out.
include(fetch)
set(WASM3_DIR "" CACHE PATH "A wasm3 source tree; empty: fetched")

set(CALLGATE_WASM3_PACKAGE wasm3x-sys)
set(CALLGATE_WASM3_PACKAGE_VERSION 0.2.1)
# The checksum of the package, as in Cargo.lock, and of wasm3's files in it (see callgate_fetch_digest).
set(CALLGATE_WASM3_PACKAGE_SHA256 348492b8c2fb4902087770a26c3500e12b375e687a6d7f4155b7953a26ff8f7c)
set(CALLGATE_WASM3_TREE_SHA256 bf86a3cf3c6e989f7f9e368a66cb7a050d5b0c09eeb7446e45594dcd9dce5e49)

# No reference types, no computed constants, no short forms of imports: what no guest of ours needs is not there to be attacked, and read.c reads
# imports as the engine does. Functions are validated before they are compiled. The stack heights bound the engine's own C stack, too: its
# validator and compiler keep arrays of them there; d_m3MaxNativeStack is what calls within a guest may use of it. Slots of 64 bits: cells are
# then aligned, and an address fits in one.
set(CALLGATE_WASM3_DEFINITIONS d_m3HasRefTypes=0 d_m3HasExtendedConst=0 d_m3HasCompactImports=0 d_m3HasTypedRefs=0
    d_m3EnableValidation=1 d_m3Use32BitSlots=0 d_m3MaxFunctionStackHeight=2000 d_m3MaxNativeStack=262144
    d_m3LogOutput=0 d_m3VerboseErrorMessages=1 NDEBUG)
set(CALLGATE_WASM3_FILES m3_bind m3_code m3_compile m3_core m3_env m3_exec m3_function m3_info m3_module m3_parse m3_validate)

if(WASM3_DIR)
    set(callgate_wasm3_tree "${WASM3_DIR}")
    if(NOT EXISTS "${WASM3_DIR}/source/m3_validate.h")
        message(FATAL_ERROR "callgate: ${WASM3_DIR} is no source tree of wasm3 0.9: it has no source/m3_validate.h (older ones do not validate what they run)")
    endif()
else()
    callgate_fetch_pinned(wasm3 callgate_wasm3_tree FROM "${CMAKE_CURRENT_LIST_DIR}/package" TREE wasm3 HAS source/wasm3.h
        PACKAGE ${CALLGATE_WASM3_PACKAGE} ${CALLGATE_WASM3_PACKAGE_VERSION}
        SHA256 ${CALLGATE_WASM3_PACKAGE_SHA256} ${CALLGATE_WASM3_TREE_SHA256})
    if(NOT callgate_wasm3_tree)
        return()
    endif()
endif()
message(STATUS "callgate: wasm3: from ${callgate_wasm3_tree}")

# Every operation of wasm3 ends in a call of the next: only an optimizing compiler makes jumps of them, so -O2 whatever the preset says, and no sanitizers.
list(TRANSFORM CALLGATE_WASM3_FILES PREPEND "${callgate_wasm3_tree}/source/" OUTPUT_VARIABLE callgate_wasm3_sources)
list(TRANSFORM callgate_wasm3_sources APPEND ".c")
add_library(callgate_wasm3_engine STATIC ${callgate_wasm3_sources})
add_library(callgate::wasm3_engine ALIAS callgate_wasm3_engine)
set_target_properties(callgate_wasm3_engine PROPERTIES C_STANDARD 11 C_EXTENSIONS ON)
target_compile_options(callgate_wasm3_engine PRIVATE -w -O2 -fomit-frame-pointer $<$<BOOL:${CALLGATE_SANITIZE}>:-fno-sanitize=all>)
set_target_properties(callgate_wasm3_engine PROPERTIES CALLGATE_TREE "${callgate_wasm3_tree}") # for the one other file that sees it: bench/by_hand/wasm3.c
target_compile_definitions(callgate_wasm3_engine PRIVATE ${CALLGATE_WASM3_DEFINITIONS})
target_link_libraries(callgate_wasm3_engine PUBLIC m)
