/* SPDX-License-Identifier: BSD-2-Clause */
/* host/linux/log.c - the log API, and the way of every line to people.
 * What a guest says reaches a terminal with nothing in it that a terminal obeys. Called by bodies of calls and by actuators.
 * Never keeps a text. */
#include "inner.h"

#include "host_log.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

enum {
    NAME_SHOWN_MAX = 64, /* bytes of a guest's name, escaped */
    TEXT_MAX = 200,      /* api/log.yaml */
    ESCAPE_MAX = 6,      /* longest escape of one character: \u202e */
    LINE_SIZE = NAME_SHOWN_MAX + TEXT_MAX * 4 + 16
};

/* One UTF-8 character at text[0..size): its length and code point; length 1 and 0xffffffff for a byte that begins none. The gate has checked
 * texts of guests; names come from elsewhere, so this does not rely on it. */
size_t host_utf8(const char *text, size_t size, uint32_t *point)
{
    static const uint32_t least[5] = { 0, 0, 0x80, 0x800, 0x10000 };
    const uint8_t first = (uint8_t)text[0];
    const size_t n = first < 0x80 ? 1 : first >= 0xf0 && first < 0xf8 ? 4 : first >= 0xe0 && first < 0xf0 ? 3 : first >= 0xc0 && first < 0xe0 ? 2 : 0;
    *point = UINT32_MAX;
    if (n == 0 || n > size) {
        return 1;
    }
    uint32_t value = n == 1 ? first : first & (0x7fu >> n);
    for (size_t i = 1; i < n; i++) {
        if (((uint8_t)text[i] & 0xc0u) != 0x80u) {
            return 1;
        }
        value = value << 6 | ((uint8_t)text[i] & 0x3fu);
    }
    if (value < least[n] || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff)) {
        return 1;
    }
    *point = value;
    return n;
}

/* Characters that move the cursor, switch a terminal's state, end a line for some viewer, or turn the direction of what follows. */
static bool is_hidden(uint32_t point)
{
    return point < 0x20 || (point >= 0x7f && point <= 0x9f) || point == 0x61c || point == 0x200e || point == 0x200f ||
           (point >= 0x2028 && point <= 0x202e) || (point >= 0x2066 && point <= 0x2069);
}

static size_t put_hex(char *to, char kind, uint32_t value, unsigned digits)
{
    to[0] = '\\';
    to[1] = kind;
    for (unsigned i = 0; i < digits; i++) {
        to[2 + i] = "0123456789abcdef"[value >> (4 * (digits - 1 - i)) & 15u];
    }
    return 2 + digits;
}

static size_t put_escape(char *to, uint32_t point, uint8_t byte)
{
    if (point == '\n' || point == '\r' || point == '\t') {
        to[0] = '\\';
        to[1] = point == '\n' ? 'n' : point == '\r' ? 'r' : 't';
        return 2;
    }
    return point > 0x7f && point != UINT32_MAX ? put_hex(to, 'u', point, 4) : put_hex(to, 'x', byte, 2);
}

void host_escape(char *line, size_t capacity, size_t *at, const char *text, size_t size)
{
    for (size_t i = 0, n = 0; i < size; i += n) {
        uint32_t point;
        char shown[ESCAPE_MAX];
        n = host_utf8(text + i, size - i, &point);
        const bool is_plain = point != UINT32_MAX && !is_hidden(point);
        const size_t m = is_plain ? n : put_escape(shown, point, (uint8_t)text[i]);
        if (m > capacity - *at) {
            return;
        }
        memcpy(line + *at, is_plain ? text + i : shown, m);
        *at += m;
    }
}

/* Standard output may be a pipe that is full or gone: wait for the first, give up on the second. */
static void write_all(const char *bytes, size_t size)
{
    while (size > 0) {
        const ssize_t n = write(STDOUT_FILENO, bytes, size);
        if (n > 0) {
            bytes += n;
            size -= (size_t)n;
        } else if (n < 0 && errno == EAGAIN) {
            struct pollfd wait = { .fd = STDOUT_FILENO, .events = POLLOUT };
            (void)poll(&wait, 1, 1000);
        } else if (n == 0 || errno != EINTR) {
            return;
        }
    }
}

void host_sink(cg_host_t *host, const char *line, size_t size)
{
    (void)pthread_mutex_lock(&host->sink_lock);
    if (host->config.sink != NULL) {
        host->config.sink(host->config.sink_context, line, size);
    } else {
        write_all(line, size);
    }
    (void)pthread_mutex_unlock(&host->sink_lock);
}

int host_log_print(cg_call_t *call, cg_text_t text)
{
    char line[LINE_SIZE];
    size_t size = 0;
    const char *guest = cg_call_guest(call);
    line[size++] = '[';
    host_escape(line, 1 + NAME_SHOWN_MAX, &size, guest, strlen(guest));
    line[size++] = ']';
    line[size++] = ' ';
    host_escape(line, sizeof line - 1, &size, text.text, text.size);
    line[size++] = '\n';
    host_sink(cg_call_host(call), line, size);
    return 0;
}
