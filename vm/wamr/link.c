/* SPDX-License-Identifier: BSD-2-Clause */
/* link.c - what a loaded module asks for and offers, as the engine sees it, handed to the comparison that all WebAssembly engines share (vm/wasm/).
 * The engine links by name alone and only warns about what it does not find; so every import is compared. Runs nothing. */
#include "inside.h"

/* The letter of a type in our signatures, '?' for those that no call has. */
static char letter_of(wasm_valkind_t kind)
{
    return kind == WASM_I32 ? 'i' : kind == WASM_I64 ? 'I' : kind == WASM_F32 ? 'f' : kind == WASM_F64 ? 'F' : '?';
}

static const char *type_text(wasm_func_type_t type, cg_wasm_type_t *to)
{
    const uint32_t params = wasm_func_type_get_param_count(type);
    const uint32_t results = wasm_func_type_get_result_count(type);
    to->used = 0;
    cg_wasm_type_add(to, '(');
    for (uint32_t i = 0; i < params; i++) {
        cg_wasm_type_add(to, letter_of(wasm_func_type_get_param_valkind(type, i)));
    }
    cg_wasm_type_add(to, ')');
    for (uint32_t i = 0; i < results; i++) {
        cg_wasm_type_add(to, letter_of(wasm_func_type_get_result_valkind(type, i)));
    }
    return to->text;
}

static cg_wasm_call_t call_of(const void *glue, uint32_t index)
{
    const cg_wamr_native_t *native = &((const cg_wamr_glue_t *)glue)->natives[index];
    return (cg_wasm_call_t){native->module, native->name, native->signature};
}

static cg_wasm_item_t import_of(wasm_module_t module, int32_t index, cg_wasm_type_t *type)
{
    wasm_import_t import;
    wasm_runtime_get_import_type(module, index, &import);
    const bool is_function = import.kind == WASM_IMPORT_EXPORT_KIND_FUNC;
    return (cg_wasm_item_t){import.module_name, import.name, is_function ? type_text(import.u.func_type, type) : NULL};
}

static cg_wasm_item_t export_of(wasm_module_t module, int32_t index, cg_wasm_type_t *type)
{
    wasm_export_t export;
    wasm_runtime_get_export_type(module, index, &export);
    const bool is_function = export.kind == WASM_IMPORT_EXPORT_KIND_FUNC;
    return (cg_wasm_item_t){NULL, export.name, is_function ? type_text(export.u.func_type, type) : NULL};
}

int wamr_check_imports(wasm_module_t module, const cg_guest_config_t *config, const cg_policy_t *policy)
{
    const int32_t count = wasm_runtime_get_import_count(module);
    cg_wasm_check_t check = {.config = config, .policy = policy, .call = call_of};
    for (int32_t i = 0; i < count; i++) {
        cg_wasm_type_t type;
        const cg_wasm_item_t import = import_of(module, i, &type);
        const int refused = cg_wasm_check_import(&check, &import);
        if (refused != CG_LOAD_OK) {
            return refused;
        }
    }
    return cg_wasm_check_imports_end(&check);
}

int wamr_check_exports(wasm_module_t module, const cg_guest_config_t *config, const cg_policy_t *policy)
{
    const int32_t count = wasm_runtime_get_export_count(module);
    cg_wasm_check_t check = {.config = config, .policy = policy, .call = call_of};
    for (int32_t i = 0; i < count; i++) {
        cg_wasm_type_t type;
        const cg_wasm_item_t export = export_of(module, i, &type);
        const int refused = cg_wasm_check_export(&check, &export);
        if (refused != CG_LOAD_OK) {
            return refused;
        }
    }
    return cg_wasm_check_exports_end(&check);
}

int wamr_tell(wasm_module_t module, const cg_guest_config_t *config, cg_inspect_fn *found, void *context)
{
    cg_wasm_check_t check = {.config = config, .call = call_of};
    cg_wasm_type_t type;
    for (int32_t i = 0; i < wasm_runtime_get_import_count(module); i++) {
        const cg_wasm_item_t import = import_of(module, i, &type);
        cg_wasm_tell_import(&check, &import, found, context);
    }
    for (int32_t i = 0; i < wasm_runtime_get_export_count(module); i++) {
        const cg_wasm_item_t export = export_of(module, i, &type);
        cg_wasm_tell_export(&check, &export, found, context);
    }
    return check.unknown.count != 0 ? cg_refuse_unknown(config, &check.unknown) : CG_LOAD_OK;
}
