/* SPDX-License-Identifier: BSD-2-Clause */
/* stray.c - says that its block lies outside its memory. */
#define EXPORT(name) __attribute__((export_name(name), visibility("default")))

EXPORT("cg_main") int cg_main(void);
__attribute__((import_module("bell"), import_name("hang"))) extern int bell_hang(unsigned name);

EXPORT("callgate_block") unsigned callgate_block(void)
{
    return 0xfffffff0u;
}

EXPORT("on_bell_moved") void on_bell_moved(unsigned bell, unsigned at, unsigned off)
{
    (void)bell;
    (void)at;
    (void)off;
}

int cg_main(void)
{
    const int bell = bell_hang(0);
    return bell < 0 ? bell : 0;
}
