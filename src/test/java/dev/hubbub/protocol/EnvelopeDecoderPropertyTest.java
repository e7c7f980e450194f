package dev.hubbub.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class EnvelopeDecoderPropertyTest {
    private final EnvelopeDecoder decoder = new EnvelopeDecoder(32);

    @Provide
    Arbitrary<String> values() {
        return JsonTexts.value(3);
    }

    /** A frame with the payload somewhere in it. */
    private static Arbitrary<String> frame(String payload, String filler) {
        return JsonTexts.space()
                .flatMap(space -> JsonTexts.object(List.of(
                                "\"room\"" + space + ":" + space + "\"chat:lobby\"",
                                "\"payload\"" + space + ":" + space + payload,
                                "\"more\":[{\"payload\":1}]"))
                        .flatMap(data -> JsonTexts.object(List.of(
                                "\"type\":\"room.publish\"",
                                "\"data\"" + space + ":" + space + data.trim(),
                                "\"filler\":\"" + filler + "\""))));
    }

    private void isCutOutAsWritten(String frame, String payload) {
        Decoded decoded = decoder.decode(frame);
        assertThat(decoded).as(frame).isInstanceOf(Decoded.Valid.class);
        var publish = (ClientMessage.Publish) ((Decoded.Valid) decoded).message();
        assertThat(publish.body().payload().toString())
                .isEqualTo(payload.replace('\r', ' ').replace('\n', ' '));
    }

    @Property(tries = 3000)
    void anyPayloadIsCutOutAsItWasWritten(@ForAll("values") String payload, @ForAll("framing") Framing framing) {
        isCutOutAsWritten(framing.around(payload), payload);
    }

    /** How a frame looks around its payload, which stands where the mark is. */
    record Framing(String text) {
        private static final String MARK = "\"@@\"";

        String around(String payload) {
            return text.replace(MARK, payload);
        }
    }

    @Provide
    Arbitrary<Framing> framing() {
        return frame(Framing.MARK, "").map(Framing::new);
    }

    @Provide
    Arbitrary<Framing> framingAtABufferBoundary() {
        return Arbitraries.of(4096, 8192, 12288)
                .flatMap(boundary -> Arbitraries.integers().between(boundary - 220, boundary + 20))
                .flatMap(length -> Arbitraries.of("x", "é", "😀", "\\n", "\\u00e9")
                        .flatMap(unit -> frame(Framing.MARK, unit.repeat(length / unit.length()))))
                .map(Framing::new);
    }

    @Property(tries = 3000)
    void anyPayloadIsCutOutAsItWasWrittenAcrossTheParsersBuffers(
            @ForAll("values") String payload, @ForAll("framingAtABufferBoundary") Framing framing) {
        isCutOutAsWritten(framing.around(payload), payload);
    }

    /** Every offset of the places where the parser refills its buffer, for each kind of value. */
    @Property(tries = 1)
    void valuesOfEachKindAreCutOutAtEachOffsetOfABuffer() {
        List<String> values = List.of(
                "1",
                "-12.5e+3",
                "123456789",
                "true",
                "false",
                "null",
                "\"\"",
                "\"a\\nb\"",
                "\"\\ud83d\\ude00\"",
                "\"😀é\"",
                "[]",
                "[1,2]",
                "{}",
                "{\"a\":[1,{\"b\":\"c\"}]}");
        String before = "{\"type\":\"room.publish\",\"data\":{\"room\":\"a\",\"payload\":";
        for (String value : values) {
            for (String gap : List.of("", " ", "\r\n")) {
                for (int at = 4096 - 40; at < 4096 + 6; at++) {
                    String pad = " ".repeat(at - before.length() - gap.length());
                    String start = before.replaceFirst(":\"a\"", ":" + pad + "\"a\"");
                    isCutOutAsWritten(start + gap + value + gap + "}}", value);
                    isCutOutAsWritten(start + gap + value + gap + ",\"event\":\"e\"}}", value);
                }
            }
        }
    }

    @Property(tries = 200)
    void aLongPayloadIsCutOutAsItWasWritten(@ForAll @IntRange(min = 4000, max = 20000) int length) {
        String payload = "[\"" + "é😀".repeat(length / 6) + "\" ,\t" + "1,".repeat(length / 4) + "2 ]";
        isCutOutAsWritten(
                "{\"type\":\"room.publish\",\"data\":{\"payload\":" + payload + ",\"room\":\"chat:lobby\"}}", payload);
    }

    @Property(tries = 1000)
    void whatComesBackInAPongIsAsItWasWritten(@ForAll("values") String t) {
        Decoded decoded = decoder.decode("{\"data\":{\"t\":" + t + "},\"type\":\"ping\"}");
        var ping = (ClientMessage.Ping) ((Decoded.Valid) decoded).message();
        assertThat(String.valueOf(ping.t())).isEqualTo(t.replace('\r', ' ').replace('\n', ' '));
    }

    @Property(tries = 30_000)
    void aMutatedFrameNeverThrowsAndIsAcceptedOnlyIfItIsJson(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        String frame = Frames.VALID.get(random.nextInt(Frames.VALID.size()));
        Verdict.check(decoder, Mutations.mutate(frame, random));
    }

    @Property(tries = 3000)
    void anyTextNeverThrows(@ForAll String text) {
        Verdict.check(decoder, text);
        Verdict.check(decoder, "{\"type\":\"ping\",\"data\":" + text + "}");
    }

    @Property(tries = 1)
    void theFramesThatAreMutatedAreValidOrUnknown() {
        for (String frame : Frames.VALID) {
            assertThat(Verdict.check(decoder, frame)).as(frame).isEqualTo(!frame.contains("room.dance"));
        }
    }
}
