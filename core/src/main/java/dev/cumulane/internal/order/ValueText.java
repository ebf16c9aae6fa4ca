// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.order;

import dev.cumulane.pipeline.ValueKind;
import dev.cumulane.run.StageValue;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;

/** The texts of values: what a worker wrote, checked. */
public final class ValueText {
    private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9][0-9]{0,17})(\\.[0-9]{1,9})?");

    private ValueText() {}

    /**
     * The value that these bytes are, without the newline at their very end.
     *
     * @param kind what it has to be
     * @param bytes what a worker wrote; may be anything
     * @return the text
     * @throws RefusedInputException if it is none of that kind; the message goes on after the value's name
     */
    public static String parse(ValueKind kind, byte[] bytes) throws RefusedInputException {
        // One byte more than the largest, for the newline.
        if (bytes.length > StageValue.LARGEST + 1) {
            throw new RefusedInputException("has more than " + StageValue.LARGEST + " bytes");
        }
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new RefusedInputException("is not UTF-8 text", e);
        }
        return parse(kind, text);
    }

    /**
     * The value that this text is, without the newline at its very end.
     *
     * @param kind what it has to be
     * @param written what a worker wrote; may be anything
     * @return the text
     * @throws RefusedInputException if it is none of that kind; the message goes on after the value's name
     */
    public static String parse(ValueKind kind, String written) throws RefusedInputException {
        String text = written.endsWith("\n") ? written.substring(0, written.length() - 1) : written;
        if (text.length() > StageValue.LARGEST || utf8(text).length > StageValue.LARGEST) {
            throw new RefusedInputException("has more than " + StageValue.LARGEST + " bytes");
        }
        if (text.indexOf('\0') >= 0) {
            throw new RefusedInputException("holds a NUL, which no environment variable can");
        }
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            throw new RefusedInputException("holds half a character, a lone surrogate");
        }
        switch (kind) {
            case TEXT -> {}
            case NUMBER -> {
                if (!NUMBER.matcher(text).matches()) {
                    throw new RefusedInputException(
                            "is '" + ShellText.shown(text)
                                    + "', which is no number such as 12 or -0.5, of at most 18 digits and nine behind the point");
                }
            }
            case FLAG -> {
                if (!text.equals("true") && !text.equals("false")) {
                    throw new RefusedInputException(
                            "is '" + ShellText.shown(text) + "', which is neither true nor false");
                }
            }
            case LIST -> {
                int empty = items(text).indexOf("");
                if (empty >= 0) {
                    throw new RefusedInputException("is a list whose item " + (empty + 1) + " is empty");
                }
            }
        }
        return text;
    }

    /** The items of a list's text. */
    public static List<String> items(String text) {
        return text.isEmpty() ? List.of() : List.of(text.split("\n", -1));
    }

    /** The text's bytes. */
    public static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
