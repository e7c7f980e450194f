package dev.hubbub.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BodyDecoderTest {
    private final BodyDecoder decoder = new BodyDecoder(32);

    private static String json(String text) {
        return text.replace('\'', '"');
    }

    private List<BodyDecoder.Item> many(String text) {
        return decoder.many(json(text));
    }

    private static String shown(BodyDecoder.Item item) {
        return item.room() + " " + (item.body() == null ? "-" : item.body().payload());
    }

    @Test
    void oneMessageIsReadWithItsMeta() {
        BodyDecoder.Item item =
                decoder.one("a", json("{'payload':[1 ,2],'event':'e','conflate':'c','ephemeral':true,'meta':{'t':1}}"));
        assertThat(item.refusal()).isNull();
        assertThat(item.body()).isEqualTo(new Body(Raw.json("[1 ,2]"), "e", "c", true, Raw.json("{\"t\":1}")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "7", "{", "{'payload':}", "{'payload':1}x"})
    void whatIsNoObjectIsRefused(String text) {
        assertThat(decoder.one("a", json(text)).refusal().code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
        assertThat(many(text))
                .singleElement()
                .satisfies(i -> assertThat(i.refusal()).isNotNull());
    }

    @Test
    void oneMessageGoesToManyRooms() {
        assertThat(many("{ 'rooms' : [ 'a' , 'b:c',\n'd\\u0065' ] , 'payload' : {'x':1} }"))
                .extracting(BodyDecoderTest::shown)
                .containsExactly("a {\"x\":1}", "b:c {\"x\":1}", "de {\"x\":1}");
    }

    @Test
    void manyMessagesGoToTheirRooms() {
        assertThat(
                        many(
                                "{'messages':[{'room':'a','payload':1}, {'payload':{'room':[{}]},'room':'b'},{'room':'c' , 'payload':'],{'} ]}"))
                .extracting(BodyDecoderTest::shown)
                .containsExactly("a 1", "b {\"room\":[{}]}", "c \"],{\"");
    }

    @Test
    void oneBadMessageHarmsNoOther() {
        List<BodyDecoder.Item> items =
                many("{'messages':[7,{'room':'a'},null,'x',[1,2],{'payload':1},{'room':'b','payload':2}]}");
        assertThat(items).hasSize(7);
        assertThat(items.subList(0, 6)).allSatisfy(i -> assertThat(i.refusal()).isNotNull());
        assertThat(shown(items.get(6))).isEqualTo("b 2");
        assertThat(items.get(1).refusal().message()).contains("payload is missing");
        assertThat(items.get(5).refusal().message()).contains("room is missing");
    }

    @Test
    void anItemsRoomMustBeAString() {
        assertThat(many("{'rooms':['a',7],'payload':1}"))
                .isNotEmpty()
                .anySatisfy(i -> assertThat(i.refusal()).isNotNull());
    }

    @Test
    void thereAreOneToHundred() {
        String item = "{'room':'a','payload':1}";
        assertThat(many("{'messages':[" + String.join(",", java.util.Collections.nCopies(100, item)) + "]}"))
                .hasSize(100)
                .allSatisfy(i -> assertThat(i.refusal()).isNull());
        for (String wrong : List.of(
                "{'messages':[" + String.join(",", java.util.Collections.nCopies(101, item)) + "]}",
                "{'messages':[]}",
                "{'rooms':[],'payload':1}",
                "{'messages':{}}",
                "{}")) {
            assertThat(many(wrong))
                    .singleElement()
                    .satisfies(i -> assertThat(i.refusal().message()).isNotBlank());
        }
    }

    @Test
    void bothAtOnceOrNeitherNamesTheFields() {
        assertThat(many("{'payload':1}"))
                .singleElement()
                .satisfies(i -> assertThat(i.refusal().message()).contains("rooms or messages"));
    }

    @Test
    void itemsAreCutOutAcrossTheParsersBuffers() {
        for (int pad = 4050; pad < 4110; pad++) {
            List<BodyDecoder.Item> items = many("{'messages':[" + " ".repeat(pad)
                    + "{'room':'a','payload':12},{'room':'b','payload':'x'} , {'room':'c','payload':[1]}]}");
            assertThat(items).extracting(BodyDecoderTest::shown).containsExactly("a 12", "b \"x\"", "c [1]");
        }
    }
}
