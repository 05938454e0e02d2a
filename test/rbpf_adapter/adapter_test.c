/* SPDX-License-Identifier: BSD-2-Clause */
/* adapter_test.c - which images the rBPF adapter takes and refuses, in which words, and how what it runs ends.
 * Instructions come from test/rbpf/asm.h; each image is on the heap, exactly as large as it is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "asm.h"
#include "demo.h"
#include "rbpf.h"

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#define ADD CALL(0x50001)
#define FILL CALL(0x50002)
#define TWICE CALL(0x50003)
#define SECRET CALL(0x50004)
#define PING CALL(0x60001)
#define LDXB(dst, src, off) I(0x71, dst, src, off, 0)
#define STACK_AT 0x10000000u
#define DATA_AT 0x20000000u

enum { IMAGE_MAX = 2048 };

/* Glue by hand, as the generator would make it for the SMALL build. */
static bool call(void *guest, uint32_t number, uint64_t *regs)
{
    cg_guest_t *g = guest;
    const int32_t index = cg_set_find(&demo_set, number);
    if (index < 0) {
        (void)cg_no(g, CG_ERR_UNKNOWN);
        regs[0] = cg_failed(g, DEMO_CALLS, 0, CG_FORM_STATUS);
        return g->ending == 0;
    }
    regs[0] = cg_row_call(g, &demo_rows[index], (uint32_t)index, regs + 1, CG_RBPF_SLOTS, false);
    return g->ending == 0;
}

static const cg_rbpf_glue_t glue = {call};
static const cg_vm_t vm = {.ops = &cg_rbpf_ops, .set = &demo_set, .glue = &glue, .catalog = &demo_catalog};
static const cg_vm_t vm_nameless = {.ops = &cg_rbpf_ops, .set = &demo_set, .glue = &glue, .catalog = NULL};

static const uint32_t all = DEMO_BIT(DEMO_ADD) | DEMO_BIT(DEMO_FILL) | DEMO_BIT(DEMO_TWICE);
static const uint32_t all_linked = DEMO_BIT(DEMO_ADD) | DEMO_BIT(DEMO_FILL) | DEMO_BIT(DEMO_TWICE) | DEMO_BIT(DEMO_SECRET);

typedef struct image_case {
    const char *name;
    uint64_t text[16];
    uint32_t slots;
    const char *digests; /* as rodata */
    uint32_t digests_size;
    uint32_t data_size;
    bool nameless;         /* without a catalog */
    uint32_t memory_bytes; /* 0: enough */
    int loaded;            /* cg_load_t */
    int stopped;           /* cg_stop_t, where it is loaded */
    int32_t result;
    const char *message; /* must be in the message; NULL: there is none */
} image_case_t;

#define TEXT(...) .text = {__VA_ARGS__}, .slots = sizeof((uint64_t[]){__VA_ARGS__}) / 8
#define DIGESTS(bytes) .digests = (bytes), .digests_size = sizeof(bytes) - 1

static const image_case_t cases[] = {
    {"a plain result", TEXT(MOV(0, 7), EXIT), .result = 7},
    {"a negative result", TEXT(MOV(0, -1), EXIT), .result = -1},
    {"a result is the low half of r0", TEXT(LDDW(0, 0x500000007ull), EXIT), .result = 7},
    {"a value comes back", TEXT(MOV(1, 2), MOV(2, 3), ADD, EXIT), .result = 5},
    {"a value of 64 bits comes back whole", TEXT(LDDW(1, 0x100000000ull), TWICE, I(0x77, 0, 0, 0, 32), EXIT), .result = 2},
    {"a count comes back, and memory was written", TEXT(MOV(1, STACK_AT + 16), MOV(2, 4), FILL, LDXB(1, 10, -493), I(0x0f, 0, 1, 0, 0), EXIT), .result = 4 + 0xab},
    {"not a byte too many was written", TEXT(MOV(1, STACK_AT + 16), MOV(2, 4), FILL, LDXB(1, 10, -492), I(0x0f, 0, 1, 0, 0), EXIT), .result = 4},
    {"a buffer that ends with the stack", TEXT(MOV(1, STACK_AT + 510), MOV(2, 2), FILL, EXIT), .result = 2},
    {"a buffer a byte beyond the stack", TEXT(MOV(1, STACK_AT + 510), MOV(2, 3), FILL, EXIT), .stopped = CG_STOP_GATE, .message = "demo.fill: a range is not inside"},
    {"a buffer in data", TEXT(MOV(1, DATA_AT), MOV(2, 8), FILL, EXIT), .data_size = 8, .result = 8},
    {"a buffer beyond data", TEXT(MOV(1, DATA_AT), MOV(2, 9), FILL, EXIT), .data_size = 8, .stopped = CG_STOP_GATE, .message = "demo.fill: a range"},
    {"bits above an address", TEXT(LDDW(1, 0x110000000ull), MOV(2, 2), FILL, EXIT), .stopped = CG_STOP_GATE, .message = "demo.fill: an argument has bits beyond its type"},
    {"an optional call answers denied", TEXT(SECRET, EXIT), .result = -2},
    {"a call that is not granted", TEXT(PING, EXIT), .loaded = CG_LOAD_IMPORT, .message = "imports other.ping, which the policy does not grant: add `other: [ping]` under `calls:`"},
    {"a call that is not granted, twice", TEXT(PING, PING, EXIT), .loaded = CG_LOAD_IMPORT, .message = "imports other.ping, which"},
    {"a call that the API does not have", TEXT(CALL(0x50009), EXIT), .loaded = CG_LOAD_IMPORT, .message = "imports 0x00050009, which this host does not have"},
    {"an API that the host does not have", TEXT(CALL(0x70001), EXIT), .loaded = CG_LOAD_IMPORT, .message = "imports 0x00070001, which this host does not have"},
    {"without names, a number says it", TEXT(PING, EXIT), .nameless = true, .loaded = CG_LOAD_IMPORT, .message = "imports 0x00060001, which the policy does not grant"},
    {"a loop that never ends", TEXT(JA(-1), EXIT), .stopped = CG_STOP_STEPS, .message = "the steps of the policy are used up"},
    {"a loop that calls for ever", TEXT(MOV(1, 2), MOV(2, 3), ADD, JA(-4), EXIT), .stopped = CG_STOP_GATE, .message = "demo.add: the activation used up its calls"},
    {"a load outside memory", TEXT(MOV(1, 0), LDXB(0, 1, 0), EXIT), .stopped = CG_STOP_FAULT, .message = "address 0x00000000, at instruction 1"},
    {"a load beyond 32 bits", TEXT(LDDW(1, 0x110000000ull), LDXB(0, 1, 0), EXIT), .stopped = CG_STOP_FAULT, .message = "address beyond 32 bits"},
    {"local calls without end", TEXT(LOCAL(-1), EXIT), .stopped = CG_STOP_FAULT, .message = "nested too deep"},
    {"a program that runs past its end", TEXT(MOV(0, 7)), .loaded = CG_LOAD_IMAGE, .message = "is not a sound rBPF program: the program can run past its end, at instruction 0"},
    {"memory just as large as the policy gives", TEXT(MOV(0, 7), EXIT), .data_size = 64, .memory_bytes = 512 + 64, .result = 7},
    {"memory a byte larger", TEXT(MOV(0, 7), EXIT), .data_size = 64, .memory_bytes = 512 + 63, .loaded = CG_LOAD_MEMORY, .message = "needs 576 bytes of memory, the policy gives 575"},
    {"local calls need a larger stack", TEXT(LOCAL(1), EXIT, MOV(0, 7), EXIT), .memory_bytes = 4096, .result = 7},
    {"local calls need a larger stack than this", TEXT(LOCAL(1), EXIT, MOV(0, 7), EXIT), .memory_bytes = 4095, .loaded = CG_LOAD_MEMORY, .message = "needs 4096 bytes"},
    {"the digest of all calls", TEXT(MOV(0, 7), EXIT), DIGESTS("\4\0\5\0\x44\x44\x33\x33"), .result = 7},
    {"the digest of an older, smaller API", TEXT(MOV(0, 7), EXIT), DIGESTS("\2\0\5\0\x22\x22\x11\x11"), .result = 7},
    {"the digest of another version", TEXT(MOV(0, 7), EXIT), DIGESTS("\2\0\5\0\x22\x22\x11\x12"), .loaded = CG_LOAD_DIGEST, .message = "was built for another version of API demo (this host has 1.2.0)"},
    {"the digest of a newer, larger API", TEXT(MOV(0, 7), EXIT), DIGESTS("\5\0\5\0\x44\x44\x33\x33"), .loaded = CG_LOAD_DIGEST, .message = "another version of API demo"},
    {"the second of two digests is wrong", TEXT(MOV(0, 7), EXIT), DIGESTS("\4\0\5\0\x44\x44\x33\x33\1\0\6\0\0\0\0\0"), .loaded = CG_LOAD_DIGEST, .message = "another version of API other"},
    {"without names, a digest cannot be compared", TEXT(MOV(0, 7), EXIT), DIGESTS("\2\0\5\0\0\0\0\0"), .nameless = true, .result = 7},
};

/* `shift` bytes before it: an integrator's image lies anywhere. *block is what to free. */
static const uint8_t *image_of(const image_case_t *c, uint32_t shift, uint32_t *size, void **block)
{
    static const uint8_t zeros[64];
    uint8_t bytes[IMAGE_MAX];
    const asm_parts_t parts = {.text = c->text, .slot_count = c->slots, .data = zeros, .data_size = c->data_size, .rodata = c->digests,
                               .rodata_size = c->digests_size, .flags = c->digests_size == 0 ? 0 : 1 | c->digests_size / 8 << 8};
    *size = asm_image(bytes, &parts);
    uint8_t *at = malloc(*size + shift);
    assert_non_null(at);
    memcpy(at + shift, bytes, *size);
    *block = at;
    return at + shift;
}

static bool says(const demo_guest_t *demo, const char *message)
{
    return message == NULL ? demo->message[0] == '\0' : strstr(demo->message, message) != NULL;
}

static void run_one(const image_case_t *c, uint32_t shift)
{
    uint32_t size;
    void *block;
    const uint8_t *image = image_of(c, shift, &size, &block);
    demo_guest_t demo = {0};
    cg_policy_t policy = demo_policy(&all);
    policy.linked = &all_linked;
    policy.memory_bytes = c->memory_bytes == 0 ? policy.memory_bytes : c->memory_bytes;
    bool is_good = demo_open(&demo, c->nameless ? &vm_nameless : &vm, image, size, &policy) == c->loaded;
    int stopped = 0;
    int32_t result = 0;
    for (int round = 0; round < 2 && is_good && c->loaded == CG_LOAD_OK; round++) {
        stopped = demo_run(&demo, &result);
        is_good = stopped == c->stopped && result == c->result;
    }
    if (!is_good || !says(&demo, c->message)) {
        print_error("%s (shift %u): load %d, stop %d, result %d; message: %s\n", c->name, shift, demo.loaded, stopped, result, demo.message);
        fail();
    }
    demo_close(&demo);
    free(block);
}

static void every_case(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        for (uint32_t shift = 0; shift < 3; shift++) {
            run_one(&cases[i], shift);
        }
    }
}

static void every_prefix(void **state)
{
    (void)state;
    const image_case_t whole = {"", TEXT(MOV(1, 2), MOV(2, 3), ADD, EXIT), DIGESTS("\4\0\5\0\x44\x44\x33\x33"), .data_size = 8};
    const cg_policy_t policy = demo_policy(&all);
    uint32_t size;
    void *block;
    const uint8_t *image = image_of(&whole, 0, &size, &block);
    for (uint32_t cut = 0; cut < size; cut++) {
        for (uint32_t shift = 0; shift < 2; shift++) {
            demo_guest_t demo = {0};
            uint8_t *part = malloc(cut + shift + 1);
            assert_non_null(part);
            memcpy(part + shift, image, cut);
            assert_int_equal(demo_open(&demo, &vm, part + shift, cut, &policy), CG_LOAD_IMAGE);
            assert_string_not_equal(demo.message, "");
            demo_close(&demo);
            free(part);
        }
    }
    free(block);
}

/* Whatever is not enough is refused with nothing written beyond it. */
static void every_storage_too_small(void **state)
{
    (void)state;
    const image_case_t c = {"", TEXT(MOV(0, 7), EXIT), .data_size = 8};
    const cg_policy_t policy = demo_policy(&all);
    for (uint32_t shift = 0; shift < 2; shift++) {
        char message[128];
        uint32_t image_size;
        void *block;
        const uint8_t *image = image_of(&c, shift, &image_size, &block);
        const cg_guest_config_t config = {.vm = &vm, .image = image, .image_size = image_size, .message = message, .message_size = sizeof message};
        const uint32_t needed = cg_guest_storage(&config, &policy);
        assert_true(needed > 0 && needed % 8 == 0);
        for (uint32_t size = 0; size <= needed; size += 8) {
            cg_guest_t guest = {0};
            void *storage = malloc(size == 0 ? 1 : size);
            const int loaded = cg_guest_init(&guest, &config, &policy, storage, size);
            assert_true(loaded == CG_LOAD_MEMORY || (loaded == CG_LOAD_OK && (shift != 0 || size == needed)));
            cg_guest_end(&guest);
            free(storage);
        }
        free(block);
    }
}

static void the_entry_is_cg_main_or_the_first(void **state)
{
    (void)state;
    const uint64_t text[] = {MOV(0, 1), EXIT, MOV(0, 2), EXIT};
    static const char names[2][16] = {"other\0cg_main", "other\0cg_mine"};
    const uint16_t functions[] = {0, 0, 0, 6, 0, 16};
    const cg_policy_t policy = demo_policy(&all);
    for (int i = 0; i < 2; i++) {
        _Alignas(8) uint8_t bytes[IMAGE_MAX];
        const asm_parts_t parts = {.text = text, .slot_count = 4, .rodata = names[i], .rodata_size = 16, .functions = functions, .function_count = 2};
        demo_guest_t demo = {0};
        int32_t result;
        assert_int_equal(demo_open(&demo, &vm, bytes, asm_image(bytes, &parts), &policy), CG_LOAD_OK);
        assert_int_equal(demo_run(&demo, &result), CG_STOP_RETURNED);
        assert_int_equal(result, i == 0 ? 2 : 1);
        demo_close(&demo);
    }
}

static void asked_to_stop(void **state)
{
    (void)state;
    const image_case_t c = {"", TEXT(MOV(1, 2), MOV(2, 3), ADD, JA(-4), EXIT)};
    const cg_policy_t policy = demo_policy(&all);
    uint32_t size;
    void *block;
    const uint8_t *image = image_of(&c, 0, &size, &block);
    demo_guest_t demo = {0};
    int32_t result;
    assert_int_equal(demo_open(&demo, &vm, image, size, &policy), CG_LOAD_OK);
    demo_reset();
    demo_stop_at = 10;
    assert_int_equal(demo_run(&demo, &result), CG_STOP_ASKED);
    assert_int_equal(demo_made, 10); /* not one call more */
    demo_reset();
    demo_close(&demo);
    free(block);
}

static void *stop_soon(void *guest)
{
    (void)usleep(20000);
    cg_guest_stop(guest);
    return NULL;
}

/* A guest that calls nothing is stopped by the engine: without it, it would run for seconds and end with its steps. */
static void stopped_by_another_thread(void **state)
{
    (void)state;
    const image_case_t c = {"", TEXT(JA(-1), EXIT)};
    cg_policy_t policy = demo_policy(&all);
    policy.unlimited_steps = true;
    uint32_t size;
    void *block;
    const uint8_t *image = image_of(&c, 0, &size, &block);
    demo_guest_t demo = {0};
    int32_t result;
    pthread_t thread;
    assert_int_equal(demo_open(&demo, &vm, image, size, &policy), CG_LOAD_OK);
    assert_int_equal(pthread_create(&thread, NULL, stop_soon, &demo.guest), 0);
    assert_int_equal(demo_run(&demo, &result), CG_STOP_ASKED);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_string_equal(demo.message, "stopped by the host");
    assert_int_equal(demo_run(&demo, &result), CG_STOP_ASKED);
    demo_close(&demo);
    free(block);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_case),
        cmocka_unit_test(every_prefix),
        cmocka_unit_test(every_storage_too_small),
        cmocka_unit_test(the_entry_is_cg_main_or_the_first),
        cmocka_unit_test(asked_to_stop),
        cmocka_unit_test(stopped_by_another_thread),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
