/* SPDX-License-Identifier: BSD-2-Clause */
/* gen/model_keys.h - the keys of each kind of map in a description.
 * One list for both the reader and the JSON Schema, so that they cannot differ. */
#ifndef GEN_MODEL_KEYS_H
#define GEN_MODEL_KEYS_H

#include "yaml/kit.h"

/* X(index, key, required, schema, doc), in the order in which the manual tells them. */
#define MODEL_API_KEYS(X)                                                                                               \
    X(CALLGATE, "callgate", true, "{\"const\": 1}", "Version of the description language.")                             \
    X(NAME, "api", true, MODEL_REF(name), "Name of the API.")                                                           \
    X(ID, "id", true, "{\"type\": \"integer\", \"minimum\": 0, \"maximum\": 32767}", "Number of the API, stable for ever.") \
    X(VERSION, "version", true, "{\"type\": \"string\", \"pattern\": \"^(0|[1-9][0-9]*)\\\\.(0|[1-9][0-9]*)\\\\.(0|[1-9][0-9]*)$\"}", "Version of the API.") \
    X(DOC, "doc", false, MODEL_REF(doc), "What the API is for.")                                                        \
    X(TYPES, "types", false, MODEL_MAP_OF(type), "Named types.")                                                        \
    X(CONSTANTS, "constants", false, MODEL_MAP_OF(constant), "Named values.")                                           \
    X(ERRORS, "errors", false, MODEL_MAP_OF(error), "What calls may fail with.")                                        \
    X(CALLS, "calls", false, MODEL_MAP_OF(call), "The functions of the API.")                                           \
    X(EVENTS, "events", false, MODEL_MAP_OF(event), "What the host tells the guest.")

#define MODEL_TYPE_KEYS(X)                                                                                              \
    X(DOC, "doc", false, MODEL_REF(doc), "What the type means.")                                                        \
    X(ENUM, "enum", false, MODEL_REF(integer_type), "One of named values of this integer type.")                        \
    X(FLAGS, "flags", false, "{\"enum\": [\"u8\", \"u16\", \"u32\", \"u64\"]}", "Any of named bits of this unsigned type.") \
    X(RECORD, "record", false, MODEL_MAP_OF(item), "Fields, in order.")                                                 \
    X(HANDLE, "handle", false, "{\"const\": true}", "An object of the host.")                                           \
    X(OPEN, "open", false, "{\"type\": \"boolean\"}", "Of an enum: unknown values pass.")                               \
    X(VALUES, "values", false, MODEL_MAP_OF(value), "Of an enum or flags: names and values.")                           \
    X(PASS, "pass", false, "{\"enum\": [\"copy\", \"fields\"]}", "Of a record: copied, or kept by the host and read field by field.") \
    X(FIELDS, "fields", false, "{\"type\": \"integer\", \"minimum\": 32768, \"maximum\": 65535}", "With pass: fields, the id of the first accessor.") \
    X(HOST, "host", false, MODEL_MAP_OF(host_type), "What a host calls the type.")

#define MODEL_VALUE_KEYS(X)                                                                 \
    X(VALUE, "value", true, "{\"type\": \"integer\"}", "The number.")                       \
    X(DOC, "doc", false, MODEL_REF(doc), "What the value means.")

#define MODEL_HOST_TYPE_KEYS(X)                                                                                          \
    X(TYPE, "type", true, "{\"type\": \"string\", \"pattern\": \"^((struct|union|enum) )?[A-Za-z_][A-Za-z0-9_]*$\"}", "Name of the type in C.") \
    X(INCLUDE, "include", false, MODEL_REF(header), "Header that defines it.")

#define MODEL_ITEM_KEYS(X)                                                                                               \
    X(TYPE, "type", true, MODEL_REF(type_use), "Type of the value.")                                                     \
    X(UNIT, "unit", false, "{\"type\": \"string\", \"maxLength\": 40}", "Unit of a number, such as ms.")                 \
    X(RANGE, "range", false, "{\"type\": \"string\", \"pattern\": \"^-?[0-9A-Fa-fx]+\\\\.\\\\.-?[0-9A-Fa-fx]+$\"}", "Least and greatest value, as 1..60000.") \
    X(GUARD, "guard", false, "{\"type\": \"boolean\"}", "A policy may restrict the values of this argument.")            \
    X(FORMAT, "format", false, "{\"enum\": [\"uri\"]}", "What a string holds.")                                          \
    X(DOC, "doc", false, MODEL_REF(doc), "What the value means.")

#define MODEL_CONSTANT_KEYS(X)                                                                                           \
    X(TYPE, "type", true, "{\"type\": \"string\"}", "Type of the constant.")                                             \
    X(VALUE, "value", true, "{\"type\": [\"number\", \"boolean\", \"string\"]}", "Its value.")                           \
    X(UNIT, "unit", false, "{\"type\": \"string\", \"maxLength\": 40}", "Unit of a number.")                             \
    X(DOC, "doc", false, MODEL_REF(doc), "What the constant means.")

#define MODEL_ERROR_KEYS(X)                                                                                              \
    X(ID, "id", true, "{\"type\": \"integer\", \"minimum\": 1, \"maximum\": 32}", "Number of the error, stable for ever.") \
    X(DOC, "doc", false, MODEL_REF(doc), "What went wrong.")

#define MODEL_CALL_KEYS(X)                                                                                               \
    X(ID, "id", true, MODEL_REF(id), "Number of the call, stable for ever.")                                             \
    X(NEEDS, "needs", true, "{\"enum\": [\"none\", \"read\", \"write\", \"exec\"]}", "Right that the guest, and each handle, must have: none, read, write or exec.") \
    X(DOC, "doc", false, MODEL_REF(doc), "What the call does.")                                                          \
    X(BLOCKS, "blocks", false, "{\"type\": \"boolean\"}", "The host function may wait.")                                 \
    X(IN, "in", false, MODEL_MAP_OF(item), "Arguments.")                                                                 \
    X(INOUT, "inout", false, MODEL_MAP_OF(item), "Buffers that are replaced.")                                           \
    X(OUT, "out", false, "{\"oneOf\": [{\"$ref\": \"#/definitions/type_use\"}, " MODEL_MAP_OF(item) "]}", "Results, or the type of one unnamed result.") \
    X(FAILS, "fails", false, "{\"type\": \"array\", \"items\": " MODEL_REF(name) ", \"uniqueItems\": true}", "Errors that the call may fail with.") \
    X(BIND, "bind", false, MODEL_MAP_OF(bind), "For a host, the C function to call as it is.")

#define MODEL_BIND_KEYS(X)                                                                                               \
    X(CALL, "call", true, "{\"type\": \"string\", \"maxLength\": 400}", "The call as C, with {name} for each value.")    \
    X(GIVES, "gives", false, MODEL_REF(name), "Result that the function returns.")                                       \
    X(INCLUDE, "include", false, MODEL_REF(header), "Header that declares the function.")                                \
    X(FAILS, "fails", false, "{\"type\": \"object\", \"additionalProperties\": " MODEL_REF(name) "}", "Errors for return values.")

#define MODEL_EVENT_KEYS(X)                                                                                              \
    X(ID, "id", true, MODEL_REF(id), "Number of the event, stable for ever.")                                            \
    X(FROM, "from", true, MODEL_REF(name), "Handle type that the event comes from.")                                     \
    X(DOC, "doc", false, MODEL_REF(doc), "What happened.")                                                               \
    X(QUEUE, "queue", false, "{\"enum\": [\"drop_newest\", \"drop_oldest\", \"coalesce\"]}", "What a full queue does.")  \
    X(DATA, "data", false, MODEL_MAP_OF(item), "What is told.")

#define MODEL_REF(definition) "{\"$ref\": \"#/definitions/" #definition "\"}"
#define MODEL_MAP_OF(definition)                                                                                         \
    "{\"type\": \"object\", \"propertyNames\": {\"$ref\": \"#/definitions/name\"}, \"additionalProperties\": {\"$ref\": \"#/definitions/" #definition "\"}}"

/* KEY_API_NAME ... KEY_API_COUNT and so on: places in the arrays that yaml_keys fills. */
#define MODEL_KEY_ENUM_API(index, ...) KEY_API_##index,
#define MODEL_KEY_ENUM_TYPE(index, ...) KEY_TYPE_##index,
#define MODEL_KEY_ENUM_VALUE(index, ...) KEY_VALUE_##index,
#define MODEL_KEY_ENUM_HOST_TYPE(index, ...) KEY_HOST_TYPE_##index,
#define MODEL_KEY_ENUM_ITEM(index, ...) KEY_ITEM_##index,
#define MODEL_KEY_ENUM_CONSTANT(index, ...) KEY_CONSTANT_##index,
#define MODEL_KEY_ENUM_ERROR(index, ...) KEY_ERROR_##index,
#define MODEL_KEY_ENUM_CALL(index, ...) KEY_CALL_##index,
#define MODEL_KEY_ENUM_BIND(index, ...) KEY_BIND_##index,
#define MODEL_KEY_ENUM_EVENT(index, ...) KEY_EVENT_##index,
enum { MODEL_API_KEYS(MODEL_KEY_ENUM_API) KEY_API_COUNT };
enum { MODEL_TYPE_KEYS(MODEL_KEY_ENUM_TYPE) KEY_TYPE_COUNT };
enum { MODEL_VALUE_KEYS(MODEL_KEY_ENUM_VALUE) KEY_VALUE_COUNT };
enum { MODEL_HOST_TYPE_KEYS(MODEL_KEY_ENUM_HOST_TYPE) KEY_HOST_TYPE_COUNT };
enum { MODEL_ITEM_KEYS(MODEL_KEY_ENUM_ITEM) KEY_ITEM_COUNT };
enum { MODEL_CONSTANT_KEYS(MODEL_KEY_ENUM_CONSTANT) KEY_CONSTANT_COUNT };
enum { MODEL_ERROR_KEYS(MODEL_KEY_ENUM_ERROR) KEY_ERROR_COUNT };
enum { MODEL_CALL_KEYS(MODEL_KEY_ENUM_CALL) KEY_CALL_COUNT };
enum { MODEL_BIND_KEYS(MODEL_KEY_ENUM_BIND) KEY_BIND_COUNT };
enum { MODEL_EVENT_KEYS(MODEL_KEY_ENUM_EVENT) KEY_EVENT_COUNT };

extern const yaml_table_t model_api_table, model_type_table, model_value_table, model_host_type_table, model_item_table, model_constant_table,
    model_error_table, model_call_table, model_bind_table, model_event_table;

#endif
