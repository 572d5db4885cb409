// The names of outcomes.
#include "daemon/core/record.h"

#include <string.h>

static const char *const OUTCOME_NAMES[] = {
    [OUTCOME_RUNNING] = "running",         [OUTCOME_FINISHED] = "finished", [OUTCOME_ENDED_EARLY] = "ended-early",
    [OUTCOME_INTERRUPTED] = "interrupted", [OUTCOME_NOT_MINE] = "not-mine",
};

const char *outcome_name(enum outcome outcome) {
    return OUTCOME_NAMES[outcome];
}

bool outcome_parse(const char *name, enum outcome *outcome) {
    for (size_t i = 0; i < sizeof OUTCOME_NAMES / sizeof *OUTCOME_NAMES; i++) {
        if (strcmp(name, OUTCOME_NAMES[i]) == 0) {
            *outcome = (enum outcome)i;
            return true;
        }
    }
    return false;
}
