package io.tcplab.kernel;

class Skeleton {}
