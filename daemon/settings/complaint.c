// A complaint as one sentence.
#include "daemon/settings/complaint.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

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

// A name that has no room is not said at all: half a name misleads.
static void keep_name(char kept[PAGE_PLACE_NAME_SIZE], const char *name) {
    bool fits = name != NULL && strlen(name) < PAGE_PLACE_NAME_SIZE;
    snprintf(kept, PAGE_PLACE_NAME_SIZE, "%s", fits ? name : "");
}

void complaint_note(struct complaint_first *first, const struct complaint *complaint) {
    if (first->there) {
        return;
    }
    const char *slash = complaint->file != NULL ? strrchr(complaint->file, '/') : NULL;
    first->there = true;
    first->place.line = complaint->line;
    keep_name(first->place.file, slash != NULL ? slash + 1 : complaint->file);
    keep_name(first->place.key, complaint->key);
}

const struct page_place *complaint_place(const struct complaint_first *first) {
    return first->there ? &first->place : NULL;
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
