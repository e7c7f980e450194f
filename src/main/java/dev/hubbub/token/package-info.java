/**
 * Reads what somebody brings to say who they are: signed tokens and API keys. Knows what they grant and how long; not
 * here: where a request carries them, and who may do what by them.
 */
@NullMarked
package dev.hubbub.token;

import org.jspecify.annotations.NullMarked;
