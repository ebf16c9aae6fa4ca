// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.aws.emulator.FaultProxy;
import dev.cumulane.endtoend.ShopRepository;
import dev.cumulane.endtoend.Story;
import dev.cumulane.run.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Many pushes at once, every second of which is taken back by an alarm, while requests are disturbed and the sweep comes round. */
final class Runs {
    private static final int AT_ONCE = 4;
    private static final int BETWEEN_SWEEPS_SECONDS = 5;

    private final AwsOnLoopback aws;
    private final ShopRepository repository;

    Runs(AwsOnLoopback aws, ShopRepository repository) {
        this.aws = aws;
        this.repository = repository;
    }

    /** Each run ends as it must, and nothing is done twice; fails otherwise. */
    void underFaults(int runs, double share) throws Exception {
        ExecutorService people = Executors.newFixedThreadPool(AT_ONCE);
        var timer = Executors.newSingleThreadScheduledExecutor();
        aws.disturb(share);
        timer.scheduleWithFixedDelay(this::sweep, BETWEEN_SWEEPS_SECONDS, BETWEEN_SWEEPS_SECONDS, TimeUnit.SECONDS);
        try {
            List<Future<Story>> told = new ArrayList<>();
            for (int i = 0; i < runs; i++) {
                boolean isBad = i % 2 == 1;
                told.add(people.submit(() -> tell(isBad)));
            }
            for (Future<Story> story : told) {
                story.get().wasDoneOnce();
            }
        } finally {
            aws.disturb(0);
            people.shutdownNow();
            timer.shutdownNow();
        }
        assertTrafficWasShiftedOnce();
        assertThat(aws.wire().faults()).containsOnlyKeys(FaultProxy.Fault.values());
    }

    private Story tell(boolean isBad) throws Exception {
        Story story = Story.push(aws, repository, isBad ? "A change for the worse" : "A change");
        story.approve();
        return isBad ? story.alarm().ends(Outcome.FAILURE) : story.ends(Outcome.SUCCESS);
    }

    private void sweep() {
        try {
            aws.sweep();
        } catch (FunctionFailedException | RuntimeException e) {
            // The timer of the template does not retry either: the next one comes.
            Thread.onSpinWait();
        }
    }

    /** Each release had its share once: from one version, by way of a share for the next, to either. */
    private void assertTrafficWasShiftedOnce() {
        List<String> traffic = aws.lambda().traffic(ShopCi.FUNCTION, "live");
        List<String> shares =
                traffic.stream().filter(each -> each.contains("=")).toList();
        assertThat(shares).as("shares in %s", traffic).doesNotHaveDuplicates();
        for (int i = 1; i < traffic.size(); i += 2) {
            String before = traffic.get(i - 1);
            String[] canary = traffic.get(i).split(" ");
            assertThat(canary[0]).as("share %s in %s", i, traffic).isEqualTo(before);
            assertThat(traffic.get(i + 1)).isIn(before, canary[1].split("=")[0]);
        }
    }
}
