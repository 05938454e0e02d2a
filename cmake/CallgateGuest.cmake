# SPDX-License-Identifier: BSD-2-Clause
# callgate_guest: one program in source, an image for each VM.
#
#   callgate_guest(TARGET name APIS generated SOURCES file... VM vm... [DEFINES def...])
#
#   TARGET   name of the custom target that builds all, and of the files: <name>.wasm, <name>.rbf ...
#   APIS     a target of callgate_generate; its headers are #include <callgate/x.h>
#   SOURCES  files in the languages of the VMs: C files without libc, of which VMs whose linking is done by the compiler's driver take one; .evs for embedvm.
#            A VM for whose language there is none is passed over
#   VM       for each of these; one that runs the guests of another (wasm3 those of wamr) is passed over
#   DEFINES  preprocessor definitions, NAME or NAME=value, for those in C
#   <name>_<vm> is set to the program's file. How a VM's programs are compiled stands in that VM's folder (guest.cmake), nowhere else:
#     CALLGATE_GUEST_SOURCE    how the files of its language end; .c unless it says otherwise
#     CALLGATE_GUEST_SUFFIX    how its programs end
#     CALLGATE_GUEST_FLAGS, CALLGATE_GUEST_COMPILED  for C: the compiler's flags, how what it makes ends
#     CALLGATE_GUEST_PACK      `callgate pack` makes the program: of what the compiler made, or of the source where nothing compiles
# Without clang 19 nothing is made of C, and a message says so.
find_program(CALLGATE_CLANG NAMES clang-19 DOC "clang with wasm and bpf targets, for guests")

function(callgate_guest)
    cmake_parse_arguments(PARSE_ARGV 0 arg "" "TARGET;APIS" "SOURCES;VM;DEFINES")
    if(NOT arg_TARGET OR NOT arg_APIS OR NOT arg_SOURCES OR NOT arg_VM OR arg_UNPARSED_ARGUMENTS)
        message(FATAL_ERROR "callgate_guest: TARGET, APIS, SOURCES and VM are needed; not understood: ${arg_UNPARSED_ARGUMENTS}")
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
        set(CALLGATE_GUEST_SOURCE .c)
        set(CALLGATE_GUEST_COMPILED "")
        set(CALLGATE_GUEST_PACK OFF)
        include("${file}")
        set(sources ${arg_SOURCES})
        list(FILTER sources INCLUDE REGEX "\\${CALLGATE_GUEST_SOURCE}$")
        if(NOT sources)
            continue()
        endif()
        if(CALLGATE_GUEST_COMPILED AND NOT CALLGATE_CLANG)
            message(STATUS "callgate_guest: ${arg_TARGET} for ${vm} is left out: there is no clang-19")
            continue()
        endif()
        set(out "${CMAKE_CURRENT_BINARY_DIR}/${arg_TARGET}${CALLGATE_GUEST_SUFFIX}")
        set(object "${CMAKE_CURRENT_BINARY_DIR}/${arg_TARGET}${CALLGATE_GUEST_COMPILED}")
        # A file, for a target alone only says in which order: guests of an older description would stay, and be refused at load.
        get_filename_component(generated "${sdk}/../../set.h" ABSOLUTE)
        set(compile "")
        set(pack "")
        if(CALLGATE_GUEST_COMPILED)
            set(compile COMMAND "${CALLGATE_CLANG}" ${CALLGATE_GUEST_FLAGS} -std=c11 -O2 -ffreestanding -Wall -Wextra -Wshadow -Wconversion -Wsign-conversion -Wmissing-prototypes -Werror
                ${arg_DEFINES} -I "${sdk}" -o "${object}" ${sources})
        else()
            set(object ${sources})
        endif()
        if(CALLGATE_GUEST_PACK)
            set(pack COMMAND callgate::callgate pack -I "${sdk}" "${object}" -o "${out}")
        endif()
        add_custom_command(OUTPUT "${out}"
            ${compile}
            ${pack}
            DEPENDS ${sources} ${arg_APIS}_generate "${generated}"
            WORKING_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}"
            COMMENT "callgate: guest ${arg_TARGET} for ${vm}" VERBATIM)
        list(APPEND built "${out}")
        set(${arg_TARGET}_${vm} "${out}" PARENT_SCOPE)
    endforeach()
    add_custom_target(${arg_TARGET} ALL DEPENDS ${built})
endfunction()
