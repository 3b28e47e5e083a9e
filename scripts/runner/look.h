#ifndef AIKORE_RUNNER_LOOK_H
#define AIKORE_RUNNER_LOOK_H

/*
 * Tells on stdout what the kernel shows of processes to their own user alone. It is for AiKore where it has another user
 * than the applications, and runs as theirs; README.md has the words and the answers.
 * Returns the exit code.
 */
int look_main(int argc, char **argv);

#endif
