/**
 * What a node needs of the others, as ports: the bus that orders and carries a room's messages, the store of who is
 * present, one-time tickets, the rooms that users are members of for good, counted quotas, which rooms are occupied, what is to be sent out, the nodes and what each of them
 * has, and when users were last seen, each with its version for a single node. Not here: what is done with a
 * message once the bus has delivered it.
 */
@NullMarked
package dev.hubbub.cluster;

import org.jspecify.annotations.NullMarked;
