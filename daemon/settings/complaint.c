// A complaint as one sentence.
#include "daemon/settings/complaint.h"

#include <stdarg.h>
#include <stdlib.h>

void complaint_tell(complaint_listener *listener, void *context, struct complaint about, const char *format, ...) {
    char *sentence;
    va_list arguments;
    va_start(arguments, format);
    int length = vasprintf(&sentence, format, arguments);
    va_end(arguments);
    if (length < 0) {
        return;
    }
    about.sentence = sentence;
    listener(context, &about);
    free(sentence);
}

static void print_file(const struct complaint *complaint, FILE *to) {
    if (complaint->file == NULL) {
        return;
    }
    if (complaint->line > 0) {
        fprintf(to, "%s:%d: ", complaint->file, complaint->line);
    } else {
        fprintf(to, "%s: ", complaint->file);
    }
}

static void print_whole(const struct complaint *complaint, FILE *to) {
    print_file(complaint, to);
    if (complaint->key != NULL && !complaint->says_key) {
        fprintf(to, "[%s] %s: ", complaint->group, complaint->key);
    }
    fputs(complaint->sentence, to);
}

char *complaint_format(const struct complaint *complaint) {
    char *text = NULL;
    size_t size;
    FILE *to = open_memstream(&text, &size);
    if (to == NULL) {
        return NULL;
    }
    print_whole(complaint, to);
    if (fclose(to) != 0) {
        free(text);
        return NULL;
    }
    return text;
}

void complaint_print(const struct complaint *complaint, const char *before, FILE *to) {
    fputs(before, to);
    print_whole(complaint, to);
    fputc('\n', to);
}
