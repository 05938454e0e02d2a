/* SPDX-License-Identifier: BSD-2-Clause */
/* gen/model.h - the model: what one description says, checked, with nothing of any VM in it.
 * Made by model.c (and its neighbours model_*.c) from nodes; read by plan.c and by `callgate dump model`. Never changed after it is made. */
#ifndef GEN_MODEL_H
#define GEN_MODEL_H

#include "yaml/arena.h"
#include "yaml/diag.h"
#include "yaml/node.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Limits of the language. Each is a rule of doc/description.md. */
enum {
    MODEL_ID_MAX = 32767,        /* API and call ids; accessor ids of `pass: fields` start at 0x8000 */
    MODEL_FIELDS_ID_MIN = 0x8000,
    MODEL_FIELDS_ID_MAX = 0xffff,
    MODEL_ERROR_ID_MAX = 32,     /* so that the errors a call may fail with are one 32-bit mask */
    MODEL_ARGS_MAX = 16,         /* in + inout + out of one call */
    MODEL_EVENT_DATA_MAX = 64,   /* bytes of data of an event: queues have entries of one size */
    MODEL_COPY_MAX = 512,        /* bytes of copied values (records, strings, lists) in one call */
    MODEL_BUFFER_MAX = 65535,    /* largest maximum of bytes(..n) */
    MODEL_NAME_MAX = 40          /* bytes of a name */
};

typedef enum model_kind {
    MODEL_BOOL,
    MODEL_U8, MODEL_U16, MODEL_U32, MODEL_U64,
    MODEL_S8, MODEL_S16, MODEL_S32, MODEL_S64,
    MODEL_F32, MODEL_F64,
    MODEL_ENUM,   /* named type */
    MODEL_FLAGS,  /* named type */
    MODEL_RECORD, /* named type */
    MODEL_HANDLE, /* named type; also a record with `pass: fields`, wherever it is an argument */
    MODEL_BYTES,  /* bytes(..max) */
    MODEL_STRING, /* string(..max), UTF-8, max in bytes */
    MODEL_LIST    /* T(..max), T a scalar, enum, flags or record */
} model_kind_t;

typedef enum model_needs { MODEL_NEEDS_NONE = 0, MODEL_NEEDS_READ = 1, MODEL_NEEDS_WRITE = 2, MODEL_NEEDS_EXEC = 4 } model_needs_t;
typedef enum model_format { MODEL_FORMAT_NONE, MODEL_FORMAT_URI } model_format_t;
typedef enum model_direction { MODEL_IN, MODEL_INOUT, MODEL_OUT } model_direction_t;
typedef enum model_queue { MODEL_QUEUE_DROP_NEWEST, MODEL_QUEUE_DROP_OLDEST, MODEL_QUEUE_COALESCE } model_queue_t;

typedef struct model_type model_type_t;

/* A use of a type: what follows the name of an argument, a field or a constant. */
typedef struct model_use {
    model_kind_t kind;
    model_kind_t element;     /* MODEL_LIST: kind of one element (scalar, ENUM, FLAGS, RECORD); else equal to kind */
    const model_type_t *type; /* named type of ENUM, FLAGS, RECORD, HANDLE or of the list's element; else NULL */
    uint32_t array;           /* T(3) inside a record: 3; else 0 */
    uint32_t max;             /* BYTES, STRING: bytes; LIST: elements; else 0 */
    bool own;                 /* `own T` */
    bool optional;            /* `optional T`: handles and scalars only */
} model_use_t;

/* A bound of `range:`; min and max are inside. For unsigned kinds both are u64 stored bit for bit; floats have no range. */
typedef struct model_range {
    bool present;
    bool is_signed;
    int64_t min, max;
} model_range_t;

/* An argument, a result, a record's field, a constant, an event's datum. */
typedef struct model_item {
    const char *name; /* "result" for the one unnamed result of `out: u32` */
    const char *doc;  /* NULL if none */
    const char *unit; /* NULL if none; text as written, e.g. "ms" */
    yaml_pos_t at;
    model_use_t use;
    model_range_t range;
    bool guard;
    model_format_t format;
    model_direction_t direction; /* arguments only */
} model_item_t;

typedef struct model_items {
    model_item_t *at;
    uint32_t count;
} model_items_t;

/* One named value of an enum, one named bit pattern of flags, or nothing else. */
typedef struct model_value {
    const char *name, *doc;
    yaml_pos_t at;
    int64_t value; /* fits the base type; u64 bases bit for bit */
} model_value_t;

/* What one host calls a type: `host: {riot: {type: phydat_t, include: phydat.h}}`. */
typedef struct model_host_type {
    const char *host, *type, *include; /* include may be NULL */
    yaml_pos_t at;
} model_host_type_t;

struct model_type {
    const char *name, *doc;
    yaml_pos_t at;
    uint32_t index;    /* place among the API's types, 0 first */
    model_kind_t kind; /* ENUM, FLAGS, RECORD, HANDLE */
    model_kind_t base; /* ENUM, FLAGS: an integer kind */
    bool open;         /* ENUM */
    model_value_t *values;
    uint32_t value_count;
    uint64_t flags_mask;   /* FLAGS: all known bits */
    model_items_t fields;  /* RECORD, in order */
    bool pass_fields;      /* RECORD: `pass: fields`; the type is then used as a handle in calls */
    uint32_t fields_id;    /* first accessor id, `fields: 0x8000` */
    bool is_handle;        /* kind HANDLE or pass_fields */
    bool is_owned;         /* some argument says `own` */
    bool is_used;          /* some call or event uses it */
    model_host_type_t *hosts;
    uint32_t host_count;
};

typedef struct model_error {
    const char *name, *doc;
    yaml_pos_t at;
    uint32_t id; /* 1..MODEL_ERROR_ID_MAX; the number guests see is -63 - id */
} model_error_t;

typedef struct model_constant {
    const char *name, *doc, *unit;
    yaml_pos_t at;
    model_kind_t kind;
    const model_type_t *type; /* enum constants; else NULL */
    int64_t integer;          /* integers, bool, enum, flags: value, u64 bit for bit */
    double real;              /* f32, f64 */
    const char *text;         /* reserved: strings are not constants in version 1; always NULL */
} model_constant_t;

/* `bind:` of one call for one host. */
typedef struct model_bind_fail {
    bool is_negative;            /* `negative: io`: any negative value not named by another entry */
    const char *value;           /* else the C expression, e.g. "-ENODEV" */
    const model_error_t *error;
} model_bind_fail_t;

typedef struct model_bind {
    const char *host;
    const char *call;        /* C text with {name} for each checked value */
    const char *gives;       /* name of the output that the call's return value gives; NULL if none */
    const char *include;     /* header to include, NULL if none */
    model_bind_fail_t *fails;
    uint32_t fail_count;
    yaml_pos_t at;
} model_bind_t;

/* How a generated accessor of a `pass: fields` record works; ordinary calls have ACCESSOR_NONE. */
typedef enum model_accessor { MODEL_ACCESSOR_NONE, MODEL_ACCESSOR_GET, MODEL_ACCESSOR_SET } model_accessor_t;

typedef struct model_call {
    const char *name, *doc;
    yaml_pos_t at;
    uint32_t id;
    model_needs_t needs;
    model_items_t args;      /* all: in, then inout, then out, each in the order of the file */
    bool is_result_unnamed;  /* `out: u32` */
    bool blocks;
    const model_error_t **fails;
    uint32_t fail_count;
    uint32_t fail_mask;      /* bit id - 1 set for each error it may fail with */
    model_bind_t *binds;
    uint32_t bind_count;
    model_accessor_t accessor;
    const model_type_t *record; /* accessors: the record type */
    uint32_t field;             /* accessors: index of the field */
} model_call_t;

typedef struct model_event {
    const char *name, *doc;
    yaml_pos_t at;
    uint32_t id;
    const model_type_t *from; /* handle type */
    model_queue_t queue;
    model_items_t data;
    model_type_t *record;     /* its data as a record named like the event; index is that of no type. NULL: no data */
} model_event_t;

/* One API. Everything lives in the arena given to model_read and as long as it. Lists are in file order, except calls and events, which are in order of id. */
typedef struct model_api {
    const char *file;    /* name as given on the command line */
    const char *name;
    const char *doc;
    const char *version; /* "1.0.0" */
    uint32_t id;         /* 0 only for the gate's own API */
    model_type_t *types;
    uint32_t type_count;
    model_constant_t *constants;
    uint32_t constant_count;
    model_error_t *errors;
    uint32_t error_count;
    model_call_t *calls; /* accessors included */
    uint32_t call_count;
    model_event_t *events;
    uint32_t event_count;
    yaml_pos_t at;       /* of its name */
} model_api_t;

/* Read one description. All errors go to `diag`; returns NULL if there was one. `bytes` may be freed afterwards. */
model_api_t *model_read(arena_t *arena, diag_t *diag, const char *file, const char *bytes, size_t size);

/* Checks across the APIs of one run (ids, names, names that collide in C after case conversion); false if one failed. The arenas of all of
 * them still stand. */
bool model_check_set(diag_t *diag, model_api_t *const *apis, size_t count);

/* The model as text, to out: a description of the same meaning with every key in the order of the manual and every item in its long form;
 * reading it gives the same text again. What is derived (call numbers, accessors) stands in comments. Names no file and no place. */
void model_dump(FILE *out, const model_api_t *api);

/* "u8", "enum", ... as the language spells it. */
const char *model_kind_name(model_kind_t kind);

/* Bits of an integer, bool (8) or float kind; 0 for others. */
uint32_t model_kind_bits(model_kind_t kind);
bool model_kind_is_integer(model_kind_t kind);
bool model_kind_is_signed(model_kind_t kind);
bool model_kind_is_float(model_kind_t kind);
/* An enum or flags: a named type that travels as the integer below it. */
bool model_kind_is_named(model_kind_t kind);
/* One value of fixed width: bool, integer, float, enum, flags. */
bool model_kind_is_scalar(model_kind_t kind);
/* Bytes, a string or a list: an address with a count, a capacity or both. */
bool model_kind_is_buffer(model_kind_t kind);

/* An optional scalar: whether it is there travels apart from it. (A handle that is not there is 0.) */
bool model_has_presence(const model_use_t *use);

/* The kind that one value, or one element of a list, travels as: the integer below an enum or flags, u32 for a handle, else the kind itself. */
model_kind_t model_carrier(const model_use_t *use);

#endif
