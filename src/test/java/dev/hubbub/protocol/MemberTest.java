package dev.hubbub.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class MemberTest {
    private static final RawJson AWAY = Raw.json("{\"away\":true}");

    private final Member ann = new Member(new UserId("ann"), "Änn \"A\"", Member.NO_STATUS, 1_700_000_000_000L, 2);

    @Test
    void itIsEncodedOnce() {
        assertThat(ann.json())
                .hasToString(
                        "{\"user\":\"ann\",\"name\":\"Änn \\\"A\\\"\",\"status\":{},\"since\":1700000000000,\"conns\":2}");
        assertThat(ann.json()).isSameAs(ann.json());
    }

    @Test
    void whoHasChangedIsEncodedAnew() {
        ann.json();
        Member changed = ann.with(AWAY, 0);
        assertThat(changed.json()).asString().contains("\"status\":{\"away\":true}", "\"conns\":0");
        assertThat(changed).isNotEqualTo(ann).isEqualTo(ann.with(AWAY, 0)).hasSameHashCodeAs(ann.with(AWAY, 0));
    }

    @Test
    void aListFitsItsLength() {
        for (List<Member> members : List.of(List.<Member>of(), List.of(ann), List.of(ann, ann.with(AWAY, 1)))) {
            assertThat(PresenceFrames.members(new JsonText(0), members).bytes().length)
                    .isBetween(PresenceFrames.length(members) - 1, PresenceFrames.length(members));
        }
    }
}
