/* SPDX-License-Identifier: BSD-2-Clause */
/* cli/new_vm.c - `callgate new-vm`: a folder that a VM of one's own begins with.
 * Its files are embedded (cli/skeleton/); the name is put in. Never writes into a folder that is there already. */
#include "command.h"
#include "file.h"

#include "gen/resource.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { NAME_MAX_LETTERS = 16, PATH_SIZE = 4096 };

static const char new_vm_help[] =
    "usage: callgate new-vm NAME [--objects | --words] [-o DIR]\n\n"
    "Make a folder NAME with what a VM of your own begins with: facts, glue, an adapter that compiles and refuses every\n"
    "program, and a list of what is to do.\n\n"
    "  --objects  a language with values of its own, as Lua (this if neither is said)\n"
    "  --words    a machine whose calls take numbers and addresses, as WebAssembly\n"
    "  -o DIR     where the folder is made; otherwise here\n\n"
    "Exit codes: 0 done, 1 the folder is there already or cannot be made, 2 wrong use, 3 the machine is at fault.\n";

typedef struct new_vm {
    const char *name, *parent, *kind;
    bool wants_help;
} new_vm_t;

/* As names of VMs are: they become parts of names in C. */
static bool is_name(const char *name)
{
    const size_t size = strlen(name);
    return size != 0 && size <= NAME_MAX_LETTERS && strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_") == size && name[0] >= 'a' && name[0] <= 'z';
}

static int parse_kind(new_vm_t *wanted, const char *kind)
{
    if (wanted->kind != NULL) {
        return command_usage("new-vm", "--objects or --words, once");
    }
    wanted->kind = kind;
    return CLI_DONE;
}

static int parse_one(new_vm_t *wanted, int argc, char **argv, int *i)
{
    const char *arg = argv[*i];
    if (strcmp(arg, "--objects") == 0 || strcmp(arg, "--words") == 0) {
        return parse_kind(wanted, arg + 2);
    }
    if (strcmp(arg, "-o") == 0) {
        wanted->parent = *i + 1 < argc && wanted->parent == NULL ? argv[++*i] : NULL;
        return wanted->parent != NULL ? CLI_DONE : command_usage("new-vm", "-o needs a folder, once");
    }
    if (arg[0] == '-') {
        return command_usage("new-vm", "there is no option '%s'", arg);
    }
    if (wanted->name != NULL) {
        return command_usage("new-vm", "one VM at a time, not also '%s'", arg);
    }
    wanted->name = arg;
    return is_name(arg) ? CLI_DONE : command_usage("new-vm", "'%s' is no name for a VM: small letters, digits and _, a letter first, at most %d", arg, NAME_MAX_LETTERS);
}

static int parse(new_vm_t *wanted, int argc, char **argv)
{
    int code = CLI_DONE;
    for (int i = 1; code == CLI_DONE && i < argc; i++) {
        if (strcmp(argv[i], "--help") == 0) {
            wanted->wants_help = true;
            return CLI_DONE;
        }
        code = parse_one(wanted, argc, argv, &i);
    }
    return code == CLI_DONE && wanted->name == NULL ? command_usage("new-vm", "which name?") : code;
}

/* Append `name` as it is, or in capitals. */
static void put_name(char **to, const char *name, bool is_upper)
{
    for (; *name != '\0'; name++) {
        *(*to)++ = is_upper && *name >= 'a' && *name <= 'z' ? (char)(*name - 'a' + 'A') : *name;
    }
}

/* The embedded text with @vm@ and @VM@ replaced. malloc'd; NULL: no memory. */
static char *filled(const resource_t *resource, const char *name, size_t *size)
{
    char *text = malloc(resource->size * (NAME_MAX_LETTERS / 4) + 1);
    char *to = text;
    for (size_t i = 0; text != NULL && i < resource->size;) {
        const char *from = (const char *)resource->bytes + i;
        const bool is_long = resource->size - i >= 4;
        if (is_long && (memcmp(from, "@vm@", 4) == 0 || memcmp(from, "@VM@", 4) == 0)) {
            put_name(&to, name, from[1] == 'V');
            i += 4;
        } else {
            *to++ = *from;
            i++;
        }
    }
    *size = text != NULL ? (size_t)(to - text) : 0;
    return text;
}

/* One file of the skeleton, "skeleton/objects/adapter.c.in", as folder/adapter.c. */
static int write_one(const new_vm_t *wanted, const char *folder, const resource_t *resource)
{
    char path[PATH_SIZE];
    const char *base = strrchr(resource->name, '/') + 1;
    const char *why = "there is no memory";
    size_t size = 0;
    char *text = filled(resource, wanted->name, &size);
    (void)snprintf(path, sizeof path, "%s/%.*s", folder, (int)(strlen(base) - strlen(".in")), base);
    const file_result_t result = text != NULL ? file_write(path, text, size, &why) : FILE_FAILED;
    free(text);
    if (result != FILE_OK) {
        command_say("%s: cannot be written: %s", path, why);
    }
    return result == FILE_OK ? CLI_DONE : result == FILE_FAILED ? CLI_MACHINE : CLI_INPUT;
}

static int make(const new_vm_t *wanted)
{
    char folder[PATH_SIZE / 2], prefix[32];
    const char *parent = wanted->parent != NULL ? wanted->parent : ".";
    int code = CLI_DONE;
    if ((size_t)snprintf(folder, sizeof folder, "%s/%s", parent, wanted->name) >= sizeof folder) {
        return command_usage("new-vm", "that path is too long");
    }
    if (mkdir(folder, 0777) != 0) {
        command_say("%s: %s", folder, errno == EEXIST ? "is there already; nothing was changed" : strerror(errno));
        return CLI_INPUT;
    }
    const int size = snprintf(prefix, sizeof prefix, "skeleton/%s/", wanted->kind != NULL ? wanted->kind : "objects");
    for (const resource_t *r = resources; code == CLI_DONE && r->name != NULL; r++) {
        code = strncmp(r->name, prefix, (size_t)size) == 0 ? write_one(wanted, folder, r) : CLI_DONE;
    }
    if (code == CLI_DONE) {
        printf("%s: made; its README.md says what is to do\n", folder);
    }
    return code;
}

int new_vm_command(int argc, char **argv)
{
    new_vm_t wanted = {NULL, NULL, NULL, false};
    const int code = parse(&wanted, argc, argv);
    if (code != CLI_DONE) {
        return code;
    }
    return wanted.wants_help ? command_help(new_vm_help) : make(&wanted);
}
