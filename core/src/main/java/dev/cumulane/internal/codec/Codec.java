// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.codec;

import dev.cumulane.internal.json.RecordJson;
import dev.cumulane.internal.machine.Signal;

/** Bytes of signals. */
public final class Codec {
    private Codec() {}

    /** A signal's bytes. */
    public static byte[] bytes(Signal signal) {
        return RecordJson.write(Signal.class, signal);
    }
}
