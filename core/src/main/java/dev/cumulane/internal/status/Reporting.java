// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.status;

import dev.cumulane.internal.follow.Others;
import dev.cumulane.internal.http.Caller;
import dev.cumulane.run.Lineage;
import dev.cumulane.run.RunView;
import dev.cumulane.source.Repository;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;

/**
 * What reporting to a repository's forge takes.
 *
 * @param repository the repository; the address of its API is known
 * @param access calls the forge's API with the repository's credential
 * @param others knows of repetitions
 * @param clock the time
 * @param page the page that shows a run, if there is one
 */
public record Reporting(
        Repository repository,
        Caller access,
        Others others,
        InstantSource clock,
        Function<RunView, Optional<String>> page) {
    /** Whether a run is about the repository. Runs that other runs began speak through these. */
    boolean isAbout(RunView run) {
        return run.source().commit().repository().equals(repository.url())
                && run.status()
                        .lineage()
                        .filter(Lineage.Child.class::isInstance)
                        .isEmpty();
    }

    Optional<String> page(RunView run) {
        return page.apply(run);
    }

    Instant now() {
        return clock.instant();
    }

    String forge() {
        return repository.forge().toString();
    }
}
