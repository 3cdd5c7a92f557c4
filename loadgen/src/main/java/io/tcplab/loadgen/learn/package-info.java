/**
 * A profile from a capture of real traffic: packets to segments, segments to conversations, conversations to a load and its members. Only
 * headers are read.
 */
@NullMarked
package io.tcplab.loadgen.learn;

import org.jspecify.annotations.NullMarked;
