/* SPDX-License-Identifier: BSD-2-Clause */
/* link.c - what a module asks for and offers, as we read it, compared with table and policy, or told to a tool. The engine sees only what passed. */
#include "inside.h"

static int refuse_names(const cg_guest_config_t *config)
{
    cg_say(config, "is not a sound module: imports or exports are cut off, or a name has a zero byte", (const char *)NULL);
    return CG_LOAD_IMAGE;
}

static cg_wasm_call_t call_of(const void *glue, uint32_t index)
{
    const cg_wasm3_native_t *native = &((const cg_wasm3_glue_t *)glue)->natives[index];
    return (cg_wasm_call_t){native->module, native->name, native->signature};
}

/* The items of a section, behind their count, which was read before. */
static wasm_reader_t items_of(const wasm3_read_t *read, uint32_t section)
{
    wasm_reader_t rest = read->sections[section];
    uint32_t count;
    if (rest.at != NULL) {
        (void)wasm_read_leb(&rest, &count);
    }
    return rest;
}

/* Compare each import, and note which calls are to be linked. */
static int check_imports(cg_wasm3_link_t *links, const wasm3_read_t *read, const cg_guest_config_t *config, const cg_policy_t *policy)
{
    const cg_wasm3_glue_t *glue = config->vm->glue;
    cg_wasm_check_t check = {.config = config, .policy = policy, .call = call_of};
    wasm_reader_t rest = items_of(read, WASM_SECTION_IMPORT);
    wasm3_item_t import;
    bool is_sound;
    while (wasm3_next_import(read, &rest, &import, &is_sound)) {
        const int refused = cg_wasm_check_import(&check, &import.item);
        const int32_t index = cg_wasm_find_call(config, call_of, &import.item);
        if (refused != CG_LOAD_OK) {
            return refused;
        }
        if (index >= 0) {
            links[index].native = &glue->natives[index];
        }
    }
    return is_sound ? cg_wasm_check_imports_end(&check) : refuse_names(config);
}

/* A name that means something: where its function's index goes. NULL: it means nothing. */
static uint32_t *place_of(wasm3_found_t *found, const cg_guest_config_t *config, const char *name)
{
    if (strcmp(name, CG_WASM_ENTRY) == 0) {
        return &found->entry;
    }
    if (strcmp(name, CG_WASM_BLOCK) == 0) {
        return &found->block;
    }
    for (uint32_t i = 0; i < config->vm->set->event_count; i++) {
        if (strcmp(name, config->vm->events[i].handler) == 0) {
            return &found->handlers[i];
        }
    }
    return NULL;
}

static int check_exports(wasm3_found_t *found, const wasm3_read_t *read, const cg_guest_config_t *config, const cg_policy_t *policy)
{
    cg_wasm_check_t check = {.config = config, .policy = policy, .call = call_of};
    wasm_reader_t rest = items_of(read, WASM_SECTION_EXPORT);
    wasm3_item_t export;
    bool is_sound;
    while (wasm3_next_export(read, &rest, &export, &is_sound)) {
        const int refused = cg_wasm_check_export(&check, &export.item);
        if (refused != CG_LOAD_OK) {
            return refused;
        }
        uint32_t *place = place_of(found, config, export.item.name);
        if (place != NULL && *place != 0) {
            cg_say(config, "is not a sound module: it exports twice ", export.item.name, (const char *)NULL);
            return CG_LOAD_IMAGE;
        }
        if (place != NULL && export.item.type != NULL) {
            *place = export.function + 1;
        }
    }
    return is_sound ? cg_wasm_check_exports_end(&check) : refuse_names(config);
}

int wasm3_check(cg_wasm3_link_t *links, wasm3_found_t *found, const cg_guest_config_t *config, const cg_policy_t *policy)
{
    wasm3_read_t read;
    int result = wasm3_read(&read, config);
    if (result == CG_LOAD_OK) {
        result = check_imports(links, &read, config, policy);
    }
    if (result == CG_LOAD_OK) {
        result = check_exports(found, &read, config, policy);
    }
    if (result == CG_LOAD_OK) {
        result = wasm3_strict(&read, config);
    }
    wasm3_read_free(&read);
    return result;
}

/* ---- for tools ---- */

int wasm3_tell(const wasm3_read_t *read, const cg_guest_config_t *config, cg_inspect_fn *found, void *context)
{
    cg_wasm_check_t check = {.config = config, .call = call_of};
    wasm_reader_t rest = items_of(read, WASM_SECTION_IMPORT);
    wasm3_item_t item;
    bool is_sound;
    while (wasm3_next_import(read, &rest, &item, &is_sound) && item.item.type != NULL) {
        cg_wasm_tell_import(&check, &item.item, found, context);
    }
    if (is_sound) {
        rest = items_of(read, WASM_SECTION_EXPORT);
        while (wasm3_next_export(read, &rest, &item, &is_sound)) {
            cg_wasm_tell_export(&check, &item.item, found, context);
        }
    }
    if (!is_sound) {
        return refuse_names(config);
    }
    return check.unknown.count != 0 ? cg_refuse_unknown(config, &check.unknown) : CG_LOAD_OK;
}
