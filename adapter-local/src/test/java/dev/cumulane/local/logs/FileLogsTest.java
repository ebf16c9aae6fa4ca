// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.logs;

import dev.cumulane.cloud.Logs;
import dev.cumulane.cloud.WorkRunner.Phase;
import dev.cumulane.cloud.contract.LogsContract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.io.TempDir;

class FileLogsTest extends LogsContract {
    @TempDir
    Path directory;

    private Phase phase = Phase.LIVING;

    @Override
    protected Logs logs() {
        return new FileLogs(attempt -> directory.resolve("log.txt"), (attempt, serviceId) -> phase);
    }

    @Override
    protected String serviceId() {
        return "local:4711:1";
    }

    @Override
    protected void print(byte[] bytes) {
        try {
            Files.write(directory.resolve("log.txt"), bytes, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    protected void end() {
        phase = Phase.OVER;
    }
}
