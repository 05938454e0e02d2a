/* SPDX-License-Identifier: BSD-2-Clause */
/* test/model/support.c - see support.h. */
#include "support.h"

#include "yaml/kit.h"

#include <stdlib.h>
#include <string.h>

char *file_read(const char *path, size_t *size)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        return NULL;
    }
    char *bytes = malloc(4u << 20);
    assert_non_null(bytes);
    *size = fread(bytes, 1, (4u << 20) - 1, file);
    bytes[*size] = '\0';
    fclose(file);
    return bytes;
}

void reading_make(reading_t *reading, const char *name, const char *bytes, size_t size)
{
    arena_init(&reading->arena);
    diag_init(&reading->diag);
    reading->api = model_read(&reading->arena, &reading->diag, name, bytes, size);
}

void reading_end(reading_t *reading)
{
    diag_free(&reading->diag);
    arena_free(&reading->arena);
}

char *dump_text(const char *name, const char *bytes, size_t size)
{
    reading_t reading;
    char *text = NULL;
    size_t text_size = 0;
    reading_make(&reading, name, bytes, size);
    diag_print(&reading.diag, stderr);
    if (reading.api != NULL) {
        FILE *out = open_memstream(&text, &text_size);
        assert_non_null(out);
        model_dump(out, reading.api);
        fclose(out);
    }
    reading_end(&reading);
    return text;
}

char *dump_file(const char *path)
{
    size_t size = 0;
    char *bytes = file_read(path, &size);
    if (bytes == NULL) {
        print_error("%s: no such file\n", path);
        return NULL;
    }
    char *text = dump_text(path, bytes, size);
    free(bytes);
    return text;
}

static void json_quote(FILE *out, const char *text)
{
    fputc('"', out);
    for (const char *c = text; *c != '\0'; c++) {
        if (*c == '"' || *c == '\\') {
            fprintf(out, "\\%c", *c);
        } else if ((unsigned char)*c < 0x20) {
            fprintf(out, "\\u%04x", (unsigned)*c);
        } else {
            fputc(*c, out);
        }
    }
    fputc('"', out);
}

static void json_scalar(FILE *out, const yaml_node_t *node)
{
    yaml_number_t number;
    switch (yaml_looks(node)) {
    case YAML_LOOKS_INT:
        assert_true(yaml_parse_number(node->text, node->size, &number));
        fprintf(out, "%s%llu", number.is_negative ? "-" : "", (unsigned long long)number.magnitude);
        return;
    case YAML_LOOKS_FLOAT: fprintf(out, "%.17g", strtod(node->text, NULL)); return;
    case YAML_LOOKS_NULL: fputs("null", out); return;
    case YAML_LOOKS_BOOL: fputs(node->text, out); return;
    case YAML_LOOKS_TEXT: json_quote(out, node->text); return;
    }
}

static void json_write(FILE *out, const yaml_node_t *node)
{
    if (node->kind == YAML_SCALAR) {
        json_scalar(out, node);
        return;
    }
    fputc(node->kind == YAML_MAP ? '{' : '[', out);
    for (uint32_t i = 0; i < node->count; i++) {
        fputs(i > 0 ? ",\n" : "", out);
        if (node->kind == YAML_MAP) {
            json_quote(out, node->keys[i]->text);
            fputs(": ", out);
        }
        json_write(out, node->kids[i]);
    }
    fputc(node->kind == YAML_MAP ? '}' : ']', out);
}

char *json_text(const char *path)
{
    arena_t arena;
    diag_t diag;
    size_t size = 0, text_size = 0;
    char *text = NULL, *bytes = file_read(path, &size);
    assert_non_null(bytes);
    arena_init(&arena);
    diag_init(&diag);
    const yaml_node_t *root = yaml_read(&arena, &diag, path, bytes, size, YAML_SIZE_MAX);
    assert_non_null(root);
    FILE *out = open_memstream(&text, &text_size);
    assert_non_null(out);
    json_write(out, root);
    fclose(out);
    free(bytes);
    diag_free(&diag);
    arena_free(&arena);
    return text;
}

void golden_check(const char *path, const char *got)
{
    const char *mode = getenv("CALLGATE_GOLDEN");
    if (mode != NULL && strcmp(mode, "rewrite") == 0) {
        FILE *file = fopen(path, "wb");
        assert_non_null(file);
        fputs(got, file);
        fclose(file);
    }
    size_t size = 0, at = 0, line = 1;
    char *wanted = file_read(path, &size);
    assert_non_null(wanted);
    for (size_t i = 0; wanted[i] != '\0' && wanted[i] == got[i]; i++) {
        if (wanted[i] == '\n') {
            line++;
            at = i + 1;
        }
    }
    const bool is_same = strcmp(wanted, got) == 0;
    if (!is_same) {
        print_error("%s: line %zu differs\n-%.*s\n+%.*s\n", path, line, (int)strcspn(wanted + at, "\n"), wanted + at, (int)strcspn(got + at,
                                                                                                                                   "\n"), got + at);
    }
    free(wanted);
    assert_true(is_same);
}
