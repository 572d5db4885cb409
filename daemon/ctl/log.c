// karanictl log: the last refreshes and faults of the running daemon.
#include "daemon/control/service.h"
#include "daemon/ctl/remote.h"
#include "daemon/diary/text/object.h"

#include <stdio.h>
#include <stdlib.h>

static void print_entries(const struct ctl *ctl, JsonArray *entries) {
    if (ctl_has(ctl, "json")) {
        JsonNode *node = json_node_alloc();
        json_node_init_array(node, entries);
        char *line = json_to_string(node, FALSE);
        puts(line);
        g_free(line);
        json_node_unref(node);
        return;
    }
    for (guint i = 0; i < json_array_get_length(entries); i++) {
        JsonObject *entry = json_array_get_object_element(entries, i);
        const char *at = object_text(entry, "at"), *event = object_text(entry, "event");
        const char *text = object_text(entry, "text");
        printf("%-20s  %-7s  %s\n", at != NULL ? at : "", event != NULL ? event : "", text != NULL ? text : "");
    }
}

static int print_log(const struct ctl *ctl, const struct varlink_reply *reply) {
    JsonNode *node = json_object_get_member(reply->parameters, "entries");
    if (reply->error != NULL || node == NULL || !JSON_NODE_HOLDS_ARRAY(node)) {
        return ctl_complain("The daemon does not understand; it may be of another version.");
    }
    print_entries(ctl, json_node_get_array(node));
    return EXIT_SUCCESS;
}

static int run(const struct ctl *ctl) {
    char socket[PATH_MAX];
    if (!ctl_find_daemon(ctl, socket)) {
        puts(ctl_has(ctl, "json")
                 ? "[]"
                 : "The daemon is not running, and has nothing to tell; journalctl -u karani has more.");
        return EXIT_SUCCESS;
    }
    struct varlink_reply reply;
    int error = ctl_call(socket, varlink_end(varlink_begin_call(SERVICE_INTERFACE ".GetLog")), &reply);
    if (error != 0) {
        return ctl_complain_of_call(ctl, error, NULL);
    }
    int exit_status = print_log(ctl, &reply);
    varlink_reply_clear(&reply);
    return exit_status;
}

static const struct option_row OPTIONS[] = {
    OPTION_ROW_JSON,
    {.name = NULL},
};

const struct command log_command = {
    .name = "log",
    .summary = "the last refreshes and faults, in UTC",
    .options = OPTIONS,
    .run = run,
};
