// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.shell;

import static java.time.Duration.ofDays;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.cumulane.cloud.SignalEnvelope;
import dev.cumulane.cloud.StreamId;
import dev.cumulane.internal.codec.Codec;
import dev.cumulane.internal.follow.Follower;
import dev.cumulane.internal.follow.UntoldException;
import dev.cumulane.internal.machine.Signal;
import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.pipeline.Work;
import dev.cumulane.run.Commit;
import dev.cumulane.run.HistoryRecord;
import dev.cumulane.run.RunEvent;
import dev.cumulane.run.RunId;
import dev.cumulane.run.RunView;
import dev.cumulane.run.SourceEvent;
import dev.cumulane.run.TrustLevel;
import dev.cumulane.testing.Backstage;
import dev.cumulane.testing.Faults;
import dev.cumulane.testing.SimulatedCloud;
import dev.cumulane.testing.SimulatedCrash;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Whoever follows a run hears of its end, whatever dies, is lost, or comes late. */
final class FollowersTest {
    private static final SourceEvent PUSH = new SourceEvent.Pushed(
            Commit.commit("https://example.com/shop.git", "0".repeat(40)).at("refs/heads/main"),
            "ada",
            TrustLevel.TRUSTED);

    private final Pipeline pipeline = Pipeline.define("shop", p -> {
        var build = p.build("build", Work.container("alpine:3").runs("make").writes("jar", "shop.jar"));
        p.test("unit", Work.container("alpine:3").reads(build.artifact("jar")).runs("make test"));
    });
    private final SimulatedCloud cloud = SimulatedCloud.of(pipeline);
    private final Board board = new Board();
    private final Book book = new Book();

    @Test
    void a_follower_of_the_state_hears_how_the_run_ended_and_one_of_the_records_hears_all() {
        EngineCore engine = open(board, book);

        RunId run = engine.start("shop", PUSH);
        cloud.advance(ofHours(1));

        assertThat(board.told).endsWith("FINISHED").doesNotHaveDuplicates();
        assertThat(book.numbers()).isEqualTo(numbers(engine, run));
        assertThat(engine.find(run).orElseThrow().untold()).isEmpty();
        assertThat(new Backstage(cloud).isListed(run)).isFalse();
    }

    @Test
    void without_followers_nothing_is_sent_and_nothing_is_kept() {
        EngineCore engine = open();

        RunId run = engine.start("shop", PUSH);
        cloud.advance(ofHours(1));

        assertThat(cloud.journal().read(StreamId.following(run), 1, 1)).isEmpty();
    }

    @Test
    void a_run_does_not_wait_for_a_follower_that_fails_and_shows_what_it_was_not_told() {
        board.failing = telling -> {
            throw UntoldException.because("the board is down");
        };
        EngineCore engine = open(board, book);

        RunId run = engine.start("shop", PUSH);
        cloud.advance(ofHours(1));

        RunView view = engine.find(run).orElseThrow();
        assertThat(view.outcome()).isPresent();
        assertThat(book.numbers()).isEqualTo(numbers(engine, run));
        assertThat(view.untold()).singleElement().satisfies(untold -> {
            assertThat(untold.follower()).isEqualTo("board");
            assertThat(untold.why()).isEqualTo("the board is down");
            assertThat(untold.tries()).isBetween(8, 20);
            assertThat(untold.again()).isPresent();
        });
        assertThat(new Backstage(cloud).isListed(run)).isTrue();

        board.failing = telling -> {};
        cloud.advance(ofMinutes(20));

        assertThat(board.told).containsExactly("FINISHED");
        assertThat(engine.find(run).orElseThrow().untold()).isEmpty();
        assertThat(new Backstage(cloud).isListed(run)).isFalse();
    }

    @Test
    void a_follower_is_given_up_a_day_after_the_runs_end_and_the_run_says_so() {
        board.failing = telling -> {
            throw UntoldException.because("gone");
        };
        EngineCore engine = open(board);
        RunId run = engine.start("shop", PUSH);

        cloud.advance(ofHours(23));
        assertThat(new Backstage(cloud).isListed(run)).isTrue();
        cloud.advance(ofHours(3));

        assertThat(engine.find(run).orElseThrow().untold()).singleElement().satisfies(untold -> {
            assertThat(untold.why()).isEqualTo("gone");
            assertThat(untold.again()).isEmpty();
        });
        int tries = board.tries;
        cloud.advance(ofDays(2));
        assertThat(board.tries).isEqualTo(tries);
        assertThat(new Backstage(cloud).isListed(run)).isFalse();
    }

    @Test
    void who_asks_for_quiet_gets_it_but_not_for_ever() {
        List<Instant> tries = new ArrayList<>();
        board.failing = telling -> {
            tries.add(cloud.clock().instant());
            if (tries.size() < 3) {
                throw UntoldException.because("too many", tries.size() == 1 ? ofMinutes(7) : ofDays(300));
            }
        };
        open(board).start("shop", PUSH);

        cloud.advance(ofHours(3));

        assertThat(tries).hasSizeGreaterThanOrEqualTo(3);
        assertThat(Duration.between(tries.get(0), tries.get(1))).isBetween(ofMinutes(7), ofMinutes(8));
        assertThat(Duration.between(tries.get(1), tries.get(2))).isBetween(ofMinutes(60), ofMinutes(61));
        assertThat(board.told).endsWith("FINISHED");
    }

    @Test
    void what_was_told_in_part_is_remembered() {
        List<String> memos = new ArrayList<>();
        board.failing = telling -> {
            memos.add(telling.memo());
            if (memos.size() == 1) {
                throw UntoldException.because("half of it").after("half");
            }
        };
        open(board).start("shop", PUSH);

        cloud.advance(ofHours(1));

        assertThat(memos).startsWith("", "half");
    }

    @Test
    void a_run_hears_of_its_followers_even_if_every_signal_to_tell_them_is_lost() {
        EngineCore engine = open(board, book);
        RunId run = engine.start("shop", PUSH);
        cloud.setFaults(Faults.none().losingSignals(100));
        cloud.advance(ofHours(6));
        cloud.setFaults(Faults.none());
        cloud.advance(ofHours(1));

        assertThat(board.told).endsWith("FINISHED");
        assertThat(book.numbers()).isEqualTo(numbers(engine, run));
    }

    @Test
    void in_whatever_call_the_engine_dies_the_last_thing_told_is_how_the_run_ended_and_nothing_is_missed() {
        int moments = 0;
        while (livesThroughCrashAt(moments)) {
            moments++;
        }
        assertThat(moments).isGreaterThan(100);
    }

    /** False if the run was over before that moment. */
    private static boolean livesThroughCrashAt(int moment) {
        FollowersTest life = new FollowersTest();
        EngineCore engine = life.open(life.board, life.book);
        life.cloud.crashAt(moment);
        boolean crashed = false;
        Optional<RunId> run = Optional.empty();
        for (int i = 0; i < 24; i++) {
            try {
                run = Optional.of(engine.start("shop", PUSH));
            } catch (SimulatedCrash e) {
                assertThat(life.cloud.crashed()).isTrue();
            }
            life.cloud.advance(ofMinutes(5));
            if (life.cloud.crashed()) {
                crashed = true;
                life.cloud.restart();
                engine = life.open(life.board, life.book);
            }
        }
        // What is asked from here on is none of that life's business.
        life.cloud.restart();
        engine = life.open();
        assertThat(life.board.told)
                .as("told after a crash at moment %d", moment)
                .endsWith("FINISHED");
        assertThat(life.book.numbers().stream().distinct().toList())
                .as("records after a crash at moment %d", moment)
                .isEqualTo(numbers(engine, run.orElseThrow()));
        assertThat(new Backstage(life.cloud).isListed(run.orElseThrow()))
                .as("listed after a crash at moment %d", moment)
                .isFalse();
        return crashed;
    }

    @Test
    void a_telling_of_another_engine_that_arrives_late_is_followed_by_the_truth() {
        EngineCore one = open(board);
        EngineCore other = new EngineCore(cloud);
        other.register(List.of(pipeline));
        other.follow(List.of(board));
        boolean[] held = {false};
        board.failing = telling -> {
            // The first request is held up on its way, until another engine has told how the run ended.
            if (!held[0]) {
                held[0] = true;
                cloud.signals().deliverTo(other::handle);
                cloud.advance(ofMinutes(30));
                assertThat(board.told).endsWith("FINISHED");
            }
        };

        RunId run = one.start("shop", PUSH);
        cloud.advance(ofHours(2));

        assertThat(held[0]).isTrue();
        assertThat(board.told).contains("EXECUTING").endsWith("FINISHED");
        assertThat(one.find(run).orElseThrow().untold()).isEmpty();
    }

    @Test
    void what_a_dead_engine_may_have_told_is_corrected_even_if_it_is_no_news_to_the_journal() {
        cloud.stage("build").takes(ofHours(2));
        String[] shown = {"one"};
        board.state = run -> shown[0];
        EngineCore engine = open(board);
        RunId run = engine.start("shop", PUSH);
        cloud.advance(ofMinutes(1));
        assertThat(board.told).containsExactly("one");

        // The next request gets through, and its engine dies before it can record that.
        shown[0] = "two";
        board.failing = telling -> cloud.crashAt(0);
        attempt(() -> engine.handle(tell(run)));
        assertThat(board.told).containsExactly("one", "two");
        board.failing = telling -> {};
        shown[0] = "one";
        cloud.restart();
        open(board);
        cloud.advance(ofMinutes(10));

        assertThat(board.told).containsExactly("one", "two", "one");
    }

    private static void attempt(Runnable body) {
        try {
            body.run();
        } catch (SimulatedCrash e) {
            assertThat(e).isNotNull();
        }
    }

    private static SignalEnvelope tell(RunId run) {
        return new SignalEnvelope("tell/0", StreamId.of(run), Codec.bytes(new Signal.Tell()));
    }

    @Test
    void while_another_engine_is_telling_nobody_else_does() {
        EngineCore one = open(board);
        EngineCore other = new EngineCore(cloud);
        other.register(List.of(pipeline));
        other.follow(List.of(board));
        boolean[] held = {false};
        board.failing = telling -> {
            if (!held[0]) {
                held[0] = true;
                cloud.signals().deliverTo(other::handle);
                cloud.advance(ofSeconds(90));
                assertThat(board.told).isEmpty();
            }
        };

        one.start("shop", PUSH);
        cloud.advance(ofHours(1));

        assertThat(board.told).startsWith("EXECUTING").endsWith("FINISHED");
    }

    @Test
    void an_engine_that_is_closed_right_after_a_runs_end_has_told_it() {
        EngineCore engine = open(board);
        RunId run = engine.start("shop", PUSH);
        cloud.moveUntil(() -> engine.hasEnded(run).orElseThrow(), ofHours(1));
        assertThat(board.told).doesNotContain("FINISHED");

        engine.close();

        assertThat(board.told).endsWith("FINISHED");
        assertThat(new Backstage(cloud).isListed(run)).isFalse();
    }

    @Test
    void slow_followers_leave_threads_to_the_runs_themselves() {
        EngineCore engine = open(board);
        List<RunId> runs = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            runs.add(engine.start("shop", push(i)));
        }
        int[] depth = {0};
        int[] deepest = {0};
        board.failing = telling -> {
            // While one is told, other threads bring the signals of other runs.
            deepest[0] = Math.max(deepest[0], ++depth[0]);
            runs.stream().filter(run -> !run.equals(telling.run().id())).forEach(run -> engine.handle(tell(run)));
            depth[0]--;
        };

        cloud.advance(ofMinutes(1));
        board.failing = telling -> {};
        cloud.advance(ofHours(1));

        assertThat(deepest[0]).isEqualTo(2);
        assertThat(runs)
                .allSatisfy(
                        run -> assertThat(new Backstage(cloud).isListed(run)).isFalse());
    }

    private static SourceEvent push(int number) {
        return new SourceEvent.Pushed(
                new Commit("https://example.com/shop.git", "refs/heads/main", String.format("%040x", number)),
                "ada",
                TrustLevel.TRUSTED);
    }

    @Test
    void two_of_one_name_are_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> open(new Board(), new Board()))
                .withMessageContaining("'board'");
    }

    private EngineCore open(Follower... followers) {
        EngineCore engine = new EngineCore(cloud);
        engine.register(List.of(pipeline));
        engine.follow(List.of(followers));
        cloud.signals().deliverTo(engine::handle);
        cloud.sweepWith(engine::sweep);
        return engine;
    }

    private static List<Long> numbers(EngineCore engine, RunId run) {
        long records = engine.find(run).orElseThrow().status().records();
        return LongStream.rangeClosed(1, records).boxed().toList();
    }

    /** Shows the state of a run. */
    private static final class Board extends StateBoard {
        private final List<String> told = new ArrayList<>();
        private Consumer<Telling> failing = telling -> {};
        private Function<RunView, String> state = super::shown;
        private int tries;

        @Override
        String shown(RunView run) {
            return state.apply(run);
        }

        @Override
        public String tell(Telling what) {
            tries++;
            failing.accept(what);
            told.add(shown(what.run()));
            return shown(what.run());
        }
    }

    /** Writes every record down. */
    private static final class Book implements Follower.OfRecords {
        private final List<HistoryRecord> records = new ArrayList<>();

        @Override
        public String name() {
            return "book";
        }

        @Override
        public boolean follows(RunView run) {
            return run.pipeline().equals("shop");
        }

        @Override
        public void tell(RunView run, List<HistoryRecord> more) {
            records.addAll(more);
        }

        List<Long> numbers() {
            assertThat(records).noneMatch(record -> record.events().isEmpty());
            assertThat(records.stream().flatMap(record -> record.events().stream()))
                    .filteredOn(RunEvent.RunStarted.class::isInstance)
                    .isNotEmpty();
            return records.stream().map(HistoryRecord::sequence).toList();
        }
    }
}
