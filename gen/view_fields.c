/* SPDX-License-Identifier: BSD-2-Clause */
/* gen/view_fields.c - what templates may name: one table a class. doc/templates.md is printed from these. */
#include "gen/view.h"

#define TEXT(type, name, doc) MUST_FIELD_TEXT(type, name, doc)
#define NUMBER(type, name, doc) MUST_FIELD_NUMBER(type, name, doc)
#define BOOL(type, name, doc) MUST_FIELD_BOOL(type, name, doc)
#define TEXTS(type, name, doc) MUST_FIELD_TEXTS(type, name, doc)
#define LIST(type, name, of, doc) MUST_FIELD_LIST(type, name, of, doc)

static const must_field_t value_fields[] = {
    TEXT(view_value_t, name, "Name, lower case."),
    TEXT(view_value_t, NAME, "Name, upper case."),
    TEXT(view_value_t, text, "The value as a C constant: decimal for enums, hexadecimal for flags."),
    TEXT(view_value_t, doc, "Description; may be empty."),
};
static const must_class_t value_class = MUST_CLASS("value", "One named value of an enum, or one named bit pattern of flags.", value_fields);

static const must_field_t constant_fields[] = {
    TEXT(view_constant_t, name, "Name, lower case."),
    TEXT(view_constant_t, NAME, "Name, upper case."),
    TEXT(view_constant_t, text, "The value as a C constant."),
    TEXT(view_constant_t, kind, "Type as the description spells it."),
    TEXT(view_constant_t, unit, "Unit; may be empty."),
    TEXT(view_constant_t, doc, "Description; may be empty."),
};
static const must_class_t constant_class = MUST_CLASS("constant", "A named constant of an API.", constant_fields);

static const must_field_t error_fields[] = {
    TEXT(view_error_t, name, "Name, lower case."),
    TEXT(view_error_t, NAME, "Name, upper case."),
    TEXT(view_error_t, doc, "Description; may be empty."),
    TEXT(view_error_t, doc_c, "Description, or the name, for use between the quotes of a C string; print it raw."),
    NUMBER(view_error_t, id, "Id in the API, from 1."),
    NUMBER(view_error_t, number, "The number that guests see: -63 - id."),
};
static const must_class_t error_class = MUST_CLASS("error", "An error of an API.", error_fields);

static const must_field_t item_fields[] = {
    TEXT(view_item_t, name, "Name."),
    TEXT(view_item_t, doc, "Description; may be empty."),
    TEXT(view_item_t, unit, "Unit as written; may be empty."),
    TEXT(view_item_t, unit_c, "Unit, for use between the quotes of a C string; print it raw."),
    TEXT(view_item_t, notes, "Unit, range, limits and ownership in words, for doc comments; may be empty."),
    TEXT(view_item_t, kind, "CG_KIND_ constant of the type."),
    TEXT(view_item_t, element, "CG_KIND_ constant of a list's element; else as kind."),
    TEXT(view_item_t, direction, "CG_IN, CG_INOUT or CG_OUT."),
    TEXT(view_item_t, type_ref, "C expression for the catalog's record of the named type, or NULL."),
    TEXT(view_item_t, host_decl, "Fields: C declaration in the host's struct."),
    TEXT(view_item_t, guest_decl, "Fields: C declaration in the guest's struct."),
    BOOL(view_item_t, optional, "May be absent."),
    BOOL(view_item_t, own, "The handle changes its owner."),
    BOOL(view_item_t, is_uri, "Text of `format: uri`."),
    BOOL(view_item_t, in_result, "The value, or the count of the buffer, is the call's result."),
    NUMBER(view_item_t, max, "Most bytes or elements of a buffer; else 0."),
    NUMBER(view_item_t, array, "Length of a fixed array; 0: none."),
    NUMBER(view_item_t, offset, "Fields: bytes from the start of the record in guest memory."),
    NUMBER(view_item_t, guard, "Number of the guard in the set; -1: not guarded."),
    NUMBER(view_item_t, word, "Arguments: first word; -1: none."),
    BOOL(view_item_t, is_list, "Arguments: a list; the values below are set."),
    BOOL(view_item_t, is_input, "Lists: the guest gives it."),
    BOOL(view_item_t, is_output, "Lists: the host gives it."),
    TEXT(view_item_t, list_name, "Lists: suffix of its helpers' names."),
    TEXT(view_item_t, list_type, "Lists: C type of an element on the host."),
    NUMBER(view_item_t, size, "Lists: bytes of an element in guest memory."),
    TEXTS(view_item_t, get_lines, "Lists: C lines that fill `*to` from the guest bytes at `from`; print raw."),
    TEXTS(view_item_t, put_lines, "Lists: C lines that write `*from` to guest bytes at `to`; print raw."),
    TEXT(view_item_t, kept, "Lists: C condition on `*from` that the host kept to the type; empty where nothing can be broken."),
};
static const must_class_t item_class = MUST_CLASS("item", "An argument of a call, or a field of a record.", item_fields);

static const must_field_t type_fields[] = {
    TEXT(view_type_t, name, "Name, lower case."),
    TEXT(view_type_t, NAME, "Name, upper case."),
    TEXT(view_type_t, type_name, "As name, for use inside its fields and values."),
    TEXT(view_type_t, type_NAME, "As NAME, for use inside its fields and values."),
    TEXT(view_type_t, api, "Name of its API."),
    TEXT(view_type_t, API, "Name of its API, upper case."),
    TEXT(view_type_t, doc, "Description; may be empty."),
    TEXT(view_type_t, kind, "CG_KIND_ constant."),
    TEXT(view_type_t, base, "Enums and flags: CG_KIND_ constant of the integer below."),
    TEXT(view_type_t, base_c, "Enums and flags: C type of the integer below."),
    TEXT(view_type_t, known, "Closed enums and flags: C condition on `value`; empty where every value is good."),
    TEXT(view_type_t, struct_name, "Handles: C type of the host's object."),
    TEXT(view_type_t, host_bind, "The host's own C type, for --host; may be empty."),
    TEXT(view_type_t, host_include, "The header that has it; may be empty."),
    BOOL(view_type_t, is_enum, "An enum."),
    BOOL(view_type_t, is_flags, "Flags."),
    BOOL(view_type_t, is_record, "A record."),
    BOOL(view_type_t, is_handle, "Used through handles: a handle type, or a record with `pass: fields`."),
    BOOL(view_type_t, is_opaque, "A handle type proper."),
    BOOL(view_type_t, is_owned, "Some call gives it as `own`: the host has a release function."),
    BOOL(view_type_t, open, "Enums: unknown values pass."),
    BOOL(view_type_t, is_plain, "Records: any bytes are good and none is padding."),
    BOOL(view_type_t, has_padding, "Records: has padding in guest memory."),
    BOOL(view_type_t, is_wide, "Enums and flags: values may not fit C's int."),
    BOOL(view_type_t, is_signed, "Enums: the integer below is signed."),
    NUMBER(view_type_t, size, "Records: bytes in guest memory."),
    NUMBER(view_type_t, number, "Handles: number of the type in the set, from 1."),
    NUMBER(view_type_t, value_count, "Number of values."),
    NUMBER(view_type_t, field_count, "Number of fields."),
    LIST(view_type_t, values, &value_class, "Enums and flags: the named values, in the order of the file."),
    LIST(view_type_t, fields, &item_class, "Records: the fields, in order."),
    TEXTS(view_type_t, get_lines, "Records: C lines that fill `*to` from the guest bytes at `from` and note errors in `err`; print raw."),
    TEXTS(view_type_t, put_lines, "Records: C lines that write `*from` to guest bytes at `to`; print raw."),
    TEXT(view_type_t, kept, "Records: C condition on `*from` that the host kept to the types; empty where nothing can be broken."),
};
static const must_class_t type_class = MUST_CLASS("type", "A named type of an API.", type_fields);

static const must_field_t slot_fields[] = {
    TEXT(view_slot_t, param, "C type of the slot in the guest's import."),
    TEXT(view_slot_t, expr, "C expression that fills it in the guest's wrapper; print raw."),
    TEXT(view_slot_t, note, "What it carries, in words."),
};
static const must_class_t slot_class = MUST_CLASS("slot", "One slot of a call.", slot_fields);

static const must_field_t call_fields[] = {
    TEXT(view_call_t, name, "Name, lower case."),
    TEXT(view_call_t, NAME, "Name, upper case."),
    TEXT(view_call_t, api, "Name of its API."),
    TEXT(view_call_t, API, "Name of its API, upper case."),
    TEXT(view_call_t, doc, "Description."),
    TEXT(view_call_t, number, "Call number, hexadecimal: API id << 16 | call id."),
    TEXT(view_call_t, form, "CG_FORM_ constant: how the result travels."),
    TEXT(view_call_t, form_name, "The same as a word: status, count or value."),
    TEXT(view_call_t, class_name, "Class of bodies, e.g. le32."),
    TEXT(view_call_t, host_result, "C type that the host function returns."),
    TEXT(view_call_t, host_params, "C parameters of the host function."),
    TEXT(view_call_t, guest_result, "C type that the guest's wrapper returns."),
    TEXT(view_call_t, guest_params, "C parameters of the guest's wrapper."),
    TEXT(view_call_t, import_result, "C type that the guest's import returns."),
    TEXT(view_call_t, invoke, "C expression that calls the host function; print raw."),
    TEXT(view_call_t, result, "C expression of the body's result; print raw."),
    TEXT(view_call_t, value_expr, "Value calls: C expression of the wrapper's result; print raw."),
    TEXT(view_call_t, fail_mask, "The API errors it may fail with, a bit each, hexadecimal."),
    TEXT(view_call_t, shape, "Shape of its slots for cg_row_t, hexadecimal."),
    TEXT(view_call_t, signature, "Slots and result as letters: (ii)i; i 32 bits, I 64 bits or untyped, f and F floats."),
    TEXT(view_call_t, slot_letters, "The letters of the slots alone."),
    TEXT(view_call_t, result_letter, "The letter of the result alone."),
    TEXT(view_call_t, bind, "The `bind` text for --host; empty if none."),
    TEXT(view_call_t, bind_include, "Its header; may be empty."),
    BOOL(view_call_t, is_value, "In C it returns its value; all other calls return an error number."),
    BOOL(view_call_t, is_accessor, "Reads or writes a field of a record that is passed by handle; no host function."),
    BOOL(view_call_t, touches_memory, "Uses guest memory."),
    BOOL(view_call_t, blocks, "The host function may wait."),
    BOOL(view_call_t, has_words, "Has arguments."),
    BOOL(view_call_t, has_checks, "The list checks is not empty."),
    BOOL(view_call_t, has_after, "The list after is not empty."),
    BOOL(view_call_t, has_undo, "The list undo is not empty."),
    BOOL(view_call_t, has_spill, "Some slots travel in a block in guest memory."),
    BOOL(view_call_t, has_unpack, "The list unpack is not empty."),
    BOOL(view_call_t, is_result_wide, "The result slot has 64 bits."),
    NUMBER(view_call_t, id, "Id in the API."),
    NUMBER(view_call_t, index, "Index in the set."),
    NUMBER(view_call_t, needs, "Right needed: 0 none, 1 read, 2 write, 4 exec."),
    NUMBER(view_call_t, slot_count, "Slots, spilled ones included."),
    NUMBER(view_call_t, word_count, "Words of the body."),
    NUMBER(view_call_t, own_slot_count, "Slots that are not spilled."),
    NUMBER(view_call_t, spill_count, "Slots that are."),
    NUMBER(view_call_t, arg_count, "Arguments."),
    NUMBER(view_call_t, error_count, "API errors it may fail with."),
    LIST(view_call_t, args, &item_class, "Arguments: in, inout, out."),
    LIST(view_call_t, errors, &error_class, "API errors it may fail with."),
    LIST(view_call_t, slots, &slot_class, "All slots."),
    LIST(view_call_t, own_slots, &slot_class, "Slots of the convention itself."),
    LIST(view_call_t, spilled, &slot_class, "Slots in the spill block."),
    TEXTS(view_call_t, locals, "Body: declarations; print raw, like all C below."),
    TEXTS(view_call_t, checks, "Body: conditions before the host function, in the order that all VMs share."),
    TEXTS(view_call_t, after, "Body: conditions after it."),
    TEXTS(view_call_t, undo, "Body: lines if one of those fails."),
    TEXTS(view_call_t, final, "Body: lines once the host function has done it, before anything else can fail."),
    TEXTS(view_call_t, words, "Glue: the body's words as C expressions of the slots `s`."),
    TEXTS(view_call_t, unpack, "Glue: conditions that the slots hold nothing else."),
    TEXTS(view_call_t, access, "Accessors: lines of the access."),
    TEXTS(view_call_t, sdk_before, "Guest: lines before the import is called."),
    TEXTS(view_call_t, sdk_after, "Guest: lines after it, where `result_` is not negative."),
    TEXTS(view_call_t, sdk_doc, "Guest: sentences about the arguments."),
    TEXTS(view_call_t, bind_lines, "Host: lines of the bound function."),
};
static const must_class_t call_class = MUST_CLASS("call", "One function of an API, with its place in the plan of this VM.", call_fields);

static const must_field_t api_fields[] = {
    TEXT(view_api_t, name, "Name, lower case."),
    TEXT(view_api_t, NAME, "Name, upper case."),
    TEXT(view_api_t, doc, "Description."),
    TEXT(view_api_t, version, "Version."),
    TEXT(view_api_t, version_c, "Version, for use between the quotes of a C string; print it raw."),
    TEXT(view_api_t, digest, "Digest over all its calls, hexadecimal."),
    TEXT(view_api_t, guest_entry, "What guests carry with the digest: id << 16 | number of calls, hexadecimal."),
    BOOL(view_api_t, has_memory, "Some call uses guest memory."),
    BOOL(view_api_t, is_gate, "The gate's own API, id 0."),
    NUMBER(view_api_t, id, "Id."),
    NUMBER(view_api_t, call_count, "Number of calls."),
    NUMBER(view_api_t, has_calls, "Not 0 if it has calls."),
    NUMBER(view_api_t, type_count, "Number of types."),
    NUMBER(view_api_t, error_count, "Number of errors."),
    NUMBER(view_api_t, constant_count, "Number of constants."),
    LIST(view_api_t, types, &type_class, "All types, each before its users."),
    LIST(view_api_t, enums, &type_class, "Enums and flags."),
    LIST(view_api_t, records, &type_class, "Records, each before its users."),
    LIST(view_api_t, handles, &type_class, "Types used through handles."),
    LIST(view_api_t, owned, &type_class, "Of these, the ones with a release function."),
    LIST(view_api_t, constants, &constant_class, "Constants."),
    LIST(view_api_t, errors, &error_class, "Errors."),
    LIST(view_api_t, calls, &call_class, "Calls in the order of their ids."),
    TEXTS(view_api_t, digests, "Digest after each call, hexadecimal."),
    TEXTS(view_api_t, includes, "Headers of the host's own types and bound functions, for --host."),
};
static const must_class_t api_class = MUST_CLASS("api", "One API.", api_fields);

static const must_field_t hash_fields[] = {
    TEXT(view_hash_t, multiplier, "Multiplier, hexadecimal."),
    TEXT(view_hash_t, table, "Call indexes by place, as C initializers."),
    TEXT(view_hash_t, displace, "Displacements by bucket, as C initializers; empty if there are none."),
    TEXT(view_hash_t, entry_type, "C type of a table entry."),
    BOOL(view_hash_t, has_displace, "Has displacements."),
    NUMBER(view_hash_t, shift, "Shift to the place."),
    NUMBER(view_hash_t, mask, "Table entries - 1."),
    NUMBER(view_hash_t, bucket_mask, "Buckets - 1."),
    NUMBER(view_hash_t, size, "Table entries."),
    NUMBER(view_hash_t, displace_size, "Buckets."),
};
static const must_class_t hash_class = MUST_CLASS("hash", "Perfect hash of call numbers: with h = number * multiplier in 32 bits, the entry is at ((h >> shift) + displace[h >> 5 & bucket_mask]) & mask.", hash_fields);

static const must_field_t set_fields[] = {
    TEXT(view_set_t, vm, "Name of the VM."),
    TEXT(view_set_t, VM, "Name of the VM, upper case."),
    TEXT(view_set_t, class_name, "Class of bodies that the VM uses, e.g. le32."),
    TEXT(view_set_t, host, "Name given with --host; empty if none."),
    TEXT(view_set_t, sources, "File names of the descriptions, without their endings."),
    NUMBER(view_set_t, api_count, "Number of APIs, the gate's own included."),
    NUMBER(view_set_t, call_count, "Number of calls."),
    NUMBER(view_set_t, type_count, "Number of handle types and one."),
    NUMBER(view_set_t, guard_count, "Number of guarded arguments."),
    LIST(view_set_t, apis, &api_class, "APIs in the order of their ids; the gate's own is the first."),
    LIST(view_set_t, calls, &call_class, "All calls in the order of their numbers."),
    LIST(view_set_t, handles, &type_class, "All types used through handles, by number."),
    LIST(view_set_t, owned, &type_class, "Of these, the ones with a release function."),
    TEXTS(view_set_t, guards, "Names of the guarded arguments, upper case, by number."),
    TEXTS(view_set_t, numbers, "Call numbers by index, hexadecimal."),
    MUST_FIELD_OBJECT(view_set_t, hash, &hash_class, "Perfect hash of the call numbers, where the VM names calls by number."),
    MUST_FIELD_OBJECT(view_set_t, api, &api_class, "The API in hand, in files made once per API."),
};
const must_class_t view_set_class = MUST_CLASS("set", "All APIs of one run, as one VM sees them. Files made once per API have it too, with `api` set.", set_fields);
