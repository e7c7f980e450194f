/**
 * Settings with their types, defaults and limits, read once from MicroProfile Config when the server starts. A wrong
 * one stops the start. Not here: anything that changes while the server runs.
 */
@NullMarked
package dev.hubbub.config;

import org.jspecify.annotations.NullMarked;
