// The scanner of key files: takes a text apart, line by line, and complains of what it does not understand.
#include "daemon/settings/keyfile_inside.h"

#include <string.h>

// The bytes of a value that a sentence repeats; more would drown the sentence.
#define SHOWN_BYTES 80

static const char byte_order_mark[] = "\xef\xbb\xbf";
static const char letters_and_digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

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
