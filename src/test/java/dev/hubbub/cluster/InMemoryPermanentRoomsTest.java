package dev.hubbub.cluster;

class InMemoryPermanentRoomsTest extends PermanentRoomsContract {
    private final InMemoryPermanentRooms rooms = new InMemoryPermanentRooms();

    @Override
    protected PermanentRooms rooms() {
        return rooms;
    }
}
