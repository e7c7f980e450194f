/**
 * What needs a container to be proven: that CDI wires the server, and that the container serves what the WAR declares.
 * With it an Arquillian adapter for Jetty 12.1 embedded in the tests' JVM, for there is no released one. Not here:
 * what the endpoints say (the protocol's tests), and anything over more than one node.
 */
package dev.hubbub.container;
