#ifndef AIKORE_RUNNER_BECOME_H
#define AIKORE_RUNNER_BECOME_H

/*
 * Turns this process into the program of the one request that comes on descriptor 3, which has a spawner's form, as the
 * user that it names; the working directory and descriptors 0 to 2 stay. README.md has more.
 * Returns the exit code when that does not come about.
 */
int become_main(void);

#endif
