/* SPDX-License-Identifier: BSD-2-Clause */
/* gen/mustache_value.c - from a name and the contexts around it to a value.
 * Called by mustache_render.c for all that its own short cuts do not cover; asks mustache_class.c where a name leads, and
 * lets the node remember the answer. Never changes an object, never writes output. */
#include "mustache_inner.h"

#include <string.h>

static void field_load(const must_field_t *field, const void *object, must_value_t *out)
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
static bool self_load(const must_frame_t *top, must_value_t *out)
{
    *out = top->self;
    if (out->kind == MUST_OBJECT && out->of != NULL && out->of->find != NULL) {
        return out->of->find(out->object, ".", 1, out);
    }
    return true;
}

/* The slow way, for a name that passes a dynamic object: asks one context after another. */
static bool dynamic_load(const must_frame_t *top, const must_node_t *node, must_value_t *out)
{
    const must_field_t *loop_field = must_loop_find(node->text, node->key_size);
    for (const must_frame_t *frame = top; frame->shape->parent != NULL; frame--) {
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
static must_found_t node_learn(const must_frame_t *top, must_node_t *node)
{
    must_place_t place;
    const must_found_t found = must_shape_find(top->shape, node->text, node->key_size, &place);
    if (found == FOUND) {
        node->field = place.field;
        node->hops = place.hops;
        node->synthetic = place.synthetic;
        node->known_kind = node->key_count == 0 ? (uint8_t)place.field->kind : UNKNOWN_KIND;
        node->shape = top->shape;
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
        const must_kind_t kind = key->field->kind;
        *value = (must_value_t){.kind = kind == MUST_OBJECT || kind == MUST_LIST ? kind : MUST_NULL, .of = key->field->of};
        return true;
    }
    field_load(key->field, object, value);
    return true;
}

bool must_value_load(const must_frame_t *top, must_node_t *node, must_value_t *out)
{
    bool found = true;
    if (node->key_size == 1 && *node->text == '.') {
        found = self_load(top, out);
    } else {
        must_found_t place = node->shape == top->shape ? FOUND : node_learn(top, node);
        if (place == FOUND) {
            const must_frame_t *frame = top - node->hops;
            field_load(node->field, node->synthetic ? (const void *)&frame->loop : frame->self.object, out);
        }
        found = place == FOUND || (place == DYNAMIC && dynamic_load(top, node, out));
    }
    for (uint8_t i = 1; found && i <= node->key_count; i++) {
        found = key_load(node + i, out);
    }
    return found;
}

bool must_value_is_true(const must_value_t *value)
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
