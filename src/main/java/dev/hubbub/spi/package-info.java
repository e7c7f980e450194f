/**
 * What a team's own code, in the same WAR, may implement or observe: it decides who may do what, and hears what happens.
 * Made of nothing but the JDK's types, so that it lasts. Not here: anything of Hubbub's inside.
 */
@NullMarked
package dev.hubbub.spi;

import org.jspecify.annotations.NullMarked;
