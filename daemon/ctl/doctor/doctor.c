// karanictl doctor: part by part, whether all is well, or what is wrong and what to do. It reads and changes nothing.
#include "daemon/ctl/doctor/doctor.h"

#include "daemon/ctl/remote.h"
#include "daemon/diary/text/object.h"
#include "daemon/settings/setup.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name;
    doctor_look *look;
} PARTS[] = {
    {"storage", doctor_storage}, {"diary", doctor_diary}, {"clock", doctor_clock},
    {"panel", doctor_panel},     {"board", doctor_board}, {"permissions", doctor_permissions},
};

void finding_set(struct finding *finding, const char *format, ...) {
    if (finding->wrong) {
        return;
    }
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(finding->text, sizeof finding->text, format, arguments);
    va_end(arguments);
    finding->wrong = true;
}

void finding_remark(struct finding *finding, const char *format, ...) {
    if (finding->wrong || finding->text[0] != '\0') {
        return;
    }
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(finding->text, sizeof finding->text, format, arguments);
    va_end(arguments);
}

void finding_take_trouble(struct finding *finding, const struct patient *patient, const char *part) {
    if (patient->status == NULL) {
        return;
    }
    JsonNode *troubles = json_object_get_member(patient->status, "troubles");
    const char *worst_of = object_text(patient->status, "trouble_of");
    const char *trouble = NULL;
    if (troubles != NULL && JSON_NODE_HOLDS_OBJECT(troubles)) {
        trouble = object_text(json_node_get_object(troubles), part);
    } else if (worst_of != NULL && strcmp(worst_of, part) == 0) { // a daemon of before an upgrade
        trouble = object_text(patient->status, "trouble");
    }
    if (trouble != NULL) {
        finding_set(finding, "%s", trouble);
    }
}

static void hear_complaint(void *context, const struct complaint *complaint) {
    struct patient *patient = context;
    if (patient->complaint[0] == '\0') {
        char *sentence = complaint_format(complaint);
        snprintf(patient->complaint, sizeof patient->complaint, "%s", sentence != NULL ? sentence : "");
        free(sentence);
    }
}

// The settings are read once more, for their complaints; the set-up takes them over.
static void make_setup(struct patient *patient) {
    const struct ctl *ctl = patient->ctl;
    struct config *config = NULL;
    const char *path = ctl->config->path != NULL ? ctl->config->path : PATHS_CONFIG;
    config_read(&config, path, ctl->config->path == NULL, hear_complaint, patient);
    if (config != NULL) {
        setup_make(&patient->setup, config, ctl->paths, hear_complaint, patient);
    }
}

// Owned; NULL when no daemon says anything.
static JsonNode *read_status(const struct ctl *ctl) {
    char *text = NULL;
    JsonNode *root = NULL;
    // A daemon that has another state directory than the usual one has a socket all the same.
    if (ctl->status_path == NULL) {
        (void)ctl_ask_status(ctl, &root);
        return root;
    }
    if (!g_file_get_contents(ctl->status_path, &text, NULL, NULL)) {
        return NULL;
    }
    root = json_from_string(text, NULL);
    g_free(text);
    if (root != NULL && !JSON_NODE_HOLDS_OBJECT(root)) {
        json_node_unref(root);
        root = NULL;
    }
    return root;
}

static void add_finding(JsonBuilder *builder, const char *name, const struct finding *finding) {
    json_builder_set_member_name(builder, name);
    json_builder_begin_object(builder);
    json_builder_set_member_name(builder, "ok");
    json_builder_add_boolean_value(builder, !finding->wrong);
    ctl_add_text(builder, "text", finding->text[0] != '\0' ? finding->text : NULL);
    json_builder_end_object(builder);
}

static void print_finding(const char *name, const struct finding *finding) {
    if (finding->wrong) {
        printf("%-12s %s\n", name, finding->text);
    } else {
        printf("%-12s ok%s%s%s\n", name, finding->text[0] != '\0' ? " (" : "", finding->text,
               finding->text[0] != '\0' ? ")" : "");
    }
}

// Lists the parts that are not well in `unwell`.
static void look_at_all(const struct patient *patient, JsonBuilder *builder, GString *unwell) {
    for (size_t i = 0; i < sizeof PARTS / sizeof *PARTS; i++) {
        struct finding finding = {.wrong = false};
        PARTS[i].look(patient, &finding);
        if (finding.wrong) {
            g_string_append_printf(unwell, "%s%s", unwell->len > 0 ? ", " : "", PARTS[i].name);
        }
        if (ctl_has(patient->ctl, "json")) {
            add_finding(builder, PARTS[i].name, &finding);
        } else {
            print_finding(PARTS[i].name, &finding);
        }
    }
}

static int run(const struct ctl *ctl) {
    struct patient patient = {.ctl = ctl};
    JsonNode *status = read_status(ctl);
    patient.status = status != NULL ? json_node_get_object(status) : NULL;
    make_setup(&patient);
    JsonBuilder *builder = json_builder_new();
    json_builder_begin_object(builder);
    GString *unwell = g_string_new(NULL);
    look_at_all(&patient, builder, unwell);
    json_builder_end_object(builder);
    if (ctl_has(ctl, "json")) {
        ctl_print_json(builder);
    }
    g_object_unref(builder);
    setup_free(patient.setup);
    if (status != NULL) {
        json_node_unref(status);
    }
    fflush(stdout);
    int exit_status = unwell->len == 0 ? EXIT_SUCCESS : ctl_complain("Not all is well: %s.", unwell->str);
    g_string_free(unwell, TRUE);
    return exit_status;
}

static const struct option_row OPTIONS[] = {
    OPTION_ROW_JSON,
    {.name = NULL},
};

const struct command doctor_command = {
    .name = "doctor",
    .summary = "part by part, what is wrong and what to do",
    .options = OPTIONS,
    .run = run,
};
