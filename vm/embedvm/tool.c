/* SPDX-License-Identifier: BSD-2-Clause */
/* vm/embedvm/tool.c - the command's way to images: .evs text is assembled, a .bin of the original compiler gets the header it lacks. */
#include "callgate/vm_tool.h"
#include "engine/asm.h"

#include <stdlib.h>
#include <string.h>

extern const cg_vm_tool_t cg_vm_tool_embedvm;

enum { CODE_MAX = 65535 /* the header's field has 16 bits */, WANTS_ALL = 0xffff };

static bool ends_with(const char *path, const char *end)
{
    const size_t size = strlen(path);
    return size > strlen(end) && strcmp(path + size - strlen(end), end) == 0;
}

/* A .bin has nothing but its name to be known by, and others have that, too. */
static bool is_source(const char *path, const uint8_t *bytes, size_t size, bool is_asked)
{
    (void)bytes;
    (void)size;
    return ends_with(path, ".evs") || (is_asked && ends_with(path, ".bin"));
}

static char *read_included(void *ctx, const char *path, size_t *size)
{
    const cg_vm_tool_job_t *job = ctx;
    return job->read(job->context, path, size);
}

static void report(void *ctx, const char *path, uint32_t line, uint32_t column, const char *message)
{
    const cg_vm_tool_job_t *job = ctx;
    job->report(job->context, path, line, column, message);
}

static int assemble(const cg_vm_tool_job_t *job, uint8_t **image, size_t *image_size)
{
    union {
        const cg_vm_tool_job_t *in;
        void *out;
    } ctx = {job};
    union {
        const uint8_t *in;
        const char *out;
    } text = {job->bytes};
    const evm_asm_ops_t ops = {EVM_ASM_OPS_VERSION, read_included, report, ctx.out, job->folders, job->folder_count};
    return evm_assemble(job->path, text.out, job->size, &ops, image, image_size);
}

static int refuse(const cg_vm_tool_job_t *job, const char *why)
{
    job->report(job->context, job->path, 0, 0, why);
    return -1;
}

static void put16(uint8_t **to, uint32_t value)
{
    *(*to)++ = (uint8_t)(value >> 8);
    *(*to)++ = (uint8_t)value;
}

/* A line of a .sym is "008F main (other)": an address of four hexadecimal digits, then the name. False: this line is not main's. */
static bool line_has_main(const char *line, size_t size, uint32_t *address)
{
    static const char main_name[] = " main ";
    enum { DIGITS = 4 };
    uint32_t value = 0;
    if (size < DIGITS + sizeof main_name - 1 || memcmp(line + DIGITS, main_name, sizeof main_name - 1) != 0) {
        return false;
    }
    for (size_t i = 0; i < DIGITS; i++) {
        static const char digits[] = "0123456789ABCDEF";
        const char *digit = line[i] != '\0' ? strchr(digits, line[i]) : NULL;
        if (digit == NULL) {
            return false;
        }
        value = value << 4 | (uint32_t)(digit - digits);
    }
    *address = value;
    return true;
}

static bool main_find(const char *text, size_t size, uint32_t *address)
{
    for (const char *line = text, *const end = text + size; line < end;) {
        const char *const line_end = memchr(line, '\n', (size_t)(end - line));
        if (line_has_main(line, (size_t)((line_end != NULL ? line_end : end) - line), address)) {
            return true;
        }
        line = line_end != NULL ? line_end + 1 : end;
    }
    return false;
}

/* Where main is: the compiler writes names and addresses into a .sym beside the .bin. Without one it is at address 0. False: reported. */
static bool entry_of(const cg_vm_tool_job_t *job, uint32_t *entry)
{
    const size_t stem = strlen(job->path) - strlen(".bin");
    char *path = malloc(stem + sizeof ".sym");
    if (path == NULL) {
        return refuse(job, "out of memory") == 0;
    }
    memcpy(path, job->path, stem);
    memcpy(path + stem, ".sym", sizeof ".sym");
    size_t size = 0;
    char *text = job->read(job->context, path, &size);
    *entry = 0;
    const char *why = NULL;
    if (text != NULL && !main_find(text, size, entry)) {
        why = "names no function main, where the program starts";
    } else if (*entry >= job->size) {
        why = "puts main behind the end of the program: is it another program's?";
    }
    if (why != NULL) {
        job->report(job->context, path, 0, 0, why);
    }
    free(text);
    free(path);
    return why == NULL;
}

/* All bytes are code for address 0; it wants all memory, names no function and says nothing of the calls it makes. */
static int wrap(const cg_vm_tool_job_t *job, uint8_t **image, size_t *image_size)
{
    static const uint8_t magic[] = {'E', 'V', 'M', '1'};
    static const uint32_t version = 1;
    enum { HEADER_SIZE = 18 };
    uint32_t entry = 0;
    if (job->size == 0 || job->size > CODE_MAX) {
        return refuse(job, "a program of the original compiler has 1 to 65535 bytes");
    }
    if (!entry_of(job, &entry)) {
        return -1;
    }
    uint8_t *bytes = malloc(HEADER_SIZE + job->size);
    if (bytes == NULL) {
        return refuse(job, "out of memory");
    }
    uint8_t *to = bytes;
    memcpy(to, magic, sizeof magic);
    to += sizeof magic;
    put16(&to, version);
    put16(&to, (uint32_t)job->size);
    put16(&to, WANTS_ALL);
    put16(&to, entry);
    for (uint32_t i = 0; i < 3; i++) {
        put16(&to, 0); /* functions, needs, digests */
    }
    memcpy(to, job->bytes, job->size);
    *image = bytes;
    *image_size = (size_t)(to - bytes) + job->size;
    return 0;
}

static int make(const cg_vm_tool_job_t *job, uint8_t **image, size_t *image_size)
{
    return ends_with(job->path, ".bin") ? wrap(job, image, image_size) : assemble(job, image, image_size);
}

const cg_vm_tool_t cg_vm_tool_embedvm = {CG_VM_TOOL_VERSION, "embedvm", ".evm", "EmbedVM texts (.evs) and programs of its original compiler (.bin)", is_source, make};
