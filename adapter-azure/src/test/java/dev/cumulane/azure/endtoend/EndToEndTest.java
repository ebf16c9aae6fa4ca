// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.endtoend.ShopRepository;
import dev.cumulane.endtoend.Story;
import dev.cumulane.run.Outcome;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a signed push to a deployment, and back. */
final class EndToEndTest {
    /** The test must see the share before it is over. */
    private static final Duration HOLD = Duration.ofSeconds(4);

    @TempDir
    Path directory;

    @Test
    void a_push_becomes_a_release_and_an_alarm_takes_the_next_one_back() throws Exception {
        ShopRepository repository = ShopRepository.in(directory.resolve("team"));
        try (AzureOnLoopback azure =
                new AzureOnLoopback(directory, repository.directory().toString(), HOLD)) {
            Story.push(azure, repository, "A change")
                    .approve()
                    .ends(Outcome.SUCCESS)
                    .wasDoneOnce();

            Story.push(azure, repository, "A change for the worse")
                    .approve()
                    .alarm()
                    .ends(Outcome.FAILURE)
                    .wasDoneOnce();
            // The first release has nobody to share with.
            assertThat(azure.apps().shares()).containsExactly("1=100", "2=100", "2=90 3=10", "2=100");

            assertThat(azure.failures()).isEmpty();
            assertThat(azure.violations()).isEmpty();
        }
    }
}
