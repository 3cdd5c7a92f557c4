/** Results as one self-contained page. */
package io.tcplab.loadgen.report.html;
