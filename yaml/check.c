/* SPDX-License-Identifier: BSD-2-Clause */
/* yaml/check.c - what no text of ours needs is refused before libfyaml sees it.
 * Called by node.c. Knows bytes and lines only, nothing of YAML. */
#include "yaml/check.h"

#include "yaml/node.h"
#include "yaml/utf8.h"

#include <string.h>

static yaml_pos_t check_place(const yaml_source_t *source, uint32_t offset)
{
    return (yaml_pos_t){source, offset};
}

/* Lines that libfyaml 0.7 takes quadratic time for, and that nobody needs: a directive without end, hundreds of empty lines. */
static bool check_lines(diag_t *diag, const yaml_source_t *source)
{
    const char *line = source->text;
    const char *end = line + source->size;
    uint32_t blank = 0;
    while (line < end) {
        const char *eol = memchr(line, '\n', (size_t)(end - line));
        const yaml_pos_t at = check_place(source, (uint32_t)(line - source->text));
        if (line[0] == '%') {
            diag_rule_error(diag, "R004", at, "a line may not begin with %%: there are no directives");
            return false;
        }
        const size_t spaces = strspn(line, " \t\r");
        blank = line[spaces] == '\n' ? blank + 1 : 0;
        if (blank > YAML_BLANK_MAX) {
            diag_rule_error(diag, "R009", at, "more than %d empty lines in a row", YAML_BLANK_MAX);
            return false;
        }
        line = eol != NULL ? eol + 1 : end;
    }
    return true;
}

static bool check_bytes(diag_t *diag, const yaml_source_t *source)
{
    for (uint32_t i = 0; i < source->size;) {
        uint64_t eight;
        if (source->size - i >= sizeof eight) { /* eight printable ASCII characters at a time: most of a file */
            memcpy(&eight, source->text + i, sizeof eight);
            const uint64_t ones = UINT64_C(0x0101010101010101);
            if (((eight | (eight - 0x20 * ones) | ((eight ^ 0x7f * ones) - ones)) & 0x80 * ones) == 0) {
                i += sizeof eight;
                continue;
            }
        }
        uint32_t point = (unsigned char)source->text[i];
        size_t n = 1;
        if (point >= 0x80 && (n = utf8_decode(source->text + i, source->size - i, &point)) == 0) {
            diag_rule_error(diag, "R003", check_place(source, i), "this byte is not UTF-8");
            return false;
        }
        const bool is_line_end = point == '\n' || (point == '\r' && source->text[i + 1] == '\n');
        if ((point < 0x20 && point != '\t' && !is_line_end) || (point >= 0x7f && point < 0xa0) || point == 0xfeff) {
            diag_rule_error(diag, "R003", check_place(source, i), "control character U+%04X", (unsigned)point);
            return false;
        }
        i += (uint32_t)n;
    }
    return true;
}

bool yaml_check_text(diag_t *diag, const yaml_source_t *source)
{
    return check_bytes(diag, source) && check_lines(diag, source);
}
