/* SPDX-License-Identifier: BSD-2-Clause */
/* host/linux/store.c - the store API: values under keys, for each name of a guest its own book of them.
 * A book is read from its file at its first use and stays in memory; a change makes a new image, puts it in place of the file, and only then in place
 * of the old one. Locks: the host's list of books, or one book; never both. store_file.c does all that concerns files. */
#include "store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct store_book {
    struct store_book *next;
    pthread_mutex_t lock;
    bool is_read;               /* under the lock, as all that follows */
    bool is_durable;            /* the image survives a loss of power, as far as is known */
    store_image_t image;
    char guest[];
} store_book_t;

struct host_store {
    int folder;                 /* -1: in memory only */
    pthread_mutex_t lock;
    store_book_t *books;        /* under the lock; a book stays until the store is freed */
};

/* ---- images ---- */

static uint32_t value_size(const uint8_t *entry)
{
    return entry[1] | (uint32_t)entry[2] << 8;
}

static uint32_t entry_size(const uint8_t *entry)
{
    return STORE_ENTRY_HEAD + entry[0] + value_size(entry);
}

static int compare(const uint8_t *entry, const char *key, uint32_t size)
{
    const int order = memcmp(entry + STORE_ENTRY_HEAD, key, entry[0] < size ? entry[0] : size);
    return order != 0 ? order : (int)entry[0] - (int)size;
}

bool store_image_check(store_image_t *image)
{
    const uint8_t *before = NULL;
    image->count = 0;
    for (uint32_t at = 0, left = image->size; left != 0;) {
        const uint8_t *entry = image->bytes + at;
        if (left < STORE_ENTRY_HEAD || entry[0] > STORE_KEY_MAX || value_size(entry) > STORE_VALUE_MAX || entry_size(entry) > left) {
            return false;
        }
        const bool is_after = before == NULL || compare(before, (const char *)entry + STORE_ENTRY_HEAD, entry[0]) < 0;
        if (!is_after || image->count == CG_STORE_KEYS_MAX) {
            return false;
        }
        image->count++;
        before = entry;
        at += entry_size(entry);
        left -= entry_size(entry);
    }
    return image->size <= CG_STORE_BYTES_MAX;
}

/* A guest that stores what it stored before costs no wear of flash. */
static bool is_value(const uint8_t *entry, cg_bytes_t value)
{
    return value_size(entry) == value.size && memcmp(entry + STORE_ENTRY_HEAD + entry[0], value.bytes, value.size) == 0;
}

/* Where an entry with this key is or would be. */
static uint32_t find(const store_image_t *image, cg_text_t key, bool *is_there)
{
    uint32_t at = 0;
    int order = -1;
    while (at < image->size && (order = compare(image->bytes + at, key.text, key.size)) < 0) {
        at += entry_size(image->bytes + at);
    }
    *is_there = at < image->size && order == 0;
    return at;
}

/* A copy in which `gone` bytes at `at` are replaced by an entry, or by nothing where value is NULL. */
static int change(const store_image_t *image, uint32_t at, uint32_t gone, const cg_text_t *key, const cg_bytes_t *value, store_image_t *changed)
{
    const uint32_t added = value != NULL ? STORE_ENTRY_HEAD + key->size + value->size : 0;
    changed->count = (uint16_t)(image->count - (gone != 0) + (value != NULL));
    changed->size = image->size - gone + added;
    changed->bytes = NULL;
    if (changed->count > CG_STORE_KEYS_MAX || changed->size > CG_STORE_BYTES_MAX) {
        return CG_STORE_ERR_FULL;
    }
    if (changed->size == 0) {
        return 0;
    }
    uint8_t *to = changed->bytes = malloc(changed->size);
    if (to == NULL) {
        return CG_ERR_QUOTA;
    }
    if (at != 0) {
        memcpy(to, image->bytes, at);
    }
    if (value != NULL) {
        to[at] = (uint8_t)key->size;
        to[at + 1] = (uint8_t)value->size;
        to[at + 2] = (uint8_t)(value->size >> 8);
        memcpy(to + at + STORE_ENTRY_HEAD, key->text, key->size);
        memcpy(to + at + STORE_ENTRY_HEAD + key->size, value->bytes, value->size);
    }
    if (image->size != at + gone) {
        memcpy(to + at + added, image->bytes + at + gone, image->size - at - gone);
    }
    return 0;
}

/* ---- books ---- */

static store_book_t *book_new(host_store_t *store, const char *guest)
{
    store_book_t *book = calloc(1, sizeof *book + strlen(guest) + 1);
    if (book != NULL) {
        memcpy(book->guest, guest, strlen(guest) + 1);
        (void)pthread_mutex_init(&book->lock, NULL);
        book->is_read = store->folder < 0;
        book->next = store->books;
        store->books = book;
    }
    return book;
}

/* The locked book of the calling guest, read from its file. 0, or an error and nothing is locked. */
static int book_open(cg_call_t *call, store_book_t **opened)
{
    host_store_t *store = cg_call_host(call)->store;
    const char *guest = cg_call_guest(call);
    (void)pthread_mutex_lock(&store->lock);
    store_book_t *book = store->books;
    while (book != NULL && strcmp(book->guest, guest) != 0) {
        book = book->next;
    }
    book = book != NULL ? book : book_new(store, guest);
    (void)pthread_mutex_unlock(&store->lock);
    if (book == NULL) {
        return CG_ERR_QUOTA;
    }
    (void)pthread_mutex_lock(&book->lock);
    const int error = book->is_read ? 0 : store_file_read(store->folder, guest, &book->image);
    book->is_read = error == 0;
    if (error != 0) {
        (void)pthread_mutex_unlock(&book->lock);
        return error;
    }
    *opened = book;
    return 0;
}

static int book_close(store_book_t *book, int result)
{
    (void)pthread_mutex_unlock(&book->lock);
    return result;
}

/* The file first. Where it was put in place and then failed to be made durable, memory follows what can be seen. */
static int book_change(const cg_call_t *call, store_book_t *book, const store_image_t *changed)
{
    const host_store_t *store = cg_call_host(call)->store;
    bool is_placed = true;
    const int error = store->folder < 0 ? 0 : store_file_write(store->folder, book->guest, changed, &is_placed);
    if (is_placed) {
        free(book->image.bytes);
        book->image = *changed;
        book->is_durable = error == 0;
    } else {
        free(changed->bytes);
    }
    return error;
}

/* ---- calls ---- */

int host_store_put(cg_call_t *call, cg_text_t key, cg_bytes_t value)
{
    store_book_t *book;
    store_image_t changed;
    bool is_there;
    int error = book_open(call, &book);
    if (error != 0) {
        return error;
    }
    const uint32_t at = find(&book->image, key, &is_there);
    if (is_there && book->is_durable && is_value(book->image.bytes + at, value)) {
        return book_close(book, 0);
    }
    error = change(&book->image, at, is_there ? entry_size(book->image.bytes + at) : 0, &key, &value, &changed);
    return book_close(book, error != 0 ? error : book_change(call, book, &changed));
}

int host_store_delete(cg_call_t *call, cg_text_t key)
{
    store_book_t *book;
    store_image_t changed;
    bool is_there;
    int error = book_open(call, &book);
    if (error != 0) {
        return error;
    }
    const uint32_t at = find(&book->image, key, &is_there);
    if (!is_there) {
        return book_close(book, CG_STORE_ERR_NOT_FOUND);
    }
    error = change(&book->image, at, entry_size(book->image.bytes + at), NULL, NULL, &changed);
    return book_close(book, error != 0 ? error : book_change(call, book, &changed));
}

int host_store_get(cg_call_t *call, cg_text_t key, cg_buffer_t *value)
{
    store_book_t *book;
    bool is_there;
    const int error = book_open(call, &book);
    if (error != 0) {
        return error;
    }
    const uint32_t at = find(&book->image, key, &is_there);
    const uint8_t *entry = is_there ? book->image.bytes + at : NULL;
    return book_close(book, entry != NULL ? cg_buffer_set(value, entry + STORE_ENTRY_HEAD + entry[0], value_size(entry)) : CG_STORE_ERR_NOT_FOUND);
}

int host_store_count(cg_call_t *call, uint16_t *keys)
{
    store_book_t *book;
    const int error = book_open(call, &book);
    if (error != 0) {
        return error;
    }
    *keys = book->image.count;
    return book_close(book, 0);
}

int host_store_key(cg_call_t *call, uint16_t nth, cg_text_buffer_t *text)
{
    store_book_t *book;
    const int error = book_open(call, &book);
    if (error != 0) {
        return error;
    }
    if (nth >= book->image.count) {
        return book_close(book, CG_STORE_ERR_NOT_FOUND);
    }
    const uint8_t *entry = book->image.bytes;
    for (uint16_t i = 0; i < nth; i++) {
        entry += entry_size(entry);
    }
    char key[STORE_KEY_MAX + 1];
    memcpy(key, entry + STORE_ENTRY_HEAD, entry[0]);
    key[entry[0]] = '\0';
    return book_close(book, cg_text_set(text, key));
}

/* ---- the host's side ---- */

host_store_t *host_store_new(void)
{
    host_store_t *store = calloc(1, sizeof *store);
    if (store != NULL) {
        store->folder = -1;
        (void)pthread_mutex_init(&store->lock, NULL);
    }
    return store;
}

void host_store_free(host_store_t *store)
{
    if (store == NULL) {
        return;
    }
    while (store->books != NULL) {
        store_book_t *book = store->books;
        store->books = book->next;
        (void)pthread_mutex_destroy(&book->lock);
        free(book->image.bytes);
        free(book);
    }
    if (store->folder >= 0) {
        (void)close(store->folder);
    }
    (void)pthread_mutex_destroy(&store->lock);
    free(store);
}

/* A folder that was just made is there after a loss of power only once the one around it is durable. */
static bool parent_sync(int folder)
{
    const int fd = openat(folder, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const bool is_durable = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0) {
        (void)close(fd);
    }
    return is_durable;
}

/* Two programs that keep the same book in memory would lose each other's changes, so a folder has one owner at a time. */
int host_linux_store(cg_host_t *host, const char *folder)
{
    host->problem[0] = '\0';
    if (host->store->folder >= 0 || host->store->books != NULL) {
        return saul_refuse(host, "the store has its folder already, or is in use");
    }
    const bool is_new = mkdir(folder, 0700) == 0;
    if (!is_new && errno != EEXIST) {
        return saul_refuse(host, "the folder '%s' for the store cannot be made: %s", folder, strerror(errno));
    }
    const int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) {
        return saul_refuse(host, "the folder '%s' for the store cannot be opened: %s", folder, strerror(errno));
    }
    if (is_new && !parent_sync(fd)) {
        const int status = saul_refuse(host, "the folder '%s' for the store cannot be made to last: %s", folder, strerror(errno));
        (void)close(fd);
        (void)rmdir(folder);
        return status;
    }
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        const bool is_taken = errno == EWOULDBLOCK;
        const int status = saul_refuse(host, "the folder '%s' for the store %s", folder,
                                       is_taken ? "is in use by another host" : "cannot be locked");
        (void)close(fd);
        return status;
    }
    host->store->folder = fd;
    return 0;
}
