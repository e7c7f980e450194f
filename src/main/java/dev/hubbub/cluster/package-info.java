/**
 * What a node needs of the others, as ports: the bus that orders and carries a room's messages, the store of who is
 * present, one-time tickets, the rooms that users are members of for good, and counted quotas, each with its version for a single node. Not here: what is done with a
 * message once the bus has delivered it.
 */
@NullMarked
package dev.hubbub.cluster;

import org.jspecify.annotations.NullMarked;
