/* SPDX-License-Identifier: BSD-2-Clause */
/* engine.h - run one eBPF program in the rBPF image format.
 * The order of use is open, verify, init, run. Used by the adapter one folder up; the text form of an image is made by
 * pack.h. The engine is freestanding: it never allocates, never recurses, and knows neither the gate nor an API.
 *
 * A guest address has 32 bits: the region in bits 28..31, the offset in bits 0..27. No host address is ever seen by a guest. */
#ifndef RBPF_ENGINE_H
#define RBPF_ENGINE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "callgate/window.h"

#if defined(__GNUC__)
#define RBPF_NODISCARD __attribute__((warn_unused_result))
#else
#define RBPF_NODISCARD
#endif

/* Most frames of local calls, the entry function's included. Each further one costs 40 bytes of rbpf_vm_t. */
#ifndef RBPF_FRAMES_MAX
#define RBPF_FRAMES_MAX 8u
#endif

/* Every result of the engine: name, number, meaning. Numbers -1 to -13 are those of the 2023 rBPF. */
#define RBPF_RESULT_LIST(X)                                                                      \
    X(RBPF_OK, 0, "finished")                                                                    \
    X(RBPF_ERR_INSTRUCTION, -1, "an instruction that does not exist")                            \
    X(RBPF_ERR_MEMORY, -2, "an access outside the guest's memory, or a write where it may only read") \
    X(RBPF_ERR_JUMP, -3, "a jump outside the program or into the middle of an instruction")      \
    X(RBPF_ERR_CALL, -4, "a call to a number that is not known or not granted")                  \
    X(RBPF_ERR_LENGTH, -5, "a length of zero or one that is too large")                          \
    X(RBPF_ERR_REGISTER, -6, "a register that does not exist, or a write to r10")                \
    X(RBPF_ERR_RETURN, -7, "the program can run past its end")                                   \
    X(RBPF_ERR_BRANCHES, -8, "the budget of branches is used up")                                \
    X(RBPF_ERR_DIVISION, -9, "reserved: a division by zero gives 0")                             \
    X(RBPF_ERR_FUNCTION, -10, "no such function in the image, or its entry is not an instruction") \
    X(RBPF_ERR_MAGIC, -11, "not an rBPF image of a version this engine knows")                   \
    X(RBPF_ERR_ALIGN, -12, "the program text is not a multiple of 8 bytes at a multiple of 8, or the image does not lie at a multiple of 4")   \
    X(RBPF_ERR_STRUCTURE, -13, "the parts of the image do not add up to its size")               \
    X(RBPF_ERR_RESERVED, -14, "a reserved field of an instruction is not zero")                  \
    X(RBPF_ERR_UNSUPPORTED, -15, "an eBPF instruction this engine leaves out: atomic, packet access, map, or call by register") \
    X(RBPF_ERR_DEPTH, -16, "local calls nested too deep for the frames or the stack")            \
    X(RBPF_ERR_REFUSED, -17, "a call was refused by the host")                                   \
    X(RBPF_ERR_STOPPED, -18, "stopped by the host")                                              \
    X(RBPF_ERR_UNVERIFIED, -19, "the image was not verified before it was used")

typedef enum rbpf_result {
#define RBPF_RESULT_ENUM(name, number, text) name = (number),
    RBPF_RESULT_LIST(RBPF_RESULT_ENUM)
#undef RBPF_RESULT_ENUM
} rbpf_result_t;

/* Regions of the address space: window n covers the addresses from n << RBPF_REGION_SHIFT. Region 0 is always empty, so NULL faults. */
enum {
    RBPF_REGION_NONE = 0,
    RBPF_REGION_STACK = 1,
    RBPF_REGION_DATA = 2,
    RBPF_REGION_RODATA = 3,
    RBPF_REGION_CONTEXT = 4,
    RBPF_REGION_EXTRA = 5,
    RBPF_REGION_COUNT = 16,
    RBPF_REGION_SHIFT = 28,
    RBPF_FRAME_SIZE = 512, /* bytes of stack of one function */
};
#define RBPF_REGION_SIZE_MAX 0x10000000u

/* An image lies at a multiple of so many bytes. */
enum { RBPF_IMAGE_ALIGN = 4 };

#define RBPF_OFFSET_MASK 0x0fffffffu
#define RBPF_ADDRESS(region) ((uint32_t)(region) << RBPF_REGION_SHIFT)

/* One image, checked for structure. Points into the bytes it was opened from; they must stay, unchanged, as long as it is used. */
typedef struct rbpf_image {
    const uint8_t *data;      /* first value of the writable data, data_size bytes */
    const uint8_t *rodata;    /* rodata_size bytes, digests included */
    const uint8_t *text;      /* slot_count instruction slots of 8 bytes */
    const uint8_t *functions; /* function_count entries of 6 bytes */
    const uint8_t *digests;   /* digest_count x {u32 api, u32 digest}, little-endian */
    uint32_t data_size;
    uint32_t rodata_size;
    uint32_t slot_count;
    uint32_t function_count;
    uint32_t digest_count;
    bool verified;
} rbpf_image_t;

/* Serves host call `number` (instruction CALL, its immediate). regs are r0..r10: arguments in regs[1]..regs[5], the result goes to regs[0].
 * false ends the activation with RBPF_ERR_REFUSED; the handler keeps the reason. May not run the same vm again. */
typedef bool (*rbpf_call_fn)(void *ctx, uint32_t number, uint64_t *regs);

/* Tells at load whether `number` is a call the program may contain. */
typedef bool (*rbpf_known_fn)(void *ctx, uint32_t number);

/* What a local call keeps of its caller. */
typedef struct rbpf_frame {
    uint64_t saved[4]; /* r6..r9 */
    uint32_t slot;     /* where to go on */
} rbpf_frame_t;

/* One guest. Allocated by the caller; filled in by rbpf_init. Holds pointers into the image, data and stack it was given.
 * windows may be read by the gate at any time the guest stands still. */
typedef struct rbpf_vm {
    uint64_t regs[16]; /* r0..r10; the rest is never reached by a verified program */
    cg_window_t windows[RBPF_REGION_COUNT];
    const rbpf_image_t *image;
    uint64_t fault_address; /* after RBPF_ERR_MEMORY: what was used as an address */
    rbpf_call_fn call;
    void *ctx;
    uint32_t branches_left; /* after a run: what is left of its budget */
    uint32_t fault_slot;    /* after a run that failed: the slot of the instruction, after a spent budget maybe the next one */
    uint32_t depth;         /* local calls that have not returned */
    _Atomic uint32_t stop;
    uint8_t none; /* what empty windows point at */
    rbpf_frame_t frames[RBPF_FRAMES_MAX - 1u];
} rbpf_vm_t;

/* Check the structure of an image of `size` bytes, at a multiple of RBPF_IMAGE_ALIGN, and fill in *image, unverified. Nothing is copied.
 * RBPF_ERR_MAGIC, RBPF_ERR_ALIGN, RBPF_ERR_LENGTH (empty text, or a part too large for its region), RBPF_ERR_STRUCTURE,
 * RBPF_ERR_FUNCTION (an entry outside the text, or a name without its end). On an error *image is not to be used. */
RBPF_NODISCARD rbpf_result_t rbpf_image_open(rbpf_image_t *image, const uint8_t *bytes, uint32_t size);

/* First slot and name of function `index`; an image without a function table has one function, nameless, at slot 0.
 * The name is NUL-ended and lives in the image. slot and name may be NULL. RBPF_ERR_FUNCTION: no such index. */
RBPF_NODISCARD rbpf_result_t rbpf_image_function(const rbpf_image_t *image, uint32_t index, uint32_t *slot, const char **name);

/* Index of the function called `name`. RBPF_ERR_FUNCTION: there is none. */
RBPF_NODISCARD rbpf_result_t rbpf_image_find(const rbpf_image_t *image, const char *name, uint32_t *index);

/* Check every instruction and entry of an opened image, once before it runs. known(known_ctx, number) decides on each host call.
 * On RBPF_OK the image is marked verified; else *fault_at is the slot of the first offending instruction
 * (of the function's entry for RBPF_ERR_FUNCTION). Linear in the size of the text. */
RBPF_NODISCARD rbpf_result_t rbpf_verify(rbpf_image_t *image, rbpf_known_fn known, void *known_ctx, uint32_t *fault_at);

/* Make *vm ready to run a verified image: copies the image's data to `data` (image->data_size bytes, may be NULL if 0) and clears the stack.
 * A stack below RBPF_FRAME_SIZE is legal and holds the entry function only; each nested local call needs RBPF_FRAME_SIZE more.
 * The image, data and stack belong to the caller and outlive the vm.
 * RBPF_ERR_UNVERIFIED; RBPF_ERR_LENGTH: the stack is empty or larger than a region. */
RBPF_NODISCARD rbpf_result_t rbpf_init(rbpf_vm_t *vm, const rbpf_image_t *image, uint8_t *data, uint8_t *stack, uint32_t stack_size,
                                       rbpf_call_fn call, void *ctx);

/* Give the guest a further window, from RBPF_REGION_CONTEXT up; its address is RBPF_ADDRESS(region). Only while the guest stands still.
 * bytes belong to the caller; NULL with both sizes 0 takes the window away.
 * RBPF_ERR_MEMORY: no such region for the caller, or sizes that are no window. */
RBPF_NODISCARD rbpf_result_t rbpf_window(rbpf_vm_t *vm, uint32_t region, uint8_t *bytes, uint32_t readable, uint32_t writable);

/* Run function `index` with r1 and r2 given, the other registers 0, until it exits; *r0 is then its result.
 * At most `branches` are taken: jumps that are taken, and host and local calls. What is left is in vm->branches_left.
 * Data and stack keep what earlier runs left there. Not to be called again from within a host call.
 * RBPF_ERR_FUNCTION, RBPF_ERR_MEMORY, RBPF_ERR_BRANCHES, RBPF_ERR_DEPTH, RBPF_ERR_REFUSED, RBPF_ERR_STOPPED; *r0 is then unchanged. */
RBPF_NODISCARD rbpf_result_t rbpf_run(rbpf_vm_t *vm, uint32_t index, uint64_t r1, uint64_t r2, uint32_t branches, uint64_t *r0);

/* The same with r1 to r5 given. */
RBPF_NODISCARD rbpf_result_t rbpf_run_with(rbpf_vm_t *vm, uint32_t index, const uint64_t args[5], uint32_t branches, uint64_t *r0);

/* Stop the guest: the run under way, or the next one, ends with RBPF_ERR_STOPPED within RBPF_STOP_BRANCHES taken branches,
 * and at once after a host call. Lasts until rbpf_init. May be called from any thread or interrupt. */
enum { RBPF_STOP_BRANCHES = 1024 };
void rbpf_stop(rbpf_vm_t *vm);

/* The meaning of a result, as text for a message. Never NULL. */
const char *rbpf_result_text(rbpf_result_t result);

#endif
