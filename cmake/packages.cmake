# SPDX-License-Identifier: BSD-2-Clause
# Libraries of the system, by pkg-config, as imported targets. A room asks `if(TARGET callgate::coap)`.
#   callgate::fyaml   libfyaml, required (the descriptions are YAML)
#   callgate::coap    libcoap 3, for host/linux; without it there is no CoAP on this host
#   callgate::cmocka  cmocka, for the unit tests
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)

# callgate_package(name module...): the first module that pkg-config knows becomes callgate::<name>.
function(callgate_package name)
    foreach(module IN LISTS ARGN)
        pkg_check_modules(callgate_pkg_${name} QUIET IMPORTED_TARGET GLOBAL "${module}")
        if(callgate_pkg_${name}_FOUND)
            add_library(callgate::${name} ALIAS PkgConfig::callgate_pkg_${name})
            message(STATUS "callgate: ${name} is ${module} ${callgate_pkg_${name}_VERSION}")
            return()
        endif()
        unset(callgate_pkg_${name}_FOUND CACHE)
        unset(__pkg_config_checked_callgate_pkg_${name} CACHE)
    endforeach()
    message(STATUS "callgate: ${name} not found (looked for: ${ARGN}); run tools/setup.sh")
endfunction()

callgate_package(fyaml "libfyaml>=0.7.12")
callgate_package(coap libcoap-3-notls libcoap-3-openssl libcoap-3-gnutls libcoap-3)
callgate_package(cmocka "cmocka>=1.1.5")
