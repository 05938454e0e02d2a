/* SPDX-License-Identifier: BSD-2-Clause */
/* test/model/hostile.c - descriptions that nobody wrote for good: thousands of damaged ones, and large ones of shapes that are slow to read badly.
 * Under the sanitizers each must end in a model or in messages, soon. Seeded, so that a failure comes again: the seed is printed. */
#include "support.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MUTANT_COUNT = 4000, MUTANT_SIZE_MAX = 32 * 1024, SEED_MAX = 400 };

static const double shape_seconds_max = 20;

static uint64_t random_state;

static uint32_t random_below(uint32_t limit)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (uint32_t)(random_state >> 32) % limit;
}

typedef struct text {
    char *bytes;
    size_t size;
} text_t;

/* What descriptions are made of, and what they should not be made of. */
static const char *const pieces[] = {
    "{", "}", "[", "]", ": ", ", ", "- ", "? ", "\n", "\n  ", "\n    ", "\t", "#", "|\n", ">-\n", "\"", "'", "&a ",
    "*a", "!!str ", "%YAML 1.2\n", "---\n", "...\n", "~", "\\u0000", "\xff", "\xe2\x80\xae", "\r", "own ", "optional ",
    "(..", "(3)", "(..65535)", "bytes", "string(..511)", "u64", "f32", "phydat", "device", "record: ", "flags: u64",
    "pass: fields", "fields: 0xffff", "handle: true", "enum: s8", "values: ", "range: -1..99999999999999999999",
    "range: 1..5", "guard: true", "format: uri", "id: 1", "id: 32767", "0x8000000000000000", "18446744073709551616",
    "-9223372036854775808", "needs: none", "fails: [io]", "bind: {riot: {call: \"f({x})\"}}", "{dev}", "inout: ",
    "out: u32", "callgate: 1",
};

static void insert(text_t *text, size_t at, const char *piece, size_t size)
{
    if (text->size + size < MUTANT_SIZE_MAX) {
        memmove(text->bytes + at + size, text->bytes + at, text->size - at);
        memcpy(text->bytes + at, piece, size);
        text->size += size;
    }
}

static void mutate(text_t *text)
{
    const size_t at = random_below((uint32_t)text->size + 1);
    const size_t left = text->size - at;
    const size_t span = left == 0 ? 0 : random_below(left > 200 ? 200 : (uint32_t)left + 1);
    char copy[256];
    switch (random_below(5)) {
    case 0: /* one byte becomes another */
        if (left > 0) {
            text->bytes[at] = (char)random_below(256);
        }
        return;
    case 1: /* a stretch goes */
        memmove(text->bytes + at, text->bytes + at + span, left - span);
        text->size -= span;
        return;
    case 2: /* a stretch comes again, somewhere else */
        memcpy(copy, text->bytes + at, span);
        insert(text, random_below((uint32_t)text->size + 1), copy, span);
        return;
    default: {
        const char *piece = pieces[random_below(sizeof pieces / sizeof pieces[0])];
        insert(text, at, piece, strlen(piece));
        return;
    }
    }
}

/* Read a text; whether it was taken. What was taken must dump to a description that is taken again. */
static bool try_text(const char *name, const text_t *text)
{
    reading_t reading;
    char *exact = malloc(text->size + 1), *dump = NULL; /* of exact size, so that reading beyond is seen */
    size_t dump_size = 0;
    memcpy(exact, text->bytes, text->size);
    reading_make(&reading, name, exact, text->size);
    free(exact);
    const bool is_taken = reading.api != NULL;
    assert_int_equal(is_taken, diag_count(&reading.diag) == 0);
    FILE *out = open_memstream(&dump, &dump_size);
    assert_non_null(out);
    if (is_taken) {
        model_dump(out, reading.api);
    } else {
        diag_print(&reading.diag, out);
    }
    fclose(out);
    assert_true(dump_size > 0);
    reading_end(&reading);
    if (is_taken) {
        char *again = dump_text("again.yaml", dump, dump_size);
        assert_non_null(again);
        assert_string_equal(again, dump);
        free(again);
    }
    free(dump);
    return is_taken;
}

static uint32_t add_seeds(text_t *seeds, uint32_t count, const char *folder)
{
    struct dirent **entries = NULL;
    const int found = scandir(folder, &entries, NULL, alphasort);
    assert_true(found > 0);
    for (int i = 0; i < found; i++) {
        char path[512];
        const size_t name = strlen(entries[i]->d_name);
        snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name);
        if (count < SEED_MAX && name > 5 && strcmp(entries[i]->d_name + name - 5, ".yaml") == 0) {
            seeds[count].bytes = file_read(path, &seeds[count].size);
            assert_non_null(seeds[count].bytes);
            count += seeds[count].size < MUTANT_SIZE_MAX / 2;
        }
        free(entries[i]);
    }
    free(entries);
    return count;
}

static void damaged_descriptions_are_taken_or_refused(void **state)
{
    (void)state;
    static text_t seeds[SEED_MAX];
    /* Good ones more often than bad ones: damage to those goes deeper. */
    uint32_t good = add_seeds(seeds, add_seeds(seeds, 0, "../../api"), ".");
    uint32_t count = add_seeds(seeds, good, "../reject");
    const char *wanted = getenv("CALLGATE_SEED"), *many = getenv("CALLGATE_MUTANTS");
    const uint64_t first = wanted != NULL ? strtoull(wanted, NULL, 0) : 1;
    const uint64_t mutants = many != NULL ? strtoull(many, NULL, 0) : MUTANT_COUNT;
    uint64_t taken = 0;
    char *bytes = malloc(MUTANT_SIZE_MAX);
    assert_non_null(bytes);
    for (uint64_t i = 0; i < mutants; i++) {
        random_state = (first + i) * UINT64_C(0x9e3779b97f4a7c15) | 1;
        const text_t *seed = &seeds[random_below(random_below(4) > 0 ? good : count)];
        text_t mutant = {bytes, seed->size};
        memcpy(bytes, seed->bytes, seed->size);
        for (uint32_t k = random_below(3) + 1; k > 0; k--) {
            mutate(&mutant);
        }
        if (getenv("CALLGATE_SEED") != NULL) {
            print_message("seed %llu\n", (unsigned long long)(first + i));
        }
        taken += try_text(random_below(8) == 0 ? "mutant.json" : "mutant.yaml", &mutant);
    }
    print_message("%llu damaged descriptions, %llu still good\n", (unsigned long long)mutants, (unsigned long long)taken);
    assert_true(taken > mutants / 100 && taken < mutants);
    free(bytes);
    for (uint32_t i = 0; i < SEED_MAX; i++) {
        free(seeds[i].bytes);
    }
}

/* A large text: `head`, then `part` with its number put in, until it is full, then `tail`. */
typedef struct shape {
    const char *name, *head, *part, *tail;
} shape_t;

#define HEAD "callgate: 1\napi: t\nid: 5\nversion: 1.0.0\n"
static const shape_t shapes[] = {
    {"brackets", "a: ", "[", ""},
    {"braces", "a: ", "{", ""},
    {"question marks", "", "? ", ""},
    {"dashes", "", "- ", ""},
    {"colons", "", ": ", ""},
    {"percent signs", "", "%%", ""},
    {"anchors", "", "&a ", ""},
    {"bangs", "", "!", ""},
    {"empty lines", "a: |\n", "\n", ""},
    {"lines of blanks", "a: |\n", "          \n", ""},
    {"lines of blanks, a hundred at a time", "a: |\n x\n",
     "\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n"
     "\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n x\n", ""},
    {"one long word", "a: ", "xxxxxxxxxxxxxxxx", ""},
    {"one long line of text", "a: ", "word ", ""},
    {"a text of many lines", "a: b", "\n  c", ""},
    {"a quote of many lines", "a: \"b", "\n  c", "\""},
    {"escapes", "a: \"", "\\u00e9", "\""},
    {"comments", "a: 1\n", "# b\n", ""},
    {"documents", "", "---\n", ""},
    {"a flow list", "a: [", "1,", "]"},
    {"empty keys", "{", ",", "}"},
    {"unknown keys", HEAD, "k%x: 1\n", ""},
    {"the same key", HEAD, "k: 1\n", ""},
    {"unknown keys of calls", HEAD "calls:\n", "  c%x: {idd: 1, nedes: read}\n", ""},
    {"calls with wrong types", HEAD "calls:\n", "  c%x: {id: 1, needs: read, in: {a: u9, b: bytes}}\n", ""},
    {"one call with many arguments", HEAD "calls:\n  go:\n    id: 1\n    needs: read\n    in:\n", "      a%x: u8\n", ""},
    {"types that are not there", HEAD "types:\n", "  t%x: {record: {x: u%x}}\n", ""},
    {"a chain of records", HEAD "types:\n", "  t%1$x: {record: {x: t%2$x}}\n", ""},
    {"records that all hold the first", HEAD "types:\n  t: {record: {x: u8}}\n", "  t%x: {record: {x: t, y: t, z: t(2)}}\n", ""},
    {"an enum of many values", HEAD "types:\n  e:\n    enum: u32\n    values:\n", "      v%x: %u\n", ""},
    {"an enum of the same value", HEAD "types:\n  e:\n    enum: u8\n    values:\n", "      v%x: 7\n", ""},
    {"errors of one id", HEAD "errors:\n", "  e%x: {id: 7}\n", ""},
    {"calls of one id", HEAD "calls:\n", "  c%x: {id: 7, needs: read}\n", ""},
    {"records passed by fields", HEAD "types:\n", "  t%x: {record: {x: u8}, pass: fields, fields: 0x8000}\n", ""},
    {"fails of many names", HEAD "errors: {io: {id: 1}}\ncalls:\n  go:\n    id: 1\n    needs: read\n    fails: [", "e%x, ", "io]\n"},
    {"names in a bind", HEAD "calls:\n  go:\n    id: 1\n    needs: read\n    bind:\n", "      h%x: {call: \"{a}{b}{c}{d}{e}{f}\"}\n", ""},
    {"a map in flow style on one line", HEAD "types: {", "t%x: {handle: tru}, ", "z: {handle: true}}\n"},
};

static text_t make_shape(const shape_t *shape)
{
    text_t text = {malloc(YAML_SIZE_MAX + 1024), strlen(shape->head)};
    assert_non_null(text.bytes);
    memcpy(text.bytes, shape->head, text.size);
    for (uint32_t i = 0; text.size + 512 < YAML_SIZE_MAX; i++) {
        char part[512];
        size_t size = 0;
        for (const char *c = shape->part; *c != '\0'; c++) { /* %x: the number; %1$x: the number; %2$x: the next one; %%: % */
            if (*c != '%') {
                part[size++] = *c;
            } else if (c[1] == '%') {
                part[size++] = *c++;
            } else if (c[1] == 'x' || c[1] == 'u') {
                size += (size_t)snprintf(part + size, sizeof part - size, c[1] == 'x' ? "%x" : "%u", (unsigned)i);
                c++;
            } else {
                size += (size_t)snprintf(part + size, sizeof part - size, "%x", (unsigned)(c[1] == '1' ? i : i + 1));
                c += 3;
            }
        }
        memcpy(text.bytes + text.size, part, size);
        text.size += size;
    }
    memcpy(text.bytes + text.size, shape->tail, strlen(shape->tail));
    text.size += strlen(shape->tail);
    return text;
}

static void large_descriptions_do_not_take_long(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
        text_t text = make_shape(&shapes[i]);
        reading_t reading;
        struct timespec before, after;
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &before);
        reading_make(&reading, "shape.yaml", text.bytes, text.size);
        FILE *out = fopen("/dev/null", "w");
        assert_non_null(out);
        diag_print(&reading.diag, out);
        fclose(out);
        reading_end(&reading);
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &after);
        free(text.bytes);
        const double seconds = (double)(after.tv_sec - before.tv_sec) + (double)(after.tv_nsec - before.tv_nsec) / 1e9;
        if (getenv("CALLGATE_SEED") != NULL || seconds > shape_seconds_max) {
            print_message("%s: %.2f s\n", shapes[i].name, seconds);
        }
        assert_true(seconds <= shape_seconds_max);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(damaged_descriptions_are_taken_or_refused),
        cmocka_unit_test(large_descriptions_do_not_take_long),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
