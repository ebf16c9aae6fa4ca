// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.base.Utf8;
import com.google.common.primitives.Bytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Records as JSON: the same record gives the same bytes in any JVM.
 *
 * <p>A record is an object whose fields are its components in their order; a record of one string is that string; a member of a sealed interface says its simple
 * name in {@code type}. Empty optionals, lists and maps and false booleans are left out. Reading ignores unknown fields, so that older code reads what newer code
 * wrote, and refuses unknown types, duplicate fields, and documents that are too large or too deep.
 */
public final class RecordJson {
    private static final int DEEPEST = 64;
    private static final int LONGEST_STRING = 1 << 20;

    /** A tree of this many tokens takes less than 20 MB, whatever it looks like; what a forge sends has some thousands. */
    private static final long MOST_FOREIGN_TOKENS = 200_000;

    private static final ObjectMapper MAPPER = mapper(Long.MAX_VALUE, LONGEST_STRING);
    private static final ObjectMapper FOREIGN = mapper(MOST_FOREIGN_TOKENS, LONGEST_STRING);
    private static final ObjectMapper ANSWERS = mapper(MOST_FOREIGN_TOKENS, Integer.MAX_VALUE);

    private RecordJson() {}

    private static ObjectMapper mapper(long mostTokens, int longestString) {
        return new ObjectMapper(JsonFactory.builder()
                        .streamReadConstraints(StreamReadConstraints.builder()
                                .maxNestingDepth(DEEPEST)
                                .maxStringLength(longestString)
                                .maxNameLength(1_000)
                                .maxNumberLength(40)
                                .maxTokenCount(mostTokens)
                                .build())
                        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                        .build())
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    }

    /**
     * Writes a record.
     *
     * @param type the type to read it as later; a record, or a sealed interface of records
     * @param value the record
     * @return UTF-8 bytes
     */
    public static <T> byte[] write(Class<T> type, T value) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(256);
        try (JsonGenerator json = MAPPER.getFactory().createGenerator(out)) {
            Shape.of(type).write(json, value);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return out.toByteArray();
    }

    /**
     * Reads a record.
     *
     * @param type the type it was written as
     * @param bytes UTF-8 bytes from anywhere
     * @param most the most bytes to accept
     * @return the record
     * @throws MalformedJsonException if the bytes are anything else
     */
    public static <T> T read(Class<T> type, byte[] bytes, int most) {
        return read(type, tree(bytes, most));
    }

    /**
     * Reads a record from a tree.
     *
     * @param type the type it was written as
     * @param tree what {@link #tree} gave
     * @return the record
     * @throws MalformedJsonException if the tree is anything else
     */
    public static <T> T read(Class<T> type, JsonNode tree) {
        return type.cast(read(tree, Shape.of(type), type.getSimpleName()));
    }

    /**
     * Reads a tree, within the limits.
     *
     * @param bytes UTF-8 bytes from anywhere
     * @param most the most bytes to accept
     * @return the tree
     * @throws MalformedJsonException if the bytes are anything else
     */
    public static JsonNode tree(byte[] bytes, int most) {
        return tree(MAPPER, bytes, most);
    }

    /**
     * Reads a tree that somebody else wrote: only UTF-8, and at most 200,000 tokens, so that no document fills the memory.
     *
     * @param bytes bytes from anywhere
     * @param most the most bytes to accept
     * @return the tree
     * @throws MalformedJsonException if the bytes are anything else
     */
    public static JsonNode foreignTree(byte[] bytes, int most) {
        return foreign(FOREIGN, bytes, most);
    }

    /**
     * Reads a tree that a service answered with. Unlike what is sent to us, it may hold texts of any length: what a stranger describes in a list must not hide the others.
     *
     * @param bytes bytes from anywhere
     * @param most the most bytes to accept
     * @return the tree
     * @throws MalformedJsonException if the bytes are anything else
     */
    public static JsonNode answerTree(byte[] bytes, int most) {
        return foreign(ANSWERS, bytes, most);
    }

    private static JsonNode foreign(ObjectMapper mapper, byte[] bytes, int most) {
        // Without this, Jackson takes bytes with NULs for UTF-16 or UTF-32.
        if (!Utf8.isWellFormed(bytes) || Bytes.contains(bytes, (byte) 0)) {
            throw new MalformedJsonException("not UTF-8");
        }
        return tree(mapper, bytes, most);
    }

    private static JsonNode tree(ObjectMapper mapper, byte[] bytes, int most) {
        if (bytes.length > most) {
            throw new MalformedJsonException(
                    "the document has " + bytes.length + " bytes; at most " + most + " are accepted");
        }
        try {
            JsonNode tree = mapper.readTree(bytes);
            if (tree == null || tree.isMissingNode()) {
                throw new MalformedJsonException("the document is empty");
            }
            return tree;
        } catch (JsonProcessingException e) {
            throw new MalformedJsonException("not JSON: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new MalformedJsonException("not JSON: " + e.getMessage(), e);
        }
    }

    private static Object read(JsonNode tree, Shape shape, String what) {
        try {
            return shape.read(tree);
        } catch (MalformedJsonException e) {
            throw new MalformedJsonException("not a " + what + ": " + e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new MalformedJsonException("not a " + what + ": " + e.getMessage(), e);
        }
    }
}
