/*
 * What a system call costs on this machine: getppid(2), which does next to nothing, 200,000 times.
 *
 *   limit-call
 *
 * Prints the median of nine such averages in nanoseconds.
 */
#include "limit.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { ROUNDS = 9, CALLS = 200000 };

static int compare(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

int main(void) {
    double nanos[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
        int64_t began = now_nanos();
        for (int i = 0; i < CALLS; i++)
            syscall(SYS_getppid);
        nanos[round] = (double)(now_nanos() - began) / CALLS;
    }
    qsort(nanos, ROUNDS, sizeof nanos[0], compare);
    printf("%.0f\n", nanos[ROUNDS / 2]);
    return 0;
}
