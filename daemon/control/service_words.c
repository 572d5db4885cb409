// The interface io.karani in Varlink's own language, and its errors.
#include "daemon/control/service_inside.h"

#include <string.h>

const char service_description[] =
    "# Karani, the bedside device: what it shows, and corrections of its diary\n"
    "interface io.karani\n"
    "\n"
    "# What the glass shows, and how the device is; the same as status.json\n"
    "# troubles are by part (storage, diary, panel, board); trouble is the worst of them\n"
    "method GetStatus() -> (\n"
    "  page: string,\n"
    "  text: string,\n"
    "  night: ?string,\n"
    "  minutes_left: ?int,\n"
    "  clock: string,\n"
    "  kept: bool,\n"
    "  panel: string,\n"
    "  trouble: ?string,\n"
    "  troubles: [string]string,\n"
    "  trouble_of: ?string,\n"
    "  running: bool\n"
    ")\n"
    "\n"
    "# Karani's time, and where it comes from: unset, restored, rtc, set or synced\n"
    "method GetClock() -> (utc: string, local: string, zone: string, clock: string)\n"
    "\n"
    "# Sets it, as on the glass; local is YYYY-MM-DD HH:MM\n"
    "method SetClock(local: string) -> (utc: string, local: string, zone: string, clock: string)\n"
    "\n"
    "type LogEntry (at: string, event: string, text: string)\n"
    "\n"
    "# The last refreshes and faults since the daemon was started, oldest first\n"
    "method GetLog() -> (entries: []LogEntry)\n"
    "\n"
    "# Adds a session that Karani has not seen: night (YYYY-MM-DD) or started (YYYY-MM-DD HH:MM, local time) is "
    "needed\n"
    "method Add(\n"
    "  night: ?string,\n"
    "  started: ?string,\n"
    "  held_s: int,\n"
    "  planned_s: ?int,\n"
    "  outcome: ?string,\n"
    "  variant: ?string,\n"
    "  routine: ?string,\n"
    "  note: ?string\n"
    ") -> (uuid: string, changed: bool)\n"
    "\n"
    "# Corrects what is given of a session; id is its uuid, or the beginning of it\n"
    "method Edit(\n"
    "  id: string,\n"
    "  night: ?string,\n"
    "  started: ?string,\n"
    "  held_s: ?int,\n"
    "  planned_s: ?int,\n"
    "  outcome: ?string,\n"
    "  variant: ?string,\n"
    "  routine: ?string,\n"
    "  note: ?string\n"
    ") -> (uuid: string, changed: bool)\n"
    "\n"
    "# Takes a session out of the diary, which keeps it among its changes\n"
    "method Delete(id: string) -> (uuid: string, changed: bool)\n"
    "\n"
    "# Marks the nights from first to last away, or takes their marks off; nights is how many were not so yet\n"
    "method SetAway(first: string, last: ?string, clear: ?bool) -> (nights: int)\n"
    "\n"
    "# Takes the sessions and away nights that the diary has not from the text of a CSV or JSON Lines file, or "
    "nothing\n"
    "method Import(text: string) -> (sessions: int, known: int, nights: int)\n"
    "\n"
    "# A value that cannot be; parameter names it\n"
    "error WrongValue (parameter: string, reason: string)\n"
    "error NoSuchSession (reason: string)\n"
    "error AmbiguousId (reason: string)\n"
    "# The session is not over\n"
    "error SessionInUse (reason: string)\n"
    "# The file is refused as a whole\n"
    "error BadRow (line: int, reason: string)\n"
    "# The diary cannot be read or written; nothing was changed\n"
    "error NotKept (reason: string)\n"
    "# What came is no call; the connection ends\n"
    "error BadMessage (reason: string)\n";

static const char *const errors[CORRECTION_VERDICTS] = {
    [CORRECTION_WRONG] = SERVICE_INTERFACE ".WrongValue",
    [CORRECTION_UNKNOWN] = SERVICE_INTERFACE ".NoSuchSession",
    [CORRECTION_AMBIGUOUS] = SERVICE_INTERFACE ".AmbiguousId",
    [CORRECTION_IN_USE] = SERVICE_INTERFACE ".SessionInUse",
    [CORRECTION_BAD_ROW] = SERVICE_INTERFACE ".BadRow",
    [CORRECTION_NOT_KEPT] = SERVICE_INTERFACE ".NotKept",
};

const char *service_error_of(enum correction_verdict verdict) {
    return errors[verdict];
}

enum correction_verdict service_verdict_of(const char *sentence) {
    for (int i = 0; i < CORRECTION_VERDICTS; i++) {
        if (errors[i] != NULL && strcmp(errors[i], sentence) == 0) {
            return (enum correction_verdict)i;
        }
    }
    return CORRECTION_VERDICTS;
}
