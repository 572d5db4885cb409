// Key files with their lines: the scanner takes a file apart and complains, GKeyFile keeps and unescapes the values.
#include "daemon/settings/keyfile.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <limits.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

// The bytes of a value that a sentence repeats; more would drown the sentence.
#define SHOWN_BYTES 80

static const char byte_order_mark[] = "\xef\xbb\xbf";
static const char letters_and_digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

struct found {
    struct keyfile_place place;
    size_t order;   // in which it came: keeps the sorting stable
    char *sentence; // owned
};

struct keyfile {
    GKeyFile *values;
    GArray *groups;        // struct keyfile_group
    GArray *entries;       // struct keyfile_entry
    GHashTable *first;     // "group\nkey" or "group" → its index in entries or groups
    GStringChunk *strings; // owner of names and of the texts handed out
    GArray *complaints;    // struct found
    const char *group;     // where the scanner stands; NULL before the first group
    bool skip;             // the lines that follow belong to a group that is not read
};

static void found_clear(void *found) {
    g_free(((struct found *)found)->sentence);
}

static struct keyfile *keyfile_new(void) {
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

// True when `name` is new: then it stands at `index`. Else *before is where it stands.
static bool name_is_new(struct keyfile *file, char *name, size_t index, size_t *before) {
    void *value;
    if (g_hash_table_lookup_extended(file->first, name, NULL, &value)) {
        *before = GPOINTER_TO_SIZE(value);
        g_free(name);
        return false;
    }
    g_hash_table_insert(file->first, name, GSIZE_TO_POINTER(index));
    return true;
}

static void scan_group(struct keyfile *file, char *text, int line) {
    file->skip = true;
    size_t length = strlen(text);
    size_t name_length = strcspn(text + 1, "[]");
    bool control = false; // GKeyFile refuses control characters in names
    for (const char *c = text; *c; c++) {
        control |= g_ascii_iscntrl(*c);
    }
    if (control || name_length == 0 || name_length + 2 != length || text[length - 1] != ']') {
        keyfile_complain(file, (struct keyfile_place){.line = line},
                         "\"%.*s\" is no group, a group is a name between square brackets, like [name]; "
                         "the lines under it are not read.",
                         SHOWN_BYTES, text);
        return;
    }
    text[length - 1] = '\0';
    struct keyfile_group group = {g_string_chunk_insert(file->strings, text + 1), line};
    size_t before;
    if (!name_is_new(file, g_strdup(group.name), file->groups->len, &before)) {
        keyfile_complain(file, (struct keyfile_place){.line = line, .group = group.name},
                         "The group [%.*s] comes twice, here and in line %d; what stands under it here is not read: "
                         "put all its lines into one group.",
                         SHOWN_BYTES, group.name, g_array_index(file->groups, struct keyfile_group, before).line);
        return;
    }
    g_array_append_val(file->groups, group);
    file->group = group.name;
    file->skip = false;
}

// Letters, digits and hyphens, then perhaps a locale in square brackets.
static bool key_is_wellformed(const char *key) {
    size_t name = strspn(key, letters_and_digits) ? strcspn(key, "[") : 0;
    if (name == 0) {
        return false;
    }
    for (size_t i = 0; i < name; i++) {
        if (!g_ascii_isalnum(key[i]) && key[i] != '-' && key[i] != '_') {
            return false;
        }
    }
    const char *locale = key + name;
    if (*locale == '\0') {
        return true;
    }
    size_t length = strcspn(++locale, "]");
    for (size_t i = 0; i < length; i++) {
        if (!g_ascii_isalnum(locale[i]) && !strchr("-_.@", locale[i])) {
            return false;
        }
    }
    return length > 0 && strcmp(locale + length, "]") == 0;
}

// Keeps a value that is read for the first time; it must be one that GKeyFile can unescape.
static void keep_entry(struct keyfile *file, const char *key, const char *value, int line) {
    g_key_file_set_value(file->values, file->group, key, value);
    GError *error = NULL; // tells a wrong escape; the value alone does not
    g_free(g_key_file_get_string(file->values, file->group, key, &error));
    if (!error) {
        return;
    }
    g_error_free(error);
    g_key_file_remove_key(file->values, file->group, key, NULL);
    keyfile_complain(file, (struct keyfile_place){line, file->group, key, false},
                     "in \"%.*s\" a backslash is followed by something else than s, n, t, r or a backslash; "
                     "write \\\\ for a backslash.",
                     SHOWN_BYTES, value);
}

static void scan_entry(struct keyfile *file, char *text, int line) {
    char *equals = strchr(text, '=');
    if (!equals) {
        keyfile_complain(file, (struct keyfile_place){.line = line},
                         "\"%.*s\" is neither a [group] nor key=value; put # in front if it is a comment.", SHOWN_BYTES,
                         text);
        return;
    }
    *equals = '\0';
    char *key = g_strchomp(text), *value = g_strchug(equals + 1);
    if (!file->group) {
        keyfile_complain(file, (struct keyfile_place){.line = line},
                         "\"%.*s\" stands before the first [group]; put it under the one it belongs to.", SHOWN_BYTES,
                         key);
        return;
    }
    if (!key_is_wellformed(key)) {
        keyfile_complain(file, (struct keyfile_place){.line = line},
                         "\"%.*s\" is no key; a key is made of letters, digits and hyphens, perhaps with a language "
                         "behind it, like [de].",
                         SHOWN_BYTES, key);
        return;
    }
    struct keyfile_entry entry = {file->group, g_string_chunk_insert(file->strings, key), line, false};
    size_t before;
    if (name_is_new(file, g_strdup_printf("%s\n%s", file->group, key), file->entries->len, &before)) {
        g_array_append_val(file->entries, entry);
        keep_entry(file, entry.key, value, line);
        return;
    }
    struct keyfile_entry *first = &g_array_index(file->entries, struct keyfile_entry, before);
    first->twice = true;
    const char *first_value = keyfile_text(file, file->group, key, NULL);
    keyfile_complain(file, (struct keyfile_place){line, file->group, key, true},
                     "[%s] %s comes twice, as \"%.*s\" in line %d and as \"%.*s\" here; keep one of them.", file->group,
                     key, SHOWN_BYTES, first_value ? first_value : "", first->line, SHOWN_BYTES, value);
}

static void scan_line(struct keyfile *file, char *text, int line) {
    if (!g_utf8_validate(text, -1, NULL)) {
        keyfile_complain(file, (struct keyfile_place){.line = line},
                         "This line is not UTF-8 text and is not read; save the file as UTF-8.");
        return;
    }
    text = g_strstrip(text);
    if (*text == '\0' || *text == '#') {
        return;
    }
    if (*text == '[') {
        scan_group(file, text, line);
    } else if (!file->skip) {
        scan_entry(file, text, line);
    }
}

static int count_lines(const char *text, size_t length) {
    int lines = 1;
    for (size_t i = 0; i < length; i++) {
        lines += text[i] == '\n';
    }
    return lines;
}

struct keyfile *keyfile_parse(const char *text, size_t length) {
    struct keyfile *file = keyfile_new();
    if (!file) {
        return NULL;
    }
    if (length > KEYFILE_BYTES_MAX) {
        keyfile_complain(file, (struct keyfile_place){.line = 0},
                         "The file is larger than 1 MiB and is not read; it cannot be the right one.");
        return file;
    }
    const char *nul = memchr(text, '\0', length);
    if (nul) {
        keyfile_complain(file, (struct keyfile_place){.line = count_lines(text, (size_t)(nul - text))},
                         "A NUL byte stands here: this is not a text file, and nothing of it is read.");
        return file;
    }
    if (length >= 3 && memcmp(text, byte_order_mark, 3) == 0) {
        text += 3;
        length -= 3;
    }
    char *copy = g_strndup(text, length);
    int line = 1;
    for (char *at = copy, *next; at; at = next, line++) {
        next = strchr(at, '\n');
        if (next) {
            *next++ = '\0';
        }
        scan_line(file, at, line);
    }
    g_free(copy);
    return file;
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
