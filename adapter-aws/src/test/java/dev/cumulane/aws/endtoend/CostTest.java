// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.aws.endtoend.Bill.Row;
import dev.cumulane.endtoend.ShopRepository;
import dev.cumulane.endtoend.Story;
import dev.cumulane.run.Outcome;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What runs of five stages cost on warm functions, from counted calls. The tables are printed. */
final class CostTest {
    private static final int RUNS = 1000;
    private static final Row[] ENGINE = {
        Row.JOURNAL_WRITES,
        Row.JOURNAL_READS,
        Row.QUEUE_REQUESTS,
        Row.SCHEDULES,
        Row.FUNCTION_CALLS,
        Row.FUNCTION_GIGABYTE_SECONDS
    };
    private static final Row[] STORE = {Row.STORE_READS, Row.STORE_WRITES};

    @TempDir
    Path directory;

    private final Bill bill = new Bill();
    private final Map<String, Integer> before = new TreeMap<>();
    private Tally tally = new Tally(key -> key);
    private ShopRepository repository;
    private AwsOnLoopback aws;

    /** What is to be measured. */
    @FunctionalInterface
    private interface Task {
        void run() throws Exception;
    }

    @BeforeEach
    void install() throws IOException {
        repository = ShopRepository.in(directory.resolve("team"));
        aws = new AwsOnLoopback(
                directory,
                repository.directory().toString(),
                new AwsOnLoopback.Setup(1, InProcess::start, 1, 1, AwsOnLoopback.MOST_RECEIVES));
    }

    @AfterEach
    void remove() {
        aws.close();
    }

    /** The second one is measured: the first warms functions up. */
    private void measure(Task task) throws Exception {
        task.run();
        Story.patiently("the queue is empty", aws::isQuiet);
        aws.functions().forEach((role, function) -> before.put(role, function.invocations()));
        aws.wire().watch(bill);
        tally = new Tally(aws.wire()::caller);
        aws.wire().watch(tally);
        task.run();
        Story.patiently("the queue is empty", aws::isQuiet);
        aws.functions()
                .forEach((role, function) -> bill.invoked(role, function.invocations() - before.getOrDefault(role, 0)));
    }

    @Test
    void a_thousand_runs_of_five_builds_cost_less_than_a_fifth_of_a_dollar() throws Exception {
        AtomicInteger transitions = new AtomicInteger();
        measure(() -> transitions.set(Story.push(aws, repository, "five", "A change")
                .ends(Outcome.SUCCESS)
                .records()));

        System.out.print(bill.table("five builds", RUNS));
        System.out.print(tally.table("five builds", transitions.get()));
        assertThat(bill.dollars(RUNS, ENGINE)).isLessThan(new BigDecimal("0.09"));
        assertThat(bill.dollars(RUNS, STORE)).isLessThan(new BigDecimal("0.09"));
        // A record for each transition, and the run's entry in the index, which is made before the first record and
        // again after it.
        assertThat(tally.calls("engine dynamodb:PutItem run")).isEqualTo(transitions.get() + 2);
        assertThat(tally.calls("engine dynamodb:GetItem run")).isLessThanOrEqualTo(2);
        assertThat(tally.calls("engine scheduler:CreateSchedule")).isLessThanOrEqualTo(2);
    }

    @Test
    void a_thousand_releases_with_everybody_told_cost_less_than_half_a_dollar() throws Exception {
        measure(() -> Story.push(aws, repository, "A change").approve().ends(Outcome.SUCCESS));
        // Until Lambda has taken the new code, it is asked once a second.
        bill.waited(2);

        System.out.print(bill.table("the whole story", RUNS));
        assertThat(bill.dollars(RUNS, ENGINE)).isLessThan(new BigDecimal("0.25"));
        assertThat(bill.dollars(RUNS, STORE)).isLessThan(new BigDecimal("0.12"));
    }
}
