/* SPDX-License-Identifier: BSD-2-Clause */
/* gen/mustache_render.c - nodes and objects to text.
 * Takes what mustache_parse.c made; asks mustache_class.c where names lead, once for each tag and shape, and then
 * remembers it in the node: this is the inner loop of the generator. Never changes an object. */
#include "mustache_inner.h"

#include <string.h>

#define NUMBER_SIZE_MAX 20u /* -9223372036854775808 */

/* A context that was entered. */
typedef struct frame {
    must_value_t self;
    must_shape_t *shape;
    must_loop_t loop;
} frame_t;

typedef struct render {
    must_template_t *t; /* where we are; a partial is another template */
    must_engine_t *engine;
    must_buffer_t *out;
    must_error_t *error;
    frame_t *top;
    size_t joint;       /* out->size behind a value that may begin or end a C comment with what follows */
    uint32_t work;      /* nodes visited, at least */
    uint32_t partial_depth;
    uint32_t indent_size;
    bool line_start;    /* the indentation of this line is not yet written */
    frame_t frames[MUST_CONTEXT_DEPTH_MAX + 1];
    char indent[MUST_INDENT_SIZE_MAX];
} render_t;

static bool render_nodes(render_t *r, uint32_t at, uint32_t end);

/* ---- output ---- */

static bool put(render_t *r, const char *text, size_t size)
{
    must_buffer_t *out = r->out;
    if (!must_buffer_reserve(out, size)) {
        return must_fail_memory(r->error, r->t->name);
    }
    memcpy(out->data + out->size, text, size);
    out->size += size;
    return true;
}

static bool put_indent(render_t *r)
{
    r->line_start = false;
    return put(r, r->indent, r->indent_size);
}

/* Text of a template inside an indented partial, line by line. */
static bool put_indented(render_t *r, const char *text, size_t size)
{
    const char *end = text + size;
    while (text < end) {
        const char *newline = memchr(text, '\n', (size_t)(end - text));
        const char *next = newline == NULL ? end : newline + 1;
        const bool blank = *text == '\n' || (*text == '\r' && newline == text + 1);
        if (r->line_start && !blank && !put_indent(r)) {
            return false;
        }
        if (!put(r, text, (size_t)(next - text))) {
            return false;
        }
        r->line_start = newline != NULL;
        text = next;
    }
    return true;
}

static bool put_template_text(render_t *r, const must_node_t *node)
{
    must_buffer_t *out = r->out;
    if (node->touchy && out->size == r->joint && out->size > 0) {
        const char last = out->data[out->size - 1];
        const bool joins = *node->text == '/' ? last == '*' || last == '?' : last == '/';
        if (joins && !put(r, " ", 1)) {
            return false;
        }
    }
    return r->indent_size == 0 ? put(r, node->text, node->size) : put_indented(r, node->text, node->size);
}

static bool put_number(render_t *r, int64_t number)
{
    char digits[NUMBER_SIZE_MAX];
    char *at = digits + sizeof(digits);
    uint64_t left = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
    do {
        *--at = (char)('0' + left % 10);
        left /= 10;
    } while (left != 0);
    if (number < 0) {
        *--at = '-';
    }
    return put(r, at, (size_t)(digits + sizeof(digits) - at));
}

static bool put_text(render_t *r, const char *text, must_escape_t escape)
{
    if (text == NULL) {
        return true;
    }
    const size_t size = strlen(text);
    if (must_escape_is_plain(escape, text, size)) {
        return put(r, text, size);
    }
    if (!must_escape(r->out, escape, text, size)) {
        return must_fail_memory(r->error, r->t->name);
    }
    if (escape == MUST_ESCAPE_C_COMMENT) {
        r->joint = r->out->size;
    }
    return true;
}

/* ---- names ---- */

static inline void field_load(const must_field_t *field, const void *object, must_value_t *out)
{
    const char *at = (const char *)object + field->offset;
    out->kind = field->kind;
    out->of = field->of;
    switch (field->kind) { /* memcpy: a list or an object may be declared with a pointer of another type */
    case MUST_NULL: break;
    case MUST_TEXT: memcpy(&out->text, at, sizeof(out->text)); break;
    case MUST_NUMBER: memcpy(&out->number, at, sizeof(out->number)); break;
    case MUST_BOOL: memcpy(&out->truth, at, sizeof(out->truth)); break;
    case MUST_OBJECT: memcpy(&out->object, at, sizeof(out->object)); break;
    case MUST_LIST: memcpy(&out->list, at, sizeof(out->list)); break;
    }
}

/* `.`: the innermost context itself. */
static bool self_load(const render_t *r, must_value_t *out)
{
    *out = r->top->self;
    if (out->kind == MUST_OBJECT && out->of != NULL && out->of->find != NULL) {
        return out->of->find(out->object, ".", 1, out);
    }
    return true;
}

/* The slow way, for a name that passes a dynamic object: asks one context after another. */
static bool dynamic_load(const render_t *r, const must_node_t *node, must_value_t *out)
{
    const must_field_t *loop_field = must_loop_find(node->text, node->key_size);
    for (const frame_t *frame = r->top; frame->shape->parent != NULL; frame--) {
        const must_class_t *of = frame->shape->of;
        if (frame->shape->loop && loop_field != NULL) {
            field_load(loop_field, &frame->loop, out);
            return true;
        }
        if (of != NULL && of->find != NULL) {
            if (of->find(frame->self.object, node->text, node->key_size, out)) {
                return true;
            }
        } else if (of != NULL) {
            const must_field_t *field = must_class_find(of, node->text, node->key_size);
            if (field != NULL) {
                field_load(field, frame->self.object, out);
                return true;
            }
        }
    }
    return false;
}

/* Follows a name for the first time in this shape, and lets the node remember. */
static must_found_t node_learn(const render_t *r, must_node_t *node)
{
    must_place_t place;
    const must_found_t found = must_shape_find(r->top->shape, node->text, node->key_size, &place);
    if (found == FOUND) {
        node->field = place.field;
        node->hops = place.hops;
        node->synthetic = place.synthetic;
        node->shape = r->top->shape;
    }
    return found;
}

/* A further part of a dotted name: *value is replaced by the value named in it. False if there is no such name. */
static bool key_load(must_node_t *key, must_value_t *value)
{
    const must_class_t *of = value->of;
    if (value->kind != MUST_OBJECT || of == NULL) {
        return false;
    }
    const void *object = value->object;
    if (of->find != NULL) {
        return object != NULL && of->find(object, key->text, key->key_size, value);
    }
    if (key->of != of) {
        const must_field_t *field = must_class_find(of, key->text, key->key_size);
        if (field == NULL) {
            return false;
        }
        key->of = of;
        key->field = field;
    }
    if (object == NULL) { /* the name exists, the value does not */
        *value = (must_value_t){.kind = key->field->kind == MUST_OBJECT ? MUST_OBJECT : MUST_NULL, .of = key->field->of};
        return true;
    }
    field_load(key->field, object, value);
    return true;
}

/* The value of a name. In strict mode a name without one is an error; else it is MUST_NULL. */
static bool node_load(render_t *r, must_node_t *node, must_value_t *out)
{
    bool found = true;
    if (node->shape == r->top->shape) {
        const frame_t *frame = r->top - node->hops;
        field_load(node->field, node->synthetic ? (const void *)&frame->loop : frame->self.object, out);
    } else if (node->key_size == 1 && *node->text == '.') {
        found = self_load(r, out);
    } else {
        switch (node_learn(r, node)) {
        case FOUND: return node_load(r, node, out); /* once: now the shapes are equal */
        case NOT_FOUND: found = false; break;
        case DYNAMIC: found = dynamic_load(r, node, out); break;
        }
    }
    for (uint8_t i = 1; found && i <= node->key_count; i++) {
        found = key_load(node + i, out);
    }
    if (!found) {
        *out = (must_value_t){.kind = MUST_NULL};
        return !r->engine->config.strict || must_fail_unnamed(r->error, r->t, node, r->top->shape);
    }
    return true;
}

static bool is_true(const must_value_t *value)
{
    switch (value->kind) {
    case MUST_NULL: return false;
    case MUST_TEXT: return value->text != NULL && *value->text != '\0';
    case MUST_NUMBER: return value->number != 0;
    case MUST_BOOL: return value->truth;
    case MUST_OBJECT: return value->object != NULL;
    case MUST_LIST: return value->list.count != 0;
    }
    return false;
}

/* ---- tags ---- */

static bool render_value(render_t *r, must_node_t *node)
{
    must_value_t value;
    if (!node_load(r, node, &value) || (r->line_start && !put_indent(r))) {
        return false;
    }
    switch (value.kind) {
    case MUST_NULL: return true;
    case MUST_TEXT: return put_text(r, value.text, node->kind == NODE_RAW ? MUST_ESCAPE_NONE : r->t->escape);
    case MUST_NUMBER: return put_number(r, value.number);
    case MUST_BOOL: return value.truth ? put(r, "true", 4) : put(r, "false", 5);
    case MUST_OBJECT:
    case MUST_LIST: break;
    }
    return !r->engine->config.strict ||
           must_fail(r->error, r->t->name, node->line, "'%.*s' is %s and cannot be printed; open a section with '#'",
                     node->name_size, node->text, value.kind == MUST_LIST ? "a list" : "an object");
}

/* Enters a context. Its value is still to be set. */
static bool context_enter(render_t *r, must_node_t *node, const must_class_t *of, bool loop)
{
    must_shape_t *shape = r->top->shape;
    if (node->child == NULL || node->child->parent != shape || node->child->of != of || node->child->loop != loop) {
        if (r->top == r->frames + MUST_CONTEXT_DEPTH_MAX) {
            return must_fail(r->error, r->t->name, node->line, "more than %u sections are entered here",
                             MUST_CONTEXT_DEPTH_MAX);
        }
        node->child = must_shape_enter(r->engine, shape, of, loop);
        if (node->child == NULL) {
            return must_fail_memory(r->error, r->t->name);
        }
    }
    r->top++; /* a shape is never deeper than the frames, so the limit holds for shapes met again too */
    r->top->shape = node->child;
    return true;
}

static bool render_loop(render_t *r, must_node_t *node, const must_value_t *value)
{
    const must_class_t *of = value->of;
    if (!context_enter(r, node, of, true)) {
        return false;
    }
    frame_t *frame = r->top;
    frame->self = (must_value_t){.kind = of == NULL ? MUST_TEXT : MUST_OBJECT, .of = of};
    const size_t count = value->list.count;
    const uint32_t body = (uint32_t)(node - r->t->nodes) + 1 + node->key_count;
    for (size_t i = 0; i < count; i++) {
        const void *item;
        memcpy(&item, value->list.items + i, sizeof(item)); /* the array may be declared as one of T * */
        if (item == NULL && of != NULL) {
            return must_fail(r->error, r->t->name, node->line, "item %zu of '%.*s' is NULL", i, node->name_size,
                             node->text);
        }
        if (of == NULL) {
            frame->self.text = item;
        } else {
            frame->self.object = item;
        }
        frame->loop = (must_loop_t){.index = (int64_t)i, .first = i == 0, .last = i + 1 == count};
        if (!render_nodes(r, body, node->end)) {
            return false;
        }
    }
    r->top--;
    return true;
}

/* A section whose value is true and becomes the context. */
static bool render_inside(render_t *r, must_node_t *node, const must_value_t *value)
{
    if (value->kind == MUST_LIST) {
        return render_loop(r, node, value);
    }
    if (!context_enter(r, node, value->kind == MUST_OBJECT ? value->of : NULL, false)) {
        return false;
    }
    r->top->self = *value;
    if (!render_nodes(r, (uint32_t)(node - r->t->nodes) + 1 + node->key_count, node->end)) {
        return false;
    }
    r->top--;
    return true;
}

/* The template of the partial is rendered with the contexts of here, and with its own delimiters and escaping. Alone on
 * its line, it adds the white space before it to the indentation; inside a line, its text is put as it is. */
static bool render_partial(render_t *r, must_node_t *node)
{
    must_template_t *partial;
    if (!must_partial_find(r->t, node, &partial, r->error)) {
        return false;
    }
    if (partial == NULL) {
        return true;
    }
    if (r->partial_depth == MUST_PARTIAL_DEPTH_MAX) {
        return must_fail(r->error, r->t->name, node->line, "partials are nested deeper than %u; does '%.*s' end?",
                         MUST_PARTIAL_DEPTH_MAX, node->name_size, node->text);
    }
    const uint32_t indent_size = r->indent_size;
    if (!node->standalone) {
        if (r->line_start && !put_indent(r)) {
            return false;
        }
        r->indent_size = 0;
    } else if (node->size > MUST_INDENT_SIZE_MAX - indent_size) {
        return must_fail(r->error, r->t->name, node->line, "partials are indented by more than %u bytes",
                         MUST_INDENT_SIZE_MAX);
    } else {
        memcpy(r->indent + indent_size, node->indent, node->size);
        r->indent_size += node->size;
        r->line_start = r->indent_size != 0;
    }
    must_template_t *here = r->t;
    r->t = partial;
    r->partial_depth++;
    if (!render_nodes(r, 0, partial->node_count)) {
        return false;
    }
    r->partial_depth--;
    r->t = here;
    r->indent_size = indent_size;
    r->line_start = node->standalone && indent_size != 0;
    return true;
}

/* A section: its body is what follows, so where it is rendered in the same context, going on is enough. */
static bool render_section(render_t *r, must_node_t *node, uint32_t *next)
{
    must_value_t value;
    if (!node_load(r, node, &value)) {
        return false;
    }
    const bool truth = is_true(&value);
    if (node->kind == NODE_INVERTED ? truth : !truth) {
        *next = node->end;
        return true;
    }
    if (!truth || value.kind == MUST_BOOL) {
        *next += 1u + node->key_count;
        return true;
    }
    *next = node->end;
    return render_inside(r, node, &value);
}

/* The recursion is bounded: one level for each context and each partial, and both have a limit. */
static bool render_nodes(render_t *r, uint32_t at, uint32_t end)
{
    must_node_t *nodes = r->t->nodes;
    if (end - at >= MUST_WORK_MAX - r->work) {
        return must_fail(r->error, r->t->name, 1, "rendering takes more than %u steps; do partials multiply?",
                         MUST_WORK_MAX);
    }
    r->work += end - at + 1;
    while (at < end) {
        must_node_t *node = &nodes[at];
        switch ((must_node_kind_t)node->kind) {
        case NODE_TEXT:
            if (!put_template_text(r, node)) {
                return false;
            }
            at++;
            break;
        case NODE_VALUE:
        case NODE_RAW:
            if (!render_value(r, node)) {
                return false;
            }
            at += 1u + node->key_count;
            break;
        case NODE_SECTION:
        case NODE_INVERTED:
            if (!render_section(r, node, &at)) {
                return false;
            }
            break;
        case NODE_PARTIAL:
            if (!render_partial(r, node)) {
                return false;
            }
            at++;
            break;
        case NODE_KEY: at++; break; /* passed by the node before */
        }
    }
    return true;
}

bool must_render(must_template_t *t, const must_class_t *root, const void *object, must_buffer_t *out,
                 must_error_t *error)
{
    render_t r; /* 20 KB, of which only what is used is written */
    r.t = t;
    r.engine = t->engine;
    r.out = out;
    r.error = error;
    r.joint = SIZE_MAX;
    r.work = 0;
    r.partial_depth = 0;
    r.indent_size = 0;
    r.line_start = false;
    r.frames[0] = (frame_t){.shape = &t->engine->none};
    r.top = &r.frames[1];
    *r.top = (frame_t){.self = {.kind = MUST_OBJECT, .of = root, .object = object}};
    error->text[0] = '\0';
    const size_t size = out->size;
    r.top->shape = must_shape_enter(t->engine, &t->engine->none, root, false);
    bool good = r.top->shape != NULL && must_buffer_reserve(out, 0);
    if (!good) {
        (void)must_fail_memory(error, t->name);
    }
    good = good && render_nodes(&r, 0, t->node_count);
    if (!good) {
        out->size = size;
    }
    if (out->data != NULL) {
        out->data[out->size] = '\0';
    }
    return good;
}
