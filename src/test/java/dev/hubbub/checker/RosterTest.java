package dev.hubbub.checker;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The checker's own client follows who is there, and notices what it was not told. */
class RosterTest {
    private final Roster roster = new Roster();

    private static JsonNode json(String text) {
        try {
            return new ObjectMapper().readTree(text.replace('\'', '"'));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static JsonNode one(long rev, String user) {
        return json("{'rev':" + rev + ",'member':{'user':'" + user + "'}}");
    }

    @Test
    void itFollowsWhatItIsTold() {
        roster.state(json("{'rev':4,'members':[{'user':'ann'}]}"));
        roster.joined(one(5, "ben"));
        roster.left(one(6, "ann"));
        assertThat(roster.is(Set.of("ben"))).isTrue();
        roster.changed(json("{'rev':9,'joined':[{'user':'cyd'}],'left':[{'user':'ben'}],'updated':[]}"));
        assertThat(roster.is(Set.of("cyd"))).isTrue();
    }

    @Test
    void whatItKnowsAlreadyIsNoNews() {
        roster.state(json("{'rev':4,'members':[{'user':'ann'}]}"));
        roster.left(one(4, "ann"));
        assertThat(roster.is(Set.of("ann"))).isTrue();
    }

    @Test
    void aChangeThatItWasNotToldIsSeen() {
        roster.state(json("{'rev':4,'members':[{'user':'ann'}]}"));
        assertThat(roster.is(Set.of("ann", "ben"))).isFalse();
    }

    @Test
    void afterAResetItKnowsNobodyUntilItHasTheList() {
        roster.state(json("{'rev':4,'members':[{'user':'ann'}]}"));
        roster.reset();
        roster.joined(one(1, "ben"));
        roster.joined(one(2, "cyd"));
        assertThat(roster.is(Set.of("ann"))).isFalse();
        roster.state(json("{'rev':1,'members':[{'user':'ann'},{'user':'ben'}]}"));
        assertThat(roster.is(Set.of("ann", "ben", "cyd")))
                .as("the last came before the list")
                .isTrue();
    }
}
