// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.cloud.contract.Swap;
import dev.cumulane.cloud.contract.SwapContract;
import dev.cumulane.engine.Engine;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

class GcpSwapTest extends SwapContract {
    @TempDir
    Path directory;

    private Optional<GcpOnLoopback> gcp = Optional.empty();

    @Override
    protected Engine installed() throws Exception {
        GcpOnLoopback installed = new GcpOnLoopback(directory);
        gcp = Optional.of(installed);
        return installed.engine();
    }

    @AfterEach
    void nothingWasAgainstTheDefinitionsAndNoSecretWasSeen() {
        try (GcpOnLoopback installed = gcp.orElseThrow()) {
            assertThat(installed.violations()).isEmpty();
            assertThat(installed.log())
                    .anyMatch(line -> line.contains("looks at " + Swap.IMAGES))
                    .noneMatch(line -> line.contains("a-value-of-"));
        }
    }
}
