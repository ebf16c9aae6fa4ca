// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.cloud;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.google.common.html.HtmlEscapers;
import com.google.common.io.BaseEncoding;
import com.google.common.net.UrlEscapers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URLEncoder;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The forms are made by the libraries that others use, not by the code under test. */
class RedactorTest {
    private static final List<UnaryOperator<String>> FORMS = List.of(
            secret -> secret,
            secret -> Base64.getEncoder().encodeToString(secret.getBytes(UTF_8)),
            secret -> Base64.getEncoder().withoutPadding().encodeToString(secret.getBytes(UTF_8)),
            secret -> Base64.getUrlEncoder().encodeToString(secret.getBytes(UTF_8)),
            secret -> BaseEncoding.base16().encode(secret.getBytes(UTF_8)),
            secret -> BaseEncoding.base16().lowerCase().encode(secret.getBytes(UTF_8)),
            secret -> URLEncoder.encode(secret, UTF_8),
            secret -> UrlEscapers.urlFormParameterEscaper().escape(secret),
            secret -> URLEncoder.encode(secret, UTF_8).replace("+", "%20"),
            secret -> HtmlEscapers.htmlEscaper().escape(secret),
            secret -> new String(JsonStringEncoder.getInstance().quoteAsString(secret)));

    @Test
    void a_secret_becomes_stars_and_the_rest_stays() {
        Redactor redactor = Redactor.of(Map.of("npm-token", "s3cr3t", "pass", "hunter2"));

        assertThat(redactor.redact("login with s3cr3t, then hunter2!")).isEqualTo("login with ***, then ***!");
    }

    @Test
    void the_longest_of_several_secrets_is_masked() {
        Redactor redactor = Redactor.of(Map.of("a", "abcd", "b", "abcdefgh", "c", "cdef"));

        assertThat(redactor.redact("<abcdefgh> <abcdefg> <abc>")).isEqualTo("<***> <***g> <abc>");
    }

    @Test
    void what_overlaps_leaves_nothing_of_either() {
        Redactor redactor = Redactor.of(Map.of("a", "onetwo", "b", "twothree"));

        assertThat(redactor.redact("-onetwothree-onetwo-")).isEqualTo("-***-***-");
    }

    @Test
    void each_line_of_a_secret_is_one_and_so_is_the_whole() {
        Redactor redactor = Redactor.of(Map.of("key", "-----BEGIN KEY-----\nMIIEvQ\nab\n-----END KEY-----\n"));

        assertThat(redactor.redact("one: MIIEvQ, two: -----END KEY-----")).isEqualTo("one: ***, two: ***");
        assertThat(redactor.redact("-----BEGIN KEY-----\r\nMIIEvQ\r\n")).isEqualTo("***\r\n***\r\n");
        assertThat(redactor.redact("-----BEGIN KEY-----\nMIIEvQ\nab\n-----END KEY-----"))
                .isEqualTo("***");
    }

    @Test
    void values_under_four_characters_are_named_and_not_masked() {
        Redactor redactor =
                Redactor.of(Map.of("pin", "123", "empty", "", "flag", "\u00e4\u00f6\u00fc", "long", "1234"));

        assertThat(redactor.tooShort()).containsExactly("flag", "pin");
        assertThat(redactor.redact("123 1234")).isEqualTo("123 ***");
    }

    @Test
    void base64_is_found_wherever_the_secret_begins_in_the_encoded_bytes() {
        String secret = "correct horse battery staple";
        Redactor redactor = Redactor.of(Map.of("phrase", secret));
        for (String before : List.of("", "u", "us", "user:", "Authorization: Basic ")) {
            String encoded = Base64.getEncoder().encodeToString((before + secret + " and more").getBytes(UTF_8));

            String left = redactor.redact(encoded).replace("***", "");

            // Of 38 characters all but those shared with what stands beside it are gone.
            assertThat(encoded).hasSizeGreaterThan(left.length() + 34);
            assertThat(redactor.redact(encoded)).containsOnlyOnce("***");
        }
    }

    @Test
    void base64_is_found_that_was_broken_into_lines() {
        String secret = Stream.generate(() -> "0123456789abcdefghijk").limit(20).reduce("", String::concat);
        Redactor redactor = Redactor.of(Map.of("long", secret));

        for (int width : new int[] {76, 64}) {
            String encoded =
                    Base64.getMimeEncoder(width, new byte[] {'\n'}).encodeToString((secret + "\n").getBytes(UTF_8));

            assertThat(redactor.redact(encoded)).matches("\\*{3}[A-Za-z0-9+/=]{0,4}");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 19, 64, 76})
    void base64_is_found_however_its_lines_break_and_wherever_the_secret_is_in_them(int width) throws IOException {
        String secret = "tok_4f9aQ7zLm2XcV8bN1kJ6hG3dS5wE0rTy";
        Redactor redactor = Redactor.of(Map.of("token", secret));
        for (int before = 0; before < 120; before++) {
            String text = "x".repeat(before) + secret + "y".repeat(60);
            String encoded = Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
            String broken = encoded.replaceAll("(.{" + width + "})", "$1\r\n");

            String left = cut(redactor, broken.getBytes(UTF_8), new Random(before));

            assertThat(left.replaceAll("[\r\n]", ""))
                    .as("behind %d bytes", before)
                    .containsOnlyOnce("***");
            // Of 48 characters at most those stay that the secret shares with what stands beside it.
            assertThat(left.replaceAll("[\r\n]|\\*{3}", "")).hasSizeLessThan(encoded.length() - 44);
        }
    }

    @Test
    void empty_lines_without_end_are_not_kept_back() throws IOException {
        ByteArrayOutputStream clear = new ByteArrayOutputStream();
        OutputStream masked = Redactor.of(Map.of("token", "tok_4f9aQ7zLm2Xc")).over(clear);

        // Those three letters begin the secret in base64.
        masked.write(("dG9" + "\n".repeat(100_000)).getBytes(UTF_8));
        masked.flush();

        assertThat(clear.size()).isEqualTo(100_003);
    }

    @Test
    void what_a_shell_prints_of_a_word_is_found() {
        for (String secret : List.of("p@ss'w0rd-1234", "p4ss w0rd$HOME", "a\"b`c$d!long,#", "back\\slash'")) {
            Redactor redactor = Redactor.of(Map.of("word", secret));
            for (String printed : List.of(
                    "'" + secret.replace("'", "'\\''") + "'",
                    "'" + secret.replace("'", "'\"'\"'") + "'",
                    "\"" + secret.replaceAll("([\"`$\\\\])", "\\\\$1") + "\"",
                    secret.replaceAll("([^A-Za-z0-9@%+=:./#-])", "\\\\$1"),
                    "$'" + secret.replaceAll("(['\\\\])", "\\\\$1") + "'")) {
                assertThat(redactor.redact(printed)).as(printed).matches("(\\$?['\"])?\\*{3}['\"]?");
            }
        }
    }

    @Test
    void json_is_found_with_every_escape_that_writers_use() {
        Redactor redactor = Redactor.of(Map.of("odd", "a\"b\\c/d\u00e9\u0001"));

        assertThat(redactor.redact("\"a\\\"b\\\\c/d\u00e9\\u0001\"")).isEqualTo("\"***\"");
        assertThat(redactor.redact("\"a\\\"b\\\\c\\/d\u00e9\\u0001\"")).isEqualTo("\"***\"");
        assertThat(redactor.redact("\"a\\\"b\\\\c/d\\u00e9\\u0001\"")).isEqualTo("\"***\"");
        assertThat(redactor.redact("\"a\\\"b\\\\c/d\\u00E9\\u0001\"")).isEqualTo("\"***\"");
        assertThat(redactor.redact("\"{\\\"k\\\":\\\"a\\\\\\\"b\\\\\\\\c/d\u00e9\\\\u0001\\\"}\""))
                .isEqualTo("\"{\\\"k\\\":\\\"***\\\"}\"");
    }

    @Test
    void a_stream_keeps_back_only_what_may_be_the_beginning_of_a_secret() throws IOException {
        ByteArrayOutputStream seen = new ByteArrayOutputStream();
        try (OutputStream stream = Redactor.of(Map.of("token", "secret-token")).over(seen)) {
            stream.write("building...\nsecret".getBytes(UTF_8));
            assertThat(seen.toString(UTF_8)).isEqualTo("building...\n");
            stream.write("ly, secret-to".getBytes(UTF_8));
            assertThat(seen.toString(UTF_8)).isEqualTo("building...\nsecretly, ");
            stream.write("ken, secret-".getBytes(UTF_8));
        }
        assertThat(seen.toString(UTF_8)).isEqualTo("building...\nsecretly, ***, secret-");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void no_secret_gets_through_in_any_form_however_the_text_is_cut(long seed) throws IOException {
        Random random = new Random(seed);
        for (int round = 0; round < 60; round++) {
            Map<String, String> secrets = Map.of("a", secret(random), "b", secret(random), "c", secret(random));
            List<String> values = List.copyOf(secrets.values());
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < 20; i++) {
                text.append(noise(random)).append(form(random).apply(values.get(random.nextInt(3))));
            }

            String redacted = cut(Redactor.of(secrets), text.toString().getBytes(UTF_8), random);

            for (String value : values) {
                for (UnaryOperator<String> form : FORMS) {
                    assertThat(redacted).as("seed %d, round %d", seed, round).doesNotContain(form.apply(value));
                }
            }
            assertThat(redacted).contains("***");
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14})
    void text_without_secrets_is_not_changed_by_a_byte(long seed) throws IOException {
        Random random = new Random(seed);
        for (int round = 0; round < 60; round++) {
            byte[] bytes = new byte[random.nextInt(5000)];
            random.nextBytes(bytes);
            // The secret's letters, but never all of them in a row: near misses are the hard case.
            for (int i = 0; i < bytes.length; i++) {
                if (random.nextInt(4) > 0) {
                    bytes[i] = (byte) "qwertyu".charAt(random.nextInt(7));
                }
                if (i >= 9) {
                    bytes[i] = Arrays.equals(bytes, i - 9, i, "qwertyuio".getBytes(UTF_8), 0, 9) ? 0 : bytes[i];
                }
            }
            Redactor redactor = Redactor.of(Map.of("key", "qwertyuiop[]"));
            ByteArrayOutputStream seen = new ByteArrayOutputStream();
            try (OutputStream out = redactor.over(seen)) {
                write(out, bytes, random);
            }

            assertThat(seen.toByteArray()).isEqualTo(bytes);
            assertThat(redactor.redact(bytes)).isSameAs(bytes);
        }
    }

    @Test
    void time_grows_with_the_text_even_when_everything_nearly_matches() {
        Redactor redactor = Redactor.of(Map.of("evil", "a".repeat(4000) + "b"));
        byte[] text = "a".repeat(2_000_000).getBytes(UTF_8);
        long start = System.nanoTime();

        assertThat(redactor.redact(text)).isSameAs(text);

        // A search that begins anew at each byte would take an hour.
        assertThat(System.nanoTime() - start).isLessThan(30_000_000_000L);
    }

    private static String cut(Redactor redactor, byte[] text, Random random) throws IOException {
        ByteArrayOutputStream seen = new ByteArrayOutputStream();
        try (OutputStream out = redactor.over(seen)) {
            write(out, text, random);
        }
        assertThat(seen.toByteArray()).isEqualTo(redactor.redact(text));
        return seen.toString(UTF_8);
    }

    private static void write(OutputStream out, byte[] bytes, Random random) throws IOException {
        for (int at = 0; at < bytes.length; ) {
            int length = Math.min(1 + random.nextInt(12), bytes.length - at);
            out.write(bytes, at, length);
            at += length;
        }
    }

    private static UnaryOperator<String> form(Random random) {
        return FORMS.get(random.nextInt(FORMS.size()));
    }

    private static String secret(Random random) {
        String letters = "abcXYZ019+/=&<>\"'\\% ~!*()-_.\u00e4\u20ac";
        StringBuilder secret = new StringBuilder("S");
        int length = 8 + random.nextInt(60);
        for (int i = 0; i < length; i++) {
            secret.append(letters.charAt(random.nextInt(letters.length())));
        }
        return secret.append("E").toString();
    }

    private static String noise(Random random) {
        return " line " + random.nextInt(1000) + (random.nextBoolean() ? ":" : "\n").toLowerCase(Locale.ROOT);
    }
}
