/* SPDX-License-Identifier: BSD-2-Clause */
/* yaml/diag.c - collect messages, then print them in the order of the text.
 * A message is worked out at once, source line included, so that nothing of it points into memory of others. */
#include "yaml/diag.h"

#include "yaml/utf8.h"

#include <stdlib.h>
#include <string.h>

enum {
    DIAG_MESSAGE_MAX = 400, /* bytes of one message before it is cut */
    DIAG_CLIP_MAX = 60,     /* bytes of a name in a message */
    DIAG_BEFORE_MAX = 100,  /* bytes of a source line shown before the caret ... */
    DIAG_AFTER_MAX = 60     /* ... and after it */
};

typedef enum diag_kind { DIAG_ERROR, DIAG_NOTE, DIAG_HELP } diag_kind_t;

struct diag_entry {
    diag_entry_t *next;   /* next error */
    diag_entry_t *detail; /* next note or help of the same error */
    diag_entry_t *tail;   /* of an error: its last detail */
    diag_kind_t kind;
    const char *text;         /* cut to DIAG_MESSAGE_MAX */
    const char *rule;         /* NULL if none */
    const char *file;         /* NULL: no place */
    uint32_t order, offset;   /* what errors are sorted by */
    uint32_t line, column;    /* line 0: the whole file */
    const char *excerpt;      /* part of the source line, NULL if none */
    uint32_t excerpt_size;
    uint32_t caret;           /* byte of the excerpt under which the caret stands */
    bool is_cut_before, is_cut_after;
};

void diag_init(diag_t *diag)
{
    memset(diag, 0, sizeof *diag);
    arena_init(&diag->arena);
}

void diag_free(diag_t *diag)
{
    arena_free(&diag->arena);
    diag_init(diag);
}

yaml_source_t *diag_source(diag_t *diag, arena_t *arena, const char *file, const char *text, size_t size)
{
    yaml_source_t *source = arena_alloc(arena, sizeof *source);
    source->file = arena_text(arena, file, strlen(file));
    source->text = arena_text(arena, text, size);
    source->size = (uint32_t)size;
    source->order = ++diag->sources;
    return source;
}

static uint32_t diag_line_start(const yaml_source_t *source, uint32_t offset)
{
    while (offset > 0 && source->text[offset - 1] != '\n') {
        offset--;
    }
    return offset;
}

static uint32_t diag_clamp(yaml_pos_t pos)
{
    return pos.offset < pos.source->size ? pos.offset : pos.source->size;
}

uint32_t yaml_pos_line(yaml_pos_t pos)
{
    if (pos.source == NULL || pos.offset == YAML_POS_FILE) {
        return 0;
    }
    uint32_t line = 1;
    const char *at = pos.source->text;
    const char *end = at + diag_clamp(pos);
    while ((at = memchr(at, '\n', (size_t)(end - at))) != NULL) {
        line++;
        at++;
    }
    return line;
}

uint32_t yaml_pos_column(yaml_pos_t pos)
{
    if (pos.source == NULL || pos.offset == YAML_POS_FILE) {
        return 0;
    }
    const uint32_t end = diag_clamp(pos);
    uint32_t column = 1;
    for (uint32_t i = diag_line_start(pos.source, end); i < end; i++) {
        column += ((unsigned char)pos.source->text[i] & 0xc0u) != 0x80u;
    }
    return column;
}

/* Keep the part of the line around the place: all of it if it is short. */
static void diag_take_line(diag_t *diag, diag_entry_t *entry, yaml_pos_t at)
{
    const yaml_source_t *source = at.source;
    const uint32_t offset = diag_clamp(at);
    uint32_t start = diag_line_start(source, offset);
    const char *eol = memchr(source->text + offset, '\n', source->size - offset);
    uint32_t end = eol != NULL ? (uint32_t)(eol - source->text) : source->size;
    if (end > offset && source->text[end - 1] == '\r') {
        end--;
    }
    if (offset - start > DIAG_BEFORE_MAX) {
        start = offset - DIAG_BEFORE_MAX;
        entry->is_cut_before = true;
    }
    if (end - offset > DIAG_AFTER_MAX) {
        end = offset + DIAG_AFTER_MAX;
        entry->is_cut_after = true;
    }
    /* A cut must not fall inside a code point, or its rest would be shown as bytes. */
    while (start < offset && ((unsigned char)source->text[start] & 0xc0u) == 0x80u) {
        start++;
    }
    while (entry->is_cut_after && end > offset && ((unsigned char)source->text[end] & 0xc0u) == 0x80u) {
        end--;
    }
    entry->excerpt = arena_text(&diag->arena, source->text + start, end - start);
    entry->excerpt_size = end - start;
    entry->caret = offset - start;
}

/* The last place at or before `size` where a text may be cut: between two code points. */
static size_t diag_cut(const char *text, size_t size)
{
    while (size > 0 && ((unsigned char)text[size] & 0xc0u) == 0x80u) {
        size--;
    }
    return size;
}

const char *diag_clip(diag_t *diag, const char *text)
{
    if (strnlen(text, DIAG_CLIP_MAX + 1) <= DIAG_CLIP_MAX || diag_is_full(diag)) {
        return text;
    }
    return arena_printf(&diag->arena, "%.*s...", (int)diag_cut(text, DIAG_CLIP_MAX), text);
}

/* The names in a message come out of hostile files: a long message is cut between two code points. */
static const char *diag_message(diag_t *diag, const char *format, va_list args)
{
    char text[DIAG_MESSAGE_MAX + 4];
    const int size = vsnprintf(text, DIAG_MESSAGE_MAX, format, args);
    if (size >= DIAG_MESSAGE_MAX) {
        memcpy(text + diag_cut(text, DIAG_MESSAGE_MAX - 4), "...", 4);
    }
    return arena_text(&diag->arena, text, strlen(text));
}

static diag_entry_t *diag_entry(diag_t *diag, diag_kind_t kind, yaml_pos_t at, const char *format, va_list args)
{
    diag_entry_t *entry = arena_alloc(&diag->arena, sizeof *entry);
    entry->kind = kind;
    entry->text = diag_message(diag, format, args);
    if (at.source == NULL) {
        return entry;
    }
    entry->file = arena_text(&diag->arena, at.source->file, strlen(at.source->file));
    entry->order = at.source->order;
    entry->line = yaml_pos_line(at);
    if (entry->line != 0) {
        entry->offset = diag_clamp(at);
        entry->column = yaml_pos_column(at);
        diag_take_line(diag, entry, at);
    }
    return entry;
}

void diag_rule_verror(diag_t *diag, const char *rule, yaml_pos_t at, const char *format, va_list args)
{
    if (diag->errors == DIAG_ERRORS_MAX) {
        diag->lost++;
        diag->is_last_lost = true;
        return;
    }
    diag_entry_t *entry = diag_entry(diag, DIAG_ERROR, at, format, args);
    entry->rule = rule;
    entry->tail = entry;
    if (diag->last == NULL) {
        diag->first = entry;
    } else {
        diag->last->next = entry;
    }
    diag->last = entry;
    diag->errors++;
}

void diag_error(diag_t *diag, yaml_pos_t at, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    diag_rule_verror(diag, NULL, at, format, args);
    va_end(args);
}

void diag_rule_error(diag_t *diag, const char *rule, yaml_pos_t at, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    diag_rule_verror(diag, rule, at, format, args);
    va_end(args);
}

static void diag_detail(diag_t *diag, diag_kind_t kind, yaml_pos_t at, const char *format, va_list args)
{
    if (diag->last == NULL || diag->is_last_lost) {
        return;
    }
    diag_entry_t *entry = diag_entry(diag, kind, at, format, args);
    diag->last->tail->detail = entry;
    diag->last->tail = entry;
}

void diag_note(diag_t *diag, yaml_pos_t at, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    diag_detail(diag, DIAG_NOTE, at, format, args);
    va_end(args);
}

void diag_help(diag_t *diag, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    diag_detail(diag, DIAG_HELP, (yaml_pos_t){NULL, 0}, format, args);
    va_end(args);
}

bool diag_is_full(const diag_t *diag)
{
    return diag->is_last_lost;
}

uint32_t diag_count(const diag_t *diag)
{
    return diag->errors + diag->lost;
}

size_t diag_escape(FILE *out, const char *text, size_t size)
{
    size_t columns = 0;
    for (size_t i = 0; i < size;) {
        uint32_t point = 0;
        const size_t n = utf8_decode(text + i, size - i, &point);
        if (n == 0) {
            columns += (size_t)fprintf(out, "\\x%02x", (unsigned)(unsigned char)text[i]);
            i++;
            continue;
        }
        if (point == '\t') {
            fputc(' ', out);
            columns++;
        } else if (point == '\n') {
            fputs("\\n", out);
            columns += 2;
        } else if (utf8_is_hidden(point)) {
            columns += (size_t)fprintf(out, point < 0x80 ? "\\x%02x" : "\\u{%x}", (unsigned)point);
        } else {
            fwrite(text + i, 1, n, out);
            columns++;
        }
        i += n;
    }
    return columns;
}

static void diag_print_line(FILE *out, const diag_entry_t *entry)
{
    fprintf(out, "%6u | %s", (unsigned)entry->line, entry->is_cut_before ? "..." : "");
    const size_t before = diag_escape(out, entry->excerpt, entry->caret) + (entry->is_cut_before ? 3 : 0);
    diag_escape(out, entry->excerpt + entry->caret, entry->excerpt_size - entry->caret);
    fprintf(out, "%s\n       | %*s^\n", entry->is_cut_after ? "..." : "", (int)before, "");
}

static void diag_print_entry(FILE *out, const diag_entry_t *entry)
{
    static const char *const names[] = {"error", "note", "help"};
    if (entry->file != NULL) {
        diag_escape(out, entry->file, strlen(entry->file));
        if (entry->line != 0) {
            fprintf(out, ":%u:%u", (unsigned)entry->line, (unsigned)entry->column);
        }
        fputs(": ", out);
    }
    fprintf(out, "%s: ", names[entry->kind]);
    diag_escape(out, entry->text, strlen(entry->text));
    if (entry->rule != NULL) {
        fprintf(out, " [%s]", entry->rule);
    }
    fputc('\n', out);
    if (entry->kind == DIAG_ERROR && entry->excerpt != NULL) {
        diag_print_line(out, entry);
    }
}

typedef struct diag_sorted {
    const diag_entry_t *entry;
    uint32_t found; /* keeps the order of errors at one place */
} diag_sorted_t;

static int diag_compare(const void *left, const void *right)
{
    const diag_sorted_t *a = left, *b = right;
    if (a->entry->order != b->entry->order) {
        return a->entry->order < b->entry->order ? -1 : 1;
    }
    if (a->entry->offset != b->entry->offset) {
        return a->entry->offset < b->entry->offset ? -1 : 1;
    }
    return a->found < b->found ? -1 : 1;
}

void diag_print(const diag_t *diag, FILE *out)
{
    diag_sorted_t sorted[DIAG_ERRORS_MAX];
    uint32_t count = 0;
    for (const diag_entry_t *entry = diag->first; entry != NULL; entry = entry->next) {
        sorted[count] = (diag_sorted_t){entry, count};
        count++;
    }
    qsort(sorted, count, sizeof sorted[0], diag_compare);
    for (uint32_t i = 0; i < count; i++) {
        for (const diag_entry_t *entry = sorted[i].entry; entry != NULL; entry = entry->detail) {
            diag_print_entry(out, entry);
        }
    }
    if (diag->lost > 0) {
        fprintf(out, "error: too many errors: %u more are not shown\n", (unsigned)diag->lost);
    }
}
