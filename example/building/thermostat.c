/* SPDX-License-Identifier: BSD-2-Clause */
/* example/building/thermostat.c - a guest that reacts: it watches a temperature, switches a heater, and serves two CoAP resources.
 *   GET /temp      the reading, "21.5 C"; may be observed
 *   GET /target    what is aimed at; PUT a whole number of degrees to change it
 * It does nothing between events. */
#include <callgate/coap.h>
#include <callgate/log.h>
#include <callgate/saul.h>

enum { CONTENT = 69, CHANGED = 68, BAD_REQUEST = 128, TEXT_MAX = 16, HYSTERESIS = 5 /* tenths of a degree */ };

static saul_device_t heater;
static coap_resource_t temp, target;
static saul_phydat_t reading;
static int32_t aim = 210; /* tenths of a degree */
static bool is_heating;

/* A number of tenths as "-1.5 C"; returns its size. */
static uint32_t write_degrees(char text[TEXT_MAX], int32_t tenths)
{
    char digits[8];
    uint32_t count = 0, size = 0;
    uint32_t left = tenths < 0 ? (uint32_t)-tenths : (uint32_t)tenths;
    do {
        digits[count++] = (char)('0' + left % 10);
        left /= 10;
    } while ((left > 0 || count < 2) && count < sizeof digits);
    if (tenths < 0) {
        text[size++] = '-';
    }
    while (count > 0) {
        if (count == 1) {
            text[size++] = '.';
        }
        text[size++] = digits[--count];
    }
    text[size++] = ' ';
    text[size++] = 'C';
    return size;
}

/* A whole number of degrees from 5 to 30, or -1. */
static int32_t read_degrees(const uint8_t *text, uint32_t size)
{
    int32_t value = 0;
    for (uint32_t i = 0; i < size; i++) {
        if (text[i] < '0' || text[i] > '9' || value > 100) {
            return -1;
        }
        value = value * 10 + (text[i] - '0');
    }
    return size > 0 && value >= 5 && value <= 30 ? value : -1;
}

static void regulate(void)
{
    const bool is_cold = reading.val[0] < aim - HYSTERESIS;
    const bool is_warm = reading.val[0] > aim + HYSTERESIS;
    if ((is_heating && is_warm) || (!is_heating && is_cold)) {
        uint8_t dims;
        is_heating = !is_heating;
        const saul_phydat_t state = {.val = {is_heating}, .unit = SAUL_UNIT_BOOL, .scale = 0};
        log_print(is_heating ? "too cold: heater on" : "warm enough: heater off");
        saul_write(heater, &state, &dims);
    }
}

CG_ENTRY int cg_main(void)
{
    saul_device_t sensor;
    saul_watch_t watch;
    int err = saul_find(SAUL_CLASS_SENSE_TEMP, 0, &sensor);
    err = err != 0 ? err : saul_find(SAUL_CLASS_ACT_SWITCH, 0, &heater);
    err = err != 0 ? err : saul_watch(sensor, 100, 2, &watch);
    err = err != 0 ? err : coap_serve("temp", COAP_METHOD_GET, true, &temp);
    err = err != 0 ? err : coap_serve("target", COAP_METHOD_GET | COAP_METHOD_PUT, false, &target);
    log_print(err == 0 ? "regulating; ask /temp, /target" : "this building lacks something");
    return err;
}

void on_saul_changed(saul_watch_t watch, const saul_phydat_t *data, uint8_t dims)
{
    char text[TEXT_MAX];
    (void)watch;
    (void)dims;
    reading = *data;
    coap_notify(temp, COAP_FORMAT_TEXT, text, write_degrees(text, reading.val[0]));
    regulate();
}

void on_coap_requested(coap_resource_t resource, coap_method_t method)
{
    coap_request_t request;
    char text[TEXT_MAX];
    uint8_t body[4];
    uint32_t size = 0;
    if (coap_accept(resource, &request) != 0) {
        return; /* it gave up waiting */
    }
    if (method == COAP_METHOD_PUT) {
        const int32_t wish = coap_body(request, 0, body, sizeof body, &size) == 0 ? read_degrees(body, size) : -1;
        aim = wish < 0 ? aim : wish * 10;
        coap_respond(request, wish < 0 ? BAD_REQUEST : CHANGED, COAP_FORMAT_NONE, text, 0);
        regulate();
        return;
    }
    size = write_degrees(text, resource.id == temp.id ? reading.val[0] : aim);
    coap_respond(request, CONTENT, COAP_FORMAT_TEXT, text, size);
}
