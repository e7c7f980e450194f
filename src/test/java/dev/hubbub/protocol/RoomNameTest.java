package dev.hubbub.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RoomNameTest {
    @ParameterizedTest
    @ValueSource(strings = {"a", "chat:lobby", "a:b:c", "A-Z_0.9@x|y~z", "-", "user:ann@example.org"})
    void partsJoinedByColonsAreAName(String name) {
        assertThat(new RoomName(name)).hasToString(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", ":", "a:", ":a", "a::b", "a b", "a/b", "a\n", "é", "a,b", "a*", "a\u0000", "{}", "a#b", "a?b",
                "a%20"
            })
    void anythingElseIsNone(String name) {
        assertThat(RoomName.isValid(name)).isFalse();
        assertThatIllegalArgumentException().isThrownBy(() -> new RoomName(name));
    }

    @Test
    void aLetterIsOneOfThePattern() {
        for (int c = 0; c <= Character.MAX_VALUE; c++) {
            assertThat(Letters.has((char) c))
                    .as("%04x", c)
                    .isEqualTo(String.valueOf((char) c).matches("[A-Za-z0-9_.@|~-]"));
        }
    }

    @Property
    void aNameIsWhatItsPatternSays(
            @ForAll @StringLength(max = 8) @CharRange(from = '-', to = ';') @Chars({'a', 'é', '\n'}) String name) {
        assertThat(RoomName.isValid(name)).isEqualTo(name.matches("[A-Za-z0-9_.@|~-]+(:[A-Za-z0-9_.@|~-]+)*"));
        assertThat(UserId.isValid(name)).isEqualTo(name.matches("[A-Za-z0-9_.@|~-]+"));
    }

    @Test
    void aNameHasAtMost128Characters() {
        assertThat(RoomName.isValid("x".repeat(128))).isTrue();
        assertThat(RoomName.isValid("x".repeat(129))).isFalse();
        assertThat(RoomName.isValid("a:".repeat(100_000) + "a")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"lobby,default", "chat:lobby,chat", "chat:a:b,chat", "user:ann,user", "default:x,default"})
    void theNamespaceIsWhatStandsBeforeTheFirstColon(String name, String namespace) {
        assertThat(new RoomName(name).namespace()).isEqualTo(namespace);
    }

    @Test
    void everyUsersOwnRoomHasAName() {
        UserId longest = new UserId("u".repeat(120));
        assertThat(RoomName.ofUser(longest).isUserRoom()).isTrue();
        assertThat(RoomName.ofUser(new UserId("ann"))).hasToString("user:ann");
        assertThat(new RoomName("users:ann").isUserRoom()).isFalse();
        assertThat(new RoomName("user").isUserRoom()).isFalse();
    }

    @Test
    void aUserIdIsTheOnePartOfItsRoomsName() {
        assertThat(UserId.isValid("ann@example.org|~_-.")).isTrue();
        assertThat(UserId.isValid("a:b")).isFalse();
        assertThat(UserId.isValid("")).isFalse();
        assertThat(UserId.isValid("ann\n")).isFalse();
        assertThat(UserId.isValid("u".repeat(121))).isFalse();
    }
}
