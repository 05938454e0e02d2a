/* SPDX-License-Identifier: BSD-2-Clause */
/* cli/pack.c - `callgate pack`: what a compiler or a person wrote becomes an image.
 * The work is the tool's of the VM (tool.h). Never leaves half an image in place. */
#include "command.h"
#include "file.h"
#include "run.h"
#include "tool.h"

#include <stdlib.h>
#include <string.h>

static const char pack_help[] =
    "usage: callgate pack [-I DIR]... SOURCE [-o IMAGE]\n\n"
    "Make an image of an object file of clang --target=bpf (.o), of EmbedVM text (.evs) or of a program of the\n"
    "original EmbedVM compiler (.bin). `callgate run` takes these files too, and packs them in memory.\n\n"
    "  -I DIR    where files are looked for that the source includes; DIR is <out>/guest/embedvm of `callgate gen`\n"
    "  -o IMAGE  where the image goes; otherwise beside the source, with the extension of its VM's images\n";

typedef struct pack_options {
    const char *input, *output;
    tool_folders_t folders;
    bool wants_help;
} pack_options_t;

static int pack_take_output(pack_options_t *options, int argc, char **argv, int *i)
{
    if (options->output != NULL || *i + 1 >= argc) {
        return command_usage("pack", *i + 1 >= argc ? "-o needs a file" : "-o was given twice");
    }
    options->output = argv[++*i];
    return CLI_DONE;
}

static int pack_take(pack_options_t *options, int argc, char **argv, int *i)
{
    if (strcmp(argv[*i], "-o") == 0) {
        return pack_take_output(options, argc, argv, i);
    }
    if (tool_is_folder(argv[*i])) {
        return tool_take_folder(&options->folders, "pack", argc, argv, i);
    }
    if (argv[*i][0] == '-') {
        return command_usage("pack", "there is no option '%s'", argv[*i]);
    }
    if (options->input != NULL) {
        return command_usage("pack", "one source at a time, not also '%s'", argv[*i]);
    }
    options->input = argv[*i];
    return CLI_DONE;
}

static int pack_parse(int argc, char **argv, pack_options_t *options)
{
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--help") == 0) {
            options->wants_help = true;
            return CLI_DONE;
        }
        const int code = pack_take(options, argc, argv, &i);
        if (code != CLI_DONE) {
            return code;
        }
    }
    return options->input == NULL ? command_usage("pack", "which source?") : CLI_DONE;
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

static void pack_say_unknown(const char *path)
{
    arena_t arena;
    arena_init(&arena);
    command_say("%s: no image is made of such a file; taken are: %s", path, tool_takes(&arena));
    arena_free(&arena);
}

static int pack_file(const pack_options_t *options)
{
    uint8_t *source = NULL, *image = NULL;
    size_t source_size = 0, image_size = 0;
    const char *why = "";
    const file_result_t result = file_read(options->input, RUN_IMAGE_MAX, &source, &source_size, &why);
    if (result != FILE_OK) {
        command_say("%s: %s", options->input, why);
        return result == FILE_FAILED ? CLI_MACHINE : CLI_INPUT;
    }
    const cg_vm_tool_t *tool = tool_find(NULL, true, options->input, source, source_size);
    if (tool == NULL) {
        pack_say_unknown(options->input);
    }
    const bool is_made = tool != NULL && tool_make(tool, &options->folders, options->input, source, source_size, &image, &image_size);
    free(source);
    if (!is_made) {
        return CLI_INPUT;
    }
    char *output = options->output == NULL ? file_with_extension(options->input, tool->extension) : NULL;
    const int code = pack_write(output != NULL ? output : options->output, image, image_size);
    free(output);
    free(image);
    return code;
}

int pack_command(int argc, char **argv)
{
    pack_options_t options = {0};
    const int code = pack_parse(argc, argv, &options);
    if (code != CLI_DONE) {
        return code;
    }
    return options.wants_help ? command_help(pack_help) : pack_file(&options);
}
