package dev.hubbub.redis;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.concurrent.ThreadLocalRandom;

/** Random names. */
final class Ids {
    private static final SecureRandom RANDOM = new SecureRandom();

    private Ids() {}

    /** Of an epoch: 48 bits, made fast, since each publish brings one along and hardly any is used; it need be no secret. */
    static String epoch() {
        return Long.toString(ThreadLocalRandom.current().nextLong(1L << 48), Character.MAX_RADIX);
    }

    /** That nobody can guess. */
    static String secret(int bytes) {
        byte[] bits = new byte[bytes];
        RANDOM.nextBytes(bits);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bits);
    }

    /** Of a message: 63 bits, made fast; it must differ, and need be no secret. */
    static String message() {
        return Long.toString(ThreadLocalRandom.current().nextLong(Long.MAX_VALUE), Character.MAX_RADIX);
    }
}
