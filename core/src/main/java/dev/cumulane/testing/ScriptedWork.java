// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.testing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the work of a stage does in a simulated world: it succeeds after ten seconds unless told otherwise. What is said last holds, from the next attempt on.
 *
 * <p>{@link #first()} and {@link #attempt} give the script of one attempt; what it leaves open is as for every attempt.
 */
public final class ScriptedWork {
    private static final Duration ORDINARY = Duration.ofSeconds(10);

    private final Declared declared;
    private final int attempt;
    private final Map<Integer, ScriptedWork> attempts = new TreeMap<>();
    private @Nullable Duration takes;
    private @Nullable Ending ending;
    private @Nullable Integer tests;
    private final SortedMap<String, String> outputs = new TreeMap<>();

    ScriptedWork(Declared declared) {
        this(declared, 0);
    }

    private ScriptedWork(Declared declared, int attempt) {
        this.declared = declared;
        this.attempt = attempt;
    }

    /** How an attempt ends. */
    sealed interface Ending {}

    /** All commands end well, or the function returns a success. */
    record Succeeds() implements Ending {}

    /** A command ends with exit code 1, or the function returns a failure. */
    record Fails(Optional<String> detail, List<FailedTest> tests) implements Ending {}

    /** The worker is gone, and there is no result. */
    record LosesWorker() implements Ending {}

    /** It goes on until it is stopped. */
    record Hangs() implements Ending {}

    /** The service does not take the work. */
    record Refused(String why) implements Ending {}

    /** A test that a report names as failed. */
    record FailedTest(String test, String message) {}

    /** What one attempt does. */
    record Behaviour(Duration takes, Ending ending, int tests, SortedMap<String, String> outputs) {}

    /**
     * It succeeds and writes what the stage declares.
     *
     * @return this script
     */
    public ScriptedWork succeeds() {
        return ends(new Succeeds());
    }

    /**
     * It fails: a command ends with exit code 1, or the function stage returns a failure.
     *
     * @return this script
     */
    public ScriptedWork fails() {
        return ends(new Fails(Optional.empty(), List.of()));
    }

    /**
     * It fails, and says why.
     *
     * @param detail one line for people
     * @return this script
     */
    public ScriptedWork fails(String detail) {
        return ends(new Fails(Optional.of(detail), List.of()));
    }

    /**
     * A test fails: the command ends with exit code 1, as Maven's does, and the stage's report names the test. Say it again for another test.
     *
     * @param test class and name, such as {@code GreetingTest.greetsByName}
     * @param message what the test says
     * @return this script
     * @throws IllegalArgumentException if the stage declares no reports: nobody could read which test failed
     */
    public ScriptedWork fails(String test, String message) {
        if (!declared.reports()) {
            throw new IllegalArgumentException(
                    "stage '" + declared.stage()
                            + "' declares no reports, so a failed test has no name; use fails(), or give the stage reports(...)");
        }
        List<FailedTest> failed = new ArrayList<>(ending instanceof Fails before ? before.tests() : List.of());
        failed.add(new FailedTest(test, message));
        return ends(new Fails(Optional.empty(), List.copyOf(failed)));
    }

    /**
     * Its worker disappears in the middle of the work and leaves no result.
     *
     * @return this script
     */
    public ScriptedWork losesItsWorker() {
        return ends(new LosesWorker());
    }

    /**
     * It never ends by itself.
     *
     * @return this script
     */
    public ScriptedWork hangs() {
        return ends(new Hangs());
    }

    /**
     * The cloud's service refuses to start it.
     *
     * @param why what the service says
     * @return this script
     */
    public ScriptedWork isRefused(String why) {
        return ends(new Refused(why));
    }

    /**
     * It takes this long; ten seconds unless said otherwise.
     *
     * @param time zero or more, in the world's time
     * @return this script
     */
    public ScriptedWork takes(Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException("work takes no time or more, not " + time);
        }
        takes = time;
        return this;
    }

    /**
     * It hands this value on, if it succeeds. Unless told, a text is its own name and its stage's, a number 1, a flag true, and a list has the items one and two.
     *
     * @param value a value that the stage declares
     * @param text what it writes: the items, for a list; it may be none of its kind, as a command can write anything
     * @return this script
     * @throws IllegalArgumentException if the stage declares no such value; the message names those it declares
     */
    public ScriptedWork outputs(String value, String... text) {
        if (!declared.outputs().containsKey(value)) {
            throw new IllegalArgumentException("stage '" + declared.stage() + "' hands on no value '" + value
                    + "'; it hands on "
                    + (declared.outputs().isEmpty()
                            ? "none"
                            : String.join(", ", declared.outputs().keySet())));
        }
        outputs.put(value, String.join("\n", text));
        return this;
    }

    /**
     * Its report counts so many tests, failed ones included; three unless said otherwise. Of no effect if the stage declares no reports.
     *
     * @param total zero or more
     * @return this script
     */
    public ScriptedWork reportsTests(int total) {
        if (total < 0) {
            throw new IllegalArgumentException("a report counts no tests or more, not " + total);
        }
        tests = total;
        return this;
    }

    /**
     * The script of the first attempt alone.
     *
     * @return the script
     */
    public ScriptedWork first() {
        return attempt(1);
    }

    /**
     * The script of one attempt alone.
     *
     * @param number 1 for the first
     * @return the script
     */
    public ScriptedWork attempt(int number) {
        if (number < 1) {
            throw new IllegalArgumentException("attempts are numbered from 1, not " + number);
        }
        if (attempt != 0) {
            throw new IllegalStateException(
                    "this is the script of attempt " + attempt + " of stage '" + declared.stage() + "' already");
        }
        return attempts.computeIfAbsent(number, n -> new ScriptedWork(declared, n));
    }

    Behaviour behaviour(int number) {
        ScriptedWork own = attempts.getOrDefault(number, this);
        return new Behaviour(
                first(own.takes, takes, ORDINARY),
                first(own.ending, ending, new Succeeds()),
                first(own.tests, tests, Declared.ORDINARY_TESTS),
                outputs(own));
    }

    private SortedMap<String, String> outputs(ScriptedWork own) {
        SortedMap<String, String> all = new TreeMap<>();
        declared.outputs().keySet().forEach(name -> all.put(name, declared.ordinary(name)));
        all.putAll(outputs);
        all.putAll(own.outputs);
        return all;
    }

    private ScriptedWork ends(Ending how) {
        ending = how;
        return this;
    }

    private static <T> T first(@Nullable T own, @Nullable T general, T ordinary) {
        return own != null ? own : general != null ? general : ordinary;
    }
}
