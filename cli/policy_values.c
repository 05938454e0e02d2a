/* SPDX-License-Identifier: BSD-2-Clause */
/* cli/policy_values.c - what stands in a guard: numbers, ranges and names for integers, enums and flags; texts and prefixes for strings.
 * The rules for URIs are the gate's own. Never lets a value through that the argument could not have. */
#include "policy_values.h"

#include <string.h>

static void policy_unknown_value(policy_reader_t *reader, const cg_item_info_t *arg, const yaml_node_t *node)
{
    if (node->text[0] == '-' || (node->text[0] >= '0' && node->text[0] <= '9')) {
        diag_error(reader->diag, node->at, "'%s' is neither a number nor a range", node->text);
        diag_help(reader->diag, node->is_plain ? "numbers are decimal without leading zeros, or 0x hexadecimal, of at most 64 bits; a range is 1..5"
                                               : "remove the quotes");
        return;
    }
    if (arg->type == NULL) {
        diag_error(reader->diag, node->at, "the argument '%s' takes numbers and ranges such as 1..5, not '%s'", arg->name, node->text);
        return;
    }
    diag_error(reader->diag, node->at, "'%s' has no value '%s'", arg->type->name, node->text);
    yaml_near_t near;
    yaml_near_init(&near, node->text);
    for (uint32_t i = 0; i < arg->type->value_count; i++) {
        yaml_near_try(&near, arg->type->values[i].name);
    }
    yaml_near_help(reader->diag, &near);
}

static bool policy_fits(policy_reader_t *reader, const cg_item_info_t *arg, const yaml_node_t *node, yaml_number_t number)
{
    const cg_kind_t base = catalog_base((cg_kind_t)arg->kind, arg->type);
    const unsigned bits = catalog_bits(base);
    if (bits != 0 && yaml_number_fits(number, bits, catalog_is_signed(base))) {
        return true;
    }
    diag_error(reader->diag, node->at, "'%s' does not fit the argument '%s', which has %u bits and %s sign", node->text, arg->name, bits,
               catalog_is_signed(base) ? "a" : "no");
    return false;
}

/* A single number must be a value that the argument can have; a range may span values that have no name. */
static bool policy_is_known(policy_reader_t *reader, const cg_item_info_t *arg, const yaml_node_t *node, int64_t value)
{
    if (arg->kind == CG_KIND_ENUM && !arg->type->open && catalog_value_name(arg->type, value) == NULL) {
        diag_error(reader->diag, node->at, "'%s' has no value '%s'", arg->type->name, node->text);
        return false;
    }
    if (arg->kind == CG_KIND_FLAGS) {
        uint64_t known = 0;
        for (uint32_t i = 0; i < arg->type->value_count; i++) {
            known |= (uint64_t)arg->type->values[i].value;
        }
        if (((uint64_t)value & ~known) != 0) {
            diag_error(reader->diag, node->at, "'%s' has bits that '%s' has no name for", node->text, arg->type->name);
            return false;
        }
    }
    return true;
}

/* A name of an enum, or names of flags joined by |. */
static bool policy_named(const cg_item_info_t *arg, const char *text, policy_reader_t *reader, int64_t *value)
{
    if (arg->type == NULL) {
        return false;
    }
    uint64_t bits = 0;
    char *rest = arena_text(reader->arena, text, strlen(text));
    for (char *part = rest; part != NULL;) {
        char *bar = arg->kind == CG_KIND_FLAGS ? strchr(part, '|') : NULL;
        if (bar != NULL) {
            *bar = '\0';
        }
        const cg_value_info_t *named = catalog_value(arg->type, part);
        if (named == NULL) {
            return false;
        }
        bits |= (uint64_t)named->value;
        part = bar != NULL ? bar + 1 : NULL;
    }
    memcpy(value, &bits, sizeof *value);
    return true;
}

static bool policy_range(policy_reader_t *reader, const cg_item_info_t *arg, const yaml_node_t *node, cg_guard_range_t *range)
{
    yaml_number_t low = {false, 0}, high = {false, 0};
    if (!yaml_want(reader->diag, node, YAML_SCALAR, "a value of a guard")) {
        return false;
    }
    if (node->is_plain && yaml_parse_number(node->text, node->size, &low)) {
        *range = (cg_guard_range_t){yaml_number_bits(low), yaml_number_bits(low)};
        return policy_fits(reader, arg, node, low) && policy_is_known(reader, arg, node, range->min);
    }
    if (node->is_plain && yaml_parse_range(node->text, &low, &high)) {
        if (yaml_number_compare(low, high) > 0) {
            diag_error(reader->diag, node->at, "the range '%s' is empty: its first number is the larger one", node->text);
            return false;
        }
        *range = (cg_guard_range_t){yaml_number_bits(low), yaml_number_bits(high)};
        return policy_fits(reader, arg, node, low) && policy_fits(reader, arg, node, high);
    }
    int64_t value = 0;
    if (policy_named(arg, node->text, reader, &value)) {
        *range = (cg_guard_range_t){value, value};
        return true;
    }
    policy_unknown_value(reader, arg, node);
    return false;
}

/* A text must be one that an argument can be; of a prefix, one text that begins so. */
static bool policy_text_is_good(policy_reader_t *reader, const cg_item_info_t *arg, const yaml_node_t *node, const cg_guard_pattern_t *guard)
{
    const char *star = strchr(node->text, '*');
    if (star != NULL && !(guard->is_prefix && star[1] == '\0')) {
        diag_error(reader->diag, node->at, "a * stands only at the end, after a /");
        diag_help(reader->diag, "a text is compared byte for byte; one that ends in /* allows all that begin so");
        return false;
    }
    if (guard->size + (guard->is_prefix ? 1u : 0u) > arg->max) {
        diag_error(reader->diag, node->at, "the text is longer than the argument '%s' can be: %u bytes", arg->name, (unsigned)arg->max);
        return false;
    }
    char *sample = arena_text(reader->arena, node->text, node->size);
    if (guard->is_prefix) {
        sample[node->size - 1] = 'a';
    }
    if (arg->is_uri && !cg_uri_is_good(sample, node->size)) {
        diag_error(reader->diag, node->at, "'%s' is not a URI that the gate lets through", node->text);
        diag_help(reader->diag, "write scheme://address:port/path in lower case, with a literal address such as [::1] or 192.0.2.1 and its port, "
                                "without %% \\ @ ? #, empty, . or .. parts");
        return false;
    }
    return true;
}

static bool policy_text(policy_reader_t *reader, const cg_item_info_t *arg, const yaml_node_t *node, cg_guard_pattern_t *guard)
{
    const char *text = NULL;
    if (!yaml_want_text(reader->diag, node, "a value of this guard", &text)) {
        return false;
    }
    if (node->size == 0 || node->size > UINT16_MAX) {
        diag_error(reader->diag, node->at, node->size == 0 ? "an empty text allows nothing useful" : "the text is too long");
        return false;
    }
    guard->is_prefix = node->size >= 2 && strcmp(text + node->size - 2, "/*") == 0;
    guard->size = (uint16_t)(node->size - (guard->is_prefix ? 1 : 0));
    guard->text = arena_text(reader->arena, text, guard->size);
    return policy_text_is_good(reader, arg, node, guard);
}

static void policy_twice(policy_reader_t *reader, const yaml_node_t *first, const yaml_node_t *second)
{
    diag_error(reader->diag, second->at, "'%s' stands in this guard twice", second->text);
    diag_note(reader->diag, first->at, "first listed here");
}

static void policy_ranges(policy_reader_t *reader, const cg_item_info_t *arg, const yaml_node_t *list, cg_guard_t *guard)
{
    cg_guard_range_t *ranges = arena_array(reader->arena, list->count, sizeof ranges[0]);
    const yaml_node_t **places = arena_array(reader->arena, list->count, sizeof places[0]);
    guard->ranges = ranges;
    guard->is_unsigned = catalog_base((cg_kind_t)arg->kind, arg->type) == CG_KIND_U64;
    for (uint32_t i = 0; i < list->count; i++) {
        cg_guard_range_t *range = &ranges[guard->count];
        if (policy_range(reader, arg, list->kids[i], range)) {
            uint32_t k = 0;
            while (k < guard->count && (ranges[k].min != range->min || ranges[k].max != range->max)) {
                k++;
            }
            if (k < guard->count) {
                policy_twice(reader, places[k], list->kids[i]);
            }
            places[guard->count++] = list->kids[i];
        }
    }
}

static void policy_texts(policy_reader_t *reader, const cg_item_info_t *arg, const yaml_node_t *list, cg_guard_t *guard)
{
    cg_guard_pattern_t *texts = arena_array(reader->arena, list->count, sizeof texts[0]);
    const yaml_node_t **places = arena_array(reader->arena, list->count, sizeof places[0]);
    guard->texts = texts;
    for (uint32_t i = 0; i < list->count; i++) {
        cg_guard_pattern_t *text = &texts[guard->count];
        if (policy_text(reader, arg, list->kids[i], text)) {
            uint32_t k = 0;
            while (k < guard->count && (texts[k].is_prefix != text->is_prefix || strcmp(texts[k].text, text->text) != 0)) {
                k++;
            }
            if (k < guard->count) {
                policy_twice(reader, places[k], list->kids[i]);
            }
            places[guard->count++] = list->kids[i];
        }
    }
}

void policy_values(policy_reader_t *reader, const cg_item_info_t *arg, const yaml_node_t *value, cg_guard_t *guard)
{
    if (value->kind == YAML_SCALAR && value->is_plain && strcmp(value->text, "any") == 0) {
        guard->any = true;
        return;
    }
    if (value->kind != YAML_LIST || value->count == 0) {
        diag_error(reader->diag, value->at, "a guard is a list of what is allowed, or the word any");
        if (value->kind == YAML_SCALAR && !value->is_empty) {
            diag_help(reader->diag, "one value is a list too: [%s%s%s]", value->is_plain ? "" : "\"", value->text, value->is_plain ? "" : "\"");
        } else if (value->kind == YAML_LIST) {
            diag_help(reader->diag, "an empty list allows nothing: do not grant the call then");
        }
        return;
    }
    if (value->count > POLICY_GUARD_VALUES_MAX) {
        diag_error(reader->diag, value->at, "a guard has at most %d values, not %u", POLICY_GUARD_VALUES_MAX, (unsigned)value->count);
        return;
    }
    if (arg->kind == CG_KIND_STRING) {
        policy_texts(reader, arg, value, guard);
    } else {
        policy_ranges(reader, arg, value, guard);
    }
}
