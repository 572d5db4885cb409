// Key files with their lines: read from the disk, asked for their values, complained of (taken apart by
// daemon/settings/keyfile_scan.c). GKeyFile keeps and unescapes the values.
#include "daemon/settings/keyfile_inside.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void found_clear(void *found) {
    g_free(((struct found *)found)->sentence);
}

struct keyfile *keyfile_new(void) {
    struct keyfile *file = calloc(1, sizeof *file);
    if (!file) {
        return NULL;
    }
    file->values = g_key_file_new();
    file->groups = g_array_new(FALSE, FALSE, sizeof(struct keyfile_group));
    file->entries = g_array_new(FALSE, FALSE, sizeof(struct keyfile_entry));
    file->first = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    file->strings = g_string_chunk_new(4096);
    file->complaints = g_array_new(FALSE, FALSE, sizeof(struct found));
    g_array_set_clear_func(file->complaints, found_clear);
    return file;
}

void keyfile_free(struct keyfile *file) {
    if (!file) {
        return;
    }
    g_key_file_unref(file->values);
    g_array_unref(file->groups);
    g_array_unref(file->entries);
    g_hash_table_unref(file->first);
    g_string_chunk_free(file->strings);
    g_array_unref(file->complaints);
    free(file);
}

// Files may hold anything: what a sentence repeats of them must neither be cut within a character nor steer the
// terminal.
static char *sentence_clean(char *sentence) {
    char *valid = g_utf8_make_valid(sentence, -1);
    g_free(sentence);
    for (char *c = valid; *c; c++) {
        if (g_ascii_iscntrl(*c)) {
            *c = '?';
        }
    }
    return valid;
}

static const char *keep_name(struct keyfile *file, const char *name) {
    return name ? g_string_chunk_insert(file->strings, name) : NULL;
}

void keyfile_complain(struct keyfile *file, struct keyfile_place place, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    char *sentence = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    struct found found = {place, file->complaints->len, sentence_clean(sentence)};
    found.place.group = keep_name(file, place.group);
    found.place.key = keep_name(file, place.key);
    g_array_append_val(file->complaints, found);
}

bool keyfile_is_sound(const struct keyfile *file) {
    return file->complaints->len == 0;
}

static int found_compare(const void *a, const void *b) {
    const struct found *first = a, *second = b;
    if (first->place.line != second->place.line) {
        return first->place.line < second->place.line ? -1 : 1;
    }
    return first->order < second->order ? -1 : first->order > second->order;
}

size_t keyfile_tell(struct keyfile *file, enum complaint_source source, const char *path, complaint_listener *listener,
                    void *context) {
    size_t count = file->complaints->len;
    g_array_sort(file->complaints, found_compare);
    for (size_t i = 0; i < count; i++) {
        const struct found *found = &g_array_index(file->complaints, struct found, i);
        const struct complaint complaint = {
            .source = source,
            .file = path,
            .line = found->place.line,
            .group = found->place.group,
            .key = found->place.key,
            .sentence = found->sentence,
            .says_key = found->place.says_key,
        };
        listener(context, &complaint);
    }
    g_array_set_size(file->complaints, 0);
    return count;
}

// Reads at most one byte more than is allowed, so that a file that is too large shows.
static ssize_t read_bytes(int fd, char *bytes) {
    size_t length = 0;
    while (length <= KEYFILE_BYTES_MAX) {
        ssize_t got = read(fd, bytes + length, KEYFILE_BYTES_MAX + 1 - length);
        if (got == 0) {
            break;
        }
        if (got < 0 && errno != EINTR) {
            return -errno;
        }
        length += got > 0 ? (size_t)got : 0;
    }
    return (ssize_t)length;
}

// A file without content that says why it has none.
static int refuse(struct keyfile **file, const char *why) {
    struct keyfile *refused = keyfile_new();
    if (!refused) {
        return -ENOMEM;
    }
    keyfile_complain(refused, (struct keyfile_place){.line = 0}, "The file cannot be read: %s.", why);
    *file = refused;
    return 0;
}

int keyfile_read(struct keyfile **file, const char *path) {
    // O_NONBLOCK: opening a FIFO must not wait for its other end.
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) {
        return errno == ENOENT ? -ENOENT : refuse(file, strerror(errno));
    }
    struct stat status;
    if (fstat(fd, &status) < 0 || !(S_ISREG(status.st_mode) || S_ISCHR(status.st_mode))) {
        close(fd);
        return refuse(file, "it is a directory or a device, not a text file");
    }
    char *bytes = malloc(KEYFILE_BYTES_MAX + 1);
    ssize_t length = bytes ? read_bytes(fd, bytes) : -ENOMEM;
    close(fd);
    int error = 0;
    if (length == -ENOMEM) {
        error = -ENOMEM;
    } else if (length < 0) {
        error = refuse(file, strerror((int)-length));
    } else {
        struct keyfile *parsed = keyfile_parse(bytes, (size_t)length);
        if (parsed) {
            *file = parsed;
        } else {
            error = -ENOMEM;
        }
    }
    free(bytes);
    return error;
}

const struct keyfile_group *keyfile_groups(const struct keyfile *file, size_t *count) {
    *count = file->groups->len;
    return (const struct keyfile_group *)(void *)file->groups->data;
}

const struct keyfile_entry *keyfile_entries(const struct keyfile *file, size_t *count) {
    *count = file->entries->len;
    return (const struct keyfile_entry *)(void *)file->entries->data;
}

char *keyfile_text(struct keyfile *file, const char *group, const char *key, const char *language) {
    char *value = language ? g_key_file_get_locale_string(file->values, group, key, language, NULL)
                           : g_key_file_get_string(file->values, group, key, NULL);
    if (!value) {
        return NULL;
    }
    char *kept = g_string_chunk_insert(file->strings, value);
    g_free(value);
    return kept;
}

int keyfile_line(const struct keyfile *file, const char *group, const char *key) {
    char *name = g_strdup_printf("%s\n%s", group, key);
    void *index;
    bool found = g_hash_table_lookup_extended(file->first, name, NULL, &index);
    g_free(name);
    return found ? g_array_index(file->entries, struct keyfile_entry, GPOINTER_TO_SIZE(index)).line : 0;
}

char *keyfile_keep(struct keyfile *file, const char *text) {
    return g_string_chunk_insert(file->strings, text);
}

bool keyfile_parse_int(const char *text, int *number) {
    const char *digits = *text == '-' ? text + 1 : text;
    if (*digits == '\0' || digits[strspn(digits, "0123456789")] != '\0') {
        return false;
    }
    errno = 0;
    long value = strtol(text, NULL, 10);
    if (errno || value < INT_MIN || value > INT_MAX) {
        return false;
    }
    *number = (int)value;
    return true;
}

bool keyfile_parse_decimal(const char *text, double *number) {
    size_t whole = strspn(text, "0123456789");
    const char *rest = text + whole;
    if (whole == 0) {
        return false;
    }
    if (*rest == '.') {
        rest += 1 + strspn(rest + 1, "0123456789");
    }
    if (*rest != '\0') {
        return false;
    }
    *number = g_ascii_strtod(text, NULL);
    return true;
}
