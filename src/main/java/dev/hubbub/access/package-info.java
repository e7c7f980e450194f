/**
 * Who may connect, join and publish, and how fast. Answers with a {@code Refusal} or with nothing, and tells whoever is
 * refused over HTTP, since all ways in do that alike. Not here: what a connection does with a refusal.
 */
@NullMarked
package dev.hubbub.access;

import org.jspecify.annotations.NullMarked;
