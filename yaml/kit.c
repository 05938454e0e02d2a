/* SPDX-License-Identifier: BSD-2-Clause */
/* yaml/kit.c - keys and typed scalars for readers of nodes. Numbers and words only: knows no description, policy or device. */
#include "yaml/kit.h"

#include <string.h>

enum { NEAR_TRIES_MAX = 1000, NEAR_WORD_MAX = 40 };

static bool kit_is_one_of(const char *text, const char *const *words)
{
    for (; *words != NULL; words++) {
        if (strcmp(text, *words) == 0) {
            return true;
        }
    }
    return false;
}

static size_t kit_digits(const char *text)
{
    return strspn(text, "0123456789");
}

static bool kit_looks_int(const char *text)
{
    if (text[0] == '0' && (text[1] == 'x' || text[1] == 'o')) {
        return text[2] != '\0' && text[2 + strspn(text + 2, text[1] == 'x' ? "0123456789abcdefABCDEF" : "01234567")] == '\0';
    }
    text += text[0] == '-' || text[0] == '+';
    return text[0] != '\0' && text[kit_digits(text)] == '\0';
}

static bool kit_looks_float(const char *text)
{
    static const char *const special[] = {".inf", ".Inf", ".INF", ".nan", ".NaN", ".NAN", NULL};
    text += text[0] == '-' || text[0] == '+';
    if (kit_is_one_of(text, special)) {
        return true;
    }
    const size_t whole = kit_digits(text);
    text += whole;
    size_t part = 0;
    if (text[0] == '.') {
        part = kit_digits(text + 1);
        text += 1 + part;
    }
    if (whole + part == 0) {
        return false;
    }
    if (text[0] == 'e' || text[0] == 'E') {
        text++;
        text += text[0] == '-' || text[0] == '+';
        return kit_digits(text) > 0 && text[kit_digits(text)] == '\0';
    }
    return text[0] == '\0';
}

yaml_looks_t yaml_looks(const yaml_node_t *node)
{
    static const char *const nulls[] = {"", "~", "null", "Null", "NULL", NULL};
    static const char *const bools[] = {"true", "True", "TRUE", "false", "False", "FALSE", NULL};
    if (!node->is_plain || node->size > 400) {
        return YAML_LOOKS_TEXT;
    }
    switch (node->text[0]) {
    case '\0': case '~': case 'n': case 'N':
        return kit_is_one_of(node->text, nulls) ? YAML_LOOKS_NULL : YAML_LOOKS_TEXT;
    case 't': case 'T': case 'f': case 'F':
        return kit_is_one_of(node->text, bools) ? YAML_LOOKS_BOOL : YAML_LOOKS_TEXT;
    case '+': case '-': case '.':
    case '0': case '1': case '2': case '3': case '4': case '5': case '6': case '7': case '8': case '9':
        return kit_looks_int(node->text) ? YAML_LOOKS_INT : kit_looks_float(node->text) ? YAML_LOOKS_FLOAT : YAML_LOOKS_TEXT;
    default: return YAML_LOOKS_TEXT;
    }
}

const yaml_node_t *yaml_map_get(const yaml_node_t *map, const char *key)
{
    for (uint32_t i = 0; map->kind == YAML_MAP && i < map->count; i++) {
        if (strcmp(map->keys[i]->text, key) == 0) {
            return map->kids[i];
        }
    }
    return NULL;
}

/* Tell of an unknown key. Returns the place of the key that was probably meant, or the count of keys. */
static uint32_t kit_unknown_key(diag_t *diag, const yaml_node_t *map, uint32_t i, const yaml_table_t *table)
{
    const yaml_node_t *key = map->keys[i];
    yaml_near_t near;
    yaml_near_init(&near, key->text);
    diag_rule_error(diag, "R011", key->at, "%s has no key '%s'", table->what, diag_clip(diag, key->text));
    if (map->is_flow && map->kids[i]->kind == YAML_SCALAR && map->kids[i]->is_empty) {
        diag_help(diag, "a comma ends a value inside { }; quote the text");
        return table->count;
    }
    uint32_t meant = table->count;
    for (uint32_t k = 0; k < table->count && !diag_is_full(diag); k++) {
        const char *before = near.best;
        yaml_near_try(&near, table->keys[k].name);
        meant = near.best != before ? k : meant;
    }
    yaml_near_help(diag, &near);
    return meant;
}

bool yaml_keys(diag_t *diag, const yaml_node_t *map, const yaml_table_t *table, const yaml_node_t **values)
{
    memset(values, 0, table->count * sizeof values[0]);
    if (!yaml_want(diag, map, YAML_MAP, table->what)) {
        return false;
    }
    bool is_good = true;
    uint64_t misspelt = 0; /* keys that are there under another name: saying that they are missing would be noise */
    for (uint32_t i = 0; i < map->count; i++) {
        uint32_t k = 0;
        while (k < table->count && strcmp(map->keys[i]->text, table->keys[k].name) != 0) {
            k++;
        }
        if (k < table->count) {
            values[k] = map->kids[i];
        } else {
            const uint32_t meant = kit_unknown_key(diag, map, i, table);
            misspelt |= meant < table->count && meant < 64 ? UINT64_C(1) << meant : 0;
            is_good = false;
        }
    }
    for (uint32_t k = 0; k < table->count; k++) {
        if (table->keys[k].is_required && values[k] == NULL && (k >= 64 || (misspelt >> k & 1u) == 0)) {
            diag_rule_error(diag, "R012", map->at, "%s needs the key '%s'", table->what, table->keys[k].name);
            if (table->keys[k].doc != NULL) {
                diag_help(diag, "%s: %s", table->keys[k].name, table->keys[k].doc);
            }
            is_good = false;
        }
    }
    return is_good;
}

/* `wanted` says what would have been right: "a map", "a number". */
static bool kit_want(diag_t *diag, const yaml_node_t *node, yaml_kind_t kind, const char *what, const char *wanted)
{
    if (node->kind == kind) {
        return true;
    }
    diag_rule_error(diag, "R010", node->at, "%s must be %s, not %s", what, wanted,
                    node->kind == YAML_SCALAR && yaml_looks(node) == YAML_LOOKS_NULL ? "nothing" : yaml_kind_name(node->kind));
    return false;
}

bool yaml_want(diag_t *diag, const yaml_node_t *node, yaml_kind_t kind, const char *what)
{
    return kit_want(diag, node, kind, what, yaml_kind_name(kind));
}

bool yaml_want_text(diag_t *diag, const yaml_node_t *node, const char *what, const char **text)
{
    if (!yaml_want(diag, node, YAML_SCALAR, what)) {
        return false;
    }
    const yaml_looks_t looks = yaml_looks(node);
    if (looks == YAML_LOOKS_TEXT) {
        *text = node->text;
        return true;
    }
    if (node->is_empty) {
        diag_rule_error(diag, "R013", node->at, "%s has no value", what);
        return false;
    }
    diag_rule_error(diag, "R013", node->at, "%s must be text, but '%s' is %s", what, diag_clip(diag, node->text),
                    looks == YAML_LOOKS_NULL ? "null" : looks == YAML_LOOKS_BOOL ? "a truth value" : "a number");
    diag_help(diag, "%squote it: \"%s\"", looks == YAML_LOOKS_NULL ? "leave the key out, or " : "", diag_clip(diag, node->text));
    return false;
}

bool yaml_want_bool(diag_t *diag, const yaml_node_t *node, const char *what, bool *value)
{
    if (!kit_want(diag, node, YAML_SCALAR, what, "true or false")) {
        return false;
    }
    if (node->is_plain && (strcmp(node->text, "true") == 0 || strcmp(node->text, "false") == 0)) {
        *value = node->text[0] == 't';
        return true;
    }
    diag_rule_error(diag, "R014", node->at, "%s must be true or false, not '%s'", what, diag_clip(diag, node->text));
    return false;
}

bool yaml_parse_number(const char *text, size_t size, yaml_number_t *number)
{
    yaml_number_t value = {false, 0};
    size_t i = 0;
    if (size > 0 && text[0] == '-') {
        value.is_negative = true;
        i++;
    }
    const bool is_hex = size - i > 2 && text[i] == '0' && text[i + 1] == 'x';
    i += is_hex ? 2 : 0;
    if (i == size || (!is_hex && text[i] == '0' && size - i > 1)) {
        return false;
    }
    const uint64_t base = is_hex ? 16 : 10;
    for (; i < size; i++) {
        const char c = text[i];
        uint64_t digit = 16;
        if (c >= '0' && c <= '9') {
            digit = (uint64_t)(c - '0');
        } else if (is_hex && ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'))) {
            digit = (uint64_t)((c | 0x20) - 'a') + 10;
        }
        if (digit >= base || value.magnitude > (UINT64_MAX - digit) / base) {
            return false;
        }
        value.magnitude = value.magnitude * base + digit;
    }
    value.is_negative = value.is_negative && value.magnitude != 0;
    *number = value;
    return true;
}

bool yaml_parse_range(const char *text, yaml_number_t *low, yaml_number_t *high)
{
    const char *dots = strstr(text, "..");
    return dots != NULL && yaml_parse_number(text, (size_t)(dots - text), low) && yaml_parse_number(dots + 2, strlen(dots + 2), high);
}

bool yaml_number_fits(yaml_number_t number, uint32_t bits, bool is_signed)
{
    const uint64_t half = UINT64_C(1) << (bits - 1);
    if (number.is_negative) {
        return is_signed && number.magnitude <= half;
    }
    return number.magnitude <= (is_signed ? half - 1 : half - 1 + half);
}

int64_t yaml_number_bits(yaml_number_t number)
{
    const uint64_t bits = number.is_negative ? UINT64_C(0) - number.magnitude : number.magnitude;
    int64_t value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

int yaml_number_compare(yaml_number_t left, yaml_number_t right)
{
    if (left.is_negative != right.is_negative) {
        return left.is_negative ? -1 : 1;
    }
    const int order = left.magnitude < right.magnitude ? -1 : left.magnitude > right.magnitude;
    return left.is_negative ? -order : order;
}

bool yaml_want_number(diag_t *diag, const yaml_node_t *node, const char *what, yaml_number_t *number)
{
    if (!kit_want(diag, node, YAML_SCALAR, what, "a number")) {
        return false;
    }
    if (node->is_plain && yaml_parse_number(node->text, node->size, number)) {
        return true;
    }
    if (node->is_empty) {
        diag_rule_error(diag, "R015", node->at, "%s has no value", what);
        return false;
    }
    diag_rule_error(diag, "R015", node->at, "%s must be a number, not '%s'", what, diag_clip(diag, node->text));
    if (node->is_plain && node->text[0] == '0' && node->text[1] != 'x' && kit_looks_int(node->text)) {
        diag_help(diag, "write decimal numbers without leading zeros, others with 0x");
    } else if (!node->is_plain && yaml_parse_number(node->text, node->size, number)) {
        diag_help(diag, "remove the quotes");
    } else if (node->is_plain && yaml_looks(node) == YAML_LOOKS_INT && node->text[0] != '+') {
        diag_help(diag, "numbers have at most 64 bits");
    }
    return false;
}

bool yaml_want_between(diag_t *diag, const yaml_node_t *node, const char *what, int64_t min, int64_t max, int64_t *value)
{
    yaml_number_t number;
    if (!yaml_want_number(diag, node, what, &number)) {
        return false;
    }
    const int64_t bits = yaml_number_bits(number);
    if (yaml_number_fits(number, 64, true) && bits >= min && bits <= max) {
        *value = bits;
        return true;
    }
    diag_rule_error(diag, "R015", node->at, "%s must be %lld to %lld, not %s", what, (long long)min, (long long)max, diag_clip(diag, node->text));
    return false;
}

static const char *kit_name_fault(const char *text, uint32_t size, uint32_t size_max)
{
    if (size == 0) {
        return "it is empty";
    }
    if (text[0] < 'a' || text[0] > 'z') {
        return "it must begin with a letter a to z";
    }
    for (uint32_t i = 0; i < size; i++) {
        const char c = text[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_')) {
            return "only a to z, 0 to 9 and _ may stand in it";
        }
        if (c == '_' && i + 1 < size && text[i + 1] == '_') {
            return "two _ may not stand side by side";
        }
    }
    if (text[size - 1] == '_') {
        return "it may not end with _";
    }
    return size > size_max ? "it is too long" : NULL;
}

bool yaml_want_name(diag_t *diag, const yaml_node_t *node, const char *what, uint32_t size_max)
{
    if (!yaml_want(diag, node, YAML_SCALAR, what)) {
        return false;
    }
    const char *fault = kit_name_fault(node->text, node->size, size_max);
    if (fault == NULL) {
        return true;
    }
    diag_rule_error(diag, "R016", node->at, "'%s' cannot be %s: %s", diag_clip(diag, node->text), what, fault);
    if (node->size > size_max) {
        diag_help(diag, "a name has at most %u bytes", (unsigned)size_max);
    }
    return false;
}

void yaml_near_init(yaml_near_t *near, const char *word)
{
    *near = (yaml_near_t){.word = word};
    const size_t size = strlen(word);
    near->distance = size <= 3 ? 2 : 3; /* only words nearer than this count */
    near->tried = size > NEAR_WORD_MAX ? NEAR_TRIES_MAX : 0;
}

/* Edits (insert, delete, change a letter, swap two neighbours) between two words of at most NEAR_WORD_MAX bytes. */
static uint32_t near_distance(const char *a, size_t a_size, const char *b, size_t b_size)
{
    uint32_t rows[3][NEAR_WORD_MAX + 1];
    for (uint32_t j = 0; j <= b_size; j++) {
        rows[0][j] = j;
    }
    for (uint32_t i = 1; i <= a_size; i++) {
        uint32_t *row = rows[i % 3];
        const uint32_t *last = rows[(i + 2) % 3], *older = rows[(i + 1) % 3];
        row[0] = i;
        for (uint32_t j = 1; j <= b_size; j++) {
            uint32_t best = last[j - 1] + (a[i - 1] != b[j - 1]);
            best = last[j] + 1 < best ? last[j] + 1 : best;
            best = row[j - 1] + 1 < best ? row[j - 1] + 1 : best;
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] && older[j - 2] + 1 < best) {
                best = older[j - 2] + 1;
            }
            row[j] = best;
        }
    }
    return rows[a_size % 3][b_size];
}

void yaml_near_try(yaml_near_t *near, const char *candidate)
{
    const size_t size = strlen(candidate);
    if (near->tried == NEAR_TRIES_MAX || size > NEAR_WORD_MAX || size == 0) {
        return; /* an unlucky file with thousands of names must not make its own errors slow */
    }
    near->tried++;
    const uint32_t distance = near_distance(near->word, strlen(near->word), candidate, size);
    if (distance < near->distance && distance < size) {
        near->distance = distance;
        near->best = candidate;
    }
}

void yaml_near_help(diag_t *diag, const yaml_near_t *near)
{
    if (near->best != NULL) {
        diag_help(diag, "did you mean '%s'?", near->best);
    }
}
