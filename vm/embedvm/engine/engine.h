/* SPDX-License-Identifier: BSD-2-Clause */
/* engine.h - run byte code of EmbedVM.
 * The order of use is open (or flat), init, run. Images are made by asm.h or by the original compiler. The engine is freestanding:
 * it never allocates, never recurses, and knows neither the gate nor an API.
 *
 * A guest has one memory of up to 64 KiB, words of 16 bits, high byte first, and a stack in that memory that grows down from its end:
 *   0            image_size     stack_floor            sp      stack_top  size
 *   | code, data | rounding up  | free: stack or heap  | stack |          |
 * sp and sfp have 16 bits; in a memory of 64 KiB the value 0 stands for its end. */
#ifndef EMBEDVM_ENGINE_H
#define EMBEDVM_ENGINE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#if defined(__GNUC__)
#define EVM_NODISCARD __attribute__((warn_unused_result))
#else
#define EVM_NODISCARD
#endif

/* Most arguments of a host call, and of evm_run: 16 values of four cells, and the two numbers of a call. Each costs 2 bytes of the host's stack during a host call.
 * At most 255. */
#ifndef EVM_ARGS_MAX
#define EVM_ARGS_MAX 66u
#endif

/* Every result of the engine: name, number, meaning. */
#define EVM_RESULT_LIST(X)                                                                   \
    X(EVM_OK, 0, "finished")                                                                 \
    X(EVM_ERR_INSTRUCTION, -1, "an instruction that does not exist")                         \
    X(EVM_ERR_MEMORY, -2, "an access outside the guest's memory")                            \
    X(EVM_ERR_JUMP, -3, "the program went on outside its memory")                            \
    X(EVM_ERR_STACK, -4, "the stack ran over, or more was taken from it than it held")       \
    X(EVM_ERR_DIVISION, -5, "a division by zero")                                            \
    X(EVM_ERR_ARGS, -6, "a call with more arguments than the host takes")                    \
    X(EVM_ERR_STEPS, -7, "the budget of instructions is used up")                            \
    X(EVM_ERR_REFUSED, -8, "a call was refused by the host")                                 \
    X(EVM_ERR_STOPPED, -9, "stopped by the host")                                            \
    X(EVM_ERR_MAGIC, -10, "not an EmbedVM image of a version this engine knows")             \
    X(EVM_ERR_STRUCTURE, -11, "the parts of the image do not add up to its size")            \
    X(EVM_ERR_LENGTH, -12, "a memory or an image that is empty or too large")                \
    X(EVM_ERR_FUNCTION, -13, "no such function in the image, or one with a bad name, address or number of arguments")

typedef enum evm_result {
#define EVM_RESULT_ENUM(name, number, text) name = (number),
    EVM_RESULT_LIST(EVM_RESULT_ENUM)
#undef EVM_RESULT_ENUM
} evm_result_t;

enum {
    EVM_MEMORY_MAX = 65536,  /* bytes a guest can address */
    EVM_STACK_DEFAULT = 256, /* bytes of stack of an image that asks for no memory of its own */
    EVM_END = 0xffff,        /* a return to this address ends the run; nothing can be executed there */
    EVM_PARAMETERS_MAX = 32, /* arguments of a function that an instruction can name */
};

/* Serves user function 0..15. argv[0] is what the guest pushed last before argc. *result is 0 before, and is pushed after.
 * false ends the run with EVM_ERR_REFUSED; the handler keeps the reason. May use the guest's memory, may not run the same vm again. */
typedef bool evm_call_fn(void *ctx, unsigned function, unsigned argc, const uint16_t *argv, uint16_t *result);

/* One guest. Allocated by the caller; filled in by evm_init. Holds pointers to the memory it was given.
 * The registers are in use during a run only; between two runs sp and sfp are where they were before. */
typedef struct evm {
    uint8_t *memory;
    uint32_t size;        /* of memory, 2 to EVM_MEMORY_MAX bytes */
    uint32_t stack_floor; /* the stack may not go below; even; evm_init sets the end of the image. May be moved between runs */
    uint32_t stack_top;   /* where the empty stack starts; even */
    uint16_t ip;
    uint16_t sp;
    uint16_t sfp;
    uint16_t result;     /* of a run that finished */
    uint32_t steps_left; /* after a run: what is left of its budget */
    evm_result_t fault;  /* of the last run */
    uint16_t fault_ip;   /* after a run that failed: the instruction that did, or that would have come next */
    bool ended;
    evm_call_fn *call;
    void *ctx;
    atomic_bool stop;
} evm_t;

/* One image, checked for structure. Points into the bytes it was opened from; they must stay, unchanged, as long as it is used. */
typedef struct evm_image {
    const uint8_t *code;      /* code_size bytes, for address 0 */
    const uint8_t *functions; /* function_count entries of various sizes */
    const uint8_t *needs;     /* need_count call numbers, u32 */
    const uint8_t *digests;   /* digest_count x {u32 api, u32 digest} */
    uint32_t code_size;
    uint32_t memory; /* bytes the image wants in total; at least code_size */
    uint32_t function_count;
    uint32_t need_count;
    uint32_t digest_count;
    uint16_t entry; /* address of the first instruction to run */
} evm_image_t;

/* A function of an image by its name. name is not NUL-ended; it lives in the image. */
typedef struct evm_function {
    const char *name;
    uint8_t name_length;
    uint8_t argc;
    uint16_t address;
} evm_function_t;

/* Whether these bytes start like an .evm image. Anything else can only be a flat image. */
bool evm_is_image(const uint8_t *bytes, uint32_t size);

/* Check the structure of an .evm image and fill in *image. Nothing is copied.
 * EVM_ERR_MAGIC; EVM_ERR_STRUCTURE (parts longer or shorter than the whole); EVM_ERR_LENGTH (no code, or less memory wanted than code);
 * EVM_ERR_FUNCTION (entry or function outside the code, bad name, too many arguments). On an error *image is not to be used. */
EVM_NODISCARD evm_result_t evm_image_open(evm_image_t *image, const uint8_t *bytes, uint32_t size);

/* Take a flat image of the original compiler: all bytes are code for address 0, where it starts; it wants all memory.
 * EVM_ERR_LENGTH: it is empty or larger than a memory. */
EVM_NODISCARD evm_result_t evm_image_flat(evm_image_t *image, const uint8_t *bytes, uint32_t size);

/* Function `index` of the image. EVM_ERR_FUNCTION: no such index. Walks the table from its start. */
EVM_NODISCARD evm_result_t evm_image_function(const evm_image_t *image, uint32_t index, evm_function_t *function);

/* The first function called `name`, NUL-ended. EVM_ERR_FUNCTION: there is none. */
EVM_NODISCARD evm_result_t evm_image_find(const evm_image_t *image, const char *name, evm_function_t *function);

/* Call number `index` of those the image needs; index is below need_count. */
uint32_t evm_image_need(const evm_image_t *image, uint32_t index);

/* Digest pair `index`, below digest_count. */
void evm_image_digest(const evm_image_t *image, uint32_t index, uint32_t *api, uint32_t *digest);

/* Make *evm ready: copies image_size bytes to address 0 of the memory and clears the rest, so that the guest never reads what was there.
 * The memory belongs to the caller and outlives the vm; the image may go. call may be NULL: every call is then refused.
 * EVM_ERR_LENGTH: less than 2 or more than EVM_MEMORY_MAX bytes of memory, or an image larger than that. */
EVM_NODISCARD evm_result_t evm_init(evm_t *evm, uint8_t *memory, uint32_t size, const uint8_t *image, uint32_t image_size,
                                    evm_call_fn *call, void *ctx);

/* Run the function at `address` as if it were called with `args`, args[0] the first, until it returns; *result is then its result,
 * 0 from a function that returns none. At most `steps` instructions. Memory keeps what earlier runs left there; sp and sfp come back in any case.
 * Not to be called again from within a host call.
 * EVM_ERR_ARGS (argc above EVM_ARGS_MAX), EVM_ERR_JUMP, EVM_ERR_STACK, EVM_ERR_MEMORY, EVM_ERR_INSTRUCTION, EVM_ERR_DIVISION,
 * EVM_ERR_STEPS, EVM_ERR_REFUSED, EVM_ERR_STOPPED; *result is then unchanged. */
EVM_NODISCARD evm_result_t evm_run(evm_t *evm, uint16_t address, const uint16_t *args, unsigned argc, uint32_t steps, uint16_t *result);

/* Start an original image: empty the stack and run address 0, without arguments. *result is what it returns at top level. */
EVM_NODISCARD evm_result_t evm_start(evm_t *evm, uint32_t steps, uint16_t *result);

/* Stop the guest: the run under way, or the next one, ends with EVM_ERR_STOPPED before its next instruction.
 * Lasts until evm_init. May be called from any thread or interrupt. */
void evm_stop(evm_t *evm);

/* The meaning of a result, as text for a message. Never NULL. */
const char *evm_result_text(evm_result_t result);

#endif
