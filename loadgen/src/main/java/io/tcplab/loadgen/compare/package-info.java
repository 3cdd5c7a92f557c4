/** Two or more contenders under the same load, and what their difference is worth. */
package io.tcplab.loadgen.compare;
