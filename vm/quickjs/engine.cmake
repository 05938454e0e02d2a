# SPDX-License-Identifier: BSD-2-Clause
# QuickJS-ng's sources: of -DQUICKJS_DIR=, the folder that has quickjs.c (0.18), or of the pinned package libquickjs-ng-sys, which carries them: brought by cargo, checked, once.
# Without either the configuration goes on and says what is missing; there is no target, and the VM is left out. The engine is under the MIT licence.
include(fetch)
set(QUICKJS_DIR "" CACHE PATH "A source tree of QuickJS-ng 0.18; empty: fetched")
set(callgate_quickjs_tree "${QUICKJS_DIR}")
if(NOT callgate_quickjs_tree)
    # The checksum of the package, as in Cargo.lock, and of QuickJS-ng's files in it (see callgate_fetch_digest).
    callgate_fetch_pinned(quickjs callgate_quickjs_tree FROM "${CMAKE_CURRENT_LIST_DIR}/package" TREE embed/quickjs HAS quickjs.c PACKAGE libquickjs-ng-sys 0.14.0 SHA256
        9c81e864c33a1d1543f2f651d7622de0e8fb9b8e0c50b808eee606c056dd02e2 77a263a493af4dad0cab1814574634f997048af33c4828c71f5ef0ac0a5f0d5e)
endif()
if(NOT callgate_quickjs_tree)
    return()
endif()
include("${CMAKE_CURRENT_LIST_DIR}/edits.cmake")

# The engine alone is compiled without sanitizers: they multiply the stack that each level of a guest's recursion takes. No Atomics.
add_library(callgate_quickjs_engine STATIC "${callgate_quickjs_edited}/quickjs.c" "${callgate_quickjs_edited}/libregexp.c"
    "${callgate_quickjs_edited}/libunicode.c" "${callgate_quickjs_tree}/dtoa.c")
add_library(callgate::quickjs_engine ALIAS callgate_quickjs_engine)
set_target_properties(callgate_quickjs_engine PROPERTIES C_STANDARD 11 C_EXTENSIONS ON)
target_compile_options(callgate_quickjs_engine PRIVATE -w -O2 -funsigned-char -fno-strict-aliasing $<$<BOOL:${CALLGATE_SANITIZE}>:-fno-sanitize=all>)
target_compile_definitions(callgate_quickjs_engine PRIVATE _GNU_SOURCE=1 QUICKJS_NG_BUILD=1 __STDC_NO_ATOMICS__=1)
target_include_directories(callgate_quickjs_engine PRIVATE "${callgate_quickjs_tree}")
target_link_libraries(callgate_quickjs_engine PUBLIC m)
