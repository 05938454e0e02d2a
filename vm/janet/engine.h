/* SPDX-License-Identifier: BSD-2-Clause */
/* engine.h - put before Janet's own text (-include): its memory is the adapter's, and so is its look at whether to go on. Nothing is included before its own headers. */
void *janet_cg_allocate(void *block, __SIZE_TYPE__ size);
void janet_cg_free(void *block);
void janet_cg_broken(const char *why) __attribute__((noreturn));
void janet_cg_work(__SIZE_TYPE__ steps);
#define janet_malloc(X) janet_cg_allocate((void *)0, (X))
#define janet_calloc(X, Y) janet_cg_allocate((void *)0, (__SIZE_TYPE__)(X) * (__SIZE_TYPE__)(Y))
#define janet_realloc(X, Y) janet_cg_allocate((X), (Y))
#define janet_free(X) janet_cg_free(X)
#define JANET_OUT_OF_MEMORY janet_cg_broken("the memory of the policy is used up")
#define JANET_EXIT(why) janet_cg_broken(why)
#define JANET_TOP_LEVEL_SIGNAL(why) janet_cg_broken(why)
#ifndef CALLGATE_VM_OBJECT_BASE_H /* asked at every call and jump back: the adapter's own stands for the engine's */
int janet_atomic_load_relaxed(int volatile *flag) __attribute__((weak));
#endif
