/* SPDX-License-Identifier: BSD-2-Clause */
/* host/linux/host.h - the host APIs on Linux, as programs that embed guests see them.
 * One cg_host_t serves any number of guests, each on a thread of its own. Knows nothing of VMs and reads no YAML: whoever reads a devices
 * file turns it into these plain calls. Devices are added before the first guest runs and stay until the host is freed. */
#ifndef CALLGATE_HOST_LINUX_H
#define CALLGATE_HOST_LINUX_H

#include "callgate/host.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* CLOCK_MONOTONIC in ms. The clock that deadlines of guests on this host are told in. */
uint64_t host_linux_now_ms(void);

/* Takes one finished line: `size` bytes of UTF-8 without control characters, then '\n' (counted). The bytes are the host's and end with
 * the call. Called under a lock, from any thread that runs a guest: must not call the host again. */
typedef void host_linux_sink_t(void *context, const char *line, size_t size);

/* A clock in ms that never goes back. Called from any thread that runs a guest, and from the host's clock thread. */
typedef uint64_t host_linux_clock_t(void *context);

enum {
    HOST_LINUX_DEVICES_MAX = 256,
    HOST_LINUX_DIMS_MAX = 3,          /* values of one reading */
    HOST_LINUX_FILE_MAX = 64,         /* longest text in a device's file, in bytes */
    HOST_LINUX_CSV_BYTES_MAX = 1 << 20,
    HOST_LINUX_CSV_ROWS_MAX = 65536,
    HOST_LINUX_SCALE_MAX = 20,        /* scales of devices are within +-20 */
    HOST_LINUX_PROBLEM_MAX = 400
};

/* All zero is a good configuration. The struct is copied. */
typedef struct host_linux_config {
    host_linux_sink_t *sink;    /* where lines for people go; NULL: standard output */
    void *sink_context;
    host_linux_clock_t *clock;  /* drives `sim` devices only; NULL: host_linux_now_ms */
    void *clock_context;
    uint32_t coap_requests_max; /* requests under way over all guests; 0: 32 */
    uint32_t coap_answers_max;  /* answers that guests keep open, over all guests, and requests under way; 0: 256 */
    uint32_t coap_answer_ms;    /* how long a guest may take to answer a request before the host answers 5.03; 0: 5000 */
} host_linux_config_t;

/* Make a host. NULL for `config` is all defaults. The caller frees it with host_linux_free.
 * NULL with errno set: no memory, or the kernel gives no random numbers (so that random.u32, which cannot fail, never has to). */
cg_host_t *host_linux_new(const host_linux_config_t *config);

/* Stop the host's threads, free all. Every guest that used it has been ended before (cg_guest_end). NULL is allowed. */
void host_linux_free(cg_host_t *host);

/* ---- CoAP ---- */

/* Serve guests' resources at an address: "[::1]:5683" or "127.0.0.1:5683"; UDP, without encryption. Once, before the first guest runs; without it
 * coap.serve fails with unreachable. 0: done. HOST_LINUX_REFUSED: no such address, or somebody has it; host_linux_problem says why.
 * HOST_LINUX_NO_MEMORY: the machine has no more of something. */
int host_linux_coap_listen(cg_host_t *host, const char *address);

/* ---- devices ---- */

/* What every device has. */
typedef struct host_linux_device {
    const char *name; /* 1 to 31 bytes of printable UTF-8, used once; copied */
    uint8_t kind;     /* class number of api/saul.yaml; not one of the wildcards */
    uint8_t unit;     /* unit number of api/saul.yaml */
    int8_t scale;     /* readings are rounded to multiples of 10^scale, coarser only where 16 bits do not hold them */
} host_linux_device_t;

/* A device whose values are read from files at every reading: plain files or sysfs, each one decimal number of at most 64 bytes.
 * value = (number + offset) * multiply / divide, in the device's unit. For a thermal zone in millidegrees: multiply 1, divide 1000. */
typedef struct host_linux_file {
    uint8_t dims;                              /* 1 to 3 */
    const char *paths[HOST_LINUX_DIMS_MAX];    /* copied */
    double offset;                             /* as IIO devices have it; 0 for most */
    double multiply;                           /* not 0 */
    double divide;                             /* not 0 */
} host_linux_file_t;

typedef enum host_linux_wave {
    HOST_LINUX_CONSTANT, /* `low` for ever */
    HOST_LINUX_SINE,     /* between `low` and `high`, beginning in the middle and rising */
    HOST_LINUX_RAMP,     /* from `low` up to `high`, then from `low` again */
    HOST_LINUX_CSV       /* rows of a file, over and over */
} host_linux_wave_t;

/* A device that is computed. Equal times give equal readings. */
typedef struct host_linux_sim {
    host_linux_wave_t wave;
    uint8_t dims;                       /* 1 to 3 */
    double low[HOST_LINUX_DIMS_MAX];    /* in the device's unit, as all values here */
    double high[HOST_LINUX_DIMS_MAX];   /* sine, ramp */
    uint32_t period_ms;                 /* sine, ramp: length of one period, not 0. csv: time for one row; 0: each reading takes the next row */
    const char *path;                   /* csv: copied, read once when the device is added. Rows of `dims` decimal numbers with commas between;
                                         * empty rows, rows that begin with '#' and a first row that begins with a letter are passed over */
} host_linux_sim_t;

/* A device that remembers what was written to it, and says so in a line to the sink. */
typedef struct host_linux_actuator {
    uint8_t dims;                       /* 1 to 3; a write takes so many values */
} host_linux_actuator_t;

/* Add a device. 0: done. HOST_LINUX_SILENT: added, but every reading will be an I/O error; host_linux_problem says why.
 * HOST_LINUX_REFUSED: not added; host_linux_problem says why. HOST_LINUX_NO_MEMORY: not added. */
enum { HOST_LINUX_SILENT = 1, HOST_LINUX_REFUSED = -1, HOST_LINUX_NO_MEMORY = -2 };
int host_linux_add_file(cg_host_t *host, const host_linux_device_t *device, const host_linux_file_t *file);
int host_linux_add_sim(cg_host_t *host, const host_linux_device_t *device, const host_linux_sim_t *sim);
int host_linux_add_actuator(cg_host_t *host, const host_linux_device_t *device, const host_linux_actuator_t *actuator);

/* One sentence about the last device that was refused or is silent. Valid until the next device is added. */
const char *host_linux_problem(const cg_host_t *host);

/* ---- the store ---- */

/* Keep what guests store in this folder, which is made if there is none and belongs to this host alone while it lives. A guest is known by the
 * name in its policy: guests of the same name share what they store. Without this call nothing outlives the host. Before the first guest runs, once.
 * 0, or HOST_LINUX_REFUSED and host_linux_problem says why: the folder cannot be made or opened, or another host has it. */
int host_linux_store(cg_host_t *host, const char *folder);

/* ---- for people ---- */

/* Describe a live host object for a trace: a device's name ("saul.device"), an answer's code such as "2.04" ("coap.response").
 * Writes at most `size` bytes with the NUL to `to` and gives `to`; NULL for other types. Called by the thread of the guest that holds the object. */
const char *host_linux_describe(cg_host_t *host, const char *type, const void *object, char *to, size_t size);

#endif
