// karanictl help: what commands there are, or how one is used.
#include "daemon/ctl/help.h"

#include "daemon/ctl/registry.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COLUMN = 29 }; // of the words of explanation; longer terms have a line of their own

static void print_term(const char *first, const char *second, const char *explanation) {
    char term[128];
    int length = snprintf(term, sizeof term, "%s%s%s", first, second != NULL ? " " : "", second != NULL ? second : "");
    if (length > COLUMN) {
        printf("  %s\n  %-*s  %s\n", term, COLUMN, "", explanation);
    } else {
        printf("  %-*s  %s\n", COLUMN, term, explanation);
    }
}

static void print_options(const struct option_row *rows) {
    for (const struct option_row *row = rows; row != NULL && row->name != NULL; row++) {
        char option[32];
        snprintf(option, sizeof option, "--%s", row->name);
        print_term(option, row->argument, row->help);
    }
}

void help_print(void) {
    puts("Usage: karanictl [OPTION]... COMMAND\n\n"
         "The owner's tool of Karani: what the diary says, corrections of it, and what there is.\n");
    for (const struct command *const *command = registry_commands; *command != NULL; command++) {
        print_term((*command)->name, (*command)->operands, (*command)->summary);
    }
    puts("\nEvery command takes these, and those that karanictl help COMMAND lists:\n");
    print_options(registry_options);
}

void help_print_command(const struct command *command) {
    printf("Usage: karanictl %s%s%s%s\n\n", command->name, command->options != NULL ? " [OPTION]..." : "",
           command->operands != NULL ? " " : "", command->operands != NULL ? command->operands : "");
    printf("%c%s.\n\n", toupper((unsigned char)command->summary[0]), command->summary + 1);
    print_options(command->options);
    puts(command->options != NULL ? "\nAs every command:\n" : "As every command:\n");
    print_options(registry_options);
}

static int run(const struct ctl *ctl) {
    int used;
    if (ctl->arguments[0] == NULL) {
        help_print();
        return EXIT_SUCCESS;
    }
    const struct command *command = registry_find(ctl->arguments, &used);
    if (command == NULL || ctl->arguments[used] != NULL) {
        return ctl_complain_of_usage("There is no command \"%s%s%s\"; --help lists them.", ctl->arguments[0],
                                     ctl->arguments[1] != NULL ? " " : "",
                                     ctl->arguments[1] != NULL ? ctl->arguments[1] : "");
    }
    help_print_command(command);
    return EXIT_SUCCESS;
}

const struct command help_command = {
    .name = "help",
    .operands = "[COMMAND]",
    .summary = "this list, or how a command is used",
    .operands_max = 2, // words of its name
    .without_settings = true,
    .run = run,
};
