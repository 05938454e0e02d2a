/* SPDX-License-Identifier: BSD-2-Clause */
/* host/linux/coap_io.c - the I/O thread, the only caller of libcoap.
 * Every request has a session, that is a connected socket, of its own: an ICMP error, a reset or a late answer then belongs to one request and
 * to no other guest's. A session is closed between two rounds of libcoap, never inside one of its callbacks. Never reads a guest's memory. */
#include "coap_pdu.h"

#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum {
    HEADER_SIZE = 4,     /* in front of the token */
    ROUND_MS = 1000      /* the longest round: a bound should a wake-up ever be missed */
};

/* ---- the end of a request ---- */

/* Under the lock: give the result to the guest that waits, if it still does. From here on the request counts no more: that guest may ask again
 * before its session is closed. */
static void finish(host_client_t *client, client_request_t *request, int result, struct host_coap_response *answer)
{
    request->is_done = true;
    request->result = result;
    request->answer = answer;
    request->is_finished = true;
    client->request_count--;
    if (request->exchange != NULL) {
        client_exchange_finish(request->exchange, result, answer);
    }
    (void)pthread_cond_signal(&request->finished);
}

/* The first result counts. */
static void fail(host_client_t *client, client_request_t *request, int error)
{
    if (request->is_done) {
        return;
    }
    (void)pthread_mutex_lock(&client->lock);
    finish(client, request, error, NULL);
    (void)pthread_mutex_unlock(&client->lock);
}

/* Stop retransmissions, close the socket, let go. Late answers find nobody. */
static void close_request(host_client_t *client, client_request_t *request)
{
    if (request->session != NULL) {
        coap_session_set_app_data(request->session, NULL);
        coap_session_disconnected(request->session, COAP_NACK_NOT_DELIVERABLE);
        coap_session_release(request->session);
    }
    (void)pthread_mutex_lock(&client->lock);
    client->request_count -= !request->is_finished;
    client_request_drop(request);
    (void)pthread_mutex_unlock(&client->lock);
}

static bool is_over(host_client_t *client, const client_request_t *request)
{
    (void)pthread_mutex_lock(&client->lock);
    const bool is_over = request->is_done || request->is_abandoned;
    (void)pthread_mutex_unlock(&client->lock);
    return is_over;
}

static void close_finished(host_client_t *client)
{
    for (client_request_t **at = &client->active; *at != NULL;) {
        client_request_t *request = *at;
        if (is_over(client, request)) {
            *at = request->next_active;
            close_request(client, request);
        } else {
            at = &request->next_active;
        }
    }
}

/* ---- what libcoap tells ---- */

static host_client_t *client_of(const coap_session_t *session)
{
    return coap_get_app_data(coap_session_get_context(session));
}

/* 0, or why this is not an answer that can be given. *payload lives as long as the message. */
static int check_answer(const coap_pdu_t *message, const uint8_t **payload, size_t *size)
{
    const unsigned code = coap_pdu_get_code(message);
    const unsigned class = code >> 5;
    if (class != 2 && class != 4 && class != 5) {
        return CG_COAP_ERR_PROTOCOL;
    }
    *size = 0;
    (void)coap_get_data(message, size, payload);
    const coap_bin_const_t token = coap_pdu_get_token(message);
    const size_t total = *size != 0 ? (size_t)(*payload + *size - token.s) + HEADER_SIZE : 0;
    coap_block_t block;
    const bool is_part = coap_get_block(message, COAP_OPTION_BLOCK2, &block) && (block.m != 0 || block.num != 0);
    return *size > CG_COAP_PAYLOAD_MAX || total >= COAP_DATAGRAM_MAX || is_part ? CG_COAP_ERR_TOO_LARGE : 0;
}

static uint16_t content_of(const coap_pdu_t *message)
{
    coap_opt_iterator_t iterator;
    const coap_opt_t *option = coap_check_option(message, COAP_OPTION_CONTENT_FORMAT, &iterator);
    if (option == NULL || coap_opt_length(option) > 2) {
        return CG_COAP_FORMAT_NONE;
    }
    return (uint16_t)coap_decode_var_bytes(coap_opt_value(option), coap_opt_length(option));
}

static void take_answer(host_client_t *client, client_request_t *request, const coap_pdu_t *message)
{
    const uint8_t *payload = NULL;
    size_t size;
    int result = check_answer(message, &payload, &size);
    struct host_coap_response *answer = NULL;
    (void)pthread_mutex_lock(&client->lock);
    if (result == 0 && !request->is_abandoned) {
        answer = client_answer_new(client, payload, (uint16_t)size);
        result = answer != NULL ? 0 : CG_ERR_QUOTA;
    }
    if (answer != NULL) {
        answer->code = (uint8_t)coap_pdu_get_code(message);
        answer->content = content_of(message);
    }
    finish(client, request, result, answer);
    (void)pthread_mutex_unlock(&client->lock);
}

static coap_response_t on_response(coap_session_t *session, const coap_pdu_t *sent, const coap_pdu_t *received, const coap_mid_t mid)
{
    (void)mid;
    client_request_t *request = coap_session_get_app_data(session);
    if (request == NULL || request->is_done) {
        return COAP_RESPONSE_OK; /* a duplicate in the same round: acknowledged, otherwise passed over */
    }
    const coap_bin_const_t token = coap_pdu_get_token(received);
    if (token.length == COAP_TOKEN_SIZE && memcmp(token.s, request->token, COAP_TOKEN_SIZE) == 0) {
        take_answer(client_of(session), request, received);
        return COAP_RESPONSE_OK;
    }
    const bool is_ack = coap_pdu_get_type(received) == COAP_MESSAGE_ACK;
    if (is_ack && sent != NULL) { /* acknowledges our message with an answer to another: it will not be sent again, so nothing better comes */
        fail(client_of(session), request, CG_COAP_ERR_PROTOCOL);
    }
    return is_ack ? COAP_RESPONSE_OK : COAP_RESPONSE_FAIL;
}

static void on_nack(coap_session_t *session, const coap_pdu_t *sent, const coap_nack_reason_t reason, const coap_mid_t mid)
{
    (void)mid;
    client_request_t *request = coap_session_get_app_data(session);
    if (request == NULL) { /* a client of the server: what it did not want or acknowledge was a notification or an answer */
        const coap_bin_const_t token = sent != NULL ? coap_pdu_get_token(sent) : (coap_bin_const_t){ 0, NULL };
        server_observer_remove(client_of(session), session, reason == COAP_NACK_RST ? token.s : NULL, token.length);
        return;
    }
    if (reason == COAP_NACK_TOO_MANY_RETRIES) {
        fail(client_of(session), request, CG_COAP_ERR_TIMEOUT);
    } else if (reason == COAP_NACK_RST) {
        fail(client_of(session), request, CG_COAP_ERR_PROTOCOL);
    } else {
        fail(client_of(session), request, CG_COAP_ERR_UNREACHABLE);
    }
}

/* ---- sending ---- */

/* A value of an option, big-endian without leading zeros. */
bool client_add_number(coap_pdu_t *message, coap_option_num_t option, unsigned value)
{
    uint8_t bytes[4];
    const unsigned size = coap_encode_var_safe(bytes, sizeof bytes, value);
    return coap_add_option(message, option, size, bytes) != 0;
}

static bool add_path(coap_pdu_t *message, const client_target_t *target)
{
    const char *at = target->path;
    const char *end = target->path + target->path_size;
    while (at < end) {
        const char *slash = memchr(at, '/', (size_t)(end - at));
        const char *stop = slash != NULL ? slash : end;
        if (coap_add_option(message, COAP_OPTION_URI_PATH, (size_t)(stop - at), (const uint8_t *)at) == 0) {
            return false;
        }
        at = stop + 1;
    }
    return true;
}

static bool fill_message(coap_pdu_t *message, const client_request_t *request)
{
    return coap_add_token(message, COAP_TOKEN_SIZE, request->token) != 0 && add_path(message, &request->target) &&
           (request->content == CG_COAP_FORMAT_NONE || client_add_number(message, COAP_OPTION_CONTENT_FORMAT, request->content)) &&
           (request->payload_size == 0 || coap_add_data(message, request->payload_size, request->payload) != 0);
}

/* 0, or why it was not sent. libcoap frees a message that it was given. */
static int send_request(host_client_t *client, client_request_t *request)
{
    coap_address_t server;
    coap_address_init(&server);
    server.size = request->target.address_size;
    memcpy(&server.addr, &request->target.address, request->target.address_size);
    if (!host_random_try(request->token, sizeof request->token)) {
        return CG_ERR_HOST;
    }
    request->session = coap_new_client_session(client->context, NULL, &server, COAP_PROTO_UDP);
    if (request->session == NULL) {
        return CG_COAP_ERR_UNREACHABLE;
    }
    coap_session_set_app_data(request->session, request);
    coap_session_set_mtu(request->session, COAP_DATAGRAM_MAX); /* only the longest payload at the longest path needs more than the default 1152 */
    coap_pdu_t *message = coap_pdu_init(COAP_MESSAGE_CON, (coap_pdu_code_t)request->method, coap_new_message_id(request->session),
                                        coap_session_max_pdu_size(request->session));
    if (message == NULL) {
        return CG_ERR_QUOTA;
    }
    if (!fill_message(message, request)) {
        coap_delete_pdu(message);
        return CG_COAP_ERR_UNREACHABLE;
    }
    return coap_send(request->session, message) != COAP_INVALID_MID ? 0 : CG_COAP_ERR_UNREACHABLE;
}

static void send_posted(host_client_t *client)
{
    (void)pthread_mutex_lock(&client->lock);
    client_request_t *posted = client->posted;
    client->posted = NULL;
    client->posted_last = &client->posted;
    (void)pthread_mutex_unlock(&client->lock);
    while (posted != NULL) {
        client_request_t *request = posted;
        posted = request->next_posted;
        request->next_active = client->active;
        client->active = request;
        const int error = is_over(client, request) ? 0 : send_request(client, request);
        if (error != 0) {
            fail(client, request, error);
        }
    }
}

/* ---- the thread ---- */

/* Give up what nobody waits for and has taken too long. */
static void expire(host_client_t *client, uint64_t now_ms)
{
    for (client_request_t *r = client->active; r != NULL; r = r->next_active) {
        if (r->until_ms <= now_ms) {
            fail(client, r, CG_COAP_ERR_TIMEOUT);
        }
    }
}

/* How long there is nothing to do, in ms; -1: until somebody says so. */
static int idle_ms(host_client_t *client)
{
    uint64_t next_ms = server_io_next_ms(client);
    const uint64_t now_ms = host_linux_now_ms();
    for (const client_request_t *r = client->active; r != NULL; r = r->next_active) {
        next_ms = r->until_ms < next_ms ? r->until_ms : next_ms;
    }
    if (next_ms == UINT64_MAX) {
        return client->active != NULL ? ROUND_MS : -1;
    }
    return next_ms <= now_ms ? 0 : next_ms - now_ms < ROUND_MS ? (int)(next_ms - now_ms) : ROUND_MS;
}

/* Wait for libcoap's descriptor or ours. A libcoap without epoll has no descriptor: look at it often instead. */
static void wait_for_work(host_client_t *client)
{
    const int fd = coap_context_get_coap_fd(client->context);
    struct pollfd wait[2] = { { .fd = client->wake_fd, .events = POLLIN }, { .fd = fd, .events = POLLIN } };
    (void)poll(wait, 2, fd < 0 && (client->active != NULL || client->is_listening) ? 10 : idle_ms(client));
    uint64_t count;
    if (wait[0].revents != 0 && read(client->wake_fd, &count, sizeof count) < 0) {
        return; /* spurious: the descriptor does not block */
    }
}

static bool is_ending(host_client_t *client)
{
    (void)pthread_mutex_lock(&client->lock);
    const bool is_ending = client->is_ending;
    (void)pthread_mutex_unlock(&client->lock);
    return is_ending;
}

static void *run(void *argument)
{
    host_client_t *client = argument;
    while (!is_ending(client)) {
        wait_for_work(client);
        send_posted(client);
        const uint64_t now_ms = host_linux_now_ms();
        expire(client, now_ms);
        server_io_round(client, now_ms);
        (void)coap_io_process(client->context, COAP_IO_NO_WAIT);
        close_finished(client);
    }
    send_posted(client);
    while (client->active != NULL) {
        client_request_t *request = client->active;
        client->active = request->next_active;
        fail(client, request, CG_ERR_STOPPED);
        close_request(client, request);
    }
    server_io_end(client);
    return NULL;
}

/* libcoap's own global state: once for the process, however many hosts there are. */
static void start_libcoap(void)
{
    coap_startup();
    coap_set_log_level((coap_log_t)0); /* what goes wrong is told to the guest, not to the terminal */
}

static bool make_context(host_client_t *client)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    (void)pthread_once(&once, start_libcoap);
    client->context = coap_new_context(NULL);
    if (client->context == NULL) {
        return false;
    }
    coap_set_app_data(client->context, client);
    coap_register_response_handler(client->context, on_response);
    coap_register_nack_handler(client->context, on_nack);
    return true;
}

/* Signals are for the threads of the program. */
static bool make_thread(host_client_t *client)
{
    sigset_t all, before;
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    const bool is_made = pthread_create(&client->thread, NULL, run, client) == 0;
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    return is_made;
}

static bool start(host_client_t *client, const client_target_t *address)
{
    client->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (client->wake_fd >= 0 && make_context(client)) {
        client->is_listening = address != NULL && server_io_start(client, address);
        client->is_started = (address == NULL || client->is_listening) && make_thread(client);
        if (client->is_started) {
            return true;
        }
        client->is_listening = false;
        coap_free_context(client->context);
    }
    if (client->wake_fd >= 0) {
        (void)close(client->wake_fd);
    }
    return false;
}

bool client_io_start(host_client_t *client)
{
    return client->is_started || start(client, NULL);
}

bool client_io_listen(host_client_t *client, const client_target_t *address)
{
    return !client->is_started && start(client, address);
}

void client_io_wake(host_client_t *client)
{
    const uint64_t one = 1;
    if (write(client->wake_fd, &one, sizeof one) < 0) {
        return; /* the counter is full: a wake-up is under way already */
    }
}

void client_io_end(host_client_t *client)
{
    if (!client->is_started) {
        return;
    }
    (void)pthread_mutex_lock(&client->lock);
    client->is_ending = true;
    (void)pthread_mutex_unlock(&client->lock);
    client_io_wake(client);
    (void)pthread_join(client->thread, NULL);
    coap_free_context(client->context);
    (void)close(client->wake_fd);
}
