// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.examples.greeting;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.cloud.Journal;
import dev.cumulane.cloud.StreamId;
import dev.cumulane.testing.PipelineTester;
import dev.cumulane.testing.TestedRun;
import java.util.List;
import org.junit.jupiter.api.Test;

class JournalBytesTest {
    @Test
    void a_transition_of_the_greeting_pipeline_is_usually_a_record_of_less_than_a_kilobyte() {
        PipelineTester tester = PipelineTester.of(GreetingPipeline.pipeline());
        TestedRun run = tester.push("main").approve("release", "ada").assertSucceeded();

        List<Journal.Entry> records = tester.cloud().journal().read(StreamId.of(run.id()), 1, 1000);
        List<Integer> sizes =
                records.stream().map(entry -> entry.bytes().length).sorted().toList();

        int median = sizes.get(sizes.size() / 2);
        int largest = sizes.get(sizes.size() - 1);
        int all = sizes.stream().mapToInt(Integer::intValue).sum();
        int stages = GreetingPipeline.pipeline().plan().stages().size();
        System.out.printf(
                "greeting: %d stages, %d records; bytes a record: median %,d, mean %,d, largest %,d; of all records a stage %,d%n",
                stages, sizes.size(), median, all / sizes.size(), largest, all / stages);
        assertThat(median).isLessThan(1024);
        assertThat(largest).isLessThan(2 * 1024);
    }
}
