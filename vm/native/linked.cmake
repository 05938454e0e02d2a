# SPDX-License-Identifier: BSD-2-Clause
# How guests are linked for this VM: called by callgate_linked_guest(). Makes the object library ${target}, which defines `const cg_native_program_t ${target}`.
function(callgate_linked_native target apis sdk sources defines)
    add_library(${target} OBJECT ${sources} "${sdk}/program.c")
    add_dependencies(${target} ${apis}_generate)
    target_compile_features(${target} PRIVATE c_std_11)
    target_compile_definitions(${target} PRIVATE CALLGATE_NATIVE_GUEST=${target} ${defines})
    target_include_directories(${target} PRIVATE "${sdk}"
        $<TARGET_PROPERTY:callgate::vm_native,INTERFACE_INCLUDE_DIRECTORIES>)
    if(COMMAND callgate_strict)
        callgate_strict(${target})
    endif()
endfunction()
