# SPDX-License-Identifier: BSD-2-Clause
# callgate_linked_guest: a guest that becomes part of a host program, for VMs that have no file to load.
#
#   callgate_linked_guest(TARGET name APIS generated SOURCES file... VM vm [DEFINES def...])
#
#   TARGET   name of the object library that is made, and of the program in C: `extern const cg_<vm>_program_t name;`, for the host to give as its image.
#            A C identifier. Link it with the host program itself (target_link_libraries(program PRIVATE name)), which also links <generated>.
#   APIS     a target of callgate_generate
#   SOURCES  C files
#   VM       one VM whose guests are linked. How that is done stands in the VM's folder (linked.cmake), nowhere else.
#   DEFINES  preprocessor definitions, NAME or NAME=value
function(callgate_linked_guest)
    cmake_parse_arguments(PARSE_ARGV 0 arg "" "TARGET;APIS;VM" "SOURCES;DEFINES")
    if(NOT arg_TARGET OR NOT arg_APIS OR NOT arg_SOURCES OR NOT arg_VM OR arg_UNPARSED_ARGUMENTS)
        message(FATAL_ERROR "callgate_linked_guest: TARGET, APIS, SOURCES and VM are needed; not understood: ${arg_UNPARSED_ARGUMENTS}")
    endif()
    if(NOT arg_TARGET MATCHES "^[a-z][a-z0-9_]*$")
        message(FATAL_ERROR "callgate_linked_guest: ${arg_TARGET} is not a name in C of small letters, digits and _")
    endif()
    get_property(file GLOBAL PROPERTY CALLGATE_LINKED_FILE_${arg_VM})
    if(NOT file)
        message(FATAL_ERROR "callgate_linked_guest: guests of VM '${arg_VM}' are not linked, or this callgate was built without it")
    endif()
    get_target_property(sdk ${arg_APIS} CALLGATE_GUEST_${arg_VM})
    if(NOT sdk)
        message(FATAL_ERROR "callgate_linked_guest: ${arg_APIS} was not generated for VM '${arg_VM}'")
    endif()
    include("${file}")
    cmake_language(CALL callgate_linked_${arg_VM} "${arg_TARGET}" "${arg_APIS}" "${sdk}" "${arg_SOURCES}" "${arg_DEFINES}")
endfunction()
