/* SPDX-License-Identifier: BSD-2-Clause */
/* transcript.c - the text that a row is judged by. Cut off, visibly, where it would not fit. */
#include "host.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

static void add(transcript_t *to, const char *text)
{
    const size_t size = strlen(text);
    if (size >= TRANSCRIPT_MAX - to->size) {
        static const char cut[] = "(cut)";
        memcpy(to->text + TRANSCRIPT_MAX - sizeof cut, cut, sizeof cut);
        to->size = TRANSCRIPT_MAX - 1;
        return;
    }
    memcpy(to->text + to->size, text, size + 1);
    to->size += size;
}

void say(transcript_t *to, const char *format, ...)
{
    char token[512];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(token, sizeof token, format, arguments);
    va_end(arguments);
    add(to, to->size == 0 ? "" : " ");
    add(to, token);
}

void say_bytes(transcript_t *to, const char *name, const uint8_t *bytes, uint32_t size)
{
    char token[512];
    size_t used = 0;
    for (uint32_t i = 0; i < size && used < sizeof token - 4; i++) {
        const bool is_plain = isgraph(bytes[i]) && bytes[i] != '\\';
        used += (size_t)snprintf(token + used, sizeof token - used, is_plain ? "%c" : "\\%02x", bytes[i]);
    }
    token[used] = '\0';
    say(to, "%s(%s)", name, token);
}
