// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.cloud;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.cumulane.internal.redact.Forms;
import dev.cumulane.internal.redact.Mask;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Masks secrets in what leaves a worker or the engine: each becomes {@code ***}.
 *
 * <p>A secret is found as it is, each of its lines by itself, and as base64 (wherever it begins in the encoded bytes, also in the alphabet of URLs), hexadecimal
 * digits, JSON, XML and URLs write it. Text without secrets is not changed by a single byte. Time grows with the text alone, whatever is in it. Values of fewer than
 * {@value #SHORTEST} characters are not masked, since they stand in every text; {@link #tooShort()} names them, to warn of.
 *
 * <p>Immutable; any thread. It holds the values, so it must not outlive the need for them, and its {@code toString} has none of them.
 */
public final class Redactor {
    /** The fewest characters of a value that is masked. */
    public static final int SHORTEST = Forms.SHORTEST;

    private static final Redactor NONE = new Redactor(new Forms(), List.of());

    /** At the beginning of a text, and left there. */
    private final Mask mask;

    private final boolean idle;
    private final List<String> tooShort;

    private Redactor(Forms forms, List<String> tooShort) {
        this.mask = new Mask(forms);
        this.idle = forms.isEmpty();
        this.tooShort = List.copyOf(tooShort);
    }

    /**
     * A redactor that knows no secret and changes nothing.
     *
     * @return the redactor
     */
    public static Redactor none() {
        return NONE;
    }

    /**
     * A redactor for these secrets.
     *
     * @param secrets the values, by what to call them in a warning, such as their references
     * @return the redactor
     */
    public static Redactor of(Map<String, String> secrets) {
        Forms forms = new Forms();
        List<String> tooShort = new ArrayList<>();
        new TreeMap<>(secrets).forEach((name, value) -> {
            if (!forms.addSecret(value) && !value.isBlank()) {
                tooShort.add(name);
            }
        });
        return forms.isEmpty() && tooShort.isEmpty() ? NONE : new Redactor(forms, tooShort);
    }

    /**
     * The secrets whose values are too short to be masked.
     *
     * @return their names, sorted
     */
    public List<String> tooShort() {
        return tooShort;
    }

    /**
     * Masks the secrets in a text.
     *
     * @param text any text
     * @return the same text if there is none in it
     */
    public String redact(String text) {
        if (idle) {
            return text;
        }
        byte[] bytes = text.getBytes(UTF_8);
        byte[] redacted = redact(bytes);
        return Arrays.equals(redacted, bytes) ? text : new String(redacted, UTF_8);
    }

    /**
     * Masks the secrets in bytes.
     *
     * @param bytes text in UTF-8, or anything else
     * @return the same array if there is none in it
     */
    public byte[] redact(byte[] bytes) {
        if (idle) {
            return bytes;
        }
        Mask over = mask.another();
        byte[] clear = over.next(bytes, 0, bytes.length);
        byte[] rest = over.end();
        if (!over.masked()) {
            return bytes;
        }
        byte[] all = Arrays.copyOf(clear, clear.length + rest.length);
        System.arraycopy(rest, 0, all, clear.length, rest.length);
        return all;
    }

    /**
     * A stream that masks secrets on their way into another one, also those that come in pieces. What may be the beginning of a secret is kept back until it is clear;
     * {@code flush} does not change that, {@code close} does.
     *
     * @param out where the rest goes; closed with the stream
     * @return the stream, for one thread
     */
    public OutputStream over(OutputStream out) {
        return idle ? out : new MaskedStream(mask.another(), out);
    }

    @Override
    public String toString() {
        return "a redactor";
    }

    private static final class MaskedStream extends OutputStream {
        private final Mask mask;
        private final OutputStream out;

        MaskedStream(Mask mask, OutputStream out) {
            this.mask = mask;
            this.out = out;
        }

        @Override
        public void write(int letter) throws IOException {
            write(new byte[] {(byte) letter}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(mask.next(bytes, offset, length));
        }

        @Override
        public void flush() throws IOException {
            out.flush();
        }

        @Override
        public void close() throws IOException {
            try (out) {
                out.write(mask.end());
            }
        }
    }
}
