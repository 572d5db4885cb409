// Time limits that a busy machine does not run into. For the test programs only.
#ifndef KARANI_TESTS_SUPPORT_RUN_LIMIT_H
#define KARANI_TESTS_SUPPORT_RUN_LIMIT_H

// Ends this process, or what it becomes by exec, when it has used so many seconds of the processor, four times as many
// under an emulator (SIGXCPU); one that waits, ten times as long and ten minutes at least by the clock (SIGALRM). A
// limit that is set already, that of tests/run, is never raised.
void limit_processor_s(unsigned limit_s);

#endif
