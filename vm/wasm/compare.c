/* SPDX-License-Identifier: BSD-2-Clause */
/* compare.c - what a module asks for and offers, compared with the table of calls and the policy.
 * Engines link by name alone, or by what the host says of a type; so every import is compared here: name, type, grant. Runs nothing. */
#include "wasm_module.h"

#include <string.h>

static const char cut[] = "...";

void cg_wasm_type_add(cg_wasm_type_t *type, char letter)
{
    if (type->used + sizeof cut < sizeof type->text) {
        type->text[type->used++] = letter;
        type->text[type->used] = '\0';
    } else {
        memcpy(&type->text[type->used], cut, sizeof cut);
    }
}

int32_t cg_wasm_find_call(const cg_guest_config_t *config, cg_wasm_call_fn *call, const cg_wasm_item_t *import)
{
    for (uint32_t i = 0; i < config->vm->set->call_count; i++) {
        const cg_wasm_call_t known = call(config->vm->glue, i);
        if (strcmp(known.module, import->module) == 0 && strcmp(known.name, import->name) == 0) {
            return (int32_t)i;
        }
    }
    return -1;
}

static int refuse_kind(const cg_guest_config_t *config, const cg_wasm_item_t *import)
{
    cg_say(config, "imports ", import->module, ".", import->name,
           ", which is not a function: a guest brings its own memory, tables and globals (link without --import-memory)", (const char *)NULL);
    return CG_LOAD_IMPORT;
}

static int refuse_type(const cg_guest_config_t *config, const cg_wasm_item_t *import, const char *signature)
{
    cg_say(config, "imports ", import->module, ".", import->name, " of type ", import->type, ", but it is ", signature,
           ": rebuild the guest against this host's SDK", (const char *)NULL);
    return CG_LOAD_IMPORT;
}

int cg_wasm_check_import(cg_wasm_check_t *check, const cg_wasm_item_t *import)
{
    if (import->type == NULL) {
        return refuse_kind(check->config, import);
    }
    const int32_t index = cg_wasm_find_call(check->config, check->call, import);
    if (index < 0) {
        cg_refused_add(&check->unknown, import->module, import->name);
        return CG_LOAD_OK;
    }
    const cg_wasm_call_t known = check->call(check->config->vm->glue, (uint32_t)index);
    if (strcmp(import->type, known.signature) != 0) {
        return refuse_type(check->config, import, known.signature);
    }
    if (!cg_is_linked(check->policy, (uint32_t)index)) {
        cg_refused_add(&check->denied, known.module, known.name);
    }
    return CG_LOAD_OK;
}

int cg_wasm_check_imports_end(const cg_wasm_check_t *check)
{
    if (check->unknown.count != 0) {
        return cg_refuse_unknown(check->config, &check->unknown);
    }
    return check->denied.count != 0 ? cg_refuse_denied(check->config, &check->denied) : CG_LOAD_OK;
}

static int refuse_handler(const cg_guest_config_t *config, const cg_wasm_item_t *export, const char *signature)
{
    const bool is_function = export->type != NULL;
    cg_say(config, "exports ", export->name, is_function ? " of type " : ", which is no function", is_function ? export->type : "",
           ", but the handler of that event is ", signature, ": rebuild the guest against this host's SDK", (const char *)NULL);
    return CG_LOAD_IMAGE;
}

static int check_handler(cg_wasm_check_t *check, const cg_wasm_item_t *export)
{
    for (uint32_t i = 0; i < check->config->vm->set->event_count; i++) {
        const cg_ev_face_t *face = &check->config->vm->events[i];
        if (strcmp(export->name, face->handler) != 0) {
            continue;
        }
        if (export->type == NULL || strcmp(export->type, face->signature) != 0) {
            return refuse_handler(check->config, export, face->signature);
        }
        check->needs_block = check->needs_block || face->has_block;
        cg_handler_found(&check->handlers, check->config, check->policy, i);
    }
    return CG_LOAD_OK;
}

int cg_wasm_check_export(cg_wasm_check_t *check, const cg_wasm_item_t *export)
{
    if (strcmp(export->name, "__wasm_call_ctors") == 0 || strcmp(export->name, "__post_instantiate") == 0) {
        cg_say(check->config, "exports ", export->name, ", which would run before its limits hold: export " CG_WASM_ENTRY " only", (const char *)NULL);
        return CG_LOAD_IMAGE;
    }
    const bool is_plain = export->type != NULL && strcmp(export->type, "()i") == 0;
    if (strcmp(export->name, CG_WASM_ENTRY) == 0) {
        check->has_entry = is_plain;
    } else if (strcmp(export->name, CG_WASM_BLOCK) == 0) {
        check->has_block = is_plain;
    }
    return check_handler(check, export);
}

int cg_wasm_check_exports_end(const cg_wasm_check_t *check)
{
    if (!check->has_entry) {
        cg_say(check->config, "does not export `int " CG_WASM_ENTRY "(void)`: mark it CG_ENTRY, or link with --export=" CG_WASM_ENTRY, (const char *)NULL);
        return CG_LOAD_IMAGE;
    }
    if (check->needs_block && !check->has_block) {
        cg_say(check->config, "does not export `unsigned char *" CG_WASM_BLOCK "(void)`, where events with records are put: use the SDK's headers", (const char *)NULL);
        return CG_LOAD_IMAGE;
    }
    return check->handlers.count != 0 ? cg_refuse_handlers(check->config, &check->handlers) : CG_LOAD_OK;
}

void cg_wasm_tell_import(cg_wasm_check_t *check, const cg_wasm_item_t *import, cg_inspect_fn *found, void *context)
{
    const int32_t index = cg_wasm_find_call(check->config, check->call, import);
    if (index < 0) {
        cg_refused_add(&check->unknown, import->module, import->name);
    } else {
        found(context, CG_FOUND_CALL, (uint32_t)index);
    }
}

void cg_wasm_tell_export(const cg_wasm_check_t *check, const cg_wasm_item_t *export, cg_inspect_fn *found, void *context)
{
    for (uint32_t i = 0; i < check->config->vm->set->event_count; i++) {
        if (strcmp(export->name, check->config->vm->events[i].handler) == 0) {
            found(context, CG_FOUND_HANDLER, i);
        }
    }
}
