package io.tcplab.target;

class Skeleton {}
