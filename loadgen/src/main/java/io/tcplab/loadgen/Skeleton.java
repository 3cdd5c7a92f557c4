package io.tcplab.loadgen;

class Skeleton {}
