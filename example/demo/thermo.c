/* SPDX-License-Identifier: BSD-2-Clause */
/* example/demo/thermo.c - a guest: find a temperature sensor, read it, report the reading to a CoAP server.
 * The same file is compiled to WebAssembly and to eBPF. It has no libc and no operating system: only the calls it is granted. */
#include <callgate/coap.h>
#include <callgate/log.h>
#include <callgate/random.h>
#include <callgate/saul.h>

#ifndef REPORT_TO
#define REPORT_TO "coap://127.0.0.1:5683/temp/wamr"
#endif

enum { TEXT_MAX = 64, DELAY_MIN_MS = 500, DELAY_SPREAD_MS = 1000, TIMEOUT_MS = 2000 };

typedef struct text {
    char bytes[TEXT_MAX];
    uint32_t size;
} text_t;

static void put_char(text_t *text, char c)
{
    if (text->size < TEXT_MAX - 1) {
        text->bytes[text->size++] = c;
        text->bytes[text->size] = '\0';
    }
}

static void put(text_t *text, const char *more)
{
    for (; *more != '\0'; more++) {
        put_char(text, *more);
    }
}

static void put_number(text_t *text, uint32_t value, uint32_t digits)
{
    char reversed[10];
    uint32_t count = 0;
    do {
        reversed[count++] = (char)('0' + value % 10);
        value /= 10;
    } while (count < sizeof reversed && (value > 0 || count < digits));
    while (count > 0) {
        put_char(text, reversed[--count]);
    }
}

/* The real value is val * 10^scale; this writes scales of 0 to -4 as a decimal fraction. */
static void put_reading(text_t *text, const saul_phydat_t *data)
{
    uint32_t digits = data->scale < 0 ? (uint32_t)-data->scale : 0;
    uint32_t divisor = 1;
    uint32_t size = data->val[0] < 0 ? (uint32_t)-(int32_t)data->val[0] : (uint32_t)data->val[0];
    for (uint32_t i = 0; i < digits && i < 4; i++) {
        divisor *= 10;
    }
    if (data->val[0] < 0) {
        put_char(text, '-');
    }
    put_number(text, size / divisor, 1);
    if (digits > 0) {
        put_char(text, '.');
        put_number(text, size % divisor, digits);
    }
    put(text, data->unit == SAUL_UNIT_TEMP_C ? " C" : "");
}

/* 0, or the error of the call that failed. */
static int report(const text_t *text)
{
    coap_response_t answer;
    uint8_t code = 0;
    int err = coap_put(REPORT_TO, COAP_FORMAT_TEXT, text->bytes, text->size, TIMEOUT_MS, &answer);
    if (err == 0) {
        err = coap_code(answer, &code);
        coap_response_close(answer);
    }
    if (err == 0 && code / 32 != 2) {
        log_print("the server did not take the report");
        return 1;
    }
    return err;
}

CG_ENTRY int cg_main(void)
{
    saul_device_t sensor;
    saul_phydat_t data;
    uint8_t dims;
    text_t text = {.size = 0};
    int err = saul_find(SAUL_CLASS_SENSE_TEMP, 0, &sensor);
    if (err != 0) {
        log_print("there is no temperature sensor");
        return err;
    }
    err = saul_read(sensor, &data, &dims);
    if (err != 0) {
        log_print("the sensor does not answer");
        return err;
    }
    put_reading(&text, &data);
    put(&text, ", next report in ");
    put_number(&text, DELAY_MIN_MS + random_u32() % DELAY_SPREAD_MS, 1);
    put(&text, " ms");
    log_print(text.bytes);
    err = report(&text);
    if (err != 0) {
        log_print("the report did not arrive");
    }
    return err;
}
