// What the options of add and edit say of a session, made a correction.
#include "daemon/ctl/correct/said.h"

const struct option_row ctl_said_options[] = {
    {.name = "night", .argument = "YYYY-MM-DD", .help = "The night of the session: the date of its evening."},
    {.name = "started", .argument = "\"YYYY-MM-DD HH:MM\"", .help = "When it began, on the wall clock where it was."},
    {"minutes", "N", "How long it was held, overtime included.", option_read_number, 1},
    {"held", "SECONDS", "The same, in seconds.", option_read_number, 0},
    {"planned", "SECONDS", "How long it was meant to be.", option_read_number, 0},
    {.name = "outcome", .argument = "finished|ended-early|interrupted|not-mine", .help = "How it ended."},
    {.name = "variant", .argument = "NAME", .help = "Which variant of the posture was practised."},
    {.name = "routine", .argument = "NAME", .help = "Which routine was practised."},
    {.name = "note", .argument = "TEXT", .help = "A note; an empty one takes it away."},
    {.name = NULL},
};

bool ctl_said(const struct ctl *ctl, enum correction_kind kind, struct correction *correction) {
    if (ctl_has(ctl, "minutes") && ctl_has(ctl, "held")) {
        ctl_complain("--minutes and --held say the same thing; give one of them.");
        return false;
    }
    *correction = correction_of(kind);
    correction->night = ctl_text(ctl, "night");
    correction->started = ctl_text(ctl, "started");
    correction->outcome = ctl_text(ctl, "outcome");
    correction->variant = ctl_text(ctl, "variant");
    correction->routine = ctl_text(ctl, "routine");
    correction->note = ctl_text(ctl, "note");
    correction->held_s = ctl_has(ctl, "minutes") ? ctl_number(ctl, "minutes", 0) * 60 : ctl_number(ctl, "held", -1);
    correction->planned_s = ctl_number(ctl, "planned", -1);
    return true;
}
