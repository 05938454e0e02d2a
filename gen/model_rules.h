/* SPDX-License-Identifier: BSD-2-Clause */
/* gen/model_rules.h - every rule of the description language that the model checks: number, what holds, what to do.
 * The numbers are stable and end each message; doc/description.md prints this table, and a test holds the two together. R001 to R016 are
 * rules of the texts themselves (yaml/node.h, yaml/kit.h). A number is never given twice. */
#ifndef GEN_MODEL_RULES_H
#define GEN_MODEL_RULES_H

#define MODEL_RULES(X)                                                                                                                                    \
    X(R020, LANGUAGE, "`callgate:` is 1, the version of this language.", "Write `callgate: 1`.")                                                         \
    X(R021, API_ID, "The id of an API is 1 to 32767; 0 belongs to the gate's own API, named `gate`, alone.", "Choose a free id.")                        \
    X(R022, VERSION, "A version is three numbers, as in `1.0.0`.", "Write all three.")                                                                   \
    X(R023, TEXT, "A `doc` has at most 4096 bytes, a `unit` is one line of at most 40; neither holds control characters or marks that turn text around.", "Shorten it, or take the character out.")                                                  \
    X(R024, WORD, "Names of APIs, arguments and fields are no words of C or C++, do not end in `_t`, and are not taken by callgate or generated code; of an API the first word counts.", "Rename it.") \
    X(R025, C_NAME, "No two things get the same name in C.", "Rename one of the two.")                                                                   \
    X(R026, BUILTIN, "A type is not named as a type or word of the language.", "Rename it.")                                                             \
    X(R027, TYPE_KIND, "A type has exactly one of `enum`, `flags`, `record`, `handle`, and only keys of that kind.", "Remove what does not belong.")     \
    X(R028, BASE, "An `enum` is based on an integer type, `flags` on an unsigned one.", "Choose u8 to u64; for an enum also s8 to s64.")                 \
    X(R029, VALUE_FITS, "Each value of an enum or of flags fits the base type.", "Take a wider base.")                                                   \
    X(R030, VALUE_TWICE, "No two names of an enum or of flags have the same value.", "Remove one.")                                                      \
    X(R031, EMPTY, "Enums, flags and records are not empty.", "Add a value or a field, or remove the type.")                                             \
    X(R032, TYPE_UNKNOWN, "Each type that is used is built in or stands under `types`.", "Define the type or mend the spelling.")                        \
    X(R033, NOTATION, "A type is written `T`, `T(3)`, `T(..16)`, `own T` or `optional T`; pointers and callbacks do not exist.", "Use handles, buffers or events.") \
    X(R034, UNBOUNDED, "`bytes` and `string` have a maximum.", "Write `bytes(..64)`.")                                                                   \
    X(R035, BOUND, "A maximum or array size is 1 to 65535, in an array at most 512.", "Choose one within.")                                              \
    X(R036, FIELD_TYPE, "Fields of records are numbers, bool, enums, flags, records, and arrays of these.", "Pass the rest as an argument of its own.") \
    X(R037, ARRAY_PLACE, "Arrays `T(3)` stand in records only.", "Use a list `T(..3)` or put the array into a record.")                                  \
    X(R038, LIST_ELEMENT, "Elements of a list are numbers, bool, enums, flags or copied records.", "Pass handles one by one.")                           \
    X(R039, OWN, "`own` stands before handles, in arguments and results.", "Remove `own`.")                                                              \
    X(R040, OPTIONAL, "`optional` stands before handles and scalars, in arguments and results.", "Use a maximum and a count of 0 for buffers.")          \
    X(R041, INOUT, "`inout` holds `bytes`, `string` and lists only.", "Give the value as input and as output.")                                          \
    X(R042, CYCLE, "No record holds itself.", "Break the circle, for example with a handle.")                                                            \
    X(R043, NESTING, "Records are nested at most 16 deep.", "Flatten them.")                                                                             \
    X(R044, RECORD_SIZE, "A record has at most 512 bytes.", "Split it, or pass a buffer.")                                                               \
    X(R045, RANGE_PLACE, "`range` belongs to a single integer.", "Remove it.")                                                                           \
    X(R046, RANGE, "A range is `low..high`, low not above high, both fitting the type.", "Mend the bounds.")                                             \
    X(R047, GUARD, "`guard` belongs to inputs that are a single integer, enum, flags or string and not optional.", "Remove it.")                         \
    X(R048, FORMAT, "`format` is `uri` and belongs to strings.", "Remove it.")                                                                           \
    X(R049, UNIT, "`unit` belongs to numbers.", "Remove it.")                                                                                            \
    X(R050, CONSTANT_TYPE, "A constant is a number, a bool, an enum or flags.", "Choose another type.")                                                  \
    X(R051, CONSTANT_VALUE, "The value of a constant fits its type; of an enum it is one of its names.", "Mend the value.")                              \
    X(R052, ERROR_ID, "The id of an error is 1 to 32.", "Choose a free id.")                                                                             \
    X(R053, ERROR_TWICE, "No two errors of an API have the same id.", "Take the next free id.")                                                          \
    X(R054, CALL_ID, "The id of a call is 1 to 32767.", "Choose a free id; ids from 0x8000 belong to `pass: fields`.")                                   \
    X(R055, CALL_TWICE, "No two calls of an API have the same id.", "Take the next free id.")                                                            \
    X(R056, NEEDS, "`needs` is none, read, write or exec.", "Write the right that a policy must give.")                                                  \
    X(R057, ARGS_MAX, "A call has at most 16 arguments and results.", "Put some into a record.")                                                         \
    X(R058, COPY_MAX, "Records, strings and lists of one call take at most 512 bytes in all.", "Lower the maxima, or use `bytes`, which is not copied.") \
    X(R059, ARG_TWICE, "Names of arguments and results of a call differ, also from `x_count`, `x_capacity`, `x_size` and `has_x` made for others.", "Rename one.") \
    X(R060, NEEDS_HANDLE, "A call that takes a handle needs read, write or exec: the right that the handle must carry.", "Do not write `needs: none`.") \
    X(R061, FAILS, "`fails` names errors of this API, each once.", "Define the error or mend the spelling.")                                             \
    X(R062, PASS, "`pass` is copy or fields.", "Write `pass: fields` or leave it out.")                                                                  \
    X(R063, FIELDS_ID, "`fields` is there exactly if `pass: fields` is; all accessor ids lie in 0x8000 to 0xffff.", "Write for example `fields: 0x8000`.") \
    X(R064, FIELDS_OVERLAP, "Accessor ids of two records do not overlap.", "Take the next free id.")                                                     \
    X(R065, FIELDS_TYPE, "Fields of a record with `pass: fields` are no records; arrays have at most 256 elements.", "Use a record that is copied.")     \
    X(R066, BIND_CALL, "`call` of a bind is one C expression on one line of at most 400 bytes, without comments and `;`.", "Move the rest into a host function.") \
    X(R067, BIND_NAME, "Each `{name}` in a bind is an argument or result of the call.", "Mend the spelling.")                                            \
    X(R068, BIND_GIVES, "`gives` names a result that is a single number, bool, enum or flags.", "Let the function write others through `&{name}`.")      \
    X(R069, BIND_RESULT, "Each result of a bound call is named by `gives` or by its text.", "Use it, or remove the result.")                             \
    X(R070, BIND_FAILS, "`fails` of a bind maps `negative`, a C name or a number to an error that the call may fail with.", "Add the error to the call's `fails`.") \
    X(R071, HOST_TYPE, "A host's type is a C type name; its include is the name of a header.", "Write for example `{type: phydat_t, include: phydat.h}`.") \
    X(R072, EVENT_ID, "The id of an event is 1 to 32767 and no two are the same.", "Choose a free id.")                                                  \
    X(R073, EVENT_FROM, "`from` of an event is a handle type that some call gives as `own`: a subscription is a handle.", "Name the handle that the subscribing call makes.") \
    X(R074, EVENT_DATA, "Data of an event are numbers, bool, enums, flags and copied records, at most 16 and 64 bytes in all.", "Let the guest ask for the rest.") \
    X(R075, EVENT_QUEUE, "`queue` is drop_newest, drop_oldest or coalesce.", "Write one of these.")                                                      \
    X(R076, API_TWICE, "No two APIs of one run have the same name or id.", "Change one.")                                                                \
    X(R077, HANDLE, "`handle:` is true.", "Write `handle: true`, or remove the type.")

typedef enum model_rule {
#define MODEL_RULE_ENUM(number, name, what, remedy) MODEL_RULE_##name,
    MODEL_RULES(MODEL_RULE_ENUM)
#undef MODEL_RULE_ENUM
    MODEL_RULE_COUNT
} model_rule_t;

/* "R020" */
const char *model_rule_number(model_rule_t rule);

#endif
