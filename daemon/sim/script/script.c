// Reads the simulator's scripts: every line is checked against the time and the power that those before it have
// brought about.
#include "daemon/sim/script/script.h"

#include "daemon/sim/clocks.h"
#include "daemon/sim/script/grammar.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

// What the lines read so far have brought about.
struct reader {
    struct script *script;
    const char *name;
    struct zone *zone; // the one last named; owned
    int line;
    bool begun;     // an `at` was seen: there is a time
    bool power;     // the device has power
    int64_t now_ms; // the world's time, UTC
    char *error;
    size_t error_size;
};

__attribute__((format(printf, 2, 3))) static int reader_complain(struct reader *reader, const char *format, ...) {
    va_list arguments;
    int length = snprintf(reader->error, reader->error_size, "%s:%d: ", reader->name, reader->line);

    if (length < 0 || (size_t)length >= reader->error_size) {
        return -EINVAL;
    }
    va_start(arguments, format);
    vsnprintf(reader->error + length, reader->error_size - (size_t)length, format, arguments);
    va_end(arguments);
    return -EINVAL;
}

// What needs power, or a time, must find it.
static int reader_check_power(struct reader *reader, const struct grammar_form *form) {
    if (!reader->begun && (form->command == SCRIPT_POWER_ON || !form->without_power)) {
        return reader_complain(reader, "expected `at` before it, which sets the clock and switches on, got `%s`",
                               form->pattern);
    }
    if (!reader->power && !form->without_power) {
        return reader_complain(reader, "expected a command that needs no power, or `power on` before it, got `%s`",
                               form->pattern);
    }
    if (reader->power && form->command == SCRIPT_POWER_ON) {
        return reader_complain(reader, "expected `power cut` before it, got `%s`", form->pattern);
    }
    return 0;
}

static int reader_check_at(struct reader *reader, const struct script_step *step) {
    if (reader->begun && step->utc_ms < reader->now_ms) {
        int64_t late_s = (reader->now_ms - step->utc_ms + 999) / 1000;

        return reader_complain(reader, "expected a time that is not over, got one %" PRId64 " s before now", late_s);
    }
    if (step->utc_ms < 0 || step->utc_ms >= CLOCKS_SET_UNTIL_MS) {
        return reader_complain(reader, "expected a time that a clock can be set to, 1970 to April 2232");
    }
    reader->power = reader->power || !reader->begun;
    reader->begun = true;
    reader->now_ms = step->utc_ms;
    return 0;
}

// Brings about what the step does to time, zone and power.
static int reader_follow(struct reader *reader, const struct script_step *step) {
    switch (step->command) {
    case SCRIPT_AT:
        return reader_check_at(reader, step);
    case SCRIPT_ZONE:
        zone_unref(reader->zone);
        reader->zone = zone_ref(step->zone);
        return 0;
    case SCRIPT_POWER_CUT:
        reader->power = false;
        return 0;
    case SCRIPT_POWER_ON:
        reader->power = true;
        reader->now_ms += step->ms;
        return 0;
    case SCRIPT_WAIT:
    case SCRIPT_PRESS:
    case SCRIPT_HOLD:
    case SCRIPT_BOUNCE:
        reader->now_ms += step->ms;
        return 0;
    case SCRIPT_RESTART:
    case SCRIPT_RTC:
    case SCRIPT_CLOCK_STEP:
    case SCRIPT_CLOCK_SYNC:
    case SCRIPT_BUSY:
    case SCRIPT_PANEL:
    case SCRIPT_DISK:
    case SCRIPT_EXPECT_PAGE:
    case SCRIPT_EXPECT_MINUTES:
    case SCRIPT_EXPECT_TEXT:
    case SCRIPT_EXPECT_REFRESH:
    case SCRIPT_EXPECT_ASLEEP:
    case SCRIPT_SNAPSHOT:
        return 0;
    }
    return 0;
}

static int script_append(struct script *script, const struct script_step *step) {
    // Grows at every power of two.
    if ((script->count & (script->count - 1)) == 0) {
        size_t room = script->count == 0 ? 1 : 2 * script->count;
        struct script_step *steps = reallocarray(script->steps, room, sizeof *steps);

        if (steps == NULL) {
            return -ENOMEM;
        }
        script->steps = steps;
    }
    script->steps[script->count++] = *step;
    return 0;
}

// Reads one line; an empty one, or one with a comment only, is no step.
static int reader_take_line(struct reader *reader, char *line) {
    const struct grammar_form *form = NULL;
    struct script_step step;
    char complaint[640];
    int error = grammar_read_line(line, reader->zone, &step, &form, complaint, sizeof complaint);

    if (error < 0) {
        return reader_complain(reader, "%s", complaint);
    }
    if (error == 0) {
        return 0;
    }
    step.line = reader->line;
    error = reader_check_power(reader, form);
    if (error == 0) {
        error = reader_follow(reader, &step);
    }
    if (error == 0) {
        error = script_append(reader->script, &step);
    }
    if (error == -ENOMEM) {
        reader_complain(reader, "memory is out");
    }
    if (error < 0) {
        grammar_clear_step(&step);
    }
    return error;
}

static int reader_take_file(struct reader *reader, FILE *file) {
    char *line = NULL;
    size_t room = 0;
    ssize_t length;
    int error = 0;

    while (error == 0 && (length = getline(&line, &room, file)) >= 0) {
        reader->line++;
        if (strlen(line) != (size_t)length) {
            error = reader_complain(reader, "expected text, got a NUL byte");
        } else {
            error = reader_take_line(reader, line);
        }
    }
    if (error == 0 && ferror(file)) {
        reader_complain(reader, "the script cannot be read on: %s", strerror(errno));
        error = -EIO;
    }
    free(line);
    return error;
}

int script_read(struct script **script, FILE *file, const char *name, struct zone *zone, char *sentence,
                size_t sentence_size) {
    struct reader reader = {.name = name, .zone = zone_ref(zone), .error = sentence, .error_size = sentence_size};
    int error;

    assert(sentence_size > 0);
    sentence[0] = '\0';
    reader.script = calloc(1, sizeof *reader.script);
    if (reader.script == NULL) {
        snprintf(sentence, sentence_size, "%s: memory is out", name);
        error = -ENOMEM;
    } else {
        error = reader_take_file(&reader, file);
    }
    zone_unref(reader.zone);
    if (error < 0) {
        script_free(reader.script);
        return error;
    }
    *script = reader.script;
    return 0;
}

void script_free(struct script *script) {
    if (script == NULL) {
        return;
    }
    for (size_t i = 0; i < script->count; i++) {
        grammar_clear_step(&script->steps[i]);
    }
    free(script->steps);
    free(script);
}
