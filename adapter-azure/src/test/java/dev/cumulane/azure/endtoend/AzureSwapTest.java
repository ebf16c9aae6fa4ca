// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.cloud.contract.SwapContract;
import dev.cumulane.engine.Engine;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

class AzureSwapTest extends SwapContract {
    @TempDir
    Path directory;

    private Optional<AzureOnLoopback> azure = Optional.empty();

    @Override
    protected Engine installed() throws Exception {
        AzureOnLoopback installed =
                new AzureOnLoopback(directory, "https://github.com/acme/shop.git", Duration.ofSeconds(1));
        azure = Optional.of(installed);
        return installed.starter();
    }

    @AfterEach
    void nothing_was_against_the_interfaces() {
        try (AzureOnLoopback installed = azure.orElseThrow()) {
            assertThat(installed.failures()).isEmpty();
            assertThat(installed.violations()).isEmpty();
        }
    }
}
