// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.pipeline;

import java.util.List;

/** The rules for all triggers of a pipeline. */
final class TriggerList {
    private static final int MOST = 100;

    private TriggerList() {}

    static void check(String pipeline, List<Trigger> triggers) {
        if (triggers.size() > MOST) {
            throw new IllegalArgumentException("pipeline '" + pipeline + "' has " + triggers.size()
                    + " triggers; at most " + MOST + " are looked at");
        }
        for (Trigger trigger : triggers) {
            boolean followsItself =
                    (trigger instanceof Trigger.RunOf run && run.pipeline().equals(pipeline))
                            || (trigger instanceof Trigger.Published published
                                    && published.pipeline().equals(pipeline));
            if (followsItself) {
                throw new IllegalArgumentException("pipeline '" + pipeline + "' would start itself for ever");
            }
        }
    }
}
