/**
 * What a team's own code is told: connections and rooms as events, to CDI observers in the same WAR and to a webhook, with
 * its signature, its retries and what is lost of it. Not here: how what waits for the webhook is kept over many nodes
 * ({@code cluster}), and what clients are told.
 */
@NullMarked
package dev.hubbub.hook;

import org.jspecify.annotations.NullMarked;
