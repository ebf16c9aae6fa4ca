// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.logs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cumulane.azure.client.DevOpsApi;
import dev.cumulane.azure.client.DevOpsProject;
import dev.cumulane.azure.emulator.Emulators;
import dev.cumulane.azure.emulator.FaultProxy;
import dev.cumulane.azure.fake.FakeDevOps;
import dev.cumulane.azure.work.PipelineRuns;
import dev.cumulane.cloud.Logs;
import dev.cumulane.cloud.Logs.Piece;
import dev.cumulane.cloud.WorkRunner.Phase;
import dev.cumulane.cloud.contract.Awaiting;
import dev.cumulane.cloud.contract.LogsContract;
import dev.cumulane.cloud.contract.MemoryArtifactStore;
import dev.cumulane.cloud.contract.MovedClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract on a run of the fake, behind a network that disturbs every tenth request. */
final class PipelineLogsContractTest extends LogsContract {
    private static final String YAML = """
            jobs:
            - job: work
              steps:
              - script: while [ ! -e "$PLACE/end" ]; do sleep 0.02; done
                displayName: work order
                env:
                  PLACE: %s
            """;

    @TempDir
    Path directory;

    private FakeDevOps service;
    private FaultProxy proxy;
    private PipelineRuns runs;
    private Logs logs;
    private String run = "";

    @BeforeEach
    void begin() throws Exception {
        service = new FakeDevOps(directory);
        service.runs().pipeline("shop", YAML.formatted(directory), List.of());
        proxy = FaultProxy.before(service.endpoint(), 0.1, 17);
        runs = runs(service.endpoint());
        logs = new PipelineLogs(runs(proxy.endpoint()), (attempt, id) -> phase(id));
        ObjectNode nothing = JsonNodeFactory.instance.objectNode();
        run = runs.start(new PipelineRuns.Start("work", "shop", "work-1", "starts/work", nothing));
        Awaiting.until("it runs", () -> Files.exists(service.runs().log(run)));
    }

    private static PipelineRuns runs(URI endpoint) {
        DevOpsApi api = new DevOpsApi(
                Emulators.clients(Map.of("devops", endpoint)),
                new DevOpsProject(FakeDevOps.ORGANIZATION, FakeDevOps.PROJECT),
                Optional.empty());
        return new PipelineRuns(api, new MemoryArtifactStore(), new MovedClock());
    }

    private Phase phase(String id) {
        return runs.build(id).filter(PipelineRuns::isOver).isPresent() ? Phase.OVER : Phase.LIVING;
    }

    @AfterEach
    void close() {
        proxy.close();
        service.close();
        assertThat(service.violations()).isEmpty();
    }

    @Override
    protected Logs logs() {
        return logs;
    }

    @Override
    protected String serviceId() {
        return run;
    }

    @Override
    protected void print(byte[] bytes) {
        try {
            Files.write(service.runs().log(run), bytes, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    protected void end() {
        try {
            Files.createFile(directory.resolve("end"));
            Awaiting.until("it ends", () -> phase(run) == Phase.OVER);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void a_build_that_is_gone_has_an_empty_log() {
        assertThat(logs.read(ATTEMPT, "4017", 0, 100)).isEqualTo(new Piece("", 0, false));
        assertThat(logs.read(ATTEMPT, "../logs", 0, 100)).isEqualTo(new Piece("", 0, false));
    }
}
