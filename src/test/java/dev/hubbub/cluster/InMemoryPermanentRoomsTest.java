package dev.hubbub.cluster;

class InMemoryPermanentRoomsTest extends PermanentRoomsContract {
    private final PermanentRooms rooms = new InMemoryPermanentRooms();

    @Override
    protected PermanentRooms rooms() {
        return rooms;
    }
}
