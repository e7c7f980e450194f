package dev.hubbub.cluster;

import dev.hubbub.protocol.Place;
import dev.hubbub.protocol.Refusal;

/** What became of a publication. */
public sealed interface PublishOutcome {
    /** @param repeated the key was known: nothing was published again */
    record Accepted(Place place, long ts, boolean repeated) implements PublishOutcome {}

    record Refused(Refusal refusal) implements PublishOutcome {}
}
