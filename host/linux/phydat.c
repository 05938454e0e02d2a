/* SPDX-License-Identifier: BSD-2-Clause */
/* host/linux/phydat.c - real values into three 16-bit numbers with one scale.
 * Called by drivers of devices. Pure arithmetic. */
#include "inner.h"

#include <math.h>
#include <string.h>

enum { VALUE_MAX = 32767 }; /* RIOT shrinks -32768 too, to save a table */

/* Round half away from zero, as RIOT does. The magnitude is below 9e18. */
static int64_t rounded(double value)
{
    return (int64_t)llround(value);
}

static int64_t divided(int64_t value, int64_t divisor)
{
    const int64_t half = divisor / 2;
    return value < 0 ? -((-value + half) / divisor) : (value + half) / divisor;
}

bool host_phydat(cg_saul_phydat_t *data, const double *values, uint8_t dims, int8_t scale)
{
    int64_t steps[HOST_LINUX_DIMS_MAX] = { 0 };
    int64_t largest = 0;
    const double unit = pow(10, scale < 0 ? -scale : scale);
    for (uint8_t i = 0; i < dims; i++) {
        const double exact = scale < 0 ? values[i] * unit : values[i] / unit;
        if (!isfinite(exact) || fabs(exact) > 4e18) {
            return false;
        }
        steps[i] = rounded(exact);
        const int64_t magnitude = steps[i] < 0 ? -steps[i] : steps[i];
        largest = magnitude > largest ? magnitude : largest;
    }
    /* One division by the right power rounds once; dividing by ten again and again would round several times. */
    int64_t divisor = 1;
    int shrunk = 0;
    while (divided(largest, divisor) > VALUE_MAX) {
        divisor *= 10;
        shrunk++;
    }
    if (scale + shrunk > INT8_MAX) {
        return false;
    }
    memset(data->val, 0, sizeof data->val);
    for (uint8_t i = 0; i < dims; i++) {
        data->val[i] = (int16_t)divided(steps[i], divisor);
    }
    data->scale = (int8_t)(scale + shrunk);
    return true;
}
