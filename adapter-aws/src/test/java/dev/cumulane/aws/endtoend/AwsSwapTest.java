// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.endtoend;

import dev.cumulane.cloud.contract.SwapContract;
import dev.cumulane.engine.Engine;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

class AwsSwapTest extends SwapContract {
    @TempDir
    Path directory;

    private final Deque<AutoCloseable> closing = new ArrayDeque<>();

    @Override
    protected Engine installed() throws Exception {
        AwsOnLoopback aws = new AwsOnLoopback(
                directory,
                "https://github.com/acme/shop.git",
                new AwsOnLoopback.Setup(7, InProcess::start, 2, 1, AwsOnLoopback.MOST_RECEIVES));
        closing.push(aws);
        aws.alsoSwaps();
        return aws.reader();
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : closing) {
            each.close();
        }
    }
}
