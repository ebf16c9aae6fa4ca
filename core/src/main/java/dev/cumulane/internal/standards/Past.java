// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.standards;

import dev.cumulane.pipeline.Plan;
import dev.cumulane.run.HistoryRecord;
import dev.cumulane.run.RunId;
import java.util.List;

/** What followers read of a run beside what they are told. Calls the journal. */
public interface Past {
    /** The plan that a run follows. */
    Plan plan(RunId run);

    /** A run's records from one on. */
    List<HistoryRecord> history(RunId run, long from);
}
