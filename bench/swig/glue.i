/* SPDX-License-Identifier: BSD-2-Clause */
/* glue.i - the benchmark's calls as SWIG is told them: one module with the names that guest/loop.lua uses. SWIG checks how many arguments there are and their types; it
 * knows no grant, budget, handle that dies, or limit of a text. */
%module glue
%{
#include "swig/calls.h"
%}
%include <stdint.i>
%typemap(in, numinputs=1, checkfn="lua_isstring") (const char *text, size_t size) %{ $1 = (char *)lua_tolstring(L, $input, &$2); %}
%rename("%(strip:[swig_])s") "";
%include "swig/calls.h"
