// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.client;

import java.util.Optional;
import java.util.function.Supplier;

/**
 * A value that is made when it is first asked for, and then stays the same. Any thread; where making it throws, the next call tries again.
 *
 * @param <T> what it is
 */
public final class Lazy<T> implements Supplier<T> {
    private final Supplier<? extends T> maker;
    private Optional<T> made = Optional.empty();

    /**
     * A value that nobody has asked for yet.
     *
     * @param maker makes it
     */
    public Lazy(Supplier<? extends T> maker) {
        this.maker = maker;
    }

    @Override
    public synchronized T get() {
        if (made.isEmpty()) {
            made = Optional.of(maker.get());
        }
        return made.get();
    }

    /**
     * The value, if somebody has asked for it.
     *
     * @return empty if it was not made
     */
    public synchronized Optional<T> made() {
        return made;
    }
}
