// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.run;

import dev.cumulane.pipeline.Digest;
import dev.cumulane.pipeline.ValueKind;
import java.nio.charset.StandardCharsets;

/** A value that a stage handed on. It came from a build: text to be shown or given to other work, never to be run. */
public sealed interface StageValue {
    /** The largest value, in bytes of UTF-8: as an environment variable it has to fit into what Linux gives one, 128 KiB, with room to spare. */
    int LARGEST = 64 * 1024;

    /**
     * What it is.
     *
     * @return the kind
     */
    ValueKind kind();

    /**
     * Its size.
     *
     * @return bytes of UTF-8
     */
    long size();

    /**
     * Whether it is this text.
     *
     * @param text any text
     * @return true if it is
     */
    boolean is(String text);

    /**
     * A small value.
     *
     * @param kind what it is
     * @param text itself, at most {@value #LARGEST_INLINE} bytes
     */
    record Inline(ValueKind kind, String text) implements StageValue {
        /** The largest value that is kept in the run's record, in bytes of UTF-8. */
        public static final int LARGEST_INLINE = 1024;

        /** Refuses a larger one. */
        public Inline {
            int size = text.getBytes(StandardCharsets.UTF_8).length;
            if (size > LARGEST_INLINE) {
                throw new IllegalArgumentException(
                        "a value of " + size + " bytes is more than " + LARGEST_INLINE + " and has to be stored");
            }
        }

        @Override
        public long size() {
            return text.getBytes(StandardCharsets.UTF_8).length;
        }

        @Override
        public boolean is(String other) {
            return text.equals(other);
        }
    }

    /**
     * A value in the artifact store.
     *
     * @param kind what it is
     * @param digest the sha-256 of its UTF-8 text
     * @param size at most {@value #LARGEST} bytes
     */
    record Stored(ValueKind kind, Digest digest, long size) implements StageValue {
        /** Refuses a size that no value has. */
        public Stored {
            if (size < 0 || size > LARGEST) {
                throw new IllegalArgumentException("a value has at most " + LARGEST + " bytes, not " + size);
            }
        }

        @Override
        public boolean is(String other) {
            return digest.equals(Digest.of(other.getBytes(StandardCharsets.UTF_8)));
        }
    }
}
