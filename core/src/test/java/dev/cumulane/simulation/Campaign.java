// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.simulation;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Many lives, of a range of seeds, on several threads. One line for each violation, with the command that shows that life alone; one for each part of the range that
 * is done, so that a campaign that is ended early has shown something; at the end, also at an early one, what occurred how often.
 *
 * <pre>java … dev.cumulane.simulation.Campaign [from=1] [count=100000] [threads=2] [profile=swarm] [commit=…]</pre>
 */
public final class Campaign {
    private static final int MOST_PRINTED = 20;

    /** So many lives at a time are reported. */
    private static final long PART = 100_000;

    private static final int CHUNK = 50 * Tapes.LIVES_PER_PIPELINE;

    /** Of so many lives one is lived twice and has to go the same way. */
    private static final int SAMPLE = 100;

    private final Profile profile;
    private final String commit;
    private final PrintStream out;
    private final Coverage coverage = new Coverage();
    private final ConcurrentLinkedQueue<Failure> failures = new ConcurrentLinkedQueue<>();

    Campaign(Profile profile, String commit, PrintStream out) {
        this.profile = profile;
        this.commit = commit;
        this.out = out;
    }

    /** A life in which something did not hold. */
    record Failure(long seed, String invariant, Throwable why) {}

    /** Lives the lives of seeds {@code from} to {@code from + count - 1}. */
    void run(long from, long count, int threads) {
        for (long part = from; part < from + count; part += PART) {
            runPart(part, Math.min(PART, from + count - part), threads);
        }
    }

    private void runPart(long from, long count, int threads) {
        long began = System.nanoTime();
        AtomicLong next = new AtomicLong(from);
        List<Thread> workers = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            Thread worker = new Thread(() -> work(next, from + count), "lives-" + i);
            worker.setDaemon(true);
            worker.start();
            workers.add(worker);
        }
        for (Thread worker : workers) {
            try {
                worker.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException("interrupted", e);
            }
        }
        double seconds = (System.nanoTime() - began) / 1e9;
        out.printf(
                "SIM seeds=%d..%d commit=%s profile=%s %,.0f lives/s on %d threads, violations so far: %d%n",
                from, from + count - 1, commit, profile, count / seconds, threads, failures.size());
    }

    private void work(AtomicLong next, long end) {
        try {
            lives(next, end);
        } catch (RuntimeException e) {
            fail(new Failure(next.get(), "ERROR", e));
        }
    }

    private void lives(AtomicLong next, long end) {
        for (long chunk = next.getAndAdd(CHUNK); chunk < end; chunk = next.getAndAdd(CHUNK)) {
            Coverage mine = new Coverage();
            long sharing = -1;
            Optional<RandomPipeline> pipeline = Optional.empty();
            for (long seed = chunk; seed < Math.min(chunk + CHUNK, end); seed++) {
                if (pipeline.isEmpty() || seed / Tapes.LIVES_PER_PIPELINE != sharing) {
                    pipeline = Optional.of(RandomPipeline.of(Tapes.of(seed).pipeline()));
                    sharing = seed / Tapes.LIVES_PER_PIPELINE;
                }
                live(seed, pipeline.get(), mine);
            }
            synchronized (coverage) {
                coverage.add(mine);
            }
        }
    }

    private void live(long seed, RandomPipeline pipeline, Coverage mine) {
        try {
            long hash = hash(seed, pipeline, mine);
            if (seed % SAMPLE == 0 && hash(seed, pipeline, new Coverage()) != hash) {
                throw new Violation("I14", "the same choices lead to another life");
            }
        } catch (Violation e) {
            fail(new Failure(seed, e.invariant(), e));
        } catch (AssertionError | RuntimeException e) {
            fail(new Failure(seed, "ERROR", e));
        }
    }

    private long hash(long seed, RandomPipeline pipeline, Coverage counts) {
        Simulation life = new Simulation(pipeline, Tapes.of(seed), profile, Simulation.isJson(seed, profile), counts);
        life.live();
        return life.invariants().hash();
    }

    private void fail(Failure failure) {
        failures.add(failure);
        if (failures.size() <= MOST_PRINTED) {
            out.printf(
                    "SIM FAIL %s seed=%d commit=%s profile=%s %s%n    ./mvnw -pl core test -Dfast -Dtest=OneLifeTest -Dcumulane.profile=%s -Dcumulane.seed=%d%n",
                    failure.invariant(),
                    failure.seed(),
                    commit,
                    profile,
                    failure.why().getMessage(),
                    profile,
                    failure.seed());
        }
    }

    List<Failure> failures() {
        return List.copyOf(failures);
    }

    /** What occurred, in the lives of all chunks that are done. */
    Coverage coverage() {
        synchronized (coverage) {
            Coverage copy = new Coverage();
            copy.add(coverage);
            return copy;
        }
    }

    public static void main(String[] arguments) {
        long from = 1;
        long count = 100_000;
        int threads = Runtime.getRuntime().availableProcessors();
        Profile profile = Profile.SWARM;
        String commit = "unknown";
        for (String argument : arguments) {
            String value = argument.substring(argument.indexOf('=') + 1);
            switch (argument.substring(0, argument.indexOf('=') + 1)) {
                case "from=" -> from = Long.parseLong(value);
                case "count=" -> count = Long.parseLong(value);
                case "threads=" -> threads = Integer.parseInt(value);
                case "profile=" -> profile = Profile.named(value);
                case "commit=" -> commit = value;
                default ->
                    throw new IllegalArgumentException(
                            "no option '" + argument + "'; there are: from=, count=, threads=, profile=, commit=");
            }
        }
        System.exit(campaign(new Campaign(profile, commit, System.out), from, count, threads) ? 0 : 1);
    }

    /** Whether everything held, and everything occurred. */
    private static boolean campaign(Campaign campaign, long from, long count, int threads) {
        long began = System.nanoTime();
        // Also if it is ended early: what was lived until then counts.
        Thread summary = new Thread(() -> campaign.summarize((System.nanoTime() - began) / 1e9, threads));
        Runtime.getRuntime().addShutdownHook(summary);
        campaign.run(from, count, threads);
        return campaign.failures().isEmpty() && campaign.missing().isEmpty();
    }

    private void summarize(double seconds, int threads) {
        Coverage all = coverage();
        out.printf(
                "%n%,d lives (commit %s, %s) in %,.1f s: %,.0f per second on %d threads; %d violations%n%s",
                all.lives(), commit, profile, seconds, all.lives() / seconds, threads, failures.size(), all);
        missing().forEach(what -> out.println("SIM FAIL too rare: " + what));
    }

    /** Without faults and sweeps not everything occurs. */
    private List<String> missing() {
        return profile == Profile.SWARM ? coverage().missing() : List.of();
    }
}
