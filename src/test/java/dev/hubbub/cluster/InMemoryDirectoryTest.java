package dev.hubbub.cluster;

class InMemoryDirectoryTest extends DirectoryContract {
    private final Directory directory = new InMemoryDirectory();

    @Override
    protected Directory directory() {
        return directory;
    }

    @Override
    protected void tell(Directory.Local local) {
        directory.tell(local);
    }
}
