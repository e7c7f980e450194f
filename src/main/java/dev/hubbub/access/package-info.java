/**
 * Who may connect, join and publish, and how fast. Answers with a {@code Refusal} or with nothing. Not here: what a
 * transport does with a refusal.
 */
@NullMarked
package dev.hubbub.access;

import org.jspecify.annotations.NullMarked;
