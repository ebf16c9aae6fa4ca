// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.trace;

import java.util.Optional;

/** The ids that the span now being started on this thread should have. The API has no place for them; an id generator of the SDK can ask here. */
public final class WantedIds {
    private static final ThreadLocal<Optional<Ids>> WANTED = ThreadLocal.withInitial(Optional::empty);

    private WantedIds() {}

    /**
     * A pair of ids.
     *
     * @param trace 32 hexadecimal digits
     * @param span 16 hexadecimal digits
     */
    public record Ids(String trace, String span) {}

    /** The ids that are wanted on this thread. */
    public static Optional<Ids> now() {
        return WANTED.get();
    }

    /** Starts something. */
    public interface Start<T> {
        T start();
    }

    /** Starts something that should have these ids. */
    public static <T> T with(Ids ids, Start<T> start) {
        WANTED.set(Optional.of(ids));
        try {
            return start.start();
        } finally {
            WANTED.remove();
        }
    }
}
