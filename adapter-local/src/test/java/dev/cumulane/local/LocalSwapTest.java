// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local;

import dev.cumulane.cloud.contract.Swap;
import dev.cumulane.cloud.contract.SwapContract;
import dev.cumulane.engine.Engine;
import dev.cumulane.local.deliveries.WordService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

class LocalSwapTest extends SwapContract {
    @TempDir
    Path directory;

    private final Deque<AutoCloseable> closing = new ArrayDeque<>();

    @Override
    protected Engine installed() throws IOException {
        Path secrets = Files.createDirectories(directory.resolve("state").resolve("secrets"));
        Path secret = Files.writeString(secrets.resolve(Swap.SECRET), "a-token-of-the-scanner");
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
        String classes = WordService.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .getPath();
        String start = "cp image.txt word; exec java -XX:TieredStopAtLevel=1 -Xshare:auto -cp '" + classes + "' "
                + WordService.class.getName() + " '" + directory.resolve("starts") + "'";
        LocalCloud cloud = LocalCloud.at(directory.resolve("state"))
                .noticesTo(notice -> {})
                .environment(Swap.ENVIRONMENT, e -> e.process("sh", "-c", start).health("/health"));
        closing.push(cloud);
        Engine engine =
                Engine.on(cloud).register(Swap.pipeline(Duration.ofSeconds(1))).open();
        closing.push(engine);
        return engine;
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : closing) {
            each.close();
        }
    }
}
