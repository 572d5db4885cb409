// What the control socket offers: org.varlink.service and io.karani. A message in, a message out; who carries it out is
// the host. Sockets are daemon/control/clients.h.
#ifndef KARANI_DAEMON_CONTROL_SERVICE_H
#define KARANI_DAEMON_CONTROL_SERVICE_H

#include "daemon/control/correction.h"
#include "daemon/core/clock.h"

#include <json-glib/json-glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SERVICE_INTERFACE "io.karani"

// How Karani's time stands.
struct service_clock {
    int64_t utc_s;
    int64_t local_s;
    const char *zone;
    enum clock_quality quality;
};

// The device behind the socket.
struct service_host {
    JsonObject *(*get_status)(void *context); // as status.json has it; NULL: none yet. Unref'd by the service
    void (*get_clock)(void *context, struct service_clock *clock);
    void (*set_clock)(void *context, int64_t local_s);    // as if it had been set on the glass
    void (*get_log)(void *context, JsonBuilder *builder); // adds the objects of an array
    void (*correct)(void *context, const struct correction *correction, struct correction_result *result);
    void *context;
};

// The first and the last day that the clock can be set to, as on the glass.
bool service_clock_can_be(int64_t local_s);

struct service_answer {
    char *text;   // to be g_free()d and sent with its NUL; NULL: no answer is wanted
    bool hang_up; // once it has been sent: what comes next could not be understood
};

struct service_answer service_handle(const struct service_host *host, const char *text, size_t size);

// For those who did not even send a message: too long, too slow.
char *service_refuse(const char *reason);

// The error that stands for a verdict, and the verdict of an error ("io.karani.NoSuchSession"); CORRECTION_DONE where
// there is none, CORRECTION_VERDICTS where the error is none of a correction.
const char *service_error_of(enum correction_verdict verdict);
enum correction_verdict service_verdict_of(const char *error);

#endif
