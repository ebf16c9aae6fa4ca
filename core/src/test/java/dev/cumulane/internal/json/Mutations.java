// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Spoils documents: single bytes, and whole tokens, where mistakes that still are JSON come from. */
final class Mutations {
    private static final List<String> TOKENS = List.of(
            "null",
            "true",
            "-1",
            "0",
            "1e999999999",
            "9223372036854775807",
            "99999999999999999999",
            "\"\"",
            "\"\\ud83d\"",
            "\"\\u0000\"",
            "\"PT2562047788015215H\"",
            "\"+999999999-12-31T23:59:59.999999999Z\"",
            "\"-1000000000-01-01T00:00:00Z\"",
            "[]",
            "[null]",
            "{}",
            "{\"type\":\"Asked\"}",
            "[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]");

    private final Random random;

    Mutations(long seed) {
        this.random = new Random(seed);
    }

    byte[] mutated(byte[] valid) {
        byte[] bytes = valid;
        for (int i = 0; i <= random.nextInt(3); i++) {
            bytes = random.nextBoolean() ? token(bytes) : bytes(bytes);
        }
        return bytes;
    }

    private byte[] bytes(byte[] valid) {
        byte[] bytes = valid.clone();
        if (bytes.length == 0) {
            return bytes;
        }
        int at = random.nextInt(bytes.length);
        switch (random.nextInt(3)) {
            case 0 -> bytes[at] = (byte) random.nextInt(256);
            case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
            default -> bytes = Arrays.copyOf(bytes, at);
        }
        return bytes;
    }

    /** Puts another token in the place of one, found by its colon. */
    private byte[] token(byte[] valid) {
        String text = new String(valid, UTF_8);
        int colon = text.indexOf(':', random.nextInt(text.length() + 1));
        if (colon < 0) {
            return valid;
        }
        int end = colon + 1;
        int depth = 0;
        boolean quoted = false;
        for (; end < text.length(); end++) {
            char c = text.charAt(end);
            quoted ^= c == '"';
            depth += quoted ? 0 : c == '{' || c == '[' ? 1 : c == '}' || c == ']' ? -1 : 0;
            if (depth < 0 || (depth == 0 && !quoted && c == ',')) {
                break;
            }
        }
        return (text.substring(0, colon + 1) + TOKENS.get(random.nextInt(TOKENS.size())) + text.substring(end))
                .getBytes(UTF_8);
    }
}
