/**
 * The threats of {@code docs/security.md}, each tried against nodes in processes of their own, outside development mode.
 * Not here: what a class does by itself.
 */
package dev.hubbub.security;
