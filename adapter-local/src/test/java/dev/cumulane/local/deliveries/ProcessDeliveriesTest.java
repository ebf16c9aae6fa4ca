// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.deliveries;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.DeploymentStep;
import dev.cumulane.cloud.DeploymentStep.Completed;
import dev.cumulane.cloud.DeploymentStep.Prepared;
import dev.cumulane.cloud.DeploymentStep.RolledBack;
import dev.cumulane.cloud.DeploymentStep.Shifted;
import dev.cumulane.cloud.StepReport;
import dev.cumulane.cloud.contract.Awaiting;
import dev.cumulane.cloud.contract.DeliveriesContract;
import dev.cumulane.local.process.Starter;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.run.EnvironmentView.Service;
import dev.cumulane.run.EnvironmentView.Standing;
import dev.cumulane.run.Produced;
import dev.cumulane.run.Release;
import dev.cumulane.run.RunId;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real services in processes of their own, behind a real switch. */
class ProcessDeliveriesTest extends DeliveriesContract {
    private static final RunId RUN = new RunId("shop-0k3v9q2m7xw4b1ce");

    @TempDir
    Path state;

    private final Map<Digest, Map<String, String>> artifacts = new ConcurrentHashMap<>();
    private final Map<DeploymentStep, StepReport> told = new ConcurrentHashMap<>();
    private Optional<ProcessDeliveries> opened = Optional.empty();

    private void open(Duration healthyWithin) {
        opened.ifPresent(ProcessDeliveries::close);
        opened = Optional.of(new ProcessDeliveries(
                state,
                Map.of(ENVIRONMENT, binding().healthyWithin(healthyWithin)),
                this::unpack,
                told::put,
                Starter.ofThisMachine(),
                Duration.ofSeconds(2)));
    }

    private ProcessEnvironment binding() {
        String classes = WordService.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .getPath();
        return ProcessEnvironment.Choice.OF_KIND
                .process(
                        "java",
                        "-XX:TieredStopAtLevel=1",
                        "-Xshare:auto",
                        "-cp",
                        classes,
                        WordService.class.getName(),
                        notes().toString())
                .health("/health");
    }

    private Path notes() {
        return state.resolve("starts");
    }

    private void unpack(Digest artifact, Path directory) {
        Map<String, String> files = artifacts.get(artifact);
        if (files == null) {
            throw CloudException.permanent("artifact store", "artifact " + artifact + " is not there");
        }
        try {
            Files.createDirectories(directory);
            for (Map.Entry<String, String> file : files.entrySet()) {
                Files.writeString(directory.resolve(file.getKey()), file.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @BeforeEach
    void open() {
        restart();
    }

    @AfterEach
    void endWhatIsLeft() throws Exception {
        deliveries().stop(ENVIRONMENT);
        deliveries().close();
    }

    @Override
    protected ProcessDeliveries deliveries() {
        return opened.orElseThrow();
    }

    @Override
    protected void restart() {
        told.clear();
        open(Duration.ofSeconds(30));
    }

    @Override
    protected Digest healthy(String word) {
        return artifact(Map.of("word", word));
    }

    /** It may not take half a minute to see that. */
    @Override
    protected Digest sick(String word) {
        open(Duration.ofSeconds(2));
        return artifact(Map.of("word", word, "sick", ""));
    }

    private Digest artifact(Map<String, String> files) {
        Digest digest = Digest.of(files.toString().getBytes(UTF_8));
        artifacts.put(digest, files);
        return digest;
    }

    @Override
    protected int starts(String word) {
        try {
            List<String> lines = Files.exists(notes()) ? Files.readAllLines(notes()) : List.of();
            return (int) lines.stream().filter(word::equals).count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    protected Optional<String> answer() {
        return EnvironmentState.read(state.resolve("environments").resolve(ENVIRONMENT)).port().stream()
                .mapToObj(port -> "http://127.0.0.1:" + port + "/")
                .findFirst()
                .flatMap(ProcessDeliveriesTest::get);
    }

    private static Optional<String> get(String address) {
        try {
            HttpURLConnection connection =
                    (HttpURLConnection) URI.create(address).toURL().openConnection(Proxy.NO_PROXY);
            connection.setRequestProperty("Connection", "close");
            connection.setReadTimeout(10_000);
            try (InputStream in = connection.getInputStream()) {
                return Optional.of(new String(in.readAllBytes(), UTF_8));
            }
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    @Override
    protected Optional<StepReport> told(DeploymentStep step) {
        return Optional.ofNullable(told.get(step));
    }

    private static DeploymentStep step(long fence, int index, DeploymentStep.Wanted wanted) {
        return new DeploymentStep(RUN, "deploy-" + fence, index, ENVIRONMENT, fence, Optional.empty(), wanted);
    }

    private StepReport done(DeploymentStep step) throws Exception {
        deliveries().begin(step);
        Awaiting.until("the report of " + step, () -> told.containsKey(step));
        return told(step).orElseThrow();
    }

    @Test
    void a_service_that_ends_at_once_is_a_failure_with_the_last_lines_of_its_log() throws Exception {
        StepReport report = done(step(1, 1, prepared(artifact(Map.of("word", "one", "dies", "")))));

        assertThat(report.succeeded()).isFalse();
        assertThat(report.detail())
                .isEqualTo("the process ended before it was healthy; its log ends: no configuration for one");
    }

    private Prepared prepared(Map<String, String> first, Map<String, String> second) {
        return new Prepared(new Release(
                "shop", List.of(new Produced("app", artifact(first), 1), new Produced("pages", artifact(second), 1))));
    }

    @Test
    void the_artifacts_of_a_release_lie_side_by_side() throws Exception {
        StepReport report = done(step(1, 1, prepared(Map.of("page", "index"), Map.of("word", "one"))));

        assertThat(report.succeeded()).as(report.detail()).isTrue();
        Path files = state.resolve("environments/production/releases/1/files");
        assertThat(files.resolve("page")).hasContent("index");
        assertThat(files.resolve("word")).hasContent("one");
        done(step(1, 2, new Shifted(100)));
        done(step(1, 3, new Completed()));
        assertThat(answer()).contains("one");
        restart();
        assertThat(deliveries().status(ENVIRONMENT).orElseThrow().release().artifacts())
                .extracting(Produced::name)
                .containsExactly("app", "pages");
    }

    @Test
    void two_artifacts_of_a_release_that_have_a_file_of_one_name_are_a_failure() throws Exception {
        StepReport report = done(step(1, 1, prepared(Map.of("word", "one"), Map.of("word", "two"))));

        assertThat(report)
                .isEqualTo(
                        StepReport.failure("artifact 'pages' has a file word, as another artifact of the release has"));
        assertThat(starts("one")).isZero();
    }

    @Test
    void stopping_an_environment_ends_service_and_switch_and_the_next_deployment_keeps_the_port() throws Exception {
        done(step(1, 1, prepared(healthy("one"))));
        done(step(1, 2, new Shifted(100)));
        String address = done(step(1, 3, new Completed())).address().orElseThrow();
        EnvironmentStatus before = deliveries().status(ENVIRONMENT).orElseThrow();
        assertThat(before)
                .isEqualTo(
                        new EnvironmentStatus(address, prepared(healthy("one")).release(), before.pid(), true));

        assertThat(deliveries().service(ENVIRONMENT)).isEqualTo(new Service(Standing.RUNNING, Optional.of(address)));

        assertThat(deliveries().stop(ENVIRONMENT)).isTrue();

        assertThat(answer()).isEmpty();
        assertThat(deliveries().service(ENVIRONMENT).isStopped()).isTrue();
        assertThat(ProcessHandle.of(before.pid()).filter(ProcessHandle::isAlive))
                .isEmpty();
        assertThat(deliveries().status(ENVIRONMENT)).isEmpty();
        assertThat(deliveries().stop(ENVIRONMENT)).isFalse();
        done(step(2, 1, prepared(healthy("two"))));
        assertThat(done(step(2, 2, new Shifted(100))).address()).contains(address);
    }

    @Test
    void an_environment_that_nothing_was_deployed_to_is_not_running() throws Exception {
        assertThat(deliveries().status(ENVIRONMENT)).isEmpty();
        assertThat(deliveries().stop(ENVIRONMENT)).isFalse();
        assertThat(deliveries().stop("no-such-environment")).isFalse();
    }

    @Test
    void a_former_release_that_died_is_started_again_by_a_rollback() throws Exception {
        done(step(1, 1, prepared(healthy("one"))));
        done(step(1, 2, new Shifted(100)));
        done(step(1, 3, new Completed()));
        done(step(2, 1, prepared(healthy("two"))));
        ProcessHandle former = ProcessHandle.of(
                        deliveries().status(ENVIRONMENT).orElseThrow().pid())
                .orElseThrow();
        former.destroyForcibly();
        former.onExit().get(10, TimeUnit.SECONDS);

        assertThat(done(step(2, 2, new RolledBack())).succeeded()).isTrue();

        assertThat(answer()).contains("one");
        assertThat(starts("one")).isEqualTo(2);
    }

    @Test
    void the_files_of_two_releases_are_kept_and_older_ones_deleted() throws Exception {
        for (int fence = 1; fence <= 3; fence++) {
            done(step(fence, 1, prepared(healthy("release-" + fence))));
            done(step(fence, 2, new Completed()));
        }

        Path releases = state.resolve("environments").resolve(ENVIRONMENT).resolve("releases");
        assertThat(releases)
                .isDirectoryContaining("glob:**/2")
                .isDirectoryContaining("glob:**/3")
                .isDirectoryNotContaining("glob:**/1");
    }

    @Test
    void a_port_that_somebody_else_has_is_a_failure_that_names_it() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, PortSwitch.loopback())) {
            try (ProcessDeliveries fixed = new ProcessDeliveries(
                    state,
                    Map.of(ENVIRONMENT, binding().port(taken.getLocalPort())),
                    this::unpack,
                    told::put,
                    Starter.ofThisMachine(),
                    Duration.ofSeconds(2))) {
                DeploymentStep prepare = step(1, 1, prepared(healthy("one")));
                fixed.begin(prepare);
                Awaiting.until("the report", () -> told.containsKey(prepare));

                assertThat(told(prepare).orElseThrow().succeeded()).isFalse();
                assertThat(told(prepare).orElseThrow().detail()).contains("port " + taken.getLocalPort());
                assertThat(starts("one")).isZero();
            }
        }
    }
}
