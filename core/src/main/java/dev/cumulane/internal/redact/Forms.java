// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.redact;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The forms that secrets take on their way into a text: as they are, and as JSON, XML, URLs, shells, base64 and hexadecimal digits write them.
 *
 * <p>Base64 is found at each of the three places where a secret can begin within a group of three bytes. The characters that it shares with what stands beside it,
 * which tell at most four of its bits at either end, stay. Its forms are apart from the others, since line breaks may stand anywhere in them.
 */
public final class Forms {
    /** The fewest characters of what is masked: shorter values stand in every text. */
    public static final int SHORTEST = 4;

    /** Of longer values, in bytes, only the commonest forms are looked for; this bounds memory. */
    private static final int LONG = 4096;

    /** What bash puts a backslash before in the output of {@code printf %q}. */
    private static final String QUOTED_BY_BASH = " \t\n'\"\\|&;()<>!{}*[]?^$`,";

    /** What stays as it is beside letters and digits: RFC 3986, JavaScript's encodeURIComponent, forms of HTML. */
    private static final List<String> KEPT_IN_URLS = List.of("-._~", "-._~!'()*", "-._*");

    private static final HexFormat LOWER = HexFormat.of();
    private static final HexFormat UPPER = HexFormat.of().withUpperCase();

    /** Byte strings, as strings whose characters are the bytes. */
    private final Set<String> forms = new LinkedHashSet<>();

    /** The same, of base64. */
    private final Set<String> wrapped = new LinkedHashSet<>();

    /**
     * Adds all forms of a secret, and of each of its lines, in UTF-8.
     *
     * @return false if all of them are too short to be masked
     */
    public boolean addSecret(String secret) {
        Set<String> parts = new LinkedHashSet<>();
        parts.add(secret);
        parts.add(secret.strip());
        secret.lines().map(String::strip).forEach(parts::add);
        List<String> usable = parts.stream().filter(Forms::isLongEnough).toList();
        usable.forEach(this::add);
        return !usable.isEmpty();
    }

    /** Whether there is none. */
    public boolean isEmpty() {
        return forms.isEmpty();
    }

    /** Finds the forms that stand in a text as they are. */
    Automaton plain() {
        return automaton(forms);
    }

    /** Finds those of base64, in a text without its line breaks. */
    Automaton wrapped() {
        return automaton(wrapped);
    }

    private static Automaton automaton(Set<String> forms) {
        return new Automaton(
                forms.stream().map(form -> form.getBytes(ISO_8859_1)).toList());
    }

    private static boolean isLongEnough(String value) {
        return value.strip().codePointCount(0, value.strip().length()) >= SHORTEST;
    }

    private void add(String part) {
        byte[] bytes = part.getBytes(UTF_8);
        String json = json(part);
        text(part);
        text(json);
        base64(bytes);
        forms.add(LOWER.formatHex(bytes));
        if (bytes.length <= LONG) {
            forms.add(UPPER.formatHex(bytes));
            text(json.replace("/", "\\/"));
            text(json(json));
            text(ascii(json, LOWER));
            text(ascii(json, UPPER));
            text(xml(part, "&#39;"));
            text(xml(part, "&apos;"));
            shell(part);
            for (String kept : KEPT_IN_URLS) {
                url(bytes, kept);
            }
        }
    }

    private void text(String form) {
        forms.add(new String(form.getBytes(UTF_8), ISO_8859_1));
    }

    private void url(byte[] bytes, String kept) {
        for (HexFormat hex : List.of(UPPER, LOWER)) {
            StringBuilder url = new StringBuilder();
            for (byte each : bytes) {
                char c = (char) (each & 0xFF);
                boolean plain = (c >= 'a' && c <= 'z')
                        || (c >= 'A' && c <= 'Z')
                        || (c >= '0' && c <= '9')
                        || kept.indexOf(c) >= 0;
                url.append(plain ? String.valueOf(c) : "%" + hex.toHexDigits(each));
            }
            forms.add(url.toString());
            forms.add(url.toString().replace("%20", "+"));
        }
    }

    private void base64(byte[] bytes) {
        for (int before = 0; before < 3; before++) {
            byte[] shifted = new byte[before + bytes.length];
            System.arraycopy(bytes, 0, shifted, before, bytes.length);
            String encoded = Base64.getEncoder().withoutPadding().encodeToString(shifted);
            int first = (8 * before + 5) / 6;
            both(encoded.substring(first, 8 * shifted.length / 6));
        }
        both(Base64.getEncoder().encodeToString(bytes));
    }

    /** A form in the alphabet of base64, and in that of URLs and file names. What is left of short pieces is not worth masking. */
    private void both(String base64) {
        if (base64.length() >= SHORTEST) {
            wrapped.add(base64);
            wrapped.add(base64.replace('+', '-').replace('/', '_'));
        }
    }

    /** As shells print words that they could read again: by {@code set -x} of bash and of dash, between double quotes, by {@code printf %q}, between {@code $'} and {@code '}. */
    private void shell(String part) {
        text(part.replace("'", "'\\''"));
        text(part.replace("'", "'\"'\"'"));
        text(escaped(part, "\"\\$`"));
        text(escaped(part, QUOTED_BY_BASH));
        text(escaped(part, "'\\"));
    }

    private static String escaped(String text, String special) {
        StringBuilder escaped = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            escaped.append(special.indexOf(c) < 0 ? "" : "\\").append(c);
        }
        return escaped.toString();
    }

    private static String json(String text) {
        StringBuilder json = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> json.append("\\\"");
                case '\\' -> json.append("\\\\");
                case '\n' -> json.append("\\n");
                case '\r' -> json.append("\\r");
                case '\t' -> json.append("\\t");
                case '\b' -> json.append("\\b");
                case '\f' -> json.append("\\f");
                default -> json.append(c < ' ' ? "\\u" + LOWER.toHexDigits(c) : String.valueOf(c));
            }
        }
        return json.toString();
    }

    private static String ascii(String json, HexFormat hex) {
        StringBuilder ascii = new StringBuilder(json.length() + 16);
        for (int i = 0; i < json.length(); i++) {
            char c = json.charAt(i);
            ascii.append(c < 0x7F ? String.valueOf(c) : "\\u" + hex.toHexDigits(c));
        }
        return ascii.toString();
    }

    private static String xml(String text, String apostrophe) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", apostrophe);
    }
}
