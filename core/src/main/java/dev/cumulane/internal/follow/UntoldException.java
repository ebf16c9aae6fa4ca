// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.follow;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A follower could not be told, or only in part; it is tried again. The message is one line for people and holds nothing secret. */
public final class UntoldException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** How long the follower asks for quiet. */
    private final Duration quiet;

    /** What is to be remembered of the part that was told, if any was. */
    private final @Nullable String memo;

    private UntoldException(String message, Duration quiet, @Nullable String memo, @Nullable Throwable cause) {
        super(message, cause);
        this.quiet = quiet;
        this.memo = memo;
    }

    /** Nobody knows whether it heard. */
    public static UntoldException because(String message, Throwable cause) {
        return new UntoldException(message, Duration.ZERO, null, cause);
    }

    /** It refused. */
    public static UntoldException because(String message) {
        return new UntoldException(message, Duration.ZERO, null, null);
    }

    /** It refused and wants to be left in peace for so long. */
    public static UntoldException because(String message, Duration quiet) {
        return new UntoldException(message, quiet, null, null);
    }

    /** The same, after a part was told; the next try begins with this memo. */
    public UntoldException after(String told) {
        return new UntoldException(String.valueOf(getMessage()), quiet, told, this);
    }

    /** How long to wait at least; zero if the follower did not say. */
    public Duration quiet() {
        return quiet;
    }

    /** What is to be remembered, if a part was told. */
    public Optional<String> memo() {
        return Optional.ofNullable(memo);
    }
}
