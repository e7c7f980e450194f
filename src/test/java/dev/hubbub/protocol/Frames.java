package dev.hubbub.protocol;

import java.util.List;

/** A valid frame of each kind, to begin from. */
final class Frames {
    private Frames() {}

    static final List<String> VALID = List.of(
            "{\"type\":\"auth.login\",\"id\":\"1\",\"data\":{\"token\":\"abc.def\"}}",
            "{\"type\":\"auth.refresh\",\"id\":\"1\",\"data\":{\"token\":\"abc\"}}",
            "{\"type\":\"ping\",\"id\":\"p\",\"data\":{\"t\":1780000000000}}",
            "{\"type\":\"ping\",\"data\":{\"t\":-12.5e+3}}",
            "{\"type\":\"room.join\",\"id\":\"2\",\"data\":{\"room\":\"chat:lobby\",\"since\":{\"epoch\":\"x1\",\"seq\":41},\"replay\":5,\"presence\":\"full\",\"status\":{\"away\":true}}}",
            "{\"type\":\"room.leave\",\"id\":\"3\",\"data\":{\"room\":\"chat:lobby\"}}",
            "{\"type\":\"room.publish\",\"id\":\"4\",\"meta\":{\"a\":\"b\"},\"data\":{\"room\":\"chat:lobby\",\"payload\":{\"text\":\"h\\u00e9 \\ud83d\\ude00 \\\"q\\\"\",\"n\":[1,2.5,-3e4,null,true]},\"event\":\"said\",\"key\":\"k1\",\"conflate\":\"c\",\"echo\":false}}",
            "{ \"data\" : { \"payload\" : [ [ [ ] ] , { } , \"😀é\" ] ,\r\n\"room\" : \"a\" , \"ephemeral\" : true } , \"type\" : \"room.publish\" }",
            "{\"type\":\"room.history\",\"id\":\"5\",\"data\":{\"room\":\"a\",\"before\":{\"epoch\":\"x1\",\"seq\":9007199254740991},\"limit\":1000}}",
            "{\"type\":\"presence.list\",\"id\":\"6\",\"data\":{\"room\":\"a\",\"after\":\"ann\",\"limit\":10}}",
            "{\"type\":\"presence.update\",\"id\":\"7\",\"data\":{\"room\":\"a\",\"status\":{\"t\":\"\\n\"}}}",
            "{\"type\":\"cancel\",\"data\":{\"id\":\"5\"}}",
            "{\"type\":\"room.dance\",\"id\":\"8\",\"data\":{}}",
            "{\"x\":\"" + "y".repeat(4040)
                    + "\",\"type\":\"room.publish\",\"data\":{\"room\":\"a\",\"payload\":{\"k\":12345}}}");
}
