/* SPDX-License-Identifier: BSD-2-Clause */
/* test/golden/twin.c - prints a YAML description as JSON, for golden.py: twin FILE. The converter is that of test/model. */
#include "../model/support.h"

#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
    if (argc != 2) {
        fputs("usage: twin FILE\n", stderr);
        return 2;
    }
    char *text = json_text(argv[1]);
    const int put = text == NULL ? -1 : fputs(text, stdout);
    free(text);
    return put < 0 || fflush(stdout) != 0 ? 1 : 0;
}
