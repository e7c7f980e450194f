/**
 * Who is in a room, as it is told to subscribers: changes by revision, one by one in small rooms, together in large
 * ones. Not here: who is present (the store behind the cluster's port), and sending.
 */
@NullMarked
package dev.hubbub.presence;

import org.jspecify.annotations.NullMarked;
