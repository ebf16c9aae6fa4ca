// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.shell;

import static java.time.Duration.ofDays;
import static java.time.Duration.ofMinutes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.cloud.CloudException;
import dev.cumulane.internal.follow.Follower;
import dev.cumulane.internal.follow.UntoldException;
import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.pipeline.Work;
import dev.cumulane.run.Commit;
import dev.cumulane.run.HistoryRecord;
import dev.cumulane.run.RunId;
import dev.cumulane.run.RunView;
import dev.cumulane.run.SourceEvent;
import dev.cumulane.run.TrustLevel;
import dev.cumulane.testing.Backstage;
import dev.cumulane.testing.Faults;
import dev.cumulane.testing.SimulatedCloud;
import dev.cumulane.testing.SimulatedCrash;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many lives of two engines at once, in which everything goes wrong that can: signals, calls, services, processes. When it stops, everybody gets to know the truth. */
final class FollowersUnderFaultsTest {
    private static final int LIVES = 60;
    private static final SourceEvent PUSH = new SourceEvent.Pushed(
            Commit.commit("https://example.com/shop.git", "0".repeat(40)).at("refs/heads/main"),
            "ada",
            TrustLevel.TRUSTED);

    private final Pipeline pipeline = Pipeline.define("shop", p -> {
        var build = p.build("build", Work.container("alpine:3").runs("make").writes("jar", "shop.jar"));
        p.test("unit", Work.container("alpine:3").reads(build.artifact("jar")).runs("make test"));
    });

    @ParameterizedTest
    @ValueSource(longs = {1, 1_000, 1_000_000})
    void when_the_faults_stop_the_last_word_is_the_end_and_no_record_is_missed(long first) {
        int told = 0;
        for (long seed = first; seed < first + LIVES; seed++) {
            told += new Life(seed).live();
        }
        assertThat(told).isGreaterThan(LIVES * 2);
    }

    private final class Life {
        private final long seed;
        private final Random dice;
        private final SimulatedCloud cloud = SimulatedCloud.of(pipeline);
        private final List<EngineCore> engines = new ArrayList<>();
        private final List<String> board = new ArrayList<>();
        private final List<Long> book = new ArrayList<>();
        private boolean faulty = true;
        private int depth;

        Life(long seed) {
            this.seed = seed;
            this.dice = new Random(seed);
        }

        int live() {
            openBoth();
            cloud.setFaults(Faults.from(seed));
            for (int i = 0; i < 12; i++) {
                if (dice.nextInt(3) == 0) {
                    cloud.crashAt(dice.nextInt(150));
                }
                attempt(() -> engines.get(dice.nextInt(2)).start("shop", PUSH));
                attempt(() -> cloud.advance(Duration.ofSeconds(dice.nextInt(400))));
                if (cloud.crashed()) {
                    cloud.restart();
                    openBoth();
                }
                cloud.signals().deliverTo(engines.get(dice.nextInt(2))::handle);
            }
            cloud.setFaults(Faults.none());
            cloud.restart();
            faulty = false;
            openBoth();
            RunId run = engines.get(0).start("shop", PUSH);
            cloud.advance(ofDays(6));

            EngineCore engine = engines.get(0);
            assertThat(engine.hasEnded(run)).as("seed %d", seed).hasValue(true);
            assertThat(board).as("seed %d", seed).endsWith("FINISHED");
            long records = engine.find(run).orElseThrow().status().records();
            assertThat(book.stream().distinct().sorted().toList())
                    .as("seed %d", seed)
                    .isEqualTo(LongStream.rangeClosed(1, records).boxed().toList());
            assertThat(new Backstage(cloud).isListed(run)).as("seed %d", seed).isFalse();
            return board.size();
        }

        private void attempt(Runnable body) {
            try {
                body.run();
            } catch (SimulatedCrash | CloudException e) {
                assertThat(faulty).as("seed %d: %s", seed, e).isTrue();
            }
        }

        private void openBoth() {
            engines.clear();
            for (int i = 0; i < 2; i++) {
                EngineCore engine = new EngineCore(cloud);
                engine.register(List.of(pipeline));
                engine.follow(List.of(new Board(), new Book()));
                cloud.signals().deliverTo(engine::handle);
                cloud.sweepWith(engine::sweep);
                engines.add(engine);
            }
        }

        /** Something goes wrong with a request: it is refused, held up while another engine goes on, or takes effect without an answer. */
        private void request(Runnable effect) {
            int way = faulty ? dice.nextInt(6) : 5;
            if (way == 0) {
                throw UntoldException.because("down", ofMinutes(dice.nextInt(3)));
            }
            if (way == 1 && depth == 0) {
                depth++;
                try {
                    cloud.signals().deliverTo(engines.get(dice.nextInt(2))::handle);
                    // A request lasts no longer than two minutes after it was recorded that it begins.
                    attempt(() -> cloud.advance(Duration.ofSeconds(dice.nextInt(90))));
                } finally {
                    depth--;
                }
            }
            effect.run();
            if (way == 2) {
                throw UntoldException.because("no answer", new IllegalStateException("lost"));
            }
        }

        private final class Board extends StateBoard {
            @Override
            public String tell(Telling what) {
                String state = shown(what.run());
                request(() -> board.add(state));
                return state;
            }
        }

        private final class Book implements Follower.OfRecords {
            @Override
            public String name() {
                return "book";
            }

            @Override
            public boolean follows(RunView run) {
                return true;
            }

            @Override
            public void tell(RunView run, List<HistoryRecord> records) {
                request(() -> records.forEach(record -> book.add(record.sequence())));
            }
        }
    }
}
