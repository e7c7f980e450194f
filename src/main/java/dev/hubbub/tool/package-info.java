/**
 * What {@code bin/hubbub token}, {@code key} and {@code check} do: small programs on the server's own classes, each in a
 * process of its own that ends with its answer. Belongs here: options, what is printed, exit statuses. Not here: what a
 * token, an API key or a setting must be, which the server's packages say; nothing of the server uses this package.
 */
@NullMarked
package dev.hubbub.tool;

import org.jspecify.annotations.NullMarked;
