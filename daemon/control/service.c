// Calls of methods: which there are, their parameters, their answers.
#include "daemon/control/service_inside.h"

#include "daemon/control/varlink.h"
#include "daemon/diary/text/object.h"
#include "daemon/diary/text/rows.h"

#include <string.h>

#define STANDARD "org.varlink.service"

// The last day that the glass offers, and the first.
enum { YEAR_FIRST = 2026, YEAR_LAST = 2099, DAY_S = 24 * 60 * 60, NAME_SIZE = 64 };

// A method's work; the parameters are those it knows. The text of its answer.
typedef char *answer_method(const struct service_host *host, JsonObject *parameters);

// Answers to be ended: with the one parameter that Varlink's own errors have.
static char *fail(const char *sentence, const char *name, const char *text) {
    JsonBuilder *builder = varlink_begin_error(sentence);
    object_add_text(builder, name, text);
    return varlink_end(builder);
}

char *service_refuse(const char *reason) {
    return fail(SERVICE_INTERFACE ".BadMessage", "reason", reason);
}

// ---- org.varlink.service ----

static char *get_info(const struct service_host *host, JsonObject *parameters) {
    (void)host;
    (void)parameters;
    JsonBuilder *builder = varlink_begin_reply();
    object_add_text(builder, "vendor", "Karani");
    object_add_text(builder, "product", "Karani");
    object_add_text(builder, "version", KARANI_VERSION);
    object_add_text(builder, "url", "man:karanid(8)");
    json_builder_set_member_name(builder, "interfaces");
    json_builder_begin_array(builder);
    json_builder_add_string_value(builder, STANDARD);
    json_builder_add_string_value(builder, SERVICE_INTERFACE);
    json_builder_end_array(builder);
    return varlink_end(builder);
}

// As varlink.org has it.
static const char standard_description[] =
    "# What every Varlink service tells of itself\n"
    "interface org.varlink.service\n"
    "\n"
    "method GetInfo() -> (vendor: string, product: string, version: string, url: string, interfaces: []string)\n"
    "\n"
    "method GetInterfaceDescription(interface: string) -> (description: string)\n"
    "\n"
    "error InterfaceNotFound (interface: string)\n"
    "error MethodNotFound (method: string)\n"
    "error MethodNotImplemented (method: string)\n"
    "error InvalidParameter (parameter: string)\n"
    "error PermissionDenied ()\n"
    "error ExpectedMore ()\n";

static char *get_description(const struct service_host *host, JsonObject *parameters) {
    (void)host;
    const char *name = object_text(parameters, "interface");
    const bool ours = strcmp(name, SERVICE_INTERFACE) == 0;
    if (!ours && strcmp(name, STANDARD) != 0) {
        return fail(STANDARD ".InterfaceNotFound", "interface", name);
    }
    JsonBuilder *builder = varlink_begin_reply();
    object_add_text(builder, "description", ours ? service_description : standard_description);
    return varlink_end(builder);
}

// ---- what the device tells ----

// In the status's own order.
static void add_member(JsonObject *object, const gchar *name, JsonNode *node, gpointer builder) {
    (void)object;
    json_builder_set_member_name(builder, name);
    json_builder_add_value(builder, json_node_copy(node));
}

static char *get_status(const struct service_host *host, JsonObject *parameters) {
    (void)parameters;
    JsonBuilder *builder = varlink_begin_reply();
    JsonObject *status = host->get_status(host->context);
    if (status != NULL) {
        json_object_foreach_member(status, add_member, builder);
        json_object_unref(status);
    }
    return varlink_end(builder);
}

static char *get_clock(const struct service_host *host, JsonObject *parameters) {
    (void)parameters;
    struct service_clock clock;
    host->get_clock(host->context, &clock);
    char utc[ROWS_TIME_SIZE], local[ROWS_TIME_SIZE];
    rows_format_utc(clock.utc_s, utc);
    rows_format_utc(clock.local_s, local); // "2026-03-01T21:40:00Z": a wall clock's reading has no zone
    local[strlen("2026-03-01")] = ' ';
    local[strlen("2026-03-01 21:40:00")] = '\0';
    JsonBuilder *builder = varlink_begin_reply();
    object_add_text(builder, "utc", utc);
    object_add_text(builder, "local", local);
    object_add_text(builder, "zone", clock.zone);
    object_add_text(builder, "clock", clock_quality_name(clock.quality));
    return varlink_end(builder);
}

bool service_clock_can_be(int64_t local_s) {
    return local_s >= (int64_t)night_from_date(YEAR_FIRST, 1, 1) * DAY_S &&
           local_s < (int64_t)night_from_date(YEAR_LAST + 1, 1, 1) * DAY_S;
}

static char *set_clock(const struct service_host *host, JsonObject *parameters) {
    int64_t local_s;
    if (!correction_parse_local(object_text(parameters, "local"), &local_s) || !service_clock_can_be(local_s)) {
        return fail(STANDARD ".InvalidParameter", "parameter", "local");
    }
    host->set_clock(host->context, local_s);
    return get_clock(host, parameters);
}

static char *get_log(const struct service_host *host, JsonObject *parameters) {
    (void)parameters;
    JsonBuilder *builder = varlink_begin_reply();
    json_builder_set_member_name(builder, "entries");
    json_builder_begin_array(builder);
    host->get_log(host->context, builder);
    json_builder_end_array(builder);
    return varlink_end(builder);
}

// ---- corrections ----

static char *refuse_correction(const struct correction_result *result) {
    JsonBuilder *builder = varlink_begin_error(service_error_of(result->verdict));
    if (result->verdict == CORRECTION_WRONG) {
        object_add_text(builder, "parameter", result->member);
    }
    if (result->verdict == CORRECTION_BAD_ROW) {
        object_add_integer(builder, "line", result->line);
    }
    object_add_text(builder, "reason", result->sentence);
    return varlink_end(builder);
}

static char *correct(const struct service_host *host, enum correction_kind kind, JsonObject *parameters) {
    struct correction correction;
    struct correction_result result;
    const char *member;
    if (!correction_read(kind, parameters, &correction, &member)) {
        return fail(STANDARD ".InvalidParameter", "parameter", member);
    }
    host->correct(host->context, &correction, &result);
    if (service_error_of(result.verdict) != NULL) {
        return refuse_correction(&result);
    }
    JsonBuilder *builder = varlink_begin_reply();
    if (kind == CORRECTION_IMPORT) {
        object_add_integer(builder, "sessions", (int64_t)result.sessions);
        object_add_integer(builder, "known", (int64_t)result.known);
    }
    if (kind == CORRECTION_IMPORT || kind == CORRECTION_AWAY) {
        object_add_integer(builder, "nights", (int64_t)result.nights);
    } else {
        object_add_text(builder, "uuid", result.uuid);
        object_add_yes(builder, "changed", result.verdict == CORRECTION_DONE);
    }
    return varlink_end(builder);
}

// ---- which method ----

// Besides the corrections. Each takes one text, or nothing.
static const struct method {
    const char *name;
    const char *parameter;
    answer_method *answer;
} methods[] = {
    {STANDARD ".GetInfo", NULL, get_info},
    {STANDARD ".GetInterfaceDescription", "interface", get_description},
    {SERVICE_INTERFACE ".GetStatus", NULL, get_status},
    {SERVICE_INTERFACE ".GetClock", NULL, get_clock},
    {SERVICE_INTERFACE ".SetClock", "local", set_clock},
    {SERVICE_INTERFACE ".GetLog", NULL, get_log},
};

static char *call_method(const struct service_host *host, const struct method *method, JsonObject *parameters) {
    JsonObjectIter iterator;
    const char *name;
    json_object_iter_init(&iterator, parameters);
    while (json_object_iter_next(&iterator, &name, NULL)) {
        if (method->parameter == NULL || strcmp(name, method->parameter) != 0) {
            return fail(STANDARD ".InvalidParameter", "parameter", name);
        }
    }
    if (method->parameter != NULL && object_text(parameters, method->parameter) == NULL) {
        return fail(STANDARD ".InvalidParameter", "parameter", method->parameter);
    }
    return method->answer(host, parameters);
}

static char *refuse_method(const char *name) {
    char interface[NAME_SIZE];
    const char *dot = strrchr(name, '.');
    size_t length = dot != NULL ? (size_t)(dot - name) : 0;
    if (length == strlen(STANDARD) && strncmp(name, STANDARD, length) == 0) {
        return fail(STANDARD ".MethodNotFound", "method", name);
    }
    if (length == strlen(SERVICE_INTERFACE) && strncmp(name, SERVICE_INTERFACE, length) == 0) {
        return fail(STANDARD ".MethodNotFound", "method", name);
    }
    g_strlcpy(interface, name, length < sizeof interface ? length + 1 : sizeof interface);
    const char *end;
    (void)g_utf8_validate(interface, -1, &end); // a character may have been cut in two
    interface[end - interface] = '\0';
    return fail(STANDARD ".InterfaceNotFound", "interface", interface);
}

static char *dispatch(const struct service_host *host, const struct varlink_call *call) {
    if (call->upgrade) {
        return fail(STANDARD ".InvalidParameter", "parameter", "upgrade");
    }
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
        if (strcmp(call->method, methods[i].name) == 0) {
            return call_method(host, &methods[i], call->parameters);
        }
    }
    for (int kind = 0; kind < CORRECTION_KINDS; kind++) {
        static const char ours[] = SERVICE_INTERFACE ".";
        if (strncmp(call->method, ours, sizeof ours - 1) == 0 &&
            strcmp(call->method + sizeof ours - 1, correction_method((enum correction_kind)kind)) == 0) {
            return correct(host, (enum correction_kind)kind, call->parameters);
        }
    }
    return refuse_method(call->method);
}

struct service_answer service_handle(const struct service_host *host, const char *text, size_t size) {
    struct varlink_call call;
    if (!varlink_read_call(text, size, &call)) {
        return (struct service_answer){.text = service_refuse("This is no call of a method in JSON."), .hang_up = true};
    }
    struct service_answer answer = {.text = dispatch(host, &call)};
    if (call.oneway) {
        g_free(answer.text);
        answer.text = NULL;
    }
    varlink_call_clear(&call);
    return answer;
}
