// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.simulation;

import dev.cumulane.internal.machine.Command;
import dev.cumulane.internal.machine.LockEvent;
import dev.cumulane.run.Cause;
import dev.cumulane.run.Outcome;
import dev.cumulane.run.RunEvent;
import dev.cumulane.testing.Backstage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** How often events, commands, faults and ends occurred. A campaign in which one hardly does proves little. */
final class Coverage {
    /** The fewest in a million lives. */
    static final long FEWEST = 100;

    /** Causes that only a real worker has; the simulated ones do not check out, unpack or miss tools. */
    private static final Set<Cause> NOT_SIMULATED = Set.of(
            Cause.TESTS_FAILED,
            Cause.OUTPUT_REFUSED,
            Cause.MISSING_TOOL,
            Cause.CHECKOUT_FAILED,
            Cause.INPUT_CORRUPT,
            Cause.INTERNAL);

    /** What the simulation itself makes go wrong, beside the faults of the simulated cloud. */
    enum Mishap {
        /** A process is held up between two calls, while another goes on. */
        PAUSE,
        /** A process with a wrong clock. */
        SKEWED_CLOCK,
        /** New code, with a changed pipeline, while runs are in flight. */
        REDEPLOYMENT,
        /** Older code meets a record that it cannot read. */
        OLDER_CODE,
        /** A crash at the k-th call of a port, and none before it. */
        CRASH_AT_KTH_CALL,
        /** A push that is told again. */
        TOLD_AGAIN,
        /** A vote of a person who voted already. */
        VOTED_AGAIN,
        /** A vote of somebody who may not, or on something else. */
        VOTED_IN_VAIN,
        /** The journal had a record of that number already. */
        CONFLICT,
        /** The real codec. */
        JSON
    }

    private static final class Count {
        private final String label;
        private long count;

        Count(String label) {
            this.label = label;
        }
    }

    /** By the class of an event or a command, the name of a fault, a mishap, an outcome or a cause. */
    private final Map<Object, Count> counts = new LinkedHashMap<>();

    private long lives;

    Coverage() {
        expect("event", (Object[]) RunEvent.class.getPermittedSubclasses());
        expect("event", (Object[]) LockEvent.class.getPermittedSubclasses());
        expect("command", (Object[]) Command.class.getPermittedSubclasses());
        expect("fault", Backstage.faults().toArray());
        expect("fault", (Object[]) Mishap.values());
        for (Outcome outcome : Outcome.values()) {
            if (outcome != Outcome.SKIP) {
                expect("end of a run", outcome);
            }
        }
        for (Cause cause : Cause.values()) {
            if (!NOT_SIMULATED.contains(cause)) {
                expect("end of a stage", cause);
            }
        }
    }

    private void expect(String sort, Object... what) {
        for (Object one : what) {
            String name = one instanceof Class<?> type ? type.getSimpleName() : one.toString();
            counts.put(one, new Count(String.format("%-16s %s", sort, name)));
        }
    }

    void life() {
        lives++;
    }

    long lives() {
        return lives;
    }

    /** Counts the occurrence of one of the keys above. */
    void add(Object what) {
        Count count = counts.get(what);
        if (count == null) {
            count = new Count("not expected     " + what);
            counts.put(what, count);
        }
        count.count++;
    }

    void add(Coverage more) {
        lives += more.lives;
        more.counts.forEach(
                (what, count) -> counts.computeIfAbsent(what, any -> new Count(count.label)).count += count.count);
    }

    /** What occurred less often than {@link #FEWEST} times in a million lives; of a few thousand lives nothing is expected. */
    List<String> missing() {
        return counts.values().stream()
                .filter(count -> count.count < FEWEST * lives / 1_000_000)
                .map(count -> count.label)
                .toList();
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(String.format("%-44s %14s %14s%n", "", "count", "per million"));
        counts.values()
                .forEach(count -> text.append(String.format(
                        "%-44s %,14d %,14d%n",
                        count.label, count.count, lives == 0 ? 0 : count.count * 1_000_000 / lives)));
        return text.toString();
    }
}
