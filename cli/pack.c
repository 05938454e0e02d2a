/* SPDX-License-Identifier: BSD-2-Clause */
/* cli/pack.c - `callgate pack`: an eBPF object file becomes an rBPF image.
 * The work is vm/rbpf's. Never leaves half an image in place. */
#include "command.h"
#include "file.h"
#include "run.h"

#include "vm/rbpf/engine/pack.h"

#include <stdlib.h>
#include <string.h>

static const char pack_help[] =
    "usage: callgate pack APP.o [-o APP.rbf]\n\n"
    "Make an rBPF image of an object file that clang --target=bpf made.\n"
    "`callgate run` takes the object file too, and packs it in memory.\n\n"
    "  -o FILE  where the image goes; otherwise beside the object, with the extension .rbf\n";

typedef struct pack_options {
    const char *input, *output;
    bool wants_help;
} pack_options_t;

static int pack_parse(int argc, char **argv, pack_options_t *options)
{
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--help") == 0) {
            options->wants_help = true;
            return CLI_DONE;
        }
        if (strcmp(argv[i], "-o") == 0) {
            if (options->output != NULL || i + 1 >= argc) {
                return command_usage("pack", i + 1 >= argc ? "-o needs a file" : "-o was given twice");
            }
            options->output = argv[++i];
        } else if (argv[i][0] == '-') {
            return command_usage("pack", "there is no option '%s'", argv[i]);
        } else if (options->input != NULL) {
            return command_usage("pack", "one object file at a time, not also '%s'", argv[i]);
        } else {
            options->input = argv[i];
        }
    }
    return options->input == NULL ? command_usage("pack", "which object file?") : CLI_DONE;
}

static int pack_write(const char *path, const uint8_t *image, size_t size)
{
    const char *why = "";
    const file_result_t result = file_write(path, image, size, &why);
    if (result == FILE_OK) {
        return CLI_DONE;
    }
    command_say("%s: cannot be written: %s", path, why);
    return result == FILE_FAILED ? CLI_MACHINE : CLI_INPUT;
}

static int pack_file(const pack_options_t *options)
{
    uint8_t *object = NULL, *image = NULL;
    size_t object_size = 0, image_size = 0;
    const char *why = "";
    char message[256] = "";
    const file_result_t result = file_read(options->input, RUN_IMAGE_MAX, &object, &object_size, &why);
    if (result != FILE_OK) {
        command_say("%s: %s", options->input, why);
        return result == FILE_FAILED ? CLI_MACHINE : CLI_INPUT;
    }
    const int failed = rbpf_elf_to_image(object, object_size, &image, &image_size, message, sizeof message);
    free(object);
    if (failed != 0) {
        command_say("%s: %s", options->input, message);
        return CLI_INPUT;
    }
    char *output = options->output == NULL ? file_with_extension(options->input, ".rbf") : NULL;
    const int code = pack_write(output != NULL ? output : options->output, image, image_size);
    free(output);
    free(image);
    return code;
}

int pack_command(int argc, char **argv)
{
    pack_options_t options = {NULL, NULL, false};
    const int code = pack_parse(argc, argv, &options);
    if (code != CLI_DONE) {
        return code;
    }
    return options.wants_help ? command_help(pack_help) : pack_file(&options);
}
