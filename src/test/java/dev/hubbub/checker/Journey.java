package dev.hubbub.checker;

import java.util.List;

/** Everything that one listener was told about one room, in order, over all of its connections. */
record Journey(String listener, String room, List<Told> told) {}
