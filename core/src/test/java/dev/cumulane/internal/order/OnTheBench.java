// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.order;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** A test that has a directory for its benches. */
abstract class OnTheBench {
    @TempDir
    Path home;

    @AfterEach
    void removeTools() throws IOException {
        Bench.removeTools(home);
    }
}
