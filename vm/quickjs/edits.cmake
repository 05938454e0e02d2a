# SPDX-License-Identifier: BSD-2-Clause
# What is changed in copies of the engine's sources. As they are, the engine looks at the clockwork (its interrupt handler) once in 10,000 loops and calls, and some functions
# work on in C without looking at all; and its random numbers tell what time it is.
#   callgate_quickjs_work(steps)  is adapter.c's: it counts, and is false where the guest is over. What is then left undone nobody sees: the guest ends at its next look.
#   callgate_quickjs_look(ctx)    makes the engine look at its next loop or call.

include(edit)

# callgate_quickjs_put(name [tail]): `text` as that file, with what is put before it and behind it.
function(callgate_quickjs_put name)
    set(text "#include <stdbool.h>\n#include <stdint.h>\nextern bool callgate_quickjs_work(uint64_t steps);\n${text}${ARGN}")
    callgate_edit_write("${callgate_quickjs_edited}/${name}")
endfunction()

set(callgate_quickjs_edited "${CMAKE_CURRENT_BINARY_DIR}/edited")

file(READ "${callgate_quickjs_tree}/quickjs.c" text)
callgate_edit("#define JS_INTERRUPT_COUNTER_INIT 10000" "#define JS_INTERRUPT_COUNTER_INIT 100")
# The seed of Math.random is the time of the day, which it would tell.
callgate_edit("    ctx->random_state = js__gettimeofday_us();" "    ctx->random_state = 1;")
# Elements one by one: reverse, splice, join, sort ... of what only says that it has 2^53 elements.
callgate_edit("
static int JS_TryGetPropertyInt64(JSContext *ctx, JSValueConst obj, int64_t idx, JSValue *pval)
{
    JSValue val;
    JSAtom prop;
    int present;
" "
static int JS_TryGetPropertyInt64(JSContext *ctx, JSValueConst obj, int64_t idx, JSValue *pval)
{
    JSValue val;
    JSAtom prop;
    int present;
    if (js_poll_interrupts(ctx)) {
        *pval = JS_EXCEPTION;
        return -1;
    }
")
callgate_edit("
JSValue JS_GetPropertyInt64(JSContext *ctx, JSValueConst obj, int64_t idx)
{
    JSAtom prop;
    JSValue val;
" "
JSValue JS_GetPropertyInt64(JSContext *ctx, JSValueConst obj, int64_t idx)
{
    JSAtom prop;
    JSValue val;
    if (js_poll_interrupts(ctx))
        return JS_EXCEPTION;
")
callgate_edit("
int JS_SetPropertyInt64(JSContext *ctx, JSValueConst this_obj,
                        int64_t idx, JSValue val)
{
    JSAtom prop;
    int res;
" "
int JS_SetPropertyInt64(JSContext *ctx, JSValueConst this_obj,
                        int64_t idx, JSValue val)
{
    JSAtom prop;
    int res;
    if (js_poll_interrupts(ctx)) {
        JS_FreeValue(ctx, val);
        return -1;
    }
")
callgate_edit("
int JS_DeletePropertyInt64(JSContext *ctx, JSValueConst obj, int64_t idx, int flags)
{
    JSAtom prop;
    int res;
" "
int JS_DeletePropertyInt64(JSContext *ctx, JSValueConst obj, int64_t idx, int flags)
{
    JSAtom prop;
    int res;
    if (js_poll_interrupts(ctx))
        return -1;
")
# A text in a text: each place where it may begin costs its length.
callgate_edit("
        if (j < 0 || j + len2 > len1)
            break;
" "
        if (j < 0 || j + len2 > len1 || (len2 > 16 && !callgate_quickjs_work(len2 / 16)))
            break;
")
callgate_edit("
            if (!string_cmp(p, p1, i, 0, v_len)) {
                ret = i;
                break;
            }
" "
            if (!string_cmp(p, p1, i, 0, v_len)) {
                ret = i;
                break;
            }
            if (v_len > 16 && !callgate_quickjs_work(v_len / 16))
                break;
")
# What compares, searches or fills costs by what it may go through.
callgate_edit("
            if (i == stop)
                break;
        }
    }
    JS_FreeValue(ctx, str);
    JS_FreeValue(ctx, v);
    return js_int32(ret);" "
            if (i == stop)
                break;
        }
        callgate_quickjs_work((uint64_t)(i > start ? i - start : start - i) / 16);
    }
    JS_FreeValue(ctx, str);
    JS_FreeValue(ctx, v);
    return js_int32(ret);")
callgate_edit("
        j = string_indexof_char(p1, c, i);
        if (j < 0 ||" "
        j = string_indexof_char(p1, c, i);
        callgate_quickjs_work((uint64_t)((j < 0 ? len1 : j) - i) / 16);
        if (j < 0 ||")
callgate_edit("
static int js_string_memcmp(JSString *p1, JSString *p2, int len)
{
    int res;
" "
static int js_string_memcmp(JSString *p1, JSString *p2, int len)
{
    int res;
    if (len > 256)
        callgate_quickjs_work((uint64_t)len / 64);
")
foreach(kind JS_EQ_SAME_VALUE_ZERO JS_EQ_STRICT)
    set(space " ")
    if(kind STREQUAL "JS_EQ_SAME_VALUE_ZERO")
        set(space "\n                                  ")
    endif()
    callgate_edit("
            for (; n < count; n++) {
                if (js_strict_eq2(ctx, argv[0], arrp[n],${space}${kind})) {" "
            callgate_quickjs_work(n < count ? (uint64_t)(count - n) / 16 : 0);
            for (; n < count; n++) {
                if (js_strict_eq2(ctx, argv[0], arrp[n],${space}${kind})) {")
endforeach()
callgate_edit("
            for (; n >= 0; n--) {
                if (js_strict_eq2(" "
            callgate_quickjs_work((uint64_t)(n + 1) / 16);
            for (; n >= 0; n--) {
                if (js_strict_eq2(")
callgate_edit("
            for (ll = 0, hh = count32 - 1; ll < hh; ll++, hh--) {" "
            callgate_quickjs_work(count32 / 16);
            for (ll = 0, hh = count32 - 1; ll < hh; ll++, hh--) {")
callgate_edit("
    final = min_int(final, p->u.array.count);
    shift = typed_array_size_log2(p->class_id);" "
    final = min_int(final, p->u.array.count);
    callgate_quickjs_work(k < final ? (uint64_t)(final - k) / 16 : 0);
    shift = typed_array_size_log2(p->class_id);")
callgate_edit("
    /* if the array was detached, no need to go further (but no
       exception is raised) */
    if (typed_array_is_oob(p) || len > p->u.array.count) {
        /* \"includes\"" "
    callgate_quickjs_work((uint64_t)len / 16);
    /* if the array was detached, no need to go further (but no
       exception is raised) */
    if (typed_array_is_oob(p) || len > p->u.array.count) {
        /* \"includes\"")
callgate_edit("
    len = min_uint32(len1, len2);
    string_rope_iter_init(&it1, op1);" "
    len = min_uint32(len1, len2);
    callgate_quickjs_work(len / 64);
    string_rope_iter_init(&it1, op1);")
# What is walked by the engine's own iterators: keys of what only says that it has 2^32 elements, by functions that keep none of them.
callgate_edit("
    JSValue obj;

    /* fast path for the built-in iterators (avoid creating the
       intermediate result object) */" "
    JSValue obj;

    if (js_poll_interrupts(ctx)) {
        *pdone = 0;
        return JS_EXCEPTION;
    }
    /* fast path for the built-in iterators (avoid creating the
       intermediate result object) */")
# Typed arrays in place: sorting costs by the number of comparisons.
callgate_edit("
    len = p->u.array.count;
    if (len > 1) {
        switch (p->class_id) {
        case JS_CLASS_INT8_ARRAY:
            tsc.getfun = js_TA_get_int8;" "
    len = p->u.array.count;
    for (uint32_t left = len; left > 0; left /= 2)
        callgate_quickjs_work((uint64_t)len / 8);
    if (len > 1) {
        switch (p->class_id) {
        case JS_CLASS_INT8_ARRAY:
            tsc.getfun = js_TA_get_int8;")
callgate_edit("
    if (len > 0) {
        switch (typed_array_size_log2(p->class_id)) {
        case 0:
            {
                uint8_t *p1 = p->u.array.u.uint8_ptr;
                uint8_t *p2 = p1 + len - 1;" "
    callgate_quickjs_work((uint64_t)len / 16);
    if (len > 0) {
        switch (typed_array_size_log2(p->class_id)) {
        case 0:
            {
                uint8_t *p1 = p->u.array.u.uint8_ptr;
                uint8_t *p2 = p1 + len - 1;")
# The parser: each piece of the text, which is looked up among the names that there are.
callgate_edit("
    if (js_check_stack_overflow(s->ctx->rt, 1000)) {
        JS_ThrowStackOverflow(s->ctx);
        return -1;
    }

    free_token(s, &s->token);

    p = s->last_ptr = s->buf_ptr;" "
    if (js_check_stack_overflow(s->ctx->rt, 1000)) {
        JS_ThrowStackOverflow(s->ctx);
        return -1;
    }
    if (!callgate_quickjs_work(s->cur_func ? 1 + (uint64_t)(s->cur_func->var_count + s->cur_func->global_var_count + s->cur_func->closure_var_count) / 64 : 1)) {
        JS_ThrowInterrupted(s->ctx);
        return -1;
    }

    free_token(s, &s->token);

    p = s->last_ptr = s->buf_ptr;")
callgate_edit("
    for (pos = 0; pos < bc_len; pos = pos_next) {
        op = bc_buf[pos];" "
    for (pos = 0; pos < bc_len; pos = pos_next) {
        if (!callgate_quickjs_work((uint64_t)(s->var_count + s->global_var_count + s->closure_var_count) / 256)) {
            JS_ThrowInterrupted(ctx);
            goto fail;
        }
        op = bc_buf[pos];")
# What a proxy says are its keys: each is looked up among the others.
callgate_edit("
    for(i = 1; i < len; i++) {
        if (find_prop_key(tab, i, tab[i].atom) >= 0) {" "
    for(i = 1; i < len; i++) {
        if (!callgate_quickjs_work((uint64_t)i / 16)) {
            JS_ThrowInterrupted(ctx);
            goto fail;
        }
        if (find_prop_key(tab, i, tab[i].atom) >= 0) {")
callgate_edit("
                    idx = find_prop_key(tab, len, tab2[i].atom);
                    if (idx < 0) {" "
                    idx = find_prop_key(tab, len, tab2[i].atom);
                    callgate_quickjs_work((uint64_t)len / 16);
                    if (idx < 0) {")
# Numbers without limit: a product costs its factors' lengths, multiplied.
callgate_edit("
    r = js_bigint_new(ctx, a->len + b->len);
    if (!r)
        return NULL;
    js_mp_mul_basecase(" "
    callgate_quickjs_work((uint64_t)a->len * b->len / 16);
    r = js_bigint_new(ctx, a->len + b->len);
    if (!r)
        return NULL;
    js_mp_mul_basecase(")
callgate_edit("
    r = js_bigint_new(ctx, na + 2);
    if (!r)
        return NULL;
    if (a_sign) {
        js_mp_neg(r->tab, a->tab, na);" "
    callgate_quickjs_work((uint64_t)na * nb / 16);
    r = js_bigint_new(ctx, na + 2);
    if (!r)
        return NULL;
    if (a_sign) {
        js_mp_neg(r->tab, a->tab, na);")
callgate_edit("
    n_limbs = max_int(1, n_bits / JS_LIMB_BITS + 1);
    r = js_bigint_new(ctx, n_limbs);" "
    n_limbs = max_int(1, n_bits / JS_LIMB_BITS + 1);
    callgate_quickjs_work((uint64_t)n_limbs * n_limbs / 16);
    r = js_bigint_new(ctx, n_limbs);")
callgate_edit("
        assert(JS_VALUE_GET_TAG(val) == JS_TAG_BIG_INT);
        r = JS_VALUE_GET_PTR(val);
        if (r->len == 1 && r->tab[0] == 0) {" "
        assert(JS_VALUE_GET_TAG(val) == JS_TAG_BIG_INT);
        r = JS_VALUE_GET_PTR(val);
        if (!callgate_quickjs_work((uint64_t)r->len * r->len / 4))
            return JS_ThrowOutOfMemory(ctx);
        if (r->len == 1 && r->tab[0] == 0) {")
callgate_quickjs_put(quickjs.c "\nvoid callgate_quickjs_look(JSContext *ctx)\n{\n    ctx->interrupt_counter = 1;\n}\n")

file(READ "${callgate_quickjs_tree}/libregexp.c" text)
callgate_edit("#define INTERRUPT_COUNTER_INIT 10000" "#define INTERRUPT_COUNTER_INIT 100")
# Sets of letters, which may be worked out and be empty: 15 bytes of a pattern are 2,000 ranges.
callgate_edit("
    p = *pp;
    if (*p != '{')
        return re_parse_error(s, \"expecting '{' after \\\\p\");" "
    if (!callgate_quickjs_work(2500))
        return re_parse_error(s, \"interrupted\");
    p = *pp;
    if (*p != '{')
        return re_parse_error(s, \"expecting '{' after \\\\p\");")
callgate_edit("
static int re_parse_nested_class(REParseState *s, REStringList *cr, const uint8_t **pp)
{
    const uint8_t *p;
    uint32_t c1, c2;
    int ret;
    REStringList cr1_s, *cr1 = &cr1_s;
    bool invert, is_first;
" "
static int re_parse_nested_class(REParseState *s, REStringList *cr, const uint8_t **pp)
{
    const uint8_t *p;
    uint32_t c1, c2;
    int ret;
    REStringList cr1_s, *cr1 = &cr1_s;
    bool invert, is_first;

    if (!callgate_quickjs_work(1))
        return re_parse_error(s, \"interrupted\");
")
callgate_quickjs_put(libregexp.c)

# Marks that belong to one letter are sorted one by one.
file(READ "${callgate_quickjs_tree}/libunicode.c" text)
callgate_edit("
    int a_idx, b_idx, is_in;
    uint32_t v;
" "
    int a_idx, b_idx, is_in;
    uint32_t v;

    callgate_quickjs_work((uint64_t)(a_len + b_len) / 2);
")
callgate_edit("
                k = j - 1;
                while (k >= start) {
                    if (unicode_get_cc(buf[k]) <= cc1)" "
                k = j - 1;
                if (j - start > 16 && !callgate_quickjs_work((uint64_t)(j - start) / 16))
                    return;
                while (k >= start) {
                    if (unicode_get_cc(buf[k]) <= cc1)")
callgate_quickjs_put(libunicode.c)
unset(text)
