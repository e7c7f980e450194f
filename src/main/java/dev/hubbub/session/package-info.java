/**
 * One connected client of any transport: who it is, what it is to be sent, and the delivery loops that send it. A
 * session pulls from its sources as its transport takes it; nothing is queued for a slow one but a few answers. Not
 * here: what the sources are (rooms, histories), and how a transport writes.
 */
@NullMarked
package dev.hubbub.session;

import org.jspecify.annotations.NullMarked;
