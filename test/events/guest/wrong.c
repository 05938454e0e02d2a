/* SPDX-License-Identifier: BSD-2-Clause */
/* wrong.c - a handler of another type than the host's, as a guest without our headers may have it. */
#ifdef __wasm__
#define EXPORT(name) __attribute__((export_name(name), visibility("default")))
#else
#define EXPORT(name) __attribute__((visibility("default")))
#endif

EXPORT("cg_main") int cg_main(void)
{
    return 0;
}

EXPORT("on_bell_rang") void on_bell_rang(unsigned bell, unsigned long long n)
{
    (void)bell;
    (void)n;
}
