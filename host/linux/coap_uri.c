/* SPDX-License-Identifier: BSD-2-Clause */
/* host/linux/coap_uri.c - from a URI to an address and a path.
 * The gate has refused everything that is not of the strict form already; this does not rely on it. Looks no name up, decodes nothing. */
#include "coap_inner.h"

#include <arpa/inet.h>
#include <string.h>

typedef struct cursor {
    const char *text;
    size_t size, at;
} cursor_t;

static bool take(cursor_t *c, const char *wanted)
{
    const size_t n = strlen(wanted);
    if (n > c->size - c->at || memcmp(c->text + c->at, wanted, n) != 0) {
        return false;
    }
    c->at += n;
    return true;
}

/* Bytes up to `end`, which is taken too, into text[INET6_ADDRSTRLEN]. */
static bool take_until(cursor_t *c, char end, char *text)
{
    const char *found = memchr(c->text + c->at, end, c->size - c->at);
    if (found == NULL) {
        return false;
    }
    const size_t n = (size_t)(found - (c->text + c->at));
    if (n >= INET6_ADDRSTRLEN) {
        return false;
    }
    memcpy(text, c->text + c->at, n);
    text[n] = '\0';
    c->at += n + 1;
    return true;
}

static bool take_port(cursor_t *c, in_port_t *port)
{
    uint32_t value = 0;
    const size_t start = c->at;
    for (; c->at < c->size && c->text[c->at] >= '0' && c->text[c->at] <= '9'; c->at++) {
        value = value * 10 + (uint32_t)(c->text[c->at] - '0');
        if (value == 0 || value > UINT16_MAX) {
            return false;
        }
    }
    *port = htons((uint16_t)value);
    return c->at != start;
}

static bool take_v6(cursor_t *c, client_target_t *target)
{
    char text[INET6_ADDRSTRLEN];
    struct sockaddr_in6 *v6 = &target->address.v6;
    v6->sin6_family = AF_INET6;
    target->address_size = sizeof *v6;
    return take_until(c, ']', text) && take(c, ":") && inet_pton(AF_INET6, text, &v6->sin6_addr) == 1 && take_port(c, &v6->sin6_port) &&
           !IN6_IS_ADDR_MULTICAST(&v6->sin6_addr) && !IN6_IS_ADDR_UNSPECIFIED(&v6->sin6_addr) && !IN6_IS_ADDR_V4MAPPED(&v6->sin6_addr);
}

static bool take_v4(cursor_t *c, client_target_t *target)
{
    char text[INET6_ADDRSTRLEN];
    struct sockaddr_in *v4 = &target->address.v4;
    v4->sin_family = AF_INET;
    target->address_size = sizeof *v4;
    if (!take_until(c, ':', text) || inet_pton(AF_INET, text, &v4->sin_addr) != 1 || !take_port(c, &v4->sin_port)) {
        return false;
    }
    const in_addr_t number = ntohl(v4->sin_addr.s_addr);
    return number >> 24 != 0 && number >> 28 < 14; /* neither "this network" nor multicast, reserved, broadcast */
}

static bool is_segment(const char *text, size_t size)
{
    return size != 0 && !(size == 1 && text[0] == '.') && !(size == 2 && text[0] == '.' && text[1] == '.');
}

/* Nothing, "/", or "/a/b/c". */
static bool take_path(cursor_t *c, client_target_t *target)
{
    if (c->at == c->size || (c->size - c->at == 1 && c->text[c->at] == '/')) {
        target->path_size = 0;
        return true;
    }
    if (!take(c, "/")) {
        return false;
    }
    const char *path = c->text + c->at;
    const size_t size = c->size - c->at;
    for (size_t at = 0; at <= size;) {
        const char *slash = memchr(path + at, '/', size - at);
        const size_t n = slash != NULL ? (size_t)(slash - (path + at)) : size - at;
        if (!is_segment(path + at, n)) {
            return false;
        }
        at += n + 1;
    }
    memcpy(target->path, path, size);
    target->path_size = (uint8_t)size;
    return memchr(path, '?', size) == NULL && memchr(path, '#', size) == NULL && memchr(path, '%', size) == NULL;
}

bool client_target_parse(client_target_t *target, const char *uri, size_t size)
{
    cursor_t c = { uri, size, 0 };
    memset(target, 0, sizeof *target);
    if (size > COAP_URI_MAX || !take(&c, "coap://")) {
        return false;
    }
    return (take(&c, "[") ? take_v6(&c, target) : take_v4(&c, target)) && take_path(&c, target);
}

bool client_listen_parse(client_target_t *target, const char *text, size_t size)
{
    char address[INET6_ADDRSTRLEN];
    cursor_t c = { text, size, 0 };
    struct sockaddr_in6 *v6 = &target->address.v6;
    struct sockaddr_in *v4 = &target->address.v4;
    memset(target, 0, sizeof *target);
    if (take(&c, "[")) {
        v6->sin6_family = AF_INET6;
        target->address_size = sizeof *v6;
        return take_until(&c, ']', address) && take(&c, ":") && inet_pton(AF_INET6, address, &v6->sin6_addr) == 1 && take_port(&c, &v6->sin6_port) &&
               !IN6_IS_ADDR_MULTICAST(&v6->sin6_addr) && c.at == size;
    }
    v4->sin_family = AF_INET;
    target->address_size = sizeof *v4;
    return take_until(&c, ':', address) && inet_pton(AF_INET, address, &v4->sin_addr) == 1 && take_port(&c, &v4->sin_port) &&
           ntohl(v4->sin_addr.s_addr) >> 28 < 14 && c.at == size;
}
