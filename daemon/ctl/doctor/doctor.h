// What `karanictl doctor` looks at, one part a function.
#ifndef KARANI_DAEMON_CTL_DOCTOR_DOCTOR_H
#define KARANI_DAEMON_CTL_DOCTOR_DOCTOR_H

#include "daemon/ctl/command.h"

#include <stdbool.h>

enum { DOCTOR_TEXT_SIZE = 512 };

// What was found in one part: nothing wrong, or the worst of it and what to do.
struct finding {
    bool wrong;
    char text[DOCTOR_TEXT_SIZE]; // of a part that is well, a remark; "" when there is none
};

struct setup;

struct patient {
    const struct ctl *ctl;
    JsonObject *status;               // what the running daemon says of itself; NULL: it does not run
    struct setup *setup;              // NULL: none can be made
    char complaint[DOCTOR_TEXT_SIZE]; // the first about settings, board or routine
};

// The first thing that is wrong stays.
void finding_set(struct finding *finding, const char *format, ...) __attribute__((format(printf, 2, 3)));
void finding_remark(struct finding *finding, const char *format, ...) __attribute__((format(printf, 2, 3)));

// What the daemon calls wrong with one part.
void finding_take_trouble(struct finding *finding, const struct patient *patient, const char *part);

typedef void doctor_look(const struct patient *patient, struct finding *finding);

doctor_look doctor_storage;
doctor_look doctor_diary;
doctor_look doctor_clock;
doctor_look doctor_panel;
doctor_look doctor_board;
doctor_look doctor_permissions;

#endif
