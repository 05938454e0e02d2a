# SPDX-License-Identifier: BSD-2-Clause
# Engines whose sources are changed in a few places: in copies, each edit in the one place where it belongs, so that the sources of another version are refused.

# callgate_edit(old new): in the caller's variable `text`.
function(callgate_edit old new)
    string(FIND "${text}" "${old}" first)
    string(FIND "${text}" "${old}" last REVERSE)
    if(first EQUAL -1 OR NOT first EQUAL last)
        message(FATAL_ERROR "callgate: an engine's sources are not of the version that is wanted: this is not in one place there:\n${old}")
    endif()
    string(REPLACE "${old}" "${new}" text "${text}")
    set(text "${text}" PARENT_SCOPE)
endfunction()

# callgate_edit_write(path): the text as that file, unless it is there already.
function(callgate_edit_write path)
    set(before "")
    if(EXISTS "${path}")
        file(READ "${path}" before)
    endif()
    if(NOT before STREQUAL text)
        file(WRITE "${path}" "${text}")
    endif()
endfunction()

# callgate_edit_copy(from to old new): a copy with one edit.
function(callgate_edit_copy from to old new)
    file(READ "${from}" text)
    callgate_edit("${old}" "${new}")
    callgate_edit_write("${to}")
endfunction()
