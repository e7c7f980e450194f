package dev.hubbub.session;

import dev.hubbub.protocol.Encoded;
import dev.hubbub.protocol.Place;
import dev.hubbub.protocol.RoomFrames;
import dev.hubbub.protocol.RoomName;
import dev.hubbub.support.FakeSink;
import java.util.List;
import java.util.function.Predicate;

/** Frames that can be told apart by a number, for tests of what goes out and in which order. */
final class Numbered {
    private Numbered() {}

    static Encoded frame(long number) {
        return RoomFrames.reset(new RoomName("lobby"), new Place("e", number), "epoch", 0);
    }

    /** The numbers of those that went out, in order. */
    static List<Long> told(FakeSink sink) {
        return sink.frames("room.reset").stream()
                .map(frame -> frame.path("data").path("seq").asLong())
                .toList();
    }

    /** @param filling as {@link Source#fill} */
    static Source source(Predicate<Batch> filling) {
        return new Source() {
            @Override
            public String name() {
                return "some";
            }

            @Override
            public boolean fill(Batch batch) {
                return filling.test(batch);
            }
        };
    }
}
