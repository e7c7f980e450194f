package dev.hubbub.access;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;

/** Addresses that begin with the same bits. */
record Network(InetAddress address, int bits) {
    /** No more than 255: larger numbers would be asked for as the name of a host. */
    private static final String BYTE = "(25[0-5]|2[0-4]\\d|[01]?\\d{1,2})";

    private static final Pattern V4 = Pattern.compile(BYTE + "(\\." + BYTE + "){3}");
    private static final Pattern V6 = Pattern.compile("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");

    /** Reads an address, or one with {@code /bits} behind it. */
    static Optional<Network> parse(String text) {
        String[] parts = text.split("/", 2);
        Optional<InetAddress> address = address(parts[0]);
        int most = address.map(a -> a.getAddress().length * 8).orElse(0);
        int bits = parts.length == 1 ? most : Integer.parseInt(parts[1]);
        return address.filter(a -> bits <= most).map(a -> new Network(a, bits));
    }

    /** Reads an address, and never asks for the name of a host. */
    static Optional<InetAddress> address(String text) {
        if (!V4.matcher(text).matches() && !V6.matcher(text).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.getByName(text)); // an IPv4 address within an IPv6 one becomes itself
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }

    boolean contains(InetAddress other) {
        byte[] own = address.getAddress();
        byte[] its = other.getAddress();
        if (own.length != its.length) {
            return false;
        }
        for (int bit = 0; bit < bits; bit++) {
            int mask = 0x80 >> (bit % 8);
            if ((own[bit / 8] & mask) != (its[bit / 8] & mask)) {
                return false;
            }
        }
        return true;
    }
}
