/** Results as people read them. */
package io.tcplab.loadgen.report;
