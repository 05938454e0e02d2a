/* SPDX-License-Identifier: BSD-2-Clause */
/* link.c - what a loaded module asks for and offers, compared with the table of natives and the policy.
 * The engine links by name alone and only warns about what it does not find; so every import is compared here: name, type, grant. Runs nothing. */
#include "inside.h"

enum { TYPE_TEXT_MAX = 64 };

/* The letter of a type in our signatures, '?' for those that no call has. */
static char letter_of(wasm_valkind_t kind)
{
    return kind == WASM_I32 ? 'i' : kind == WASM_I64 ? 'I' : kind == WASM_F32 ? 'f' : kind == WASM_F64 ? 'F' : '?';
}

/* A function's type in our notation, cut to fit: "(ii)i". */
static void type_text(wasm_func_type_t type, char to[TYPE_TEXT_MAX])
{
    const uint32_t params = wasm_func_type_get_param_count(type);
    const uint32_t results = wasm_func_type_get_result_count(type);
    uint32_t used = 0;
    to[used++] = '(';
    for (uint32_t i = 0; i < params && used < TYPE_TEXT_MAX / 2; i++) {
        to[used++] = letter_of(wasm_func_type_get_param_valkind(type, i));
    }
    to[used++] = ')';
    for (uint32_t i = 0; i < results && used < TYPE_TEXT_MAX - 1; i++) {
        to[used++] = letter_of(wasm_func_type_get_result_valkind(type, i));
    }
    to[used] = '\0';
}

/* Exact: counts first, for the text may be cut. */
static bool type_is(wasm_func_type_t type, const char *signature)
{
    const uint32_t params = wasm_func_type_get_param_count(type);
    const uint32_t results = wasm_func_type_get_result_count(type);
    const char *at = signature;
    if (*at++ != '(') {
        return false;
    }
    for (uint32_t i = 0; i < params; i++) {
        if (*at++ != letter_of(wasm_func_type_get_param_valkind(type, i))) {
            return false;
        }
    }
    if (*at++ != ')') {
        return false;
    }
    for (uint32_t i = 0; i < results; i++) {
        if (*at++ != letter_of(wasm_func_type_get_result_valkind(type, i))) {
            return false;
        }
    }
    return *at == '\0';
}

static int32_t find_native(const cg_guest_config_t *config, const char *module, const char *name)
{
    const cg_wamr_glue_t *glue = config->vm->glue;
    for (uint32_t i = 0; i < config->vm->set->call_count; i++) {
        if (strcmp(glue->natives[i].module, module) == 0 && strcmp(glue->natives[i].name, name) == 0) {
            return (int32_t)i;
        }
    }
    return -1;
}

static int refuse_kind(const cg_guest_config_t *config, const wasm_import_t *import)
{
    cg_say(config, "imports ", import->module_name, ".", import->name,
           ", which is not a function: a guest brings its own memory, tables and globals (link without --import-memory)", (const char *)NULL);
    return CG_LOAD_IMPORT;
}

static int refuse_type(const cg_guest_config_t *config, const wasm_import_t *import, const char *signature)
{
    char has[TYPE_TEXT_MAX];
    type_text(import->u.func_type, has);
    cg_say(config, "imports ", import->module_name, ".", import->name, " of type ", has, ", but it is ", signature,
           ": rebuild the guest against this host's SDK", (const char *)NULL);
    return CG_LOAD_IMPORT;
}

int wamr_check_imports(wasm_module_t module, const cg_guest_config_t *config, const cg_policy_t *policy)
{
    const cg_wamr_glue_t *glue = config->vm->glue;
    const int32_t count = wasm_runtime_get_import_count(module);
    cg_refused_t unknown = {0};
    cg_refused_t denied = {0};
    for (int32_t i = 0; i < count; i++) {
        wasm_import_t import;
        wasm_runtime_get_import_type(module, i, &import);
        if (import.kind != WASM_IMPORT_EXPORT_KIND_FUNC) {
            return refuse_kind(config, &import);
        }
        const int32_t index = find_native(config, import.module_name, import.name);
        if (index < 0) {
            cg_refused_add(&unknown, import.module_name, import.name);
        } else if (!type_is(import.u.func_type, glue->natives[index].signature)) {
            return refuse_type(config, &import, glue->natives[index].signature);
        } else if (!cg_is_linked(policy, (uint32_t)index)) {
            cg_refused_add(&denied, import.module_name, import.name);
        }
    }
    if (unknown.count != 0) {
        return cg_refuse_unknown(config, &unknown);
    }
    return denied.count != 0 ? cg_refuse_denied(config, &denied) : CG_LOAD_OK;
}

static int refuse_handler(const cg_guest_config_t *config, const wasm_export_t *export, const char *signature)
{
    char has[TYPE_TEXT_MAX];
    const bool is_function = export->kind == WASM_IMPORT_EXPORT_KIND_FUNC;
    if (is_function) {
        type_text(export->u.func_type, has);
    }
    cg_say(config, "exports ", export->name, is_function ? " of type " : ", which is no function", is_function ? has : "", ", but the handler of that event is ", signature,
           ": rebuild the guest against this host's SDK", (const char *)NULL);
    return CG_LOAD_IMAGE;
}

/* What the exports are, as far as they mean anything here. */
typedef struct exports {
    bool has_entry, has_block, needs_block;
    cg_refused_t denied;
} exports_t;

static int check_handler(exports_t *found, const wasm_export_t *export, const cg_guest_config_t *config, const cg_policy_t *policy)
{
    for (uint32_t i = 0; i < config->vm->set->event_count; i++) {
        const cg_ev_face_t *face = &config->vm->events[i];
        if (strcmp(export->name, face->handler) != 0) {
            continue;
        }
        if (export->kind != WASM_IMPORT_EXPORT_KIND_FUNC || !type_is(export->u.func_type, face->signature)) {
            return refuse_handler(config, export, face->signature);
        }
        found->needs_block = found->needs_block || face->has_block;
        cg_handler_found(&found->denied, config, policy, i);
    }
    return CG_LOAD_OK;
}

static int check_export(exports_t *found, const wasm_export_t *export, const cg_guest_config_t *config, const cg_policy_t *policy)
{
    if (strcmp(export->name, "__wasm_call_ctors") == 0 || strcmp(export->name, "__post_instantiate") == 0) {
        cg_say(config, "exports ", export->name, ", which would run before its limits hold: export " WAMR_ENTRY " only", (const char *)NULL);
        return CG_LOAD_IMAGE;
    }
    const bool is_function = export->kind == WASM_IMPORT_EXPORT_KIND_FUNC;
    if (strcmp(export->name, WAMR_ENTRY) == 0) {
        found->has_entry = is_function && type_is(export->u.func_type, "()i");
    } else if (strcmp(export->name, WAMR_BLOCK) == 0) {
        found->has_block = is_function && type_is(export->u.func_type, "()i");
    }
    return check_handler(found, export, config, policy);
}

int wamr_check_exports(wasm_module_t module, const cg_guest_config_t *config, const cg_policy_t *policy)
{
    const int32_t count = wasm_runtime_get_export_count(module);
    exports_t found = {0};
    for (int32_t i = 0; i < count; i++) {
        wasm_export_t export;
        wasm_runtime_get_export_type(module, i, &export);
        const int refused = check_export(&found, &export, config, policy);
        if (refused != CG_LOAD_OK) {
            return refused;
        }
    }
    if (!found.has_entry) {
        cg_say(config, "does not export `int " WAMR_ENTRY "(void)`: mark it CG_ENTRY, or link with --export=" WAMR_ENTRY, (const char *)NULL);
        return CG_LOAD_IMAGE;
    }
    if (found.needs_block && !found.has_block) {
        cg_say(config, "does not export `unsigned char *" WAMR_BLOCK "(void)`, where events with records are put: use the SDK's headers", (const char *)NULL);
        return CG_LOAD_IMAGE;
    }
    return found.denied.count != 0 ? cg_refuse_handlers(config, &found.denied) : CG_LOAD_OK;
}

static void tell_exports(wasm_module_t module, const cg_guest_config_t *config, cg_inspect_fn *found, void *context)
{
    const int32_t count = wasm_runtime_get_export_count(module);
    for (int32_t i = 0; i < count; i++) {
        wasm_export_t export;
        wasm_runtime_get_export_type(module, i, &export);
        for (uint32_t k = 0; k < config->vm->set->event_count; k++) {
            if (strcmp(export.name, config->vm->events[k].handler) == 0) {
                found(context, CG_FOUND_HANDLER, k);
            }
        }
    }
}

int wamr_tell(wasm_module_t module, const cg_guest_config_t *config, cg_inspect_fn *found, void *context)
{
    const int32_t count = wasm_runtime_get_import_count(module);
    cg_refused_t unknown = {0};
    for (int32_t i = 0; i < count; i++) {
        wasm_import_t import;
        wasm_runtime_get_import_type(module, i, &import);
        const int32_t index = find_native(config, import.module_name, import.name);
        if (index < 0) {
            cg_refused_add(&unknown, import.module_name, import.name);
        } else {
            found(context, CG_FOUND_CALL, (uint32_t)index);
        }
    }
    tell_exports(module, config, found, context);
    return unknown.count != 0 ? cg_refuse_unknown(config, &unknown) : CG_LOAD_OK;
}
