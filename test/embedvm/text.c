/* SPDX-License-Identifier: BSD-2-Clause */
/* text.c - see text.h. */
#include "text.h"

#include <stdio.h>

static char *copy(const char *text, size_t size)
{
    char *const bytes = malloc(size + 1);
    assert_non_null(bytes);
    memcpy(bytes, text, size);
    return bytes;
}

static char *read_file(void *ctx, const char *path, size_t *size)
{
    static const char *const files[][2] = {
        {"dir/lib.evs", ".const ANSWER 42\n.include \"sub/deep.evs\"\n"},
        {"dir/sub/deep.evs", ".const DEEP 7\n.include \"deep.evs\"\n"},
        {"dir/loop.evs", ".include \"loop.evs\"\n.const LOOP 1\n"},
        {"dir/bad.evs", "add\n  frob\n"},
        {"sdk/api/a.evs", ".include \"b.evs\"\n.include \"api/b.evs\"\n"},
        {"sdk/api/b.evs", ".const B 9\n"},
        {"dir/open.evs", "function f()\n"},
    };
    char text[64];
    (void)ctx;
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        if (strcmp(path, files[i][0]) == 0) {
            *size = strlen(files[i][1]);
            return copy(files[i][1], *size);
        }
    }
    if (strcmp(path, "dir/nul.evs") == 0) {
        *size = 7;
        return copy("add\0add", *size);
    }
    if (path[4] >= '0' && path[4] <= '9') {
        *size = (size_t)snprintf(text, sizeof text, ".include \"%d.evs\"\n", (int)strtol(path + 4, NULL, 10) + 1);
        return copy(text, *size);
    }
    return NULL;
}

static void take_error(void *ctx, const char *path, uint32_t line, uint32_t column, const char *message)
{
    text_t *const text = ctx;
    const size_t used = strlen(text->errors);
    (void)snprintf(text->errors + used, sizeof text->errors - used, "%s:%u:%u: %s\n", path, line, column, message);
}

bool text_assemble(text_t *text, const char *source)
{
    static const char *const folders[] = {"nowhere", "sdk"};
    const evm_asm_ops_t ops = {EVM_ASM_OPS_VERSION, read_file, take_error, text, folders, 2};
    char *const exact = copy(source, strlen(source)); /* not NUL-ended */
    text->errors[0] = 0;
    const int failed = evm_assemble("dir/main.evs", exact, strlen(source), &ops, &text->bytes, &text->size);
    free(exact);
    assert_int_equal(failed != 0, text->errors[0] != 0);
    assert_int_equal(failed != 0, text->bytes == NULL);
    if (!failed) {
        assert_int_equal(evm_image_open(&text->image, text->bytes, (uint32_t)text->size), EVM_OK);
    }
    return !failed;
}

void text_close(text_t *text)
{
    free(text->bytes);
    text->bytes = NULL;
}

void text_code_is(const char *name, const char *source, const char *digits)
{
    static text_t text;
    static char got[3 * 1024];
    size_t used = 0;
    if (!text_assemble(&text, source)) {
        fail_msg("%s: %s", name, text.errors);
    }
    got[0] = 0;
    for (uint32_t i = 0; i < text.image.code_size && used + 4 < sizeof got; i++) {
        used += (size_t)snprintf(got + used, sizeof got - used, i == 0 ? "%02x" : " %02x", text.image.code[i]);
    }
    text_close(&text);
    if (strcmp(got, digits) != 0) {
        fail_msg("%s: '%s', wanted '%s'", name, got, digits);
    }
}
