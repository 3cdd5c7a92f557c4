/** What is to be done: the profile, its keys, figures and thresholds, read and written without loss. */
package io.tcplab.loadgen.plan;
