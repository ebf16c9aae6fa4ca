// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.work;

import dev.cumulane.cloud.FunctionCall;
import dev.cumulane.pipeline.Digest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A message of a worker's queue: a call, and the code that the run began with.
 *
 * @param code the digest of the jar, in the artifact store
 * @param call what is to be carried out
 */
public record WorkerCall(Digest code, FunctionCall call) {
    private static final Pattern FORM = Pattern.compile("cumulane-call-1 ([0-9a-f]{64})\n(.*)", Pattern.DOTALL);

    /**
     * The message.
     *
     * @return its text
     */
    public String text() {
        return "cumulane-call-1 " + code.hex() + "\n" + call.text();
    }

    /**
     * Reads what {@link #text()} wrote.
     *
     * @param text a message
     * @return the call
     * @throws IllegalArgumentException if it is another message
     */
    public static WorkerCall parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException("a worker takes calls of the engine, and no other messages");
        }
        return new WorkerCall(new Digest(form.group(1)), FunctionCall.parse(form.group(2)));
    }
}
