# SPDX-License-Identifier: BSD-2-Clause
# callgate_generate: descriptions in, a library out. The same function inside this build and from an installed package.
#
#   callgate_generate(TARGET name APIS file... VM vm... [HOST os] [TEMPLATES folder] [TRACE])
#
#   TARGET     the static library that is made: tables, and glue for each VM. Link it, and the adapters and the gate come along.
#   APIS       descriptions, relative to the current source folder. The gate's own API is always part.
#   VM         names of VMs that this callgate was built with, or folders of VMs of your own; for a folder .../x the adapter is the target callgate::vm_x.
#   HOST       also define the host functions that the descriptions bind for this system.
#   TEMPLATES  templates that override those of callgate.
#   TRACE      add the traced twin of each VM's glue; the program must then define cg_row_call_traced.
#
# What else is made:
#   <name>_host         INTERFACE: the prototypes host_<api>.h; for the library that implements them
#   <name>_guest_<vm>   a variable in the caller's scope, and the property CALLGATE_GUEST_<vm> of <name>: the folder of the guests' headers for this VM
#   <name>_generate     a custom target: all files are there; for guests that are built by custom commands (add_dependencies, or DEPENDS)

# callgate_generate_check(): what is wrong with the arguments ends the configuration with one sentence.
function(callgate_generate_check target apis vms unknown)
    if(unknown)
        message(FATAL_ERROR "callgate_generate: not understood: ${unknown}")
    endif()
    if(NOT target OR NOT apis OR NOT vms)
        message(FATAL_ERROR "callgate_generate: TARGET, APIS and VM are needed, each with a value")
    endif()
    foreach(api IN LISTS apis)
        get_filename_component(file "${api}" ABSOLUTE)
        if(NOT EXISTS "${file}")
            message(FATAL_ERROR "callgate_generate: there is no description ${file}")
        endif()
    endforeach()
    foreach(vm IN LISTS vms)
        get_filename_component(name "${vm}" NAME)
        if(NOT TARGET callgate::vm_${name})
            message(FATAL_ERROR "callgate_generate: there is no VM '${name}' (target callgate::vm_${name}) in this callgate; "
                "a VM whose engine was missing when callgate was built was left out, and the configuration said so")
        endif()
    endforeach()
endfunction()

function(callgate_generate)
    cmake_parse_arguments(PARSE_ARGV 0 arg "TRACE" "TARGET;HOST;TEMPLATES" "APIS;VM")
    callgate_generate_check("${arg_TARGET}" "${arg_APIS}" "${arg_VM}" "${arg_UNPARSED_ARGUMENTS}")

    set(folder "${CMAKE_CURRENT_BINARY_DIR}/callgate_${arg_TARGET}")
    # A VM that runs the guests of another needs the headers of that one, be it built or not.
    set(generated_for ${arg_VM})
    foreach(vm IN LISTS arg_VM)
        get_filename_component(name "${vm}" NAME)
        get_target_property(of callgate::vm_${name} CALLGATE_GUESTS_OF)
        set(guests_${name} "${name}")
        if(of)
            list(APPEND generated_for ${of})
            set(guests_${name} "${of}")
        endif()
    endforeach()
    list(REMOVE_DUPLICATES generated_for)
    list(JOIN generated_for "," vms)
    set(options --vm "${vms}")
    set(depends ${arg_APIS})
    set(sources "${folder}/set.c" "${folder}/catalog.c" "${folder}/rows.c" "${folder}/events.c")
    if(arg_HOST)
        list(APPEND options --host "${arg_HOST}")
        list(APPEND sources "${folder}/bind.c")
    endif()
    if(arg_TEMPLATES)
        get_filename_component(templates "${arg_TEMPLATES}" ABSOLUTE)
        file(GLOB_RECURSE files CONFIGURE_DEPENDS "${templates}/*")
        list(APPEND options --templates "${templates}")
        list(APPEND depends ${files})
    endif()
    set(for_guests "")
    foreach(vm IN LISTS arg_VM)
        get_filename_component(name "${vm}" NAME)
        list(APPEND sources "${folder}/${name}/glue.c")
        get_target_property(file callgate::vm_${name} CALLGATE_GUEST_SOURCE)
        if(file)
            list(APPEND for_guests "${folder}/guest/${name}/${file}")
        endif()
        set(${arg_TARGET}_guest_${name} "${folder}/guest/${guests_${name}}" PARENT_SCOPE)
        if(IS_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}/${vm}" OR IS_DIRECTORY "${vm}")
            file(GLOB_RECURSE files CONFIGURE_DEPENDS "${vm}/*.yaml" "${vm}/*.mustache")
            list(APPEND depends ${files})
        endif()
    endforeach()

    # Inside this build the command itself needs what is made here, so a first-stage generator is used.
    get_target_property(generator callgate::generator ALIASED_TARGET)
    if(NOT generator)
        set(generator callgate::generator)
    endif()
    # The command leaves files alone that would not change; touching them keeps build tools that compare times content.
    add_custom_command(OUTPUT ${sources} ${for_guests} "${folder}/set.h"
        COMMAND ${generator} gen ${options} -o "${folder}" ${arg_APIS}
        COMMAND ${CMAKE_COMMAND} -E touch_nocreate ${sources} ${for_guests} "${folder}/set.h"
        DEPENDS ${depends} ${generator}
        WORKING_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}"
        COMMENT "callgate: generating ${arg_TARGET} for ${vms}"
        VERBATIM)
    add_custom_target(${arg_TARGET}_generate DEPENDS ${sources} ${for_guests} "${folder}/set.h")

    add_library(${arg_TARGET}_host INTERFACE)
    target_include_directories(${arg_TARGET}_host INTERFACE "${folder}/host")
    target_link_libraries(${arg_TARGET}_host INTERFACE callgate::headers)
    add_dependencies(${arg_TARGET}_host ${arg_TARGET}_generate)

    add_library(${arg_TARGET} STATIC ${sources})
    add_dependencies(${arg_TARGET} ${arg_TARGET}_generate)
    target_compile_features(${arg_TARGET} PUBLIC c_std_11)
    target_include_directories(${arg_TARGET} PUBLIC "${folder}" "${folder}/host")
    target_compile_definitions(${arg_TARGET} PRIVATE $<$<BOOL:${arg_TRACE}>:CG_TRACE=1>)
    target_link_libraries(${arg_TARGET} PUBLIC callgate::gate)
    foreach(vm IN LISTS arg_VM)
        get_filename_component(name "${vm}" NAME)
        target_link_libraries(${arg_TARGET} PUBLIC callgate::vm_${name})
        set_property(TARGET ${arg_TARGET} PROPERTY CALLGATE_GUEST_${name} "${folder}/guest/${guests_${name}}")
    endforeach()
    if(COMMAND callgate_strict)
        callgate_strict(${arg_TARGET})
    endif()
endfunction()
