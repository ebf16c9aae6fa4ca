// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.cloud.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.cloud.EventSink;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every {@link EventSink} does. Each test begins with an empty bus. */
public abstract class EventSinkContract {
    /**
     * The port under test, the same one during a test.
     *
     * @return a sink
     */
    protected abstract EventSink sink();

    /**
     * What subscribers of the bus have received.
     *
     * @return one JSON text for each event, in any order, perhaps repeated
     * @throws Exception if it cannot be read
     */
    protected abstract List<String> received() throws Exception;

    @Test
    void an_event_that_was_published_is_received() throws Exception {
        sink().publish("run-1/1", event("run-1/1", "x"));

        assertThat(received()).contains(new String(event("run-1/1", "x"), UTF_8));
    }

    @Test
    void a_repeated_event_is_received_at_least_once() throws Exception {
        sink().publish("run-1/1", event("run-1/1", "x"));
        sink().publish("run-1/1", event("run-1/1", "x"));

        assertThat(received()).isNotEmpty().containsOnly(new String(event("run-1/1", "x"), UTF_8));
    }

    @Test
    void an_event_written_on_several_lines_is_one_event() throws Exception {
        sink().publish("run-1/1", "{\r\n  \"id\": \"run-1/1\",\n  \"data\": \"a\\nb\"\n}\n".getBytes(UTF_8));

        assertThat(received())
                .hasSize(1)
                .first()
                .asString()
                .contains("\"run-1/1\"")
                .contains("\"a\\nb\"");
    }

    @Test
    void an_event_in_any_script_is_received_unchanged() throws Exception {
        sink().publish("run-1/1", event("run-1/1", "größe 中文 🚀"));

        assertThat(received()).contains(new String(event("run-1/1", "größe 中文 🚀"), UTF_8));
    }

    @Test
    void events_published_at_once_are_all_received_whole() throws Exception {
        Together.run(16, i -> () -> {
            for (int n = 0; n < 10; n++) {
                sink().publish(i + "/" + n, event(i + "/" + n, "x".repeat(3000)));
            }
            return true;
        });

        List<String> all = IntStream.range(0, 160)
                .mapToObj(n -> new String(event(n / 10 + "/" + n % 10, "x".repeat(3000)), UTF_8))
                .toList();
        assertThat(received()).containsAll(all);
    }

    private static byte[] event(String id, String data) {
        return ("{\"specversion\":\"1.0\",\"id\":\"" + id
                        + "\",\"source\":\"/shop\",\"type\":\"dev.cumulane.test\",\"data\":\"" + data + "\"}")
                .getBytes(UTF_8);
    }
}
