// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.endtoend;

import dev.cumulane.aws.functions.Handler;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** A sandbox that is none: the handler runs in the test's JVM, which is quick to start. */
final class InProcess implements Sandboxes.Sandbox {
    private final Handler handler;

    private InProcess(Map<String, String> variables) {
        handler = new Handler(new ShopCi(variables), variables.getOrDefault("CUMULANE_ROLE", ""));
    }

    static Sandboxes.Sandbox start(Map<String, String> variables, Path log) {
        return new InProcess(variables);
    }

    @Override
    public byte[] invoke(String arn, String id, byte[] payload) throws FunctionFailedException {
        try {
            return handler.handle(arn, id, payload);
        } catch (RuntimeException | IOException e) {
            throw new FunctionFailedException(e.toString());
        }
    }

    @Override
    public void close() {}
}
