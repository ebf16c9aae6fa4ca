// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.follow;

import dev.cumulane.run.RunId;
import dev.cumulane.run.RunView;
import java.util.Optional;

/** What a follower may ask about other runs than the one that it is told of. */
public interface Others {
    /** Whether a run was repeated: what its commit is worth is for the repetition to say. Costs one read. */
    boolean isRepeated(RunId run);

    /** The last run of the same pipeline on the same ref that ended before this one began; looked for among the latest runs. Costs a read for each of them. */
    Optional<RunView> before(RunView run);
}
