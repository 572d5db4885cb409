// How a child ended, for tests that start programs.
#ifndef KARANI_TESTS_SUPPORT_CTL_CHILD_H
#define KARANI_TESTS_SUPPORT_CTL_CHILD_H

// Shows the whole of what a child said. (What cmocka prints ends after 1,023 characters.)
void child_show(const char *said);

// The exit status of a child with this wait status. One that was ended by a signal fails the test, and what it said,
// an assertion's message among it, is shown.
int child_exit_status(int status, const char *said);

#endif
