/* SPDX-License-Identifier: BSD-2-Clause */
/* host/linux/sys.c - the sys API: the machine's name and age, the guest's name and what it may call.
 * The machine is asked once, when the host is made. Never tells what a policy holds beyond the asking guest's own grants. */
#include "inner.h"

#include "host_sys.h"

#include <fcntl.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* Where firmware leaves the name: of PCs, and of boards with a device tree. */
static const char *const board_paths[] = { "/sys/devices/virtual/dmi/id/product_name", "/proc/device-tree/model" };

/* A name from firmware is any bytes: blanks around it go, and what is not printable ASCII is shown as '?'. */
static size_t tidy(char *text, size_t size)
{
    size_t start = 0;
    while (size > 0 && ((unsigned char)text[size - 1] <= ' ')) {
        size--;
    }
    while (start < size && (unsigned char)text[start] <= ' ') {
        start++;
    }
    for (size_t i = start; i < size; i++) {
        text[i - start] = (unsigned char)text[i] >= ' ' && (unsigned char)text[i] < 0x7f ? text[i] : '?';
    }
    return size - start;
}

bool sys_board_read(const char *path, char *to, size_t capacity)
{
    const int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
    if (fd < 0) {
        return false;
    }
    const ssize_t n = read(fd, to, capacity - 1);
    (void)close(fd);
    const size_t size = n > 0 ? tidy(to, strnlen(to, (size_t)n)) : 0;
    to[size] = '\0';
    return size > 0;
}

void sys_board(char *to, size_t capacity)
{
    for (size_t i = 0; i < sizeof board_paths / sizeof board_paths[0]; i++) {
        if (sys_board_read(board_paths[i], to, capacity)) {
            return;
        }
    }
    (void)strncpy(to, "linux", capacity);
    to[capacity - 1] = '\0';
}

int host_sys_board(cg_call_t *call, cg_text_buffer_t *text)
{
    return cg_text_set(text, cg_call_host(call)->board);
}

uint64_t host_sys_uptime(cg_call_t *call)
{
    (void)call;
    struct timespec now;
    (void)clock_gettime(CLOCK_BOOTTIME, &now); /* cannot fail: since Linux 2.6.39 */
    return (uint64_t)now.tv_sec * 1000u + (uint64_t)now.tv_nsec / 1000000u;
}

/* Cut between characters, not within one. */
int host_sys_name(cg_call_t *call, cg_text_buffer_t *text)
{
    char name[SYS_NAME_MAX + 1];
    const char *guest = cg_call_guest(call);
    size_t size = strnlen(guest, SYS_NAME_MAX + 1);
    if (size > SYS_NAME_MAX) {
        size = SYS_NAME_MAX;
        while (size > 0 && ((unsigned char)guest[size] & 0xc0u) == 0x80u) {
            size--;
        }
    }
    memcpy(name, guest, size);
    name[size] = '\0';
    return cg_text_set(text, name);
}

cg_sys_access_t host_sys_granted(cg_call_t *call, uint32_t number)
{
    const int access = cg_call_access(call, number);
    return access < 0 ? CG_SYS_ACCESS_ABSENT : access == 0 ? CG_SYS_ACCESS_DENIED : CG_SYS_ACCESS_GRANTED;
}
