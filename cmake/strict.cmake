# SPDX-License-Identifier: BSD-2-Clause
# The compiler flags of the house.
#   callgate_strict(target)  the warnings of the house, all of them errors
#   callgate_hosted(target)  the same, and POSIX and GNU functions (host/, cli/, yaml/, gen/, tests)
# The sanitizers are set for everything built here; engines of others are built apart and do not see them.

set(CALLGATE_STRICT_FLAGS -Wall -Wextra -Wconversion -Wsign-conversion -Wshadow -Wswitch-enum -Wstrict-prototypes
    -Wmissing-prototypes -Wundef -Wcast-qual -Wvla -Werror)

function(callgate_strict target)
    target_compile_options(${target} PRIVATE ${CALLGATE_STRICT_FLAGS})
endfunction()

function(callgate_hosted target)
    callgate_strict(${target})
    target_compile_definitions(${target} PRIVATE _GNU_SOURCE)
endfunction()

if(CALLGATE_SANITIZE)
    add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
    add_link_options(-fsanitize=address,undefined)
endif()
