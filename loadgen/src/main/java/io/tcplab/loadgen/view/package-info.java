/** What a person sees of a command while it runs: on the whole screen, or in a line each second. */
package io.tcplab.loadgen.view;
