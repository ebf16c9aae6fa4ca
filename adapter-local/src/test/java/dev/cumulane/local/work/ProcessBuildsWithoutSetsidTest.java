// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.work;

import dev.cumulane.local.process.Starter;
import dev.cumulane.run.AttemptId;

/** The same promises on a machine that has no {@code setsid}. */
class ProcessBuildsWithoutSetsidTest extends ProcessBuildsTest {
    @Override
    Starter starter() {
        return Starter.withoutSessions();
    }

    /** A helper that its order left behind while nobody watched has no parent and no session to be found by. */
    @Override
    void endWhatOnlyASessionFinds() {
        for (AttemptId attempt : scripts.keySet()) {
            for (String pid : lines(file(attempt, "helpers"))) {
                ProcessHandle.of(Long.parseLong(pid)).ifPresent(ProcessHandle::destroyForcibly);
            }
        }
    }
}
