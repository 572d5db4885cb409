// Counting the points at which something may fail, and failing there; memory, SQLite's and our own.
#include "tests/fault/fault.h"

#include <sqlite3.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

static struct {
    const struct fault_plan *plan; // NULL: nothing fails
    int64_t skip;
    int64_t times;
    int64_t failed;
} fault;

void fault_begin(const struct fault_plan *plan, int64_t skip, int64_t times) {
    fault.plan = plan;
    fault.skip = skip;
    fault.times = times;
    fault.failed = 0;
}

int64_t fault_end(void) {
    fault.plan = NULL;
    return fault.failed;
}

int fault_meet(enum fault_point point) {
    if (fault.plan == NULL || fault.plan->answers[point] == 0 || fault.failed == fault.times) {
        return 0;
    }
    if (fault.skip > 0) {
        fault.skip--;
        return 0;
    }
    fault.failed++;
    return fault.plan->answers[point];
}

// ---- SQLite's memory ----

static sqlite3_mem_methods real_memory;

static void *failing_malloc(int size) {
    return fault_meet(FAULT_SQLITE_MEMORY) != 0 ? NULL : real_memory.xMalloc(size);
}

static void *failing_realloc(void *memory, int size) {
    return fault_meet(FAULT_SQLITE_MEMORY) != 0 ? NULL : real_memory.xRealloc(memory, size);
}

int fault_install(void) {
    int result = sqlite3_config(SQLITE_CONFIG_GETMALLOC, &real_memory);
    sqlite3_mem_methods failing = real_memory;
    failing.xMalloc = failing_malloc;
    failing.xRealloc = failing_realloc;
    if (result == SQLITE_OK) {
        result = sqlite3_config(SQLITE_CONFIG_MALLOC, &failing);
    }
    // Without the small blocks that each connection keeps aside: every allocation is to be seen.
    if (result == SQLITE_OK) {
        result = sqlite3_config(SQLITE_CONFIG_LOOKASIDE, 0, 0);
    }
    return result == SQLITE_OK && fault_install_system() == 0 && fault_install_vfs() == 0 ? 0 : -1;
}

// ---- our own memory ----

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *memory, size_t size);
void *__real_reallocarray(void *memory, size_t count, size_t size);
char *__real_strdup(const char *text);
char *__real_strndup(const char *text, size_t size);

void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *memory, size_t size);
void *__wrap_reallocarray(void *memory, size_t count, size_t size);
char *__wrap_strdup(const char *text);
char *__wrap_strndup(const char *text, size_t size);
int __wrap_vasprintf(char **text, const char *format, va_list arguments);
int __wrap_asprintf(char **text, const char *format, ...);

void *__wrap_malloc(size_t size) {
    return fault_meet(FAULT_OWN_MEMORY) != 0 ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size) {
    return fault_meet(FAULT_OWN_MEMORY) != 0 ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *memory, size_t size) {
    return fault_meet(FAULT_OWN_MEMORY) != 0 ? NULL : __real_realloc(memory, size);
}

void *__wrap_reallocarray(void *memory, size_t count, size_t size) {
    return fault_meet(FAULT_OWN_MEMORY) != 0 ? NULL : __real_reallocarray(memory, count, size);
}

char *__wrap_strdup(const char *text) {
    return fault_meet(FAULT_OWN_MEMORY) != 0 ? NULL : __real_strdup(text);
}

char *__wrap_strndup(const char *text, size_t size) {
    return fault_meet(FAULT_OWN_MEMORY) != 0 ? NULL : __real_strndup(text, size);
}

// On failure the pointer is whatever it is; here it is none that could be freed.
int __wrap_vasprintf(char **text, const char *format, va_list arguments) {
    va_list again;
    va_copy(again, arguments);
    int size = vsnprintf(NULL, 0, format, again);
    va_end(again);
    char *made = fault_meet(FAULT_OWN_MEMORY) != 0 ? NULL : __real_malloc((size_t)size + 1);
    *text = made != NULL ? made : (char *)8;
    return made != NULL ? vsnprintf(made, (size_t)size + 1, format, arguments) : -1;
}

int __wrap_asprintf(char **text, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    int size = __wrap_vasprintf(text, format, arguments);
    va_end(arguments);
    return size;
}
