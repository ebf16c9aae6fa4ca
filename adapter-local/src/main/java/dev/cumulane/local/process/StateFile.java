// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.process;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.cumulane.cloud.CloudException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** A small JSON document in a file that is replaced as a whole: a reader sees the old one or the new one, never a part. */
public final class StateFile {
    private static final int LARGEST = 1024 * 1024;
    private static final ObjectMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(16)
                            .maxStringLength(64 * 1024)
                            .build())
                    .build())
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private StateFile() {}

    /**
     * Replaces the document. When this returns, it survives the loss of power.
     *
     * @param file the file; its directory exists
     * @param document the document
     * @throws CloudException retryable, if the disk does not take it
     */
    public static void write(Path file, JsonNode document) {
        Path next = file.resolveSibling(file.getFileName() + ".next");
        try {
            try (FileChannel channel = FileChannel.open(
                    next, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
                ByteBuffer bytes =
                        ByteBuffer.wrap(JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(document));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw CloudException.retryable("disk", "could not write " + file + ": " + e.getMessage(), e);
        }
    }

    /**
     * Reads the document.
     *
     * @param file the file
     * @return the document, or empty if there is none
     * @throws CloudException permanent, if it is damaged; retryable, if the disk does not give it
     */
    public static Optional<JsonNode> read(Path file) {
        try {
            if (Files.size(file) > LARGEST) {
                throw CloudException.permanent("disk", file + " is damaged: it is larger than " + LARGEST + " bytes");
            }
            JsonNode document = JSON.readTree(Files.readAllBytes(file));
            if (!document.isObject() || document.path("format").asInt() != 1) {
                throw CloudException.permanent(
                        "disk", file + " is damaged, or was written by a newer version of Cumulane");
            }
            return Optional.of(document);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (com.fasterxml.jackson.core.JacksonException e) {
            throw CloudException.permanent("disk", file + " is damaged: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw CloudException.retryable("disk", "could not read " + file + ": " + e.getMessage(), e);
        }
    }
}
