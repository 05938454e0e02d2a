/* SPDX-License-Identifier: BSD-2-Clause */
/* sly.c - takes another event, and closes the source, where it is only asked for its block. */
#define EXPORT(name) __attribute__((export_name(name), visibility("default")))
#define IMPORT(api, call) __attribute__((import_module(api), import_name(call)))

IMPORT("bell", "hang") extern int bell_hang(unsigned name);
IMPORT("bell", "report") extern int bell_report(long long value);
IMPORT("event", "wait") extern int event_wait(unsigned timeout, void *event);
IMPORT("gate", "close") extern int gate_close(unsigned handle);
EXPORT("cg_main") int cg_main(void);

static struct {
    unsigned handle;
    unsigned short api, id;
    unsigned lost, size;
    unsigned char data[64];
} record;
static unsigned char block[80] __attribute__((aligned(8)));
static int bells[2];

EXPORT("callgate_block") void *callgate_block(void)
{
    bell_report(event_wait(0, &record));
    bell_report(record.id);
    gate_close((unsigned)bells[1]);
    return block;
}

EXPORT("on_bell_moved") void on_bell_moved(unsigned bell, const short *at, unsigned off)
{
    (void)off;
    bell_report(100 * ((int)bell == bells[1]) + at[0]);
}

EXPORT("on_bell_rang") void on_bell_rang(unsigned bell, unsigned n)
{
    bell_report(10000 + 100 * ((int)bell == bells[1]) + (int)n);
}

int cg_main(void)
{
    bells[0] = bell_hang(0);
    bells[1] = bell_hang(1);
    return bells[0] < 0 || bells[1] < 0;
}
