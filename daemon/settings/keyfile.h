// The text files of the device: GKeyFile for the values, and beside it one small scanner that knows lines, groups
// and doubles, because GKeyFile merges groups that come twice, takes the last of two keys and counts no lines.
// Owner of glib.h in daemon/.
#ifndef KARANI_DAEMON_SETTINGS_KEYFILE_H
#define KARANI_DAEMON_SETTINGS_KEYFILE_H

#include "daemon/settings/complaint.h"

#include <stdbool.h>
#include <stddef.h>

enum { KEYFILE_BYTES_MAX = 1024 * 1024 };

struct keyfile;

// A group, in the order of the file; each name once.
struct keyfile_group {
    const char *name;
    int line; // from 1
};

// A key, in the order of the file; each once in its group.
struct keyfile_entry {
    const char *group;
    const char *key; // as it stands, with its locale: "Text[de]"
    int line;        // from 1
    bool twice;      // the key comes again: complained of already; the first value is the one that is kept
};

// Where in the file something is wrong; as in struct complaint.
struct keyfile_place {
    int line;
    const char *group;
    const char *key;
    bool says_key;
};

// Reads a file. What is wrong with its form (not a regular file, larger than KEYFILE_BYTES_MAX, NUL bytes, not
// UTF-8, a line that is neither [group], key=value nor comment, a key before the first group, a group or key that
// comes twice, a backslash that escapes nothing) is collected as complaints; every other line is read all the
// same. Lines under a group that comes again, or whose [name] was not understood, are not read.
// 0; -ENOENT when there is no such file; -ENOMEM.
int keyfile_read(struct keyfile **file, const char *path);

// The same from memory. NULL when memory is out.
struct keyfile *keyfile_parse(const char *text, size_t length);

void keyfile_free(struct keyfile *file);

const struct keyfile_group *keyfile_groups(const struct keyfile *file, size_t *count);
const struct keyfile_entry *keyfile_entries(const struct keyfile *file, size_t *count);

// The value, unescaped, without blanks around it; owned by the file; NULL when there is none. With a language
// ("de", "pt_BR") the key with that locale is preferred as in the Desktop Entry Specification, "Localized values for
// keys": key[lang_COUNTRY], key[lang], key. Without one (NULL) only the plain key counts.
char *keyfile_text(struct keyfile *file, const char *group, const char *key, const char *language);

// The line of a key, or 0 when the file has none such.
int keyfile_line(const struct keyfile *file, const char *group, const char *key);

// A copy of the text that lives as long as the file.
char *keyfile_keep(struct keyfile *file, const char *text);

// Adds a complaint to those of the scanner; the texts of the place are copied.
void keyfile_complain(struct keyfile *file, struct keyfile_place place, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

// Whether anything was complained of so far.
bool keyfile_is_sound(const struct keyfile *file);

// Tells all complaints in the order of their lines, and forgets them. Returns how many there were.
size_t keyfile_tell(struct keyfile *file, enum complaint_source source, const char *path, complaint_listener *listener,
                    void *context);

// Values, in the same spelling whatever the locale of the process. False, and nothing written, when the text is
// anything but that and nothing else.
bool keyfile_parse_int(const char *text, int *number);        // decimal digits, perhaps with a minus in front
bool keyfile_parse_decimal(const char *text, double *number); // digits, perhaps with a point: "0.6"

#endif
