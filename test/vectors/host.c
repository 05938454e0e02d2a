/* SPDX-License-Identifier: BSD-2-Clause */
/* host.c - text and replies, for the generated host functions. Judges nothing. */
#include "host.h"

#include <string.h>

void say(cg_host_t *host, const char *text)
{
    for (; *text != '\0' && host->text_size < TEXT_MAX - 1; text++) {
        host->text[host->text_size++] = *text;
    }
    host->text[host->text_size] = '\0';
}

static void say_number(cg_host_t *host, uint64_t value, uint32_t base)
{
    char digits[24];
    uint32_t at = sizeof digits - 1;
    digits[at] = '\0';
    do {
        digits[--at] = "0123456789abcdef"[value % base];
        value /= base;
    } while (value != 0);
    say(host, digits + at);
}

void say_unsigned(cg_host_t *host, const char *before, uint64_t value)
{
    say(host, before);
    say_number(host, value, 10);
}

void say_signed(cg_host_t *host, const char *before, int64_t value)
{
    say(host, before);
    say(host, value < 0 ? "-" : "");
    say_number(host, value < 0 ? 0 - (uint64_t)value : (uint64_t)value, 10);
}

void say_bits(cg_host_t *host, const char *before, uint64_t value)
{
    say(host, before);
    say(host, "0x");
    say_number(host, value, 16);
}

void say_bytes(cg_host_t *host, const char *before, const void *bytes, uint32_t size)
{
    const uint8_t *at = bytes;
    say(host, before);
    say(host, "'");
    for (uint32_t i = 0; i < size; i++) {
        const char digits[3] = {"0123456789abcdef"[at[i] >> 4], "0123456789abcdef"[at[i] & 15], '\0'};
        say(host, digits);
    }
    say(host, "'");
}

void host_init(cg_host_t *host)
{
    memset(host, 0, sizeof *host);
    for (uint32_t i = 0; i < OBJECTS; i++) {
        host->things[i].number = host->others[i].number = host->bells[i].number = host->sources[i].number = (uint8_t)(i + 1);
    }
}

void reply_begin(cg_host_t *host)
{
    host->reply = host->step->reply;
    host->reply_left = host->step->reply_size;
}

uint64_t reply_number(cg_host_t *host, uint32_t size)
{
    uint64_t value = 0;
    if (host->reply_left < size) {
        say(host, "(no reply is left)");
        return 0;
    }
    for (uint32_t i = 0; i < size; i++) {
        value |= (uint64_t)host->reply[i] << (8 * i);
    }
    host->reply += size;
    host->reply_left -= size;
    return value;
}

float reply_f32(cg_host_t *host)
{
    const uint32_t bits = (uint32_t)reply_number(host, 4);
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

double reply_f64(cg_host_t *host)
{
    const uint64_t bits = reply_number(host, 8);
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

uint64_t bits_f32(float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

uint64_t bits_f64(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

int reply_error(cg_host_t *host)
{
    return (int)(int32_t)(uint32_t)reply_number(host, 4);
}

bool reply_count(cg_host_t *host, uint32_t capacity, uint32_t *claim, uint32_t *here)
{
    const uint32_t said = (uint32_t)reply_number(host, 4);
    const uint32_t count = (uint32_t)reply_number(host, 1);
    *claim = said == UINT32_MAX ? count : said;
    *here = count < capacity ? count : capacity;
    return said != UINT32_MAX || count <= capacity;
}
