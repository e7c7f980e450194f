/** Clients that do their worst to a real node of little memory, and others beside them who should not notice. */
package dev.hubbub.abuse;
