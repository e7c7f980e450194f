package dev.hubbub.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BodyDecoderTest {
    private static final int MOST_BYTES = 16_384;

    private final BodyDecoder decoder = new BodyDecoder(32, MOST_BYTES);

    private static String json(String text) {
        return text.replace('\'', '"');
    }

    private List<BodyDecoder.Item> many(String text) {
        return items(decoder.many(json(text)));
    }

    private static List<BodyDecoder.Item> items(BodyDecoder.Batch batch) {
        assertThat(batch).isInstanceOf(BodyDecoder.Batch.Items.class);
        return ((BodyDecoder.Batch.Items) batch).items();
    }

    private Refusal malformed(String text) {
        BodyDecoder.Batch batch = decoder.many(json(text));
        assertThat(batch).isInstanceOf(BodyDecoder.Batch.Malformed.class);
        return ((BodyDecoder.Batch.Malformed) batch).refusal();
    }

    private static String text(int length) {
        return "x".repeat(length);
    }

    /** What this thread allocates for a call, in bytes. */
    private static long allocated(Runnable call) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        call.run();
        return threads.getCurrentThreadAllocatedBytes() - before;
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
        assertThat(malformed(text).code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
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
        assertThat(malformed("{'rooms':['a',7],'payload':1}").message()).contains("room");
    }

    @Test
    void thereAreOneToHundred() {
        String item = "{'room':'a','payload':1}";
        assertThat(many("{'messages':[" + String.join(",", Collections.nCopies(100, item)) + "]}"))
                .hasSize(100)
                .allSatisfy(i -> assertThat(i.refusal()).isNull());
        for (String wrong : List.of(
                "{'messages':[" + String.join(",", Collections.nCopies(101, item)) + "]}",
                "{'messages':[]}",
                "{'rooms':[],'payload':1}",
                "{'messages':{}}",
                "{}")) {
            assertThat(malformed(wrong).message()).isNotBlank();
        }
    }

    @Test
    void bothAtOnceOrNeitherNamesTheFields() {
        assertThat(malformed("{'payload':1}").message()).contains("rooms or messages");
    }

    @Test
    void aMessageThatIsTooLargeHarmsNoOther() {
        String rest = "{'room':'a','payload':''}";
        for (int over : new int[] {0, 1, 1_500_000}) {
            String large = "{'room':'a','payload':'" + text(MOST_BYTES - rest.length() + over) + "'}";
            List<BodyDecoder.Item> items = many("{'messages':[" + large + ",{'room':'b','payload':2}]}");
            assertThat(items.get(0).room()).isEqualTo("a");
            assertThat(items.get(0).refusal() == null).isEqualTo(over == 0);
            assertThat(shown(items.get(1))).isEqualTo("b 2");
        }
        String wide = "{'room':'a','payload':'" + "é".repeat(MOST_BYTES / 2) + "'}";
        assertThat(many("{'messages':[" + wide + "]}"))
                .singleElement()
                .satisfies(i -> assertThat(i.refusal().message()).contains("larger than 16384 bytes"));
    }

    @Test
    void oneMessageForManyRoomsIsMeasuredWithoutTheirNames() {
        String rooms = "['" + String.join("','", Collections.nCopies(100, "n".repeat(128))) + "']";
        String rest = "{'rooms':,'payload':''}";
        String most = text(MOST_BYTES - rest.length());
        assertThat(many("{'rooms':" + rooms + ",'payload':'" + most + "'}"))
                .hasSize(100)
                .allSatisfy(i -> assertThat(i.refusal()).isNull());
        assertThat(decoder.many(json("{'rooms':" + rooms + ",'payload':'" + most + "x'}")))
                .isEqualTo(new BodyDecoder.Batch.TooLarge());
        assertThat(decoder.many(json("{'rooms':['a'],'payload':1,'more':'" + text(1_500_000) + "'}")))
                .isEqualTo(new BodyDecoder.Batch.TooLarge());
    }

    @Test
    void oneMessageForManyRoomsIsReadAndKeptOnce() {
        BodyDecoder roomy = new BodyDecoder(32, 2_000_000);
        String end = ",'payload':'" + text(1_500_000) + "'}";
        String one = json("{'rooms':['a']" + end);
        String many = json("{'rooms':[" + String.join(",", Collections.nCopies(100, "'a'")) + "]" + end);
        List<BodyDecoder.Item> items = items(roomy.many(many));
        assertThat(items).hasSize(100);
        assertThat(items)
                .allSatisfy(i -> assertThat(i.body()).isSameAs(items.get(0).body()));
        assertThat(allocated(() -> roomy.many(many))).isLessThan(2 * allocated(() -> roomy.many(one)));
    }

    @Test
    void anEndlessListIsNotListed() {
        for (String name : List.of("rooms", "messages")) {
            String endless = json("{'" + name + "':[" + "1,".repeat(800_000) + "1],'payload':1}");
            assertThat(malformed(endless).message()).contains("an array of 1 to 100");
            // the text is copied out once, and an element would be some hundred bytes
            assertThat(allocated(() -> decoder.many(endless))).isLessThan(10L * endless.length());
        }
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
