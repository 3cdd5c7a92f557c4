#include "limit.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>

void die(const char *call) {
    fprintf(stderr, "limit: %s: %s\n", call, strerror(errno));
    exit(1);
}

void refuse(const char *format, ...) {
    va_list rest;
    va_start(rest, format);
    fputs("limit: ", stderr);
    vfprintf(stderr, format, rest);
    fputc('\n', stderr);
    va_end(rest);
    exit(2);
}

int check(int result, const char *call) {
    if (result < 0)
        die(call);
    return result;
}

int64_t now_nanos(void) {
    struct timespec t;
    check(clock_gettime(CLOCK_MONOTONIC, &t), "clock_gettime");
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

void set_int(int fd, int level, int option, int value) {
    check(setsockopt(fd, level, option, &value, sizeof value), "setsockopt");
}

void linger_zero(int fd) {
    struct linger abort = {.l_onoff = 1, .l_linger = 0};
    check(setsockopt(fd, SOL_SOCKET, SO_LINGER, &abort, sizeof abort), "setsockopt(SO_LINGER)");
}

struct sockaddr_in address_of(const char *dotted, int port) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    if (inet_pton(AF_INET, dotted, &address.sin_addr) != 1)
        refuse("%s is not an IPv4 address", dotted);
    return address;
}

int http_header(char *to, size_t size, int body, bool closing) {
    return snprintf(to, size, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: %s\r\n\r\n", body,
                    closing ? "close" : "keep-alive");
}

struct cpu thread_cpu(void) {
    struct rusage usage;
    check(getrusage(RUSAGE_THREAD, &usage), "getrusage");
    return (struct cpu){
        .user = (double)usage.ru_utime.tv_sec + (double)usage.ru_utime.tv_usec / 1e6,
        .sys = (double)usage.ru_stime.tv_sec + (double)usage.ru_stime.tv_usec / 1e6,
    };
}

void histogram_add(struct histogram *h, int64_t nanos) {
    uint64_t value = nanos < 0 ? 0 : (uint64_t)nanos;
    int power = value < STEPS ? 0 : 63 - __builtin_clzll(value) - 5;
    if (power >= POWERS)
        power = POWERS - 1, value = (uint64_t)(2 * STEPS - 1) << (power - 1);
    uint64_t step = power == 0 ? value : (value >> (power - 1)) - STEPS;
    h->cells[power * STEPS + (int)step]++;
    h->count++;
}

double histogram_micros(const struct histogram *h, double quantile) {
    uint64_t wanted = (uint64_t)((double)h->count * quantile), seen = 0;
    for (int i = 0; i < STEPS * POWERS; i++) {
        seen += h->cells[i];
        if (seen > wanted || (seen == h->count && h->count > 0)) {
            int power = i / STEPS, step = i % STEPS;
            double value = power == 0 ? step : (double)(STEPS + step) * (double)(1ULL << (power - 1));
            return value / 1e3;
        }
    }
    return 0;
}

bool next_argument(struct arguments *a) {
    if (a->at >= a->argc)
        return false;
    a->name = a->argv[a->at];
    if (strncmp(a->name, "--", 2) != 0 || a->at + 1 >= a->argc)
        refuse("needs --name value pairs, not %s", a->name);
    a->value = a->argv[a->at + 1];
    a->at += 2;
    return true;
}

long number_of(const struct arguments *a, long low, long high) {
    char *end;
    errno = 0;
    long number = strtol(a->value, &end, 10);
    if (errno != 0 || *end != '\0' || end == a->value || number < low || number > high)
        refuse("%s needs a number from %ld to %ld, not %s", a->name, low, high, a->value);
    return number;
}
