/** What a team may add to the WAR, as {@code docs/security.md} shows it. Not here: what only tests want. */
package dev.hubbub.example;
