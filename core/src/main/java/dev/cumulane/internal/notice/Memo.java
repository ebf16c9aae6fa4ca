// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.notice;

import dev.cumulane.internal.json.MalformedJsonException;
import dev.cumulane.internal.json.RecordJson;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What is remembered of the notices of one run.
 *
 * @param told the keys of what was told
 * @param message the service's own name of the message that is kept up to date; empty without one
 * @param shown what that message shows
 */
record Memo(List<String> told, String message, String shown) {
    private static final int LARGEST = 30_000;

    /** Copies the list. */
    Memo {
        told = List.copyOf(told);
    }

    static Memo of(String text) {
        if (!text.isEmpty()) {
            try {
                return RecordJson.read(Memo.class, text.getBytes(StandardCharsets.UTF_8), LARGEST);
            } catch (MalformedJsonException e) {
                // Another form: whoever is told hears some of it once more.
                return new Memo(List.of(), "", "");
            }
        }
        return new Memo(List.of(), "", "");
    }

    Memo and(String key) {
        List<String> more = new ArrayList<>(told);
        more.add(key);
        return new Memo(more, message, shown);
    }

    Memo showing(String where, String what) {
        return new Memo(told, where, what);
    }

    String text() {
        return new String(RecordJson.write(Memo.class, this), StandardCharsets.UTF_8);
    }
}
