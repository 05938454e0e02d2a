/* SPDX-License-Identifier: BSD-2-Clause */
/* host/linux/inner.h - what the files of this room share: the host's state, and one small door per file.
 * Never included from outside the room, its unit tests excepted. */
#ifndef CALLGATE_HOST_LINUX_INNER_H
#define CALLGATE_HOST_LINUX_INNER_H

#include "clock.h"
#include "host.h"

#include "host_saul.h"

#include <pthread.h>

typedef struct host_client host_client_t;
typedef struct host_store host_store_t;

enum { SYS_BOARD_MAX = 31, SYS_NAME_MAX = 63 }; /* bytes; api/sys.yaml */

struct cg_host {
    host_linux_config_t config;                 /* defaults filled in; never changes */
    pthread_mutex_t sink_lock;                  /* lines come out whole */
    pthread_mutex_t device_lock;                /* what devices remember between readings */
    struct host_saul_device *devices[HOST_LINUX_DEVICES_MAX];
    uint16_t device_count;                      /* fixed once a guest runs, so read without a lock */
    host_clock_t *clock;
    host_store_t *store;
    char board[SYS_BOARD_MAX + 1];              /* never changes */
    uint64_t start_ms;                          /* of host_linux_now_ms */
    host_client_t *coap;                        /* NULL where the host is built without CoAP */
    char problem[HOST_LINUX_PROBLEM_MAX];
};

/* ---- host.c ---- */
uint64_t host_clock_ms(const cg_host_t *host);

/* ---- log.c ---- */

/* Append `size` bytes of text to line[*at], visibly escaped; what does not fit in `capacity` is left out, whole characters only. */
void host_escape(char *line, size_t capacity, size_t *at, const char *text, size_t size);
/* Hand over a line whose last byte is '\n'. */
void host_sink(cg_host_t *host, const char *line, size_t size);

/* One UTF-8 character at text[0..size), size not 0: its length and code point; length 1 and UINT32_MAX for a byte that begins none. */
size_t host_utf8(const char *text, size_t size, uint32_t *point);

/* ---- random.c ---- */

/* Fill all of it. False: the kernel refuses, errno says why. */
bool host_random_try(void *bytes, size_t size);

/* ---- phydat.c ---- */

/* Values in their unit to a reading: rounded to multiples of 10^scale, then shrunk by as many powers of ten as it takes until all fit into
 * 16 bits, as RIOT's phydat_fit does. False: a value is not finite, or beyond every scale. */
bool host_phydat(cg_saul_phydat_t *data, const double *values, uint8_t dims, int8_t scale);

/* ---- number.c ---- */

/* Parse the decimal number at the start of text[0..size), whatever the locale: [+-]digits[.digits][e[+-]digits]. Gives the bytes taken, 0
 * if there is no number or it is beyond a double. */
size_t host_number(const char *text, size_t size, double *value);

/* ---- saul.c ---- */

/* A kind of device. read and write give the number of values, or a negative error of the API; NULL: not supported. */
typedef struct saul_driver {
    int (*read)(cg_host_t *host, struct host_saul_device *dev, cg_saul_phydat_t *data);
    int (*write)(cg_host_t *host, struct host_saul_device *dev, const cg_saul_phydat_t *data, const char *guest);
    void (*free)(struct host_saul_device *dev); /* the driver's own part; NULL: nothing */
} saul_driver_t;

struct host_saul_device {
    const saul_driver_t *driver;
    char name[CG_SAUL_NAME_MAX + 1];
    uint8_t kind;
    uint8_t unit;
    int8_t scale;
    uint8_t dims;
    bool is_silent;
    union {
        struct {
            char *paths[HOST_LINUX_DIMS_MAX];
            double offset, multiply, divide;
        } file;
        struct {
            host_linux_wave_t wave;
            double low[HOST_LINUX_DIMS_MAX], high[HOST_LINUX_DIMS_MAX];
            uint32_t period_ms;
            uint64_t start_ms;
            double *rows;       /* csv: row_count * dims values */
            uint32_t row_count;
            uint32_t row_next;  /* csv without a period; under device_lock */
        } sim;
        cg_saul_phydat_t written; /* actuator; under device_lock */
    } u;
};

/* A device with its common part checked and filled in, not yet registered; NULL: *status says what host_linux_add_* gives. */
struct host_saul_device *saul_device_new(cg_host_t *host, const host_linux_device_t *device, uint8_t dims, const saul_driver_t *driver, int *status);
/* Register; from now on the host owns it. */
void saul_device_add(cg_host_t *host, struct host_saul_device *dev);
void saul_device_free(struct host_saul_device *dev);
/* Set the problem; gives HOST_LINUX_REFUSED. */
int saul_refuse(cg_host_t *host, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Read a device; any thread. 0 and *dims, or an error of the API. */
int saul_read(cg_host_t *host, struct host_saul_device *dev, cg_saul_phydat_t *data, uint8_t *dims);

/* ---- saul_csv.c ---- */

/* Read rows of `dims` numbers. 0 and *rows to be freed; HOST_LINUX_REFUSED and the problem is set; HOST_LINUX_NO_MEMORY. */
int saul_csv_load(cg_host_t *host, const char *path, uint8_t dims, double **rows, uint32_t *row_count);

/* ---- sys.c ---- */

/* What the machine calls itself, in printable ASCII; "linux" where it does not tell. */
void sys_board(char *to, size_t capacity);
/* The same from one file; false: there is nothing in it. */
bool sys_board_read(const char *path, char *to, size_t capacity);

/* ---- store.c ---- */

/* NULL: no memory. */
host_store_t *host_store_new(void);
void host_store_free(host_store_t *store);

/* ---- coap.c, or coap_none.c ---- */

/* NULL: no memory; or there is no CoAP, which is no error: *is_error tells. */
host_client_t *host_client_new(const host_linux_config_t *config, bool *is_error);
void host_client_free(host_client_t *client);
/* Listen at an address; 0, or what host_linux_coap_listen gives. */
int host_client_listen(host_client_t *client, const char *address, char *problem, size_t size);
/* Code of an answer. */
uint8_t host_answer_code(const void *answer);

#endif
