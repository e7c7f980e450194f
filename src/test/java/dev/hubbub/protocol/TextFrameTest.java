package dev.hubbub.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextFrameTest {
    @ParameterizedTest
    @CsvSource({"0,2", "1,2", "125,2", "126,4", "127,4", "65535,4", "65536,10", "1048576,10", "2147483000,10"})
    void theHeaderTellsThePayloadsLength(int payload, int header) {
        byte[] bytes = new byte[3 + 10];
        assertThat(TextFrame.headerLength(payload)).isEqualTo(header);
        assertThat(TextFrame.putHeader(bytes, 3, payload)).isEqualTo(3 + header);
        assertThat(TextFrame.payloadLength(bytes, 3)).isEqualTo(payload);
    }

    @Test
    void theHeaderIsThatOfRfc6455() {
        byte[] bytes = new byte[10];
        TextFrame.putHeader(bytes, 0, 5);
        assertThat(bytes).startsWith(0x81, 0x05);
        TextFrame.putHeader(bytes, 0, 256);
        assertThat(bytes).startsWith(0x81, 0x7e, 0x01, 0x00);
        TextFrame.putHeader(bytes, 0, 65536);
        assertThat(bytes).startsWith(0x81, 0x7f, 0, 0, 0, 0, 0, 1, 0, 0);
    }

    @ParameterizedTest
    @CsvSource({"0", "100", "125", "126", "65535", "65536", "200000"})
    void anEncodedMessageIsOneFrameAroundItsText(int length) {
        String text = "x".repeat(length);
        Encoded encoded = new JsonText(4).string(text).frame();
        int payload = length + 2;
        assertThat(encoded.length()).isEqualTo(TextFrame.headerLength(payload) + payload);
        assertThat(TextFrame.payloadLength(encoded.bytes(), encoded.offset())).isEqualTo(payload);
        assertThat(encoded.json()).isEqualTo('"' + text + '"');
    }
}
