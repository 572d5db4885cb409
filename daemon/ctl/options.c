// Splits the command line with getopt_long(3), and reads values.
#include "daemon/ctl/options.h"

#include "daemon/core/night.h"
#include "daemon/ctl/command.h"

#include <assert.h>
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { LONG_FIRST = 256 }; // beyond every short option

// ---- values ----

bool option_read_number(const struct option_row *row, const char *text, int64_t *number) {
    char *end;
    errno = 0;
    long value = strtol(text, &end, 10);
    if (text[0] < '0' || text[0] > '9' || *end != '\0' || errno != 0 || value < row->least || value > INT32_MAX) {
        ctl_complain("--%s takes a whole number from %" PRId64 " on, not \"%s\".", row->name, row->least, text);
        return false;
    }
    *number = value;
    return true;
}

bool option_read_evening(const struct option_row *row, const char *text, int64_t *number) {
    int32_t night;
    if (!night_parse(text, &night) || night == night_from_date(1, 1, 1)) {
        ctl_complain("--%s takes a date that exists, 0001-01-02 or later, not \"%s\".", row->name, text);
        return false;
    }
    *number = night;
    return true;
}

bool option_read_choice(const struct option_row *row, const char *text, int64_t *number) {
    size_t length;
    *number = 0;
    for (const char *word = row->argument; *word != '\0'; word += length + (word[length] == '|')) {
        length = strcspn(word, "|");
        if (strlen(text) == length && strncmp(text, word, length) == 0) {
            return true;
        }
        ++*number;
    }
    ctl_complain("--%s takes %s, not \"%s\".", row->name, row->argument, text);
    return false;
}

bool option_read_path(const struct option_row *row, const char *text, int64_t *number) {
    (void)number;
    if (text[0] == '\0') {
        ctl_complain("--%s takes a name, not \"\".", row->name);
    }
    return text[0] != '\0';
}

// ---- the command line ----

const struct option_row *options_find(const struct option_row *table, const char *name) {
    for (const struct option_row *row = table; row != NULL && row->name != NULL; row++) {
        if (strcmp(row->name, name) == 0) {
            return row;
        }
    }
    return NULL;
}

const struct option_given *options_given(const struct option_given *given, const char *name) {
    for (; given != NULL && given->name != NULL; given++) {
        if (strcmp(given->name, name) == 0) {
            return given;
        }
    }
    return NULL;
}

// A name that several commands take is one to getopt. `all` has room for OPTIONS_MAX and an end.
static void gather(const struct option_row *const *tables, struct option *all) {
    int count = 0;
    for (; *tables != NULL; tables++) {
        for (const struct option_row *row = *tables; row->name != NULL; row++) {
            int known = 0;
            while (known < count && strcmp(all[known].name, row->name) != 0) {
                known++;
            }
            assert(known < OPTIONS_MAX);
            all[known] = (struct option){row->name, row->argument != NULL ? required_argument : no_argument, NULL,
                                         LONG_FIRST + known};
            count += known == count;
        }
    }
    all[count] = (struct option){.name = NULL};
}

static void take(struct option_given *given, const char *name, const char *text) {
    while (given->name != NULL && strcmp(given->name, name) != 0) {
        given++;
    }
    *given = (struct option_given){.name = name, .text = text};
}

int options_split(int count, char **arguments, const struct option_row *const *tables,
                  struct option_given given[OPTIONS_MAX + 1]) {
    struct option all[OPTIONS_MAX + 1];
    int option;
    gather(tables, all);
    memset(given, 0, (OPTIONS_MAX + 1) * sizeof *given);
    opterr = 0; // the sentences are ours
    while ((option = getopt_long(count, arguments, ":h", all, NULL)) != -1) {
        if (option >= LONG_FIRST) {
            take(given, all[option - LONG_FIRST].name, optarg);
        } else if (option == 'h') {
            take(given, "help", NULL);
        } else if (option == ':') {
            ctl_complain("%s needs a value; --help says which.", arguments[optind - 1]);
            return -1;
        } else {
            ctl_complain("There is no option %s; --help lists them.", arguments[optind - 1]);
            return -1;
        }
    }
    return optind;
}
