/* SPDX-License-Identifier: BSD-2-Clause */
/* host/linux/coap_serve_in.c - requests that come in, as libcoap hands them over: find the resource, refuse or keep, tell the guest.
 * Everything here was chosen by a stranger. Runs on the I/O thread; never waits for a guest. */
#include "coap_serve_in.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    CODE_BAD_REQUEST = 0x80,
    CODE_BAD_OPTION = 0x82,
    CODE_NOT_FOUND = 0x84,
    CODE_NOT_ALLOWED = 0x85,
    CODE_TOO_LARGE = 0x8d,
    CODE_CONTENT = 0x45,
    OPTION_HEAD = 4,
    LIST_MAX = 1024 /* bytes of .well-known/core; paths that do not fit are left out */
};

static host_client_t *client_of(const coap_session_t *session)
{
    return coap_get_app_data(coap_session_get_context(session));
}

/* ---- from a message to a request ---- */

/* 0, or the code that refuses it. */
static uint8_t check_message(const coap_pdu_t *message, const uint8_t **payload, size_t *size)
{
    coap_block_t block;
    *size = 0;
    *payload = NULL;
    (void)coap_get_data(message, size, payload);
    const coap_bin_const_t token = coap_pdu_get_token(message);
    const size_t total = *size != 0 ? (size_t)(*payload + *size - token.s) + 4 : 0;
    if (*size > CG_COAP_PAYLOAD_MAX || total >= COAP_DATAGRAM_MAX) {
        return CODE_TOO_LARGE;
    }
    if (coap_get_block(message, COAP_OPTION_BLOCK1, &block) && (block.m != 0 || block.num != 0)) {
        return CODE_TOO_LARGE;
    }
    return coap_get_block(message, COAP_OPTION_BLOCK2, &block) && block.num != 0 ? CODE_BAD_OPTION : 0;
}

/* Sizes of all options as they are kept; the bytes too if there is a place for them. */
static uint32_t copy_options(const coap_pdu_t *message, uint8_t *to)
{
    uint32_t at = 0;
    coap_opt_iterator_t iterator;
    (void)coap_option_iterator_init(message, &iterator, COAP_OPT_ALL);
    for (const coap_opt_t *option = coap_option_next(&iterator); option != NULL; option = coap_option_next(&iterator)) {
        const uint32_t size = coap_opt_length(option);
        if (to != NULL) {
            const uint8_t head[OPTION_HEAD] = { (uint8_t)(iterator.number >> 8), (uint8_t)iterator.number, (uint8_t)(size >> 8), (uint8_t)size };
            memcpy(to + at, head, OPTION_HEAD);
            memcpy(to + at + OPTION_HEAD, coap_opt_value(option), size);
        }
        at += OPTION_HEAD + size;
    }
    return at;
}

static struct host_coap_request *request_new(const coap_pdu_t *message, const uint8_t *payload, size_t size)
{
    const uint32_t options_size = copy_options(message, NULL);
    struct host_coap_request *made = calloc(1, sizeof *made + options_size + size);
    if (made == NULL) {
        return NULL;
    }
    const coap_bin_const_t token = coap_pdu_get_token(message);
    made->options_size = copy_options(message, made->bytes);
    made->payload_size = (uint32_t)size;
    if (size != 0) {
        memcpy(made->bytes + options_size, payload, size);
    }
    made->owners = 1;
    made->method = (uint8_t)coap_pdu_get_code(message);
    made->number = (uint16_t)coap_pdu_get_mid(message);
    made->is_confirmable = coap_pdu_get_type(message) == COAP_MESSAGE_CON;
    made->token_size = (uint8_t)(token.length <= sizeof made->token ? token.length : 0);
    memcpy(made->token, token.s, made->token_size);
    made->came_ms = host_linux_now_ms();
    return made;
}

/* Text as guests are given it: UTF-8 without control characters. */
static bool text_is_good(const char *text, size_t size)
{
    for (size_t at = 0; at < size;) {
        uint32_t point;
        at += host_utf8(text + at, size - at, &point);
        if (point == UINT32_MAX || point < 0x20 || point == 0x7f) {
            return false;
        }
    }
    return true;
}

/* No option holds the mark that joins them, and no part of a path is one that others would resolve: what a guest reads can be read in one way only. */
static bool parts_are_good(const struct host_coap_request *request, uint16_t number, char between)
{
    for (uint32_t at = 0;;) {
        const char *part;
        size_t size;
        if (!server_options_next(request, number, &at, &part, &size)) {
            return true;
        }
        const bool is_dots = between == '/' && (size == 1 || size == 2) && memcmp(part, "..", size) == 0;
        if (is_dots || (size != 0 && memchr(part, between, size) != NULL)) {
            return false;
        }
    }
}

static bool options_are_good(const struct host_coap_request *request, char *path, size_t *path_size)
{
    if (!parts_are_good(request, COAP_OPTION_URI_PATH, '/') || !parts_are_good(request, COAP_OPTION_URI_QUERY, '&')) {
        return false;
    }
    char query[SERVER_TEXT_MAX];
    size_t query_size;
    return server_options_join(request, COAP_OPTION_URI_PATH, '/', path, SERVER_TEXT_MAX, path_size) && text_is_good(path, *path_size) &&
           server_options_join(request, COAP_OPTION_URI_QUERY, '&', query, sizeof query, &query_size) && text_is_good(query, query_size);
}

/* ---- the same again ---- */

static struct host_coap_request *find_same(host_client_t *client, const coap_session_t *session, uint16_t number)
{
    for (struct host_coap_request *r = client->requests; r != NULL; r = r->next) {
        if (r->session == session && r->number == number) {
            return r;
        }
    }
    for (size_t i = 0; i < SERVER_ANSWERED_MAX; i++) {
        if (client->answered[i] != NULL && client->answered[i]->session == session && client->answered[i]->number == number) {
            return client->answered[i];
        }
    }
    return NULL;
}

/* ---- to the guest ---- */

static unsigned count_of(const host_client_t *client, const cg_guest_t *guest)
{
    unsigned count = 0;
    for (const struct host_coap_request *r = client->requests; r != NULL; r = r->next) {
        count += r->guest == guest;
    }
    return count;
}

/* Under the lock: add it and tell the guest. 0, or the code that refuses it. */
static uint8_t offer(host_client_t *client, struct host_coap_request *request, const char *path, size_t path_size)
{
    struct host_coap_resource *resource = server_resource_of(client, path, path_size);
    if (resource == NULL) {
        return CODE_NOT_FOUND;
    }
    const cg_coap_method_t method = (cg_coap_method_t)(1u << (request->method - 1u));
    if ((resource->methods & method) == 0) {
        return CODE_NOT_ALLOWED;
    }
    request->guest = resource->guest;
    request->serial = resource->serial;
    request->version = resource->version;
    request->is_observing = request->is_observing && resource->is_observable && method == CG_COAP_METHOD_GET;
    request->until_ms = request->came_ms + client->answer_ms;
    if (count_of(client, request->guest) >= SERVER_REQUESTS_MAX || !cg_event_spares_half(resource->guest) || cg_post_coap_requested(resource->guest, resource, method) < 0) {
        return SERVER_CODE_UNAVAILABLE; /* nobody will look at it */
    }
    struct host_coap_request **last = &client->requests;
    while (*last != NULL) {
        last = &(*last)->next;
    }
    *last = request;
    return 0;
}

static void read_observe(host_client_t *client, struct host_coap_request *request, const coap_session_t *session, const coap_pdu_t *message)
{
    coap_opt_iterator_t iterator;
    const coap_opt_t *option = coap_check_option(message, COAP_OPTION_OBSERVE, &iterator);
    if (option == NULL || request->method != COAP_REQUEST_GET) {
        return;
    }
    const unsigned action = coap_decode_var_bytes(coap_opt_value(option), coap_opt_length(option));
    request->is_observing = action == COAP_OBSERVE_ESTABLISH;
    if (action == COAP_OBSERVE_CANCEL) {
        server_observer_remove(client, session, request->token, request->token_size);
    }
}

/* 0: it is kept, and will be answered. */
static uint8_t take_request(host_client_t *client, coap_session_t *session, const coap_pdu_t *message)
{
    const uint8_t *payload;
    size_t size, path_size;
    char path[SERVER_TEXT_MAX];
    const uint8_t refusal = check_message(message, &payload, &size);
    if (refusal != 0) {
        return refusal;
    }
    struct host_coap_request *request = request_new(message, payload, size);
    if (request == NULL) {
        return SERVER_CODE_UNAVAILABLE;
    }
    uint8_t code = CODE_BAD_REQUEST;
    if (options_are_good(request, path, &path_size)) {
        request->session = coap_session_reference(session);
        read_observe(client, request, session, message);
        (void)pthread_mutex_lock(&client->lock);
        code = offer(client, request, path, path_size);
        (void)pthread_mutex_unlock(&client->lock);
        if (code != 0) {
            coap_session_release(session);
        }
    }
    if (code != 0) {
        free(request);
    }
    return code;
}

/* An answer without code that is not confirmable is sent by nobody: the real one comes later, with the acknowledgement. */
static void on_request(coap_resource_t *unused, coap_session_t *session, const coap_pdu_t *message, const coap_string_t *query, coap_pdu_t *response)
{
    (void)unused, (void)query;
    host_client_t *client = client_of(session);
    struct host_coap_request *same = find_same(client, session, (uint16_t)coap_pdu_get_mid(message));
    if (same != NULL) {
        coap_pdu_set_type(response, COAP_MESSAGE_NON);
        server_io_again(client, same);
        return;
    }
    const uint8_t code = take_request(client, session, message);
    coap_pdu_set_code(response, (coap_pdu_code_t)code);
    if (code == 0) {
        coap_pdu_set_type(response, COAP_MESSAGE_NON);
    }
}

/* ---- .well-known/core (RFC 6690) ---- */

static size_t list_paths(host_client_t *client, char *text)
{
    size_t at = 0;
    (void)pthread_mutex_lock(&client->lock);
    for (const struct host_coap_resource *r = client->resources; r != NULL; r = r->next) {
        char line[SERVER_PATH_MAX + 16];
        const int n = snprintf(line, sizeof line, "%s</%s>%s", at != 0 ? "," : "", r->path, r->is_observable ? ";obs" : "");
        if (!r->is_tree && n > 0 && (size_t)n <= LIST_MAX - at) {
            memcpy(text + at, line, (size_t)n);
            at += (size_t)n;
        }
    }
    (void)pthread_mutex_unlock(&client->lock);
    return at;
}

static void on_list(coap_resource_t *unused, coap_session_t *session, const coap_pdu_t *message, const coap_string_t *query, coap_pdu_t *response)
{
    (void)unused, (void)message, (void)query;
    char text[LIST_MAX];
    const size_t size = list_paths(client_of(session), text);
    coap_pdu_set_code(response, (coap_pdu_code_t)CODE_CONTENT);
    (void)client_add_number(response, COAP_OPTION_CONTENT_FORMAT, CG_COAP_FORMAT_LINK);
    if (size != 0) {
        (void)coap_add_data(response, size, (const uint8_t *)text);
    }
}

bool server_in_start(host_client_t *client)
{
    static const coap_request_t methods[4] = { COAP_REQUEST_GET, COAP_REQUEST_POST, COAP_REQUEST_PUT, COAP_REQUEST_DELETE };
    coap_resource_t *all = coap_resource_unknown_init2(on_request, 0);
    coap_resource_t *list = coap_resource_init(coap_make_str_const(".well-known/core"), 0);
    if (all == NULL || list == NULL) {
        return false;
    }
    for (size_t i = 0; i < 4; i++) {
        coap_register_handler(all, methods[i], on_request);
    }
    coap_register_handler(list, COAP_REQUEST_GET, on_list);
    coap_add_resource(client->context, all);
    coap_add_resource(client->context, list);
    return true;
}
