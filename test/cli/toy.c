/* SPDX-License-Identifier: BSD-2-Clause */
/* test/cli/toy.c - `callgate run` with a VM made for its tests, so that every way in which a guest can end is at hand.
 * A program is "TOY1" and one letter a step:
 *   0-9 return that number     m return -15     n return -64     f fault            s steps used up      e no entry
 *   d   call saul.write        g call saul.find, whose guard refuses   v make a violation
 *   h   call saul.read with a dead handle         u call random.u32, refused by the host
 *   p   say on which thread it runs               l loop until asked to stop, with calls between
 *   k   loop whatever anybody asks
 *   t   make a source of events and post one      r   post one more
 *   >   here begins the handler of timer.fired
 *   x   (first) refuse to load, with a reason     y (first) refuse to load, without one     z (first) not a valid program */
#include "cli/command.h"
#include "cli/vms.h"
#include "callgate/trace.h"
#include "host/linux/host.h"
#include "test/policy/catalog.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* ---- the host ---- */

struct cg_host {
    int unused;
};

cg_host_t *host_linux_new(const host_linux_config_t *config)
{
    static cg_host_t host;
    (void)config;
    return &host;
}

void host_linux_free(cg_host_t *host)
{
    (void)host;
}

uint64_t host_linux_now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

int host_linux_store(cg_host_t *host, const char *folder)
{
    (void)host, (void)folder;
    return 0;
}

int host_linux_coap_listen(cg_host_t *host, const char *address)
{
    (void)host, (void)address;
    return 0;
}

int host_linux_add_file(cg_host_t *host, const host_linux_device_t *device, const host_linux_file_t *file)
{
    (void)host, (void)device, (void)file;
    return 0;
}

int host_linux_add_sim(cg_host_t *host, const host_linux_device_t *device, const host_linux_sim_t *sim)
{
    (void)host, (void)device, (void)sim;
    return HOST_LINUX_SILENT;
}

int host_linux_add_actuator(cg_host_t *host, const host_linux_device_t *device, const host_linux_actuator_t *actuator)
{
    (void)host, (void)device, (void)actuator;
    return 0;
}

const char *host_linux_problem(const cg_host_t *host)
{
    (void)host;
    return "its file is missing";
}

const char *host_linux_describe(cg_host_t *host, const char *type, const void *object, char *to, size_t size)
{
    (void)host, (void)type, (void)object, (void)to, (void)size;
    return NULL;
}

/* ---- the VM ---- */

static uint64_t body(cg_guest_t *g, const uint32_t *words)
{
    switch (*(const char *)g->vm) {
    case 'g':
        (void)cg_no(g, CG_ERR_GUARD);
        break;
    case 'v':
        (void)cg_no(g, CG_ERR_WIDTH);
        break;
    case 'h':
        return cg_get(g, words[0], TYPE_SAUL_DEVICE, CG_READ) != NULL;
    case 'u':
        (void)cg_no(g, CG_ERR_QUOTA);
        break;
    default:
        break;
    }
    return 0;
}

static void call(cg_guest_t *g, unsigned index, unsigned form, unsigned slots)
{
    static const uint64_t none[CG_ROW_SLOTS_MAX];
    const cg_row_t row = {.body = body, .slots = (uint8_t)slots, .form = (uint8_t)form};
    if (*(const bool *)g->kind->glue) {
        (void)cg_row_call_traced(g, &row, index, none, CG_ROW_SLOTS_MAX, false);
    } else {
        (void)cg_row_call(g, &row, index, none, CG_ROW_SLOTS_MAX, false);
    }
}

static bool toy_probe(const uint8_t *image, uint32_t size)
{
    return size >= 4 && memcmp(image, "TOY1", 4) == 0;
}

/* The source of a guest's events is its own record: any address will do. */
static void toy_post(cg_guest_t *g, bool is_first)
{
    const uint32_t count = 1;
    uint32_t handle = 0;
    if (!is_first || cg_own(g, TYPE_TIMER_ALARM, g, false, &handle)) {
        (void)cg_event_post(g, EVENT_TIMER_FIRED, g, &count);
    }
}

static uint32_t toy_storage(const struct cg_guest_config *config, const struct cg_policy *policy)
{
    (void)policy;
    return config->image_size > 4 && config->image[4] == 'z' ? 0 : 8;
}

static int toy_load(cg_guest_t *guest, const struct cg_guest_config *config, const struct cg_policy *policy, void *storage, uint32_t size)
{
    static uint8_t nothing[1];
    static const cg_window_t window = {nothing, 0, 0};
    const char *program = (const char *)config->image + 4;
    (void)policy, (void)storage, (void)size;
    if (*program == 'x') {
        snprintf(config->message, config->message_size, "imports coap.put, which the policy does not grant");
        return CG_LOAD_IMPORT;
    }
    guest->windows = &window;
    guest->vm = (void *)(uintptr_t)program;
    return *program == 'y' ? CG_LOAD_DIGEST : CG_LOAD_OK;
}

static int toy_loop(cg_guest_t *g)
{
    const uint64_t end_ms = host_linux_now_ms() + 20000;
    while (!cg_call_stopping(g) && host_linux_now_ms() < end_ms) {
        usleep(1000);
    }
    return cg_call_stopping(g) ? CG_STOP_ASKED : CG_STOP_STEPS;
}

static void toy_call(cg_guest_t *g, char letter)
{
    switch (letter) {
    case 'd':
        call(g, CALL_SAUL_WRITE, CG_FORM_COUNT, 2);
        break;
    case 'g':
        call(g, CALL_SAUL_FIND, CG_FORM_VALUE, 2);
        break;
    case 'v':
        call(g, CALL_PROBE_SUM, CG_FORM_STATUS, 2);
        break;
    case 'h':
        call(g, CALL_SAUL_READ, CG_FORM_STATUS, 3);
        break;
    case 'u':
        call(g, CALL_RANDOM_U32, CG_FORM_VALUE, 0);
        break;
    case 't':
    case 'r':
        toy_post(g, letter == 't');
        break;
    default:
        break;
    }
}

static int toy_run(cg_guest_t *g, int32_t *result)
{
    for (;;) {
        const char letter = *(const char *)g->vm;
        switch (letter) {
        case 'f':
            snprintf(g->config->message, g->config->message_size, "a division by zero at 0x10");
            return CG_STOP_FAULT;
        case 's':
            return CG_STOP_STEPS;
        case 'e':
            return CG_STOP_ENTRY;
        case 'l':
            return toy_loop(g);
        case 'k':
            for (;;) {
                usleep(1000);
            }
        case 'p':
            fprintf(stdout, "[%s] on %s\n", cg_call_guest(g), getpid() == gettid() ? "the main thread" : "a thread of its own");
            fflush(stdout);
            break;
        case '0': case '1': case '2': case '3': case '4': case '5': case '6': case '7': case '8': case '9':
            *result = letter - '0';
            return CG_STOP_RETURNED;
        case 'm':
        case 'n':
            *result = letter == 'm' ? -15 : -64;
            return CG_STOP_RETURNED;
        case '\0':
        case '>':
            return CG_STOP_FAULT;
        default:
            toy_call(g, letter);
            break;
        }
        if (g->ending != 0) {
            return CG_STOP_GATE;
        }
        g->vm = (char *)g->vm + 1;
    }
}

static bool toy_handles(const cg_guest_t *g, uint32_t event)
{
    return event == EVENT_TIMER_FIRED && strchr((const char *)g->config->image, '>') != NULL;
}

static int toy_deliver(cg_guest_t *g, const cg_ev_delivery_t *delivery)
{
    int32_t result = 0;
    (void)delivery;
    g->vm = strchr((const char *)g->config->image, '>') + 1;
    return toy_run(g, &result);
}

static uint32_t toy_memory(const cg_guest_t *g)
{
    return g->config->image_size;
}

static void toy_destroy(cg_guest_t *guest)
{
    fprintf(stdout, "[%s] ended\n", cg_call_guest(guest));
}

static const cg_vm_ops_t toy_ops = {.version = CG_VM_OPS_VERSION, .name = "toy", .probe = toy_probe, .storage = toy_storage, .load = toy_load,
                                    .run = toy_run, .destroy = toy_destroy, .memory = toy_memory, .handles = toy_handles, .deliver = toy_deliver};
static const bool is_traced[] = {false, true};
static cg_vm_t toy, toy_traced;
const cg_vm_t *const cg_vms[] = {&toy, NULL};
const cg_vm_t *const cg_vms_traced[] = {&toy_traced, NULL};

/* Sources of toys: "toy text" and what follows is the image, but a text that is marked bad. */
static bool toy_is_source(const char *path, const uint8_t *bytes, size_t size, bool is_asked)
{
    (void)path;
    (void)is_asked;
    return size >= 8 && memcmp(bytes, "toy text", 8) == 0;
}

static int toy_make(const cg_vm_tool_job_t *job, uint8_t **image, size_t *image_size)
{
    size_t size = 0;
    char *included = job->folder_count != 0 ? job->read(job->context, job->folders[0], &size) : NULL;
    *image = malloc(job->size);
    *image_size = job->size - 8;
    if (*image == NULL || *image_size == 0 || included != NULL) {
        job->report(job->context, job->path, *image_size == 0 ? 1 : 0, 9, "this text is bad");
        free(*image);
        free(included);
        *image = NULL;
        return -1;
    }
    memcpy(*image, job->bytes + 8, *image_size);
    return 0;
}

static const cg_vm_tool_t toy_tool = {CG_VM_TOOL_VERSION, "toy", ".toy", "toy texts", toy_is_source, toy_make};
const cg_vm_tool_t *const cg_tools[] = {&toy_tool, NULL};

int main(int argc, char **argv)
{
    toy = (cg_vm_t){.ops = &toy_ops, .set = test_catalog.set, .glue = &is_traced[0], .catalog = &test_catalog};
    toy_traced = (cg_vm_t){.ops = &toy_ops, .set = test_catalog.set, .glue = &is_traced[1], .catalog = &test_catalog};
    if (argc > 1 && strcmp(argv[1], "pack") == 0) {
        return pack_command(argc - 1, argv + 1);
    }
    return argc > 1 ? run_command(argc - 1, argv + 1) : CLI_USAGE;
}
