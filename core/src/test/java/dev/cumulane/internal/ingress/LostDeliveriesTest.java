// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.ingress;

import static dev.cumulane.pipeline.Trigger.push;
import static dev.cumulane.pipeline.Work.container;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.engine.Engine;
import dev.cumulane.internal.forge.FakeGitHub;
import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.source.GitHubDelivery;
import dev.cumulane.testing.Faults;
import dev.cumulane.testing.SimulatedCloud;
import dev.cumulane.testing.SimulatedCrash;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Deliveries that are lost, come twice and in any order, while the store fails now and then and the engine's process dies again and again. */
class LostDeliveriesTest {
    private static final String OLD = "0a1b2c3d".repeat(5);
    private static final int HEADS = 60;
    private static final int CRASHES = 10;
    private static final Pipeline PIPELINE = Pipeline.define("shop", p -> {
        p.on(push());
        p.build("build", container("maven:3.9").reads(p.source()).runs("mvn -B package"));
    });

    private final FakeGitHub gitHub = new FakeGitHub();
    private final SimulatedCloud cloud = SimulatedCloud.of(PIPELINE);
    private Faults faults = Faults.none();
    private Engine engine = open();

    @AfterEach
    void close() {
        gitHub.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void every_head_has_one_run(long seed) {
        Random random = new Random(seed);
        gitHub.branch("main", OLD);
        cloud.advance(Duration.ofMinutes(5));
        List<String> branches = new ArrayList<>();
        for (int i = 0; i < HEADS; i++) {
            branches.add("b" + i);
            gitHub.branch("b" + i, head(i));
        }

        faults = Faults.none().refusingCalls(5).repeatingSignals(20);
        cloud.setFaults(faults);
        List<String> told = new ArrayList<>(branches.subList(HEADS / 10, HEADS));
        told.addAll(branches.subList(HEADS / 10, HEADS / 10 + HEADS / 5));
        Collections.shuffle(told, random);
        for (int i = 0; i < told.size(); i++) {
            if (i % (told.size() / CRASHES) == 0) {
                cloud.crashAt(random.nextInt(40));
            }
            tell(told.get(i));
        }
        faults = Faults.none();
        restart();
        cloud.advance(Duration.ofMinutes(20));

        assertThat(engine.list(1000))
                .allSatisfy(run -> assertThat(run.outcome()).isPresent())
                .extracting(run -> run.source().commit().ref())
                .doesNotHaveDuplicates()
                .containsExactlyInAnyOrderElementsOf(
                        branches.stream().map(name -> "refs/heads/" + name).toList());
    }

    private void tell(String branch) {
        int number = Integer.parseInt(branch.substring(1));
        GitHubDelivery push = GitHubDelivery.push("d" + number, Shop.NAME, branch, head(number), "Faster");
        try {
            int status = Shop.post(engine, push).status();
            assertThat(status).isIn(202, 503);
            cloud.advance(Duration.ofMillis(100));
        } catch (SimulatedCrash e) {
            restart();
        }
        if (cloud.crashed()) {
            restart();
        }
    }

    private static String head(int number) {
        return String.format("%040x", number + 1);
    }

    /** An engine that cannot be opened is opened again; here it can be at once. */
    private void restart() {
        cloud.setFaults(Faults.none());
        engine = open();
        cloud.setFaults(faults);
    }

    private Engine open() {
        cloud.restart();
        Shop.addSecrets(cloud);
        return Engine.on(cloud)
                .register(PIPELINE)
                .repository(Shop.on(gitHub))
                .reachingInside(gitHub.origin())
                .open();
    }
}
