/* SPDX-License-Identifier: BSD-2-Clause */
/* host/linux/host.c - make and free a host; its clock; names of its objects.
 * Calls the other files of the room; is called by programs that embed guests. Never called by a guest's call. */
#include "inner.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { COAP_REQUESTS_DEFAULT = 32, COAP_ANSWERS_DEFAULT = 256, COAP_ANSWER_MS_DEFAULT = 5000 };

uint64_t host_linux_now_ms(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now); /* cannot fail: the clock exists on every Linux, and the pointer is good */
    return (uint64_t)now.tv_sec * 1000u + (uint64_t)now.tv_nsec / 1000000u;
}

uint64_t host_clock_ms(const cg_host_t *host)
{
    return host->config.clock != NULL ? host->config.clock(host->config.clock_context) : host_linux_now_ms();
}

static void fill_defaults(host_linux_config_t *config)
{
    if (config->coap_requests_max == 0) {
        config->coap_requests_max = COAP_REQUESTS_DEFAULT;
    }
    if (config->coap_answers_max == 0) {
        config->coap_answers_max = COAP_ANSWERS_DEFAULT;
    }
    if (config->coap_answer_ms == 0) {
        config->coap_answer_ms = COAP_ANSWER_MS_DEFAULT;
    }
}

cg_host_t *host_linux_new(const host_linux_config_t *config)
{
    uint32_t probe;
    if (!host_random_try(&probe, sizeof probe)) {
        return NULL;
    }
    cg_host_t *host = calloc(1, sizeof *host);
    if (host == NULL) {
        return NULL;
    }
    if (config != NULL) {
        host->config = *config;
    }
    fill_defaults(&host->config);
    bool is_error = false;
    host->start_ms = host_linux_now_ms();
    host->clock = host_clock_new();
    host->coap = host_client_new(&host->config, &is_error);
    host->store = host_store_new();
    if (is_error || host->clock == NULL || host->store == NULL) {
        host_store_free(host->store);
        host_client_free(host->coap);
        host_clock_free(host->clock);
        free(host);
        errno = ENOMEM;
        return NULL;
    }
    sys_board(host->board, sizeof host->board);
    (void)pthread_mutex_init(&host->sink_lock, NULL);
    (void)pthread_mutex_init(&host->device_lock, NULL);
    return host;
}

void host_linux_free(cg_host_t *host)
{
    if (host == NULL) {
        return;
    }
    host_clock_free(host->clock);
    host_client_free(host->coap);
    host_store_free(host->store);
    for (uint16_t i = 0; i < host->device_count; i++) {
        saul_device_free(host->devices[i]);
    }
    (void)pthread_mutex_destroy(&host->device_lock);
    (void)pthread_mutex_destroy(&host->sink_lock);
    free(host);
}

int host_linux_coap_listen(cg_host_t *host, const char *address)
{
    return host_client_listen(host->coap, address, host->problem, sizeof host->problem);
}

const char *host_linux_problem(const cg_host_t *host)
{
    return host->problem;
}

const char *host_linux_describe(cg_host_t *host, const char *type, const void *object, char *to, size_t size)
{
    (void)host;
    if (object == NULL || size == 0) {
        return NULL;
    }
    if (strcmp(type, "saul.device") == 0) {
        const struct host_saul_device *dev = object;
        (void)snprintf(to, size, "%s", dev->name);
        return to;
    }
    if (strcmp(type, "coap.response") == 0) {
        const unsigned code = host_answer_code(object);
        (void)snprintf(to, size, "%u.%02u", code >> 5, code & 31u);
        return to;
    }
    return NULL;
}
