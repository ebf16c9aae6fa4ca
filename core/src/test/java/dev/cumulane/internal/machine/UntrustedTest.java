// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.machine;

import static dev.cumulane.pipeline.Environment.environment;
import static dev.cumulane.pipeline.Value.secret;
import static dev.cumulane.pipeline.Work.container;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.pipeline.Work;
import dev.cumulane.run.Cause;
import dev.cumulane.run.Commit;
import dev.cumulane.run.SourceEvent;
import dev.cumulane.run.TrustLevel;
import dev.cumulane.run.Verdict;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What the work of a stranger must not do, in every cloud alike. */
class UntrustedTest {
    private static final Work WORK = container("alpine").runs("make");
    private static final Pipeline PIPELINE = Pipeline.define("shop", p -> {
        var build = p.build("build", WORK.writes("jar", "shop.jar"));
        p.build("scan", WORK.env("TOKEN", secret("npm-token")).env("AGAIN", secret("npm-token")));
        var shipped = p.deploy(build.artifact("jar"), environment("production"));
        p.build("tell", WORK).after(shipped);
    });

    private static Driver run(TrustLevel trust) {
        Commit head = Commit.commit("https://example.com/shop.git", "1".repeat(40));
        return Driver.begun(
                PIPELINE, new SourceEvent.Pushed(head.at("refs/heads/main"), "eve", trust), new TreeMap<>());
    }

    @Test
    void it_deploys_nothing_and_the_rest_goes_on() {
        Driver run = run(TrustLevel.UNTRUSTED);
        run.succeed("build");
        assertThat(run.verdict("deploy-production"))
                .isEqualTo(Verdict.of(Cause.CONDITION_UNMET, "untrusted work deploys nothing"));
        assertThat(run.phase("tell")).isEqualTo(Phase.SCHEDULED);
    }

    @Test
    void it_gets_no_secret_and_does_not_look_like_a_success() {
        Driver run = run(TrustLevel.UNTRUSTED);
        assertThat(run.verdict("scan"))
                .isEqualTo(Verdict.of(Cause.REFUSED, "untrusted work gets no secret, and asks for 'npm-token'"));
    }

    @Test
    void a_branch_of_the_same_repository_may_do_both() {
        for (TrustLevel trust : new TrustLevel[] {TrustLevel.INTERNAL, TrustLevel.TRUSTED}) {
            Driver run = run(trust);
            assertThat(run.phase("scan")).isEqualTo(Phase.SCHEDULED);
            run.succeed("build");
            assertThat(run.run().slot("deploy-production").orElseThrow().verdict())
                    .isEmpty();
        }
    }
}
