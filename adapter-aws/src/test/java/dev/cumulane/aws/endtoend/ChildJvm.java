// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.endtoend;

import dev.cumulane.aws.fake.LocalRuntime;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** A sandbox as Lambda's: a JVM of its own with the real runtime client. */
record ChildJvm(LocalRuntime runtime) implements Sandboxes.Sandbox {
    static Sandboxes.Sandbox start(Map<String, String> variables, Path log) throws IOException {
        return new ChildJvm(new LocalRuntime(ShopCi.class, variables, log));
    }

    @Override
    public byte[] invoke(String arn, String id, byte[] payload) throws FunctionFailedException, InterruptedException {
        LocalRuntime.Outcome outcome = runtime.invoke(arn, id, payload);
        if (outcome.failed()) {
            throw new FunctionFailedException(outcome.text());
        }
        return outcome.body();
    }

    @Override
    public boolean isAlive() {
        return runtime.isAlive();
    }

    @Override
    public void close() {
        runtime.close();
    }
}
