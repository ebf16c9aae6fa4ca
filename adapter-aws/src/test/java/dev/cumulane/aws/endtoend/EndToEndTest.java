// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.aws.endtoend.AwsOnLoopback.Setup;
import dev.cumulane.endtoend.ShopRepository;
import dev.cumulane.endtoend.Story;
import dev.cumulane.run.Outcome;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a signed push to a deployment, and back, through the real runtime client in JVMs of their own. */
final class EndToEndTest {
    private static final long SEED = 20261123;
    private static final double FAULTS = 0.1;
    /** The test must see the share before it is over. */
    private static final int HOLD_SECONDS = 4;

    private static final int FEW = 4;
    private static final int MANY = 50;

    @TempDir
    Path directory;

    @Test
    void a_push_becomes_a_release_and_an_alarm_takes_the_next_one_back() throws Exception {
        ShopRepository repository = ShopRepository.in(directory.resolve("team"));
        Setup setup = new Setup(SEED, ChildJvm::start, 1, HOLD_SECONDS, AwsOnLoopback.MOST_RECEIVES);
        try (AwsOnLoopback aws =
                new AwsOnLoopback(directory, repository.directory().toString(), setup)) {
            Story.push(aws, repository, "A change")
                    .approve()
                    .ends(Outcome.SUCCESS)
                    .wasDoneOnce();
            assertThat(traffic(aws)).containsExactly("1", "1 2=0.1", "2");

            Story.push(aws, repository, "A change for the worse")
                    .approve()
                    .alarm()
                    .ends(Outcome.FAILURE)
                    .wasDoneOnce();
            assertThat(traffic(aws)).containsExactly("1", "1 2=0.1", "2", "2 3=0.1", "2");

            Runs runs = new Runs(aws, repository);
            runs.underFaults(FEW, FAULTS);
            assertThat(aws.wire().unread()).isEmpty();
            assertNothingLeaked(aws);
        }
    }

    @Test
    @Tag("strict")
    void fifty_runs_end_as_they_must_while_every_tenth_request_is_disturbed() throws Exception {
        ShopRepository repository = ShopRepository.in(directory.resolve("team"));
        Setup setup = new Setup(SEED, ChildJvm::start, 2, HOLD_SECONDS, AwsOnLoopback.MOST_RECEIVES);
        try (AwsOnLoopback aws =
                new AwsOnLoopback(directory, repository.directory().toString(), setup)) {
            new Runs(aws, repository).underFaults(MANY, FAULTS);
            assertThat(aws.deadLetters()).isZero();
            assertThat(aws.wire().unread()).isEmpty();
            assertNothingLeaked(aws);
            System.out.println(MANY + " runs; faults: " + aws.wire().faults() + " in "
                    + aws.wire().calls().size() + " calls; batches: "
                    + aws.functions().get("engine").invocations() + "; requests to ingress: "
                    + aws.functions().get("ingress").invocations() + "; builds: "
                    + aws.codeBuild().requests("StartBuild").size() + " asked for");
        }
    }

    private static List<String> traffic(AwsOnLoopback aws) {
        return aws.lambda().traffic(ShopCi.FUNCTION, "live");
    }

    private void assertNothingLeaked(AwsOnLoopback aws) throws Exception {
        Traces.Findings leaks = Traces.of(AwsOnLoopback.SECRETS.values(), aws, directory);
        assertThat(leaks.found()).as("secrets in %s places", leaks.places()).isEmpty();
        // The search finds what is there.
        List<String> there = List.of("A change", "npm shows ***", "the scanner shows ***");
        Traces.Findings control = Traces.of(there, aws, directory);
        assertThat(there).allMatch(text -> control.found().stream().anyMatch(each -> each.startsWith(text)));
        assertThat(control.found()).anyMatch(each -> each.endsWith("in bytes of an item"));
    }
}
