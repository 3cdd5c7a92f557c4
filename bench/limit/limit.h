/* What the limit's client and server share: checked system calls, a clock, a histogram, options. */
#ifndef LIMIT_H
#define LIMIT_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Ends the process with the call's name and errno: a bench with an unexplained error measures nothing. */
void die(const char *call) __attribute__((noreturn));

/* Ends the process with a sentence. */
void refuse(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));

/* Returns `result`, which is not negative; dies otherwise. */
int check(int result, const char *call);

/* CLOCK_MONOTONIC in nanoseconds. */
int64_t now_nanos(void);

/* setsockopt of an int. */
void set_int(int fd, int level, int option, int value);

/* SO_LINGER {1, 0}: the next close(2) sends RST (socket(7)). */
void linger_zero(int fd);

struct sockaddr_in address_of(const char *dotted, int port);

/* Writes the header of the HTTP response that the server gives; returns its length. */
int http_header(char *to, size_t size, int body, bool closing);

/* CPU time of the calling thread, in seconds. */
struct cpu {
    double user, sys;
};
struct cpu thread_cpu(void);

/* Log-linear histogram of nanoseconds: 64 steps for each power of two, error below 1.6 %. */
enum { STEPS = 64, POWERS = 36 };
struct histogram {
    uint64_t count, cells[STEPS * POWERS];
};
void histogram_add(struct histogram *h, int64_t nanos);
double histogram_micros(const struct histogram *h, double quantile);

/* Walks `--name value` pairs; returns false at the end. A flag is given the value 0 or 1. */
struct arguments {
    int argc, at;
    char **argv;
    const char *name, *value;
};
bool next_argument(struct arguments *a);
long number_of(const struct arguments *a, long low, long high);

#endif
