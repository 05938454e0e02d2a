/* SPDX-License-Identifier: BSD-2-Clause */
/* gen/render.c - find templates and render views with them. The files are put in place by files.c.
 * Knows which files all VMs share; which files a VM adds stands in its vm.yaml. */
#include "gen/render.h"

#include "gen/files.h"
#include "gen/resource.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PATH_SIZE = 1024, TEMPLATES_MAX = 512, CLASSES_MAX = 32, CLASS_SIZE = 16 };

/* A template that was parsed, under the name and VM it was asked for. */
typedef struct known {
    char *key;
    must_template_t *template;
} known_t;

struct render {
    render_config_t config;
    must_engine_t *engine;
    const vm_t *vm;
    known_t known[TEMPLATES_MAX];
    uint32_t known_count;
    files_t files;
    char classes[CLASSES_MAX][CLASS_SIZE]; /* of the VMs so far, each once */
    uint32_t class_count;
    bool is_input_fault;
    char error[1024];
};

static bool fail(render_t *r, bool is_input, const char *format, ...) __attribute__((format(printf, 3, 4)));

static bool fail(render_t *r, bool is_input, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    (void)vsnprintf(r->error, sizeof r->error, format, args);
    va_end(args);
    r->is_input_fault = is_input;
    return false;
}

const char *render_error(const render_t *r)
{
    return r->error;
}

bool render_is_input_fault(const render_t *r)
{
    return r->is_input_fault;
}

/* ---- templates ---- */

/* A file of the user's, if it is there. */
static char *read_user(const char *folder, const char *sub, const char *name, char *path, size_t *size)
{
    (void)snprintf(path, PATH_SIZE, "%s%s%s/%s", folder, sub[0] == '\0' ? "" : "/", sub, name);
    return resource_read(path, MUST_TEMPLATE_SIZE_MAX, size);
}

/* Templates that hold the steps around a call and its checks. What takes their place could leave one out and would still compile. */
static bool is_ours(const char *name)
{
    static const char *const ours[] = {"entry.mustache", "body.h.mustache", "rows.h.mustache", "record.mustache", "list.mustache", "posts.h.mustache", "faces.h.mustache"};
    for (size_t i = 0; i < sizeof ours / sizeof ours[0]; i++) {
        if (strcmp(ours[i], name) == 0) {
            return true;
        }
    }
    return false;
}

/* The text of a template: --templates DIR first (DIR/<vm>/, then DIR/), then the VM's own folder, then what is embedded. Only what is embedded for those that hold checks. */
static char *find_text(render_t *r, const char *name, char *path, size_t *size)
{
    char *text = NULL;
    if (r->config.templates != NULL && !is_ours(name)) {
        text = read_user(r->config.templates, r->vm->name, name, path, size);
        text = text != NULL ? text : read_user(r->config.templates, "", name, path, size);
    }
    if (text == NULL && r->vm->folder != NULL && !is_ours(name)) {
        text = read_user(r->vm->folder, "", name, path, size);
    }
    if (text != NULL) {
        return text;
    }
    (void)snprintf(path, PATH_SIZE, "vm/%s/%s", r->vm->name, name);
    const resource_t *found = resource_find(path);
    if (found == NULL) {
        (void)snprintf(path, PATH_SIZE, "template/%s", name);
        found = resource_find(path);
    }
    if (found == NULL) {
        return NULL;
    }
    text = arena_grow(NULL, found->size + 1, 1);
    memcpy(text, found->bytes, found->size);
    *size = found->size;
    return text;
}

static bool ends_with(const char *text, const char *end)
{
    const size_t size = strlen(text);
    return size >= strlen(end) && strcmp(text + size - strlen(end), end) == 0;
}

/* What a template's values are put into, by its name: comments of C, but for the reference, and for Rust, whose comments are Markdown. */
static must_escape_t escape_of(const char *name)
{
    if (ends_with(name, ".html.mustache")) {
        return MUST_ESCAPE_HTML;
    }
    return ends_with(name, ".md.mustache") || ends_with(name, ".rs.mustache") ? MUST_ESCAPE_MARKDOWN : MUST_ESCAPE_C_COMMENT;
}

static must_template_t *template_get(render_t *r, const char *name, must_error_t *error)
{
    char key[PATH_SIZE];
    char path[PATH_SIZE];
    size_t size = 0;
    (void)snprintf(key, sizeof key, "%s/%s", r->vm->name, name);
    for (uint32_t i = 0; i < r->known_count; i++) {
        if (strcmp(r->known[i].key, key) == 0) {
            return r->known[i].template;
        }
    }
    char *text = find_text(r, name, path, &size);
    if (text == NULL || r->known_count == sizeof r->known / sizeof r->known[0]) {
        (void)snprintf(error->text, sizeof error->text, "no template named '%.100s' for VM '%.40s'", name, r->vm->name);
        free(text);
        return NULL;
    }
    must_template_t *template = NULL;
    const must_source_t source = {path, text, size, escape_of(name)};
    if (must_parse(r->engine, &source, &template, error)) {
        r->known[r->known_count++] = (known_t){strdup(key), template};
    }
    free(text);
    return template;
}

static must_template_t *partial(void *ctx, const char *name, must_error_t *error)
{
    char file[PATH_SIZE];
    (void)snprintf(file, sizeof file, "%s.mustache", name);
    return template_get(ctx, file, error);
}

render_t *render_new(const render_config_t *config)
{
    render_t *r = arena_grow(NULL, 1, sizeof *r);
    memset(r, 0, sizeof *r);
    r->config = *config;
    const must_config_t must = {true, partial, r};
    r->engine = must_engine_new(&must);
    return r;
}

void render_free(render_t *r)
{
    files_free(&r->files);
    for (uint32_t i = 0; i < r->known_count; i++) {
        free(r->known[i].key);
    }
    must_engine_free(r->engine);
    free(r);
}

/* ---- outputs ---- */

/* `to` with {api}, {class} and {vm} replaced. */
static void path_make(const char *to, const view_set_t *set, char *path)
{
    size_t used = 0;
    while (*to != '\0' && used < PATH_SIZE - 1) {
        const char *value = NULL;
        size_t skip = 0;
        if (strncmp(to, "{api}", 5) == 0) {
            value = set->api == NULL ? "" : set->api->name;
            skip = 5;
        } else if (strncmp(to, "{class}", 7) == 0) {
            value = set->class_name;
            skip = 7;
        } else if (strncmp(to, "{vm}", 4) == 0) {
            value = set->vm;
            skip = 4;
        }
        if (value == NULL) {
            path[used++] = *to++;
            continue;
        }
        const int n = snprintf(path + used, PATH_SIZE - used, "%s", value);
        used += (size_t)n;
        to += skip;
    }
    path[used < PATH_SIZE ? used : PATH_SIZE - 1] = '\0';
}

static bool render_one(render_t *r, const char *from, const char *to, view_set_t *set)
{
    char path[PATH_SIZE];
    must_error_t error = {""};
    path_make(to, set, path);
    if (files_has(&r->files, path)) {
        return true;
    }
    must_template_t *template = template_get(r, from, &error);
    must_buffer_t *text = files_add(&r->files, path);
    if (template == NULL || !must_render(template, &view_set_class, set, text, &error)) {
        return fail(r, true, "%s", error.text);
    }
    return true;
}

static bool render_each(render_t *r, const vm_output_t *output, view_set_t *set)
{
    if (!output->per_api) {
        set->api = NULL;
        return render_one(r, output->from, output->to, set);
    }
    for (size_t i = 0; i < set->apis.count; i++) {
        union {
            const void *in;
            view_api_t *out;
        } api = {set->apis.items[i]};
        set->api = api.out;
        if (!render_one(r, output->from, output->to, set)) {
            return false;
        }
    }
    set->api = NULL;
    return true;
}

static __attribute__((format(printf, 2, 3))) bool add_text(must_buffer_t *to, const char *format, ...)
{
    char line[PATH_SIZE];
    va_list args;
    va_start(args, format);
    const int n = vsnprintf(line, sizeof line, format, args);
    va_end(args);
    return n >= 0 && n < PATH_SIZE && must_escape(to, MUST_ESCAPE_NONE, line, (size_t)n);
}

/* A file that is embedded and goes out as it is. */
static bool verbatim(render_t *r, const char *name, const char *to, const view_set_t *set)
{
    char path[PATH_SIZE];
    const resource_t *found = resource_find(name);
    path_make(to, set, path);
    if (found == NULL || files_has(&r->files, path)) {
        return found != NULL || fail(r, false, "'%s' is not in this build of callgate", name);
    }
    union {
        const unsigned char *in;
        const char *out;
    } bytes = {found->bytes};
    return must_escape(files_add(&r->files, path), MUST_ESCAPE_NONE, bytes.out, found->size) || fail(r, false, "no memory");
}

/* Files that the C compiler is given: they only include what was made for each class of VMs, so that their names do not depend on the VMs. */
static bool collect(render_t *r)
{
    static const struct {
        const char *path, *what, *once, *each;
    } files[] = {
        {"catalog.c", "Names and types for policies, traces and messages. Linked only where something uses it.", NULL, "catalog.h"},
        {"rows.c", "A row for each call: what SMALL builds and traces run instead of glue a call. FAST programs that do not trace link nothing of this file.", NULL, "rows.h"},
        {"events.c", "Events: how hosts post them, and how guests see them.", "body/posts.h", "faces.h"},
    };
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        must_buffer_t *text = files_add(&r->files, files[i].path);
        bool is_good = add_text(text, "/* Generated by callgate gen. Do not edit. */\n/* %s */\n", files[i].what);
        is_good = is_good && (files[i].once == NULL || add_text(text, "#include \"%s\"\n", files[i].once));
        for (uint32_t k = 0; is_good && k < r->class_count; k++) {
            is_good = add_text(text, "#include \"body/%s/%s\"\n", r->classes[k], files[i].each);
        }
        if (!is_good) {
            return fail(r, false, "no memory");
        }
    }
    return true;
}

static void class_add(render_t *r, const char *name)
{
    for (uint32_t i = 0; i < r->class_count; i++) {
        if (strcmp(r->classes[i], name) == 0) {
            return;
        }
    }
    if (r->class_count < CLASSES_MAX) {
        (void)snprintf(r->classes[r->class_count++], CLASS_SIZE, "%s", name);
    }
}

/* Whether files for guests in that language are asked for; NULL is for all. */
static bool wants_sdk(const render_t *r, const char *sdk)
{
    const size_t size = sdk == NULL ? 0 : strlen(sdk);
    for (const char *at = r->config.sdks; size > 0 && at != NULL; at += *at == ',') {
        if (strncmp(at, sdk, size) == 0 && (at[size] == ',' || at[size] == '\0')) {
            return true;
        }
        at += strcspn(at, ",");
        if (*at == '\0') {
            return false;
        }
    }
    return true;
}

bool render_vm(render_t *r, const vm_t *vm, view_set_t *set)
{
    static const vm_output_t common[] = {
        {"set.h.mustache", "set.h", false, NULL},
        {"set.c.mustache", "set.c", false, NULL},
        {"catalog.h.mustache", "body/{class}/catalog.h", false, NULL},
        {"host.h.mustache", "host/host_{api}.h", true, NULL},
        {"body.h.mustache", "body/{class}/body_{api}.h", true, NULL},
        {"rows.h.mustache", "body/{class}/rows.h", false, NULL},
        {"posts.h.mustache", "body/posts.h", false, NULL},
        {"faces.h.mustache", "body/{class}/faces.h", false, NULL},
    };
    static const vm_output_t bind = {"bind.c.mustache", "bind.c", false, NULL};
    static const vm_output_t guest = {"callgate.h.mustache", "guest/{vm}/callgate/callgate.h", false, NULL};
    r->vm = vm;
    class_add(r, set->class_name);
    for (size_t i = 0; i < sizeof common / sizeof common[0]; i++) {
        if (!render_each(r, &common[i], set)) {
            return false;
        }
    }
    if (r->config.host != NULL && !render_each(r, &bind, set)) {
        return false;
    }
    for (uint32_t i = 0; i < vm->output_count; i++) {
        if (wants_sdk(r, vm->outputs[i].sdk) && !render_each(r, &vm->outputs[i], set)) {
            return false;
        }
    }
    return !vm->has_c_guests || !wants_sdk(r, "c") || (render_each(r, &guest, set) && verbatim(r, "include/error.h", "guest/{vm}/callgate/error.h", set));
}

bool render_doc(render_t *r, const vm_t *vm, view_set_t *set, bool wants_html, bool wants_md)
{
    r->vm = vm;
    return (!wants_html || render_one(r, "doc.html.mustache", "api.html", set)) && (!wants_md || render_one(r, "doc.md.mustache", "api.md", set));
}

bool render_write(render_t *r)
{
    if (r->class_count > 0 && !collect(r)) {
        return false;
    }
    r->is_input_fault = false;
    return files_write(&r->files, r->config.out, r->error, sizeof r->error);
}
