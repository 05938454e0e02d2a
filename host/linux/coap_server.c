/* SPDX-License-Identifier: BSD-2-Clause */
/* host/linux/coap_server.c - resources of guests: which paths are served, by whom, and what they are now.
 * Never calls libcoap: coap_serve_io.c does, on its own thread. */
#include "coap_server.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Unreserved characters of RFC 3986 and a few more that need no escape in any list of paths. */
static bool is_plain(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (c != '\0' && strchr("-._~!$'()+:@=", c) != NULL);
}

static bool segment_is_good(const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (!is_plain(text[i])) {
            return false;
        }
    }
    return size != 0 && !(size == 1 && text[0] == '.') && !(size == 2 && text[0] == '.' && text[1] == '.');
}

bool server_path_is_good(const char *path, size_t size)
{
    for (size_t at = 0; at <= size;) {
        const char *slash = memchr(path + at, '/', size - at);
        const size_t n = slash != NULL ? (size_t)(slash - (path + at)) : size - at;
        if (!segment_is_good(path + at, n)) {
            return false;
        }
        at += n + 1;
    }
    return size <= SERVER_PATH_MAX;
}

static bool serves(const struct host_coap_resource *resource, const char *path, size_t size)
{
    if (size < resource->path_size || memcmp(path, resource->path, resource->path_size) != 0) {
        return false;
    }
    return resource->is_tree ? size > resource->path_size + 1u && path[resource->path_size] == '/' : size == resource->path_size;
}

struct host_coap_resource *server_resource_of(host_client_t *client, const char *path, size_t size)
{
    struct host_coap_resource *best = NULL;
    for (struct host_coap_resource *r = client->resources; r != NULL; r = r->next) {
        if (serves(r, path, size) && (best == NULL || !r->is_tree || (best->is_tree && r->path_size > best->path_size))) {
            best = r;
        }
    }
    return best;
}

struct host_coap_resource *server_resource_by_serial(host_client_t *client, uint64_t serial)
{
    struct host_coap_resource *r = client->resources;
    while (r != NULL && r->serial != serial) {
        r = r->next;
    }
    return r;
}

/* 0, or why this resource cannot be added to those there are. */
static int check_new(const host_client_t *client, const struct host_coap_resource *made)
{
    unsigned count = 0;
    if (!client->is_listening) {
        return CG_COAP_ERR_UNREACHABLE;
    }
    for (const struct host_coap_resource *r = client->resources; r != NULL; r = r->next) {
        if (r->is_tree == made->is_tree && r->path_size == made->path_size && memcmp(r->path, made->path, r->path_size) == 0) {
            return CG_COAP_ERR_TAKEN;
        }
        count += r->guest == made->guest;
    }
    return count < SERVER_RESOURCES_MAX ? 0 : CG_ERR_QUOTA;
}

int host_coap_serve(cg_call_t *call, cg_text_t path, cg_coap_method_t methods, bool observable, struct host_coap_resource **resource)
{
    host_client_t *client = cg_call_host(call)->coap;
    const bool is_tree = path.size > 2 && memcmp(path.text + path.size - 2, "/*", 2) == 0;
    const size_t size = is_tree ? path.size - 2 : path.size;
    if (!server_path_is_good(path.text, size) || methods == 0) {
        return CG_COAP_ERR_MALFORMED;
    }
    if (size == 16 && memcmp(path.text, ".well-known/core", 16) == 0) {
        return CG_COAP_ERR_TAKEN; /* the host's own */
    }
    struct host_coap_resource *made = calloc(1, sizeof *made);
    if (made == NULL) {
        return CG_ERR_QUOTA;
    }
    made->guest = cg_call_events(call);
    made->methods = methods;
    made->is_observable = observable;
    made->is_tree = is_tree;
    made->path_size = (uint8_t)size;
    memcpy(made->path, path.text, size);
    (void)pthread_mutex_lock(&client->lock);
    const int error = check_new(client, made);
    if (error == 0) {
        made->serial = ++client->serial;
        made->next = client->resources;
        client->resources = made;
        *resource = made;
    }
    (void)pthread_mutex_unlock(&client->lock);
    if (error != 0) {
        free(made);
    }
    return error;
}

int host_coap_notify(cg_call_t *call, struct host_coap_resource *resource, cg_coap_format_t content, cg_bytes_t payload)
{
    host_client_t *client = cg_call_host(call)->coap;
    if (payload.size > CG_COAP_PAYLOAD_MAX) {
        return CG_ERR_HOST;
    }
    (void)pthread_mutex_lock(&client->lock);
    resource->content.format = content;
    resource->content.size = (uint16_t)payload.size;
    memcpy(resource->content.bytes, payload.bytes, payload.size);
    resource->version++;
    client->is_changed = true;
    client_io_wake(client);
    (void)pthread_mutex_unlock(&client->lock);
    return 0;
}

/* Requests that wait at it are answered by the host; those that the guest has taken stay the guest's. */
void host_coap_resource_release(cg_host_t *host, struct host_coap_resource *object)
{
    host_client_t *client = host->coap;
    (void)pthread_mutex_lock(&client->lock);
    struct host_coap_resource **at = &client->resources;
    while (*at != object) {
        at = &(*at)->next;
    }
    *at = object->next;
    for (struct host_coap_request *r = client->requests; r != NULL; r = r->next) {
        if (r->serial == object->serial && !r->is_taken && r->code == 0) {
            r->code = SERVER_CODE_UNAVAILABLE;
        }
    }
    client->is_changed = true;
    client_io_wake(client);
    (void)pthread_mutex_unlock(&client->lock);
    free(object);
}

void server_free(host_client_t *client)
{
    while (client->resources != NULL) {
        struct host_coap_resource *resource = client->resources;
        client->resources = resource->next;
        free(resource);
    }
}

/* libcoap would share the port with whoever else shares it; only one program is to have it. */
static int probe(const client_target_t *at)
{
    const int fd = socket(at->address.any.sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    const int error = fd < 0 || bind(fd, &at->address.any, at->address_size) != 0 ? errno : 0;
    if (fd >= 0) {
        (void)close(fd);
    }
    return error;
}

int host_client_listen(host_client_t *client, const char *address, char *problem, size_t size)
{
    client_target_t at;
    if (!client_listen_parse(&at, address, strlen(address))) {
        (void)snprintf(problem, size, "'%.64s' is no address to listen at: write [::1]:5683 or 127.0.0.1:5683", address);
        return HOST_LINUX_REFUSED;
    }
    const int error = client->is_started ? EALREADY : probe(&at);
    if (error != 0) {
        (void)snprintf(problem, size, "cannot listen at %.64s: %s", address, strerror(error));
        return HOST_LINUX_REFUSED;
    }
    (void)pthread_mutex_lock(&client->lock);
    const bool is_started = client_io_listen(client, &at);
    (void)pthread_mutex_unlock(&client->lock);
    return is_started ? 0 : HOST_LINUX_NO_MEMORY;
}
