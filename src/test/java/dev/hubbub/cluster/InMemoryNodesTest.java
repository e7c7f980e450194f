package dev.hubbub.cluster;

class InMemoryNodesTest extends NodesContract {
    @Override
    protected Nodes nodes() {
        return new InMemoryNodes();
    }
}
