// The options of karanictl. An option is one row: its name, its value, what the help says of it and how it is read.
#ifndef KARANI_DAEMON_CTL_OPTIONS_H
#define KARANI_DAEMON_CTL_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct option_row;

// Reads a value into *number, where it is more than a text. False when it cannot be; that has been complained of.
typedef bool option_read(const struct option_row *row, const char *text, int64_t *number);

struct option_row {
    const char *name;     // without its hyphens; NULL ends a table
    const char *argument; // the help's word for its value; NULL: it takes none
    const char *help;     // one sentence
    option_read *read;    // NULL: any text will do
    int64_t least;        // of option_read_number
};

option_read option_read_number;  // `least` … INT32_MAX in digits alone
option_read option_read_evening; // a date, as a night; never the first of all, which has no night before it
option_read option_read_choice;  // one of the words of `argument`, "csv|jsonl": its place among them, from 0
option_read option_read_path;    // a text that is not empty

// What the commands that read have in common.
#define OPTION_ROW_JSON                                                                                                \
    { .name = "json", .help = "One JSON value, for programs." }

// An option that was given, borrowed. A list of them ends with one that has no name.
struct option_given {
    const char *name;
    const char *text;
    int64_t number; // what its row's `read` made of it
};

enum { OPTIONS_MAX = 64 }; // that there are, of all names

// Splits the command line into options and words, wherever they stand. `tables` ends with NULL; a name means the same
// to getopt in all of them. Of an option that is given twice the last holds. The words move to the end of `arguments`.
// The index of their first; -1 when there is no such option or its value is missing: that has been complained of.
int options_split(int count, char **arguments, const struct option_row *const *tables,
                  struct option_given given[OPTIONS_MAX + 1]);

// The row of an option in a table, which may be NULL; NULL when it has none.
const struct option_row *options_find(const struct option_row *table, const char *name);

// The option as it was given; NULL when it was not.
const struct option_given *options_given(const struct option_given *given, const char *name);

#endif
