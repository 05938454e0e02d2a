/* SPDX-License-Identifier: BSD-2-Clause */
/* gen/model_dump.c - the model as text: a description in canonical form, with what was derived in comments.
 * Golden tests compare it, and a test reads it back. Numbers print canonically: enums decimal, flags hexadecimal. */
#include "gen/model.h"

#include <inttypes.h>
#include <string.h>

/* A text in double quotes, as YAML and JSON both read it. */
static void dump_text(FILE *out, const char *text)
{
    fputc('"', out);
    for (const char *c = text; *c != '\0'; c++) {
        if (*c == '"' || *c == '\\') {
            fprintf(out, "\\%c", *c);
        } else if (*c == '\n') {
            fputs("\\n", out);
        } else if (*c == '\t') {
            fputs("\\t", out);
        } else {
            fputc(*c, out);
        }
    }
    fputc('"', out);
}

static void dump_doc(FILE *out, const char *indent, const char *doc)
{
    if (doc != NULL) {
        fprintf(out, "%sdoc: ", indent);
        dump_text(out, doc);
        fputc('\n', out);
    }
}

static const char *dump_element_name(const model_use_t *use)
{
    return use->type != NULL ? use->type->name : model_kind_name(use->element);
}

static void dump_use(FILE *out, const model_use_t *use)
{
    fprintf(out, "\"%s%s%s", use->optional ? "optional " : "", use->own ? "own " : "", dump_element_name(use));
    if (use->max != 0) {
        fprintf(out, "(..%" PRIu32 ")", use->max);
    } else if (use->array != 0) {
        fprintf(out, "(%" PRIu32 ")", use->array);
    }
    fputc('"', out);
}

static void dump_integer(FILE *out, int64_t value, bool is_signed)
{
    if (is_signed) {
        fprintf(out, "%" PRId64, value);
    } else {
        fprintf(out, "%" PRIu64, (uint64_t)value);
    }
}

static void dump_item(FILE *out, const char *indent, const model_item_t *item)
{
    fprintf(out, "%s%s: {type: ", indent, item->name);
    dump_use(out, &item->use);
    if (item->unit != NULL) {
        fputs(", unit: ", out);
        dump_text(out, item->unit);
    }
    if (item->range.present) {
        fputs(", range: \"", out);
        dump_integer(out, item->range.min, item->range.is_signed);
        fputs("..", out);
        dump_integer(out, item->range.max, item->range.is_signed);
        fputc('"', out);
    }
    if (item->guard) {
        fputs(", guard: true", out);
    }
    if (item->format == MODEL_FORMAT_URI) {
        fputs(", format: uri", out);
    }
    if (item->doc != NULL) {
        fputs(", doc: ", out);
        dump_text(out, item->doc);
    }
    fputs("}\n", out);
}

static void dump_values(FILE *out, const model_type_t *type)
{
    fputs("    values:\n", out);
    for (uint32_t i = 0; i < type->value_count; i++) {
        const model_value_t *value = &type->values[i];
        fprintf(out, "      %s: {value: ", value->name);
        if (type->kind == MODEL_FLAGS) {
            fprintf(out, "0x%" PRIx64, (uint64_t)value->value);
        } else {
            dump_integer(out, value->value, model_kind_is_signed(type->base));
        }
        if (value->doc != NULL) {
            fputs(", doc: ", out);
            dump_text(out, value->doc);
        }
        fputs("}\n", out);
    }
}

static void dump_record(FILE *out, const model_type_t *type)
{
    fputs("    record:\n", out);
    for (uint32_t i = 0; i < type->fields.count; i++) {
        dump_item(out, "      ", &type->fields.at[i]);
    }
    if (type->pass_fields) {
        fprintf(out, "    pass: fields\n    fields: 0x%" PRIx32 "\n", type->fields_id);
    }
}

static void dump_type(FILE *out, const model_type_t *type)
{
    fprintf(out, "  %s:%s%s\n", type->name, type->is_used ? "" : " # not used", type->is_owned ? " # owned" : "");
    dump_doc(out, "    ", type->doc);
    if (type->kind == MODEL_ENUM) {
        fprintf(out, "    enum: %s\n    open: %s\n", model_kind_name(type->base), type->open ? "true" : "false");
        dump_values(out, type);
    } else if (type->kind == MODEL_FLAGS) {
        fprintf(out, "    flags: %s # all: 0x%" PRIx64 "\n", model_kind_name(type->base), type->flags_mask);
        dump_values(out, type);
    } else if (type->kind == MODEL_RECORD) {
        dump_record(out, type);
    } else {
        fputs("    handle: true\n", out);
    }
    if (type->host_count > 0) {
        fputs("    host:\n", out);
    }
    for (uint32_t i = 0; i < type->host_count; i++) {
        fprintf(out, "      %s: {type: \"%s\"", type->hosts[i].host, type->hosts[i].type);
        if (type->hosts[i].include != NULL) {
            fprintf(out, ", include: \"%s\"", type->hosts[i].include);
        }
        fputs("}\n", out);
    }
}

static void dump_constant_value(FILE *out, const model_constant_t *constant)
{
    if (model_kind_is_float(constant->kind)) {
        fprintf(out, "%.17g", constant->real);
    } else if (constant->kind == MODEL_BOOL) {
        fputs(constant->integer != 0 ? "true" : "false", out);
    } else if (constant->kind == MODEL_FLAGS) {
        fprintf(out, "0x%" PRIx64, (uint64_t)constant->integer);
    } else if (constant->kind == MODEL_ENUM) {
        for (uint32_t i = 0; i < constant->type->value_count; i++) {
            if (constant->type->values[i].value == constant->integer) {
                dump_text(out, constant->type->values[i].name);
            }
        }
    } else {
        dump_integer(out, constant->integer, model_kind_is_signed(constant->kind));
    }
}

static void dump_constant(FILE *out, const model_constant_t *constant)
{
    fprintf(out, "  %s: {type: %s, value: ", constant->name, constant->type != NULL ? constant->type->name : model_kind_name(constant->kind));
    dump_constant_value(out, constant);
    if (constant->unit != NULL) {
        fputs(", unit: ", out);
        dump_text(out, constant->unit);
    }
    if (constant->doc != NULL) {
        fputs(", doc: ", out);
        dump_text(out, constant->doc);
    }
    fputs("}\n", out);
}

static void dump_args(FILE *out, const model_call_t *call, model_direction_t direction, const char *name)
{
    bool is_first = true;
    for (uint32_t i = 0; i < call->args.count; i++) {
        const model_item_t *item = &call->args.at[i];
        if (item->direction != direction) {
            continue;
        }
        if (call->is_result_unnamed && direction == MODEL_OUT) {
            fprintf(out, "    %s: ", name);
            dump_use(out, &item->use);
            fputc('\n', out);
            continue;
        }
        if (is_first) {
            fprintf(out, "    %s:\n", name);
            is_first = false;
        }
        dump_item(out, "      ", item);
    }
}

static void dump_binds(FILE *out, const model_call_t *call)
{
    if (call->bind_count > 0) {
        fputs("    bind:\n", out);
    }
    for (uint32_t i = 0; i < call->bind_count; i++) {
        const model_bind_t *bind = &call->binds[i];
        fprintf(out, "      %s:\n        call: ", bind->host);
        dump_text(out, bind->call);
        fputc('\n', out);
        if (bind->gives != NULL) {
            fprintf(out, "        gives: %s\n", bind->gives);
        }
        if (bind->include != NULL) {
            fprintf(out, "        include: \"%s\"\n", bind->include);
        }
        if (bind->fail_count > 0) {
            fputs("        fails:\n", out);
        }
        for (uint32_t k = 0; k < bind->fail_count; k++) {
            fprintf(out, "          \"%s\": \"%s\"\n", bind->fails[k].value, bind->fails[k].error->name);
        }
    }
}

static const char *dump_needs_name(model_needs_t needs)
{
    switch (needs) {
    case MODEL_NEEDS_NONE: return "none";
    case MODEL_NEEDS_READ: return "read";
    case MODEL_NEEDS_WRITE: return "write";
    case MODEL_NEEDS_EXEC: return "exec";
    }
    return "?";
}

static void dump_call(FILE *out, const model_api_t *api, const model_call_t *call)
{
    fprintf(out, "  %s: # call number 0x%08" PRIx32 "\n    id: %" PRIu32 "\n    needs: %s\n", call->name, api->id << 16 | call->id, call->id,
            dump_needs_name(call->needs));
    dump_doc(out, "    ", call->doc);
    if (call->blocks) {
        fputs("    blocks: true\n", out);
    }
    dump_args(out, call, MODEL_IN, "in");
    dump_args(out, call, MODEL_INOUT, "inout");
    dump_args(out, call, MODEL_OUT, "out");
    if (call->fail_count > 0) {
        fputs("    fails: [", out);
    }
    for (uint32_t i = 0; i < call->fail_count; i++) {
        fprintf(out, "\"%s\"%s", call->fails[i]->name, i + 1 < call->fail_count ? ", " : "]\n");
    }
    dump_binds(out, call);
}

/* Accessors follow from their record; in the text they are comments. */
static void dump_accessor(FILE *out, const model_api_t *api, const model_call_t *call)
{
    fprintf(out, "  # %s: call number 0x%08" PRIx32 ", needs %s,", call->name, api->id << 16 | call->id, dump_needs_name(call->needs));
    for (uint32_t i = 0; i < call->args.count; i++) {
        fprintf(out, " %s %s ", call->args.at[i].direction == MODEL_OUT ? "out" : "in", call->args.at[i].name);
        dump_use(out, &call->args.at[i].use);
    }
    fputc('\n', out);
}

static void dump_event(FILE *out, const model_event_t *event)
{
    static const char *const queues[] = {[MODEL_QUEUE_DROP_NEWEST] = "drop_newest",
                                        [MODEL_QUEUE_DROP_OLDEST] = "drop_oldest",
                                        [MODEL_QUEUE_COALESCE] = "coalesce"};
    fprintf(out, "  %s:\n    id: %" PRIu32 "\n    from: %s\n", event->name, event->id, event->from->name);
    dump_doc(out, "    ", event->doc);
    fprintf(out, "    queue: %s\n", queues[event->queue]);
    if (event->data.count > 0) {
        fputs("    data:\n", out);
    }
    for (uint32_t i = 0; i < event->data.count; i++) {
        dump_item(out, "      ", &event->data.at[i]);
    }
}

static void dump_section(FILE *out, const char *name, uint32_t count)
{
    if (count > 0) {
        fprintf(out, "\n%s:\n", name);
    }
}

void model_dump(FILE *out, const model_api_t *api)
{
    fprintf(out, "callgate: 1\napi: %s\nid: %" PRIu32 "\nversion: \"%s\"\n", api->name, api->id, api->version);
    dump_doc(out, "", api->doc);
    dump_section(out, "types", api->type_count);
    for (uint32_t i = 0; i < api->type_count; i++) {
        dump_type(out, &api->types[i]);
    }
    dump_section(out, "constants", api->constant_count);
    for (uint32_t i = 0; i < api->constant_count; i++) {
        dump_constant(out, &api->constants[i]);
    }
    dump_section(out, "errors", api->error_count);
    for (uint32_t i = 0; i < api->error_count; i++) {
        const model_error_t *error = &api->errors[i];
        fprintf(out, "  %s:\n    id: %" PRIu32 " # guests see %d\n", error->name, error->id, -63 - (int)error->id);
        dump_doc(out, "    ", error->doc);
    }
    const bool has_calls = api->call_count > 0 && api->calls[0].accessor == MODEL_ACCESSOR_NONE; /* accessors have the highest ids */
    dump_section(out, has_calls ? "calls" : "# calls", api->call_count);
    for (uint32_t i = 0; i < api->call_count; i++) {
        if (api->calls[i].accessor == MODEL_ACCESSOR_NONE) {
            dump_call(out, api, &api->calls[i]);
        } else {
            dump_accessor(out, api, &api->calls[i]);
        }
    }
    dump_section(out, "events", api->event_count);
    for (uint32_t i = 0; i < api->event_count; i++) {
        dump_event(out, &api->events[i]);
    }
}
