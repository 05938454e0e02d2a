/* SPDX-License-Identifier: BSD-2-Clause */
/* broad.c - a guest for mutations: it imports nothing, and uses as much of WebAssembly 1.0 as a short program can.
 * Compiled by clang for what every engine takes, and with bulk memory and sign extension besides. */
typedef unsigned int u32;
typedef unsigned long long u64;

static volatile u32 seed = 7;
static unsigned char bytes[300];
static double reals[16];
static u32 deep(u32 n, u64 wide);

static u32 add(u32 a, u32 b) { return a + b; }
static u32 mul(u32 a, u32 b) { return a * b; }
static u32 divide(u32 a, u32 b) { return b == 0 ? 0 : a / b; }
static u32 shift(u32 a, u32 b) { return a << (b & 31u) | a >> (32u - (b & 31u)); }
static u32 (*volatile const table[4])(u32, u32) = {add, mul, divide, shift};

static u32 pick(u32 which, u32 a)
{
    switch (which % 7u) {
    case 0: return a + 1;
    case 1: return (u32)__builtin_popcount(a);
    case 2: return (u32)__builtin_clz(a | 1u);
    case 3: return a ^ 0x55555555u;
    case 4: return deep(a % 50u, a);
    case 5: return (u32)(signed char)a;
    default: return (u32)((int)a >> 3);
    }
}

static u32 deep(u32 n, u64 wide)
{
    return n == 0 ? (u32)(wide >> 32) : deep(n - 1, wide * 6364136223846793005ull + n) + n;
}

static u32 floats(u32 a)
{
    float f = (float)a;
    for (u32 i = 0; i < 16; i++) {
        reals[i] = __builtin_sqrt((double)f + i) * 0.5;
        f = (float)__builtin_floor(reals[i]) + (a > i ? 1.0f : -2.0f);
    }
    return (u32)(int)reals[a % 16u];
}

__attribute__((export_name("cg_main"))) int cg_main(void)
{
    u32 sum = seed;
    for (u32 i = 0; i < 40; i++) {
        sum = table[i % 4u](sum, pick(i, sum)) + floats(i & 15u);
        bytes[sum % 300u] = (unsigned char)sum;
    }
#ifdef __wasm_bulk_memory__
    __builtin_memmove(bytes + 100, bytes, 100 + (sum & 1u));
    __builtin_memset(bytes + 200, (int)(sum & 1u), 90 + (sum & 1u));
#endif
    sum += (u32)__builtin_wasm_memory_grow(0, sum & 1u) + (u32)__builtin_wasm_memory_size(0);
    return (int)(sum + bytes[150]);
}
