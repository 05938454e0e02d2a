# SPDX-License-Identifier: BSD-2-Clause
# What `cmake --install` brings: the command, the headers, the gate, the VMs with their engines, and a package for find_package(callgate).
#   bin/callgate   include/callgate/   lib/libcallgate_*.a   lib/cmake/callgate/   share/callgate/{api,example}/
# A static WAMR that was built for us or given as a prefix is brought along, where no other program finds it by chance; another one is found again by the package.
include(CMakePackageConfigHelpers)

get_property(callgate_vms GLOBAL PROPERTY CALLGATE_VMS)
get_property(callgate_linked GLOBAL PROPERTY CALLGATE_VMS_LINKED)
set(callgate_package "${CMAKE_INSTALL_LIBDIR}/cmake/callgate")
set(callgate_private "${CMAKE_INSTALL_LIBDIR}/callgate")

# Names with the prefix callgate_ are ours in the file system; in CMake the name space says it.
set(callgate_targets callgate_headers callgate_gate callgate_load callgate_wasm)
if(TARGET callgate)
    list(APPEND callgate_targets callgate)
endif()
if(TARGET callgate_vm_lua)
    list(APPEND callgate_targets callgate_objects)
    install(FILES "${CMAKE_SOURCE_DIR}/vm/objects/object_vm.h" DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/callgate/vm")
endif()
foreach(vm IN LISTS callgate_vms callgate_linked)
    list(APPEND callgate_targets callgate_vm_${vm})
    if(TARGET callgate_${vm}_engine)
        get_target_property(imported callgate_${vm}_engine IMPORTED)
        if(NOT imported)
            list(APPEND callgate_targets callgate_${vm}_engine)
            set_property(TARGET callgate_${vm}_engine PROPERTY EXCLUDE_FROM_ALL FALSE)
        endif()
    endif()
    file(GLOB headers "${CMAKE_SOURCE_DIR}/vm/${vm}/${vm}.h" "${CMAKE_SOURCE_DIR}/vm/${vm}/${vm}_*.h")
    install(FILES ${headers} DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/callgate/vm")
    if(EXISTS "${CMAKE_SOURCE_DIR}/vm/${vm}/guest.cmake")
        install(FILES "${CMAKE_SOURCE_DIR}/vm/${vm}/guest.cmake" DESTINATION "${callgate_package}/guest" RENAME "${vm}.cmake")
    endif()
    if(EXISTS "${CMAKE_SOURCE_DIR}/vm/${vm}/linked.cmake")
        install(FILES "${CMAKE_SOURCE_DIR}/vm/${vm}/linked.cmake" DESTINATION "${callgate_package}/linked" RENAME "${vm}.cmake")
    endif()
    if(IS_DIRECTORY "${CMAKE_SOURCE_DIR}/vm/${vm}/runtime")
        install(DIRECTORY "${CMAKE_SOURCE_DIR}/vm/${vm}/runtime" DESTINATION "${callgate_package}/linked" FILES_MATCHING PATTERN "*.h")
    endif()
    if(TARGET callgate_${vm}_table)
        list(APPEND callgate_targets callgate_${vm}_table)
    endif()
endforeach()
foreach(target IN LISTS callgate_targets)
    string(REGEX REPLACE "^callgate_" "" name "${target}")
    set_property(TARGET ${target} PROPERTY EXPORT_NAME "${name}")
endforeach()

install(TARGETS ${callgate_targets} EXPORT callgate
    RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}" ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}")
install(EXPORT callgate NAMESPACE callgate:: FILE callgateTargets.cmake DESTINATION "${callgate_package}")
install(DIRECTORY "${CMAKE_SOURCE_DIR}/include/callgate" DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}" FILES_MATCHING PATTERN "*.h")
install(DIRECTORY "${CMAKE_SOURCE_DIR}/api/" DESTINATION "${CMAKE_INSTALL_DATADIR}/callgate/api" FILES_MATCHING PATTERN "*.yaml")
install(DIRECTORY "${CMAKE_SOURCE_DIR}/example/" DESTINATION "${CMAKE_INSTALL_DATADIR}/callgate/example"
    FILES_MATCHING PATTERN "*.yaml" PATTERN "*.c" PATTERN "*.h" PATTERN "*.evs" PATTERN "README*" REGEX "/(own_api|own_event|unit_test)/CMakeLists\\.txt$")

get_property(wamr_library GLOBAL PROPERTY CALLGATE_WAMR_LIBRARY)
get_property(wamr_include GLOBAL PROPERTY CALLGATE_WAMR_INCLUDE)
set(CALLGATE_WAMR_FILE "")
if("wamr" IN_LIST callgate_vms AND wamr_library MATCHES "\\.a$")
    get_filename_component(CALLGATE_WAMR_FILE "${wamr_library}" NAME)
    install(FILES "${wamr_library}" DESTINATION "${callgate_private}")
    install(DIRECTORY "${wamr_include}/" DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/callgate/vm/wamr" FILES_MATCHING PATTERN "*export.h")
endif()

set(CALLGATE_PRIVATE_DIR "${callgate_private}")
set(CALLGATE_INCLUDE_DIR "${CMAKE_INSTALL_INCLUDEDIR}")
set(CALLGATE_DATA_DIR "${CMAKE_INSTALL_DATADIR}/callgate")
set(CALLGATE_PACKAGE_VMS "${callgate_vms}")
set(CALLGATE_PACKAGE_VMS_LINKED "${callgate_linked}")
# In a folder where find_package() does not look: these files are good only where they are installed.
set(callgate_made "${CMAKE_BINARY_DIR}/cmake/package")
configure_package_config_file("${CMAKE_SOURCE_DIR}/cmake/callgateConfig.cmake.in" "${callgate_made}/callgateConfig.cmake"
    INSTALL_DESTINATION "${callgate_package}" PATH_VARS CALLGATE_PRIVATE_DIR CALLGATE_INCLUDE_DIR CALLGATE_DATA_DIR)
write_basic_package_version_file("${callgate_made}/callgateConfigVersion.cmake" COMPATIBILITY SameMinorVersion)
install(FILES "${callgate_made}/callgateConfig.cmake" "${callgate_made}/callgateConfigVersion.cmake"
    "${CMAKE_SOURCE_DIR}/cmake/CallgateGenerate.cmake" "${CMAKE_SOURCE_DIR}/cmake/CallgateGuest.cmake"
    "${CMAKE_SOURCE_DIR}/cmake/CallgateLinked.cmake" DESTINATION "${callgate_package}")
