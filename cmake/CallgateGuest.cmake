# SPDX-License-Identifier: BSD-2-Clause
# callgate_guest: one C source, a program for each VM.
#
#   callgate_guest(TARGET name APIS generated SOURCES file... VM vm... [DEFINES def...])
#
#   TARGET   name of the custom target that builds all, and of the files: <name>.wasm, <name>.rbf ...
#   APIS     a target of callgate_generate; its headers are #include <callgate/x.h>
#   SOURCES  C files without libc; VMs whose linking is done by the compiler's driver take one
#   VM       for each of these; one that runs the guests of another (wasm3 those of wamr) is passed over
#   DEFINES  preprocessor definitions, NAME or NAME=value
#   <name>_<vm> is set to the program's file. How a VM's programs are compiled stands in that VM's folder (guest.cmake), nowhere else.
# Without clang 19 nothing is made and a message says so.
find_program(CALLGATE_CLANG NAMES clang-19 DOC "clang with wasm and bpf targets, for guests")

function(callgate_guest)
    cmake_parse_arguments(PARSE_ARGV 0 arg "" "TARGET;APIS" "SOURCES;VM;DEFINES")
    if(NOT arg_TARGET OR NOT arg_APIS OR NOT arg_SOURCES OR NOT arg_VM OR arg_UNPARSED_ARGUMENTS)
        message(FATAL_ERROR "callgate_guest: TARGET, APIS, SOURCES and VM are needed; not understood: ${arg_UNPARSED_ARGUMENTS}")
    endif()
    if(NOT CALLGATE_CLANG)
        message(STATUS "callgate_guest: ${arg_TARGET} is left out: there is no clang-19")
        return()
    endif()
    list(TRANSFORM arg_DEFINES PREPEND "-D")
    set(built "")
    foreach(vm IN LISTS arg_VM)
        get_property(file GLOBAL PROPERTY CALLGATE_GUEST_FILE_${vm})
        if(NOT file)
            continue()
        endif()
        get_target_property(sdk ${arg_APIS} CALLGATE_GUEST_${vm})
        if(NOT sdk)
            message(FATAL_ERROR "callgate_guest: ${arg_APIS} was not generated for VM '${vm}'")
        endif()
        include("${file}")
        set(out "${CMAKE_CURRENT_BINARY_DIR}/${arg_TARGET}${CALLGATE_GUEST_SUFFIX}")
        set(object "${CMAKE_CURRENT_BINARY_DIR}/${arg_TARGET}${CALLGATE_GUEST_COMPILED}")
        # A file, for a target alone only says in which order: guests of an older description would stay, and be refused at load.
        get_filename_component(generated "${sdk}/../../set.h" ABSOLUTE)
        set(pack "")
        if(CALLGATE_GUEST_PACK)
            set(pack COMMAND callgate::callgate pack "${object}" -o "${out}")
        endif()
        add_custom_command(OUTPUT "${out}"
            COMMAND "${CALLGATE_CLANG}" ${CALLGATE_GUEST_FLAGS} -std=c11 -O2 -ffreestanding -Wall -Wextra -Wshadow -Wconversion -Wsign-conversion -Wmissing-prototypes -Werror
                ${arg_DEFINES} -I "${sdk}" -o "${object}" ${arg_SOURCES}
            ${pack}
            DEPENDS ${arg_SOURCES} ${arg_APIS}_generate "${generated}"
            WORKING_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}"
            COMMENT "callgate: guest ${arg_TARGET} for ${vm}" VERBATIM)
        list(APPEND built "${out}")
        set(${arg_TARGET}_${vm} "${out}" PARENT_SCOPE)
    endforeach()
    add_custom_target(${arg_TARGET} ALL DEPENDS ${built})
endfunction()
