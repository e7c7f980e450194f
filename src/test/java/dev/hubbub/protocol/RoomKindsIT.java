package dev.hubbub.protocol;

import dev.hubbub.support.Node;
import dev.hubbub.support.Nodes;

/** The kinds of room on one node. */
class RoomKindsIT extends RoomKinds {
    @Override
    protected Node one() {
        return Nodes.kinds();
    }

    @Override
    protected Node two() {
        return Nodes.kinds();
    }
}
