/* SPDX-License-Identifier: BSD-2-Clause */
/* gen/model_text.c - the words and texts of a description: docs, names, bits of C.
 * Called by all other model_*.c. Takes texts as they are: making them safe for an output is the templates' business. */
#include "gen/model_inner.h"

#include "yaml/utf8.h"

#include <stdlib.h>
#include <string.h>

enum { TEXT_DOC_MAX = 4096, TEXT_UNIT_MAX = 40 };

void model_refuse(model_reader_t *reader, model_rule_t rule, yaml_pos_t at, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    diag_rule_verror(reader->diag, model_rule_number(rule), at, format, args);
    va_end(args);
}

bool model_has_hidden(const char *text, const char *allowed, uint32_t *hidden)
{
    const size_t size = strlen(text);
    uint32_t point = 0;
    for (size_t i = 0; i < size;) {
        const size_t n = utf8_decode(text + i, size - i, &point);
        const bool is_joiner = point == 0x200c || point == 0x200d; /* parts of words in some scripts, and of emoji */
        if (n == 0 || (utf8_is_hidden(point) && !is_joiner && (point >= 0x80 || strchr(allowed, (int)point) == NULL))) {
            *hidden = n == 0 ? (unsigned char)text[i] : point;
            return true;
        }
        i += n;
    }
    return false;
}

void model_read_doc(model_reader_t *reader, const yaml_node_t *node, const char **text)
{
    if (node == NULL || !yaml_want_text(reader->diag, node, "'doc'", text)) {
        return;
    }
    if (node->size > TEXT_DOC_MAX) {
        model_refuse(reader, MODEL_RULE_TEXT, node->at, "this doc has %u bytes, more than %d", (unsigned)node->size, TEXT_DOC_MAX);
    }
    uint32_t hidden = 0;
    if (model_has_hidden(node->text, "\n\t", &hidden)) {
        model_refuse(reader, MODEL_RULE_TEXT, node->at, "this doc holds the control character U+%04X", (unsigned)hidden);
    }
}

void model_read_unit(model_reader_t *reader, const yaml_node_t *node, const char **text)
{
    if (node == NULL || !yaml_want_text(reader->diag, node, "'unit'", text)) {
        return;
    }
    if (node->size == 0 || node->size > TEXT_UNIT_MAX) {
        model_refuse(reader, MODEL_RULE_TEXT, node->at, "a unit has 1 to %d bytes, this one %u", TEXT_UNIT_MAX, (unsigned)node->size);
    }
    uint32_t hidden = 0;
    if (model_has_hidden(node->text, "", &hidden)) {
        model_refuse(reader, MODEL_RULE_TEXT, node->at, "a unit is one line, without the control character U+%04X", (unsigned)hidden);
    }
}

bool model_read_name(model_reader_t *reader, const yaml_node_t *node, const char *what)
{
    return yaml_want_name(reader->diag, node, what, MODEL_NAME_MAX);
}

/* Words of C11, C23 and C++20, what headers everyone includes define in lower case, and what generated functions call their own.
 * In order, for bsearch. */
static const char *const text_words[] = {
    "alignas", "alignof", "and", "and_eq", "asm", "assert", "auto", "bitand", "bitor", "bool", "break", "call", "case", "catch", "char",
    "class", "co_await", "co_return", "co_yield", "compl", "complex", "concept", "const", "const_cast", "consteval", "constexpr",
    "constinit", "continue", "decltype", "default", "delete", "do", "double", "dynamic_cast", "else", "enum", "errno", "explicit",
    "export", "extern", "false", "far", "float", "for", "friend", "goto", "guest", "host", "if", "inline", "int",
    "linux", "long", "mutable", "namespace", "near", "new", "noexcept", "noreturn", "not", "not_eq", "nullptr", "offsetof",
    "operator", "or", "or_eq", "private", "protected", "public", "register", "reinterpret_cast", "requires", "restrict",
    "return", "short", "signed", "sizeof", "static", "static_assert", "static_cast", "stderr", "stdin", "stdout", "struct", "switch",
    "template", "this", "thread_local", "throw", "true", "try", "typedef", "typeid", "typename", "typeof", "typeof_unqual", "union",
    "unix", "unsigned", "using", "va_arg", "va_copy", "va_end", "va_start", "virtual", "void", "volatile", "wchar_t", "while", "xor",
    "xor_eq",
};

static int text_compare_word(const void *word, const void *entry)
{
    return strcmp(word, *(const char *const *)entry);
}

bool model_read_word(model_reader_t *reader, const yaml_node_t *node, const char *what)
{
    if (!model_read_name(reader, node, what)) {
        return false;
    }
    const bool is_type = node->size > 2 && strcmp(node->text + node->size - 2, "_t") == 0;
    if (!is_type && bsearch(node->text, text_words, sizeof text_words / sizeof text_words[0], sizeof text_words[0], text_compare_word) == NULL) {
        return true;
    }
    model_refuse(reader, MODEL_RULE_WORD, node->at, "'%s' cannot be %s: %s", node->text, what,
                 is_type ? "names that end in _t are types in C" : "the word has a meaning in C, C++ or generated code");
    return false;
}

/* Names that callgate itself has in C: headers (`callgate/error.h`) and the second word of `cg_vm_ops_t` or `CG_ABI_VERSION`. A test compares
 * this list with the headers. In order, for bsearch. */
static const char *const text_taken[] = {
    "abi", "api", "big", "body", "call", "callgate", "calls", "catalog", "cg", "constant", "digits", "err", "error", "ev", "form", "found", "grant", "guard",
    "guest", "host", "item", "items", "kind", "load", "object", "policy", "post", "refused", "rights", "row", "set", "slot", "slots", "state",
    "stop", "text", "trace", "type", "value", "violation", "vm", "window",
};

bool model_read_api_name(model_reader_t *reader, const yaml_node_t *node)
{
    if (!model_read_word(reader, node, "an API")) {
        return false;
    }
    /* The first word decides: `vm_ops` would meet cg_vm_ops_t as `vm` does, and ours will grow. */
    const char *first = arena_text(reader->arena, node->text, strcspn(node->text, "_"));
    if (bsearch(first, text_taken, sizeof text_taken / sizeof text_taken[0], sizeof text_taken[0], text_compare_word) == NULL) {
        return true;
    }
    model_refuse(reader, MODEL_RULE_WORD, node->at, "'%s' cannot be an API: callgate has headers or names of its own that begin so", node->text);
    return false;
}

uint32_t model_read_map(model_reader_t *reader, const yaml_node_t *node, const char *what)
{
    return node != NULL && yaml_want(reader->diag, node, YAML_MAP, what) ? node->count : 0;
}

static bool text_is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool text_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool text_is_identifier(const char *text)
{
    if (!text_is_letter(*text)) {
        return false;
    }
    while (text_is_letter(*text) || text_is_digit(*text)) {
        text++;
    }
    return *text == '\0';
}

bool model_is_header(const char *text)
{
    if (!text_is_letter(*text) && !text_is_digit(*text)) {
        return false;
    }
    for (const char *c = text; *c != '\0'; c++) {
        if (!text_is_letter(*c) && !text_is_digit(*c) && strchr("./+-", *c) == NULL) {
            return false;
        }
    }
    return strstr(text, "..") == NULL && strlen(text) <= 200;
}

bool model_is_c_type(const char *text)
{
    static const char *const tags[] = {"struct ", "union ", "enum "};
    for (size_t i = 0; i < sizeof tags / sizeof tags[0]; i++) {
        if (strncmp(text, tags[i], strlen(tags[i])) == 0) {
            text += strlen(tags[i]);
            break;
        }
    }
    return text_is_identifier(text) && strlen(text) <= 200;
}

bool model_is_c_value(const char *text)
{
    yaml_number_t number;
    if (yaml_parse_number(text, strlen(text), &number)) {
        return true;
    }
    return text_is_identifier(text[0] == '-' ? text + 1 : text) && strlen(text) <= 200;
}
