/* SPDX-License-Identifier: BSD-2-Clause */
/* wrong.c - a handler of another type than the host's, as a guest without our headers may have it. */
#define CG_MAIN __attribute__((export_name("cg_main"), visibility("default")))

CG_MAIN int cg_main(void)
{
    return 0;
}

__attribute__((export_name("on_bell_rang"))) void on_bell_rang(unsigned bell, unsigned long long n)
{
    (void)bell;
    (void)n;
}
