# SPDX-License-Identifier: BSD-2-Clause
# How guests are linked for this VM: called by callgate_linked_guest(). Makes the object library ${target}, which defines `const cg_wasm2c_program_t ${target}`.
# Sources are C, or one module (.wasm) that another tool made.
function(callgate_linked_wasm2c target apis sdk sources defines)
    set(folder "${CMAKE_CURRENT_BINARY_DIR}/${target}_wasm2c")
    file(MAKE_DIRECTORY "${folder}")
    find_program(CALLGATE_WASM2C_COMMAND NAMES wasm2c REQUIRED)
    set(module "${folder}/${target}.wasm")
    if(sources MATCHES "^[^;]*\\.wasm$")
        get_filename_component(module "${sources}" ABSOLUTE)
    else()
        list(TRANSFORM defines PREPEND "-D")
        find_program(CALLGATE_CLANG NAMES clang-19 REQUIRED)
        get_filename_component(generated "${sdk}/../../set.h" ABSOLUTE)
        add_custom_command(OUTPUT "${module}"
            COMMAND "${CALLGATE_CLANG}" --target=wasm32 -mcpu=mvp -nostdlib -fuse-ld=lld -Wl,--no-entry -Wl,-z,stack-size=8192 -std=c11 -O2 -ffreestanding
                -Wall -Wextra -Wshadow -Wconversion -Wsign-conversion -Wmissing-prototypes -Werror ${defines} -I "${sdk}" -o "${module}" ${sources}
            DEPENDS ${sources} ${apis}_generate "${generated}" WORKING_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}"
            COMMENT "callgate: guest ${target} to WebAssembly" VERBATIM)
    endif()
    add_custom_command(OUTPUT "${folder}/${target}.c" "${folder}/${target}.h"
        COMMAND "${CALLGATE_WASM2C_COMMAND}" -n ${target} -o "${folder}/${target}.c" "${module}"
        DEPENDS "${module}" COMMENT "callgate: guest ${target} to C" VERBATIM)
    add_custom_command(OUTPUT "${folder}/${target}_program.c"
        COMMAND callgate::wasm2c_table ${target} "${module}" "${folder}/${target}_program.c"
        DEPENDS "${module}" callgate::wasm2c_table COMMENT "callgate: table of guest ${target}" VERBATIM)
    add_library(${target} OBJECT "${folder}/${target}.c" "${folder}/${target}_program.c" "${folder}/${target}.h")
    target_include_directories(${target} PRIVATE "${folder}" $<TARGET_PROPERTY:callgate::vm_wasm2c,INTERFACE_INCLUDE_DIRECTORIES>)
    target_include_directories(${target} BEFORE PRIVATE "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/runtime")
    target_link_libraries(${target} PUBLIC m)
    # A frame of more than a page is an error: with the limit on the depth of calls it bounds what a guest takes of the host's stack. Sanitizers would make frames of
    # their own, and what they look for the checks in this code find.
    set_target_properties(${target} PROPERTIES C_STANDARD 11 C_EXTENSIONS ON)
    target_compile_options(${target} PRIVATE -O2 -fno-strict-aliasing -Werror=implicit-function-declaration -fstack-clash-protection -Wframe-larger-than=4096
        $<IF:$<C_COMPILER_ID:GNU>,-Werror=frame-larger-than=4096,-Werror=frame-larger-than>
        $<$<BOOL:${CALLGATE_SANITIZE}>:-fno-sanitize=all>)
endfunction()
