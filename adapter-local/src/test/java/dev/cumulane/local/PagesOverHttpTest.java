// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local;

import static dev.cumulane.pipeline.Approvers.anyOf;
import static dev.cumulane.pipeline.Work.container;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.cloud.HttpAnswer;
import dev.cumulane.cloud.HttpStream;
import dev.cumulane.cloud.contract.Awaiting;
import dev.cumulane.engine.Engine;
import dev.cumulane.local.http.HttpEndpoint;
import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.run.Commit;
import dev.cumulane.run.RunId;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pages over this adapter's HTTP endpoint: streams where they are asked for, single answers where not. */
class PagesOverHttpTest {
    private static final Commit COMMIT = Commit.commit("https://example.com/shop.git", "4f1c2ab0".repeat(5));

    @TempDir
    Path directory;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private LocalCloud cloud;
    private Engine engine;
    private HttpEndpoint endpoint;

    @BeforeEach
    void pages() {
        Pipeline pipeline = Pipeline.define("shop", p -> {
            var build = p.build("build", container("alpine:3").runs("echo built"));
            p.approval("release", anyOf("ada")).after(build);
        });
        cloud = LocalCloud.at(directory.resolve("state"));
        engine = Engine.on(cloud).register(pipeline).answeringThisMachineAlone().open();
        endpoint = HttpEndpoint.open(new InetSocketAddress("127.0.0.1", 0), new HttpEndpoint.Handler() {
            @Override
            public HttpAnswer answer(dev.cumulane.cloud.HttpRequest request) {
                return engine.answer(request);
            }

            @Override
            public Optional<HttpStream> stream(dev.cumulane.cloud.HttpRequest request) {
                return engine.stream(request);
            }
        });
    }

    @AfterEach
    void close() {
        endpoint.close();
        engine.close();
        cloud.close();
    }

    @Test
    void a_stream_tells_news_and_the_log_as_they_come() throws Exception {
        RunId run = waiting();
        String live = "/runs/" + run + "/live?log=build&attempt=1&from=0&seen="
                + engine.find(run).orElseThrow().status().records();

        HttpResponse<InputStream> stream = http.send(
                request(live).header("Accept", "text/event-stream").build(), HttpResponse.BodyHandlers.ofInputStream());

        assertThat(stream.statusCode()).isEqualTo(200);
        assertThat(stream.headers().firstValue("content-type")).contains("text/event-stream");
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8))) {
            assertThat(after("event: log", lines)).contains("built", "\"ended\":true");
            engine.approve(run, "release", "ada", "");
            assertThat(after("event: news", lines)).isEqualTo("data: ");
        }
    }

    private static String after(String event, BufferedReader lines) throws Exception {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.equals(event)) {
                return lines.readLine();
            }
        }
        throw new AssertionError("the stream ended before " + event);
    }

    @Test
    void an_open_stream_does_not_keep_the_endpoint_from_closing() throws Exception {
        HttpResponse<InputStream> stream = http.send(
                request("/live").header("Accept", "text/event-stream").build(),
                HttpResponse.BodyHandlers.ofInputStream());
        assertThat(stream.statusCode()).isEqualTo(200);

        long begin = System.nanoTime();
        endpoint.close();

        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void who_asks_for_no_stream_gets_what_is_new_or_nothing() throws Exception {
        RunId run = waiting();
        String live = "/runs/" + run + "/live?seen=";
        long records = engine.find(run).orElseThrow().status().records();

        assertThat(get(live + records).statusCode()).isEqualTo(204);
        assertThat(get(live + "1").body()).startsWith("<main");
        assertThat(engine.stream(dev.cumulane.cloud.HttpRequest.of(
                        "GET", "/live", "", Map.of("accept", List.of("text/event-stream")), new byte[0])))
                .isEmpty();
    }

    @Test
    void head_has_no_body() throws Exception {
        HttpResponse<String> head = http.send(
                request("/").method("HEAD", HttpRequest.BodyPublishers.noBody()).build(),
                HttpResponse.BodyHandlers.ofString());

        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(head.headers().firstValue("content-security-policy")).isPresent();
    }

    private RunId waiting() throws Exception {
        RunId run = engine.start("shop", COMMIT, "ada");
        Awaiting.until(
                "the run waits for ada",
                () -> engine.find(run)
                        .filter(view ->
                                view.stage("release").progress().waiting().isPresent())
                        .isPresent());
        return run;
    }

    private HttpResponse<String> get(String address) throws Exception {
        return http.send(request(address).build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String address) {
        return HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + endpoint.address().getPort() + address))
                .timeout(Duration.ofSeconds(30));
    }
}
