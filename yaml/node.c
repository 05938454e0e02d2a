/* SPDX-License-Identifier: BSD-2-Clause */
/* yaml/node.c - events in, tree out.
 * Sits between libfyaml (tokens and syntax) and yaml/kit.h (what a value means). Uses no libfyaml documents: they take quadratic time
 * on large maps. Walks with its own stack of YAML_DEPTH_MAX frames, never by recursion. */
#include "yaml/node.h"

#include "yaml/check.h"
#include "yaml/utf8.h"

#include <libfyaml.h>
#include <stdlib.h>
#include <string.h>

/* One map or list that is still open. Its children so far are on the shared stack from `first` on: keys and values in turn for a map. */
typedef struct node_frame {
    yaml_node_t *node;
    size_t first;
} node_frame_t;

typedef struct node_reader {
    arena_t *arena;
    diag_t *diag;
    const yaml_source_t *source;
    node_frame_t frames[YAML_DEPTH_MAX];
    uint32_t depth;
    yaml_node_t **stack;
    size_t stack_count, stack_room;
    uint32_t documents;
    bool is_json;
    uint32_t last_end; /* where the last event ended: the place of values that are not there */
    yaml_node_t *root;
} node_reader_t;

const char *yaml_kind_name(yaml_kind_t kind)
{
    switch (kind) {
    case YAML_SCALAR: return "text";
    case YAML_MAP: return "a map";
    case YAML_LIST: return "a list";
    }
    return "?";
}

uint32_t yaml_hash(const char *text, size_t size)
{
    uint32_t hash = 2166136261u;
    for (size_t i = 0; i < size; i++) {
        hash = (hash ^ (unsigned char)text[i]) * 16777619u;
    }
    return hash;
}

static yaml_pos_t node_place(const node_reader_t *reader, size_t offset)
{
    return (yaml_pos_t){reader->source, offset < reader->source->size ? (uint32_t)offset : reader->source->size};
}

static void node_push(node_reader_t *reader, yaml_node_t *node)
{
    if (reader->stack_count == reader->stack_room) {
        reader->stack_room = reader->stack_room == 0 ? 256 : reader->stack_room * 2;
        reader->stack = arena_grow(reader->stack, reader->stack_room, sizeof(yaml_node_t *));
    }
    reader->stack[reader->stack_count++] = node;
}

/* True while the next node of the innermost map is a key. */
static bool node_is_key(const node_reader_t *reader)
{
    const node_frame_t *frame = &reader->frames[reader->depth - 1];
    return frame->node->kind == YAML_MAP && (reader->stack_count - frame->first) % 2 == 0;
}

/* Put a node where it belongs: the root, or the innermost open map or list. */
static bool node_add(node_reader_t *reader, yaml_node_t *node)
{
    if (reader->depth == 0) {
        reader->root = node;
        return true;
    }
    if (node->kind != YAML_SCALAR && node_is_key(reader)) {
        diag_rule_error(reader->diag, "R007", node->at, "a key is a word or a quoted text, not %s", yaml_kind_name(node->kind));
        if (node->is_flow) {
            diag_help(reader->diag, "text that begins with { or [ needs quotes");
        }
        return false;
    }
    node_push(reader, node);
    return true;
}

static bool node_refuse_extra(node_reader_t *reader, struct fy_token *token, const char *what)
{
    if (token == NULL) {
        return true;
    }
    const struct fy_mark *mark = fy_token_start_mark(token);
    diag_rule_error(reader->diag, "R005", node_place(reader, mark != NULL ? mark->input_pos : reader->last_end), "%s are not allowed", what);
    diag_help(reader->diag, "write the value out, or quote it if it is text");
    return false;
}

static bool node_refuse_extras(node_reader_t *reader, struct fy_token *anchor, struct fy_token *tag)
{
    return node_refuse_extra(reader, anchor, "anchors (&)") && node_refuse_extra(reader, tag, "tags (!)");
}

/* libfyaml's mark of a quoted text is behind the quote; people look for the quote. */
static void node_point_at_quote(const node_reader_t *reader, yaml_node_t *node)
{
    if (!node->is_plain && node->at.offset > 0) {
        const char before = reader->source->text[node->at.offset - 1];
        node->at.offset -= before == '"' || before == '\'';
    }
}

/* Escapes can make what the bytes of the file cannot hold: NUL, and halves of surrogate pairs. */
static bool node_check_escapes(node_reader_t *reader, const yaml_node_t *node)
{
    uint32_t point = 0;
    for (size_t i = 0, n = 0; i < node->size; i += n) {
        n = utf8_decode(node->text + i, node->size - i, &point);
        if (n == 0 || point == 0) {
            diag_rule_error(reader->diag, "R003", node->at, n == 0 ? "an escape in this text is no character" : "this text holds a NUL character");
            return false;
        }
    }
    return true;
}

static bool node_scalar(node_reader_t *reader, struct fy_event *event)
{
    struct fy_token *token = event->scalar.value;
    if (!node_refuse_extras(reader, event->scalar.anchor, event->scalar.tag)) {
        return false;
    }
    yaml_node_t *node = arena_alloc(reader->arena, sizeof *node);
    size_t size = 0;
    const char *text = token != NULL ? fy_token_get_text(token, &size) : NULL;
    const struct fy_mark *start = token != NULL ? fy_token_start_mark(token) : NULL;
    node->kind = YAML_SCALAR;
    node->is_plain = token == NULL || fy_token_scalar_style(token) == FYSS_PLAIN;
    node->is_empty = node->is_plain && size == 0;
    node->at = node_place(reader, start != NULL && !node->is_empty ? start->input_pos : reader->last_end);
    node_point_at_quote(reader, node);
    node->text = arena_text(reader->arena, text, text != NULL ? size : 0);
    node->size = (uint32_t)(text != NULL ? size : 0);
    node->hash = yaml_hash(node->text, node->size);
    if (!node->is_plain && !node_check_escapes(reader, node)) {
        return false;
    }
    const struct fy_mark *end = token != NULL ? fy_token_end_mark(token) : NULL;
    if (end != NULL && !node->is_empty) {
        reader->last_end = node_place(reader, end->input_pos).offset;
    }
    return node_add(reader, node);
}

static bool node_open(node_reader_t *reader, yaml_kind_t kind, bool is_flow, struct fy_token *start)
{
    const struct fy_mark *mark = start != NULL ? fy_token_start_mark(start) : NULL;
    yaml_node_t *node = arena_alloc(reader->arena, sizeof *node);
    node->kind = kind;
    node->is_flow = is_flow;
    node->at = node_place(reader, mark != NULL ? mark->input_pos : reader->last_end);
    reader->last_end = node->at.offset;
    if (reader->depth == YAML_DEPTH_MAX) {
        diag_rule_error(reader->diag, "R006", node->at, "maps and lists are nested deeper than %d", YAML_DEPTH_MAX);
        return false;
    }
    if (!node_add(reader, node)) {
        return false;
    }
    reader->frames[reader->depth++] = (node_frame_t){node, reader->stack_count};
    return true;
}

typedef struct node_sorted {
    const yaml_node_t *key;
    uint32_t index; /* in the map */
} node_sorted_t;

static int node_compare_keys(const void *left, const void *right)
{
    const node_sorted_t *a = left, *b = right;
    if (a->key->hash != b->key->hash) {
        return a->key->hash < b->key->hash ? -1 : 1;
    }
    const int order = strcmp(a->key->text, b->key->text);
    return order != 0 ? order : a->index < b->index ? -1 : 1;
}

static bool node_is_same(const yaml_node_t *a, const yaml_node_t *b)
{
    return a->hash == b->hash && strcmp(a->text, b->text) == 0;
}

/* Tell of a key that came before; its pair goes out of the map, so that nobody tells again. */
static void node_drop_duplicate(node_reader_t *reader, const yaml_node_t *map, uint32_t first, uint32_t again)
{
    const yaml_node_t *key = map->keys[again];
    diag_rule_error(reader->diag, "R008", key->at, "key '%s' comes twice in this map", diag_clip(reader->diag, key->text));
    diag_note(reader->diag, map->keys[first]->at, "'%s' is first given here", diag_clip(reader->diag, key->text));
    map->kids[again] = NULL;
}

/* Two keys are the same if their texts are. Small maps are compared pair by pair; large ones sorted by hash, which no choice of keys can make
 * slow. Returns whether a pair was dropped. */
static bool node_find_duplicates(node_reader_t *reader, const yaml_node_t *map)
{
    bool is_found = false;
    if (map->count <= 12) {
        for (uint32_t i = 1; i < map->count; i++) {
            for (uint32_t j = 0; j < i; j++) {
                if (node_is_same(map->keys[i], map->keys[j])) {
                    node_drop_duplicate(reader, map, j, i);
                    is_found = true;
                    break;
                }
            }
        }
        return is_found;
    }
    node_sorted_t *sorted = arena_grow(NULL, map->count, sizeof *sorted);
    for (uint32_t i = 0; i < map->count; i++) {
        sorted[i] = (node_sorted_t){map->keys[i], i};
    }
    qsort(sorted, map->count, sizeof sorted[0], node_compare_keys);
    for (uint32_t i = 1, first = 0; i < map->count; i++) {
        if (node_is_same(sorted[i].key, sorted[first].key)) {
            node_drop_duplicate(reader, map, sorted[first].index, sorted[i].index);
            is_found = true;
        } else {
            first = i;
        }
    }
    free(sorted);
    return is_found;
}

static void node_check_duplicates(node_reader_t *reader, yaml_node_t *map)
{
    if (!node_find_duplicates(reader, map)) {
        return;
    }
    uint32_t kept = 0;
    for (uint32_t i = 0; i < map->count; i++) {
        if (map->kids[i] != NULL) {
            map->keys[kept] = map->keys[i];
            map->kids[kept++] = map->kids[i];
        }
    }
    map->count = kept;
}

static void node_close(node_reader_t *reader)
{
    const node_frame_t *frame = &reader->frames[--reader->depth];
    yaml_node_t *node = frame->node;
    const size_t count = reader->stack_count - frame->first;
    yaml_node_t *const *from = reader->stack != NULL ? reader->stack + frame->first : NULL;
    reader->stack_count = frame->first;
    const uint32_t step = node->kind == YAML_MAP ? 2 : 1;
    node->count = (uint32_t)(count / step);
    node->kids = arena_array(reader->arena, node->count, sizeof(yaml_node_t *));
    if (node->kind == YAML_MAP) {
        node->keys = arena_array(reader->arena, node->count, sizeof(yaml_node_t *));
    }
    for (uint32_t i = 0; i < node->count; i++) {
        node->kids[i] = from[i * step + step - 1];
        if (node->kind == YAML_MAP) {
            node->keys[i] = from[i * step];
        }
    }
    if (node->kind == YAML_MAP) {
        node_check_duplicates(reader, node);
    }
}

static bool node_document(node_reader_t *reader, struct fy_event *event)
{
    const struct fy_mark *mark = fy_event_start_mark(event);
    const yaml_pos_t at = node_place(reader, mark != NULL ? mark->input_pos : reader->last_end);
    if (++reader->documents > 1) {
        diag_rule_error(reader->diag, "R004", at, "a second document begins here");
        diag_help(reader->diag, "remove the line '---', or use a file for each");
        return false;
    }
    return true;
}

/* One event; false when reading cannot go on. */
static bool node_event(node_reader_t *reader, struct fy_event *event)
{
    switch (event->type) {
    case FYET_DOCUMENT_START: return node_document(reader, event);
    case FYET_SCALAR: return node_scalar(reader, event);
    case FYET_MAPPING_START:
        return node_refuse_extras(reader, event->mapping_start.anchor, event->mapping_start.tag) &&
               node_open(reader, YAML_MAP, fy_event_get_node_style(event) == FYNS_FLOW, event->mapping_start.mapping_start);
    case FYET_SEQUENCE_START:
        return node_refuse_extras(reader, event->sequence_start.anchor, event->sequence_start.tag) &&
               node_open(reader, YAML_LIST, fy_event_get_node_style(event) == FYNS_FLOW, event->sequence_start.sequence_start);
    case FYET_MAPPING_END:
    case FYET_SEQUENCE_END: node_close(reader); return true;
    case FYET_ALIAS: return node_refuse_extra(reader, event->alias.anchor, "aliases (*)");
    case FYET_NONE:
    case FYET_STREAM_START:
    case FYET_STREAM_END:
    case FYET_DOCUMENT_END: return true;
    }
    return true;
}

/* Tell the first thing that libfyaml found wrong; what follows are echoes of it. */
static void node_syntax_error(node_reader_t *reader, struct fy_diag *fy)
{
    void *iter = NULL;
    const struct fy_diag_error *error = fy_diag_errors_iterate(fy, &iter);
    if (error == NULL) {
        diag_rule_error(reader->diag, "R001", node_place(reader, reader->last_end), "this cannot be read");
        return;
    }
    /* libfyaml counts lines and columns from 1 here, and columns in code points. */
    uint32_t offset = 0;
    for (int line = 1; line < error->line && offset < reader->source->size; offset++) {
        line += reader->source->text[offset] == '\n';
    }
    for (int column = 1; column < error->column && offset < reader->source->size && reader->source->text[offset] != '\n'; column++) {
        do {
            offset++;
        } while (((unsigned char)reader->source->text[offset] & 0xc0u) == 0x80u);
    }
    diag_rule_error(reader->diag, "R001", node_place(reader, offset), "this is not valid %s: %s", reader->is_json ? "JSON" : "YAML", error->msg);
    if (!reader->is_json && strstr(error->msg, "nested block mapping") != NULL) {
        diag_help(reader->diag, "quote a text that holds a colon and a blank");
    }
}

static bool node_events(node_reader_t *reader, struct fy_parser *parser, struct fy_diag *fy)
{
    bool is_good = true;
    while (is_good) {
        struct fy_event *event = fy_parser_parse(parser);
        if (event == NULL) {
            if (fy_parser_get_stream_error(parser)) {
                node_syntax_error(reader, fy);
                is_good = false;
            }
            break;
        }
        is_good = node_event(reader, event);
        fy_parser_event_free(parser, event);
    }
    return is_good;
}

static bool node_parse(node_reader_t *reader)
{
    struct fy_diag_cfg diag_cfg;
    fy_diag_cfg_default(&diag_cfg);
    diag_cfg.fp = NULL;
    struct fy_diag *fy = fy_diag_create(&diag_cfg);
    const struct fy_parse_cfg cfg = {.search_path = "", .flags = FYPCF_QUIET | (reader->is_json ? FYPCF_JSON_FORCE : FYPCF_JSON_NONE), .diag = fy};
    struct fy_parser *parser = NULL;
    bool is_good = false;
    if (fy != NULL) {
        fy_diag_set_collect_errors(fy, true);
        parser = fy_parser_create(&cfg);
    }
    if (parser != NULL && fy_parser_set_string(parser, reader->source->text, reader->source->size) == 0) {
        is_good = node_events(reader, parser, fy);
    } else {
        diag_error(reader->diag, (yaml_pos_t){reader->source, YAML_POS_FILE}, "the YAML reader could not start: out of memory");
    }
    fy_parser_destroy(parser);
    fy_diag_destroy(fy);
    return is_good;
}

const yaml_node_t *yaml_read(arena_t *arena, diag_t *diag, const char *file, const char *bytes, size_t size, size_t size_max)
{
    const bool is_large = size > size_max || size >= YAML_POS_FILE / 2;
    if (!is_large && size >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0) {
        bytes += 3; /* a byte order mark, which some editors write, says nothing in UTF-8 */
        size -= 3;
    }
    const yaml_source_t *source = diag_source(diag, arena, file, bytes, is_large ? 0 : size);
    if (is_large) {
        diag_rule_error(diag, "R002", (yaml_pos_t){source, YAML_POS_FILE}, "the file is larger than %zu bytes", size_max);
        return NULL;
    }
    const size_t name = strlen(file);
    node_reader_t reader = {.arena = arena, .diag = diag, .source = source};
    reader.is_json = name >= 5 && strcmp(file + name - 5, ".json") == 0;
    const bool is_good = yaml_check_text(diag, source) && node_parse(&reader);
    free(reader.stack);
    if (is_good && reader.root == NULL) {
        diag_rule_error(diag, "R001", (yaml_pos_t){source, YAML_POS_FILE}, "the file holds no document");
    }
    return is_good ? reader.root : NULL;
}
