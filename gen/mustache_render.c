/* SPDX-License-Identifier: BSD-2-Clause */
/* gen/mustache_render.c - nodes and objects to text.
 * Takes what mustache_parse.c made; mustache_value.c gives the values, but for what nodes remember from before: this is
 * the inner loop of the generator. Never changes an object. */
#include "mustache_inner.h"

#include <string.h>

#define NUMBER_SIZE_MAX 20u /* -9223372036854775808 */
#define PLAIN_SIZE_MAX 64u  /* bytes of a text that is copied at once */

typedef struct render {
    must_template_t *t; /* where we are; a partial is another template */
    must_engine_t *engine;
    must_buffer_t *out;
    must_error_t *error;
    must_frame_t *top;
    size_t joint;       /* out->size behind a value that may begin or end a C comment with what follows */
    uint32_t work;      /* nodes visited, at least */
    uint32_t partial_depth;
    uint32_t indent_size;
    bool line_start;    /* the indentation of this line is not yet written */
    must_frame_t frames[MUST_CONTEXT_DEPTH_MAX + 1];
    char indent[MUST_INDENT_SIZE_MAX];
} render_t;

static bool render_nodes(render_t *r, must_node_t *node, const must_node_t *end);

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

/* A text that begins with a slash or a star, right behind a value: a space parts the two where together they would begin
 * or end a comment. */
static bool put_joint(render_t *r, char first)
{
    const must_buffer_t *out = r->out;
    if (out->size != r->joint || out->size == 0) {
        return true;
    }
    const char last = out->data[out->size - 1];
    return (first == '/' ? last != '*' && last != '?' : last != '/') || put(r, " ", 1);
}

static bool render_text_slowly(render_t *r, const must_node_t *node)
{
    if (node->touchy && !put_joint(r, *node->text)) {
        return false;
    }
    return r->indent_size == 0 ? put(r, node->text, node->size) : put_indented(r, node->text, node->size);
}

static inline bool render_text(render_t *r, const must_node_t *node)
{
    must_buffer_t *out = r->out;
    if (!node->quick || r->indent_size != 0 || !must_buffer_has(out, MUST_SOURCE_PAD)) {
        return render_text_slowly(r, node);
    }
    memcpy(out->data + out->size, node->text, MUST_SOURCE_PAD); /* a constant size: no call; the rest is not counted */
    out->size += node->size;
    return true;
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

/* A text that is longer than PLAIN_SIZE_MAX or needs escaping. */
static bool put_text_slowly(render_t *r, const must_node_t *node, const char *text)
{
    if (!must_escape(r->out, (must_escape_t)node->escape, text, strlen(text))) {
        return must_fail_memory(r->error, r->t->name);
    }
    if (node->escape == MUST_ESCAPE_C_COMMENT) {
        r->joint = r->out->size;
    }
    return true;
}

/* Copies bytes up to the first one that is not plain, at most PLAIN_SIZE_MAX of them. Returns their number. */
static inline size_t copy_plain(char *to, const char *from, const bool *care)
{
    size_t i = 0;
    for (; i < PLAIN_SIZE_MAX; i += 4) { /* unrolled: every value passes here */
        if (care[(unsigned char)from[i]]) {
            return i;
        }
        to[i] = from[i];
        if (care[(unsigned char)from[i + 1]]) {
            return i + 1;
        }
        to[i + 1] = from[i + 1];
        if (care[(unsigned char)from[i + 2]]) {
            return i + 2;
        }
        to[i + 2] = from[i + 2];
        if (care[(unsigned char)from[i + 3]]) {
            return i + 3;
        }
        to[i + 3] = from[i + 3];
    }
    return i;
}

/* Most values are short names: measures, checks and copies them in one go. */
static inline bool put_text(render_t *r, const must_node_t *node, const char *text)
{
    must_buffer_t *out = r->out;
    if (text == NULL) {
        return true;
    }
    if (!must_buffer_has(out, PLAIN_SIZE_MAX)) {
        return put_text_slowly(r, node, text);
    }
    const size_t size = copy_plain(out->data + out->size, text, must_care[node->escape]);
    if (text[size] != '\0') {
        return put_text_slowly(r, node, text);
    }
    out->size += size;
    return true;
}

/* ---- tags ---- */

/* True if the node remembers that its name leads from here to a field of that kind. */
static inline bool is_known(const render_t *r, const must_node_t *node, must_kind_t kind)
{
    return node->shape == r->top->shape && node->known_kind == kind;
}

static inline const char *known_address(const render_t *r, const must_node_t *node)
{
    const must_frame_t *frame = r->top - node->hops;
    return (node->synthetic ? (const char *)&frame->loop : (const char *)frame->self.object) + node->field->offset;
}

/* The value of a name. In strict mode a name without one is an error; else it is MUST_NULL. */
static bool node_load(render_t *r, must_node_t *node, must_value_t *out)
{
    if (must_value_load(r->top, node, out)) {
        return true;
    }
    *out = (must_value_t){.kind = MUST_NULL};
    return !r->engine->config.strict || must_fail_unnamed(r->error, r->t, node, r->top->shape);
}

static bool put_value(render_t *r, const must_node_t *node, const must_value_t *value)
{
    switch (value->kind) {
    case MUST_NULL: return true;
    case MUST_TEXT: return put_text(r, node, value->text);
    case MUST_NUMBER: return put_number(r, value->number);
    case MUST_BOOL: return value->truth ? put(r, "true", 4) : put(r, "false", 5);
    case MUST_OBJECT:
    case MUST_LIST: break;
    }
    return !r->engine->config.strict ||
           must_fail(r->error, r->t->name, node->line, "'%.*s' is %s and cannot be printed; open a section with '#'",
                     node->name_size, node->text, value->kind == MUST_LIST ? "a list" : "an object");
}

static inline bool render_value(render_t *r, must_node_t *node)
{
    if (r->line_start && !put_indent(r)) {
        return false;
    }
    if (is_known(r, node, MUST_TEXT)) {
        const char *text;
        memcpy(&text, known_address(r, node), sizeof(text));
        return put_text(r, node, text);
    }
    if (is_known(r, node, MUST_NUMBER)) {
        int64_t number;
        memcpy(&number, known_address(r, node), sizeof(number));
        return put_number(r, number);
    }
    must_value_t value;
    return node_load(r, node, &value) && put_value(r, node, &value);
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
    must_frame_t *frame = r->top;
    frame->self = (must_value_t){.kind = of == NULL ? MUST_TEXT : MUST_OBJECT, .of = of};
    const size_t count = value->list.count;
    const must_node_t *end = r->t->nodes + node->end;
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
        if (!render_nodes(r, node + 1 + node->key_count, end)) {
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
    if (!render_nodes(r, node + 1 + node->key_count, r->t->nodes + node->end)) {
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
    if (!render_nodes(r, partial->nodes, partial->nodes + partial->node_count)) {
        return false;
    }
    r->partial_depth--;
    r->t = here;
    r->indent_size = indent_size;
    r->line_start = node->standalone && indent_size != 0;
    return true;
}

/* A section: its body is what follows, so where it is rendered in the same context, going on is enough. *next is the
 * node to go on with. */
static inline bool render_section(render_t *r, must_node_t *node, must_node_t **next)
{
    if (is_known(r, node, MUST_BOOL)) {
        bool truth;
        memcpy(&truth, known_address(r, node), sizeof(truth));
        *next = truth == (node->kind == NODE_SECTION) ? node + 1 : r->t->nodes + node->end;
        return true;
    }
    must_value_t value;
    if (!node_load(r, node, &value)) {
        return false;
    }
    const bool truth = must_value_is_true(&value);
    if (truth != (node->kind == NODE_SECTION)) {
        *next = r->t->nodes + node->end;
        return true;
    }
    if (!truth || value.kind == MUST_BOOL) {
        *next = node + 1 + node->key_count;
        return true;
    }
    *next = r->t->nodes + node->end;
    return render_inside(r, node, &value);
}

/* Anything but text. *next is the node to go on with. */
static inline bool render_tag(render_t *r, must_node_t *node, must_node_t **next)
{
    switch ((must_node_kind_t)node->kind) {
    case NODE_TEXT: return render_text(r, node);
    case NODE_VALUE: *next = node + 1 + node->key_count; return render_value(r, node);
    case NODE_SECTION:
    case NODE_INVERTED: return render_section(r, node, next);
    case NODE_PARTIAL: return render_partial(r, node);
    case NODE_KEY: break; /* passed by the node before */
    }
    return true;
}

/* The recursion is bounded: one level for each context and each partial, and both have a limit. */
static bool render_nodes(render_t *r, must_node_t *node, const must_node_t *end)
{
    const uint32_t count = (uint32_t)(end - node);
    if (count >= MUST_WORK_MAX - r->work) {
        return must_fail(r->error, r->t->name, 1, "rendering takes more than %u steps; do partials multiply?",
                         MUST_WORK_MAX);
    }
    r->work += count + 1;
    while (node < end) {
        must_node_t *next = node + 1;
        if (!(node->kind == NODE_TEXT ? render_text(r, node) : render_tag(r, node, &next))) {
            return false;
        }
        node = next;
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
    r.frames[0] = (must_frame_t){.shape = &t->engine->none};
    r.top = &r.frames[1];
    *r.top = (must_frame_t){.self = {.kind = MUST_OBJECT, .of = root, .object = object}};
    error->text[0] = '\0';
    const size_t size = out->size;
    r.top->shape = must_shape_enter(t->engine, &t->engine->none, root, false);
    bool good = r.top->shape != NULL && must_buffer_reserve(out, 0);
    if (!good) {
        (void)must_fail_memory(error, t->name);
    }
    good = good && render_nodes(&r, t->nodes, t->nodes + t->node_count);
    if (!good) {
        out->size = size;
    }
    if (out->data != NULL) {
        out->data[out->size] = '\0';
    }
    return good;
}
