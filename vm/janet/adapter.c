/* SPDX-License-Identifier: BSD-2-Clause */
/* vm/janet/adapter.c - ties Janet to the gate: cg_janet_ops. What is not Janet's is in vm/objects/object_base.h.
 * The engine keeps its state in the thread: it is put there when a guest is entered. A guest that runs out of memory is left where it is, and never entered again. */
#include "object_base.h"
#include "engine.h"

#include <janet.h>
#include <setjmp.h>

enum { WHOLE_BITS = 53 /* integers of a double */ };

typedef struct box {
    cg_object_base_t base;        /* first, for vm/objects */
    JanetVM *engine;              /* its state while the guest does not run */
    JanetTable *env, *handles;    /* the program's names; its objects by handle, weak */
    JanetFunction *program;       /* driver, */
    Janet argv_program[3];        /* and what it is given */
    struct box *outer;            /* what this thread was in before */
    const char *broken;           /* why the engine was left in the middle */
    bool is_good;
    jmp_buf jump;
    int32_t argc;
    const Janet *argv;            /* arguments of the call under way */
} box_t;

extern const cg_vm_ops_t cg_janet_ops;
static _Thread_local box_t *current;

/* What guests have of Janet's own: names, and whole families of them. */
static const char safe[] = " "
    "% %= * *= + ++ += - -- -= -> ->> -?> -?>> / /= < <= = > >= abstract? accumulate accumulate2 all and any? apply array array? as-> as-macro as?-> assert assertf band blshift bnot boolean? bor brshift brushift buffer buffer? bxor bytes? case "
    "catseq cfunction? chr comment comp compare compare< compare<= compare= compare> compare>= compif compile complement comptime compwhen cond coro count curenv dec deep-not= deep= def- default defdyn defer defglobal defmacro defmacro- defn "
    "defn- delay describe dictionary? distinct div drop drop-until drop-while dyn each eachk eachp edefer empty? error errorf eval eval-string even? every? extreme false? fiber-fn fiber? filter find find-index first flatten flatten-into for "
    "forever forv freeze frequencies from-pairs function? generate gensym geomean get get-in getproto group-by has-key? has-value? identity idempotent? if-let if-not if-with in inc index-of indexed? int? interleave interpose invert juxt juxt* "
    "keep keep-syntax keep-syntax! keys keyword keyword? kvs label last length lengthable? let loop macex macex1 map mapcat match max max-of mean memcmp merge merge-into min min-of mod nan? nat? neg? next nil? not not= number? odd? one? or pairs "
    "parse parse-all partial partition partition-by pos? postwalk prewalk product prompt propagate protect put put-in range reduce reduce2 repeat resume return reverse reverse! scan-number seq setdyn short-fn signal slice some sort sort-by "
    "sorted sorted-by string string? struct struct? sum symbol symbol? table table? tabseq take take-until take-while thaw thaw-keep-keys toggle true? truthy? try tuple tuple? type unless update update-in values var- varfn varglobal walk when "
    "when-let when-with with with-dyns with-syms with-vars yield zero? zipcoll array/ buffer/ fiber/ int/ keyword/ math/ string/ struct/ symbol/ table/ tuple/ ";

/* ---- what the engine asks of us (engine.h) ---- */

void janet_cg_broken(const char *why)
{
    current->broken = why;
    longjmp(current->jump, 1);
}
void *janet_cg_allocate(void *block, size_t size)
{
    void *made = cg_object_allocate(&current->base, block, size);
    current->base.is_full = current->base.is_full || made == NULL;
    return made != NULL ? made : (janet_cg_broken("the memory of the policy is used up"), NULL);
}
/* clang-format off: functions of one line each, here and below */
void janet_cg_free(void *block) { cg_object_free(&current->base, block); }
void janet_cg_work(size_t steps) { if (steps != 0 && cg_object_look(&current->base, steps)) { janet_cg_broken(cg_object_over_text(current->base.over)); } }
int janet_atomic_load_relaxed(int volatile *flag) { (void)flag; return cg_object_look(&current->base, 1); }

/* ---- values and objects ---- */

static int collect(void *held, size_t size);
static int method(void *held, Janet key, Janet *out);
static void show(void *held, JanetBuffer *to) { janet_buffer_push_cstring(to, ((cg_object_held_t *)held)->type->name); }
static const JanetAbstractType object_type = {.name = "callgate/object", .gc = collect, .get = method, .tostring = show};
static Janet of(void *vm, cg_value_t value) { Janet x; (void)vm; memcpy(&x, &value, sizeof x); return x; }
static bool give(void *vm, cg_value_t *value, Janet x) { (void)vm; memcpy(value, &x, sizeof x); return true; }
static void argument(void *vm, uint32_t i, cg_value_t *value) { (void)give(vm, value, i < (uint32_t)((box_t *)vm)->argc ? ((box_t *)vm)->argv[i] : janet_wrap_nil()); }
static bool is_none(void *vm, cg_value_t value) { return janet_checktype(of(vm, value), JANET_NIL) != 0; }
static bool get_bool(void *vm, cg_value_t value, bool *truth) { *truth = janet_truthy(of(vm, value)) != 0; return janet_checktype(of(vm, value), JANET_BOOLEAN) != 0; }
static bool make_none(void *vm, cg_value_t *value) { return give(vm, value, janet_wrap_nil()); }
static bool make_bool(void *vm, bool truth, cg_value_t *value) { return give(vm, value, janet_wrap_boolean(truth)); }
static bool make_float(void *vm, double real, cg_value_t *value) { return give(vm, value, janet_wrap_number_safe(real)); }
static bool make_bytes(void *vm, const uint8_t *bytes, uint32_t size, bool is_text, cg_value_t *value) { (void)is_text; return give(vm, value, janet_stringv(bytes, (int32_t)size)); }
static bool make_list(void *vm, uint32_t count, cg_value_t *list) { return give(vm, list, janet_wrap_array(janet_array((int32_t)count))); }
static bool make_record(void *vm, const cg_type_info_t *type, cg_value_t *record) { return give(vm, record, janet_wrap_table(janet_table(type->field_count))); }
static bool set_element(void *vm, cg_value_t list, uint32_t i, cg_value_t value) { (void)i; janet_array_push(janet_unwrap_array(of(vm, list)), of(vm, value)); return true; }
static bool set_field(void *vm, cg_value_t record, const char *name, cg_value_t value) { janet_table_put(janet_unwrap_table(of(vm, record)), janet_ckeywordv(name), of(vm, value)); return true; }
static bool get_bytes(void *vm, cg_value_t value, const uint8_t **bytes, uint32_t *size) { return janet_bytes_view(of(vm, value), bytes, (int32_t *)size) != 0; }
static bool get_count(void *vm, cg_value_t list, uint32_t *count) { const Janet *items = NULL; return janet_indexed_view(of(vm, list), &items, (int32_t *)count) != 0; }
static bool get_element(void *vm, cg_value_t list, uint32_t i, cg_value_t *value) { return give(vm, value, janet_getindex(of(vm, list), (int32_t)i)); }
static cg_object_held_t *held_of(void *vm, cg_value_t value) { return janet_checkabstract(of(vm, value), &object_type); }
static bool define(void *vm, const char *api, const char *name, cg_value_t value) { janet_def(((box_t *)vm)->env, (const char *)janet_formatc("%s/%s", api, name), of(vm, value), NULL); return true; }
static bool get_float(void *vm, cg_value_t value, double *real) { const Janet x = of(vm, value); *real = 0; return janet_checktype(x, JANET_NUMBER) && (*real = janet_unwrap_number(x), true); }
static bool get_field(void *vm, cg_value_t record, const char *name, cg_value_t *value) { return janet_checktypes(of(vm, record), JANET_TFLAG_DICTIONARY) && give(vm, value, janet_get(of(vm, record), janet_ckeywordv(name))); }
/* clang-format on */

static bool get_integer(void *vm, cg_value_t value, uint64_t *bits, bool *is_negative)
{
    const double most = (double)(UINT64_C(1) << WHOLE_BITS);
    const JanetIntType wide = janet_is_int(of(vm, value));
    double real = 0;
    const bool is_whole = get_float(vm, value, &real) && real >= -most && real <= most && (double)(int64_t)real == real; /* NOLINT: whole numbers are exact */
    *bits = wide == JANET_INT_U64 ? janet_unwrap_u64(of(vm, value)) : (uint64_t)(wide == JANET_INT_S64 ? janet_unwrap_s64(of(vm, value)) : is_whole ? (int64_t)real : 0);
    *is_negative = wide != JANET_INT_U64 && *bits >> 63 != 0;
    return is_whole || wide != JANET_INT_NONE;
}
static bool make_integer(void *vm, uint64_t bits, bool is_signed, cg_value_t *value)
{
    const bool is_negative = is_signed && bits >> 63 != 0;
    const uint64_t size = is_negative ? 0 - bits : bits;
    if (size <= UINT64_C(1) << WHOLE_BITS) {
        return give(vm, value, janet_wrap_number(is_negative ? -(double)size : (double)size));
    }
    return give(vm, value, is_signed ? janet_wrap_s64((int64_t)bits) : janet_wrap_u64(bits));
}
static int collect(void *held, size_t size)
{
    if (size != 0 && ((cg_object_held_t *)held)->is_owned) {
        cg_object_release(&current->base, held);
    }
    return 0;
}
static Janet close_held(int32_t argc, Janet *argv)
{
    cg_object_release(&current->base, janet_getabstract(argv, argc > 0 ? 0 : (janet_panic("close wants an object"), 0), &object_type));
    return janet_wrap_nil();
}
static int method(void *held, Janet key, Janet *out)
{
    *out = janet_wrap_cfunction(close_held);
    return held != NULL && janet_keyeq(key, "close");
}
static bool make_handle(void *vm, const cg_type_info_t *type, uint32_t handle, bool is_owned, cg_value_t *value)
{
    const box_t *box = vm;
    (void)give(vm, value, janet_table_get(box->handles, janet_wrap_number(handle)));
    cg_object_held_t *held = held_of(vm, *value);
    if (held == NULL || held->is_closed) {
        held = janet_abstract(&object_type, sizeof *held);
        *held = (cg_object_held_t){type, handle, false, is_owned};
        (void)give(vm, value, janet_wrap_abstract(held));
        janet_table_put(box->handles, janet_wrap_number(handle), of(vm, *value));
    }
    return true;
}
static const cg_object_ops_t values = {
    .argument = argument, .is_none = is_none, .get_bool = get_bool, .get_integer = get_integer, .get_float = get_float, .get_bytes = get_bytes,
    .get_count = get_count, .get_element = get_element, .get_field = get_field, .get_handle = cg_object_get_handle,
    .make_none = make_none, .make_bool = make_bool, .make_integer = make_integer, .make_float = make_float, .make_bytes = make_bytes,
    .make_list = make_list, .set_element = set_element, .make_record = make_record, .set_field = set_field, .make_handle = make_handle,
};

/* ---- calls and names ---- */

static Janet call_any(void *call, int32_t argc, Janet *argv)
{
    cg_value_t value = {{0, 0}};
    current->argc = argc;
    current->argv = argv;
    const cg_object_served_t served = cg_object_serve(&current->base, *(const cg_call_info_t **)call, &value);
    if (served != CG_OBJECT_GOOD) { /* whoever catches the end comes to janet_atomic_load_relaxed next */
        janet_signalv(served == CG_OBJECT_RAISE ? JANET_SIGNAL_ERROR : JANET_SIGNAL_INTERRUPT, served == CG_OBJECT_RAISE ? of(NULL, value) : janet_wrap_nil());
    }
    return of(NULL, value);
}
static const JanetAbstractType call_type = {.name = "callgate/call", .call = call_any};
static bool make_call(void *vm, const cg_call_info_t *call, cg_value_t *value)
{
    const cg_call_info_t **made = janet_abstract(&call_type, sizeof *made);
    *made = call;
    return give(vm, value, janet_wrap_abstract((void *)made));
}

/* ---- loading and running ---- */

/* Made before the names that it uses are taken away: parses the program, and runs it if it is to. The collector comes after each 64 KiB. */
static const char driver[] = "(gcsetinterval 65536) (fn [source env run] (def forms (parse-all source)) (if run (each form forms (let [f (compile form env `guest`)]"
                             "(if (function? f) (f) (error (string `guest:` (f :line) `: ` (f :error))))))))";

static bool resume(box_t *box, JanetFunction *function, int32_t argc, const Janet *argv)
{
    Janet out = janet_cstringv("a handler takes another number of arguments");
    JanetSignal signal = JANET_SIGNAL_ERROR;
    JanetFiber *fiber = janet_fiber(function, 64, argc, argv);
    if (fiber != NULL) {
        fiber->env = box->env;
        signal = janet_continue(fiber, janet_wrap_nil(), &out);
    }
    const Janet text = janet_checktype(out, JANET_TABLE) ? janet_table_get(janet_unwrap_table(out), janet_ckeywordv("text")) : out;
    box->base.message = signal != JANET_SIGNAL_OK ? (const char *)janet_to_string(text) : NULL;
    return signal == JANET_SIGNAL_OK;
}

static bool open_engine(box_t *box, const cg_guest_config_t *config)
{
    Janet function = janet_wrap_nil();
    char name[80];
    janet_init();
    JanetTable *core = janet_core_env(NULL);
    (void)janet_dostring(core, driver, NULL, &function);
    for (int32_t i = 0; i < core->capacity; i++) {
        const Janet key = core->data[i].key;
        const char *text = janet_checktype(key, JANET_SYMBOL) ? (const char *)janet_unwrap_symbol(key) : "";
        const char *slash = text[0] != '\0' ? strchr(text + 1, '/') : NULL;
        (void)snprintf(name, sizeof name, " %.*s%s", slash != NULL ? (int)(slash - text + 1) : (int)sizeof name, text, slash != NULL ? "" : " ");
        if (text[0] != '\0' && (strstr(safe, name) == NULL || strstr(text, "proto-flatten") != NULL)) { /* which goes round and round */
            (void)janet_table_remove(core, key);
        }
    }
    janet_sandbox(JANET_SANDBOX_ALL & ~(uint32_t)JANET_SANDBOX_COMPILE);
    box->env = janet_table(64);
    box->env->proto = core;
    box->handles = janet_table_weakv(16);
    box->program = janet_unwrap_function(function);
    box->argv_program[0] = janet_stringv(config->image, (int32_t)config->image_size);
    box->argv_program[1] = janet_wrap_table(box->env);
    const Janet roots[] = {function, box->argv_program[0], box->argv_program[1], janet_wrap_table(box->handles)};
    janet_gcroot(janet_wrap_tuple(janet_tuple_n(roots, sizeof roots / sizeof roots[0])));
    return cg_object_open(&box->base, define, make_call) && resume(box, box->program, 3, box->argv_program);
}
static bool handle(box_t *box, const cg_ev_delivery_t *delivery)
{
    cg_value_t given[CG_EV_SLOTS_MAX];
    Janet argv[CG_EV_SLOTS_MAX], function = janet_wrap_nil();
    (void)janet_resolve(box->env, janet_csymbol(box->base.event->handler), &function);
    const uint32_t count = delivery != NULL ? cg_object_event_values(&box->base, delivery, given) : 0;
    for (uint32_t i = 0; i < count; i++) {
        argv[i] = of(box, given[i]);
    }
    return janet_checktype(function, JANET_FUNCTION) && (delivery == NULL || resume(box, janet_unwrap_function(function), (int32_t)count, argv));
}

/* All that enters the engine goes through here. */
static bool act(void *vm, cg_object_act_t what, const void *context)
{
    box_t *box = vm;
    box->outer = current;
    if (current != NULL) {
        janet_vm_save(current->engine);
    }
    current = box;
    if (setjmp(box->jump) == 0 && box->broken == NULL) {
        box->engine = box->engine != NULL ? box->engine : janet_vm_alloc();
        janet_vm_load(box->engine);
        box->argv_program[2] = janet_wrap_boolean(what == CG_OBJECT_RUN);
        box->is_good = what == CG_OBJECT_OPEN ? open_engine(box, context) : what == CG_OBJECT_RUN ? resume(box, box->program, 3, box->argv_program) : handle(box, context);
        janet_vm_save(box->engine);
    }
    box->base.message = box->broken != NULL ? box->broken : box->base.message;
    current = box->outer;
    if (current != NULL) {
        janet_vm_load(current->engine);
    }
    return box->is_good && box->broken == NULL;
}

static const cg_object_engine_t engine = {sizeof(box_t), &values, held_of, act, "/", NULL};
/* clang-format off */
static uint32_t storage(const cg_guest_config_t *config, const cg_policy_t *policy) { (void)policy; return cg_object_storage(config, &engine); }
static int load(cg_guest_t *g, const cg_guest_config_t *config, const cg_policy_t *policy, void *at, uint32_t size) { return cg_object_load(g, config, policy, at, size, &engine); }
const cg_vm_ops_t cg_janet_ops = {CG_OBJECT_VM_OPS, .name = "janet", .storage = storage, .load = load};
