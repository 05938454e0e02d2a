/* SPDX-License-Identifier: BSD-2-Clause */
/* test/policy/catalog.c - the tables of catalog.h. Words and layouts are as the plan makes them for VMs of words. */
#include "catalog.h"

#include <stddef.h>

#define COUNT(a) (sizeof(a) / sizeof(a)[0])
#define NOT_GUARDED .guard = -1
#define IN(n, k, w) {.name = n, .kind = k, .element = k, .direction = CG_IN, NOT_GUARDED, .word = w}
#define OUT(n, k, w) {.name = n, .kind = k, .element = k, .direction = CG_OUT, NOT_GUARDED, .word = w}
#define RESULT(n, k) {.name = n, .kind = k, .element = k, .direction = CG_OUT, NOT_GUARDED, .word = -1, .in_result = true}

/* ---- types ---- */

static const cg_value_info_t class_values[] = {{"undef", 0x00}, {"act_switch", 0x44}, {"sense_temp", 0x82}, {"sense_hum", 0x83}, {"any", 0xff}};
static const cg_type_info_t saul_class = {.name = "class", .kind = CG_KIND_ENUM, .base = CG_KIND_U8, .values = class_values, .value_count = COUNT(class_values)};
static const cg_value_info_t unit_values[] = {{"undef", 0}, {"none", 1}, {"temp_c", 2}};
static const cg_type_info_t saul_unit = {.name = "unit", .kind = CG_KIND_ENUM, .base = CG_KIND_U8, .open = true, .values = unit_values, .value_count = COUNT(unit_values)};
static const cg_item_info_t phydat_fields[] = {
    {.name = "val", .kind = CG_KIND_S16, .element = CG_KIND_S16, .array = 3, .offset = 0, NOT_GUARDED},
    {.name = "unit", .kind = CG_KIND_ENUM, .element = CG_KIND_ENUM, .type = &saul_unit, .offset = 6, NOT_GUARDED},
    {.name = "scale", .kind = CG_KIND_S8, .element = CG_KIND_S8, .offset = 7, NOT_GUARDED},
};
static const cg_type_info_t saul_phydat = {.name = "phydat", .kind = CG_KIND_RECORD, .size = 8, .fields = phydat_fields, .field_count = COUNT(phydat_fields)};
static const cg_type_info_t saul_device = {.name = "device", .kind = CG_KIND_HANDLE, .number = TYPE_SAUL_DEVICE};
static const cg_type_info_t coap_response = {.name = "response", .kind = CG_KIND_HANDLE, .number = TYPE_COAP_RESPONSE};
static const cg_value_info_t format_values[] = {{"text", 0}, {"octets", 42}, {"none", 65535}};
static const cg_type_info_t coap_format = {.name = "format", .kind = CG_KIND_ENUM, .base = CG_KIND_U16, .open = true, .values = format_values, .value_count = COUNT(format_values)};
static const cg_type_info_t timer_alarm = {.name = "alarm", .kind = CG_KIND_HANDLE, .number = TYPE_TIMER_ALARM};
static const cg_value_info_t mask_values[] = {{"red", 1}, {"green", 2}, {"blue", 4}};
static const cg_type_info_t probe_mask = {.name = "mask", .kind = CG_KIND_FLAGS, .base = CG_KIND_U8, .values = mask_values, .value_count = COUNT(mask_values)};
static const cg_value_info_t mode_values[] = {{"slow", -1}, {"still", 0}, {"fast", 1}};
static const cg_type_info_t probe_mode = {.name = "mode", .kind = CG_KIND_ENUM, .base = CG_KIND_S8, .open = true, .values = mode_values, .value_count = COUNT(mode_values)};
static const cg_item_info_t point_fields[] = {
    {.name = "x", .kind = CG_KIND_S32, .element = CG_KIND_S32, .offset = 0, NOT_GUARDED},
    {.name = "y", .kind = CG_KIND_S32, .element = CG_KIND_S32, .offset = 4, NOT_GUARDED},
};
static const cg_type_info_t probe_point = {.name = "point", .kind = CG_KIND_RECORD, .size = 8, .fields = point_fields, .field_count = COUNT(point_fields)};
static const cg_item_info_t box_fields[] = {
    {.name = "corner", .kind = CG_KIND_RECORD, .element = CG_KIND_RECORD, .type = &probe_point, .array = 2, .offset = 0, NOT_GUARDED},
    {.name = "weight", .kind = CG_KIND_F64, .element = CG_KIND_F64, .offset = 16, NOT_GUARDED},
    {.name = "closed", .kind = CG_KIND_BOOL, .element = CG_KIND_BOOL, .offset = 24, NOT_GUARDED},
    {.name = "mask", .kind = CG_KIND_FLAGS, .element = CG_KIND_FLAGS, .type = &probe_mask, .offset = 25, NOT_GUARDED},
};
static const cg_type_info_t probe_box = {.name = "box", .kind = CG_KIND_RECORD, .size = 32, .fields = box_fields, .field_count = COUNT(box_fields)};

/* ---- arguments ---- */

#define GUARDED(n, k, t, w, g) {.name = n, .kind = k, .element = k, .type = t, .direction = CG_IN, .guard = g, .word = w}
#define URI(g) {.name = "uri", .kind = CG_KIND_STRING, .element = CG_KIND_STRING, .direction = CG_IN, .max = 255, .is_uri = true, .guard = g, .word = 0}
#define HANDLE_IN(n, t) {.name = n, .kind = CG_KIND_HANDLE, .element = CG_KIND_HANDLE, .type = t, .direction = CG_IN, NOT_GUARDED, .word = 0}
#define HANDLE_RESULT(n, t, o) \
    {.name = n, .kind = CG_KIND_HANDLE, .element = CG_KIND_HANDLE, .type = t, .direction = CG_OUT, .own = o, NOT_GUARDED, .word = -1, .in_result = true}
#define BUFFER(n, k, d, m, w, r) {.name = n, .kind = k, .element = k, .direction = d, .max = m, NOT_GUARDED, .word = w, .in_result = r}
#define RECORD(n, t, d, w) {.name = n, .kind = CG_KIND_RECORD, .element = CG_KIND_RECORD, .type = t, .direction = d, NOT_GUARDED, .word = w}
#define LIST(n, e, t, d, m, w, r) {.name = n, .kind = CG_KIND_LIST, .element = e, .type = t, .direction = d, .max = m, NOT_GUARDED, .word = w, .in_result = r}
#define OPTIONAL(n, k, t, d, w) {.name = n, .kind = k, .element = k, .type = t, .direction = d, .optional = true, NOT_GUARDED, .word = w}

static const cg_item_info_t close_args[] = {IN("handle", CG_KIND_U32, 0)};
static const cg_item_info_t allowed_args[] = {IN("number", CG_KIND_U32, 0), RESULT("yes", CG_KIND_BOOL)};
static const cg_item_info_t u32_args[] = {RESULT("result", CG_KIND_U32)};
static const cg_item_info_t fill_args[] = {BUFFER("data", CG_KIND_BYTES, CG_OUT, 256, 0, true)};
static const cg_item_info_t count_args[] = {GUARDED("kind", CG_KIND_ENUM, &saul_class, 0, GUARD_COUNT_KIND), RESULT("devices", CG_KIND_U16)};
static const cg_item_info_t find_args[] = {
    GUARDED("kind", CG_KIND_ENUM, &saul_class, 0, GUARD_FIND_KIND), IN("nth", CG_KIND_U8, 1), HANDLE_RESULT("dev", &saul_device, false)};
static const cg_item_info_t name_args[] = {HANDLE_IN("dev", &saul_device), BUFFER("text", CG_KIND_STRING, CG_OUT, 31, 1, true)};
static const cg_item_info_t read_args[] = {HANDLE_IN("dev", &saul_device), RECORD("data", &saul_phydat, CG_OUT, 1), OUT("dims", CG_KIND_U8, 2)};
static const cg_item_info_t write_args[] = {HANDLE_IN("dev", &saul_device), RECORD("data", &saul_phydat, CG_IN, 1), RESULT("dims", CG_KIND_U8)};
static const cg_item_info_t get_args[] = {URI(GUARD_GET_URI), IN("timeout", CG_KIND_U32, 2), HANDLE_RESULT("answer", &coap_response, true)};
static const cg_item_info_t put_args[] = {
    URI(GUARD_PUT_URI),
    {.name = "content", .kind = CG_KIND_ENUM, .element = CG_KIND_ENUM, .type = &coap_format, .direction = CG_IN, NOT_GUARDED, .word = 2},
    BUFFER("payload", CG_KIND_BYTES, CG_IN, 1024, 3, false), IN("timeout", CG_KIND_U32, 5), HANDLE_RESULT("answer", &coap_response, true)};
static const cg_item_info_t code_args[] = {HANDLE_IN("answer", &coap_response), RESULT("code", CG_KIND_U8)};
static const cg_item_info_t print_args[] = {BUFFER("text", CG_KIND_STRING, CG_IN, 200, 0, false)};
static const cg_item_info_t every_args[] = {IN("period", CG_KIND_U32, 0), HANDLE_RESULT("alarm", &timer_alarm, true)};
static const cg_item_info_t fired_args[] = {IN("count", CG_KIND_U32, 0)};
static const cg_item_info_t set_args[] = {
    GUARDED("level", CG_KIND_S16, NULL, 0, GUARD_LEVEL), GUARDED("mask", CG_KIND_FLAGS, &probe_mask, 1, GUARD_MASK),
    GUARDED("big", CG_KIND_U64, NULL, 2, GUARD_BIG), GUARDED("mode", CG_KIND_ENUM, &probe_mode, 4, GUARD_MODE),
    {.name = "topic", .kind = CG_KIND_STRING, .element = CG_KIND_STRING, .direction = CG_IN, .max = 16, .guard = GUARD_TOPIC, .word = 5}};
static const cg_item_info_t wide_args[] = {
    IN("up", CG_KIND_U64, 0), IN("down", CG_KIND_S64, 2), IN("half", CG_KIND_F32, 4), IN("full", CG_KIND_F64, 5), IN("on", CG_KIND_BOOL, 7),
    OUT("back", CG_KIND_S64, 8)};
static const cg_item_info_t maybe_args[] = {
    OPTIONAL("a", CG_KIND_U16, NULL, CG_IN, 0), OPTIONAL("b", CG_KIND_U64, NULL, CG_IN, 2), OPTIONAL("dev", CG_KIND_HANDLE, &saul_device, CG_IN, 5),
    OPTIONAL("x", CG_KIND_S8, NULL, CG_OUT, 6), OPTIONAL("y", CG_KIND_ENUM, &probe_mode, CG_OUT, 8)};
static const cg_item_info_t lists_args[] = {
    LIST("numbers", CG_KIND_U16, NULL, CG_IN, 40, 0, false), LIST("points", CG_KIND_RECORD, &probe_point, CG_IN, 4, 2, false),
    LIST("modes", CG_KIND_ENUM, &probe_mode, CG_OUT, 8, 4, false), BUFFER("note", CG_KIND_STRING, CG_OUT, 31, 7, false)};
static const cg_item_info_t swap_args[] = {BUFFER("data", CG_KIND_BYTES, CG_INOUT, 64, 0, true)};
static const cg_item_info_t nest_args[] = {RECORD("box", &probe_box, CG_IN, 0), RECORD("copy", &probe_box, CG_OUT, 1)};
static const cg_item_info_t sum_args[] = {IN("a", CG_KIND_S32, 0), IN("b", CG_KIND_S32, 1), RESULT("result", CG_KIND_S32)};

/* ---- calls ---- */

#define CALL(api, id, n, i, need, f, wait, a) \
    {.name = n, .number = CG_NUMBER(api, id), .index = i, .needs = need, .form = f, .blocks = wait, .arg_count = COUNT(a), .args = a}

static const cg_call_info_t gate_calls[] = {
    CALL(0, 1, "close", CALL_GATE_CLOSE, 0, CG_FORM_STATUS, false, close_args),
    CALL(0, 2, "allowed", CALL_GATE_ALLOWED, 0, CG_FORM_VALUE, false, allowed_args)};
static const cg_call_info_t random_calls[] = {
    CALL(1, 1, "u32", CALL_RANDOM_U32, 1, CG_FORM_VALUE, false, u32_args), CALL(1, 2, "fill", CALL_RANDOM_FILL, 1, CG_FORM_COUNT, false, fill_args)};
static const cg_call_info_t saul_calls[] = {
    CALL(2, 1, "count", CALL_SAUL_COUNT, 1, CG_FORM_COUNT, false, count_args), CALL(2, 2, "find", CALL_SAUL_FIND, 1, CG_FORM_COUNT, false, find_args),
    CALL(2, 3, "name", CALL_SAUL_NAME, 1, CG_FORM_COUNT, false, name_args), CALL(2, 4, "read", CALL_SAUL_READ, 1, CG_FORM_STATUS, false, read_args),
    CALL(2, 5, "write", CALL_SAUL_WRITE, 2, CG_FORM_COUNT, false, write_args)};
static const cg_call_info_t coap_calls[] = {
    CALL(3, 1, "get", CALL_COAP_GET, 4, CG_FORM_COUNT, true, get_args), CALL(3, 2, "put", CALL_COAP_PUT, 4, CG_FORM_COUNT, true, put_args),
    CALL(3, 5, "code", CALL_COAP_CODE, 1, CG_FORM_COUNT, false, code_args)};
static const cg_call_info_t log_calls[] = {CALL(4, 1, "print", CALL_LOG_PRINT, 2, CG_FORM_STATUS, false, print_args)};
static const cg_call_info_t timer_calls[] = {
    CALL(6, 1, "every", CALL_TIMER_EVERY, 2, CG_FORM_COUNT, false, every_args), CALL(6, 2, "once", CALL_TIMER_ONCE, 2, CG_FORM_COUNT, false, every_args)};
static const cg_ev_info_t timer_events[] = {
    {.name = "fired", .handler = "on_timer_fired", .id = 1, .index = EVENT_TIMER_FIRED, .from = &timer_alarm, .arg_count = COUNT(fired_args), .args = fired_args},
    {.name = "missed", .handler = "on_timer_missed", .id = 2, .index = EVENT_TIMER_MISSED, .from = &timer_alarm}};
static const cg_call_info_t probe_calls[] = {
    CALL(9, 1, "set", CALL_PROBE_SET, 2, CG_FORM_STATUS, false, set_args), CALL(9, 2, "wide", CALL_PROBE_WIDE, 1, CG_FORM_STATUS, false, wide_args),
    CALL(9, 3, "maybe", CALL_PROBE_MAYBE, 1, CG_FORM_STATUS, false, maybe_args), CALL(9, 4, "lists", CALL_PROBE_LISTS, 1, CG_FORM_STATUS, false, lists_args),
    CALL(9, 5, "swap", CALL_PROBE_SWAP, 1, CG_FORM_COUNT, false, swap_args), CALL(9, 6, "nest", CALL_PROBE_NEST, 1, CG_FORM_STATUS, false, nest_args),
    CALL(9, 7, "sum", CALL_PROBE_SUM, 0, CG_FORM_VALUE, false, sum_args)};

/* ---- the set and the catalog ---- */

static const uint32_t numbers[CALL_COUNT] = {
    CG_NUMBER(0, 1), CG_NUMBER(0, 2), CG_NUMBER(1, 1), CG_NUMBER(1, 2), CG_NUMBER(2, 1), CG_NUMBER(2, 2), CG_NUMBER(2, 3), CG_NUMBER(2, 4), CG_NUMBER(2, 5),
    CG_NUMBER(3, 1), CG_NUMBER(3, 2), CG_NUMBER(3, 5), CG_NUMBER(4, 1), CG_NUMBER(6, 1), CG_NUMBER(6, 2), CG_NUMBER(9, 1), CG_NUMBER(9, 2), CG_NUMBER(9, 3), CG_NUMBER(9, 4), CG_NUMBER(9, 5),
    CG_NUMBER(9, 6), CG_NUMBER(9, 7)};
static const cg_type_t types[TYPE_COUNT];
static const cg_ev_t events[EVENT_COUNT] = {{.api = 6, .id = 1, .type = TYPE_TIMER_ALARM, .size = 4}, {.api = 6, .id = 2, .type = TYPE_TIMER_ALARM}};
static const cg_set_t set = {
    .abi_version = CG_ABI_VERSION, .call_count = CALL_COUNT, .type_count = TYPE_COUNT, .guard_count = GUARD_COUNT, .numbers = numbers, .types = types,
    .event_count = EVENT_COUNT, .event_size = 4, .events = events};

static const cg_type_info_t *const saul_types[] = {&saul_class, &saul_unit, &saul_phydat, &saul_device};
static const cg_type_info_t *const coap_types[] = {&coap_format, &coap_response};
static const cg_type_info_t *const timer_types[] = {&timer_alarm};
static const cg_type_info_t *const probe_types[] = {&probe_mask, &probe_mode, &probe_point, &probe_box};
static const cg_error_info_t saul_errors[] = {
    {"not_found", "No such device.", -64}, {"io", "The device did not answer.", -65}, {"not_supported", "The device cannot do that.", -66}};

static const cg_api_info_t apis[] = {
    {.name = "gate", .version = "1.0.0", .id = 0, .calls = gate_calls, .call_count = COUNT(gate_calls)},
    {.name = "random", .version = "1.0.0", .id = 1, .calls = random_calls, .call_count = COUNT(random_calls)},
    {.name = "saul", .version = "1.0.0", .id = 2, .calls = saul_calls, .call_count = COUNT(saul_calls), .types = saul_types, .type_count = COUNT(saul_types),
     .errors = saul_errors, .error_count = COUNT(saul_errors)},
    {.name = "coap", .version = "1.0.0", .id = 3, .calls = coap_calls, .call_count = COUNT(coap_calls), .types = coap_types, .type_count = COUNT(coap_types)},
    {.name = "log", .version = "1.0.0", .id = 4, .calls = log_calls, .call_count = COUNT(log_calls)},
    {.name = "timer", .version = "1.0.0", .id = 6, .calls = timer_calls, .call_count = COUNT(timer_calls), .types = timer_types, .type_count = COUNT(timer_types),
     .events = timer_events, .event_count = COUNT(timer_events)},
    {.name = "probe", .version = "1.0.0", .id = 9, .calls = probe_calls, .call_count = COUNT(probe_calls), .types = probe_types, .type_count = COUNT(probe_types)},
};

const cg_catalog_t test_catalog = {.set = &set, .api_count = COUNT(apis), .apis = apis, .count_size = 4, .handle_size = 4};
