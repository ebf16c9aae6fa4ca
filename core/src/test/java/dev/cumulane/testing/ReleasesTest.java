// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.testing;

import static dev.cumulane.pipeline.Environment.environment;
import static dev.cumulane.pipeline.Trigger.push;
import static dev.cumulane.pipeline.Work.container;
import static java.time.Duration.ofMinutes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cumulane.pipeline.Digest;
import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.pipeline.PipelineDefinition;
import dev.cumulane.pipeline.Work;
import dev.cumulane.run.Cause;
import dev.cumulane.run.Deployment;
import dev.cumulane.run.Outcome;
import dev.cumulane.run.Produced;
import dev.cumulane.run.Release;
import dev.cumulane.run.RunEvent;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class ReleasesTest {
    private final PipelineTester tester = PipelineTester.of(Pipeline.define("shop", p -> {
        p.on(push());
        var service = p.build("service", makes("jar", "shop.jar"));
        var pages = p.build("pages", makes("site", "site"));
        var shop = p.release("shop", service.artifact("jar"), pages.artifact("site"));
        var staging = p.deploy(shop, environment("staging"));
        var smoke = p.test("smoke", container("alpine").runs("smoke")).after(staging);
        p.deploy(shop, environment("production")).after(smoke);
    }));

    private static Work makes(String name, String path) {
        return container("alpine").runs("make").writes(name, path);
    }

    private static Produced only(TestedRun run, String stage) {
        return run.stage(stage).progress().verdict().orElseThrow().artifacts().get(0);
    }

    @Test
    void production_gets_the_very_set_that_was_tested_in_staging() {
        TestedRun run = tester.push("main").assertSucceeded();
        tester.advance(ofMinutes(1));

        Release shop = new Release("shop", List.of(only(run, "service"), only(run, "pages")));
        assertThat(tester.environment("staging").live()).contains(shop);
        assertThat(tester.environment("production").live()).contains(shop);
        assertThat(tester.engine().environment("production").history())
                .extracting(Deployment::release)
                .containsExactly(shop);
        assertThat(run.history().stream()
                        .flatMap(record -> record.events().stream())
                        .filter(RunEvent.EnvironmentAsked.class::isInstance)
                        .map(event -> ((RunEvent.EnvironmentAsked) event).release()))
                .containsExactly(shop, shop);
    }

    @Test
    void a_rollback_gives_back_the_whole_set() {
        tester.push("main").assertSucceeded();
        Release good = tester.environment("production").live().orElseThrow();
        tester.environment("production").failsHealthCheck();

        tester.push("main").assertFailed();
        tester.advance(ofMinutes(1));

        assertThat(tester.environment("production").live()).contains(good);
        Deployment last = tester.engine().environment("production").history().get(0);
        assertThat(last.kind()).isEqualTo(Deployment.Kind.ROLLBACK);
        assertThat(last.release()).isEqualTo(good);
    }

    @Test
    void a_release_that_lacks_an_artifact_is_not_deployed_in_part() {
        tester.stage("pages").fails();

        TestedRun run = tester.push("main").assertFailed();

        run.assertStage("deploy-staging", Outcome.SKIP);
        assertThat(run.stage("deploy-staging")
                        .progress()
                        .verdict()
                        .orElseThrow()
                        .cause())
                .isEqualTo(Cause.NEEDS_UNMET);
        assertThat(tester.environment("staging").live()).isEmpty();
    }

    @Test
    void a_repetition_of_what_failed_deploys_the_same_set() {
        tester.environment("production").failsHealthCheck();
        TestedRun failed = tester.push("main").assertFailed();
        Release staged = tester.environment("staging").live().orElseThrow();
        tester.environment("production").isHealthy();

        failed.rerunFromFailed("ada").assertSucceeded();

        assertThat(tester.environment("production").live()).contains(staged);
    }

    @Test
    void a_releases_digest_names_its_set() {
        Produced jar = new Produced("jar", Digest.of(new byte[] {1}), 10);
        Produced site = new Produced("site", Digest.of(new byte[] {2}), 20);

        Release release = new Release("shop", List.of(jar, site));

        assertThat(release.digest())
                .isEqualTo(new Release("other", List.of(jar, site)).digest())
                .isNotEqualTo(Release.of(jar).digest())
                .isNotEqualTo(new Release("shop", List.of(site, jar)).digest());
        assertThatThrownBy(() -> new Release("shop", List.of(jar, jar)))
                .hasMessage("release 'shop' has two artifacts that are called 'jar'");
    }

    @Test
    void impossible_releases_are_refused() {
        refused(p -> p.release("shop"), "release 'shop' has 1 to 20 artifacts, not 0");
        refused(
                p -> {
                    var one = p.build("one", makes("jar", "one.jar"));
                    var two = p.build("two", makes("jar", "two.jar"));
                    p.release("shop", one.artifact("jar"), two.artifact("jar"));
                },
                "release 'shop' has artifact 'jar' of stage 'one' and of stage 'two'; give each a name of its own where it is written");
        refused(
                p -> {
                    var one = p.build("one", makes("jar", "one.jar"));
                    p.release("shop", one.artifact("jar"));
                    p.release("shop", one.artifact("jar"));
                },
                "release name 'shop' is taken; the releases so far are: shop");
        refused(
                p -> {
                    var one = p.build("one", makes("jar", "app.jar"));
                    var two = p.build("two", makes("sources", "app.jar"));
                    p.deploy(
                            p.release("shop", one.artifact("jar"), two.artifact("sources")), environment("production"));
                },
                "stage 'deploy-production' reads 'jar' of 'one' and 'sources' of 'two', which both lie at app.jar");
        Pipeline.define("other", other -> {
            var build = other.build("build", makes("jar", "app.jar"));
            refused(
                    p -> p.release("shop", build.artifact("jar")),
                    "artifact 'jar' of stage 'build' belongs to pipeline 'other' and cannot be of release 'shop' of pipeline 'p'");
            var release = other.release("shop", build.artifact("jar"));
            refused(
                    p -> p.deploy(release, environment("production")),
                    "release 'shop' belongs to pipeline 'other' and cannot be used by stage 'deploy-production' of pipeline 'p'");
        });
    }

    private static void refused(Consumer<PipelineDefinition> body, String message) {
        assertThatThrownBy(() -> Pipeline.define("p", body))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }
}
