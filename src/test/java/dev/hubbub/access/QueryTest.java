package dev.hubbub.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QueryTest {
    @Test
    void withoutAQueryThereIsNothing() {
        assertThat(Query.of((String) null).first("a")).isNull();
        assertThat(Query.of("").first("a")).isNull();
        assertThat(Query.of("").all("a")).isEmpty();
    }

    @Test
    void theFirstOfANameCountsAndAllKeepTheirOrder() {
        Query query = Query.of("room=b&x=1&room=a&room=b");
        assertThat(query.first("room")).isEqualTo("b");
        assertThat(query.all("room")).containsExactly("b", "a", "b");
        assertThat(query.first("Room")).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "a=", "b&a", "&&a=&", "%61", "a&a=1"})
    void whatHasNoValueIsEmpty(String text) {
        assertThat(Query.of(text).first("a")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "a=1=2, 1=2",
        "a=chat%3Alobby, chat:lobby",
        "a=x+y, x y",
        "a=x%2By, x+y",
        "a=%C3%A9, é",
        "a=é, é",
        "a=é%41, éA",
        "a=%, %",
        "a=%4, %4",
        "a=%zz%41, %zzA",
        "a=%%41, %A",
        "a=%FF, \uFFFD"
    })
    void valuesAreDecodedAsFarAsTheyCanBe(String text, String value) {
        assertThat(Query.of(text).first("a")).isEqualTo(value);
    }

    @Property(tries = 500)
    void whatIsEncodedComesBack(@ForAll String name, @ForAll String value) {
        // half surrogates are no characters, and nobody can send them
        String sent = new String(value.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
        String called = new String(name.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
        String text = URLEncoder.encode(called, StandardCharsets.UTF_8) + "="
                + URLEncoder.encode(sent, StandardCharsets.UTF_8);
        assertThat(Query.of("x=y&" + text).all(called)).endsWith(sent);
    }
}
