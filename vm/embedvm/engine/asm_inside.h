/* SPDX-License-Identifier: BSD-2-Clause */
/* asm_inside.h - what the files of the assembler share.
 *   asm.c        the passes in order, files and errors
 *   asm_read.c   a line to items: labels and directives
 *   asm_insn.c   a line to items: instructions
 *   asm_frame.c  functions and host calls
 *   asm_expr.c   characters, names, numbers, expressions
 *   asm_place.c  sizes, addresses and bytes of items
 *   asm_image.c  the parts of the image around the code
 * Expressions are kept as places in the text and computed anew in each pass: labels move until the sizes have settled. */
#ifndef EMBEDVM_ASM_INSIDE_H
#define EMBEDVM_ASM_INSIDE_H

#include <stdbool.h>
#include <string.h>

#include "asm.h"

enum { ASM_CODE_MAX = 65535 }; /* bytes of code: what the header of an image can say */

/* A place in a text; reading moves it. */
typedef struct place {
    const char *at;
    const char *line_start;
    uint32_t line;
    uint32_t file;
    uint32_t scope; /* the function it stands in, counted from 1; 0: none */
} place_t;

typedef struct name {
    const char *at;
    size_t length;
} name_t;

typedef struct symbol {
    name_t name;
    uint32_t scope;
    uint32_t argc; /* of a function */
    int64_t value;
    bool known; /* the value is one: all that it was computed from was known */
    bool is_label;
    bool is_function;
} symbol_t;

typedef enum item_kind {
    ITEM_LABEL,  /* gives symbol its address */
    ITEM_CONST,  /* gives symbol the value of the expression */
    ITEM_SMALL,  /* one byte: opcode + ((value - low) << shift) */
    ITEM_LOCAL,  /* one byte: opcode with the value as a signed field of 6 bits */
    ITEM_PUSH,   /* the shortest push of the value */
    ITEM_BRANCH, /* opcode, or opcode + 1 with a long distance */
    ITEM_ACCESS, /* opcode, or opcode + 1 with a long address */
    ITEM_BYTE,
    ITEM_WORD,
    ITEM_SPACE,
    ITEM_STRING,
} item_kind_t;

typedef struct item {
    item_kind_t kind;
    place_t start; /* for errors about the whole */
    place_t expr;  /* .at is NULL where there is none; the value is then `add` */
    int64_t add;
    int64_t low, high; /* bounds of the value of ITEM_SMALL and ITEM_LOCAL */
    uint32_t symbol;
    uint32_t address; /* of the pass before */
    uint32_t size;    /* never shrinks from pass to pass, so the passes come to an end */
    uint8_t opcode;
    uint8_t shift;
    bool is_argument; /* ITEM_LOCAL: argument n is field -1 - n */
    bool ends;        /* the program does not go on behind it */
} item_t;

/* A variable of the function being read. */
typedef struct variable {
    name_t name;
    int32_t field;
} variable_t;

typedef struct host_call {
    name_t name;
    place_t call, api, argc;
    uint32_t number; /* when its values are known */
    bool used;
} host_call_t;

/* .export and .digest: a label or an expression, and one more that may be missing. */
typedef struct pair {
    place_t start;
    place_t first, second;
    name_t name;
} pair_t;

typedef struct source {
    char *path;
    char *text; /* NUL-ended */
} source_t;

/* A growing array of things of `each` bytes. */
typedef struct list {
    void *things;
    uint32_t count, room;
} list_t;

typedef enum stage {
    STAGE_READ,  /* errors of syntax are reported, names need not be known */
    STAGE_PLACE, /* nothing is reported */
    STAGE_EMIT,  /* errors of value are reported */
} stage_t;

typedef struct assembler {
    const evm_asm_ops_t *ops;
    stage_t stage;
    uint32_t errors;
    list_t sources;   /* source_t */
    list_t items;     /* item_t */
    list_t symbols;   /* symbol_t */
    list_t variables; /* variable_t, of the function being read */
    list_t hosts;     /* host_call_t */
    list_t exports;   /* pair_t */
    list_t digests;   /* pair_t */
    place_t memory, entry; /* .at is NULL where not given */
    place_t function;      /* where the function being read starts; .scope 0: outside of functions */
    uint32_t functions;    /* seen so far */
    uint32_t files_open;   /* included in each other */
    uint32_t depth;        /* of parentheses */
    bool unknown;          /* set where an expression uses a value that is not known yet */
    uint64_t work;         /* steps taken, see asm_works */
    uint32_t code_size;    /* may be more than ASM_CODE_MAX: asm_emit says so */
    uint8_t *code; /* in STAGE_EMIT */
} assembler_t;

/* asm.c */
/* Report an error at a place, unless the stage is one that reports none. Always false. */
bool asm_error(assembler_t *as, const place_t *at, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* Another so many steps. false: they were too many; it is reported, and nothing else will be. Whatever looks through a list asks. */
bool asm_works(assembler_t *as, uint32_t steps);
/* The next thing of a list, cleared; NULL after reporting that memory is short. */
void *asm_add(assembler_t *as, list_t *list, size_t each);
/* Read the file `name`, as seen from the place of the .include, unless it was read before. */
bool asm_include(assembler_t *as, const place_t *at, name_t name);
#define ASM_ADD(as, list, type) ((type *)asm_add(as, list, sizeof(type)))
#define ASM_GET(list, type, index) (&((type *)(list)->things)[index])

/* asm_expr.c */
void asm_skip(place_t *at);
bool asm_at_end(place_t *at);
/* Take a character if it comes next. */
bool asm_take(place_t *at, char c);
/* Take a word if it comes next, a name as a whole. */
bool asm_word(place_t *at, const char *word);
/* Take a name: letters, digits and _, not starting with a digit. */
bool asm_name(place_t *at, name_t *name);
bool asm_is(name_t name, const char *word);
bool asm_same(name_t a, name_t b);
/* Take one character of a string or character constant up to `quote`, with escapes. */
bool asm_char(assembler_t *as, place_t *at, char quote, uint8_t *c);
/* Take an expression and compute it. false: there is an error, which is reported if it is one of this stage. */
bool asm_expr(assembler_t *as, place_t *at, int64_t *value);
/* Take an expression for later: *kept is where it stands. */
bool asm_keep(assembler_t *as, place_t *at, place_t *kept);
/* The value of a kept expression, which must be low to high. */
bool asm_value(assembler_t *as, const place_t *kept, int64_t low, int64_t high, int64_t *value);
/* A symbol as seen from a scope; NULL: there is none. */
symbol_t *asm_find(assembler_t *as, name_t name, uint32_t scope);
/* A new symbol; NULL: reported. */
symbol_t *asm_define(assembler_t *as, const place_t *at, name_t name, uint32_t scope);

/* asm_read.c */
/* Read the text of a source to items. */
void asm_read(assembler_t *as, uint32_t file);
/* A new item of one byte without operand; the kinds with operands fill in the rest. NULL: reported. */
item_t *asm_item(assembler_t *as, item_kind_t kind, const place_t *start);
bool asm_label(assembler_t *as, const place_t *start, name_t name, uint32_t scope);

/* asm_insn.c */
/* Read the operands of the instruction `name`, which stands at start. */
bool asm_instruction(assembler_t *as, const place_t *start, name_t name, place_t *at);

/* asm_frame.c */
bool asm_function(assembler_t *as, const place_t *start, place_t *at);
bool asm_end(assembler_t *as, const place_t *start);
const variable_t *asm_variable(assembler_t *as, name_t name);
bool asm_hostcall(assembler_t *as, place_t *at);
bool asm_host(assembler_t *as, const place_t *start, place_t *at);

/* asm_place.c */
/* Give all items their sizes and addresses, and the code its size. */
void asm_place(assembler_t *as);
/* Write the code; reports values that do not fit. */
void asm_emit(assembler_t *as);

/* asm_image.c */
/* Build the image around as->code. -1: reported. */
int asm_image(assembler_t *as, uint8_t **image, size_t *image_size);

#endif
