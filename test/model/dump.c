/* SPDX-License-Identifier: BSD-2-Clause */
/* test/model/dump.c - the models of good descriptions, as text and by their facts.
 * The text is compared with golden files; JSON twins must give the same text, and reading a text must give itself. */
#include "support.h"

#include <stdlib.h>
#include <string.h>

typedef struct golden_case {
    const char *name;  /* what it shows */
    const char *file;
    const char *golden;
} golden_case_t;

static const golden_case_t golden_cases[] = {
    {"everything that the language has", "whole.yaml", "whole.model"},
    {"only accessors, no call", "fields_only.yaml", "fields_only.model"},
    {"the gate's own calls", "../../api/gate.yaml", "gate.model"},
    {"calls without arguments", "../../api/random.yaml", "random.model"},
    {"enums, a record and a handle", "../../api/saul.yaml", "saul.model"},
    {"owned handles, ranges, units and formats", "../../api/coap.yaml", "coap.model"},
    {"a string", "../../api/log.yaml", "log.model"},
};
enum { GOLDEN_COUNT = sizeof golden_cases / sizeof golden_cases[0] };

static void dumps_are_as_expected(void **state)
{
    (void)state;
    for (size_t i = 0; i < GOLDEN_COUNT; i++) {
        char *text = dump_file(golden_cases[i].file);
        assert_non_null(text);
        golden_check(golden_cases[i].golden, text);
        free(text);
    }
}

static void json_twins_give_the_same_model(void **state)
{
    (void)state;
    for (size_t i = 0; i < GOLDEN_COUNT; i++) {
        char *twin = json_text(golden_cases[i].file);
        char *yaml = dump_file(golden_cases[i].file), *json = dump_text("twin.json", twin, strlen(twin));
        assert_non_null(yaml);
        assert_non_null(json);
        assert_string_equal(yaml, json);
        free(twin);
        free(yaml);
        free(json);
    }
    /* One that was written by another hand. */
    char *yaml = dump_file("whole.yaml"), *json = dump_file("whole.json");
    assert_non_null(yaml);
    assert_non_null(json);
    assert_string_equal(yaml, json);
    free(yaml);
    free(json);
}

static void reading_a_dump_gives_it_again(void **state)
{
    (void)state;
    for (size_t i = 0; i < GOLDEN_COUNT; i++) {
        char *once = dump_file(golden_cases[i].file);
        assert_non_null(once);
        char *twice = dump_text("dump.yaml", once, strlen(once));
        assert_non_null(twice);
        assert_string_equal(once, twice);
        free(once);
        free(twice);
    }
}

/* The whole description, read once for the tests of facts. */
static int read_whole(void **state)
{
    static reading_t reading;
    size_t size = 0;
    char *bytes = file_read("whole.yaml", &size);
    assert_non_null(bytes);
    reading_make(&reading, "whole.yaml", bytes, size);
    free(bytes); /* the contract: the bytes may go */
    *state = &reading;
    return reading.api != NULL ? 0 : 1;
}

static int end_whole(void **state)
{
    reading_end(*state);
    return 0;
}

static const model_call_t *find_call(const model_api_t *api, const char *name)
{
    for (uint32_t i = 0; i < api->call_count; i++) {
        if (strcmp(api->calls[i].name, name) == 0) {
            return &api->calls[i];
        }
    }
    fail_msg("no call %s", name);
    return NULL;
}

static const model_type_t *find_type(const model_api_t *api, const char *name)
{
    for (uint32_t i = 0; i < api->type_count; i++) {
        if (strcmp(api->types[i].name, name) == 0) {
            return &api->types[i];
        }
    }
    fail_msg("no type %s", name);
    return NULL;
}

static void calls_are_in_order_of_id(void **state)
{
    const model_api_t *api = ((reading_t *)*state)->api;
    for (uint32_t i = 1; i < api->call_count; i++) {
        assert_true(api->calls[i - 1].id < api->calls[i].id);
    }
    assert_int_equal(api->call_count, 6 + 6);
}

static void fields_become_accessors(void **state)
{
    const model_api_t *api = ((reading_t *)*state)->api;
    const model_type_t *record = find_type(api, "reading");
    static const struct {
        const char *name;
        uint32_t id, field, args;
        model_accessor_t accessor;
        model_needs_t needs;
    } rows[] = {
        {"reading_get_value", 0x9000, 0, 2, MODEL_ACCESSOR_GET, MODEL_NEEDS_READ},
        {"reading_set_value", 0x9001, 0, 2, MODEL_ACCESSOR_SET, MODEL_NEEDS_WRITE},
        {"reading_get_raw", 0x9002, 1, 3, MODEL_ACCESSOR_GET, MODEL_NEEDS_READ},
        {"reading_set_raw", 0x9003, 1, 3, MODEL_ACCESSOR_SET, MODEL_NEEDS_WRITE},
        {"reading_get_mode", 0x9004, 2, 2, MODEL_ACCESSOR_GET, MODEL_NEEDS_READ},
        {"reading_set_mode", 0x9005, 2, 2, MODEL_ACCESSOR_SET, MODEL_NEEDS_WRITE},
    };
    assert_true(record->is_handle && record->pass_fields && record->kind == MODEL_RECORD);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const model_call_t *call = find_call(api, rows[i].name);
        assert_int_equal(call->id, rows[i].id);
        assert_int_equal(call->field, rows[i].field);
        assert_int_equal(call->args.count, rows[i].args);
        assert_int_equal(call->accessor, rows[i].accessor);
        assert_int_equal(call->needs, rows[i].needs);
        assert_ptr_equal(call->record, record);
        assert_string_equal(call->args.at[0].name, "object");
        assert_int_equal(call->args.at[0].use.kind, MODEL_HANDLE);
        assert_int_equal(call->is_result_unnamed, rows[i].accessor == MODEL_ACCESSOR_GET);
    }
    const model_item_t *index = &find_call(api, "reading_set_raw")->args.at[1];
    assert_string_equal(index->name, "index");
    assert_true(index->range.present && index->range.min == 0 && index->range.max == 8);
    const model_item_t *value = &find_call(api, "reading_set_value")->args.at[1];
    assert_true(value->range.present && value->range.min == -5 && value->range.max == 5);
    assert_string_equal(value->unit, "mV");
}

static void types_know_how_they_are_used(void **state)
{
    const model_api_t *api = ((reading_t *)*state)->api;
    static const struct {
        const char *name;
        bool is_used, is_owned, is_handle;
    } rows[] = {{"mode", true, false, false},   {"code", true, false, false},  {"point", true, false, false},  {"shape", true, false, false},
                {"reading", true, false, true}, {"device", true, false, true}, {"stream", true, true, true},    {"unused", false, false, false}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const model_type_t *type = find_type(api, rows[i].name);
        assert_int_equal(type->is_used, rows[i].is_used);
        assert_int_equal(type->is_owned, rows[i].is_owned);
        assert_int_equal(type->is_handle, rows[i].is_handle);
        assert_ptr_equal(type, &api->types[type->index]);
    }
    assert_int_equal(find_type(api, "options")->flags_mask, 0x81);
}

static void values_keep_all_their_bits(void **state)
{
    const model_api_t *api = ((reading_t *)*state)->api;
    assert_true((uint64_t)find_type(api, "code")->values[1].value == UINT64_MAX);
    assert_true(find_type(api, "mode")->values[0].value == -128);
    assert_true(api->constants[1].integer == INT64_MIN);
    assert_true((uint64_t)api->constants[2].integer == UINT64_MAX);
    assert_true(api->constants[4].real == 0.5);
    assert_true(api->constants[5].integer == 127);
}

static void docs_come_through_as_they_are(void **state)
{
    const model_api_t *api = ((reading_t *)*state)->api;
    assert_string_equal(api->doc, "Everything the language has; also texts that try to break out: */ \" \\ ?" "?/ {{name}} <b>\n"
                                  "and a second line with a\ttab and umlauts: gr\xc3\xb6\xc3\x9f" "e.\n");
}

static void arguments_are_in_order_in_inout_out(void **state)
{
    static const struct {
        const char *call;
        uint32_t arg;
        const char *name;
        model_direction_t direction;
        model_kind_t kind, element;
        uint32_t max;
    } rows[] = {
        {"buffers", 0, "path", MODEL_IN, MODEL_STRING, MODEL_STRING, 40},
        {"buffers", 1, "bits", MODEL_IN, MODEL_FLAGS, MODEL_FLAGS, 0},
        {"buffers", 2, "list", MODEL_IN, MODEL_LIST, MODEL_RECORD, 8},
        {"buffers", 3, "text", MODEL_INOUT, MODEL_STRING, MODEL_STRING, 20},
        {"buffers", 4, "found", MODEL_OUT, MODEL_LIST, MODEL_ENUM, 3},
        {"more", 0, "data", MODEL_IN, MODEL_BYTES, MODEL_BYTES, 65535},
        {"more", 1, "numbers", MODEL_INOUT, MODEL_LIST, MODEL_U16, 16},
        {"more", 2, "raw", MODEL_INOUT, MODEL_BYTES, MODEL_BYTES, 1},
        {"more", 3, "body", MODEL_OUT, MODEL_BYTES, MODEL_BYTES, 9},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const model_item_t *arg = &find_call(((reading_t *)*state)->api, rows[i].call)->args.at[rows[i].arg];
        assert_string_equal(arg->name, rows[i].name);
        assert_int_equal(arg->direction, rows[i].direction);
        assert_int_equal(arg->use.kind, rows[i].kind);
        assert_int_equal(arg->use.element, rows[i].element);
        assert_int_equal(arg->use.max, rows[i].max);
    }
    const model_call_t *call = find_call(((reading_t *)*state)->api, "buffers");
    assert_int_equal(call->args.count, 5);
    assert_int_equal(call->fail_mask, 0x80000001u);
    assert_int_equal(call->args.at[0].format, MODEL_FORMAT_URI);
    assert_true(call->args.at[0].guard && call->args.at[1].guard && !call->args.at[2].guard);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dumps_are_as_expected),
        cmocka_unit_test(json_twins_give_the_same_model),
        cmocka_unit_test(reading_a_dump_gives_it_again),
        cmocka_unit_test_setup_teardown(calls_are_in_order_of_id, read_whole, end_whole),
        cmocka_unit_test_setup_teardown(fields_become_accessors, read_whole, end_whole),
        cmocka_unit_test_setup_teardown(types_know_how_they_are_used, read_whole, end_whole),
        cmocka_unit_test_setup_teardown(values_keep_all_their_bits, read_whole, end_whole),
        cmocka_unit_test_setup_teardown(docs_come_through_as_they_are, read_whole, end_whole),
        cmocka_unit_test_setup_teardown(arguments_are_in_order_in_inout_out, read_whole, end_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
