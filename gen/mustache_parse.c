/* SPDX-License-Identifier: BSD-2-Clause */
/* gen/mustache_parse.c - the text of a template to an array of nodes.
 * Its nodes are rendered by mustache_render.c and checked by mustache_check.c. Never looks up a name. */
#include "mustache_inner.h"

#include <stdlib.h>
#include <string.h>

#define DELIMITER_SIZE_MAX 16u

typedef struct piece {
    const char *text;
    size_t size;
} piece_t;

typedef struct tag {
    char sigil;      /* '\0' for a plain variable, '{' for {{{x}}} */
    piece_t content; /* without white space at the ends */
    const char *open;
    const char *next; /* first byte behind the tag, or behind its line if it stands alone */
    uint32_t line;
} tag_t;

typedef struct parser {
    must_template_t *t;
    must_error_t *error;
    const char *at;
    const char *end;
    const char *line_at; /* `line` is the line of this byte */
    uint32_t line;
    uint32_t capacity;
    uint32_t depth;
    piece_t open;
    piece_t close;
    uint32_t sections[MUST_SECTION_DEPTH_MAX]; /* indices of the nodes of sections that are open */
} parser_t;

/* ---- errors ---- */

/* A name as a message shows it: never so long that it hides the rest. */
static int shown(size_t size)
{
    return size > 60 ? 60 : (int)size;
}

/* ---- bytes ---- */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static bool is_space(char c)
{
    return is_blank(c) || c == '\n' || c == '\r' || c == '\v' || c == '\f';
}

static const char *find(const char *at, const char *end, piece_t what)
{
    while ((size_t)(end - at) >= what.size) {
        const char *hit = memchr(at, what.text[0], (size_t)(end - at) - what.size + 1);
        if (hit == NULL) {
            return NULL;
        }
        if (memcmp(hit, what.text, what.size) == 0) {
            return hit;
        }
        at = hit + 1;
    }
    return NULL;
}

static piece_t trim(const char *from, const char *to)
{
    while (from < to && is_space(*from)) {
        from++;
    }
    while (to > from && is_space(to[-1])) {
        to--;
    }
    return (piece_t){from, (size_t)(to - from)};
}

static uint32_t line_of(parser_t *p, const char *at)
{
    for (; p->line_at < at; p->line_at++) {
        p->line += *p->line_at == '\n';
    }
    return p->line;
}

/* ---- nodes ---- */

/* The new node, empty but for its kind and line; valid until the next one is added. NULL without memory. */
static must_node_t *node_add(parser_t *p, must_node_kind_t kind, uint32_t line)
{
    must_template_t *t = p->t;
    if (t->node_count == p->capacity) {
        const uint32_t capacity = p->capacity * 2; /* cannot wrap: there are fewer nodes than bytes */
        must_node_t *nodes = realloc(t->nodes, capacity * sizeof(*nodes));
        if (nodes == NULL) {
            (void)must_fail_memory(p->error, t->name);
            return NULL;
        }
        t->nodes = nodes;
        p->capacity = capacity;
    }
    must_node_t *node = &t->nodes[t->node_count++];
    memset(node, 0, sizeof(*node));
    node->kind = (uint8_t)kind;
    node->line = line;
    return node;
}

static bool add_text(parser_t *p, const char *from, const char *to)
{
    if (from == to) {
        return true;
    }
    must_node_t *node = node_add(p, NODE_TEXT, p->line);
    if (node == NULL) {
        return false;
    }
    node->text = from;
    node->size = (uint32_t)(to - from);
    node->touchy = *from == '*' || *from == '/';
    node->quick = !node->touchy && node->size <= MUST_SOURCE_PAD;
    return true;
}

/* A name: no white space, no control character; dots only between parts, unless it is a file's name. */
static bool name_check(parser_t *p, const tag_t *tag, bool dotted)
{
    const piece_t name = tag->content;
    if (name.size == 0) {
        return must_fail(p->error, p->t->name, tag->line, "the tag has no name");
    }
    if (name.size > MUST_NAME_SIZE_MAX) {
        return must_fail(p->error, p->t->name, tag->line, "the name '%.*s...' is longer than %u bytes; shorten it",
                         shown(name.size), name.text, MUST_NAME_SIZE_MAX);
    }
    for (size_t i = 0; i < name.size; i++) {
        if ((unsigned char)name.text[i] <= ' ' || name.text[i] == 0x7F) {
            return must_fail(p->error, p->t->name, tag->line,
                             "a name cannot have white space or control characters in it; or is a '%.*s' missing?",
                             (int)p->close.size, p->close.text);
        }
        const bool inner = i > 0 && i + 1 < name.size && name.text[i - 1] != '.';
        if (dotted && name.text[i] == '.' && !inner && name.size > 1) {
            return must_fail(p->error, p->t->name, tag->line, "'%.*s': a dot stands between two parts of a name",
                             shown(name.size), name.text);
        }
    }
    return true;
}

static size_t key_size(const char *from, const char *to)
{
    const char *dot = memchr(from, '.', (size_t)(to - from));
    return (size_t)((dot == NULL ? to : dot) - from);
}

/* A node with a name, and a NODE_KEY for each further part of it. */
static bool add_named(parser_t *p, must_node_kind_t kind, const tag_t *tag)
{
    if (!name_check(p, tag, true)) {
        return false;
    }
    const char *from = tag->content.text;
    const char *to = from + tag->content.size;
    const uint32_t first = p->t->node_count;
    must_node_kind_t part = kind;
    while (from < to) {
        must_node_t *node = node_add(p, part, tag->line);
        if (node == NULL) {
            return false;
        }
        const size_t size = tag->content.size == 1 ? 1 : key_size(from, to); /* "." is a name of its own */
        node->text = from;
        node->key_size = (uint8_t)size;
        node->name_size = (uint8_t)(to - from);
        p->t->nodes[first].key_count = (uint8_t)(p->t->node_count - first - 1);
        from += size + 1;
        part = NODE_KEY;
    }
    return true;
}

static bool add_value(parser_t *p, must_escape_t escape, const tag_t *tag)
{
    const uint32_t index = p->t->node_count;
    if (!add_named(p, NODE_VALUE, tag)) {
        return false;
    }
    p->t->nodes[index].escape = (uint8_t)escape;
    return true;
}

static bool add_partial(parser_t *p, const tag_t *tag, const char *indent, bool standalone)
{
    if (!name_check(p, tag, false)) {
        return false;
    }
    must_node_t *node = node_add(p, NODE_PARTIAL, tag->line);
    if (node == NULL) {
        return false;
    }
    node->text = tag->content.text;
    node->name_size = (uint8_t)tag->content.size;
    node->standalone = standalone;
    node->indent = indent;
    node->size = (uint32_t)(tag->open - indent);
    return true;
}

static bool section_open(parser_t *p, must_node_kind_t kind, const tag_t *tag)
{
    if (p->depth == MUST_SECTION_DEPTH_MAX) {
        return must_fail(p->error, p->t->name, tag->line, "sections are nested deeper than %u; move some into a partial",
                         MUST_SECTION_DEPTH_MAX);
    }
    p->sections[p->depth++] = p->t->node_count;
    return add_named(p, kind, tag);
}

static bool section_close(parser_t *p, const tag_t *tag)
{
    const piece_t name = tag->content;
    if (p->depth == 0) {
        return must_fail(p->error, p->t->name, tag->line, "'%.*s' closes a section, but none is open",
                         shown(name.size), name.text);
    }
    must_node_t *node = &p->t->nodes[p->sections[--p->depth]];
    if (node->name_size != name.size || memcmp(node->text, name.text, name.size) != 0) {
        return must_fail(p->error, p->t->name, tag->line, "'%.*s' closes section '%.*s' of line %u; close that first",
                         shown(name.size), name.text, shown(node->name_size), node->text, node->line);
    }
    node->end = p->t->node_count;
    return true;
}

/* ---- tags ---- */

/* {{=<% %>=}}: two pieces with white space between. */
static bool delimiters_set(parser_t *p, const tag_t *tag)
{
    const char *from = tag->content.text;
    const char *end = from + tag->content.size;
    const char *to = from;
    while (to < end && !is_space(*to)) {
        to++;
    }
    const piece_t open = {from, (size_t)(to - from)};
    const piece_t close = trim(to, end);
    bool good = open.size > 0 && open.size <= DELIMITER_SIZE_MAX && close.size > 0 && close.size <= DELIMITER_SIZE_MAX;
    for (size_t i = 0; good && i < close.size; i++) {
        good = !is_space(close.text[i]) && close.text[i] != '=';
    }
    if (!good || memchr(open.text, '=', open.size) != NULL) {
        return must_fail(p->error, p->t->name, tag->line,
                         "delimiters are two marks of 1 to %u bytes with a space between and no '=', as in {{=<%% %%>=}}",
                         DELIMITER_SIZE_MAX);
    }
    p->open = open;
    p->close = close;
    return true;
}

/* {{{x}}} and {{=x y=}} end with a mark of their own before the delimiter. `to` is where the delimiter was found first;
 * returns where the one behind the mark is, or NULL. */
static const char *marked_close(const parser_t *p, const char *from, const char *to, char mark)
{
    while (to != NULL && *to != mark && (to == from || to[-1] != mark)) {
        to = find(to + 1, p->end, p->close);
    }
    if (to == NULL) {
        return NULL;
    }
    if (*to == mark && (size_t)(p->end - to) > p->close.size && memcmp(to + 1, p->close.text, p->close.size) == 0) {
        return to + 1; /* of }}} the first two bytes were taken for the delimiter */
    }
    return to > from && to[-1] == mark ? to : NULL;
}

/* Finds the end of the tag that opens at `open`. */
static bool tag_read(parser_t *p, const char *open, tag_t *tag)
{
    const char *from = open + p->open.size;
    tag->open = open;
    tag->line = line_of(p, open);
    tag->sigil = from < p->end && memchr("#^/!>=&{$<*", *from, 11) != NULL ? *from++ : '\0';
    const char *to = find(from, p->end, p->close);
    const char *content_end = to;
    if (tag->sigil == '=' || tag->sigil == '{') {
        const char mark = tag->sigil == '=' ? '=' : '}';
        to = marked_close(p, from, to, mark);
        if (to == NULL) {
            return must_fail(p->error, p->t->name, tag->line, "the tag is never closed; add '%c%.*s'", mark,
                             (int)p->close.size, p->close.text);
        }
        content_end = to - 1;
    }
    if (to == NULL) {
        return must_fail(p->error, p->t->name, tag->line, "the tag is never closed; add '%.*s'", (int)p->close.size,
                         p->close.text);
    }
    tag->next = to + p->close.size;
    tag->content = trim(from, content_end);
    return true;
}

/* True if nothing but blanks is around the tag on its lines; then *from is the start of its line, and tag->next moves
 * behind the end of the line. */
static bool tag_is_alone(const parser_t *p, tag_t *tag, const char **from)
{
    const char *start = tag->open;
    while (start > p->t->source && is_blank(start[-1])) {
        start--;
    }
    if (start > p->t->source && start[-1] != '\n') {
        return false;
    }
    const char *next = tag->next;
    while (next < p->end && is_blank(*next)) {
        next++;
    }
    if (p->end - next >= 2 && next[0] == '\r' && next[1] == '\n') {
        next++;
    }
    if (next < p->end && *next != '\n') {
        return false;
    }
    *from = start;
    tag->next = next < p->end ? next + 1 : next;
    return true;
}

static bool tag_add(parser_t *p, const tag_t *tag, const char *line_start, bool alone)
{
    switch (tag->sigil) {
    case '\0': return add_value(p, p->t->escape, tag);
    case '{':
    case '&': return add_value(p, MUST_ESCAPE_NONE, tag);
    case '#': return section_open(p, NODE_SECTION, tag);
    case '^': return section_open(p, NODE_INVERTED, tag);
    case '/': return section_close(p, tag);
    case '>': return add_partial(p, tag, line_start, alone);
    case '=': return delimiters_set(p, tag);
    case '!': return true;
    default:
        return must_fail(p->error, p->t->name, tag->line, "tags that begin with '%c' are not supported", tag->sigil);
    }
}

static bool parse(parser_t *p)
{
    while (p->at < p->end) {
        const char *open = find(p->at, p->end, p->open);
        if (open == NULL) {
            break;
        }
        tag_t tag;
        if (!tag_read(p, open, &tag)) {
            return false;
        }
        const char *text_end = open;
        const bool alone = tag.sigil != '\0' && strchr("#^/!>=", tag.sigil) != NULL && tag_is_alone(p, &tag, &text_end);
        if (!add_text(p, p->at, text_end) || !tag_add(p, &tag, text_end, alone)) {
            return false;
        }
        p->at = tag.next;
    }
    if (p->depth > 0) {
        const must_node_t *node = &p->t->nodes[p->sections[p->depth - 1]];
        return must_fail(p->error, p->t->name, node->line, "section '%.*s' is never closed; add {{/%.*s}}",
                         shown(node->name_size), node->text, shown(node->name_size), node->text);
    }
    return add_text(p, p->at, p->end);
}

bool must_parse(must_engine_t *engine, const must_source_t *source, must_template_t **out, must_error_t *error)
{
    error->text[0] = '\0';
    if (source->size > MUST_TEMPLATE_SIZE_MAX) {
        return must_fail(error, source->name, 1, "the template has %zu bytes; at most %u are allowed", source->size,
                         MUST_TEMPLATE_SIZE_MAX);
    }
    if (source->size > 0 && memchr(source->text, '\0', source->size) != NULL) {
        return must_fail(error, source->name, 1, "the template has a NUL byte in it; is it a text?");
    }
    must_template_t *t = must_template_new(engine, source);
    if (t == NULL) {
        return must_fail_memory(error, source->name);
    }
    parser_t p = {.t = t, .error = error, .at = t->source, .end = t->source + source->size, .line_at = t->source,
                  .line = 1, .capacity = MUST_NODE_COUNT_FIRST, .open = {"{{", 2}, .close = {"}}", 2}};
    if (!parse(&p)) {
        must_template_free(t);
        return false;
    }
    t->older = engine->templates;
    engine->templates = t;
    *out = t;
    return true;
}
