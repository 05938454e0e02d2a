/* SPDX-License-Identifier: BSD-2-Clause */
/* cli/run.c - `callgate run`: the command line, and the steps of a run in their order.
 * run.h says who does which step. Nothing runs before every file was read and found good. */
#include "run.h"

#include "command.h"
#include "devices.h"
#include "file.h"
#include "host/linux/host.h"
#include "trace.h"
#include "vms.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

static const char run_help[] =
    "usage: callgate run [--policy P] [--devices D] [--coap A] [--store F] [--engine E] [-I DIR]... [--restart] [--trace] GUEST...\n\n"
    "Run programs, each under its policy. What a program is, is found from its content, or from its ending\n"
    "where it is text (.lua); what `callgate pack` takes is packed in memory. First the entry of each guest\n"
    "runs; a guest with handlers then stays and gets its events until it fails or the run is stopped. Guests\n"
    "that may wait have a thread each.\n\n"
    "  --policy P   policy of the guests after it; otherwise GUEST without its extension and with\n"
    "               .policy.yaml, or GUEST.policy.yaml; where there is none, nothing is granted\n"
    "  --devices D  sensors and actuators of this run\n"
    "  --coap A     where guests serve CoAP resources: a literal address and a port, as [::1]:5683 or 127.0.0.1:5683\n"
    "  --store F    folder for what guests store; without it nothing outlives the run\n"
    "  --engine E   take only programs of this VM\n"
    "  -I DIR       where files are looked for that a source includes which is packed in memory\n"
    "  --restart    start a guest anew that was stopped for a fault, a limit or a violation, at most 5 times in 10 s\n"
    "  --trace      print each call, decoded, to standard error\n\n"
    "SIGINT and SIGTERM stop all guests, a second one ends the command at once; SIGUSR1 prints a table of the guests.\n"
    "Exit codes: 0 all guests returned 0; 1 one did not, or was refused or stopped; 2 wrong use;\n"
    "3 the machine is at fault; 130 and 143 after SIGINT and SIGTERM.\n";

/* ---- the command line ---- */

typedef struct run_parse {
    run_t *run;
    const char *policy; /* of the guests to come */
    bool is_policy_used, has_ended, wants_help;
} run_parse_t;

static const char *const run_valued[] = {"--policy", "--devices", "--engine", "--coap", "--store"};
enum { VALUED_POLICY, VALUED_DEVICES, VALUED_ENGINE, VALUED_COAP, VALUED_STORE, VALUED_COUNT };

static int run_take_value(run_parse_t *parse, unsigned option, const char *value)
{
    run_t *run = parse->run;
    if (value == NULL || value[0] == '\0') {
        return command_usage("run", "%s needs a value", run_valued[option]);
    }
    if (option == VALUED_POLICY) {
        if (parse->policy != NULL && !parse->is_policy_used) {
            return command_usage("run", "no guest follows --policy %s", parse->policy);
        }
        parse->policy = value;
        parse->is_policy_used = false;
        return CLI_DONE;
    }
    const char **const places[VALUED_COUNT] = {[VALUED_DEVICES] = &run->devices, [VALUED_ENGINE] = &run->engine, [VALUED_COAP] = &run->coap, [VALUED_STORE] = &run->store};
    const char **place = places[option];
    if (*place != NULL) {
        return command_usage("run", "%s was given twice", run_valued[option]);
    }
    *place = value;
    return CLI_DONE;
}

static int run_take_option(run_parse_t *parse, int argc, char **argv, int *place)
{
    for (unsigned option = 0; option < VALUED_COUNT; option++) {
        if (command_is_option(argv[*place], run_valued[option])) {
            return run_take_value(parse, option, command_value(argc, argv, place));
        }
    }
    if (tool_is_folder(argv[*place])) {
        return tool_take_folder(&parse->run->folders, "run", argc, argv, place);
    }
    if (strcmp(argv[*place], "--trace") == 0) {
        parse->run->is_traced = true;
    } else if (strcmp(argv[*place], "--restart") == 0) {
        parse->run->restarts = true;
    } else if (strcmp(argv[*place], "--help") == 0) {
        parse->wants_help = true;
    } else if (strcmp(argv[*place], "--") == 0) {
        parse->has_ended = true;
    } else {
        return command_usage("run", "there is no option '%s'", argv[*place]);
    }
    return CLI_DONE;
}

static bool run_has_engine(const char *name)
{
    const cg_vm_t *const *vms = cg_vms;
    while (*vms != NULL && strcmp((*vms)->ops->name, name) != 0) {
        vms++;
    }
    return *vms != NULL;
}

/* Fills run->guests, which has room for all arguments. CLI_DONE, or an exit code. */
static int run_parse(run_parse_t *parse, int argc, char **argv)
{
    run_t *run = parse->run;
    for (int i = 1; i < argc; i++) {
        if (!parse->has_ended && argv[i][0] == '-' && argv[i][1] != '\0') {
            const int code = run_take_option(parse, argc, argv, &i);
            if (code != CLI_DONE || parse->wants_help) {
                return code;
            }
        } else {
            run_guest_t *guest = &run->guests[run->count++];
            guest->path = argv[i];
            guest->policy_path = parse->policy;
            parse->is_policy_used = true;
        }
    }
    if (run->count == 0) {
        return command_usage("run", "which guest?");
    }
    if (parse->policy != NULL && !parse->is_policy_used) {
        return command_usage("run", "no guest follows --policy %s", parse->policy);
    }
    if (run->engine != NULL && !run_has_engine(run->engine)) {
        return command_usage("run", "there is no engine '%s'; there are: %s", run->engine, run_vm_names(&run->arena));
    }
    return CLI_DONE;
}

/* ---- the steps ---- */

/* False where the run must end; errors in the file are in the run's diag. */
static bool run_read_devices(run_t *run)
{
    uint8_t *bytes = NULL;
    size_t size = 0;
    const char *why = "";
    if (run->devices == NULL || cg_vms[0] == NULL || cg_vms[0]->catalog == NULL) {
        return true;
    }
    const file_result_t result = file_read(run->devices, DEVICES_SIZE_MAX, &bytes, &size, &why);
    if (result != FILE_OK) {
        command_say("%s: %s", run->devices, why);
        run->has_no_machine = run->has_no_machine || result == FILE_FAILED;
        return false;
    }
    warnings_t warnings = {NULL, NULL};
    if (devices_read(&run->arena, &run->diag, &warnings, cg_vms[0]->catalog, run->host, run->devices, (const char *)bytes, size)) {
        warnings_print(&warnings, stderr);
    }
    free(bytes);
    return true;
}

static void run_end(run_t *run)
{
    for (uint32_t i = run->count; i-- > 0;) { /* later guests may use what earlier ones began */
        run_guest_t *guest = &run->guests[i];
        if (guest->is_loaded) {
            cg_guest_end(&guest->guest);
        }
        if (guest->has_loop) {
            loop_close(&guest->own_loop);
        }
        free(guest->storage);
        free(guest->image);
    }
    host_linux_free(run->host);
    run->host = NULL;
}

static int run_code(const run_t *run)
{
    if (run->signal != 0) {
        return 128 + run->signal;
    }
    return run->has_no_machine ? CLI_MACHINE : run->has_failed ? CLI_INPUT : CLI_DONE;
}

/* What setting up a part of the host gave; false where the run must end: it was said why. */
static bool run_is_set(run_t *run, const char *option, const char *value, int result)
{
    if (result != 0) {
        command_say("%s %s: %s", option, value, result == HOST_LINUX_NO_MEMORY ? "there is no memory" : host_linux_problem(run->host));
        run->has_no_machine = run->has_no_machine || result == HOST_LINUX_NO_MEMORY;
    }
    return result == 0;
}

static bool run_set_up(run_t *run)
{
    return (run->store == NULL || run_is_set(run, "--store", run->store, host_linux_store(run->host, run->store))) &&
           (run->coap == NULL || run_is_set(run, "--coap", run->coap, host_linux_coap_listen(run->host, run->coap)));
}

void run_signals(sigset_t *signals)
{
    sigemptyset(signals);
    sigaddset(signals, SIGINT);
    sigaddset(signals, SIGTERM);
    sigaddset(signals, SIGUSR1);
}

/* While guests run, signals are for the watch. Before and after nobody listens, so there they end the command as they do others: a device that hangs in a
 * release must not make it immortal. */
static void run_watched(run_t *run)
{
    sigset_t signals, before;
    run_signals(&signals);
    pthread_sigmask(SIG_BLOCK, &signals, &before);
    run_guests(run);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

/* One that asks for a table before there are guests, or after, is no reason to end. It stays so until the command is over. */
static void run_block_status(void)
{
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGUSR1);
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
}


/* Read all, then load, run and end. */
static int run_all(run_t *run)
{
    run->host = host_linux_new(NULL);
    if (run->host == NULL) {
        command_say("there is no memory, or the system gives no random numbers");
        return CLI_MACHINE;
    }
    const bool is_read = run_read(run) && run_read_devices(run) && run_set_up(run);
    diag_print(&run->diag, stderr);
    run->has_failed = run->has_failed || !is_read || diag_count(&run->diag) > 0;
    if (is_read && diag_count(&run->diag) == 0) {
        if (run->is_traced) {
            trace_init(2, host_linux_describe);
        }
        run_load(run);
        run_watched(run);
    }
    run_end(run);
    return run_code(run);
}

int run_command(int argc, char **argv)
{
    run_t run = {.loop = {.fd = -1}};
    run_parse_t parse = {.run = &run};
    arena_init(&run.arena);
    diag_init(&run.diag);
    pthread_mutex_init(&run.lock, NULL);
    run.guests = calloc((size_t)argc, sizeof *run.guests);
    int code = CLI_MACHINE;
    if (run.guests == NULL || !loop_open(&run.loop)) {
        command_say("there is no memory or no descriptor");
    } else {
        code = run_parse(&parse, argc, argv);
        if (parse.wants_help) {
            code = command_help(run_help);
        } else if (code == CLI_DONE) {
            run_block_status();
            code = run_all(&run);
        }
    }
    free(run.guests);
    loop_close(&run.loop);
    pthread_mutex_destroy(&run.lock);
    diag_free(&run.diag);
    arena_free(&run.arena);
    return code;
}
