/* SPDX-License-Identifier: BSD-2-Clause */
/* gen/view_doc_fields.c - what the templates of the API reference may name beyond view_fields.c. doc/templates.md is printed from these. */
#include "gen/view_doc.h"

static const must_field_t ref_fields[] = {
    MUST_FIELD_TEXT(view_ref_t, api, "Name of its API."),
    MUST_FIELD_TEXT(view_ref_t, name, "Its name."),
};
const must_class_t view_ref_class = MUST_CLASS("ref", "A call or an event that another place links to.", ref_fields);

static const must_field_t code_fields[] = {
    MUST_FIELD_TEXT(view_code_t, language, "Id of the language."),
    MUST_FIELD_TEXT(view_code_t, label, "Its name for people."),
    MUST_FIELD_TEXT(view_code_t, fence, "What Markdown calls it, behind three backticks."),
    MUST_FIELD_TEXT(view_code_t, before, "Code before the name it is about."),
    MUST_FIELD_TEXT(view_code_t, name, "The name; may be empty."),
    MUST_FIELD_TEXT(view_code_t, after, "Code behind it."),
    MUST_FIELD_TEXT(view_code_t, note, "Why there is no code; else empty."),
};
const must_class_t view_code_class = MUST_CLASS("code", "A call, an event or a type in one language.", code_fields);

static const must_field_t place_fields[] = {
    MUST_FIELD_NUMBER(view_place_t, number, "Number of the slot, from 0; fields: bytes from the start of the record."),
    MUST_FIELD_TEXT(view_place_t, value, "Name of the argument, datum or field."),
    MUST_FIELD_TEXT(view_place_t, role, "What of it travels: value, address, count ..."),
    MUST_FIELD_TEXT(view_place_t, kind, "Machine kind of the slot: int, i32, i64, f32, f64."),
    MUST_FIELD_TEXT(view_place_t, bits, "Bits of the value and how they are extended: u16, s64."),
    MUST_FIELD_TEXT(view_place_t, where, "slot 3, or block + 8 where it is spilled."),
    MUST_FIELD_BOOL(view_place_t, is_spilled, "It is in the spill block."),
    MUST_FIELD_NUMBER(view_place_t, size, "Fields: bytes of one element."),
    MUST_FIELD_NUMBER(view_place_t, count, "Fields: elements of an array; else 0."),
};
static const must_class_t place_class = MUST_CLASS("place", "Where one value travels, or one field of a record is.", place_fields);

static const must_field_t abi_fields[] = {
    MUST_FIELD_TEXT(view_abi_t, vm, "Name of the VM."),
    MUST_FIELD_TEXT(view_abi_t, form, "Form of the result: status, count or value; empty for events."),
    MUST_FIELD_TEXT(view_abi_t, result, "The output that is the result; may be empty."),
    MUST_FIELD_TEXT(view_abi_t, result_kind, "Machine kind of the result."),
    MUST_FIELD_TEXT(view_abi_t, called_by, "How a guest names the call: number 0x00020004, name saul.read."),
    MUST_FIELD_TEXT(view_abi_t, block, "Where the address of the spill block is: slot 4; empty if there is none."),
    MUST_FIELD_BOOL(view_abi_t, has_places, "Something travels."),
    MUST_FIELD_LIST(view_abi_t, places, &place_class, "Slots in order."),
};
const must_class_t view_abi_class = MUST_CLASS("abi", "How a call or an event travels on one VM.", abi_fields);

static const must_field_t layout_fields[] = {
    MUST_FIELD_TEXT(view_layout_t, vms, "Names of the VMs that it holds for."),
    MUST_FIELD_NUMBER(view_layout_t, size, "Bytes."),
    MUST_FIELD_NUMBER(view_layout_t, align, "Alignment in bytes."),
    MUST_FIELD_BOOL(view_layout_t, has_padding, "Has padding."),
    MUST_FIELD_LIST(view_layout_t, places, &place_class, "Fields in order."),
};
const must_class_t view_layout_class = MUST_CLASS("layout", "Where the fields of a record are in guest memory.", layout_fields);

static const must_field_t gate_error_fields[] = {
    MUST_FIELD_TEXT(view_gate_error_t, NAME, "Name, upper case."),
    MUST_FIELD_TEXT(view_gate_error_t, text, "What it says."),
    MUST_FIELD_NUMBER(view_gate_error_t, number, "The number that guests see."),
    MUST_FIELD_BOOL(view_gate_error_t, is_violation, "An honest guest cannot come here."),
};
const must_class_t view_gate_error_class = MUST_CLASS("gate_error", "An error of the gate itself.", gate_error_fields);

static const must_field_t language_fields[] = {
    MUST_FIELD_TEXT(view_language_t, id, "Id: small letters, digits and hyphens."),
    MUST_FIELD_TEXT(view_language_t, label, "Name for people."),
};
static const must_class_t language_class = MUST_CLASS("language", "A language that the reference shows.", language_fields);

static const must_field_t doc_fields[] = {
    MUST_FIELD_TEXT(view_doc_t, title, "Names of the APIs, the gate's own left out."),
    MUST_FIELD_LIST(view_doc_t, languages, &language_class, "Languages in the order of tabs."),
    MUST_FIELD_TEXTS(view_doc_t, vms, "Names of the VMs."),
    MUST_FIELD_LIST(view_doc_t, gate_errors, &view_gate_error_class, "Errors of the gate."),
};
const must_class_t view_doc_class = MUST_CLASS("reference", "What the API reference has beyond the APIs.", doc_fields);
