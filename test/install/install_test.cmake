# SPDX-License-Identifier: BSD-2-Clause
# cmake -DBUILD= -DWORK= -DSOURCE= ... -P install_test.cmake: see CMakeLists.txt beside it. Prints what went wrong and fails, or 77 where there is no clang-19.
cmake_minimum_required(VERSION 3.25)
find_program(CLANG clang-19)
if(NOT CLANG)
    message("skipped: there is no clang-19 to build guests with; run tools/setup.sh")
    cmake_language(EXIT 77)
endif()

# run(name expected-code command...): the output of both streams is in `output`.
function(run name expected)
    execute_process(COMMAND ${ARGN} RESULT_VARIABLE code OUTPUT_VARIABLE output ERROR_VARIABLE output)
    if(NOT code EQUAL expected)
        message(FATAL_ERROR "${name}: exit code ${code}, wanted ${expected}\n${output}")
    endif()
    set(output "${output}" PARENT_SCOPE)
endfunction()

function(expect name wanted)
    if(NOT output STREQUAL wanted)
        message(FATAL_ERROR "${name}: wanted\n${wanted}\nbut it said\n${output}")
    endif()
endfunction()

file(REMOVE_RECURSE "${WORK}/first" "${WORK}/moved" "${WORK}/build" "${WORK}/own_api" "${WORK}/own_event")
run("install" 0 "${CMAKE_COMMAND}" --install "${BUILD}" --prefix "${WORK}/first")
file(RENAME "${WORK}/first" "${WORK}/moved")

file(GLOB_RECURSE texts "${WORK}/moved/*.cmake" "${WORK}/moved/*.h" "${WORK}/moved/*.yaml")
foreach(file IN LISTS texts)
    file(READ "${file}" text)
    foreach(place IN ITEMS "${BUILD}" "${WORK}")
        string(FIND "${text}" "${place}" at)
        if(NOT at EQUAL -1)
            message(FATAL_ERROR "${file} names the build it came from: ${place}")
        endif()
    endforeach()
endforeach()

run("the command" 0 "${WORK}/moved/bin/callgate" --version)
expect("the command" "callgate ${VERSION}\n")

run("configure" 0 "${CMAKE_COMMAND}" -S "${SOURCE}/fixtures/project" -B "${WORK}/build" -G "${GENERATOR}" "-DCMAKE_PREFIX_PATH=${WORK}/moved"
    "-DCMAKE_C_COMPILER=${COMPILER}" "-DCMAKE_C_FLAGS=${FLAGS}" "-DCMAKE_BUILD_TYPE=${TYPE}" "-DCLANG=${CLANG}"
    "-Diwasm_DIR=${IWASM}")
run("build" 0 "${CMAKE_COMMAND}" --build "${WORK}/build")
run("build again, with nothing to do" 0 "${CMAKE_COMMAND}" --build "${WORK}/build")
if(GENERATOR STREQUAL "Ninja" AND NOT output MATCHES "no work to do")
    message(FATAL_ERROR "a second build does something:\n${output}")
endif()

file(GLOB guests "${WORK}/build/fill.wasm" "${WORK}/build/fill.rbf" "${WORK}/build/fill.evm")
list(LENGTH guests count)
if(count EQUAL 0)
    message(FATAL_ERROR "the project built no guests")
endif()
foreach(guest IN LISTS guests)
    string(REGEX REPLACE ".*\\." "" kind "${guest}")
    run("fill.${kind}" 0 "${WORK}/build/tank" "${guest}")
    expect("fill.${kind}" "plumber opens valve-2\nreturned 1234\n")
    run("stale.${kind}" 1 "${WORK}/build/tank" "${WORK}/build/stale.${kind}")
    expect("stale.${kind}" "was built for another version of API tank (this host has 1.0.0): rebuild the guest against this host's SDK\n")
    run("greedy.${kind}" 1 "${WORK}/build/tank" "${WORK}/build/greedy.${kind}")
    expect("greedy.${kind}" "imports tank.drain, which the policy does not grant: add `tank: [drain]` under `calls:`\n")
endforeach()

foreach(file IN ITEMS README.md c/sense.c rust/Cargo.toml.in rust/src/lib.rs assembly/sense.ts sense.policy.yaml devices.yaml)
    if(NOT EXISTS "${WORK}/moved/share/callgate/example/languages/${file}")
        message(FATAL_ERROR "the example of languages lacks ${file}")
    endif()
endforeach()

# The installed examples build where they lie.
foreach(example IN ITEMS own_api own_event)
    run("configure ${example}" 0 "${CMAKE_COMMAND}" -S "${WORK}/moved/share/callgate/example/${example}" -B "${WORK}/${example}" -G "${GENERATOR}"
        "-DCMAKE_PREFIX_PATH=${WORK}/moved" "-DCMAKE_C_COMPILER=${COMPILER}" "-DCMAKE_C_FLAGS=${FLAGS}" "-DCMAKE_BUILD_TYPE=${TYPE}" "-Diwasm_DIR=${IWASM}")
    run("build ${example}" 0 "${CMAKE_COMMAND}" --build "${WORK}/${example}")
endforeach()
run("run own_api" 0 "${WORK}/own_api/own_api" "${WORK}/own_api/count.rbf")
expect("run own_api" "rbpf: the guest returned 42\n")
run("run own_event" 0 "${WORK}/own_event/own_event" "${WORK}/own_event/light.rbf")
expect("run own_event" "the light is on\nthe light is off\nthe light is on\nrbpf: the guest is done, 0\n")
message("built and ran ${count} kinds of guests against the installed package")
