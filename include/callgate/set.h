/* SPDX-License-Identifier: BSD-2-Clause */
/* callgate/set.h - what one run of the generator makes: a set of APIs, as const tables.
 * cg_set_t is what the gate needs and is small; cg_catalog_t has names and types for policies, traces and messages, and is linked
 * only where something uses it. Both are written by `callgate gen`, never by hand. */
#ifndef CALLGATE_SET_H
#define CALLGATE_SET_H

#include <stdbool.h>
#include <stdint.h>

#define CG_ABI_VERSION 3 /* generated code and library must agree; a mismatch is an #error in generated code */

typedef struct cg_guest cg_guest_t;
typedef struct cg_host cg_host_t; /* the integrator's own state, handed to host functions and releases; the gate never looks inside */

/* A call, named for guests: API id << 16 | call id. */
#define CG_NUMBER(api, call) ((uint32_t)(api) << 16 | (uint32_t)(call))

/* Per handle type; index = type number, 0 is no type. release is NULL for types that are only lent. */
typedef struct cg_type {
    void (*release)(cg_host_t *host, void *object);
} cg_type_t;

/* What a full queue does with one event more. */
typedef enum cg_ev_queueing {
    CG_EV_DROP_NEWEST, /* the new one is lost */
    CG_EV_DROP_OLDEST, /* the oldest one of the same event and source makes room; where there is none the new one is lost */
    CG_EV_COALESCE     /* at most one of each source is queued: a newer one replaces its data, in its place */
} cg_ev_queueing_t;

/* An event of an API. Events have an index 0..event_count-1 in ascending order of API and id. */
typedef struct cg_ev {
    uint16_t api, id;
    uint16_t type;    /* number of the handle type that it is from */
    uint8_t size;     /* bytes of its data on the host, at most CG_EV_DATA_MAX */
    uint8_t queueing; /* cg_ev_queueing_t */
} cg_ev_t;

enum {
    CG_EV_DATA_MAX = 64,    /* bytes of data, on the host and in a guest */
    CG_EV_HEAD = 16,        /* bytes before the data where an event lies in guest memory: handle u32, api u16, id u16, lost u32, size u32 */
    CG_EV_SLOTS_MAX = 20    /* arguments of a handler */
};

/* The lean tables of a set. Calls have an index 0..call_count-1 in ascending order of their numbers. */
typedef struct cg_set {
    uint32_t abi_version;    /* CG_ABI_VERSION */
    uint16_t call_count;
    uint16_t type_count;     /* including the unused type 0 */
    uint16_t guard_count;
    const uint32_t *numbers; /* [call_count], ascending */
    const cg_type_t *types;  /* [type_count] */
    uint16_t event_count;
    uint16_t event_size;     /* the largest `size` of the events */
    const cg_ev_t *events; /* [event_count], ascending; NULL if there are none */
} cg_set_t;

/* How a result travels on VMs of words (DESIGN: three forms of result). */
typedef enum cg_form { CG_FORM_STATUS, CG_FORM_COUNT, CG_FORM_VALUE } cg_form_t;

typedef enum cg_kind {
    CG_KIND_BOOL,
    CG_KIND_U8, CG_KIND_U16, CG_KIND_U32, CG_KIND_U64,
    CG_KIND_S8, CG_KIND_S16, CG_KIND_S32, CG_KIND_S64,
    CG_KIND_F32, CG_KIND_F64,
    CG_KIND_ENUM, CG_KIND_FLAGS, CG_KIND_RECORD, CG_KIND_HANDLE,
    CG_KIND_BYTES, CG_KIND_STRING, CG_KIND_LIST
} cg_kind_t;

typedef enum cg_direction { CG_IN, CG_INOUT, CG_OUT } cg_direction_t;

typedef struct cg_value_info {
    const char *name;
    int64_t value; /* u64 bit for bit */
} cg_value_info_t;

typedef struct cg_type_info cg_type_info_t;

/* An argument of a call or a field of a record. */
typedef struct cg_item_info {
    const char *name;
    const char *unit;             /* NULL if none */
    const cg_type_info_t *type;   /* named type, else NULL */
    uint8_t kind;                 /* cg_kind_t */
    uint8_t element;              /* cg_kind_t of a list's element, else as kind */
    uint8_t direction;            /* cg_direction_t; arguments only */
    bool optional, own;
    bool is_uri;                  /* format: uri */
    uint32_t max;                 /* bytes, string: bytes; list: elements */
    uint16_t array;               /* fixed array length in records, else 0 */
    uint16_t offset;              /* fields: offset in the record in guest memory (class of the catalog) */
    int16_t guard;                /* guard number in the set, -1: not guarded */
    int16_t word;                 /* arguments: first word of the body's words; -1: travels only in the result */
    bool in_result;               /* this output, or this buffer's count, is the call's result */
} cg_item_info_t;

struct cg_type_info {
    const char *name;              /* "device" */
    uint8_t kind;                  /* ENUM, FLAGS, RECORD, HANDLE */
    uint8_t base;                  /* ENUM, FLAGS: cg_kind_t of the integer */
    bool open;                     /* ENUM */
    uint16_t number;               /* HANDLE: type number in the set */
    uint16_t size;                 /* RECORD: bytes in guest memory */
    uint16_t value_count, field_count;
    const cg_value_info_t *values; /* ENUM, FLAGS */
    const cg_item_info_t *fields;  /* RECORD */
};

typedef struct cg_error_info {
    const char *name, *doc;
    int16_t number; /* as guests see it: -63 - id */
} cg_error_info_t;

typedef struct cg_constant_info {
    const char *name;
    uint8_t kind; /* cg_kind_t */
    int64_t integer; /* u64 bit for bit */
    double real;  /* F32, F64 */
} cg_constant_info_t;

typedef struct cg_call_info {
    const char *name; /* "find" */
    uint32_t number;
    uint16_t index;   /* in the set */
    uint8_t needs;    /* 0, 1 read, 2 write, 4 exec */
    uint8_t form;     /* cg_form_t */
    bool blocks;
    uint8_t arg_count;
    const cg_item_info_t *args;
} cg_call_info_t;

typedef struct cg_ev_info {
    const char *name;           /* "fired" */
    const char *handler;        /* "on_timer_fired" */
    uint16_t id, index;         /* index in the set */
    const cg_type_info_t *from; /* handle type */
    uint8_t arg_count;
    const cg_item_info_t *args; /* data, in order */
} cg_ev_info_t;

typedef struct cg_api_info {
    const char *name, *version;
    uint16_t id;
    uint16_t call_count, type_count, error_count;
    const cg_call_info_t *calls;   /* ascending ids */
    const cg_type_info_t *const *types;
    const cg_error_info_t *errors;
    const uint32_t *digests;       /* [call_count]: digest over the calls 0..k, names, ids, types; guests carry (k + 1, digest) */
    uint16_t constant_count;
    const cg_constant_info_t *constants;
    uint16_t event_count;
    const cg_ev_info_t *events; /* ascending ids */
    const uint32_t *event_digests; /* [event_count]: the same over the events 0..k; guests carry (0x8000 + k + 1, digest) */
} cg_api_info_t;

typedef struct cg_catalog {
    const cg_set_t *set;
    uint16_t api_count;
    const cg_api_info_t *apis;     /* ascending ids; 0 is the gate itself */
    bool is_big_endian;            /* the order of bytes in guest memory */
    uint8_t count_size;            /* bytes of a buffer's count in guest memory */
    uint8_t handle_size;           /* bytes of a handle in guest memory */
} cg_catalog_t;

/* Index of a call number, or -1. */
int32_t cg_set_find(const cg_set_t *set, uint32_t number);

#endif
