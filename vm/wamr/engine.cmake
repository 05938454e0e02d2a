# SPDX-License-Identifier: BSD-2-Clause
# The WebAssembly engine, WAMR, as callgate::wamr_engine: include folder and libraries. In this order:
#   1. -DWAMR_DIR=  a source tree of WAMR, or the prefix where one is installed;
#   2. a copy installed on the system that find_package(iwasm) finds and that can be used;
#   3. the pinned package wamrx-sys, which carries WAMR's C sources: brought by cargo, checked, built with WAMR's own CMake.
# Without any of them the configuration goes on, says what is missing, and there is no target: the wasm VM is left out.
# 3 is done once, while configuring, under CALLGATE_DEPS_DIR, which all build folders share.

set(WAMR_DIR "" CACHE PATH "A WAMR source tree, or a prefix where WAMR is installed; empty: installed or fetched")

set(CALLGATE_WAMR_PACKAGE wamrx-sys)
set(CALLGATE_WAMR_PACKAGE_VERSION 0.3.0)
# The checksum of the package, as in Cargo.lock, and of WAMR's files in it (see callgate_fetch_digest).
set(CALLGATE_WAMR_PACKAGE_SHA256 ab9efc67ebd6c574684794e3a25933c58d2ad3f1b1078830f8c779974132e0d1)
set(CALLGATE_WAMR_TREE_SHA256 f377907cb7a480f31bb84c9efbd785eaf62b382e1e0f2a75d4a22a8743b69c76)
include(fetch)

# The fast interpreter and nothing else. Metering stops endless loops. The thread manager stays out: it costs a mutex
# per call. Hardware bounds checks stay out: the gate checks, and signal handlers are not ours to install. The GS base
# is for compiled code only, and valgrind cannot follow it. Custom sections are read by the adapter itself.
set(CALLGATE_WAMR_FLAGS
    -DCMAKE_BUILD_TYPE=Release -DBUILD_SHARED_LIBS=OFF
    -DWAMR_BUILD_PLATFORM=linux
    -DWAMR_BUILD_INTERP=1 -DWAMR_BUILD_FAST_INTERP=1 -DWAMR_BUILD_AOT=0 -DWAMR_BUILD_JIT=0
    -DWAMR_BUILD_LIBC_BUILTIN=0 -DWAMR_BUILD_LIBC_WASI=0 -DWAMR_BUILD_SIMD=0
    -DWAMR_BUILD_INSTRUCTION_METERING=1 -DWAMR_BUILD_LOAD_CUSTOM_SECTION=0
    -DWAMR_DISABLE_HW_BOUND_CHECK=1 -DWAMR_DISABLE_WRITE_GS_BASE=1)

# callgate_wamr_build(source work prefix ok-var why-var): copy the sources, for the build rewrites a file in them;
# build and install. What stands in `prefix` afterwards is complete, or not there.
function(callgate_wamr_build source work prefix ok why)
    set(${ok} FALSE PARENT_SCOPE)
    file(MAKE_DIRECTORY "${work}/source")
    file(COPY "${source}/CMakeLists.txt" "${source}/core" "${source}/build-scripts" DESTINATION "${work}/source")
    callgate_fetch_run(done "${work}/configure.log" ${CMAKE_COMMAND} -S "${work}/source" -B "${work}/build"
        -G "${CMAKE_GENERATOR}" -DCMAKE_INSTALL_PREFIX=${prefix}.new ${CALLGATE_WAMR_FLAGS})
    if(NOT done)
        set(${why} "WAMR could not be configured; see ${work}/configure.log" PARENT_SCOPE)
        return()
    endif()
    callgate_fetch_run(done "${work}/build.log" ${CMAKE_COMMAND} --build "${work}/build" --parallel)
    if(NOT done)
        set(${why} "WAMR could not be built; see ${work}/build.log" PARENT_SCOPE)
        return()
    endif()
    file(REMOVE_RECURSE "${prefix}.new")
    callgate_fetch_run(done "${work}/install.log" ${CMAKE_COMMAND} --install "${work}/build")
    if(NOT done)
        set(${why} "WAMR could not be installed; see ${work}/install.log" PARENT_SCOPE)
        return()
    endif()
    file(REMOVE_RECURSE "${prefix}")
    file(RENAME "${prefix}.new" "${prefix}")
    set(${ok} TRUE PARENT_SCOPE)
endfunction()

# callgate_wamr_pinned(prefix-var why-var): the installed pinned build, made now if it is not there.
function(callgate_wamr_pinned out why)
    string(SHA256 recipe "${CALLGATE_WAMR_TREE_SHA256} ${CALLGATE_WAMR_FLAGS}")
    string(SUBSTRING "${recipe}" 0 12 recipe)
    set(work "${CALLGATE_DEPS_DIR}/wamr-${recipe}")
    set(prefix "${work}/install")
    file(MAKE_DIRECTORY "${work}")
    file(LOCK "${work}/lock" GUARD FUNCTION TIMEOUT 600)
    if(NOT EXISTS "${prefix}/lib/libiwasm.a")
        message(STATUS "callgate: wasm engine: fetching and building WAMR (once, under ${CALLGATE_DEPS_DIR})")
        callgate_fetch_package("${work}" source reason FROM "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/package" TREE wasm-micro-runtime
            PACKAGE ${CALLGATE_WAMR_PACKAGE} ${CALLGATE_WAMR_PACKAGE_VERSION}
            SHA256 ${CALLGATE_WAMR_PACKAGE_SHA256} ${CALLGATE_WAMR_TREE_SHA256})
        if(source)
            callgate_wamr_build("${source}" "${work}" "${prefix}" built reason)
        endif()
        if(NOT source OR NOT built)
            set(${out} "" PARENT_SCOPE)
            set(${why} "${reason}" PARENT_SCOPE)
            return()
        endif()
    endif()
    set(${out} "${prefix}" PARENT_SCOPE)
endfunction()

# callgate_wamr_target_from_prefix(prefix): make callgate_wamr_engine from include/ and lib/ of a prefix, if it is one.
function(callgate_wamr_target_from_prefix prefix)
    find_path(include wasm_export.h PATHS "${prefix}/include" NO_DEFAULT_PATH NO_CACHE)
    find_library(library NAMES iwasm PATHS "${prefix}/lib" "${prefix}/lib64" "${prefix}/lib/${CMAKE_LIBRARY_ARCHITECTURE}"
        NO_DEFAULT_PATH NO_CACHE)
    if(include AND library)
        add_library(callgate_wamr_engine INTERFACE IMPORTED GLOBAL)
        target_include_directories(callgate_wamr_engine SYSTEM INTERFACE "${include}")
        target_link_libraries(callgate_wamr_engine INTERFACE "${library}" Threads::Threads m ${CMAKE_DL_LIBS})
        # For the installation, which has to bring the engine along.
        set_property(GLOBAL PROPERTY CALLGATE_WAMR_LIBRARY "${library}")
        set_property(GLOBAL PROPERTY CALLGATE_WAMR_INCLUDE "${include}")
    endif()
endfunction()

# callgate_wamr_usable(engine out-var): can what we need be linked? Metering is an option of WAMR's build.
function(callgate_wamr_usable engine out)
    set(CMAKE_TRY_COMPILE_TARGET_TYPE EXECUTABLE)
    file(WRITE "${CMAKE_BINARY_DIR}/wamr_probe.c" "#include <wasm_export.h>\n"
        "int main(void)\n{\n    wasm_runtime_set_instruction_count_limit(0, 1);\n"
        "    return wasm_memory_get_cur_page_count(0) != 0;\n}\n")
    try_compile(probe "${CMAKE_BINARY_DIR}/wamr_probe" SOURCES "${CMAKE_BINARY_DIR}/wamr_probe.c"
        LINK_LIBRARIES ${engine} OUTPUT_VARIABLE log)
    file(WRITE "${CMAKE_BINARY_DIR}/wamr_probe.log" "${log}")
    set(${out} ${probe} PARENT_SCOPE)
    unset(probe CACHE)
endfunction()

# callgate_wamr_from_user(): WAMR_DIR was given; make the target from it or stop, for a wish must not be passed over.
function(callgate_wamr_from_user)
    if(EXISTS "${WAMR_DIR}/core/iwasm/include/wasm_export.h")
        set(work "${CMAKE_BINARY_DIR}/wamr-user")
        callgate_wamr_build("${WAMR_DIR}" "${work}" "${work}/install" built why)
        if(NOT built)
            message(FATAL_ERROR "callgate: WAMR_DIR=${WAMR_DIR}: ${why}")
        endif()
        callgate_wamr_target_from_prefix("${work}/install")
    else()
        callgate_wamr_target_from_prefix("${WAMR_DIR}")
    endif()
    if(NOT TARGET callgate_wamr_engine)
        message(FATAL_ERROR "callgate: WAMR_DIR=${WAMR_DIR} is neither a WAMR source tree (core/iwasm/include/wasm_export.h) "
            "nor a prefix with include/wasm_export.h and lib/libiwasm; correct it, or leave it out")
    endif()
    callgate_wamr_usable(callgate_wamr_engine usable)
    if(NOT usable)
        message(FATAL_ERROR "callgate: WAMR in ${WAMR_DIR} cannot be used: it must be built with "
            "WAMR_BUILD_INSTRUCTION_METERING=1 (see ${CMAKE_BINARY_DIR}/wamr_probe.log)")
    endif()
    message(STATUS "callgate: wasm engine: WAMR of ${WAMR_DIR}")
endfunction()

function(callgate_wamr_from_system)
    find_package(iwasm CONFIG QUIET GLOBAL)
    if(NOT TARGET iwasm::vmlib)
        return()
    endif()
    callgate_wamr_usable(iwasm::vmlib usable)
    if(NOT usable)
        message(STATUS "callgate: wasm engine: the installed WAMR in ${iwasm_DIR} is passed over: built without WAMR_BUILD_INSTRUCTION_METERING=1")
        return()
    endif()
    add_library(callgate_wamr_engine INTERFACE IMPORTED GLOBAL)
    target_link_libraries(callgate_wamr_engine INTERFACE iwasm::vmlib Threads::Threads m ${CMAKE_DL_LIBS})
    message(STATUS "callgate: wasm engine: the installed WAMR ${iwasm_VERSION} in ${iwasm_DIR}")
endfunction()

function(callgate_wamr_from_package)
    callgate_wamr_pinned(prefix why)
    if(NOT prefix)
        message(WARNING "callgate: wasm engine: none, so WebAssembly guests cannot be run; all else is built.\n"
            "  The reason: ${why}\n"
            "  What helps: tools/setup.sh, a network, or -DWAMR_DIR= with a WAMR source tree or prefix; then configure again.")
        return()
    endif()
    callgate_wamr_target_from_prefix("${prefix}")
    message(STATUS "callgate: wasm engine: WAMR from ${CALLGATE_WAMR_PACKAGE} ${CALLGATE_WAMR_PACKAGE_VERSION} in ${prefix}")
endfunction()

if(WAMR_DIR)
    callgate_wamr_from_user()
else()
    callgate_wamr_from_system()
    if(NOT TARGET callgate_wamr_engine)
        callgate_wamr_from_package()
    endif()
endif()
if(TARGET callgate_wamr_engine)
    add_library(callgate::wamr_engine ALIAS callgate_wamr_engine)
endif()
