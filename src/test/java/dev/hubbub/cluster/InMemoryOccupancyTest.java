package dev.hubbub.cluster;

import dev.hubbub.support.FakeClock;

class InMemoryOccupancyTest extends OccupancyContract {
    private final Occupancy occupancy = new InMemoryOccupancy(new FakeClock());

    @Override
    protected Occupancy occupancy() {
        return occupancy;
    }
}
